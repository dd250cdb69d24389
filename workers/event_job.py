"""Lets one event happen: into the conversation of the person it concerns, under their lock."""

from __future__ import annotations

import logging
from datetime import datetime

from bot import clock, pipeline, takeover
from bot.logs import tracing
from bot.messages import CaseReason, EventKind
from bot.points import Point, passed
from bot.store import Tx, cases, contacts, events, is_trouble
from bot.work import Work
from workers.context import services

log = logging.getLogger(__name__)


def handle_event(event_id: int) -> None:
    """An event that happened already, whose person is gone, or that waits until an operator hands their conversation
    back, is left alone."""
    here = services()
    now = clock.now()
    work = Work()
    with here.store.begin() as tx:
        contact_id = events.contact_of(tx, event_id)
        if contact_id is None:
            return
        person = contacts.lock(tx, contact_id)
        kept = events.waiting(tx, event_id, now)
        if kept is None:
            return
        passed(Point.EVENT_BEGUN)
        with tracing(kept.cause):
            try:
                with tx.attempt():
                    events.handled(tx, event_id, now)
                    if kept.event.kind is EventKind.GIVE_BACK:
                        takeover.give_back_if_forgotten(here, tx, person, now, work)
                    else:
                        pipeline.let_happen(here, tx, person, kept.event, kept.cause, now, work)
                log.info("%s happened", kept.event.kind.value)
            except Exception as error:
                if is_trouble(error):
                    raise
                log.exception("event %s (%s) could not happen", event_id, kept.event.kind.value)
                _put_off(tx, contact_id, kept, now)
        passed(Point.EVENT_HAPPENED)
    passed(Point.EVENT_COMMITTED)
    work.push(here.jobs)


def _put_off(tx: Tx, contact_id: int, kept: events.Kept, now: datetime) -> None:
    """Another try later; after the last one, a person looks."""
    if kept.attempts + 1 < events.MAX_ATTEMPTS:
        events.failed(tx, kept, now)
        return
    events.handled(tx, kept.id, now)
    told = {"reason": CaseReason.PROBLEM.value, "event": kept.event.kind.value, **kept.event.data}
    cases.open_case(tx, contact_id, f"event:{kept.id}", CaseReason.PROBLEM, told, now)
