"""The time by which Ayllu goes: the machine's.

Beside a simulator it may be set ahead, for all processes of the machine alike, so that a developer sees today what
comes in three days. They share the file that says how far. No process follows it where real people are on the other
side (bot/services.py).
"""

from __future__ import annotations

import mmap
import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path

FILE = "clock"
"""In DATA_DIR: eight bytes, by how many seconds the time is ahead of the machine's."""

_SECONDS = struct.Struct("<q")
_shared: mmap.mmap | None = None


def now() -> datetime:
    """The time, aware, in UTC."""
    moment = datetime.now(UTC)
    return moment if _shared is None else moment + ahead()


def ahead() -> timedelta:
    """By how much the time is ahead of the machine's; nothing in a process that follows no file."""
    return timedelta() if _shared is None else timedelta(seconds=_SECONDS.unpack_from(_shared)[0])


def follow(path: Path) -> None:
    """From now on this process goes by the file, which is made when missing. Raises OSError."""
    global _shared
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        file.write(b"\0" * max(0, _SECONDS.size - file.tell()))
    with path.open("r+b") as file:
        _shared = mmap.mmap(file.fileno(), _SECONDS.size)


def leave() -> None:
    """Go by the machine's time again."""
    global _shared
    _shared = None


def set_ahead(by: timedelta) -> None:
    """Set the time of all who follow the same file. Raises RuntimeError in a process that follows none."""
    if _shared is None:
        raise RuntimeError("there is no clock to set: this process follows the machine's")
    _SECONDS.pack_into(_shared, 0, int(by.total_seconds()))
