"""One SQLite connection, shared by the carrier's threads, and the number that tells that something
changed."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path

Clock = Callable[[], datetime]
"""Gives the time, timezone-aware. The carrier's time can be moved by moving its clock."""


def as_text(moment: datetime) -> str:
    """A time as the database keeps it: UTC, six decimals, sorting as it passes."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


class Database:
    """A connection in WAL mode behind a lock. Statements take some ten microseconds, so that one lock for
    reading and writing costs less than a connection for each thread would.

    `synchronous` is off: a crash of the machine may lose the last messages of a simulation, a crash of the
    program none, and a commit does not wait for the disk.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = OFF")
        self._connection.executescript(resources.files(__package__).joinpath("schema.sql").read_text("utf-8"))
        self._changed = threading.Condition(threading.RLock())
        self._revision: int = (
            self._connection.execute(
                "SELECT max(revision) FROM (SELECT max(revision) AS revision FROM messages "
                "UNION ALL SELECT max(revision) FROM people UNION ALL SELECT max(revision) FROM faults)"
            ).fetchone()[0]
            or 0
        )

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        with self._changed:
            yield self._connection

    @contextmanager
    def writing(self) -> Iterator[tuple[sqlite3.Connection, int]]:
        """A transaction, and the revision that what is written in it bears. Whoever waits is woken
        after it."""
        with self._changed:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection, self._revision + 1
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")
            self._revision += 1
            self._changed.notify_all()

    def touch(self) -> None:
        """Wakes whoever waits, as if something had been written."""
        with self.writing():
            pass

    @property
    def revision(self) -> int:
        with self._changed:
            return self._revision

    def wait_beyond(self, revision: int, seconds: float) -> int:
        """Waits until something newer than `revision` is written, `seconds` at most. Returns the latest
        revision."""
        with self._changed:
            self._changed.wait_for(lambda: self._revision > revision, seconds)
            return self._revision

    def close(self) -> None:
        with self._changed:
            self._connection.close()
