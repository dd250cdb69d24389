"""Named points on the way of a message, at which a process may be killed to see that nothing is lost by it.

`AYLLU_CRASH_AT` is a folder: a process that passes a point of which there is a file in it takes the file away and is
killed on the spot, once, as by `kill -9`. Without that setting, a point is nothing.
"""

from __future__ import annotations

import os
import signal
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from bot.settings import given


class Point(StrEnum):
    """Where. In the order of a message's way."""

    # the web process
    MESSAGE_READ = "message-read"
    MESSAGE_KEPT = "message-kept"
    MESSAGE_ANSWERED = "message-answered"
    MESSAGE_COMMITTED = "message-committed"
    MESSAGE_QUEUED = "message-queued"
    STATUS_RECORDED = "status-recorded"
    STATUS_COMMITTED = "status-committed"
    # a worker
    SERVE_BEGUN = "serve-begun"
    SERVE_COMMITTED = "serve-committed"
    SEARCH_BEGUN = "search-begun"
    SEARCH_ANSWERED = "search-answered"
    SEARCH_COMMITTED = "search-committed"
    EVENT_BEGUN = "event-begun"
    EVENT_HAPPENED = "event-happened"
    EVENT_COMMITTED = "event-committed"
    SEND_CLAIMED = "send-claimed"
    SEND_TAKEN = "send-taken"
    """The carrier has the message, and nothing here tells so yet."""
    SEND_RECORDED = "send-recorded"
    SWEEP_LOOKED = "sweep-looked"
    SWEEP_QUEUED = "sweep-queued"
    RECONCILE_LISTED = "reconcile-listed"
    RECONCILE_TAKEN_IN = "reconcile-taken-in"
    # the scheduler
    CLOCK_STRUCK = "clock-struck"


def passed(point: Point) -> None:
    """The process has come to this point."""
    folder = _folder()
    if folder is None:
        return
    try:
        (folder / point.value).unlink()
    except FileNotFoundError:
        return
    os.kill(os.getpid(), signal.SIGKILL)


@lru_cache(maxsize=1)
def _folder() -> Path | None:
    named = given("ayllu_crash_at")
    return Path(named) if named else None
