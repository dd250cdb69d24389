"""The people with phones: who they are, when they last wrote, where they opted out."""

from __future__ import annotations

import json
import sqlite3
from datetime import datetime

from bot.messages import Channel
from bot.simulator.address import Address
from bot.simulator.database import Clock, Database, as_text
from bot.simulator.records import Person


class People:
    """`clock` gives the time at which somebody wrote."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def meet(self, number: str, name: str) -> Person:
        """Makes a person known, or gives one a new name."""
        with self._database.writing() as (connection, revision):
            meet(connection, revision, number, name)
            return _person(connection.execute("SELECT * FROM people WHERE number = ?", (number,)).fetchone())

    def all(self) -> list[Person]:
        with self._database.reading() as connection:
            rows = connection.execute("SELECT * FROM people ORDER BY position").fetchall()
        return [_person(row) for row in rows]

    def get(self, number: str) -> Person | None:
        with self._database.reading() as connection:
            row = connection.execute("SELECT * FROM people WHERE number = ?", (number,)).fetchone()
        return _person(row) if row else None

    def wrote(self, person: Address, *, stopped: bool | None = None) -> None:
        """A person wrote just now, which opens the 24 hours. `stopped`: opted out, back in, or neither."""
        with self._database.writing() as (connection, revision):
            meet(connection, revision, person.number, name="")
            known = _person(
                connection.execute("SELECT * FROM people WHERE number = ?", (person.number,)).fetchone()
            )
            off = set(known.stopped)
            if stopped is not None:
                (off.add if stopped else off.discard)(person.channel)
            wrote = {**known.wrote, person.channel: self._clock()}
            connection.execute(
                "UPDATE people SET wrote = ?, stopped = ?, revision = ? WHERE number = ?",
                (
                    json.dumps({channel: as_text(at) for channel, at in wrote.items()}),
                    json.dumps(sorted(off)),
                    revision,
                    person.number,
                ),
            )


def meet(connection: sqlite3.Connection, revision: int, number: str, name: str) -> None:
    """Makes `number` known inside a transaction; an empty `name` leaves the one there is."""
    connection.execute(
        "INSERT INTO people (number, name, position, revision) "
        "VALUES (?, ?, (SELECT coalesce(max(position), 0) + 1 FROM people), ?) "
        "ON CONFLICT (number) DO UPDATE SET name = excluded.name, revision = excluded.revision "
        "WHERE excluded.name != ''",
        (number, name, revision),
    )


def _person(row: sqlite3.Row) -> Person:
    return Person(
        number=row["number"],
        name=row["name"],
        wrote={
            Channel(channel): datetime.fromisoformat(at) for channel, at in json.loads(row["wrote"]).items()
        },
        stopped=frozenset(Channel(channel) for channel in json.loads(row["stopped"])),
    )
