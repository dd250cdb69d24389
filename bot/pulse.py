"""Signs of life in Redis: what waits on the queues, which workers there are, when the scheduler last struck."""

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
KEPT_S = 24 * 3600


@dataclass(frozen=True, slots=True)
class Pulse:
    """`waiting` and `failed` are jobs by queue; the ages are in seconds, None where there is no sign at all."""

    waiting: dict[str, int]
    failed: dict[str, int]
    workers: int
    worker_seen_s: float | None
    scheduler_seen_s: float | None


def strike(redis: Redis) -> None:
    """The scheduler lives. Raises RedisError."""
    redis.set(SCHEDULER, repr(time.time()), ex=KEPT_S)


def feel(redis: Redis) -> Pulse:
    """The signs there are now. Raises RedisError."""
    queues = {
        name.value: Queue(name.value, connection=redis, serializer=JSONSerializer) for name in QueueName
    }
    workers = Worker.all(connection=redis)
    seen = [_aware(worker.last_heartbeat) for worker in workers if worker.last_heartbeat]
    struck = redis.get(SCHEDULER)
    now = datetime.now(UTC)
    return Pulse(
        waiting={name: queue.count for name, queue in queues.items()},
        failed={name: len(FailedJobRegistry(queue=queue)) for name, queue in queues.items()},
        workers=len(workers),
        worker_seen_s=max(0.0, (now - max(seen)).total_seconds()) if seen else None,
        scheduler_seen_s=max(0.0, now.timestamp() - float(struck)) if isinstance(struck, bytes) else None,
    )


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
