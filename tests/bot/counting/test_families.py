"""How far a family has come is worked out from what is known of it."""

from __future__ import annotations

import doctest
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest

from bot import weeks
from bot.counting import families
from bot.counting.families import UNMET, Asking, CareSearch, Facts, Known, Step, facts_of
from bot.store.tables import RequestStatus
from bot.weeks import LIMA

NOVEMBER = datetime(2026, 11, 25, 10, 0, tzinfo=LIMA)
QUARTER = date(2026, 10, 1)
FORMER = date(2026, 7, 1)
MONDAY = date(2026, 11, 23)
COMAS = "150110"


def search(at: datetime = NOVEMBER, options: int | None = 3, ubigeo: str = COMAS) -> CareSearch:
    return CareSearch(at, options, ubigeo, (30, 50))


def request(at: datetime = NOVEMBER, status: RequestStatus = RequestStatus.OPEN, **known: object) -> Asking:
    told: dict[str, object] = {"agreed": False, "agreed_at": None, "started": False, "rated": False} | known
    return Asking(at, status, **told)  # type: ignore[arg-type]


def counted(known: Known, quarter: date = QUARTER, before: Facts | None = None) -> Facts:
    found = facts_of(known, quarter, before)
    assert found is not None
    return found


def furthest(facts: Facts) -> Step:
    return max(facts.steps, key=list(Step).index)


def test_who_asked_for_no_care_is_not_counted() -> None:
    assert facts_of(Known(), QUARTER, None) is None
    assert facts_of(Known(asked=[NOVEMBER]), FORMER, None) is None


@pytest.mark.parametrize(
    ("known", "step"),
    [
        (Known([NOVEMBER]), Step.ASKED),
        (Known([NOVEMBER], [search(options=0)]), Step.UNDERSTOOD),
        (Known([], [search()]), Step.LISTED),
        (Known([NOVEMBER], [search()], [request()]), Step.CHOSEN),
        (Known([NOVEMBER], [search()], [request(agreed=True)]), Step.ACCEPTED),
        (Known([NOVEMBER], [search()], [request(agreed=True, started=True)]), Step.STARTED),
        (Known([NOVEMBER], [search()], [request(agreed=True, rated=True)]), Step.RATED),
    ],
)
def test_who_took_a_step_took_all_before_it(known: Known, step: Step) -> None:
    facts = counted(known)
    assert furthest(facts) is step
    assert facts.steps == set(list(Step)[: list(Step).index(step) + 1])


def test_a_family_counts_where_and_when_it_first_asked_in_the_quarter() -> None:
    later = NOVEMBER + timedelta(days=20)
    facts = counted(
        Known([NOVEMBER, later], [search(later, ubigeo=""), search(later), search(later, ubigeo="120101")])
    )
    assert (facts.week, facts.ubigeo, facts.age) == (MONDAY, COMAS, "1")


def test_a_place_that_is_told_later_is_counted_then_and_stays() -> None:
    unknown = counted(Known([NOVEMBER]))
    assert unknown.ubigeo == ""
    known = counted(Known([NOVEMBER], [search()]), before=unknown)
    assert known.ubigeo == COMAS
    assert counted(Known([NOVEMBER], [search(ubigeo="120101")]), before=known).ubigeo == COMAS
    assert unknown.cells() - known.cells() == unknown.cells()


def test_what_was_reached_stays_when_its_traces_are_gone() -> None:
    before = counted(Known([NOVEMBER], [search()], [request(agreed=True, agreed_at=NOVEMBER)]))
    after = counted(Known([NOVEMBER]), before=before)
    assert after.steps == before.steps
    assert after.wait == before.wait


def test_care_agreed_in_the_next_quarter_counts_where_it_was_asked_for() -> None:
    asked = datetime(2026, 9, 27, 10, 0, tzinfo=LIMA)
    known = Known([asked], [search(asked)], [request(NOVEMBER, agreed=True)])
    assert furthest(counted(known, FORMER)) is Step.ACCEPTED
    assert facts_of(known, QUARTER, None) is None


def test_care_asked_for_in_one_quarter_never_counts_in_the_next_whatever_is_no_longer_known() -> None:
    asked, requested = datetime(2026, 9, 27, 10, 0, tzinfo=LIMA), datetime(2026, 10, 6, 10, 0, tzinfo=LIMA)
    requests = [request(requested, agreed=True, agreed_at=requested)]
    again = counted(Known([asked, NOVEMBER], [search(asked), search()], requests))
    assert (furthest(again), again.wait) == (Step.LISTED, None)
    assert counted(Known([NOVEMBER], [search()], requests), before=again) == again
    assert counted(Known([NOVEMBER], [search()], requests)) == again


def test_who_asks_again_in_another_quarter_counts_in_both() -> None:
    asked = datetime(2026, 9, 1, 10, 0, tzinfo=LIMA)
    known = Known([asked, NOVEMBER], [search(asked)], [request(asked, agreed=True)])
    assert furthest(counted(known, FORMER)) is Step.ACCEPTED
    assert furthest(counted(known, QUARTER)) is Step.ASKED


def test_the_wait_is_from_the_first_question_to_the_first_yes() -> None:
    known = Known(
        [NOVEMBER],
        [search()],
        [request(agreed=True, agreed_at=NOVEMBER + timedelta(hours=5)), request(agreed=True, agreed_at=None)],
    )
    assert counted(known).wait == families.bucket(5)
    assert f"{families.WAIT}{families.bucket(5)}" in {cell.what for cell in counted(known).cells()}


LATER = NOVEMBER + timedelta(hours=1)


@pytest.mark.parametrize(
    ("known", "unmet"),
    [
        (Known([NOVEMBER]), False),
        (Known([NOVEMBER], [search(options=0)]), True),
        (Known([NOVEMBER], [search(options=None)]), False),
        (Known([NOVEMBER], [search(options=0), search(LATER)]), False),
        (Known([NOVEMBER], [search(), search(LATER, options=0)]), True),
        (Known([NOVEMBER], [search()], [request(LATER, RequestStatus.EXHAUSTED)]), True),
        (Known([NOVEMBER], [search()], [request(LATER, RequestStatus.CANCELLED)]), False),
        (
            Known([NOVEMBER], [search(options=0)], [request(LATER, RequestStatus.AGREED, agreed=True)]),
            False,
        ),
    ],
)
def test_demand_is_unmet_where_the_last_try_led_to_nobody(known: Known, unmet: bool) -> None:
    facts = counted(known)
    assert facts.unmet is unmet
    assert (UNMET in {cell.what for cell in facts.cells()}) is unmet


def test_how_a_family_counts_is_read_back_as_it_was_kept() -> None:
    facts = counted(Known([NOVEMBER], [search()], [request(agreed=True, agreed_at=LATER)]))
    assert Facts.from_json(facts.to_json()) == facts


def test_examples() -> None:
    assert doctest.testmod(families).failed == doctest.testmod(weeks).failed == 0


def test_the_weeks_of_all_quarters_are_all_weeks() -> None:
    quarter, all_weeks = date(2025, 1, 1), []
    while quarter < date(2029, 1, 1):
        assert all(weeks.quarter_of(week) == quarter for week in weeks.weeks_in(quarter))
        all_weeks += weeks.weeks_in(quarter)
        quarter = weeks.next_quarter(quarter)
    assert {b - a for a, b in pairwise(all_weeks)} == {timedelta(days=7)}
