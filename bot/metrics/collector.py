"""Reads the truth when it is asked for: PostgreSQL and Redis, at most once in a while, however many ask."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from threading import Lock

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from redis import Redis
from redis.exceptions import RedisError

from bot import clock, pulse
from bot.metrics.catalogue import CATALOGUE
from bot.store import Store, figures
from bot.store.figures import Figure

log = logging.getLogger(__name__)

KEPT_S = 10.0
"""Whoever asks again within it hears the same: a Prometheus asks every 15 seconds or more."""


class Truth(Collector):
    """The metrics of the catalogue. Reading raises nothing: what cannot be read is left out, and `ayllu_up` and
    `ayllu_figures_missing` say so."""

    def __init__(self, store: Store, redis: Redis) -> None:
        self._store = store
        self._redis = redis
        self._lock = Lock()
        self._read: list[Figure] = []
        self._read_at: float | None = None

    def describe(self) -> list[Metric]:
        """Nothing is read when the collector is registered."""
        return [
            GaugeMetricFamily(name, metric.help, labels=metric.labels) for name, metric in CATALOGUE.items()
        ]

    def collect(self) -> Iterator[Metric]:
        families = {family.name: family for family in self.describe()}
        for metric, labels, value in self._fresh():
            families[metric].add_metric(labels, value)  # type: ignore[attr-defined]
        yield from families.values()

    def _fresh(self) -> list[Figure]:
        with self._lock:
            if self._read_at is None or time.monotonic() - self._read_at > KEPT_S:
                self._read = [*self._of_the_database(), *self._of_the_queue()]
                self._read_at = time.monotonic()
            return self._read

    def _of_the_database(self) -> list[Figure]:
        found = figures.read(self._store, clock.now())
        return [
            Figure("ayllu_up", ("database",), float(found.reached)),
            *(
                Figure("ayllu_figures_missing", (name,), float(name in found.missing))
                for name in figures.QUESTIONS
            ),
            *found.read,
        ]

    def _of_the_queue(self) -> list[Figure]:
        try:
            felt = pulse.feel(self._redis)
        except RedisError as error:
            log.warning("the queues could not be read (%s)", type(error).__name__)
            return [Figure("ayllu_up", ("queue",), 0.0)]
        seen = {
            "ayllu_worker_seen_seconds": felt.worker_seen_s,
            "ayllu_scheduler_seen_seconds": felt.scheduler_seen_s,
        }
        return [
            Figure("ayllu_up", ("queue",), 1.0),
            Figure("ayllu_workers", (), felt.workers),
            *(Figure("ayllu_jobs_waiting", (queue,), count) for queue, count in felt.waiting.items()),
            *(Figure("ayllu_jobs_failed", (queue,), count) for queue, count in felt.failed.items()),
            *(Figure(name, (), age) for name, age in seen.items() if age is not None),
        ]
