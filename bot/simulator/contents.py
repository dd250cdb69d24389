"""The message templates that the bot has registered, kept."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import asdict, replace
from datetime import datetime

from bot.simulator.database import Database, as_text
from bot.simulator.records import Approval, Button, Content


class Contents:
    """Templates by their HX… sid, in the order they were made."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, content: Content) -> None:
        with self._database.writing() as (connection, _):
            connection.execute(
                "INSERT INTO contents VALUES (?, ?, ?)",
                (content.sid, _as_json(content), as_text(content.created)),
            )

    def ask_for(self, content: Content, approval: Approval) -> Content:
        """The template, of which WhatsApp was asked to take it."""
        asked = replace(content, approval=approval)
        with self._database.writing() as (connection, _):
            connection.execute(
                "UPDATE contents SET content = ? WHERE sid = ?", (_as_json(asked), content.sid)
            )
        return asked

    def all(self) -> list[Content]:
        with self._database.reading() as connection:
            rows = connection.execute("SELECT * FROM contents ORDER BY created").fetchall()
        return [_content(row) for row in rows]

    def get(self, sid: str) -> Content | None:
        return next((content for content in self.all() if content.sid == sid), None)


def _as_json(content: Content) -> str:
    kept = asdict(content) | {"created": None}
    if content.approval:
        kept["approval"]["asked"] = as_text(content.approval.asked)
    return json.dumps(kept)


def _content(row: sqlite3.Row) -> Content:
    kept = json.loads(row["content"])
    buttons = tuple(Button(**button) for button in kept.pop("buttons"))
    approval = kept.pop("approval", None)
    if approval:
        approval = Approval(**approval | {"asked": datetime.fromisoformat(approval["asked"])})
    created = datetime.fromisoformat(row["created"])
    return Content(**kept | {"buttons": buttons, "created": created, "approval": approval})
