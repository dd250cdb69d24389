"""The processes that work: `python -m workers` takes jobs, `python -m workers scheduler` sets the clock.

A worker runs jobs in its own process (no fork per job): a job is milliseconds, a fork of a process that holds the
model is not. Every job may be killed at any moment; the database's own record brings it back (sweep_job.py).
"""

from __future__ import annotations

import signal
from threading import Event

from redis import Redis
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer
from rq.timeouts import TimerDeathPenalty
from rq.worker import DequeueStrategy

from bot import jobs
from bot.logs import set_up_logging
from bot.services import wire
from bot.settings import Settings
from workers import context, sweep_job


def work(burst: bool = False, worker_redis: Redis | None = None) -> None:
    """Take jobs from each queue in turn, so that none waits for another to be empty, until told to stop; with `burst`,
    until there are none."""
    redis = worker_redis or jobs.connect(context.services().settings.redis_url)
    queues = [Queue(name.value, connection=redis, serializer=JSONSerializer) for name in jobs.QueueName]
    worker = SimpleWorker(queues, connection=redis, serializer=JSONSerializer)
    worker.death_penalty_class = TimerDeathPenalty
    worker.work(burst=burst, logging_level="WARNING", dequeue_strategy=DequeueStrategy.ROUND_ROBIN)


def schedule(queues: jobs.Jobs, stopped: Event) -> None:
    """Queue the sweep, again and again, until told to stop. Two schedulers do no harm: a sweep changes nothing twice.

    RQ's own cron (3.0) pickles its jobs, and ours are JSON; hence this loop.
    """
    while not stopped.wait(sweep_job.EVERY_S):
        queues.push(jobs.SWEEP, wait_at_most_s=sweep_job.EVERY_S)


def main(arguments: list[str]) -> None:
    settings = Settings.load()
    set_up_logging(settings.log_level)
    if arguments == ["scheduler"]:
        stopped = Event()
        for stop_signal in (signal.SIGTERM, signal.SIGINT):
            signal.signal(stop_signal, lambda *_: stopped.set())
        schedule(jobs.Jobs(jobs.connect(settings.redis_url)), stopped)
    else:
        context.use(wire(settings, pool_size=2))
        work()
