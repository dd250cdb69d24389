"""Weeks and quarters in Lima. A week begins on Monday, and belongs to the quarter in which that Monday lies."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LIMA = ZoneInfo("America/Lima")
WEEK = timedelta(days=7)


def week_of(moment: datetime) -> date:
    """The Monday of the week in which that moment lies.

    >>> week_of(datetime(2026, 11, 30, 3, 0, tzinfo=ZoneInfo("UTC")))
    datetime.date(2026, 11, 23)
    """
    day = moment.astimezone(LIMA).date()
    return day - timedelta(days=day.weekday())


def quarter_of(week: date) -> date:
    """The first day of the quarter of that week.

    >>> quarter_of(date(2026, 11, 23)), quarter_of(date(2026, 9, 28))
    (datetime.date(2026, 10, 1), datetime.date(2026, 7, 1))
    """
    return date(week.year, week.month - (week.month - 1) % 3, 1)


def next_quarter(quarter: date) -> date:
    """The first day of the quarter that follows."""
    return quarter_of(quarter + timedelta(days=95))


def begins(day: date) -> datetime:
    """The midnight in Lima with which that day begins."""
    return datetime.combine(day, time(0), LIMA)


def weeks_from(since: datetime, until: datetime) -> Iterator[date]:
    """The weeks in which that time lies, by their Mondays."""
    week = week_of(since)
    while begins(week) < until:
        yield week
        week += WEEK


def weeks_in(quarter: date) -> list[date]:
    """The weeks of a quarter, by their Mondays."""
    first = quarter + timedelta(days=-quarter.weekday() % 7)
    return [first + WEEK * number for number in range(14) if first + WEEK * number < next_quarter(quarter)]
