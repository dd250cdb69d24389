"""What a job that failed tells: which error, and where; never what was being read, which may be somebody's words."""

from __future__ import annotations

import logging
from typing import Any

from rq.job import Job

log = logging.getLogger(__name__)


class JobFailed(Exception):
    """A job ended in an error of this name."""


class DiscreetJob(Job):
    """RQ writes the text of an error into Redis and into its own log line. This job hands it only the error's name; the
    traceback goes to our log, which leaves the text out (bot/logs.py)."""

    def perform(self) -> Any:
        try:
            return super().perform()
        except Exception as error:
            log.exception("%s failed", self.get_call_string())
            raise JobFailed(type(error).__name__) from None
