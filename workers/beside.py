"""Jobs that may take long run beside the worker, each in a process of its own: whoever waits for a reply does not wait
for them."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Callable

from bot import jobs
from bot.services import wire
from bot.settings import Settings
from workers import context, retention_job, tally_job

log = logging.getLogger(__name__)

LONG: dict[str, Callable[[], None]] = {jobs.TALLY: tally_job.tally, jobs.RETAIN: retention_job.retain}
"""What may take many seconds where there is much. None is harmed by being broken off, or done twice."""

COMMAND = "beside"
ENDS_WITHIN_S = 5.0
LESS_URGENT = 10
"""How much nicer such a process is than those that answer."""


class Beside:
    """The processes that one worker started."""

    def __init__(self) -> None:
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, job: str) -> None:
        """Begin one of `LONG`, unless it still runs: it returns at its time anyway."""
        if job not in self._running:
            command = [sys.executable, "-m", "workers", COMMAND, job]
            self._running[job] = subprocess.Popen(command)  # noqa: S603

    def look(self) -> None:
        """Forget what has ended; what failed has told why."""
        for job, process in list(self._running.items()):
            if (status := process.poll()) is not None:
                del self._running[job]
                if status:
                    log.error("%s ended with status %s", job, status)

    def stop(self) -> None:
        """Break off what still runs."""
        for process in self._running.values():
            process.terminate()
        for process in self._running.values():
            try:
                process.wait(ENDS_WITHIN_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._running.clear()


def run(job: str, settings: Settings) -> None:
    """Do one of `LONG`, here and now. Raises KeyError for another."""
    os.nice(LESS_URGENT)
    context.use(wire(settings, pool_size=1))
    try:
        LONG[job]()
    except Exception:
        log.exception("%s failed", job)  # our log leaves out what was being read
        sys.exit(1)
