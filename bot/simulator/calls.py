"""The record of what the carrier asked of the bot, and what the bot answered."""

from __future__ import annotations

from datetime import datetime

from bot.simulator.database import Clock, Database, as_text
from bot.simulator.records import Call


class Calls:
    """Requests to the bot, in order, by message."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def add(
        self, *, message_sid: str, kind: str, status: str, answer: int | None, error: str, took_ms: int
    ) -> None:
        with self._database.writing() as (connection, _):
            connection.execute(
                "INSERT INTO calls (message_sid, kind, status, answer, error, took_ms, at) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                (message_sid, kind, status, answer, error, took_ms, as_text(self._clock())),
            )

    def about(self, message_sid: str) -> list[Call]:
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT * FROM calls WHERE message_sid = ? ORDER BY id", (message_sid,)
            ).fetchall()
        return [Call(**{**dict(row), "at": datetime.fromisoformat(row["at"])}) for row in rows]
