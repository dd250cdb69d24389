"""Signs of life in Redis: what waits on the queues, which workers there are, when the scheduler last struck, and when
the sweeper last went through."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime

from redis import Redis
from rq import Queue, Worker
from rq.registry import FailedJobRegistry
from rq.serializers import JSONSerializer

from bot.jobs import QueueName

SCHEDULER = "ayllu:scheduler"
SWEEPER = "ayllu:sweeper"
KEPT_S = 24 * 3600


@dataclass(frozen=True, slots=True)
class Pulse:
    """`waiting` and `failed` are jobs by queue, `oldest_s` for how long the first of them has been waiting; ages are in
    seconds, None where there is no sign at all."""

    waiting: dict[str, int]
    failed: dict[str, int]
    workers: int
    worker_seen_s: float | None
    scheduler_seen_s: float | None
    sweeper_seen_s: float | None
    oldest_s: dict[str, float | None]


def strike(redis: Redis) -> None:
    """The scheduler lives. Raises RedisError."""
    redis.set(SCHEDULER, repr(time.time()), ex=KEPT_S)


def swept(redis: Redis) -> None:
    """The sweeper went through. Raises RedisError."""
    redis.set(SWEEPER, repr(time.time()), ex=KEPT_S)


def feel(redis: Redis) -> Pulse:
    """The signs there are now. Raises RedisError."""
    queues = {
        name.value: Queue(name.value, connection=redis, serializer=JSONSerializer) for name in QueueName
    }
    workers = Worker.all(connection=redis)
    seen = [_aware(worker.last_heartbeat) for worker in workers if worker.last_heartbeat]
    now = datetime.now(UTC)
    return Pulse(
        waiting={name: queue.count for name, queue in queues.items()},
        failed={name: len(FailedJobRegistry(queue=queue)) for name, queue in queues.items()},
        workers=len(workers),
        worker_seen_s=max(0.0, (now - max(seen)).total_seconds()) if seen else None,
        scheduler_seen_s=_seen(redis, SCHEDULER, now),
        sweeper_seen_s=_seen(redis, SWEEPER, now),
        oldest_s={name: _oldest(queue, now) for name, queue in queues.items()},
    )


def _seen(redis: Redis, sign: str, now: datetime) -> float | None:
    at = redis.get(sign)
    return max(0.0, now.timestamp() - float(at)) if isinstance(at, bytes) else None


def _oldest(queue: Queue, now: datetime) -> float | None:
    """The first on the queue may have been taken since; then nothing is said of it."""
    first = queue.get_job_ids(0, 1)
    job = queue.fetch_job(first[0]) if first else None
    if job is None or job.enqueued_at is None:
        return None
    return max(0.0, (now - _aware(job.enqueued_at)).total_seconds())


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
