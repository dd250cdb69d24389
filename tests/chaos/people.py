"""People who write the same lines, each from a phone of their own, over HTTP to the simulated carrier."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from threading import Thread

from tests.chaos.ledger import Entry
from tests.chaos.world import World, wait_until

LINES = (
    "hola",
    "quiero aprender excel",
    "gracias",
    "busco internet en ayacucho",
    "busco cuna en collique para mi hija de 2 años de lunes a viernes de 8 a 5",
    "1",
    "si, Maria",
)
"""A keyword, a search that a worker answers and one more word on its heels, searches answered at once, a choice, and a
wish that reaches a provider."""

PATIENCE_S = 120.0

_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Expected:
    """What a person hears to each line, when nothing is wrong."""

    heard: tuple[tuple[str, ...], ...]

    @property
    def all(self) -> list[str]:
        return [text for texts in self.heard for text in texts]


def new_number() -> str:
    return f"+510001{next(_numbers):05d}"


def write(world: World, number: str, text: str) -> None:
    """Write, and wait until the carrier has told the bot of it, or given up."""
    sid = world.phones("POST", "messages", json={"number": number, "channel": "whatsapp", "text": text})[
        "sid"
    ]
    wait_until(lambda: _answer(world, sid) is not None, PATIENCE_S, f"{text} never came to an end")


def _answer(world: World, sid: str) -> int | None:
    return next(entry.answer for entry in world.ledger() if entry.sid == sid)


def writing(world: World, people: int = 3, lines: tuple[str, ...] = LINES) -> tuple[list[str], list[Thread]]:
    """So many people begin to write, each line on the heels of the one before. Their numbers; and what to wait for."""
    numbers = [new_number() for _ in range(people)]
    threads = [Thread(target=_write_all, args=(world, number, lines), daemon=True) for number in numbers]
    for thread in threads:
        thread.start()
    return numbers, threads


def _write_all(world: World, number: str, lines: tuple[str, ...]) -> None:
    for line in lines:
        write(world, number, line)


def heard(world: World, number: str) -> list[Entry]:
    return [entry for entry in world.ledger() if entry.person == number and not entry.inbound]
