"""Questions for matching: what goes along with the job, and back into a query when a worker takes it."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter

from bot.dialogue.conversation import Conversation, HubNeed, Topic
from bot.messages import Channel, Job, JobKind
from matching.offers import LIMA
from matching.schema import CareQuery, HubQuery, Point, ResourceQuery
from nlp.schema import DAYS_OF_WEEK

OPTIONS_AT_ONCE = 3
MOST_LISTED = 30
"""So many options are remembered; numbers go on over `MAS`, so that an earlier one can still be chosen."""


def search_care(conversation: Conversation, more: bool = False) -> tuple[Conversation, Job]:
    """Look for care near the conversation's place, which must be known. `more`: beside what was shown already."""
    query = care_data(conversation, conversation.seen_care if more else ())
    conversation = _searching(conversation, Topic.CARE, more)
    return conversation, Job(JobKind.FIND_CARE, _data(conversation, query, more))


def care_data(conversation: Conversation, exclude: tuple[int, ...] = ()) -> dict[str, Any]:
    """The query for what the conversation says is needed, as JSON."""
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
        near=need.near,
        care_types=need.care_types,
        special_needs=need.special_needs,
        amenities=need.amenities,
        languages=need.languages,
        exclude=(*exclude, *([conversation.own.id] if conversation.own and conversation.own.id else [])),
    )
    data: dict[str, Any] = _care_queries().dump_python(query, mode="json")
    return data


def search_hubs(conversation: Conversation, more: bool = False) -> tuple[Conversation, Job]:
    """Look for hubs likewise."""
    query = _hub_query(conversation, conversation.hubs.services, conversation.seen_hubs if more else ())
    conversation = _searching(conversation, Topic.HUBS, more)
    return conversation, Job(
        JobKind.FIND_HUBS, _data(conversation, _hub_queries().dump_python(query, mode="json"), more)
    )


def search_resources(conversation: Conversation, more: bool = False) -> tuple[Conversation, Job]:
    """Look for what teaches the conversation's subject, and where the place is known for a hub with lessons."""
    query = ResourceQuery(
        subject=conversation.subject or "",
        level=conversation.learning.level,
        kind=conversation.learning.kind,
        offline=conversation.channel is Channel.SMS,
        exclude=conversation.seen_resources if more else (),
    )
    conversation = _searching(conversation, Topic.LEARNING, more)
    data = _data(conversation, _resource_queries().dump_python(query, mode="json"), more)
    if conversation.place and not more:
        lessons = _hub_query(replace(conversation, hubs=HubNeed()), ("training",))
        data["hub"] = _hub_queries().dump_python(lessons, mode="json")
    return conversation, Job(JobKind.FIND_RESOURCES, data)


def care_query(data: dict[str, Any]) -> CareQuery:
    """The query in a FIND_CARE job's data."""
    return _care_queries().validate_python(data["query"])


def resource_query(data: dict[str, Any]) -> ResourceQuery:
    """The query in a FIND_RESOURCES job's data."""
    return _resource_queries().validate_python(data["query"])


def lessons_query(data: dict[str, Any]) -> HubQuery | None:
    """The query for a hub with lessons in a FIND_RESOURCES job's data, if it has one."""
    return _hub_queries().validate_python(data["hub"]) if "hub" in data else None


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
    if moved.chosen and moved.chosen.offer is None:
        moved = replace(moved, chosen=None)  # picked from an older list, and never asked
    return replace(moved, **{_SEEN[topic]: ()})  # type: ignore[arg-type]


_SEEN = {Topic.CARE: "seen_care", Topic.HUBS: "seen_hubs", Topic.LEARNING: "seen_resources"}


def _hub_query(
    conversation: Conversation, services: tuple[str, ...], exclude: tuple[int, ...] = ()
) -> HubQuery:
    need, days, start, closes_after = conversation.hubs, conversation.hubs.days, conversation.hubs.start, None
    if need.moment and conversation.last_at:
        here = conversation.last_at.astimezone(LIMA)
        days = (DAYS_OF_WEEK[here.weekday()],)
        if need.moment == "now":
            start = f"{here:%H:%M}"
        else:
            closes_after = f"{here:%H:%M}"
    return HubQuery(_point(conversation), services, days, start, need.end, closes_after, exclude)


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
def _resource_queries() -> TypeAdapter[ResourceQuery]:
    return TypeAdapter(ResourceQuery)


@lru_cache(maxsize=1)
def _hub_queries() -> TypeAdapter[HubQuery]:
    return TypeAdapter(HubQuery)
