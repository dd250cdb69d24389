"""Questions for matching."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from bot.messages import JobKind
from bot.store.database import Tx
from bot.store.tables import Search

MAX_ATTEMPTS = 3
"""After so many failures a search is given up with an apology, and shown to a person."""


_TABLE = cast(Table, Search.__table__)
_INSERT = insert(_TABLE)
_ADD = _INSERT.on_conflict_do_update(
    index_elements=[_TABLE.c.cause], set_={"cause": _INSERT.excluded.cause}
).returning(_TABLE.c.id)
_ADD_ANSWERED = _INSERT.on_conflict_do_nothing(index_elements=[_TABLE.c.cause])
_CONTACT_OF = select(_TABLE.c.contact_id).where(_TABLE.c.id == bindparam("search"))
_UNANSWERED = select(
    _TABLE.c.id, _TABLE.c.contact_id, _TABLE.c.cause, _TABLE.c.kind, _TABLE.c.data_sealed
).where(_TABLE.c.id == bindparam("search"), _TABLE.c.answered_at.is_(None))
_CHANGE = update(_TABLE).where(_TABLE.c.id == bindparam("search"))


@dataclass(frozen=True, slots=True)
class Question:
    """A search that waits for its answer. `data` is what the dialogue asked with."""

    id: int
    contact_id: int
    cause: str
    kind: JobKind
    data: dict[str, Any]


def add(tx: Tx, contact_id: int, cause: str, kind: JobKind, data: dict[str, Any], now: datetime) -> int:
    """The id of the search this cause asks for; asked twice, it is the same one."""
    added = tx.run(
        _ADD,
        contact_id=contact_id,
        cause=cause,
        kind=kind.value,
        data_sealed=tx.vault.seal_json(data),
        created_at=now,
    )
    return int(added.one()[0])


def add_answered(
    tx: Tx,
    contact_id: int,
    cause: str,
    kind: JobKind,
    data: dict[str, Any],
    result: dict[str, Any],
    now: datetime,
) -> None:
    """Keep a search that was answered where it was asked."""
    tx.write(
        _ADD_ANSWERED,
        contact_id=contact_id,
        cause=cause,
        kind=kind.value,
        data_sealed=tx.vault.seal_json(data),
        created_at=now,
        answered_at=now,
        result=result,
    )


def contact_of(tx: Tx, search_id: int) -> int | None:
    """Whose search it is; None when it is gone (its person was erased)."""
    found: int | None = tx.run(_CONTACT_OF, search=search_id).scalar()
    return found


def failed(tx: Tx, search_id: int) -> int:
    """One more try to answer it failed. How many did."""
    return tx.session.scalars(
        update(Search)
        .where(Search.id == search_id)
        .values(attempts=Search.attempts + 1)
        .returning(Search.attempts)
    ).one()


def unanswered(tx: Tx, search_id: int) -> Question | None:
    """The search if its person was not told yet. Call it under the person's lock."""
    row = tx.run(_UNANSWERED, search=search_id).one_or_none()
    if row is None:
        return None
    return Question(row.id, row.contact_id, row.cause, JobKind(row.kind), tx.vault.open_json(row.data_sealed))


def answered(tx: Tx, search_id: int, result: dict[str, Any], now: datetime) -> None:
    tx.write(_CHANGE, search=search_id, answered_at=now, result=result)


def let_go(tx: Tx, contact_id: int, now: datetime) -> None:
    """The person's open searches need no answer: somebody else answers them."""
    tx.session.execute(
        update(Search)
        .where(Search.contact_id == contact_id, Search.answered_at.is_(None))
        .values(answered_at=now, result={"let_go": True})
    )


def overdue(tx: Tx, created_before: datetime, now: datetime, limit: int = 100) -> list[int]:
    """Searches nobody answered since then. One from a time to come was made before the clock was set back."""
    return list(
        tx.session.scalars(
            select(Search.id)
            .where(
                Search.answered_at.is_(None),
                or_(Search.created_at < created_before, Search.created_at > now),
            )
            .order_by(Search.id)
            .limit(limit)
        )
    )
