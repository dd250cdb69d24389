"""Child processes that are started together, watched, and stopped together."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType

log = logging.getLogger(__name__)

GRACE_S = 15.0
"""How long a process may take to finish what it does when told to stop."""

TOO_SOON_S = 5.0
"""A process that ends so soon after its start will do so again: everything stops instead."""


class ProcessError(Exception):
    """A process ended that should run. The message says which."""


@dataclass(slots=True)
class Child:
    """One running process."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes]
    started_at: float


class Processes:
    """A group of child processes, each in a session of its own, so that Ctrl-C reaches only who stops them."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = {**os.environ, **environment}
        self._children: list[Child] = []

    def start(self, name: str, command: list[str]) -> None:
        process = subprocess.Popen(command, env=self._environment, start_new_session=True)  # noqa: S603
        self._children.append(Child(name, command, process, time.monotonic()))

    def keep_running(self) -> None:
        """Start again what ended. Raises ProcessError for one that ends at once."""
        for child in list(self._children):
            status = child.process.poll()
            if status is None:
                continue
            self._children.remove(child)
            if time.monotonic() - child.started_at < TOO_SOON_S:
                raise ProcessError(
                    f"{child.name} ended with status {status} right after its start; see above why"
                )
            log.warning("%s ended with status %s: starting it again", child.name, status)
            self.start(child.name, child.command)

    def stop(self) -> None:
        """Tell all to stop, wait for what they are doing, and end those that do not."""
        deadline = time.monotonic() + GRACE_S
        for child in self._children:
            _signal(child, signal.SIGTERM)
        for child in self._children:
            try:
                child.process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                log.warning("%s did not stop in %s s: killing it", child.name, GRACE_S)
            _signal(child, signal.SIGKILL)
            child.process.wait()
        self._children.clear()

    def __enter__(self) -> Processes:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def _signal(child: Child, number: signal.Signals) -> None:
    """To the child alone when asked politely; to all it started when not."""
    try:
        if number is signal.SIGKILL:
            os.killpg(child.process.pid, number)
        else:
            child.process.send_signal(number)
    except ProcessLookupError:
        pass
