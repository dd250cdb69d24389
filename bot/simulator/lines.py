"""What one phone sends, one after another; different phones side by side."""

from __future__ import annotations

from collections import deque
from threading import Lock

from bot.simulator.address import Address
from bot.simulator.agenda import Agenda, Task


class Lines:
    """A line for each phone that has something under way: its next task is done when the one before it is."""

    def __init__(self, agenda: Agenda) -> None:
        self._agenda = agenda
        self._waiting: dict[Address, deque[Task]] = {}
        self._lock = Lock()

    def after_the_others(self, phone: Address, task: Task) -> None:
        """Does `task` when all that this phone was given before is done, well or badly."""
        with self._lock:
            line = self._waiting.setdefault(phone, deque())
            line.append(task)
            if len(line) > 1:
                return
        self._agenda.after(0, lambda: self._do_next(phone))

    @property
    def are_free(self) -> bool:
        """Whether no phone has anything under way."""
        return not self._waiting

    def _do_next(self, phone: Address) -> None:
        try:
            self._waiting[phone][0]()
        finally:
            with self._lock:
                line = self._waiting[phone]
                line.popleft()
                if not line:
                    del self._waiting[phone]
            if line:
                self._agenda.after(0, lambda: self._do_next(phone))
