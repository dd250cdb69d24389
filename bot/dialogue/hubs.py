"""Somebody looks for a tech hub: only the place must be known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.dialogue import asking, cases, needs, phrases, searches
from bot.dialogue.conversation import Awaiting, Conversation, HubNeed, Listed, ListedHub, Topic
from bot.dialogue.scene import Turn
from bot.dialogue.searches import MOST_LISTED, OPTIONS_AT_ONCE
from bot.dialogue.wording import Text, phrase, say, text, together, word, wording
from bot.gsm7 import size
from bot.messages import CaseReason, Channel, Reply
from matching.explain import WALKING_KM_PER_HOUR, WAY_PER_CROW_KM
from matching.geo import direction
from matching.hubs import next_opening, open_until
from matching.offers import LIMA
from matching.reach import HUB_FAR_KM
from matching.schema import HubOption, HubResult, Point, ReasonCode
from nlp.schema import DAYS_OF_WEEK

WALKED_KM, MOTOTAXI_KM = 1.5, 4.0
"""As far as most people walk to a place they seldom go to; as far as a mototaxi goes."""


def proceed(conversation: Conversation, *lead: Reply) -> Turn:
    """Ask where, or else search."""
    missing = next_question(conversation)
    return asking.ask_or(searches.search_hubs, missing, conversation, *lead)


def next_question(conversation: Conversation) -> Awaiting | None:
    """Where; nothing else is needed."""
    if conversation.candidates:
        return Awaiting.WHICH_PLACE
    return Awaiting.WHERE if conversation.place is None else None


def more(conversation: Conversation) -> Turn:
    """Others than those that were shown."""
    missing = next_question(conversation)
    return asking.ask_or(searches.search_hubs, missing, conversation, more=True)


def show(conversation: Conversation, result: HubResult, data: dict[str, Any], now: datetime) -> Turn:
    """What was found, three at most and as many as an SMS holds. An answer that comes too late says nothing."""
    if not searches.is_awaited(conversation, data):
        return Turn(conversation)
    conversation = replace(conversation, searching=None)
    if not result.options:
        return _show_nobody(conversation, bool(data.get("more")))
    is_more = bool(data.get("more"))
    _, listed = _list(conversation, result.options[:OPTIONS_AT_ONCE], is_more)
    lines = [_line(one, now) for one in listed]
    fitting = fit(lines)
    if conversation.channel is Channel.SMS:
        lines = lines[:fitting]
    shown = result.options[: len(lines)]
    conversation, _ = _list(conversation, shown, is_more)
    key = "hub_list" if len(result.options) > len(lines) else "hub_list_last"
    options = Text("\n\n".join(one.whatsapp for one in lines), "\n".join(one.sms for one in lines[:fitting]))
    need = phrases.sentence(needs.hub_need(conversation))
    if all(_is_closed_then(option) for option in shown):
        need = phrases.sentence(
            needs.hub_need(replace(conversation, hubs=HubNeed(conversation.hubs.services)))
        )
        return Turn(conversation, together(say("hub_closed_then"), say(key, need=need, list=options)))
    return Turn(conversation, (say(key, need=need, list=options),))


def _is_closed_then(option: HubOption) -> bool:
    return any(reason.code == ReasonCode.CLOSED_THEN for reason in option.reasons)


def opening(hub: ListedHub) -> str:
    """Its hours through the week."""
    return phrases.opening(hub.hours)


def state(hub: ListedHub, now: datetime) -> str:
    """`abierto hasta 6pm`, `cerrado, abre mañana 8am`; empty when its hours are not known."""
    here = now.astimezone(LIMA)
    day, time = DAYS_OF_WEEK[here.weekday()], f"{here:%H:%M}"
    if (closes := open_until(hub.hours, day, time)) is not None:
        return phrase("open_until", hour=phrases.clock(closes))
    if (opens := next_opening(hub.hours, day, time)) is None:
        return ""
    ahead, hour = opens
    named = {0: phrase("today"), 1: phrase("tomorrow")}
    on = named.get(ahead) or word("days", DAYS_OF_WEEK[(here.weekday() + ahead) % len(DAYS_OF_WEEK)])
    return phrase("closed_until", day=on, hour=phrases.clock(hour))


def away(hub: ListedHub) -> str:
    """`800 m`, `queda lejos: 22 km`."""
    distance = phrases.distance(hub.distance_km)
    return phrase("far", distance=distance) if hub.distance_km > HUB_FAR_KM else distance


def way(hub: ListedHub, conversation: Conversation) -> Reply:
    """How to get there in words, from the place that was searched around."""
    return say(
        "answer_way",
        name=hub.name,
        distance=phrases.distance(hub.distance_km),
        toward=word("directions", hub.direction) if hub.direction else "",
        place=conversation.place.label if conversation.place else "",
        means=_means(hub.distance_km),
        address=hub.address or phrase("address_unknown"),
    )


def _means(distance_km: float) -> str:
    minutes = max(1, round(distance_km * WAY_PER_CROW_KM / WALKING_KM_PER_HOUR * 60))
    if distance_km <= WALKED_KM:
        return phrase("on_foot", minutes=minutes)
    if distance_km <= MOTOTAXI_KM:
        return phrase("on_foot_or_mototaxi", minutes=minutes)
    return phrase("by_bus") if distance_km <= HUB_FAR_KM else phrase("by_bus_far")


def services(hub: ListedHub, most: int | None = None) -> str:
    """What there is, and what there is not of what was asked for."""
    has = phrases.enumeration([word("services", one) for one in hub.services[:most]])
    lacks = phrases.enumeration([word("services", one) for one in hub.missing])
    return "; ".join(part for part in (phrase("missing", services=lacks) if lacks else "", has) if part)


def _show_nobody(conversation: Conversation, is_more: bool) -> Turn:
    if is_more:
        return Turn(conversation, (say("hub_no_more"),))
    case = cases.open_case(CaseReason.NO_MATCH, conversation, wanted=list(conversation.hubs.services))
    return Turn(conversation, (say("hub_nobody", need=needs.hub_need(conversation)),), (case,))


def _list(
    conversation: Conversation, shown: tuple[HubOption, ...], is_more: bool
) -> tuple[Conversation, tuple[ListedHub, ...]]:
    before: tuple[Listed, ...] = ()
    if is_more and all(isinstance(one, ListedHub) for one in conversation.listed):
        before = conversation.listed
    first = before[-1].number + 1 if before else 1
    added = tuple(_remember(number, option, conversation) for number, option in enumerate(shown, first))
    seen = tuple(dict.fromkeys((*conversation.seen_hubs, *(one.id for one in added))))
    listed = (*before, *added)[-MOST_LISTED:]
    topic = conversation.topic or Topic.HUBS
    return replace(conversation, topic=topic, listed=listed, seen_hubs=seen), added


def _remember(number: int, option: HubOption, conversation: Conversation) -> ListedHub:
    """The hub with what was asked for first among its services."""
    hub, place, wanted = option.hub, conversation.place, conversation.hubs.services
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
        direction=direction(Point(place.lat, place.lon), hub.point) if place else "",
    )


def _line(hub: ListedHub, now: datetime) -> Text:
    return text(
        "hub_line",
        number=hub.number,
        name=hub.name,
        away=away(hub),
        state=state(hub, now),
        week=opening(hub),
        address=hub.address or phrase("address_unknown"),
        services=Text(services(hub), services(hub, most=3)),
    )


def fit(lines: Sequence[Text]) -> int:
    """How many of the lines there is room for in an SMS: the first in any case."""
    room = wording().room["list"]
    counts = range(len(lines), 1, -1)
    return next((n for n in counts if size("\n".join(one.sms for one in lines[:n])).units <= room), 1)
