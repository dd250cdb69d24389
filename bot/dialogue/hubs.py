"""Somebody looks for a tech hub, or for a place to learn: only the place must be known."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.dialogue import asking, cases, needs, phrases, searches
from bot.dialogue.conversation import Awaiting, Conversation, Listed, ListedHub, Topic
from bot.dialogue.scene import Turn
from bot.dialogue.searches import MOST_LISTED, OPTIONS_AT_ONCE
from bot.dialogue.wording import Text, phrase, say, text, word, wording
from bot.gsm7 import size
from bot.messages import CaseReason, Channel, Reply
from matching.schema import HubOption, HubResult


def proceed(conversation: Conversation, *lead: Reply) -> Turn:
    """Ask where, or else search."""
    missing = next_question(conversation)
    if missing is not None:
        return asking.ask(conversation, missing, *lead)
    conversation, job = searches.search_hubs(conversation)
    return Turn(conversation, lead, (job,))


def next_question(conversation: Conversation) -> Awaiting | None:
    """Where; nothing else is needed."""
    if conversation.candidates:
        return Awaiting.WHICH_PLACE
    return Awaiting.WHERE if conversation.place is None else None


def more(conversation: Conversation) -> Turn:
    """Others than those that were shown."""
    missing = next_question(conversation)
    if missing is not None:
        return asking.ask(conversation, missing)
    conversation, job = searches.search_hubs(conversation, more=True)
    return Turn(conversation, (), (job,))


def show(conversation: Conversation, result: HubResult, data: dict[str, Any], now: datetime) -> Turn:
    """What was found, three at most and as many as an SMS holds. An answer that comes too late says nothing."""
    if not searches.is_awaited(conversation, data):
        return Turn(conversation)
    conversation = replace(conversation, searching=None)
    if not result.options:
        return _show_nobody(conversation, bool(data.get("more")))
    is_more = bool(data.get("more"))
    _, listed = _list(conversation, result.options[:OPTIONS_AT_ONCE], is_more)
    lines = [_line(one) for one in listed]
    fitting = _fitting(lines)
    if conversation.channel is Channel.SMS:
        lines = lines[:fitting]
    conversation, _ = _list(conversation, result.options[: len(lines)], is_more)
    key = "hub_list" if len(result.options) > len(lines) else "hub_list_last"
    options = Text("\n\n".join(one.whatsapp for one in lines), "\n".join(one.sms for one in lines[:fitting]))
    return Turn(conversation, (say(key, need=phrases.sentence(needs.hub_need(conversation)), list=options),))


def opening(hub: ListedHub) -> str:
    """Its hours through the week."""
    return phrases.opening(hub.hours)


def services(hub: ListedHub, most: int | None = None) -> str:
    """What there is, and what there is not of what was asked for."""
    has = phrases.enumeration([word("services", one) for one in hub.services[:most]])
    lacks = phrases.enumeration([word("services", one) for one in hub.missing])
    return "; ".join(part for part in (phrase("missing", services=lacks) if lacks else "", has) if part)


def _show_nobody(conversation: Conversation, is_more: bool) -> Turn:
    if is_more:
        return Turn(conversation, (say("hub_no_more"),))
    reason = CaseReason.LEARNING if conversation.topic is Topic.LEARNING else CaseReason.NO_MATCH
    case = cases.open_case(
        reason, conversation, wanted=list(searches.wanted(conversation)), subject=conversation.subject
    )
    return Turn(conversation, (say("hub_nobody", need=needs.hub_need(conversation)),), (case,))


def _list(
    conversation: Conversation, shown: tuple[HubOption, ...], is_more: bool
) -> tuple[Conversation, tuple[ListedHub, ...]]:
    before: tuple[Listed, ...] = ()
    if is_more and all(isinstance(one, ListedHub) for one in conversation.listed):
        before = conversation.listed
    first = before[-1].number + 1 if before else 1
    wanted = searches.wanted(conversation)
    added = tuple(_remember(number, option, wanted) for number, option in enumerate(shown, first))
    seen = tuple(dict.fromkeys((*conversation.seen_hubs, *(one.id for one in added))))
    listed = (*before, *added)[-MOST_LISTED:]
    topic = conversation.topic or Topic.HUBS
    return replace(conversation, topic=topic, listed=listed, seen_hubs=seen), added


def _remember(number: int, option: HubOption, wanted: tuple[str, ...]) -> ListedHub:
    """The hub with what was asked for first among its services."""
    hub = option.hub
    return ListedHub(
        number=number,
        id=hub.id,
        name=hub.name,
        distance_km=round(option.distance_km, 2),
        address=hub.address,
        services=tuple(sorted(hub.services, key=lambda service: service not in wanted)),
        hours={day: (times[0], times[1]) for day, times in hub.hours.items()},
        free=hub.free,
        missing=tuple(option.missing),
    )


def _line(hub: ListedHub) -> Text:
    return text(
        "hub_line",
        number=hub.number,
        name=hub.name,
        distance=phrases.distance(hub.distance_km),
        week=opening(hub),
        address=hub.address or phrase("address_unknown"),
        services=Text(services(hub), services(hub, most=3)),
    )


def _fitting(lines: list[Text]) -> int:
    """How many of the lines there is room for in an SMS: the first in any case."""
    room = wording().room["list"]
    counts = range(len(lines), 1, -1)
    return next((n for n in counts if size("\n".join(one.sms for one in lines[:n])).units <= room), 1)
