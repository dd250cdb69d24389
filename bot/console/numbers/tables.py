"""The figures of a quarter, as whole tables in which nobody is found: families, unmet demand, and messages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

from bot.console.numbers.disclosure import Figure, Sum, Table
from bot.counting.families import WAIT, Step
from bot.counting.traffic import LEFT, State
from bot.messages import Channel
from bot.store.tallies import Traffic

ALL = "*"
"""Every region, age, channel; all weeks of the quarter."""

WEEKLY = (Step.ASKED, Step.LISTED, Step.ACCEPTED)
"""Steps that are shown for each week."""
OUT = "left"
"""Messages that left, whatever became of them."""

FamilyRow = tuple[date, str, str, int]
"""A week, a region, what became of families there, and of how many."""
DistrictRow = tuple[str, str, int]
"""A ubigeo, an age, and how many families."""


class Families(NamedTuple):
    """Where a figure of families stands: its week, or ALL, its region, and a step; or a rest between two steps."""

    week: str
    region: str
    what: str


class Demand(NamedTuple):
    """Where a figure of unmet demand stands: a ubigeo, a region or ALL, and an age or ALL."""

    where: str
    age: str


class Messages(NamedTuple):
    """Where a figure of messages stands."""

    week: str
    region: str
    channel: str
    state: str


class Waits(NamedTuple):
    """How many families waited how long, in buckets."""

    counts: tuple[tuple[int, int], ...]

    @property
    def total(self) -> int:
        return sum(count for _, count in self.counts)


@lru_cache(maxsize=8)
def families(rows: tuple[FamilyRow, ...]) -> Table[Families]:
    """Families by week, region and step. Of a quarter as a whole with all steps, of a week with those in WEEKLY."""
    counts: defaultdict[Families, int] = defaultdict(int)
    steps = {step.value for step in Step}
    for week, region, what, number in rows:
        if what not in steps:
            continue
        for where in (region, ALL):
            counts[Families(ALL, where, what)] += number
            if what in WEEKLY:
                counts[Families(week.isoformat(), where, what)] += number
    regions = sorted({region for _, region, _, _ in rows})
    weeks = sorted({week.isoformat() for week, _, _, _ in rows})
    figures = {key: Figure(number, number) for key, number in counts.items()}
    sums: list[Sum[Families]] = []
    for week_, of in [(ALL, tuple(Step)), *((week, WEEKLY) for week in weeks)]:
        for step in of:
            parts = tuple(Families(week_, region, step) for region in regions)
            sums.append(Sum(Families(week_, ALL, step), parts))
    for region in [*regions, ALL]:
        for step in WEEKLY:
            parts = tuple(Families(week, region, step) for week in weeks)
            sums.append(Sum(Families(ALL, region, step), parts))
        for week_, of in [(ALL, tuple(Step)), *((week, WEEKLY) for week in weeks)]:
            for earlier, later in combinations(of, 2):
                fewer = counts[Families(week_, region, later)]
                rest = counts[Families(week_, region, earlier)] - fewer
                name = Families(week_, region, f"{earlier}-{later}")
                figures[name] = Figure(rest, rest, rest=True)
                sums.append(Sum(Families(week_, region, earlier), (Families(week_, region, later), name)))
    return Table(figures, sums, disjoint=True)


def waits(rows: Iterable[FamilyRow], region: str) -> Waits:
    """How long families of a region, or of all, waited until somebody said yes."""
    counts: defaultdict[int, int] = defaultdict(int)
    for _, where, what, number in rows:
        if what.startswith(WAIT) and region in (ALL, where):
            counts[int(what.removeprefix(WAIT))] += number
    return Waits(tuple(sorted((bucket, number) for bucket, number in counts.items() if number > 0)))


@lru_cache(maxsize=8)
def demand(rows: tuple[DistrictRow, ...]) -> Table[Demand]:
    """Families for whom nobody was found, by district, region and age. Who named no place is in the region without a
    name, where no district is."""
    counts: defaultdict[Demand, int] = defaultdict(int)
    for ubigeo, age, number in rows:
        for where in {ubigeo, ubigeo[:2], ALL}:
            for of_age in (age, ALL):
                counts[Demand(where, of_age)] += number
    districts = sorted({ubigeo for ubigeo, _, _ in rows if ubigeo})
    regions = sorted({ubigeo[:2] for ubigeo, _, _ in rows})
    ages = sorted({age for _, age, _ in rows})
    sums: list[Sum[Demand]] = []
    for age in [*ages, ALL]:
        sums.append(Sum(Demand(ALL, age), tuple(Demand(region, age) for region in regions)))
        for region in regions:
            inside = tuple(Demand(ubigeo, age) for ubigeo in districts if ubigeo[:2] == region)
            if region:
                sums.append(Sum(Demand(region, age), inside))
    for where in [*districts, *regions, ALL]:
        sums.append(Sum(Demand(where, ALL), tuple(Demand(where, age) for age in ages)))
    return Table({key: Figure(number, number) for key, number in counts.items()}, sums, disjoint=True)


@lru_cache(maxsize=8)
def messages(rows: tuple[Traffic, ...]) -> Table[Messages]:
    """Messages: of the quarter by region, channel and state; of a week by channel and state those that left, and by
    region how many left."""
    counts: defaultdict[Messages, int] = defaultdict(int)
    in_week: defaultdict[tuple[Messages, date], int] = defaultdict(int)
    for row in rows:
        for key in _places_of(row):
            counts[key] += row.messages
            # At least so many: the same people may be behind two rows, and write in two weeks.
            in_week[key, row.week] = max(in_week[key, row.week], row.people)
    people: defaultdict[Messages, int] = defaultdict(int)
    for (key, _), number in in_week.items():
        people[key] = max(people[key], number)
    regions = sorted({row.region for row in rows})
    channels = sorted({row.channel for row in rows})
    weeks = sorted({row.week.isoformat() for row in rows})
    figures = {key: Figure(counts[key], people[key]) for key in counts}
    return Table(figures, list(sums_of_messages(regions, channels, weeks)), disjoint=False)


def _places_of(row: Traffic) -> Iterator[Messages]:
    week, states = row.week.isoformat(), (row.status, OUT) if row.status in LEFT else (row.status,)
    for state in states:
        for channel in (row.channel, ALL):
            yield Messages(ALL, row.region, channel, state)
            yield Messages(ALL, ALL, channel, state)
            if row.status in LEFT:
                yield Messages(week, ALL, channel, state)
    if row.status in LEFT:
        yield Messages(week, row.region, ALL, OUT)


def sums_of_messages(
    regions: Sequence[str], channels: Sequence[str], weeks: Sequence[str]
) -> Iterator[Sum[Messages]]:
    """All that binds these figures together."""
    left: tuple[str, ...] = (*LEFT, OUT)
    for state in (*State, OUT):
        for channel in [*channels, ALL]:
            yield Sum(
                Messages(ALL, ALL, channel, state),
                tuple(Messages(ALL, region, channel, state) for region in regions),
            )
        for region in [*regions, ALL]:
            yield _channels(ALL, region, channels, state)
    for state in left:
        for week in weeks:
            yield _channels(week, ALL, channels, state)
        for channel in [*channels, ALL]:
            yield Sum(
                Messages(ALL, ALL, channel, state),
                tuple(Messages(week, ALL, channel, state) for week in weeks),
            )
    for channel in [*channels, ALL]:
        for region in [*regions, ALL]:
            yield _states(ALL, region, channel)
        for week in weeks:
            yield _states(week, ALL, channel)
    for region in regions:
        yield Sum(Messages(ALL, region, ALL, OUT), tuple(Messages(week, region, ALL, OUT) for week in weeks))
    for week in weeks:
        yield Sum(
            Messages(week, ALL, ALL, OUT), tuple(Messages(week, region, ALL, OUT) for region in regions)
        )


def _channels(week: str, region: str, channels: Sequence[str], state: str) -> Sum[Messages]:
    parts = tuple(Messages(week, region, channel, state) for channel in channels)
    return Sum(Messages(week, region, ALL, state), parts)


def _states(week: str, region: str, channel: str) -> Sum[Messages]:
    parts = tuple(Messages(week, region, channel, state) for state in LEFT)
    return Sum(Messages(week, region, channel, OUT), parts)


class Carried(NamedTuple):
    """What goes with messages that are shown: segments, and their price in US dollars."""

    segments: int
    cost: float


def carried(
    rows: Iterable[Traffic], region: str, channel: str, states: Sequence[str], week: str = ALL
) -> Carried:
    """Segments and price of messages of a region, a channel and a week, or of all."""
    of = [
        row
        for row in rows
        if region in (ALL, row.region)
        and channel in (ALL, row.channel)
        and week in (ALL, row.week.isoformat())
        and row.status in states
    ]
    return Carried(sum(row.segments for row in of), sum(row.cost_micros for row in of) / 1_000_000)


def channels_of(rows: Iterable[Traffic]) -> list[Channel]:
    """The channels that were used, in order."""
    used = {row.channel for row in rows}
    return [channel for channel in Channel if channel.value in used]
