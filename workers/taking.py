"""Which job a worker takes next, and what it does when its queue goes away."""

from __future__ import annotations

import logging
import time
from datetime import UTC, datetime
from types import FrameType

from redis import Redis
from redis.client import Pipeline
from redis.exceptions import RedisError
from rq import Queue, SimpleWorker
from rq.exceptions import StopRequested
from rq.job import Job, JobStatus
from rq.serializers import JSONSerializer
from rq.timeouts import JobTimeoutException, TimerDeathPenalty
from rq.worker import WorkerStatus

from bot import jobs
from bot.failed_jobs import FAILED_WITH
from workers.beside import LONG, Beside
from workers.discreet import DiscreetJob, JobFailed

log = logging.getLogger(__name__)

TURN_OF_THE_LAST = 8
"""Of so many jobs one is the least urgent that waits: what is upkeep must happen too, however much there is to say."""

AGAIN_AFTER_S = 1.0
HEARTBEAT_S = 5.0


class UrgentFirst(SimpleWorker):
    """Takes the most urgent job that waits; every `TURN_OF_THE_LAST`th time the least urgent one.

    It runs jobs in its own process (no fork per job): a job is milliseconds, a fork of a process that holds the model
    is not.
    """

    death_penalty_class = TimerDeathPenalty
    job_class = DiscreetJob
    max_connection_wait_time = 2.0
    """Seconds between two looks whether a queue that went away is back."""
    told_to_stop = False
    beside: Beside | None = None
    """Where what may take long is done; None: here as well."""

    def reorder_queues(self, reference_queue: Queue) -> None:
        """RQ asks for it after each job: in which order the queues are looked at for the next."""
        self._taken = getattr(self, "_taken", 0) + 1
        last_comes_first = self._taken % TURN_OF_THE_LAST == TURN_OF_THE_LAST - 1
        self._ordered_queues = self.queues[::-1] if last_comes_first else self.queues[:]

    def execute_job(self, job: Job, queue: Queue) -> None:
        """Run it, and forget it: what is done and what is not, the database says (sweep_job.py). RQ's own book-keeping
        of who runs what would be thirty ways to Redis and back for each job; only what failed is kept for a while."""
        self._state = WorkerStatus.BUSY  # told to stop, it ends this job first
        self.connection.delete(job.key)
        if self.beside is not None:
            self.beside.look()
            if job.func_name in LONG:
                self.beside.start(job.func_name)
                self._state = WorkerStatus.IDLE
                return
        try:
            with self.death_penalty_class(jobs.JOB_TIMEOUT_S, JobTimeoutException, job_id=job.id):
                job.perform()
        except Exception as error:
            job.ended_at = datetime.now(UTC)
            job.meta = {FAILED_WITH: str(error) if isinstance(error, JobFailed) else type(error).__name__}
            job.save()
            job.set_status(JobStatus.FAILED)
            job.failed_job_registry.add(job, ttl=job.failure_ttl, exc_string=str(error))
        finally:
            self._state = WorkerStatus.IDLE

    def heartbeat(self, timeout: int | None = None, pipeline: Pipeline | None = None) -> None:
        """RQ tells Redis three times for each job that the worker lives; now and then is enough."""
        if self._has_beaten_within(HEARTBEAT_S):
            return
        super().heartbeat(timeout, pipeline)

    def set_state(self, state: str, pipeline: Pipeline | None = None) -> None:
        """Idle or busy changes many times a second: it is told with the heartbeat, if at all."""
        self._state = state
        if not self._has_beaten_within(HEARTBEAT_S):
            super().set_state(state, pipeline)

    def check_for_suspension(self, burst: bool) -> None:
        """Likewise whether all workers are to pause."""
        if not self._has_beaten_within(HEARTBEAT_S):
            super().check_for_suspension(burst)

    def subscribe(self) -> None:
        """RQ listens in a thread for commands by Redis. Nobody commands a worker so: it is told to stop by a signal,
        and jobs are too short to be stopped."""

    def procline(self, message: str) -> None:
        """The process keeps its name."""

    def _has_beaten_within(self, seconds: float) -> bool:
        beaten = getattr(self, "last_heartbeat", None)
        return beaten is not None and (datetime.now(UTC) - beaten).total_seconds() < seconds

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        self.told_to_stop = True
        super().request_stop(signum, frame)


def take_jobs(redis: Redis, burst: bool = False) -> None:
    """Run jobs until told to stop; with `burst`, until there are none. A queue that goes away is waited for."""
    beside = None if burst else Beside()
    try:
        while True:
            queues = [
                Queue(name.value, connection=redis, serializer=JSONSerializer) for name in jobs.QueueName
            ]
            worker = UrgentFirst(queues, connection=redis, serializer=JSONSerializer)
            worker.beside = beside
            try:
                worker.work(burst=burst, logging_level="WARNING")
            except RedisError as error:
                log.warning("the queue went away (%s)", type(error).__name__)
            if burst or worker.told_to_stop:
                return
            try:
                time.sleep(AGAIN_AFTER_S)
            except StopRequested:
                return
    finally:
        if beside is not None:
            beside.stop()
