"""Questions for matching: what goes along with the job, and back into a query when a worker takes it."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter

from bot.dialogue.conversation import Conversation, Topic
from bot.messages import Job, JobKind
from matching.schema import CareQuery, HubQuery, Point

OPTIONS_AT_ONCE = 3
MOST_LISTED = 30
"""So many options are remembered; numbers go on over `MAS`, so that an earlier one can still be chosen."""


def search_care(conversation: Conversation, more: bool = False) -> tuple[Conversation, Job]:
    """Look for care near the conversation's place, which must be known. `more`: beside what was shown already."""
    need = conversation.care
    query = CareQuery(
        point=_point(conversation),
        ages_months=need.ages_months,
        children=max(need.children or 1, len(need.ages_months)),
        days=need.days,
        start=need.start,
        end=need.end,
        start_date=need.start_date,
        budget=need.budget,
        cheap=need.cheap,
        care_types=need.care_types,
        special_needs=need.special_needs,
        amenities=need.amenities,
        languages=need.languages,
        exclude=conversation.seen_care if more else (),
    )
    conversation = _searching(conversation, Topic.CARE, more)
    return conversation, Job(
        JobKind.FIND_CARE, _data(conversation, _care_queries().dump_python(query, mode="json"), more)
    )


def search_hubs(conversation: Conversation, more: bool = False) -> tuple[Conversation, Job]:
    """Look for hubs likewise; who wants to learn, for those where there are lessons."""
    need = conversation.hubs
    topic = Topic.LEARNING if conversation.topic is Topic.LEARNING else Topic.HUBS
    query = HubQuery(
        point=_point(conversation),
        services=wanted(conversation),
        days=need.days,
        start=need.start,
        end=need.end,
        exclude=conversation.seen_hubs if more else (),
    )
    conversation = _searching(conversation, topic, more)
    return conversation, Job(
        JobKind.FIND_HUBS, _data(conversation, _hub_queries().dump_python(query, mode="json"), more)
    )


def wanted(conversation: Conversation) -> tuple[str, ...]:
    """The services to look for: who wants to learn goes where there are lessons."""
    return ("training",) if conversation.topic is Topic.LEARNING else conversation.hubs.services


def care_query(data: dict[str, Any]) -> CareQuery:
    """The query in a FIND_CARE job's data."""
    return _care_queries().validate_python(data["query"])


def hub_query(data: dict[str, Any]) -> HubQuery:
    """The query in a FIND_HUBS job's data."""
    return _hub_queries().validate_python(data["query"])


def is_awaited(conversation: Conversation, data: dict[str, Any]) -> bool:
    """Whether the answer to this job is still wanted: nothing else was asked since, and nobody opted out."""
    current = conversation.searching is not None and data.get("search") == conversation.search
    return current and not conversation.opted_out


def _searching(conversation: Conversation, topic: Topic, more: bool) -> Conversation:
    moved = replace(conversation, search=conversation.search + 1, searching=topic, awaiting=None, tries=0)
    if more:
        return moved
    return replace(moved, seen_care=()) if topic is Topic.CARE else replace(moved, seen_hubs=())


def _point(conversation: Conversation) -> Point:
    if conversation.place is None:
        raise ValueError("a search needs a place: ask where before searching")
    return Point(conversation.place.lat, conversation.place.lon)


def _data(conversation: Conversation, query: dict[str, Any], more: bool) -> dict[str, Any]:
    return {"search": conversation.search, "more": more, "query": query}


@lru_cache(maxsize=1)
def _care_queries() -> TypeAdapter[CareQuery]:
    return TypeAdapter(CareQuery)


@lru_cache(maxsize=1)
def _hub_queries() -> TypeAdapter[HubQuery]:
    return TypeAdapter(HubQuery)
