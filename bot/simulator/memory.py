"""All that the carrier remembers, in one hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.simulator.calls import Calls
from bot.simulator.contents import Contents
from bot.simulator.database import Clock, Database
from bot.simulator.hooks import Hooks
from bot.simulator.ledger import Ledger
from bot.simulator.people import People
from bot.simulator.switches import Switches


def machine_clock() -> datetime:
    """The time of this machine."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Memory:
    """The carrier's records, over one database, by one clock."""

    database: Database
    clock: Clock
    messages: Ledger
    people: People
    switches: Switches
    contents: Contents
    hooks: Hooks
    calls: Calls

    @classmethod
    def open(cls, path: Path, clock: Clock = machine_clock) -> Memory:
        database = Database(path)
        return cls(
            database,
            clock,
            Ledger(database, clock),
            People(database, clock),
            Switches(database),
            Contents(database),
            Hooks(database),
            Calls(database, clock),
        )
