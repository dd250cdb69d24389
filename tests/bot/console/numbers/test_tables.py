"""The tables behind the page: no family is found in them, whichever filters are set one after another."""

from __future__ import annotations

import doctest
from collections import Counter
from datetime import date, timedelta
from itertools import combinations
from random import Random
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.console.numbers import report, tables, words
from bot.console.numbers.disclosure import FEWEST, Table
from bot.console.numbers.tables import ALL, OUT, Demand, Families, FamilyRow, Messages
from bot.counting.families import WAIT, WAIT_HOURS, Step
from bot.counting.traffic import LEFT, State
from bot.store.tallies import Traffic

MONDAY = date(2026, 11, 2)
STEPS = list(Step)


def rows_of(families: list[tuple[int, str, int]]) -> tuple[FamilyRow, ...]:
    """Families by the week in which they asked, their region, and how many steps they took."""
    counts: Counter[tuple[date, str, str]] = Counter()
    for week, region, steps in families:
        for step in STEPS[:steps]:
            counts[MONDAY + timedelta(days=7 * week), region, step.value] += 1
    return tuple(sorted((*key, number) for key, number in counts.items()))


FAMILIES = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from(["15", "12", "08", ""]), st.integers(1, 7)), max_size=120
)


def shown_of(table: Table[Families], region: str, week: str, steps: list[Step]) -> list[int]:
    found = [table.value(Families(week, region, step)) for step in steps]
    return [value for value in found if value is not None]


@settings(max_examples=60)
@given(FAMILIES)
def test_two_figures_of_a_funnel_are_five_families_apart_or_none(
    families: list[tuple[int, str, int]],
) -> None:
    rows = rows_of(families)
    table = tables.families(rows)
    weeks = sorted({week.isoformat() for week, *_ in rows})
    for region in ("15", "12", "08", "", ALL):
        for week, steps in [(ALL, STEPS), *((week, list(tables.WEEKLY)) for week in weeks)]:
            shown = shown_of(table, region, week, steps)
            assert all(value >= FEWEST for value in shown)
            assert all(a == b or a - b >= FEWEST for a, b in combinations(shown, 2))


@settings(max_examples=60)
@given(FAMILIES)
def test_neither_regions_nor_weeks_leave_fewer_than_five_over(families: list[tuple[int, str, int]]) -> None:
    rows = rows_of(families)
    table = tables.families(rows)
    weeks = sorted({week.isoformat() for week, *_ in rows})
    regions = sorted({region for _, region, *_ in rows})
    for step in STEPS:
        if (total := table.value(Families(ALL, ALL, step))) is not None:
            left = total - sum(table.value(Families(ALL, region, step)) or 0 for region in regions)
            assert left == 0 or left >= FEWEST
    for step in tables.WEEKLY:
        for region in [*regions, ALL]:
            if (total := table.value(Families(ALL, region, step))) is not None:
                left = total - sum(table.value(Families(week, region, step)) or 0 for week in weeks)
                assert left == 0 or left >= FEWEST


def test_where_there_are_many_families_all_is_shown_as_it_is() -> None:
    families = [
        (week, region, steps) for week in range(4) for region in ("15", "12") for steps in range(1, 8)
    ]
    table = tables.families(rows_of(families * 6))
    assert shown_of(table, "15", ALL, STEPS) == [168, 144, 120, 96, 72, 48, 24]
    assert table.value(Families(MONDAY.isoformat(), "12", Step.ACCEPTED)) == 18


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["150110", "150132", "120114", "120101", ""]), st.sampled_from(["0", "1", ""])
        ),
        max_size=90,
    )
)
def test_districts_regions_and_ages_leave_fewer_than_five_over_nowhere(
    families: list[tuple[str, str]],
) -> None:
    rows = tuple((*key, number) for key, number in sorted(Counter(families).items()))
    table = tables.demand(rows)
    for age in ("0", "1", "", ALL):
        for region in ("15", "12"):
            inside = [ubigeo for ubigeo, *_ in rows if ubigeo.startswith(region)]
            if (total := table.value(Demand(region, age))) is not None:
                left = total - sum(table.value(Demand(ubigeo, age)) or 0 for ubigeo in set(inside))
                assert left == 0 or left >= FEWEST
    for where in ("150110", "120101", "15", "12", "", ALL):
        if (total := table.value(Demand(where, ALL))) is not None:
            left = total - sum(table.value(Demand(where, age)) or 0 for age in ("0", "1", ""))
            assert left == 0 or left >= FEWEST


def traffic(
    region: str, channel: str, status: str, messages: int, people: int, week: date = MONDAY
) -> Traffic:
    return Traffic(week, region, channel, status, messages, messages, people, 0, messages * 75_000)


def test_many_messages_to_few_people_are_not_told_and_cannot_be_worked_out() -> None:
    rows = (
        traffic("15", "sms", "delivered", 100, 30),
        traffic("15", "whatsapp", "delivered", 300, 60),
        traffic("12", "sms", "delivered", 40, 3),
        traffic("08", "sms", "delivered", 60, 20),
    )
    table = tables.messages(rows)
    few = Messages(ALL, "12", "sms", State.DELIVERED)
    assert table.value(few) is None
    total = table.value(Messages(ALL, ALL, "sms", State.DELIVERED))
    shown = [table.value(Messages(ALL, region, "sms", State.DELIVERED)) for region in ("08", "12", "15")]
    assert total is None or sum(one is None for one in shown) >= 2


def test_failures_of_few_people_do_not_follow_from_what_arrived() -> None:
    rows = (traffic("15", "sms", "delivered", 100, 30), traffic("15", "sms", "failed", 3, 2))
    table = tables.messages(rows)
    assert table.value(Messages(ALL, ALL, "sms", State.FAILED)) is None
    out, arrived = (table.value(Messages(ALL, ALL, "sms", state)) for state in (OUT, State.DELIVERED))
    assert out is None or arrived is None


def test_people_of_several_weeks_are_taken_for_the_same_ones() -> None:
    weeks = [MONDAY + timedelta(days=7 * number) for number in range(4)]
    rows = tuple(traffic("15", "sms", "delivered", 10, 3, week) for week in weeks)
    assert tables.messages(rows).value(Messages(ALL, "15", "sms", State.DELIVERED)) is None


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 2),
            st.sampled_from(["15", "12", ""]),
            st.sampled_from(["sms", "whatsapp"]),
            st.sampled_from([state.value for state in State]),
            st.integers(1, 30),
        ),
        unique_by=lambda row: row[:4],
        max_size=40,
    )
)
def test_what_is_left_of_messages_is_of_nobody_or_of_five(
    told: list[tuple[int, str, str, str, int]],
) -> None:
    weeks = [MONDAY + timedelta(days=7 * number) for number in range(3)]
    rows = tuple(
        traffic(region, channel, state, 2 * people, people, weeks[week])
        for week, region, channel, state, people in told
    )
    table = tables.messages(rows)
    figures = dict(table._figures)
    for one in tables.sums_of_messages(["", "12", "15"], ["sms", "whatsapp"], [w.isoformat() for w in weeks]):
        if table.value(one.total) is None:
            continue
        hidden = [part for part in one.parts if part in figures and table.value(part) is None]
        assert not hidden or max(figures[part].people for part in hidden) >= FEWEST


def test_messages_of_the_whole_country_are_worked_out_in_a_moment() -> None:
    random = Random(5)
    rows = tuple(
        traffic(
            f"{region:02}",
            channel,
            state,
            random.randrange(1, 3000 // region),
            random.randrange(1, 400 // region),
        )._replace(week=MONDAY + timedelta(days=7 * week))
        for region in range(1, 26)
        for week in range(13)
        for channel in ("sms", "whatsapp")
        for state in State
    )
    begun = process_time()
    tables.messages(rows)
    assert process_time() - begun < 3


def test_segments_and_cost_are_those_of_what_is_told() -> None:
    rows = (traffic("15", "sms", "delivered", 100, 30), traffic("15", "sms", "received", 50, 30))
    assert tables.carried(rows, "15", "sms", LEFT) == (100, 7.5)
    assert tables.carried(rows, ALL, ALL, list(State)) == (150, 11.25)
    assert tables.carried(rows, "12", ALL, list(State)) == (0, 0)


def test_half_and_nine_in_ten_are_told_from_buckets() -> None:
    rows: tuple[FamilyRow, ...] = ((MONDAY, "15", f"{WAIT}4", 50), (MONDAY, "12", f"{WAIT}10", 50))
    counts = tables.waits(rows, ALL).counts
    assert WAIT_HOURS[3] <= (report.quantile(counts, 0.4) or 0) <= WAIT_HOURS[4]
    assert WAIT_HOURS[9] <= (report.quantile(counts, 0.9) or 0) <= WAIT_HOURS[10]
    assert tables.waits(rows, "12").total == 50
    assert (report.quantile(((len(WAIT_HOURS), 5),), 0.5) or 0) > WAIT_HOURS[-1]


def test_a_wait_that_fewer_than_five_had_is_not_told() -> None:
    assert report.quantile(((2, 30), (4, 4), (6, 30)), 0.5) is None
    assert report.quantile(((2, 30), (4, 5), (6, 30)), 0.5) is not None
    assert report.quantile((), 0.5) is None


def wait_told(region: str, *waits: tuple[str, int]) -> report.WaitTold:
    """The wait of a region, where so many families of regions waited five hours; ten more had agreed at a time that is
    no longer known."""
    rows: list[FamilyRow] = []
    for where, number in waits:
        rows += [(MONDAY, where, step.value, number + 10) for step in STEPS[: STEPS.index(Step.STARTED)]]
        rows.append((MONDAY, where, f"{WAIT}5", number))
    counts = report.Counts(date(2026, 10, 1), tuple(sorted(rows)), (), ())
    return report.work_out(counts, region, ALL, MONDAY, {}, str).wait


def test_the_waits_of_a_region_and_the_country_leave_nobody_or_five_over() -> None:
    assert wait_told("15", ("15", 20), ("12", 3)).median is None
    assert wait_told("15", ("15", 20), ("12", 5)).median == "4 horas"
    assert wait_told("15", ("15", 20), ("12", 0)).median == "4 horas"
    assert wait_told(ALL, ("15", 20), ("12", 3)).median == "4 horas"


def test_what_nine_in_ten_waited_is_told_where_the_tenth_are_five() -> None:
    assert wait_told("15", ("15", 49)).p90 is None
    assert wait_told("15", ("15", 50)).p90 == "4 horas"


@pytest.mark.parametrize("families", [400, 4000])
def test_a_quarter_of_the_whole_country_is_worked_out_in_a_moment(families: int) -> None:
    random = Random(7)
    regions = [f"{number:02}" for number in range(1, 26)]
    shares = [1 / rank for rank in range(1, 26)]
    asked = [
        (random.randrange(13), region, random.choice([1, 1, 2, 3, 3, 4, 5, 6, 7]))
        for region in random.choices(regions, shares, k=families)
    ]
    begun = process_time()
    table = tables.families(rows_of(asked))
    assert process_time() - begun < 10
    assert table.value(Families(ALL, ALL, Step.ASKED)) == families


def test_examples() -> None:
    assert doctest.testmod(words).failed == doctest.testmod(report).failed == 0
