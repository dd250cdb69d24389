"""When an offer may reach a provider, and how long it waits for an answer: pure rules about time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

LIMA = ZoneInfo("America/Lima")


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """The hours of a day in Lima at which a provider may be written to. `opens` is before `closes`."""

    opens: time = time(7, 0)
    closes: time = time(20, 30)

    def next_open(self, moment: datetime) -> datetime:
        """`moment`, timezone-aware, where it is within these hours; else the next opening."""
        here = moment.astimezone(LIMA)
        if here.time() < self.opens:
            return _at(here, self.opens)
        if here.time() >= self.closes:
            return _at(here + timedelta(days=1), self.opens)
        return moment

    def after(self, moment: datetime, wait: timedelta) -> datetime:
        """The end of a wait that begins at `moment` and stands still outside these hours."""
        start = self.next_open(moment)
        left = _at(start.astimezone(LIMA), self.closes) - start
        while wait > left:
            wait -= left
            start = self.next_open(start + left)
            left = _at(start.astimezone(LIMA), self.closes) - start
        return start + wait


@dataclass(frozen=True, slots=True)
class OfferRules:
    """How long one provider is waited for, how many are asked before a person looks, and when."""

    wait: timedelta = timedelta(hours=2)
    tries: int = 5
    hours: WorkingHours = WorkingHours()


def _at(day: datetime, hour: time) -> datetime:
    return datetime.combine(day.date(), hour, LIMA)
