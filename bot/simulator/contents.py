"""The message templates that the bot has registered, kept."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import asdict
from datetime import datetime

from bot.simulator.database import Database, as_text
from bot.simulator.records import Button, Content


class Contents:
    """Templates by their HX… sid, in the order they were made."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, content: Content) -> None:
        with self._database.writing() as (connection, _):
            connection.execute(
                "INSERT INTO contents VALUES (?, ?, ?)",
                (
                    content.sid,
                    json.dumps(asdict(content) | {"created": None}),
                    as_text(content.created),
                ),
            )

    def all(self) -> list[Content]:
        with self._database.reading() as connection:
            rows = connection.execute("SELECT * FROM contents ORDER BY created").fetchall()
        return [_content(row) for row in rows]

    def get(self, sid: str) -> Content | None:
        return next((content for content in self.all() if content.sid == sid), None)


def _content(row: sqlite3.Row) -> Content:
    kept = json.loads(row["content"])
    buttons = tuple(Button(**button) for button in kept.pop("buttons"))
    return Content(**kept | {"buttons": buttons, "created": datetime.fromisoformat(row["created"])})
