"""The failure switches that are on, kept."""

from __future__ import annotations

import sqlite3

from bot.simulator.address import Address
from bot.simulator.database import Database
from bot.simulator.faults import EVERYBODY, Faults, Trouble


class Switches:
    """By target: a number, or EVERYBODY."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> dict[str, Faults]:
        with self._database.reading() as connection:
            return _held(connection)

    def set(self, target: str, faults: Faults) -> None:
        """Nothing switched on takes the target's own switches away."""
        with self._database.writing() as (connection, revision):
            _keep(connection, revision, target, faults)

    def is_off(self, number: str) -> bool:
        """Whether this phone is off."""
        held = self.all()
        return held.get(number, held.get(EVERYBODY, Faults())).off

    def meet(self, person: Address) -> Faults:
        """The switches that hold for a message to `person` now. A trouble that is counted is one fewer
        after it."""
        with self._database.reading() as connection:
            if not connection.execute("SELECT 1 FROM faults LIMIT 1").fetchone():
                return Faults()
        with self._database.writing() as (connection, revision):
            held = _held(connection)
            target = person.number if person.number in held else EVERYBODY
            faults = held.get(target, Faults())
            if faults.times and faults.trouble_on(person.channel) is not Trouble.NONE:
                _keep(connection, revision, target, faults.one_fewer())
            return faults


def _held(connection: sqlite3.Connection) -> dict[str, Faults]:
    rows = connection.execute("SELECT target, switches FROM faults").fetchall()
    return {row["target"]: Faults.model_validate_json(row["switches"]) for row in rows}


def _keep(connection: sqlite3.Connection, revision: int, target: str, faults: Faults) -> None:
    if not faults.any:
        connection.execute("DELETE FROM faults WHERE target = ?", (target,))
        return
    connection.execute(
        "INSERT INTO faults VALUES (?, ?, ?) "
        "ON CONFLICT (target) DO UPDATE SET switches = excluded.switches, revision = excluded.revision",
        (target, faults.model_dump_json(), revision),
    )
