"""Lets one event happen: into the conversation of the person it concerns, under their lock."""

from __future__ import annotations

from datetime import UTC, datetime

from bot import pipeline
from bot.store import contacts, events
from bot.work import Work
from workers.context import services


def handle_event(event_id: int) -> None:
    """An event that happened already, or whose person is gone, is left alone."""
    here = services()
    now = datetime.now(UTC)
    work = Work()
    with here.store.begin() as tx:
        contact_id = events.contact_of(tx, event_id)
        if contact_id is None:
            return
        person = contacts.lock(tx, contact_id)
        kept = events.waiting(tx, event_id, now)
        if kept is None:
            return
        events.handled(tx, event_id, now)
        pipeline.let_happen(here, tx, person, kept.event, kept.cause, now, work)
    work.push(here.jobs)
