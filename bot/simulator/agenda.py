"""Things to be done later: one thread that waits, a few that do."""

from __future__ import annotations

import heapq
import itertools
import logging
import threading
import time
from collections.abc import Callable
from queue import SimpleQueue

log = logging.getLogger(__name__)

Task = Callable[[], None]


class Agenda:
    """Runs tasks after a time, several at once. A task that raises is logged and forgotten."""

    def __init__(self, hands: int = 16) -> None:
        self._due: list[tuple[float, int, Task]] = []
        self._order = itertools.count()
        self._changed = threading.Condition()
        self._closed = False
        self._ready: SimpleQueue[Task | None] = SimpleQueue()
        # Daemons: a call to a bot that does not answer must not keep the program from ending.
        self._hands = [threading.Thread(target=self._work, daemon=True) for _ in range(hands)]
        self._waiter = threading.Thread(target=self._wait, daemon=True)
        for thread in (self._waiter, *self._hands):
            thread.start()

    def after(self, seconds: float, task: Task) -> None:
        """Does `task` in `seconds`, or at once when that is nothing. Ignored after `close`."""
        with self._changed:
            if not self._closed:
                heapq.heappush(self._due, (time.monotonic() + seconds, next(self._order), task))
                self._changed.notify()

    def close(self) -> None:
        """Forgets what is not yet being done, and gives what is a moment to finish."""
        with self._changed:
            self._closed = True
            self._due.clear()
            self._changed.notify()
        self._waiter.join()
        for _ in self._hands:
            self._ready.put(None)
        patience = time.monotonic() + 1
        for hand in self._hands:
            hand.join(max(0, patience - time.monotonic()))

    def _wait(self) -> None:
        while (task := self._next()) is not None:
            self._ready.put(task)

    def _work(self) -> None:
        while (task := self._ready.get()) is not None:
            if self._closed:
                continue
            try:
                task()
            except Exception:
                if not self._closed:
                    log.exception("a task of the simulated carrier failed")

    def _next(self) -> Task | None:
        with self._changed:
            while not self._closed:
                wait = self._due[0][0] - time.monotonic() if self._due else None
                if wait is not None and wait <= 0:
                    return heapq.heappop(self._due)[2]
                self._changed.wait(wait)
            return None
