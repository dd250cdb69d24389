"""What is deleted for its age: messages, and what was asked, done or looked at because of them.

Requests and offers stay as long as their people do: a parent may rate the care, and a provider's rating rests on them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import InstrumentedAttribute

from bot import clock
from bot.store import labels
from bot.store.database import Tx
from bot.store.tables import AuditEntry, Base, Case, Counted, Event, Inbound, Outbound, Search


def _deletion(
    table: type[Base], key: InstrumentedAttribute[int], since: InstrumentedAttribute[Any]
) -> Callable[[Tx, datetime, int], int]:
    def delete_some(tx: Tx, before: datetime, limit: int) -> int:
        """Delete at most so many rows from before then: how many there were."""
        old = select(key).where(since < before).order_by(key).limit(limit).with_for_update(skip_locked=True)
        return len(tx.session.scalars(delete(table).where(key.in_(old)).returning(key)).all())

    return delete_some


RECOUNTED = timedelta(days=100)
"""So long after its end a quarter is counted anew at most: until the week is over in which the next one ends."""

_old_counted = _deletion(Counted, Counted.id, Counted.quarter_ends)


def _delete_counted(tx: Tx, before: datetime, limit: int) -> int:
    """As the others; but not while the quarter is counted anew: whoever is in it would be counted twice."""
    return _old_counted(tx, min(before, clock.now() - RECOUNTED), limit)


DELETIONS: dict[str, Callable[[Tx, datetime, int], int]] = {
    "messages that came": _deletion(Inbound, Inbound.id, Inbound.received_at),
    "messages that left": _deletion(Outbound, Outbound.id, Outbound.created_at),
    "searches": _deletion(Search, Search.id, Search.answered_at),
    "events": _deletion(Event, Event.id, Event.handled_at),
    "closed cases": _deletion(Case, Case.id, Case.closed_at),
    "labelled messages": labels.let_go,
    "counted families": _delete_counted,
}
"""By what they are called in the log."""

AS_LONG_AS_PEOPLE: dict[str, Callable[[Tx, datetime, int], int]] = {
    "audit entries": _deletion(AuditEntry, AuditEntry.id, AuditEntry.at),
}
"""What is kept for KEEP_PEOPLE_DAYS."""
