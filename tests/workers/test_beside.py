"""What may take long is done beside the worker, in a process that ends with its work, or with the worker."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import suppress

import psutil
import pytest

from bot import jobs
from bot.counting import counting
from bot.services import Services
from bot.store import looks
from tests.workers.processes import processes
from workers.beside import LONG, Beside

WITHIN_S = 60


@pytest.fixture
def beside() -> Iterator[Beside]:
    started = Beside()
    yield started
    started.stop()


def wait_for(what: Callable[[], object]) -> None:
    deadline = time.monotonic() + WITHIN_S
    while not what():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def those_beside() -> list[psutil.Process]:
    """Processes that some worker of this test started, and that have not ended."""
    found = []
    for child in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):  # a zombie is none either
            found += [child] if "beside" in child.cmdline() else []
    return found


def test_a_worker_has_it_counted_by_another_process(services: Services) -> None:
    with processes(services.settings, webs=1, workers=1):
        services.jobs.push(jobs.TALLY)
        wait_for(those_beside)

        def counted() -> bool:
            with services.store.begin() as tx:
                return looks.last(tx, counting.LOOK) is not None

        wait_for(counted)
        wait_for(lambda: not those_beside())


def test_what_still_runs_is_not_begun_again_and_ends_with_the_worker(beside: Beside) -> None:
    beside.start(jobs.TALLY)
    beside.start(jobs.TALLY)
    wait_for(those_beside)
    (running,) = those_beside()
    beside.stop()
    assert not running.is_running()


def test_what_must_be_quick_is_never_done_beside() -> None:
    assert LONG.keys().isdisjoint({*jobs.FOR_PEOPLE, jobs.SWEEP, jobs.RECONCILE})
