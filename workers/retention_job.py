"""Forgets what was kept long enough: messages, then people (KEEP_MESSAGES_DAYS, KEEP_PEOPLE_DAYS)."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from bot import clock, exchange
from bot.exchange import Desk
from bot.store import Tx, contacts, retention, uploads
from bot.work import Work
from workers.context import services

log = logging.getLogger(__name__)

EVERY_S = 3600
AT_MOST_S = 30
"""So long one run works; what is left over waits for the next."""
ROWS = 1000
PEOPLE = 100


def retain() -> None:
    """Delete messages older than they are kept, and people who have not written for so long. Run twice, or stopped
    in the middle, it does no harm."""
    here, now = services(), clock.now()
    until = time.monotonic() + AT_MOST_S
    old = now - timedelta(days=here.settings.keep_messages_days)
    older = now - timedelta(days=here.settings.keep_people_days)
    gone = {
        name: _until_none(lambda tx, delete=delete, before=before: delete(tx, before, ROWS), until)  # type: ignore[misc]
        for before, deletions in ((old, retention.DELETIONS), (older, retention.AS_LONG_AS_PEOPLE))
        for name, delete in deletions.items()
    }
    with here.store.begin() as tx:
        uploads.forget_old(tx, now)
    people = _forget_people(now, until)
    if people or any(gone.values()):
        told = ", ".join(f"{count} {name}" for name, count in gone.items())
        log.info("forgotten as too old: %s, %s people", told, people)


def _until_none(delete: Callable[[Tx], int], until: float) -> int:
    """Delete some rows at a time, each in a transaction of its own: how many went."""
    total = 0
    while time.monotonic() < until:
        with services().store.begin() as tx:
            found = delete(tx)
        total += found
        if found < ROWS:
            break
    return total


def _forget_people(now: datetime, until: float) -> int:
    here = services()
    silent_since = now - timedelta(days=here.settings.keep_people_days)
    with here.store.begin() as tx:
        silent = contacts.silent_since(tx, silent_since, PEOPLE)
    forgotten = 0
    for contact_id in silent:
        if time.monotonic() > until:
            break
        forgotten += _forget(contact_id, silent_since, now)
    return forgotten


def _forget(contact_id: int, silent_since: datetime, now: datetime) -> bool:
    """Forget one person under their lock, unless they wrote just now, or are gone."""
    here, work = services(), Work()
    with here.store.begin() as tx:
        if contacts.known(tx, contact_id) is None:
            return False
        contacts.lock(tx, contact_id)
        if contacts.wrote_since(tx, contact_id, silent_since):
            return False
        rules = here.settings.offer_rules
        exchange.forget_silent(Desk(tx, rules, now, work, not here.settings.live), contact_id)
    work.push(here.jobs)
    return True
