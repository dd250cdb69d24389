"""What was understood, as people read it."""

from __future__ import annotations

from typing import Any

from bot.dialogue import phrases
from bot.dialogue.wording import word
from matching.schema import Price
from nlp.places import Gazetteer

_WORDS = {"care_type": "care_types", "hub_service": "services"}


def in_words(parse: dict[str, Any], places: Gazetteer) -> dict[str, Any]:
    """A parse in its wire form: intent, confidence, and each slot with its text and what it was taken for."""
    return {
        "intent": parse["intent"],
        "confidence": parse["confidence"],
        "slots": [
            {"slot": slot["slot"], "text": slot["text"], "value": _value(slot["slot"], slot["value"], places)}
            for slot in parse["slots"]
        ],
    }


def _value(slot: str, value: Any, places: Gazetteer) -> str:
    """The normal form in words; empty for none. Whatever has no words of its own is shown as it is."""
    match value:
        case None:
            return ""
        case {"ubigeo": str(ubigeo)}:
            return places.label(ubigeo)
        case {"months": int(months)}:
            return phrases.age(months)
        case {"start": start, "end": end}:
            return phrases.hours(start, end)
        case {"amount": amount, "period": period}:
            return phrases.price(Price(amount, period))
        case [*parts] if slot == "days":
            return phrases.days(parts)
        case str(code) if slot in _WORDS:
            return word(_WORDS[slot], code)
        case dict() as facts:
            return ", ".join(f"{name} {fact}" for name, fact in facts.items() if fact is not None)
        case [*parts]:
            return ", ".join(map(str, parts))
    return str(value)
