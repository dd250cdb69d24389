"""Why an option is in the list, and what speaks against it, in a few words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.dialogue import phrases
from bot.dialogue.wording import Text, phrase, shorten, word, wording
from bot.gsm7 import size
from matching.schema import Condition, Reason, ReasonCode

UNSAID = frozenset({ReasonCode.FREE})
"""Already said by the price beside it."""
COMPARED = frozenset({ReasonCode.CLOSEST, ReasonCode.CHEAPEST})
"""True among those found now, and not beside those that were shown before."""
MOST_REASONS = 2


def why(reasons: Sequence[Reason], is_more: bool = False) -> Text:
    """The strongest reasons, then the strongest caution; with `is_more`, for an option that comes after others.

    An SMS has room for one, and for the caution only where both fit; of the two, the caution is worth more.
    """
    unsaid = UNSAID | COMPARED if is_more else UNSAID
    said = [reason for reason in reasons if reason.code not in unsaid]
    good = [_sentence(reason) for reason in said if not reason.caution and reason.code != ReasonCode.FITS]
    good = good or [_sentence(reason) for reason in said if reason.code == ReasonCode.FITS]
    bad = [phrase("caution", caution=_sentence(reason)) for reason in said if reason.caution][:1]
    brief = ", ".join((*good[:1], *bad))
    room = wording().room["reason"]
    if size(shorten(brief, room + len(brief))).units > room:
        brief = (bad or good[:1] or [""])[0]
    return Text(", ".join((*good[:MOST_REASONS], *bad)), brief)


def why_not(failed: Condition | None) -> str:
    """What nobody near could offer: the condition that stands first in the way."""
    return word("failed", failed.value) if failed else ""


def _sentence(reason: Reason) -> str:
    return wording().words["reasons"][reason.code].format(**_facts(reason.facts))


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
