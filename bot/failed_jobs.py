"""Jobs that ended in an error, kept for a day: which, of which row, and the error's name. Nothing anybody wrote is in
them (workers/discreet.py)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from redis import Redis
from rq import Queue
from rq.exceptions import InvalidJobOperation, NoSuchJobError
from rq.job import Job
from rq.registry import FailedJobRegistry
from rq.serializers import JSONSerializer

from bot.jobs import QueueName

FAILED_WITH = "failed-with"
"""Where a job bears the name of the error that it ended in."""


@dataclass(frozen=True, slots=True)
class FailedJob:
    """`job` is its dotted path, `rows` the ids it was for, `error` the name of what was raised."""

    id: str
    queue: QueueName
    job: str
    rows: tuple[int, ...]
    error: str
    failed_at: datetime | None


def latest(redis: Redis, limit: int) -> list[FailedJob]:
    """Those of each queue that failed last, at most so many of each. Raises RedisError."""
    return [
        _told(job, name)
        for name, registry in _registries(redis)
        for job_id in registry.get_job_ids(0, limit - 1, desc=True)
        if (job := _fetch(redis, job_id)) is not None
    ]


def put_back(redis: Redis, queue: QueueName, job_id: str | None = None, limit: int = 500) -> int:
    """Queue a failed job again, or all of a queue: how many there were. One that is not there any more is none. Raises
    RedisError."""
    registry = dict(_registries(redis))[queue]
    ids = [job_id] if job_id is not None else registry.get_job_ids(0, limit - 1)
    done = 0
    for one in ids:
        try:
            registry.requeue(one)
        except (InvalidJobOperation, NoSuchJobError):
            continue
        done += 1
    return done


def _registries(redis: Redis) -> Iterator[tuple[QueueName, FailedJobRegistry]]:
    for name in QueueName:
        queue = Queue(name.value, connection=redis, serializer=JSONSerializer)
        yield name, FailedJobRegistry(queue=queue)


def _fetch(redis: Redis, job_id: str) -> Job | None:
    try:
        return Job.fetch(job_id, connection=redis, serializer=JSONSerializer)
    except NoSuchJobError:
        return None


def _told(job: Job, queue: QueueName) -> FailedJob:
    error = str(job.meta.get(FAILED_WITH, ""))
    return FailedJob(
        id=job.id,
        queue=queue,
        job=job.func_name or "",
        rows=tuple(one for one in job.args if isinstance(one, int)),
        error=error if re.fullmatch(r"[\w.]{1,80}", error) else "",
        failed_at=_aware(job.ended_at) if job.ended_at else None,
    )


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
