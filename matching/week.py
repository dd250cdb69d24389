"""Opening hours and hours of need, over a week that begins again on Monday. Nights cross midnight, and
Sunday's too."""

from __future__ import annotations

import re
from functools import lru_cache

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WEEKEND = frozenset({"sat", "sun"})
DAY = 24 * 60
WEEK = 7 * DAY

_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)|24:00")

Span = tuple[int, int]
"""Minutes since Monday 00:00, the end outside; it may run past the week's end."""


def minutes(time: str) -> int:
    """Minutes since midnight of "HH:MM", "24:00" included. Raises ValueError for anything else.

    >>> minutes("07:30")
    450
    """
    if not _TIME.fullmatch(time):
        raise ValueError(f"not a time of day: {time!r} (write HH:MM, 00:00 to 24:00)")
    return int(time[:2]) * 60 + int(time[3:])


def shift_minutes(start: str, end: str) -> int:
    """How long it is from `start` to `end`; an end that is not later is the next morning. The same time is 24
    hours.

    >>> shift_minutes("19:00", "07:00")
    720
    """
    return (minutes(end) - minutes(start)) % DAY or DAY


@lru_cache(maxsize=8192)
def opening(days: tuple[str, ...], opens: str, closes: str) -> tuple[Span, ...]:
    """When somebody who opens on `days` is open, in the week and those before and after it, so that a need
    across Sunday night lies in one span."""
    begin, length = minutes(opens), shift_minutes(opens, closes)
    starts = sorted(week + DAYS.index(day) * DAY + begin for week in (-WEEK, 0, WEEK) for day in set(days))
    spans: list[Span] = []
    for start in starts:
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], start + length))
        else:
            spans.append((start, start + length))
    return tuple(spans)


@lru_cache(maxsize=16384)
def is_open(
    days: tuple[str, ...],
    opens: str,
    closes: str,
    on: tuple[str, ...],
    start: str | None,
    end: str | None,
) -> bool:
    """Whether somebody who opens on `days` is open all of `start` to `end` on each day of `on`.

    With no `on`, one day of their own is enough. With a start alone they must be open then; with an end
    alone, until then. Days of `on` on which they do not open at all are not looked at: that is another
    question.

    >>> is_open(("mon", "tue"), "19:00", "07:00", ("mon",), "22:00", "06:00")
    True
    """
    if start is None and end is None:
        return True
    spans = opening(days, opens, closes)
    asked = [day for day in on if day in days]
    covered = (_is_open_on(spans, DAYS.index(day) * DAY, start, end) for day in asked or days)
    return all(covered) if asked else any(covered)


def _is_open_on(spans: tuple[Span, ...], midnight: int, start: str | None, end: str | None) -> bool:
    if start is not None:
        begin = midnight + minutes(start)
        return _covers(spans, begin, begin + (shift_minutes(start, end) if end is not None else 1))
    last = midnight + (minutes(end or "24:00") or DAY)
    # An end alone may be that of a night which began on this day.
    return _covers(spans, last - 1, last) or _covers(spans, last + DAY - 1, last + DAY)


def _covers(spans: tuple[Span, ...], start: int, end: int) -> bool:
    return any(opened <= start and end <= closed for opened, closed in spans)
