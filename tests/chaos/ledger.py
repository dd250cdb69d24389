"""What the carrier has written down, read from its own file: what was written, what arrived, when."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Entry:
    """A message. `answer` is what the bot's webhook said to one from a person: None while it was not asked."""

    sid: str
    inbound: bool
    person: str
    text: str
    status: str
    at: datetime
    answer: int | None


def read_ledger(file: Path) -> list[Entry]:
    """All messages, as they came to the carrier."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=10)) as connection:
        rows = connection.execute(
            "SELECT sid, direction, person, body, status, created, answer FROM messages ORDER BY created"
        ).fetchall()
    return [
        Entry(sid, direction == "inbound", person, text, status, datetime.fromisoformat(at), answer)
        for sid, direction, person, text, status, at, answer in rows
    ]
