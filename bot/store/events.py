"""What is to reach a person's conversation at a time: kept until it did, once for its cause."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from bot.messages import Event, EventKind, Urgency
from bot.store import tables, takeovers
from bot.store.database import Tx

MAX_ATTEMPTS = 5
"""After so many failures an event is let go, and shown to a person."""
FIRST_DELAY = timedelta(seconds=10)

GO_ON = (EventKind.MOVE_ON, EventKind.LEFT, EventKind.ERASED, EventKind.GIVE_BACK)
"""What happens also while a person of Ayllu has taken over the conversation: the other side waits for it. All else is
for this person's ears, and waits until the bot speaks to them again."""


class Kept(NamedTuple):
    """An event that waits, its cause, how often it failed to happen, and since when it is due."""

    id: int
    cause: str
    event: Event
    attempts: int
    due_at: datetime


def add(tx: Tx, contact_id: int, cause: str, event: Event, due_at: datetime, now: datetime) -> int | None:
    """Keep an event for a person. Its id; None where its cause made one before."""
    return tx.session.scalar(
        insert(tables.Event)
        .values(
            contact_id=contact_id,
            cause=cause,
            kind=event.kind.value,
            data_sealed=tx.vault.seal_json(event.data),
            due_at=due_at,
            created_at=now,
        )
        .on_conflict_do_nothing(index_elements=[tables.Event.cause])
        .returning(tables.Event.id)
    )


def contact_of(tx: Tx, event_id: int) -> int | None:
    """Whom it concerns; None when it is gone, its person with it."""
    return tx.session.scalar(select(tables.Event.contact_id).where(tables.Event.id == event_id))


def may_happen() -> ColumnElement[bool]:
    """The condition that nobody has taken over the conversation that an event is for, or that it happens all the
    same."""
    return or_(tables.Event.kind.in_(GO_ON), ~takeovers.is_taken(tables.Event.contact_id))


def waiting(tx: Tx, event_id: int, now: datetime) -> Kept | None:
    """The event if it is due, may happen and did not yet. Call it under the person's lock."""
    row = tx.session.scalars(
        select(tables.Event).where(
            tables.Event.id == event_id,
            tables.Event.handled_at.is_(None),
            tables.Event.due_at <= now,
            may_happen(),
        )
    ).one_or_none()
    return None if row is None else _kept(tx, row)


def held_back(tx: Tx, contact_id: int, now: datetime) -> list[Kept]:
    """The person's events that are due and did not happen, since somebody has taken over; in the order of their
    times."""
    rows = tx.session.scalars(
        select(tables.Event)
        .where(
            tables.Event.contact_id == contact_id,
            tables.Event.handled_at.is_(None),
            tables.Event.due_at <= now,
            tables.Event.kind.not_in(GO_ON),
        )
        .order_by(tables.Event.due_at, tables.Event.id)
    )
    return [_kept(tx, row) for row in rows]


def _kept(tx: Tx, row: tables.Event) -> Kept:
    event = Event(EventKind(row.kind), tx.vault.open_json(row.data_sealed))
    return Kept(row.id, row.cause, event, row.attempts, row.due_at)


def handled(tx: Tx, event_id: int, now: datetime) -> None:
    """It happened."""
    tx.session.execute(update(tables.Event).where(tables.Event.id == event_id).values(handled_at=now))


def failed(tx: Tx, kept: Kept, now: datetime) -> None:
    """It could not happen; it is tried again later, each time after a longer wait."""
    later = now + FIRST_DELAY * 2**kept.attempts
    tx.session.execute(
        update(tables.Event)
        .where(tables.Event.id == kept.id)
        .values(attempts=tables.Event.attempts + 1, due_at=later)
    )


def due(tx: Tx, now: datetime, limit: int = 200) -> dict[int, Urgency]:
    """Events whose time has come and that may happen, in the order of their times, and how urgent each is."""
    rows = tx.session.execute(
        select(tables.Event.id, tables.Event.kind)
        .where(tables.Event.handled_at.is_(None), tables.Event.due_at <= now, may_happen())
        .order_by(tables.Event.due_at, tables.Event.id)
        .limit(limit)
    )
    return {event_id: EventKind(kind).urgency for event_id, kind in rows}


def wait_until(tx: Tx, then: datetime) -> None:
    """Nothing that waits happens before then."""
    tx.session.execute(
        update(tables.Event)
        .where(tables.Event.handled_at.is_(None), tables.Event.due_at < then)
        .values(due_at=then)
    )
