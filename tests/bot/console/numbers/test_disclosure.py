"""Nobody is found in the figures: what is shown tells of no fewer than five, however it is added up and subtracted."""

from __future__ import annotations

import time
from fractions import Fraction
from itertools import combinations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.console.numbers.disclosure import FEWEST, Figure, Sum, Table

ALL = "all"
Key = tuple[str, str]


def crossed(cells: dict[Key, int]) -> tuple[dict[Key, Figure], list[Sum[Key]]]:
    """A table of two dimensions with the sums of its rows, columns and of all."""
    rows = sorted({row for row, _ in cells})
    columns = sorted({column for _, column in cells})
    value = {(row, column): cells.get((row, column), 0) for row in rows for column in columns}
    for row in rows:
        value[row, ALL] = sum(cells.get((row, column), 0) for column in columns)
    for column in [*columns, ALL]:
        value[ALL, column] = sum(value.get((row, column), 0) for row in rows)
    sums = [Sum((row, ALL), tuple((row, column) for column in columns)) for row in [*rows, ALL]]
    sums += [Sum((ALL, column), tuple((row, column) for row in rows)) for column in [*columns, ALL]]
    return {key: Figure(one, one) for key, one in value.items()}, sums


def solved(figures: dict[Key, Figure], sums: list[Sum[Key]], table: Table[Key]) -> dict[Key, Fraction]:
    """All that somebody works out who knows the sums and what is shown; by plain elimination with fractions."""
    known = {
        key: Fraction(one.value)
        for key, one in figures.items()
        if not one.value or (table.value(key) is not None and not one.rest)
    }
    unknown = [key for key in figures if key not in known]
    rows = []
    for one in sums:
        row = [Fraction(0)] * (len(unknown) + 1)
        for key, sign in [(one.total, -1), *((part, 1) for part in one.parts)]:
            if key in known:
                row[-1] -= sign * known[key]
            else:
                row[unknown.index(key)] += sign
        rows.append(row)
    done = 0
    for column in range(len(unknown)):
        pivot = next((at for at in range(done, len(rows)) if rows[at][column]), None)
        if pivot is None:
            continue
        rows[done], rows[pivot] = rows[pivot], rows[done]
        rows[done] = [x / rows[done][column] for x in rows[done]]
        for at, row in enumerate(rows):
            if at != done and row[column]:
                rows[at] = [x - row[column] * y for x, y in zip(row, rows[done], strict=True)]
        done += 1
    return {
        unknown[row[:-1].index(Fraction(1))]: row[-1]
        for row in rows[:done]
        if sum(1 for x in row[:-1] if x) == 1
    }


@settings(max_examples=150)
@given(
    st.dictionaries(
        st.tuples(st.sampled_from("abcd"), st.sampled_from("wxyz")),
        st.one_of(st.integers(0, 6), st.integers(0, 40)),
        min_size=1,
    )
)
def test_no_figure_of_fewer_than_five_is_shown_or_follows_from_those_that_are(cells: dict[Key, int]) -> None:
    figures, sums = crossed(cells)
    table = Table(figures, sums, disjoint=True)
    for key, one in figures.items():
        assert (table.value(key) is None) >= (one.people < FEWEST)
        assert table.value(key) in (None, one.value)
    assert [key for key in solved(figures, sums, table) if 0 < figures[key].value < FEWEST] == []


@settings(max_examples=150)
@given(
    st.dictionaries(
        st.tuples(st.sampled_from("abcd"), st.sampled_from("wxyz")), st.integers(0, 30), min_size=1
    )
)
def test_what_a_total_leaves_for_those_that_are_hidden_is_nobody_or_five(cells: dict[Key, int]) -> None:
    figures, sums = crossed(cells)
    table = Table(figures, sums, disjoint=True)
    followed = solved(figures, sums, table)
    for one in sums:
        if table.value(one.total) is None and one.total not in followed:
            continue
        hidden = [part for part in one.parts if table.value(part) is None and part not in followed]
        left = sum(figures[part].value for part in hidden)
        assert left == 0 or left >= FEWEST


@settings(max_examples=200)
@given(st.lists(st.integers(0, 60), min_size=2, max_size=7))
def test_no_two_steps_of_a_funnel_are_fewer_than_five_apart(counts: list[int]) -> None:
    steps = sorted(counts, reverse=True)
    figures: dict[Key, Figure] = {("step", str(at)): Figure(n, n) for at, n in enumerate(steps)}
    sums = []
    for (i, more), (j, fewer) in combinations(enumerate(steps), 2):
        figures["rest", f"{i}-{j}"] = Figure(more - fewer, more - fewer, rest=True)
        sums.append(Sum(("step", str(i)), (("step", str(j)), ("rest", f"{i}-{j}"))))
    table = Table(figures, sums, disjoint=True)
    shown = [value for at in range(len(steps)) if (value := table.value(("step", str(at)))) is not None]
    assert all(value >= FEWEST for value in shown)
    assert all(a == b or a - b >= FEWEST for a, b in combinations(shown, 2))
    if steps[0] >= FEWEST and all(n == steps[0] or steps[0] - n >= FEWEST for n in steps):
        assert shown


def test_one_small_figure_takes_the_next_smallest_with_it() -> None:
    figures, sums = crossed({("a", "x"): 3, ("a", "y"): 9, ("a", "z"): 40})
    table = Table(figures, sums, disjoint=True)
    assert [table.value(("a", column)) for column in "xyz"] == [None, None, 40]
    assert table.value(("a", ALL)) == 52
    assert ("a", "x") in table.secrets
    assert ("a", "y") in table.held_back


def test_where_all_are_many_everything_is_shown() -> None:
    figures, sums = crossed({(row, column): 10 for row in "ab" for column in "xy"})
    table = Table(figures, sums, disjoint=True)
    assert all(table.value(key) == one.value for key, one in figures.items())


def test_two_small_ones_that_can_only_be_four_each_are_not_left_alone() -> None:
    figures, sums = crossed({("a", "x"): 4, ("a", "y"): 4, ("a", "z"): 40})
    assert Table(figures, sums, disjoint=True).value(("a", "z")) is None or (
        Table(figures, sums, disjoint=True).value(("a", ALL)) is None
    )


def test_a_larger_one_that_hides_one_leaves_it_room() -> None:
    figures, sums = crossed({("a", "x"): 1, ("a", "y"): 5, ("a", "z"): 40, ("a", "w"): 50})
    table = Table(figures, sums, disjoint=True)
    assert [table.value(("a", column)) for column in "xyzw"] == [None, None, None, 50]


def test_many_messages_of_few_people_are_not_shown_nor_told_by_the_others() -> None:
    """The same two people may be behind all parts of what is hidden."""
    figures = {
        "all": Figure(500, 60),
        "x": Figure(100, 2),
        "y": Figure(90, 3),
        "z": Figure(110, 40),
        "w": Figure(200, 50),
    }
    table = Table(figures, [Sum("all", ("x", "y", "z", "w"))], disjoint=False)
    assert [table.value(key) for key in ("all", "x", "y", "z", "w")] == [500, None, None, None, 200]


def test_nothing_shown_is_no_fault() -> None:
    nobody: dict[str, Figure] = {}
    assert Table(nobody, [], disjoint=True).value("x") is None
    assert Table({"x": Figure(0, 0)}, [], disjoint=True).value("x") is None


@pytest.mark.parametrize("seed", [1, 2])
def test_a_country_in_a_quarter_is_worked_out_in_a_moment(seed: int) -> None:
    random = Random(seed)
    cells = {
        (f"week {week:02}", f"region {region:02}"): int(random.expovariate(1 / 6))
        for week in range(14)
        for region in range(26)
    }
    figures, sums = crossed(cells)
    begun = time.process_time()
    table = Table(figures, sums, disjoint=True)
    assert time.process_time() - begun < 3
    shown = sum(table.value(key) is not None for key, one in figures.items() if one.value >= FEWEST)
    assert shown > 0.6 * sum(one.value >= FEWEST for one in figures.values())
