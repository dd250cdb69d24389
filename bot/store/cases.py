"""What a person of Ayllu must look at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from bot.store.database import Tx
from bot.store.tables import Case, Contact


@dataclass(frozen=True, slots=True)
class OpenCase:
    id: int
    reason: str
    data: dict[str, Any]
    address: str
    created_at: datetime


def open_case(tx: Tx, contact_id: int, cause: str, reason: str, data: dict[str, Any], now: datetime) -> None:
    """Open a case once for its cause."""
    tx.session.execute(
        insert(Case)
        .values(
            contact_id=contact_id,
            cause=cause,
            reason=reason,
            data_sealed=tx.vault.seal_json(data),
            created_at=now,
        )
        .on_conflict_do_nothing(index_elements=[Case.cause])
    )


def list_open(tx: Tx, limit: int = 200) -> list[OpenCase]:
    """Open cases: emergencies first, then oldest first."""
    rows = tx.session.execute(
        select(Case, Contact.address_sealed)
        .join(Contact, Contact.id == Case.contact_id)
        .where(Case.closed_at.is_(None))
        .order_by((Case.reason != "emergency"), Case.created_at)
        .limit(limit)
    )
    return [
        OpenCase(
            case.id, case.reason, tx.vault.open_json(case.data_sealed), tx.vault.open(sealed), case.created_at
        )
        for case, sealed in rows
    ]


def close(tx: Tx, case_id: int, now: datetime) -> bool:
    """False: there is no such open case."""
    closed = tx.session.execute(
        update(Case)
        .where(Case.id == case_id, Case.closed_at.is_(None))
        .values(closed_at=now)
        .returning(Case.id)
    )
    return closed.first() is not None
