"""How far a family has come in a quarter, from all that is known of it.

A family counts once in a quarter, where and when it first asked for care in it; and it has come as far as it ever came
with what it asked for in that quarter, however late.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from bot.store.tables import RequestStatus
from bot.weeks import quarter_of, week_of


class Step(StrEnum):
    """The way from a question to care that was good, in order. Who took a step has taken all before it."""

    ASKED = "asked"
    """Somebody wrote that they look for care for a child."""
    UNDERSTOOD = "understood"
    """Enough was known to look for it."""
    LISTED = "listed"
    """At least one option was shown."""
    CHOSEN = "chosen"
    """They let us ask a provider."""
    ACCEPTED = "accepted"
    """A provider and they agreed."""
    STARTED = "started"
    """Three days after the first day they had not taken it back."""
    RATED = "rated"
    """They said how it went, in stars."""


UNMET = "unmet"
"""What they asked for last led to nobody, and nothing was ever agreed."""
WAIT = "wait:"
"""Before the number of a bucket of WAIT_HOURS."""

WAIT_HOURS = (0.25, 0.5, 1, 2, 3, 4, 6, 8, 12, 18, 24, 36, 48, 72, 96, 120, 168, 240, 336, 504, 720)
"""The longest wait of each bucket, from the first question to the first yes; longer ones are in one more."""

AGES = ("0", "1", "3", "6")
"""From how many years on each band of ages is; the last has no end. Empty: not said."""


class Cell(NamedTuple):
    """Where a family counts, and as what."""

    week: date
    ubigeo: str
    age: str
    what: str


@dataclass(frozen=True, slots=True)
class CareSearch:
    """A search for care. `options` is how many were shown, None where that is not known; `ubigeo` the district it was
    about, empty where none was found."""

    at: datetime
    options: int | None
    ubigeo: str
    ages_months: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Asking:
    """A request, and what became of it: when a provider agreed to it (None: never, or no longer known), whether that
    ever was, whether it still stood when we asked how it went, and whether it was rated."""

    at: datetime
    status: RequestStatus
    agreed: bool
    agreed_at: datetime | None
    started: bool
    rated: bool


@dataclass(frozen=True, slots=True)
class Known:
    """All that is known of a family: when it asked for care, and what was looked for and requested. In order."""

    asked: Sequence[datetime] = ()
    searches: Sequence[CareSearch] = ()
    requests: Sequence[Asking] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """How a family counts in one quarter."""

    week: date
    ubigeo: str
    age: str
    steps: frozenset[Step]
    unmet: bool
    wait: int | None

    def cells(self) -> set[Cell]:
        """Where it counts, each once."""
        whats = [step.value for step in self.steps]
        whats += [UNMET] if self.unmet else []
        whats += [f"{WAIT}{self.wait}"] if self.wait is not None else []
        return {Cell(self.week, self.ubigeo, self.age, what) for what in whats}

    def to_json(self) -> dict[str, Any]:
        return {
            "week": self.week.isoformat(),
            "ubigeo": self.ubigeo,
            "age": self.age,
            "steps": sorted(self.steps),
            "unmet": self.unmet,
            "wait": self.wait,
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Facts:
        steps = frozenset(Step(step) for step in kept["steps"])
        week = date.fromisoformat(kept["week"])
        return cls(week, kept["ubigeo"], kept["age"], steps, kept["unmet"], kept["wait"])


def facts_of(known: Known, quarter: date, before: Facts | None) -> Facts | None:
    """How the family counts in that quarter, having counted so before; None where it asked for nothing in it. What was
    reached once stays, though messages and searches are deleted. No request counts that is older than the week in which
    the family counts: it was made for an earlier question, whose quarter it counts in."""
    searches = [one for one in known.searches if _in(quarter, one.at)]
    asked = [*(at for at in known.asked if _in(quarter, at)), *(one.at for one in searches)]
    first = min(asked, default=None)
    if before:
        week = before.week
    elif first:
        week = week_of(first)
    else:
        return None
    requests = [
        one for one in known.requests if quarter == _quarter_asked_for(one, known) and week_of(one.at) >= week
    ]
    steps = _reached([*_steps(searches, requests), *(before.steps if before else ())])
    agreed_at = min((one.agreed_at for one in requests if one.agreed_at), default=None)
    wait = before.wait if before else None
    if wait is None and agreed_at is not None and first is not None:
        wait = bucket((agreed_at - first).total_seconds() / 3600)
    return Facts(
        week=week,
        ubigeo=(before.ubigeo if before else "") or _first(one.ubigeo for one in searches),
        age=(before.age if before else "") or _first(age_band(one.ages_months) for one in searches),
        steps=steps,
        unmet=Step.ACCEPTED not in steps and _led_to_nobody(searches, requests, before),
        wait=wait,
    )


def quarters_of(known: Known) -> set[date]:
    """The quarters in which the family asked for care."""
    return {quarter_of(week_of(at)) for at in [*known.asked, *(one.at for one in known.searches)]}


def bucket(hours: float) -> int:
    """The bucket of a wait.

    >>> bucket(0.1), bucket(3), bucket(9999) == len(WAIT_HOURS)
    (0, 4, True)
    """
    return bisect_left(WAIT_HOURS, max(0.0, hours))


def age_band(ages_months: Iterable[int]) -> str:
    """The band of the youngest child.

    >>> age_band([50, 20]), age_band([7]), age_band([])
    ('1', '0', '')
    """
    youngest = min(ages_months, default=None)
    if youngest is None:
        return ""
    return max((band for band in AGES if int(band) * 12 <= youngest), key=int)


def _in(quarter: date, at: datetime) -> bool:
    return quarter_of(week_of(at)) == quarter


def _quarter_asked_for(request: Asking, known: Known) -> date:
    """The quarter of the last question before the request."""
    before = [at for at in [*known.asked, *(one.at for one in known.searches)] if at <= request.at]
    return quarter_of(week_of(max(before, default=request.at)))


def _steps(searches: Sequence[CareSearch], requests: Sequence[Asking]) -> Iterable[Step]:
    yield Step.ASKED
    if searches:
        yield Step.UNDERSTOOD
    if any(one.options for one in searches):
        yield Step.LISTED
    for one in requests:
        yield Step.CHOSEN
        if one.agreed:
            yield Step.ACCEPTED
        if one.started:
            yield Step.STARTED
        if one.rated:
            yield Step.RATED


def _reached(steps: Iterable[Step]) -> frozenset[Step]:
    """All steps up to the furthest."""
    order = list(Step)
    return frozenset(order[: max(order.index(step) for step in steps) + 1])


def _led_to_nobody(searches: Sequence[CareSearch], requests: Sequence[Asking], before: Facts | None) -> bool:
    """Whether the last thing they tried came to nothing: nobody to show, or nobody asked who could."""
    ends = [
        *((one.at, one.options == 0) for one in searches if one.options is not None),
        *((one.at, one.status is RequestStatus.EXHAUSTED) for one in requests),
    ]
    if not ends:
        return before.unmet if before else False
    return max(ends)[1]


def _first(values: Iterable[str]) -> str:
    return next((value for value in values if value), "")
