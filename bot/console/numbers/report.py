"""The figures of a quarter and a region, as the page and its file tell them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.console.numbers import tables, words
from bot.console.numbers.disclosure import FEWEST
from bot.console.numbers.tables import ALL, OUT, Demand, Families, Messages
from bot.counting.families import UNMET, WAIT_HOURS, Step
from bot.counting.traffic import LEFT, State
from bot.messages import Channel
from bot.store import Tx, tallies
from bot.store.tallies import Traffic
from bot.weeks import next_quarter, weeks_in

FEWEST_FOR_P90 = 50
"""With fewer families, the wait that one in ten exceeds is that of fewer than five of them."""
UNTOLD = "no se muestra"
"""In place of a figure of few, of nobody, and of one that is held back: a word for each would be a bound of it."""


@dataclass(frozen=True, slots=True)
class Told:
    """A figure, or the word in its place."""

    value: int | None

    @property
    def text(self) -> str:
        return UNTOLD if self.value is None else f"{self.value:,}"


def share_of(part: Told, whole: Told) -> int | None:
    """In percent, where both are told."""
    if part.value is None or not whole.value:
        return None
    return round(100 * part.value / whole.value)


@dataclass(frozen=True, slots=True)
class StepLine:
    step: Step
    name: str
    meaning: str
    told: Told
    percent: int | None


@dataclass(frozen=True, slots=True)
class Line:
    """A week, or a region: its figures of tables.WEEKLY."""

    key: str
    name: str
    asked: Told
    listed: Told
    accepted: Told


@dataclass(frozen=True, slots=True)
class WaitTold:
    """In words; None where it would tell of too few."""

    median: str | None
    p90: str | None

    @property
    def median_text(self) -> str:
        return self.median or UNTOLD

    @property
    def p90_text(self) -> str:
        return self.p90 or UNTOLD


@dataclass(frozen=True, slots=True)
class DemandLine:
    """A district, a region or an age."""

    key: str
    name: str
    told: Told


@dataclass(frozen=True, slots=True)
class ChannelLine:
    """`segments` and `cost` (US dollars) are None where what they go with is not told."""

    name: str
    out: Told
    delivered: Told
    sent: Told
    failed: Told
    received: Told
    segments: int | None
    cost: float | None

    @property
    def segments_text(self) -> str:
        """What goes by WhatsApp has none."""
        return UNTOLD if self.segments is None else f"{self.segments:,}" if self.segments else "—"

    @property
    def cost_text(self) -> str:
        return _dollars(self.cost)

    @property
    def arrived_percent(self) -> int | None:
        return share_of(self.delivered, self.out)


@dataclass(frozen=True, slots=True)
class MessageWeek:
    """`of` are what left by channel, in the order of `MessagesTold.channel_names`, and `arrived_percent` how much of it
    arrived. `cost` is that of what left, in US dollars; None where that is not told by channel, since the price tells
    the channels apart."""

    key: str
    name: str
    of: tuple[Told, ...]
    arrived_percent: tuple[int | None, ...]
    total: Told
    cost: float | None

    @property
    def cost_text(self) -> str:
        return _dollars(self.cost)


def _dollars(cost: float | None) -> str:
    return UNTOLD if cost is None else f"{cost:,.2f}"


@dataclass(frozen=True, slots=True)
class Unmet:
    """`by_district` are those districts whose figure is told, the most first: of no other is told that there is anybody
    at all."""

    total: Told
    by_age: tuple[DemandLine, ...]
    by_district: tuple[DemandLine, ...]


@dataclass(frozen=True, slots=True)
class MessagesTold:
    """By channel, and by week. `channel_names` are those that are told apart in a week: none, where it is of one
    region."""

    channels: tuple[ChannelLine, ...]
    channel_names: tuple[str, ...]
    weeks: tuple[MessageWeek, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """All figures of a quarter; of one region, or (ALL) of the country. `age` is the one that unmet demand is told of.
    `regions` are those of which is told how many asked."""

    quarter: date
    region: str
    age: str
    funnel: tuple[StepLine, ...]
    weeks: tuple[Line, ...]
    regions: tuple[Line, ...]
    wait: WaitTold
    unmet: Unmet
    messages: MessagesTold


@dataclass(frozen=True, slots=True)
class Counts:
    """What was counted of a quarter: all that its figures are worked out from."""

    quarter: date
    families: tuple[tables.FamilyRow, ...]
    unmet: tuple[tables.DistrictRow, ...]
    traffic: tuple[Traffic, ...]


def read(tx: Tx, quarter: date) -> Counts:
    """Take from the database what a report is made of, and no longer than that."""
    return Counts(
        quarter,
        families=tuple(sorted(tallies.by_week(tx, quarter))),
        unmet=tuple(sorted(tallies.by_district(tx, quarter, UNMET))),
        traffic=tuple(tallies.traffic(tx, weeks_in(quarter)[0], next_quarter(quarter))),
    )


def work_out(
    counts: Counts,
    region: str,
    age: str,
    today: date,
    names: Mapping[str, str],
    label: Callable[[str], str],
) -> Report:
    """The figures of a quarter, of its weeks until today. `names` are those of regions by their two digits, `label`
    gives a district's. It may take seconds: it needs no transaction."""
    quarter, rows = counts.quarter, counts.families
    families = tables.families(rows)

    def told(week: str, where: str, step: Step) -> Told:
        return Told(families.value(Families(week, where, step)))

    def line(key: str, name: str, week: str, where: str) -> Line:
        return Line(key, name, *(told(week, where, step) for step in tables.WEEKLY))

    asked = told(ALL, region, Step.ASKED)
    weeks = [week for week in weeks_in(quarter) if week <= today]
    there = sorted({where for _, where, _, _ in rows}, key=lambda where: (not where, names.get(where, where)))
    return Report(
        quarter=quarter,
        region=region,
        age=age,
        funnel=tuple(
            StepLine(step, name, meaning, one := told(ALL, region, step), share_of(one, asked))
            for step, (name, meaning) in words.FUNNEL.items()
        ),
        weeks=tuple(line(week.isoformat(), words.week(week), week.isoformat(), region) for week in weeks),
        regions=tuple(
            line(where, names.get(where, words.NOWHERE), ALL, where)
            for where in there
            if told(ALL, where, Step.ASKED).value is not None
        ),
        wait=_wait(rows, region, told(ALL, region, Step.ACCEPTED)),
        unmet=_unmet(counts.unmet, region, age, label),
        messages=_messages(counts.traffic, region, weeks),
    )


def _wait(rows: tuple[tables.FamilyRow, ...], region: str, accepted: Told) -> WaitTold:
    waits = tables.waits(rows, region)
    elsewhere = tables.waits(rows, ALL).total - waits.total
    if accepted.value is None or 0 < elsewhere < FEWEST:
        return WaitTold(None, None)
    median = quantile(waits.counts, 0.5)
    p90 = quantile(waits.counts, 0.9) if waits.total >= FEWEST_FOR_P90 else None
    return WaitTold(
        words.hours(median) if median is not None else None, words.hours(p90) if p90 is not None else None
    )


def quantile(counts: Sequence[tuple[int, int]], part: float) -> float | None:
    """The hours within which that part of the families had their answer, as if in each bucket they were spread evenly;
    None where fewer than five are in that bucket.

    >>> quantile([(2, 10)], 0.5), quantile([(2, 4)], 0.5)
    (0.75, None)
    """
    wanted = part * sum(count for _, count in counts)
    passed = 0
    for bucket, count in counts:
        if passed + count >= wanted:
            if count < FEWEST:
                return None
            low = WAIT_HOURS[bucket - 1] if bucket else 0.0
            high = WAIT_HOURS[bucket] if bucket < len(WAIT_HOURS) else low * 1.5
            return float(low + (high - low) * (wanted - passed) / count)
        passed += count
    return None


def _unmet(rows: tuple[tables.DistrictRow, ...], region: str, age: str, label: Callable[[str], str]) -> Unmet:
    table = tables.demand(rows)

    def told(where: str, of_age: str) -> Told:
        return Told(table.value(Demand(where, of_age)))

    districts = sorted({ubigeo for ubigeo, _, _ in rows if ubigeo and region in (ALL, ubigeo[:2])})
    lines = [
        DemandLine(code, label(code), one) for code in districts if (one := told(code, age)).value is not None
    ]
    return Unmet(
        total=told(region, age),
        by_age=tuple(DemandLine(key, name, told(region, key)) for key, name in words.AGES.items()),
        by_district=tuple(sorted(lines, key=lambda one: (-(one.told.value or 0), one.name))),
    )


def _messages(rows: tuple[Traffic, ...], region: str, weeks: Iterable[date]) -> MessagesTold:
    table = tables.messages(rows)
    used = tables.channels_of(rows)

    def told(week: str, channel: str, state: str) -> Told:
        return Told(table.value(Messages(week, region, channel, state)))

    def told_apart(week: str, channel: str, state: str) -> bool:
        """Whether it is told, and by each channel too: a price, and segments, are those of channels that one knows."""
        parts = used if channel == ALL else [channel]
        return told(week, channel, state).value == sum(told(week, part, state).value or 0 for part in parts)

    lines = []
    for channel in [*used, ALL]:
        out, received = told(ALL, channel, OUT), told(ALL, channel, State.RECEIVED)
        left, came = told_apart(ALL, channel, OUT), told_apart(ALL, channel, State.RECEIVED)
        segments, _ = tables.carried(rows, region, channel, LEFT)
        _, cost = tables.carried(rows, region, channel, (*LEFT, State.RECEIVED))
        lines.append(
            ChannelLine(
                words.CHANNELS.get(Channel(channel), channel) if channel != ALL else "Todos",
                out,
                told(ALL, channel, State.DELIVERED),
                told(ALL, channel, State.SENT),
                told(ALL, channel, State.FAILED),
                received,
                segments if left else None,
                cost if left and came else None,
            )
        )

    weekly = used if region == ALL else []

    def of_week(week: date) -> MessageWeek:
        key = week.isoformat()
        of = [(told(key, channel, OUT), told(key, channel, State.DELIVERED)) for channel in weekly]
        _, cost = tables.carried(rows, region, ALL, LEFT, key)
        return MessageWeek(
            key,
            words.week(week),
            tuple(out for out, _ in of),
            tuple(share_of(arrived, out) for out, arrived in of),
            told(key, ALL, OUT),
            cost if weekly and told_apart(key, ALL, OUT) else None,
        )

    return MessagesTold(
        channels=tuple(lines) if rows else (),
        channel_names=tuple(words.CHANNELS[channel] for channel in weekly),
        weeks=tuple(of_week(week) for week in weeks),
    )


def as_rows(report: Report, region_name: str) -> Iterable[list[str]]:
    """The same figures as lines of a file: quarter, region, part, of what, figure, value."""
    quarter = words.quarter(report.quarter)

    def row(part: str, of: str, figure: str, value: str) -> list[str]:
        return [quarter, region_name, part, of, figure, value]

    for step in report.funnel:
        yield row("embudo", "", step.name, step.told.text)
    yield row("espera", "", "Mediana", report.wait.median_text)
    yield row("espera", "", "Percentil 90", report.wait.p90_text)
    for part, lines in (("por semana", report.weeks), ("por región", report.regions)):
        if part == "por región" and report.region != ALL:
            continue
        for line in lines:
            of = line.key if part == "por semana" else line.name
            yield row(part, of, words.FUNNEL[Step.ASKED].name, line.asked.text)
            yield row(part, of, words.FUNNEL[Step.LISTED].name, line.listed.text)
            yield row(part, of, words.FUNNEL[Step.ACCEPTED].name, line.accepted.text)
    age = "" if report.age == ALL else words.AGES[report.age]
    for by_age in report.unmet.by_age:
        yield row("demanda sin atender, por edad", by_age.name, "Familias", by_age.told.text)
    for district in report.unmet.by_district:
        of = f"{district.key} {district.name}" + (f", {age}" if age else "")
        yield row("demanda sin atender, por distrito", of, "Familias", district.told.text)
    for channel in report.messages.channels:
        for name, told in (
            ("Salieron", channel.out),
            (words.STATES[State.DELIVERED], channel.delivered),
            (words.STATES[State.SENT], channel.sent),
            (words.STATES[State.FAILED], channel.failed),
            (words.STATES[State.RECEIVED], channel.received),
        ):
            yield row("mensajes", channel.name, name, told.text)
        yield row("mensajes", channel.name, "Segmentos", channel.segments_text)
        yield row("mensajes", channel.name, "Costo estimado (US$)", channel.cost_text)
    for week in report.messages.weeks:
        for name, told in zip([*report.messages.channel_names, "Todos"], [*week.of, week.total], strict=True):
            yield row("mensajes por semana", week.key, f"Salieron, {name}", told.text)
        for name, percent in zip(report.messages.channel_names, week.arrived_percent, strict=True):
            told_percent = str(percent) if percent is not None else UNTOLD
            yield row("mensajes por semana", week.key, f"Entregados, {name} (%)", told_percent)
        if report.messages.channel_names:
            yield row("mensajes por semana", week.key, "Costo de los que salieron (US$)", week.cost_text)
