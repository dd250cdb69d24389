"""Answers messages that were kept but not answered when they came."""

from __future__ import annotations

from bot import clock
from bot.pipeline import serve_waiting
from bot.points import Point, passed
from bot.store import contacts
from bot.work import Work
from workers.context import services


def serve_contact(contact_id: int) -> None:
    """Answer the person's waiting messages, oldest first."""
    here = services()
    work = Work()
    with here.store.begin() as tx:
        if contacts.known(tx, contact_id) is None:
            return
        passed(Point.SERVE_BEGUN)
        serve_waiting(here, tx, contacts.lock(tx, contact_id), clock.now(), work)
    passed(Point.SERVE_COMMITTED)
    work.push(here.jobs)
