"""How many parents a second are answered: `python -m tests.bench.load [--soak]`.

Everything runs here, the load included: web processes, workers, scheduler, PostgreSQL with 100,000 providers, Valkey,
and a carrier that takes messages as Twilio's API does and only counts them.
"""

from __future__ import annotations

import argparse
import asyncio
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil

from tests.bench.parents import Parents, Waits
from tests.bench.town import Shape, Town, engines_with, town
from tests.bench.twilio import CountingTwilio
from tests.support.ports import free_ports

PROVIDERS = 100_000
RATES = (20, 40, 60, 80, 90, 100, 110, 120, 140, 160, 200)
SECONDS = 12.0
WITHIN_S = 1.0
"""The 95th percentile of the way from webhook to the carrier must stay under it."""
SHAPES = (Shape(1, 2, 1), Shape(2, 2, 1), Shape(2, 4, 1), Shape(2, 2, 2))
SOAK_SHARE = 0.7
"""Of the rate that was kept."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What one rate came to."""

    rate: float
    waits: Waits
    cpu_ms: dict[str, float]

    @property
    def p95_s(self) -> float:
        return float("inf") if self.waits.unanswered else float(np.percentile(self.waits.answer, 95))

    @property
    def is_kept(self) -> bool:
        return self.p95_s < WITHIN_S and not self.waits.refused


def bench(arguments: Sequence[str] = ()) -> None:
    options = _options(arguments)
    with engines_with(options.providers) as (database, queue):
        best: tuple[float, Shape] = (0.0, options.shapes[0])
        for shape in options.shapes:
            kept = asyncio.run(_climb(database, queue, shape, options.rates, options.seconds))
            best = max(best, (kept, shape), key=lambda one: one[0])
        if best[0] and options.soak_s:
            asyncio.run(_soak(database, queue, best[1], best[0] * SOAK_SHARE, options.soak_s))


async def _climb(database: str, queue: str, shape: Shape, rates: Sequence[float], seconds: float) -> float:
    """From rate to rate, until one is not kept. The last that was."""
    twilio = CountingTwilio()
    carrier_url = await twilio.serve()
    kept_rate = 0.0
    with town(database, queue, carrier_url, free_ports(), shape) as here:
        parents = Parents(here.url, twilio)
        await parents.write(10, 3)
        _head(str(shape))
        for rate in rates:
            kept = await _at(rate, seconds, here, parents)
            _row(kept)
            if not kept.is_kept:
                break
            kept_rate = rate
        _tell_of(kept, here)
    return kept_rate


async def _at(rate: float, seconds: float, here: Town, parents: Parents) -> Kept:
    before = _cpu_s(here)
    waits = await parents.write(rate, seconds)
    after = _cpu_s(here)
    messages = len(waits.webhook)
    cpu = {role: 1000 * (after[role] - before.get(role, 0.0)) / messages for role in after}
    return Kept(rate, waits, cpu)


async def _soak(database: str, queue: str, shape: Shape, rate: float, seconds: float) -> None:
    """The same load for a long time: memory and waits at its beginning and at its end."""
    twilio = CountingTwilio()
    carrier_url = await twilio.serve()
    with town(database, queue, carrier_url, free_ports(), shape) as here:
        parents = Parents(here.url, twilio)
        await parents.write(rate, 10)
        print(f"\nA soak of {seconds:.0f} s at {rate:.0f} a second, {shape}\n")
        print(
            "| after s | answer p50 ms | p95 ms | web MB | worker MB | postgres MB | valkey MB | unanswered |"
        )
        print(
            "|---------|---------------|--------|--------|-----------|-------------|-----------|------------|"
        )
        parts = 6
        for part in range(1, parts + 1):
            waits = await parents.write(rate, seconds / parts)
            memory = _pss_mb(here)
            middle, most = 1000 * np.percentile(waits.answer, [50, 95])
            print(
                f"| {seconds * part / parts:7.0f} | {middle:13.0f} | {most:6.0f} | {memory['web']:6.0f} "
                f"| {memory['worker']:9.0f} | {memory['postgres']:11.0f} | {memory['valkey']:9.1f} "
                f"| {waits.unanswered:10} |",
                flush=True,
            )


def _head(shape: str) -> None:
    print(f"\nParents who write, are matched and answered: {shape}\n")
    print("| a second | webhook p50 ms | p99 ms | at carrier p50 ms | p95 ms | unanswered | late s |")
    print("|----------|----------------|--------|-------------------|--------|------------|--------|")


def _row(kept: Kept) -> None:
    waits = kept.waits
    webhook = 1000 * np.percentile(waits.webhook, [50, 99])
    answer = 1000 * np.percentile(waits.answer or [float("nan")], [50, 95])
    print(
        f"| {kept.rate:8.0f} | {webhook[0]:14.1f} | {webhook[1]:6.0f} | {answer[0]:17.0f} | {answer[1]:6.0f} "
        f"| {waits.unanswered + waits.refused:10} | {waits.late_s:6.2f} |",
        flush=True,
    )


def _tell_of(kept: Kept, here: Town) -> None:
    memory = _pss_mb(here)
    spent = ", ".join(f"{role} {ms:.1f}" for role, ms in sorted(kept.cpu_ms.items()))
    held = ", ".join(f"{role} {mb:.0f}" for role, mb in sorted(memory.items()))
    print(
        f"\nCPU ms a message: {spent}; together {sum(kept.cpu_ms.values()):.1f}. Memory, MB of PSS: {held}."
    )


def _cpu_s(here: Town) -> dict[str, float]:
    found: dict[str, float] = {}
    for role, processes in here.roles().items():
        for process in processes:
            times = process.cpu_times()
            found[role] = found.get(role, 0.0) + times.user + times.system
    return found


def _pss_mb(here: Town) -> dict[str, float]:
    """Memory by role: of pages that processes share, each counts its part."""
    return {role: sum(map(_pss_of, processes)) for role, processes in here.roles().items()}


def _pss_of(process: psutil.Process) -> float:
    for line in Path(f"/proc/{process.pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.load", description=__doc__)
    parser.add_argument("--providers", type=int, default=PROVIDERS, help="how many are on file")
    parser.add_argument("--rates", type=_numbers, default=RATES, help="a second, with commas between them")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="of each rate")
    parser.add_argument("--shapes", type=_shapes, default=SHAPES, help="web:threads:workers, with commas")
    parser.add_argument(
        "--soak", dest="soak_s", action="store_const", const=600.0, default=60.0, help="ten minutes, not one"
    )
    parser.add_argument("--no-soak", dest="soak_s", action="store_const", const=0.0)
    return parser.parse_args(arguments)


def _numbers(listed: str) -> tuple[float, ...]:
    return tuple(float(one) for one in listed.split(","))


def _shapes(listed: str) -> tuple[Shape, ...]:
    return tuple(Shape(*map(int, one.split(":"))) for one in listed.split(","))


if __name__ == "__main__":
    import sys

    print(f"{os.cpu_count()} cores")
    bench(sys.argv[1:])
