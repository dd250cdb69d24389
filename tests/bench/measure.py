"""Timing calls, and telling the result as a table."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of one thing done many times."""

    name: str
    median_ms: float
    p99_ms: float


def measure(name: str, calls: Sequence[Callable[[], object]], rounds: int) -> Times:
    """Every call in turn, `rounds` times over, after one round that does not count."""
    for call in calls:
        call()
    taken = []
    for _ in range(rounds):
        for call in calls:
            start = time.perf_counter()
            call()
            taken.append(1000 * (time.perf_counter() - start))
    return Times(name, float(np.median(taken)), float(np.percentile(taken, 99)))


def each(name: str, calls: Sequence[Callable[[], object]], warm_up: int = 5) -> Times:
    """Every call once, for what cannot be done twice; the first ones do not count."""
    taken = []
    for call in calls:
        start = time.perf_counter()
        call()
        taken.append(1000 * (time.perf_counter() - start))
    counted = taken[warm_up:]
    return Times(name, float(np.median(counted)), float(np.percentile(counted, 99)))


def show(title: str, reference: Times, others: Sequence[Times]) -> None:
    """A table: each thing's times, and how many times the reference's median it takes."""
    print(f"\n{title}\n")
    print(f"| {'':<52} | median ms | p99 ms | x reference |")
    print(f"|{'-' * 54}|-----------|--------|-------------|")
    for times in (reference, *others):
        ratio = times.median_ms / reference.median_ms
        print(f"| {times.name:<52} | {times.median_ms:9.2f} | {times.p99_ms:6.2f} | {ratio:11.2f} |")
