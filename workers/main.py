"""The processes that work: `python -m workers` takes jobs, `python -m workers scheduler` sets the clock, and `python -m
workers beside JOB` does one job that may take long.

Every job may be killed at any moment; the database's own record brings it back (sweep_job.py).
"""

from __future__ import annotations

import logging
import signal
import time
from threading import Event

from redis import Redis
from redis.exceptions import RedisError

from bot import jobs, pulse
from bot.logs import set_up_logging
from bot.points import Point, passed
from bot.services import wire
from bot.settings import Settings
from workers import beside, context, label_job, reconcile_job, retention_job, sweep_job, tally_job
from workers.taking import take_jobs

log = logging.getLogger(__name__)

RETURNING = {
    jobs.SWEEP: sweep_job.EVERY_S,
    jobs.RECONCILE: reconcile_job.EVERY_S,
    jobs.RETAIN: retention_job.EVERY_S,
    jobs.LAY_OUT: label_job.EVERY_S,
    jobs.TALLY: tally_job.EVERY_S,
}
"""What is to be done again and again, and after how many seconds."""


def work(burst: bool = False, worker_redis: Redis | None = None) -> None:
    """Take jobs, the urgent first, until told to stop; with `burst`, until there are none."""
    take_jobs(worker_redis or jobs.connect(context.services().settings.redis_url), burst)


def schedule(queues: jobs.Jobs, stopped: Event) -> None:
    """Queue what returns, each at its time, until told to stop. Two schedulers do no harm: none of it changes anything
    twice.

    RQ's own cron (3.0) pickles its jobs, and ours are JSON; hence this loop.
    """
    due = dict.fromkeys(RETURNING, time.monotonic())
    while not stopped.wait(TICK_S):
        now = time.monotonic()
        if due[jobs.SWEEP] <= now:
            _say_alive(queues)
        for job, every_s in RETURNING.items():
            if due[job] <= now:
                passed(Point.CLOCK_STRUCK)
                queues.push(job, wait_at_most_s=every_s)
                due[job] = now + every_s


def _say_alive(queues: jobs.Jobs) -> None:
    try:
        pulse.strike(queues.redis)
    except RedisError as error:
        log.warning("the queue is away (%s)", type(error).__name__)


TICK_S = 0.5


def main(arguments: list[str]) -> None:
    settings = Settings.load()
    set_up_logging(settings.log_level, settings.log_format)
    if arguments[:1] == [beside.COMMAND]:
        beside.run(arguments[1], settings)
    elif arguments == ["scheduler"]:
        stopped = Event()
        for stop_signal in (signal.SIGTERM, signal.SIGINT):
            signal.signal(stop_signal, lambda *_: stopped.set())
        schedule(jobs.Jobs(jobs.connect(settings.redis_url)), stopped)
    else:
        context.use(wire(settings, pool_size=2))
        work()
