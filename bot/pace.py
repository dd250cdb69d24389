"""How fast a person writes, and how often they heard the same in a row: a flood or two machines that answer each other
come to an end. Pure; kept with the person.

Whoever writes too much hears so once, kindly, and is then left unanswered for a while; danger and opting out excepted.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

WINDOW = timedelta(minutes=10)
MOST_IN_WINDOW = 40
"""Messages of one person in a window. Who registers by SMS, line by line, writes some fifteen."""

SAME_WITHIN = timedelta(hours=1)
MOST_THE_SAME = 8
"""How many answers in a row, no further apart than that, may each be one of the two before. A machine that answers each
of our messages with its own gets the same again and again; a person tries other words."""

PAUSE = timedelta(hours=1)
LONGER_PAUSE = timedelta(hours=12)
"""For whom a pause came to an end less than a day ago."""
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Pace:
    """`messages` since `since`; `said` are the last two different answers (keyed hashes), `times` how many answers in a
    row were among them, the last at `said_at`; unanswered until `paused_until`."""

    since: datetime | None = None
    messages: int = 0
    said: tuple[str, ...] = ()
    said_at: datetime | None = None
    times: int = 0
    paused_until: datetime | None = None

    def heard(self, now: datetime) -> Pace:
        """The person wrote. A clock that was set back begins a new window."""
        if self.since is None or not self.since <= now < self.since + WINDOW:
            return replace(self, since=now, messages=1)
        return replace(self, messages=self.messages + 1)

    def answered(self, said: str, now: datetime) -> Pace:
        """The person was answered so."""
        lately = self.said_at is not None and now - self.said_at < SAME_WITHIN
        if lately and said in self.said:
            return replace(self, said_at=now, times=self.times + 1)
        return replace(self, said=(said, *self.said[:1]), said_at=now, times=1)

    def is_paused(self, now: datetime) -> bool:
        """Whether the person is left unanswered now. A clock that was set back ends a pause that it would prolong."""
        return self.paused_until is not None and self.paused_until - LONGER_PAUSE <= now < self.paused_until

    @property
    def hears_the_same(self) -> bool:
        """Whether the person is told the same again and again."""
        return self.times >= MOST_THE_SAME

    @property
    def too_much(self) -> bool:
        """Whether it is enough now."""
        return self.messages > MOST_IN_WINDOW or self.hears_the_same

    def paused(self, now: datetime) -> Pace:
        """From now on the person is left unanswered for a while."""
        lately = self.paused_until is not None and now - self.paused_until < A_DAY
        return Pace(paused_until=now + (LONGER_PAUSE if lately else PAUSE))

    def to_wire(self) -> dict[str, Any]:
        return {
            name: value.isoformat() if isinstance(value, datetime) else value
            for name, value in asdict(self).items()
            if value
        }

    @classmethod
    def from_wire(cls, kept: dict[str, Any] | None) -> Pace:
        """What `to_wire` wrote."""
        found = dict(kept or {})
        for name in _MOMENTS & found.keys():
            found[name] = datetime.fromisoformat(found[name])
        return cls(**found | {"said": tuple(found.get("said", ()))})


_MOMENTS = {"since", "said_at", "paused_until"}
