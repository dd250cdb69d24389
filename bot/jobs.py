"""The only place that puts jobs on queues. A job is a dotted path and one id; it never carries content.

The database holds what is to be done. A push that fails is therefore only a delay: the sweeper finds it.
"""

from __future__ import annotations

import logging
from enum import StrEnum

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from rq import Queue
from rq.serializers import JSONSerializer

from bot.messages import Urgency

log = logging.getLogger(__name__)

JOB_TIMEOUT_S = 60
RESULT_TTL_S = 0
FAILURE_TTL_S = 24 * 3600


class QueueName(StrEnum):
    """The queues, the most urgent first."""

    EMERGENCY = "emergency"
    REPLIES = "replies"
    OFFERS = "offers"
    FOLLOW_UPS = "follow_ups"
    UPKEEP = "upkeep"


SEND_TO = "workers.send_job.send_to"
ANSWER_SEARCH = "workers.search_job.answer_search"
SERVE_CONTACT = "workers.serve_job.serve_contact"
HANDLE_EVENT = "workers.event_job.handle_event"
SWEEP = "workers.sweep_job.sweep"
RECONCILE = "workers.reconcile_job.reconcile"
RETAIN = "workers.retention_job.retain"
LAY_OUT = "workers.label_job.lay_out"
TALLY = "workers.tally_job.tally"

FOR_PEOPLE = (SEND_TO, ANSWER_SEARCH, SERVE_CONTACT, HANDLE_EVENT)
UPKEEP = (SWEEP, RECONCILE, RETAIN, LAY_OUT, TALLY)

_QUEUE_OF = {
    Urgency.EMERGENCY: QueueName.EMERGENCY,
    Urgency.REPLY: QueueName.REPLIES,
    Urgency.OFFER: QueueName.OFFERS,
    Urgency.FOLLOW_UP: QueueName.FOLLOW_UPS,
}


class Jobs:
    """Queues on one Redis."""

    def __init__(self, redis: Redis) -> None:
        self.redis = redis
        self._queues = {
            name: Queue(name.value, connection=redis, serializer=JSONSerializer) for name in QueueName
        }

    def push(
        self,
        job: str,
        *row_ids: int,
        urgency: Urgency = Urgency.REPLY,
        wait_at_most_s: int | None = None,
    ) -> bool:
        """Queue one job for one row (or for none). False: the queue is away, and the sweeper will find the row.

        `urgency` says on which queue, unless the job is upkeep; `wait_at_most_s`: drop it when nobody took it by then.
        """
        queue = QueueName.UPKEEP if job in UPKEEP else _QUEUE_OF[urgency]
        at_once = self.redis.pipeline(transaction=False)  # one way to Redis and back, not RQ's three
        try:
            self._queues[queue].enqueue(
                job,
                args=row_ids,
                job_timeout=JOB_TIMEOUT_S,
                result_ttl=RESULT_TTL_S,
                failure_ttl=FAILURE_TTL_S,
                ttl=wait_at_most_s,
                pipeline=at_once,
            )
            at_once.execute()
        except RedisError as error:
            log.warning("queue away (%s): %s %s left to the sweeper", type(error).__name__, job, row_ids)
            return False
        return True

    def waiting(self, urgency: Urgency) -> int:
        """How many jobs of this urgency wait. Raises RedisError."""
        return self._queues[_QUEUE_OF[urgency]].count


def connect(redis_url: str) -> Redis:
    """Redis or Valkey at this address, with time-outs on everything but a worker's own wait. One more try mends a line
    that was cut while idle; more would keep a message's sender waiting, and the sweeper is there."""
    return Redis.from_url(
        redis_url,
        socket_connect_timeout=1,
        socket_timeout=2,
        retry=Retry(NoBackoff(), 1),
        health_check_interval=30,
    )
