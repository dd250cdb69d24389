"""Questions for matching."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from bot.messages import JobKind
from bot.store.database import Tx
from bot.store.tables import Search


@dataclass(frozen=True, slots=True)
class Question:
    """A search that waits for its answer. `data` is what the dialogue asked with."""

    id: int
    contact_id: int
    kind: JobKind
    data: dict[str, Any]


def add(tx: Tx, contact_id: int, cause: str, kind: JobKind, data: dict[str, Any], now: datetime) -> int:
    """The id of the search this cause asks for; asked twice, it is the same one."""
    return tx.session.scalars(
        insert(Search)
        .values(
            contact_id=contact_id,
            cause=cause,
            kind=kind.value,
            data_sealed=tx.vault.seal_json(data),
            created_at=now,
        )
        .on_conflict_do_update(index_elements=[Search.cause], set_={"cause": cause})
        .returning(Search.id)
    ).one()


def contact_of(tx: Tx, search_id: int) -> int | None:
    """Whose search it is; None when it is gone (its person was erased)."""
    return tx.session.scalar(select(Search.contact_id).where(Search.id == search_id))


def unanswered(tx: Tx, search_id: int) -> Question | None:
    """The search if its person was not told yet. Call it under the person's lock."""
    row = tx.session.scalars(
        select(Search).where(Search.id == search_id, Search.answered_at.is_(None))
    ).one_or_none()
    if row is None:
        return None
    return Question(row.id, row.contact_id, JobKind(row.kind), tx.vault.open_json(row.data_sealed))


def answered(tx: Tx, search_id: int, result: dict[str, Any], now: datetime) -> None:
    tx.session.execute(update(Search).where(Search.id == search_id).values(answered_at=now, result=result))


def overdue(tx: Tx, created_before: datetime, limit: int = 100) -> list[int]:
    """Searches nobody answered since then."""
    return list(
        tx.session.scalars(
            select(Search.id)
            .where(Search.answered_at.is_(None), Search.created_at < created_before)
            .order_by(Search.id)
            .limit(limit)
        )
    )
