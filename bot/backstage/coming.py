"""What is being done now, and what waits for its time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select

from bot.backstage import people
from bot.store import Tx
from bot.store.events import may_happen
from bot.store.tables import Event, Inbound, MessageStatus, Outbound, Search

AT_MOST = 12
_LEAVING = (MessageStatus.QUEUED, MessageStatus.SENDING)


def busy(tx: Tx, now: datetime) -> int:
    """How many things are under way: messages without an answer, searches, replies that can leave now, events that are
    due."""
    under_way = (
        select(func.count()).where(Inbound.handled_at.is_(None)),
        select(func.count()).where(Search.answered_at.is_(None)),
        select(func.count()).where(
            or_(
                Outbound.status == MessageStatus.SENDING,
                and_(Outbound.status == MessageStatus.QUEUED, Outbound.not_before <= now),
            )
        ),
        select(func.count()).where(Event.handled_at.is_(None), Event.due_at <= now, may_happen()),
    )
    return sum(tx.session.scalar(count) or 0 for count in under_way)


def events(tx: Tx, now: datetime, until: datetime) -> list[dict[str, Any]]:
    """What is to happen between now and then, the next first: what it is, when, and at whose phone."""
    rows = tx.session.scalars(
        select(Event)
        .where(Event.handled_at.is_(None), Event.due_at > now, Event.due_at <= until)
        .order_by(Event.due_at, Event.id)
        .limit(AT_MOST)
    ).all()
    who = people.who(tx, (row.contact_id for row in rows))
    return [{"kind": row.kind, "at": row.due_at.isoformat(), **who[row.contact_id]} for row in rows]
