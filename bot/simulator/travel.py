"""Travels in time: the clock of carrier and bot is set ahead, from one thing that is due to the next, so that each
happens at its own hour and sees what came before it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from bot import clock
from bot.simulator.backstage import Backstage, BackstageError, Coming

log = logging.getLogger(__name__)

FARTHEST = timedelta(days=400)
PATIENCE_S = 15.0
"""How long what happens at one hour may take before the travel goes on all the same."""
POLL_S = 0.1


class TravelError(ValueError):
    """There is no travelling so. The message says why."""


class Travel:
    """The traveller. `is_quiet` says whether the carrier has nothing on its way; `told` is called when where it goes
    has changed."""

    def __init__(self, backstage: Backstage, is_quiet: Callable[[], bool], told: Callable[[], None]) -> None:
        self._backstage = backstage
        self._is_quiet = is_quiet
        self._told = told
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._goes_to: datetime | None = None

    @property
    def goes_to(self) -> datetime | None:
        """Where it is going; None while it goes nowhere."""
        return self._goes_to

    def start(self, until: datetime) -> None:
        """Go there, in another thread. Raises TravelError."""
        if not timedelta() < until - clock.now() <= FARTHEST:
            raise TravelError(f"time travels ahead, {FARTHEST.days} days at most")
        self._begin(until)
        threading.Thread(target=self._go, args=(until,), daemon=True).start()

    def back(self) -> None:
        """Back to the machine's time. What was written under way bears a time to come. Raises TravelError."""
        with self._lock:
            if self._goes_to is not None:
                raise TravelError("on the way already")
            clock.set_ahead(timedelta())
        self._told()

    def coming(self, within: timedelta = FARTHEST) -> Coming:
        """What the bot does now and will do. Raises BackstageError."""
        return self._backstage.coming(clock.now() + within)

    def close(self) -> None:
        """Go no farther."""
        self._closed.set()

    def _begin(self, until: datetime) -> None:
        with self._lock:
            if self._goes_to is not None:
                raise TravelError("on the way already")
            self._goes_to = until
        self._told()

    def _go(self, until: datetime) -> None:
        try:
            self._wait_until_quiet()
            while not self._closed.is_set():
                due = self._next(until)
                self._move_to(due or until)
                if due is None:
                    break
        except BackstageError as error:
            log.warning("the travel broke off: %s", error)
        finally:
            with self._lock:
                self._goes_to = None
            self._told()

    def _next(self, until: datetime) -> datetime | None:
        events = self._backstage.coming(until).events
        return datetime.fromisoformat(events[0]["at"]) if events else None

    def _move_to(self, moment: datetime) -> None:
        # Whole seconds, and never short of the moment: what is due at it must be due.
        ahead = moment - clock.now() + clock.ahead()
        clock.set_ahead(max(clock.ahead(), timedelta(seconds=int(ahead.total_seconds()) + 1)))
        self._told()
        self._backstage.wake()
        self._wait_until_quiet()

    def _wait_until_quiet(self) -> None:
        """Until neither the carrier nor the bot has anything to do, twice in a row."""
        patience, quiet = time.monotonic() + PATIENCE_S, 0
        while quiet < 2 and time.monotonic() < patience and not self._closed.wait(POLL_S):
            quiet = quiet + 1 if self._is_quiet() and not self._backstage.coming(clock.now()).busy else 0
