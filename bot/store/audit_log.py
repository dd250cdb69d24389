"""Who saw or changed what in the console. Entries are added, read, and deleted for their age; never changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, insert, select

from bot.store.database import Tx
from bot.store.tables import AuditEntry, OperatorRow


@dataclass(frozen=True, slots=True)
class Entry:
    """`operator` is the name they have today, None where nobody was logged in."""

    id: int
    at: datetime
    operator_id: int | None
    operator: str | None
    what: str
    subject: str
    detail: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries: all that agree with everything that is not None. `until` is the first moment no longer wanted."""

    operator_id: int | None = None
    what: str | None = None
    subject: str | None = None
    since: datetime | None = None
    until: datetime | None = None


def add(
    tx: Tx, operator_id: int | None, what: str, subject: str, detail: dict[str, Any], now: datetime
) -> None:
    tx.session.execute(
        insert(AuditEntry).values(at=now, operator_id=operator_id, what=what, subject=subject, detail=detail)
    )


def is_there(tx: Tx, operator_id: int | None, what: str, subject: str, since: datetime) -> bool:
    """Whether there is an entry of this since then."""
    return bool(
        tx.session.scalar(
            select(
                exists().where(
                    AuditEntry.subject == subject,
                    AuditEntry.operator_id == operator_id,
                    AuditEntry.what == what,
                    AuditEntry.at >= since,
                )
            )
        )
    )


def listed(tx: Tx, wanted: Wanted, before_id: int | None, limit: int) -> list[Entry]:
    """Entries, the latest first; those before an id."""
    asked = (
        select(AuditEntry, OperatorRow.name)
        .outerjoin(OperatorRow, OperatorRow.id == AuditEntry.operator_id)
        .order_by(AuditEntry.id.desc())
        .limit(limit)
    )
    equal = {"operator_id": wanted.operator_id, "what": wanted.what, "subject": wanted.subject}
    asked = asked.filter_by(**{name: value for name, value in equal.items() if value is not None})
    if wanted.since is not None:
        asked = asked.where(AuditEntry.at >= wanted.since)
    if wanted.until is not None:
        asked = asked.where(AuditEntry.at < wanted.until)
    if before_id is not None:
        asked = asked.where(AuditEntry.id < before_id)
    rows = tx.session.execute(asked)
    return [
        Entry(entry.id, entry.at, entry.operator_id, name, entry.what, entry.subject, entry.detail)
        for entry, name in rows
    ]
