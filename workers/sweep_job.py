"""Finds what got stuck: committed, and not on a queue. The database says what is to be done; this queues it again."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

from bot import jobs
from bot.settings import SEND_LEASE
from bot.store import events, inbox, outbox, searches
from workers.context import services

log = logging.getLogger(__name__)

SETTLED = timedelta(seconds=5)
"""What is younger than this is probably on its way already."""

EVERY_S = 2


def sweep() -> None:
    """Queue messages kept without an answer, searches without a result, replies that did not leave, and events
    whose time has come."""
    here = services()
    now = datetime.now(UTC)
    with here.store.begin() as tx:
        waiting = inbox.contacts_waiting(tx, now - SETTLED)
        overdue = searches.overdue(tx, now - SETTLED)
        due = outbox.contacts_due(tx, now, SEND_LEASE)
        happening = events.due(tx, now)
    for contact_id in waiting:
        here.jobs.push(jobs.SERVE_CONTACT, contact_id)
    for search_id in overdue:
        here.jobs.push(jobs.ANSWER_SEARCH, search_id)
    for contact_id in due:
        here.jobs.push(jobs.SEND_TO, contact_id)
    for event_id in happening:
        here.jobs.push(jobs.HANDLE_EVENT, event_id)
    if waiting or overdue or due or happening:
        log.info(
            "swept: %s unanswered, %s searches, %s people to send to, %s events",
            len(waiting),
            len(overdue),
            len(due),
            len(happening),
        )
