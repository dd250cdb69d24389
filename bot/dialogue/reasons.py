"""Why an option is in the list, and what speaks against it, in a few words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.dialogue import phrases
from bot.dialogue.wording import Text, phrase, shorter, word, wording
from bot.gsm7 import fold, size
from matching.schema import Condition, Reason, ReasonCode

UNSAID = frozenset({ReasonCode.FREE})
"""Already said by the price beside it."""
COMPARED = frozenset({ReasonCode.CLOSEST, ReasonCode.CHEAPEST})
"""True among those found now, and not beside those that were shown before."""
MOST_REASONS = 2
MOST_CAUTIONS = 2
FILLERS = (ReasonCode.CARE_TYPE, ReasonCode.FITS)
"""Said only where nothing better can be: the kind is read beside the name, and that it fits is expected."""


def why(reasons: Sequence[Reason], is_more: bool = False) -> Text:
    """The strongest reasons, then the strongest cautions; with `is_more`, for an option that comes after others.

    An SMS has room for one, and for a caution only where both fit; of the two, the caution is worth more. Beside a
    caution nothing is said to be as it was asked for.
    """
    unsaid = UNSAID | COMPARED if is_more else UNSAID
    said = [reason for reason in reasons if reason.code not in unsaid]
    bad = [reason for reason in said if reason.caution][:MOST_CAUTIONS]
    good = [reason for reason in said if not reason.caution and reason.code not in FILLERS][:MOST_REASONS]
    for filler in FILLERS[:1] if bad else FILLERS:
        good = good or [reason for reason in said if reason.code == filler]
    return Text(_in_full(good, bad), phrases.sentence(_brief(good, bad)))


def why_not(failed: Condition | None) -> str:
    """What nobody near could offer: the condition that stands first in the way."""
    return word("failed", failed.value) if failed else ""


def _in_full(good: Sequence[Reason], bad: Sequence[Reason]) -> str:
    """What speaks for it on a line, what speaks against it on another."""
    lines = []
    if good:
        lines.append(phrase("good", reasons=", ".join(_sentence(reason) for reason in good)))
    if bad:
        lines.append(phrase("cautions", cautions=", ".join(_sentence(reason) for reason in bad)))
    return "\n".join(lines)


def _brief(good: Sequence[Reason], bad: Sequence[Reason]) -> str:
    """The most that fits whole; a caution whose own words are too long is shortened, not left out."""
    fors = [_sentence_sms(reason) for reason in good]
    against = [phrase("caution", caution=_sentence_sms(reason)) for reason in bad[:1]]
    both = [", ".join((*fors[:1], *against))] if against else []
    room = wording().room["reason"]
    choices = [*both, *(against or fors)]
    fitting = [one for one in choices if size(fold(one)).units <= room]
    return (fitting or choices[-1:] or [""])[0]


def _sentence(reason: Reason) -> str:
    return wording().words["reasons"][reason.code].format(**_facts(reason.facts))


def _sentence_sms(reason: Reason) -> str:
    words = wording().words
    if reason.code == ReasonCode.OTHER_CARE_TYPE:
        return words["care_types_sms"][str(reason.facts["care_type"])]
    brief = words["reasons_sms"].get(reason.code) or words["reasons"][reason.code]
    return shorter(brief.format(**_facts(reason.facts)))


def _facts(facts: Mapping[str, Any]) -> dict[str, str]:
    """The facts as people say them."""
    say: dict[str, Callable[[Any], str]] = {
        "opens": phrases.clock,
        "closes": phrases.clock,
        "distance_km": phrases.distance,
        "days": phrases.days,
        "care_type": lambda care_type: word("care_types", care_type),
        "language": str,
        "services": lambda services: phrases.enumeration([word("services", one) for one in services]),
        "children": lambda children: phrase("children", children=children),
    }
    return {name: say.get(name, str)(value) for name, value in facts.items() if value is not None}
