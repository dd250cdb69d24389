"""Counts beforehand what the page of figures shows: families by where and when they asked, and messages by week."""

from __future__ import annotations

import logging
import time
from datetime import datetime, timedelta

from bot import clock
from bot.channels.prices import Prices
from bot.counting import counting, traffic
from bot.store import Tx, looks, tallies
from bot.weeks import WEEK, week_of, weeks_from
from workers.context import services

log = logging.getLogger(__name__)

EVERY_S = 600
AT_MOST_S = 30
"""So long one run works; what is left over waits for the next."""
STILL_MOVING = timedelta(days=7)
"""So long after a week the carrier may still tell what became of its messages."""


def tally() -> None:
    """Count what happened since the last look. Run twice, or by two at a time, it counts nothing twice."""
    now = clock.now()
    until = time.monotonic() + AT_MOST_S
    families = _families(now, until)
    weeks = _traffic(now, until)
    log.debug("counted: %s families, %s weeks of messages", families, weeks)


def _families(now: datetime, until: float) -> int:
    counted, slice_ = 0, counting.SHORTEST
    while time.monotonic() < until:
        with services().store.begin() as tx:
            if not tallies.alone(tx):
                break
            since = _since(tx, now)
            ends = min(now, since + slice_)
            people = counting.count_families(tx, services().places, since - counting.OVERLAP, ends)
            looks.looked(tx, counting.LOOK, ends)
        counted += people
        slice_ = counting.next_slice(slice_, people)
        if ends >= now:
            break
    return counted


def _since(tx: Tx, now: datetime) -> datetime:
    """Where the last look ended; for the first, where there is something to look at."""
    if last := looks.last(tx, counting.LOOK):
        return min(last, now)
    return min(now, max(now - counting.FIRST_LOOK, tallies.first_heard(tx) or now))


def _traffic(now: datetime, until: float) -> int:
    """What was never counted, this week and the last. The oldest first: what replies cost depends on how many there
    were before them in the month."""
    counted = 0
    kept_from = now - timedelta(days=services().settings.keep_messages_days) + WEEK
    with services().store.begin() as tx:
        done = tallies.weeks_of_traffic(tx)
    for week in weeks_from(min(kept_from, now), now):
        moving = week >= week_of(now - STILL_MOVING)
        if time.monotonic() > until or (week in done and not moving):
            continue
        with services().store.begin() as tx:
            if not tallies.alone(tx):
                break
            tallies.take_longer(tx)
            counted += bool(traffic.count_week(tx, week, Prices()))
    return counted
