"""What shape a value of each slot must have, by the schema; None is always allowed."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from nlp.schema import CARE_TYPES, DAYS_OF_WEEK, HUB_SERVICES, PRICE_PERIODS, SlotName

_TEXTS = {
    SlotName.LANDMARK,
    SlotName.SPECIAL_NEED,
    SlotName.AMENITY,
    SlotName.TOPIC,
    SlotName.PROVIDER,
    SlotName.LANGUAGE,
}
_WHOLE_FROM = {SlotName.CHILD_COUNT: 1, SlotName.CAPACITY: 0, SlotName.RATING: 1}


def is_in_form(slot: SlotName, value: Any) -> bool:
    """Whether the value is one that the schema gives that slot."""
    if value is None:
        return True
    if slot in _TEXTS:
        return isinstance(value, str)
    if slot in _WHOLE_FROM:
        return type(value) is int and value >= _WHOLE_FROM[slot] and (slot != SlotName.RATING or value <= 5)
    match slot:
        case SlotName.OPTION:
            return type(value) is int and (value >= 1 or value == -1)
        case SlotName.CARE_TYPE:
            return value in CARE_TYPES
        case SlotName.HUB_SERVICE:
            return value in HUB_SERVICES
        case SlotName.DAYS:
            return bool(value) and value == [day for day in DAYS_OF_WEEK if day in value]
        case SlotName.START_DATE:
            return date.fromisoformat(value).isoformat() == value
        case SlotName.TIME:
            return (
                0 < len(value) <= 2 and set(value) <= {"start", "end"} and all(map(_is_clock, value.values()))
            )
        case SlotName.CHILD_AGE:
            return _is_age(value)
        case SlotName.PRICE:
            amount = value["amount"]
            return (
                set(value) == {"amount", "period"}
                and (amount is None or (isinstance(amount, int | float) and 0 <= amount < 1_000_000))
                and (value["period"] is None or value["period"] in PRICE_PERIODS)
            )
    return False


def _is_clock(written: str) -> bool:
    return bool(re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", written))


def _is_age(value: dict[str, Any]) -> bool:
    months = list(value.values())
    if not all(type(count) is int and 0 <= count <= 18 * 12 for count in months):
        return False
    if set(value) == {"min_months", "max_months"}:
        return value["min_months"] <= value["max_months"]
    return set(value) in ({"months"}, {"min_months"}, {"max_months"})
