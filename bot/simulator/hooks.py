"""Where the carrier calls the bot when somebody writes to one of its senders: as it was set, and kept."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from bot.messages import Channel
from bot.simulator.database import Database


@dataclass(frozen=True, slots=True)
class Hook:
    """The address for what people write, and the one for when that gives no good answer, each with its HTTP method."""

    url: str
    method: str
    fallback_url: str
    fallback_method: str


class Hooks:
    """By channel."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, channel: Channel) -> Hook | None:
        """None: it was never changed."""
        with self._database.reading() as connection:
            row = connection.execute("SELECT hook FROM hooks WHERE channel = ?", (channel.value,)).fetchone()
        return Hook(**json.loads(row["hook"])) if row else None

    def set(self, channel: Channel, hook: Hook) -> None:
        with self._database.writing() as (connection, _):
            connection.execute(
                "INSERT INTO hooks VALUES (?, ?) ON CONFLICT (channel) DO UPDATE SET hook = excluded.hook",
                (channel.value, json.dumps(asdict(hook))),
            )
