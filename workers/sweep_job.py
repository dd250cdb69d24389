"""Finds what got stuck: committed, and not on a queue. The database says what is to be done; this queues it again."""

from __future__ import annotations

import logging
from datetime import timedelta

from redis.exceptions import RedisError

from bot import clock, jobs, pulse
from bot.messages import Urgency
from bot.points import Point, passed
from bot.services import Services
from bot.settings import SEND_LEASE
from bot.store import events, inbox, outbox, searches
from workers.context import services

log = logging.getLogger(__name__)

SETTLED = timedelta(seconds=5)
"""What is younger than this is probably on its way already."""

EVERY_S = 2

FULL = 200
"""A queue with so many jobs is left to empty itself: what is looked for here is most likely on it already."""


def sweep() -> None:
    """Queue messages kept without an answer, searches without a result, replies that did not leave, and events
    whose time has come."""
    here = services()
    now = clock.now()
    with here.store.begin() as tx:
        waiting = inbox.contacts_waiting(tx, now - SETTLED, now)
        overdue = searches.overdue(tx, now - SETTLED, now)
        due = outbox.contacts_due(tx, now, SEND_LEASE)
        happening = events.due(tx, now)
    passed(Point.SWEEP_LOOKED)
    with_room = _queues_with_room(here)
    for job, row_id, urgency in [
        *((jobs.ANSWER_SEARCH, search_id, Urgency.REPLY) for search_id in overdue),
        *((jobs.SERVE_CONTACT, contact_id, Urgency.REPLY) for contact_id in waiting),
        *((jobs.SEND_TO, contact_id, urgency) for contact_id, urgency in due.items()),
        *((jobs.HANDLE_EVENT, event_id, urgency) for event_id, urgency in happening.items()),
    ]:
        if urgency in with_room:
            here.jobs.push(job, row_id, urgency=urgency)
            passed(Point.SWEEP_QUEUED)
    _say_swept(here)
    if waiting or overdue or due or happening:
        log.info(
            "swept: %s unanswered, %s searches, %s people to send to, %s events",
            len(waiting),
            len(overdue),
            len(due),
            len(happening),
        )


def _say_swept(here: Services) -> None:
    try:
        pulse.swept(here.redis)
    except RedisError as error:
        log.warning("the queue is away (%s)", type(error).__name__)


def _queues_with_room(here: Services) -> set[Urgency]:
    try:
        return {urgency for urgency in Urgency if here.jobs.waiting(urgency) < FULL}
    except RedisError:
        return set()
