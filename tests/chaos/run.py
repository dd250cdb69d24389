"""One fault after another on one running world, and what came of each."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tests.chaos.faults import Fault, look
from tests.chaos.judge import Verdict, judge, settle
from tests.chaos.people import LINES, Expected, heard, new_number, write
from tests.chaos.world import World


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a fault. `took_s`: all of it, from the first word written until nothing was left to do."""

    fault: Fault
    verdict: Verdict
    took_s: float


def what_is_expected(world: World) -> Expected:
    """One person's talk while nothing is wrong, each line after the answer to the one before."""
    number, told, before = new_number(), [], 0
    for line in LINES:
        write(world, number, line)
        settle(world)
        texts = [entry.text for entry in heard(world, number)]
        told.append(tuple(texts[before:]))
        before = len(texts)
    return Expected(tuple(told))


def outcomes(world: World, faults: Iterable[Fault]) -> Iterator[Outcome]:
    """Each fault in turn."""
    look(world)
    expected = what_is_expected(world)
    for fault in faults:
        begun = time.monotonic()
        numbers = fault.hurt(world)
        settle(world)
        verdict = judge(world, numbers, expected)
        yield Outcome(fault, verdict, time.monotonic() - begun)
