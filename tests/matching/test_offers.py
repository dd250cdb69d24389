"""When a provider may be written to, and how long an offer waits."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.offers import LIMA, WorkingHours

HOURS = WorkingHours()


def lima(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=LIMA)


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        (lima(25, 10), lima(25, 10)),
        (lima(25, 7), lima(25, 7)),
        (lima(25, 6, 59), lima(25, 7)),
        (lima(25, 20, 29), lima(25, 20, 29)),
        (lima(25, 20, 30), lima(26, 7)),
        (lima(25, 23, 50), lima(26, 7)),
        (lima(26, 2), lima(26, 7)),
    ],
)
def test_nobody_is_written_to_at_night(moment: datetime, opens: datetime) -> None:
    assert HOURS.next_open(moment) == opens


@pytest.mark.parametrize(
    ("moment", "wait", "end"),
    [
        (lima(25, 10), timedelta(hours=2), lima(25, 12)),
        (lima(25, 19, 30), timedelta(hours=2), lima(26, 8)),
        (lima(25, 23), timedelta(hours=2), lima(26, 9)),
        (lima(25, 10), timedelta(hours=24), lima(26, 20, 30)),
    ],
)
def test_the_wait_stands_still_at_night(moment: datetime, wait: timedelta, end: datetime) -> None:
    assert HOURS.after(moment, wait) == end


@given(st.integers(0, 366 * 24 * 60), st.integers(1, 3 * 24 * 60))
def test_a_wait_ends_within_working_hours_and_never_early(begins: int, minutes: int) -> None:
    moment, wait = lima(1, 0) + timedelta(minutes=begins), timedelta(minutes=minutes)
    end = HOURS.after(moment, wait)
    assert end - moment >= wait
    assert HOURS.opens <= end.astimezone(LIMA).time() <= HOURS.closes
