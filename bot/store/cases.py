"""What a person of Ayllu must look at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from bot.store.database import Tx
from bot.store.tables import Case, Contact


@dataclass(frozen=True, slots=True)
class OpenCase:
    """`taken_by` is the operator who looks after it, if one does."""

    id: int
    reason: str
    data: dict[str, Any]
    address: str
    created_at: datetime
    contact_id: int
    taken_by: int | None


@dataclass(frozen=True, slots=True)
class ClosedCase:
    """What was done about a case, and by which operator; None: at the command line."""

    id: int
    reason: str
    contact_id: int
    created_at: datetime
    closed_at: datetime
    closed_by: int | None
    note: str


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
    query = _open().order_by((Case.reason != "emergency"), Case.created_at, Case.id).limit(limit)
    return [_opened(tx, case, sealed) for case, sealed in tx.session.execute(query)]


def open_of(tx: Tx, contact_id: int) -> list[OpenCase]:
    """The open cases of one person, oldest first."""
    query = _open().where(Case.contact_id == contact_id).order_by(Case.id)
    return [_opened(tx, case, sealed) for case, sealed in tx.session.execute(query)]


def open_one(tx: Tx, case_id: int) -> OpenCase | None:
    """The case, if it is open."""
    row = tx.session.execute(_open().where(Case.id == case_id)).one_or_none()
    return None if row is None else _opened(tx, *row)


def take(tx: Tx, case_id: int, operator_id: int, now_taken_by: int | None = None) -> bool:
    """This operator looks after the case from now on. False: it is closed, or somebody else took it since it was seen
    in the hands of `now_taken_by`."""
    taken = tx.session.execute(
        update(Case)
        .where(
            Case.id == case_id,
            Case.closed_at.is_(None),
            or_(Case.taken_by.is_not_distinct_from(now_taken_by), Case.taken_by == operator_id),
        )
        .values(taken_by=operator_id)
        .returning(Case.id)
    )
    return taken.first() is not None


def leave(tx: Tx, case_id: int, operator_id: int) -> bool:
    """The operator looks after it no more. False: they did not."""
    left = tx.session.execute(
        update(Case)
        .where(Case.id == case_id, Case.closed_at.is_(None), Case.taken_by == operator_id)
        .values(taken_by=None)
        .returning(Case.id)
    )
    return left.first() is not None


def close(tx: Tx, case_id: int, now: datetime, by: int | None = None, note: str = "") -> bool:
    """`by` is the operator who closes it, `note` what was done. False: there is no such open case."""
    closed = tx.session.execute(
        update(Case)
        .where(Case.id == case_id, Case.closed_at.is_(None))
        .values(closed_at=now, closed_by=by, note_sealed=tx.vault.seal(note) if note else None)
        .returning(Case.id)
    )
    return closed.first() is not None


def lately_closed(tx: Tx, since: datetime, limit: int = 50) -> list[ClosedCase]:
    """What was closed since then, the latest first."""
    rows = tx.session.scalars(
        select(Case).where(Case.closed_at >= since).order_by(Case.closed_at.desc(), Case.id).limit(limit)
    )
    return [
        ClosedCase(
            row.id,
            row.reason,
            row.contact_id,
            row.created_at,
            row.closed_at,
            row.closed_by,
            tx.vault.open(row.note_sealed) if row.note_sealed else "",
        )
        for row in rows
        if row.closed_at
    ]


def _open() -> Select[Case, bytes]:
    return (
        select(Case, Contact.address_sealed)
        .join(Contact, Contact.id == Case.contact_id)
        .where(Case.closed_at.is_(None))
    )


def _opened(tx: Tx, case: Case, address_sealed: bytes) -> OpenCase:
    return OpenCase(
        case.id,
        case.reason,
        tx.vault.open_json(case.data_sealed),
        tx.vault.open(address_sealed),
        case.created_at,
        case.contact_id,
        case.taken_by,
    )


def show_again(tx: Tx, contact_id: int, closed_since: datetime) -> bool:
    """Nobody looks after this person's cases any more: those that are open are nobody's, or else the one last closed
    since then is open again. False: there is none."""
    nobodys = {"taken_by": None, "closed_at": None, "closed_by": None}
    theirs = Case.contact_id == contact_id
    last = (
        select(Case.id).where(theirs, Case.closed_at >= closed_since).order_by(Case.closed_at.desc()).limit(1)
    )
    for which in (and_(theirs, Case.closed_at.is_(None)), Case.id.in_(last)):
        if tx.session.scalars(update(Case).where(which).values(nobodys).returning(Case.id)).all():
            return True
    return False
