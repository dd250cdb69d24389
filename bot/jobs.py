"""The only place that puts jobs on queues. A job is a dotted path and one id; it never carries content.

The database holds what is to be done. A push that fails is therefore only a delay: the sweeper finds it.
"""

from __future__ import annotations

import logging
from enum import StrEnum

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.serializers import JSONSerializer

log = logging.getLogger(__name__)

JOB_TIMEOUT_S = 60
RESULT_TTL_S = 0
FAILURE_TTL_S = 24 * 3600


class QueueName(StrEnum):
    """The queues; a worker takes from each in turn."""

    REPLIES = "replies"
    SEARCHES = "searches"
    EVENTS = "events"
    UPKEEP = "upkeep"


SEND_TO = "workers.send_job.send_to"
ANSWER_SEARCH = "workers.search_job.answer_search"
SERVE_CONTACT = "workers.serve_job.serve_contact"
HANDLE_EVENT = "workers.event_job.handle_event"
SWEEP = "workers.sweep_job.sweep"

_QUEUE_OF = {
    SEND_TO: QueueName.REPLIES,
    SERVE_CONTACT: QueueName.REPLIES,
    ANSWER_SEARCH: QueueName.SEARCHES,
    HANDLE_EVENT: QueueName.EVENTS,
    SWEEP: QueueName.UPKEEP,
}


class Jobs:
    """Queues on one Redis."""

    def __init__(self, redis: Redis) -> None:
        self._queues = {
            name: Queue(name.value, connection=redis, serializer=JSONSerializer) for name in QueueName
        }

    def push(self, job: str, *row_ids: int, wait_at_most_s: int | None = None) -> bool:
        """Queue one job for one row (or for none). False: the queue is away, and the sweeper will find the row.

        `wait_at_most_s`: drop the job when nobody took it by then.
        """
        try:
            self._queues[_QUEUE_OF[job]].enqueue(
                job,
                args=row_ids,
                job_timeout=JOB_TIMEOUT_S,
                result_ttl=RESULT_TTL_S,
                failure_ttl=FAILURE_TTL_S,
                ttl=wait_at_most_s,
            )
        except RedisError as error:
            log.warning("queue away (%s): %s %s left to the sweeper", type(error).__name__, job, row_ids)
            return False
        return True


def connect(redis_url: str) -> Redis:
    """Redis or Valkey at this address, with time-outs on everything but a worker's own wait."""
    return Redis.from_url(redis_url, socket_connect_timeout=2, socket_timeout=5, health_check_interval=30)
