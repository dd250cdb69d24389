"""Queries made safe to work with: what cannot be meant is left out, and said."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from math import isfinite
from typing import TypeVar

from matching.money import PERIODS
from matching.schema import CareKind, CareQuery, HubQuery, Point, Price
from matching.week import DAYS, minutes

OLDEST_MONTHS = 18 * 12 - 1
"""Up to the 18th birthday: a child is anybody younger (Código de los Niños y Adolescentes, art. I, says 12
for `niño` and 18 for `adolescente`)."""
MOST_CHILDREN = 20
CARE_TYPES = frozenset(kind.care_type for kind in CareKind)

T = TypeVar("T")


class QueryError(ValueError):
    """A query that cannot be answered at all. The message says why."""


def clean_care(query: CareQuery) -> tuple[CareQuery, tuple[str, ...]]:
    """The query without what is unusable, and a sentence for each thing that was left out.

    Raises QueryError when the point is not one on earth.
    """
    problems = _Problems()
    start, end = problems.times(query.start, query.end)
    cleaned = replace(
        query,
        point=_on_earth(query.point),
        ages_months=problems.keep("age", query.ages_months, lambda age: 0 <= age <= OLDEST_MONTHS),
        children=problems.children(query.children),
        days=problems.days(query.days),
        start=start,
        end=end,
        budget=problems.budget(query.budget),
        care_types=problems.keep("care type", _once(query.care_types), CARE_TYPES.__contains__),
        special_needs=_said(query.special_needs),
        amenities=_said(query.amenities),
        languages=_said(query.languages),
    )
    return cleaned, tuple(problems.found)


def clean_hubs(query: HubQuery) -> tuple[HubQuery, tuple[str, ...]]:
    """Like `clean_care`, for a hub."""
    problems = _Problems()
    start, end = problems.times(query.start, query.end)
    cleaned = replace(
        query,
        point=_on_earth(query.point),
        services=_said(query.services),
        days=problems.days(query.days),
        start=start,
        end=end,
    )
    return cleaned, tuple(problems.found)


class _Problems:
    """Checks one field each, and remembers what was wrong."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def keep(self, what: str, values: Iterable[T], is_good: Callable[[T], bool]) -> tuple[T, ...]:
        kept = []
        for value in values:
            if is_good(value):
                kept.append(value)
            else:
                self.found.append(f"{what} left out: {value!r}")
        return tuple(kept)

    def days(self, days: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(sorted(self.keep("day", set(days), DAYS.__contains__), key=DAYS.index))

    def times(self, start: str | None, end: str | None) -> tuple[str | None, str | None]:
        return self._time("start", start), self._time("end", end)

    def _time(self, what: str, time: str | None) -> str | None:
        try:
            return time if time is None or minutes(time) >= 0 else None
        except ValueError as error:
            self.found.append(f"{what} left out: {error}")
            return None

    def children(self, children: int) -> int:
        if 1 <= children <= MOST_CHILDREN:
            return children
        self.found.append(f"number of children left out: {children}")
        return 1

    def budget(self, budget: Price | None) -> Price | None:
        if budget is None or (
            isfinite(budget.amount) and budget.amount >= 0 and budget.period in (None, *PERIODS)
        ):
            return budget
        self.found.append(f"budget left out: {budget.amount} per {budget.period}")
        return None


def _on_earth(point: Point) -> Point:
    if not (-90 <= point.lat <= 90 and -180 <= point.lon <= 180):  # NaN is refused too
        raise QueryError(f"not a place on earth: latitude {point.lat}, longitude {point.lon}")
    return point


def _once(values: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(values))


def _said(texts: Iterable[str]) -> tuple[str, ...]:
    return _once(text.strip() for text in texts if text.strip())
