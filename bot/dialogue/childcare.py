"""A parent looks for somebody to look after a child: what is missing is asked, then the options are shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.dialogue import asking, cases, needs, phrases, reasons, searches
from bot.dialogue.conversation import Awaiting, CareNeed, Conversation, Listed, ListedCare, Topic
from bot.dialogue.scene import Turn
from bot.dialogue.searches import MOST_LISTED, OPTIONS_AT_ONCE
from bot.dialogue.wording import Text, listing, phrase, say, text, word
from bot.messages import CaseReason, Reply
from matching.schema import CareOption, CareResult


def proceed(conversation: Conversation, *lead: Reply) -> Turn:
    """Ask for what is missing, or else search."""
    missing = next_question(conversation)
    return asking.ask_or(searches.search_care, missing, conversation, *lead)


def next_question(conversation: Conversation) -> Awaiting | None:
    """Where, then the age, then days and hours."""
    if conversation.candidates:
        return Awaiting.WHICH_PLACE
    if conversation.place is None:
        return Awaiting.WHERE
    need = conversation.care
    if not need.ages_months and Awaiting.AGE not in need.settled:
        return Awaiting.AGE
    return _question_of_time(need)


def more(conversation: Conversation) -> Turn:
    """Others than those that were shown."""
    missing = next_question(conversation)
    return asking.ask_or(searches.search_care, missing, conversation, more=True)


def show(conversation: Conversation, result: CareResult, data: dict[str, Any], now: datetime) -> Turn:
    """What was found, three at a time. An answer that comes too late says nothing."""
    if not searches.is_awaited(conversation, data):
        return Turn(conversation)
    conversation = replace(conversation, searching=None)
    is_more = bool(data.get("more"))
    if result.options:
        return _show_options(conversation, result, is_more)
    if result.nearest is not None:
        return _show_nearest(conversation, result, result.nearest, is_more)
    if is_more:
        return Turn(conversation, (say("care_no_more"),))
    case = cases.open_case(CaseReason.NO_MATCH, conversation)
    return Turn(conversation, (say("care_nobody", need=needs.care_need(conversation)),), (case,))


def settle(conversation: Conversation, awaiting: Awaiting) -> Conversation:
    """The conversation in which this question needs no answer any more."""
    need = conversation.care
    return replace(conversation, care=replace(need, settled=tuple(dict.fromkeys((*need.settled, awaiting)))))


def _question_of_time(need: CareNeed) -> Awaiting | None:
    if Awaiting.WHEN in need.settled:
        return None
    no_days = not need.days and Awaiting.DAYS not in need.settled
    no_hours = not (need.start or need.end) and Awaiting.HOURS not in need.settled
    if no_days and no_hours:
        return Awaiting.WHEN
    if no_days:
        return Awaiting.DAYS
    return Awaiting.HOURS if no_hours else None


def _show_options(conversation: Conversation, result: CareResult, is_more: bool) -> Turn:
    shown = result.options[:OPTIONS_AT_ONCE]
    conversation, numbers = _list(conversation, shown, is_more)
    lines = [_line(number, option, is_more) for number, option in zip(numbers, shown, strict=True)]
    key = "care_list" if len(result.options) > len(shown) else "care_list_last"
    return Turn(
        conversation,
        (
            say(
                key,
                need=phrases.sentence(needs.care_need(conversation)),
                options=listing(lines, Text("\n\n", "\n")),
            ),
        ),
    )


def _show_nearest(conversation: Conversation, result: CareResult, nearest: CareOption, is_more: bool) -> Turn:
    missing = reasons.why_not(result.failed)
    conversation, (number,) = _list(conversation, (nearest,), is_more)
    option = _line(number, nearest, is_more)
    if is_more:
        return Turn(
            conversation, (say("care_no_more_nearest", missing=missing, option=option, number=number),)
        )
    case = cases.open_case(
        CaseReason.NO_MATCH,
        conversation,
        failed=result.failed and result.failed.value,
        nearest=nearest.provider.id,
    )
    reply = say(
        "care_nearest", need=needs.care_need(conversation), missing=missing, option=option, number=number
    )
    return Turn(conversation, (reply,), (case,))


def _list(
    conversation: Conversation, shown: tuple[CareOption, ...], is_more: bool
) -> tuple[Conversation, list[int]]:
    """The conversation that remembers these options, and the numbers they go by."""
    before: tuple[Listed, ...] = ()
    if is_more and all(isinstance(one, ListedCare) for one in conversation.listed):
        before = conversation.listed
    first = before[-1].number + 1 if before else 1
    added = tuple(_remember(number, option) for number, option in enumerate(shown, first))
    seen = tuple(dict.fromkeys((*conversation.seen_care, *(one.id for one in added))))
    listed = (*before, *added)[-MOST_LISTED:]
    topic = conversation.topic or Topic.CARE
    return replace(conversation, topic=topic, listed=listed, seen_care=seen), [one.number for one in added]


def _remember(number: int, option: CareOption) -> ListedCare:
    provider = option.provider
    return ListedCare(
        number=number,
        id=provider.id,
        name=provider.name,
        distance_km=round(option.distance_km, 2),
        kind=provider.kind,
        address=provider.address,
        price=provider.price,
        days=tuple(provider.days),
        opens=provider.opens,
        closes=provider.closes,
        min_months=provider.min_months,
        max_months=provider.max_months,
        amenities=tuple(provider.amenities),
        languages=tuple(provider.languages),
        special_needs=tuple(provider.special_needs),
        rating=provider.rating if provider.ratings else None,
        quote=provider.quote,
    )


def _line(number: int, option: CareOption, is_more: bool) -> Text:
    provider = option.provider
    return text(
        "care_line",
        number=number,
        name=provider.name,
        kind=word("kinds", provider.kind.value),
        distance=phrases.distance(option.distance_km),
        price=phrases.price(provider.price),
        hours=phrases.when(provider.days, provider.opens, provider.closes) or phrase("hours_unknown"),
        reason=reasons.why(option.reasons, is_more),
    )
