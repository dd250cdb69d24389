"""Normal forms: what a span of a message means, as the JSON value the schema gives its slot.

Everything here is small rules over words that were first brought to one spelling (`nlp.normal.words`); each
module says what it takes a close call to mean. Locations have their own package, `nlp.places`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from nlp.normal.ages import child_age
from nlp.normal.care_types import care_type
from nlp.normal.counts import capacity, child_count
from nlp.normal.dates import start_date
from nlp.normal.days import days
from nlp.normal.hub_services import hub_service
from nlp.normal.languages import language
from nlp.normal.options import option
from nlp.normal.prices import price
from nlp.normal.ratings import rating
from nlp.normal.times import time_of_day
from nlp.schema import Intent, SlotName

__all__ = ["normalize"]


def normalize(
    slot: SlotName, span: str, *, text: str, intent: Intent, now: datetime, start: int | None = None
) -> Any:
    """The value of a span, as JSON has it; None when it cannot be worked out.

    `text` is the whole message and `start` where the span begins in it (its first occurrence if not given): some values
    hang on the words about them. `now`, timezone-aware, is when the message was sent. Raises ValueError for a location
    and for a `now` without its timezone, never for anything a person may have typed.

    >>> from datetime import UTC
    >>> normalize(SlotName.CHILD_AGE, "2 añitos", text="2 añitos", intent=Intent.INFORM, now=datetime.now(UTC))
    {'months': 24}
    """
    if now.tzinfo is None:
        raise ValueError(
            "`now` has no timezone: the day it is in Lima cannot be known; pass an aware datetime"
        )
    at = text.find(span) if start is None else start
    before, after = (text[:at], text[at + len(span) :]) if at >= 0 else ("", "")
    match slot:
        case SlotName.CHILD_AGE:
            return child_age(span, after=after)
        case SlotName.CHILD_COUNT:
            return child_count(span)
        case SlotName.DAYS:
            return days(span)
        case SlotName.TIME:
            return time_of_day(span, before=before, after=after)
        case SlotName.START_DATE:
            return start_date(span, now, before=before)
        case SlotName.PRICE:
            return price(span)
        case SlotName.CARE_TYPE:
            return care_type(span, before=before, after=after, intent=intent)
        case SlotName.HUB_SERVICE:
            return hub_service(span)
        case SlotName.LANGUAGE:
            return language(span)
        case SlotName.OPTION:
            return option(span)
        case SlotName.CAPACITY:
            return capacity(span)
        case SlotName.RATING:
            return rating(span)
        case (
            SlotName.LANDMARK | SlotName.SPECIAL_NEED | SlotName.AMENITY | SlotName.TOPIC | SlotName.PROVIDER
        ):
            return span
        case SlotName.LOCATION:
            raise ValueError("a location is resolved by nlp.places.Gazetteer.resolve, not by normalize")
