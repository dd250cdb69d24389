"""The people of the console, what they prove themselves with, and their sessions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, exists, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as insert_once

from bot.store.database import Tx
from bot.store.tables import OperatorRow, OperatorSession, RecoveryCode


@dataclass(frozen=True, slots=True)
class Person:
    """An operator as kept. `totp` is the secret of their codes, which are asked for from `totp_since` on;
    `one_time_until` is set while their password was given to them."""

    id: int
    login: str
    name: str
    role: str
    password_hash: str
    one_time_until: datetime | None
    totp: str | None
    totp_since: datetime | None
    totp_step: int
    created_at: datetime
    logged_in_at: datetime | None
    deactivated_at: datetime | None


def add(
    tx: Tx,
    login: str,
    name: str,
    role: str,
    password_hash: str,
    one_time_until: datetime | None,
    now: datetime,
) -> int | None:
    """Their id; None where somebody has this login."""
    return tx.session.scalar(
        insert_once(OperatorRow)
        .values(
            login=login,
            name=name,
            role=role,
            password_hash=password_hash,
            one_time_until=one_time_until,
            created_at=now,
        )
        .on_conflict_do_nothing(index_elements=[OperatorRow.login])
        .returning(OperatorRow.id)
    )


def with_login(tx: Tx, login: str) -> Person | None:
    row = tx.session.scalar(select(OperatorRow).where(OperatorRow.login == login))
    return _person(tx, row) if row else None


def with_id(tx: Tx, operator_id: int, lock: bool = False) -> Person | None:
    """With `lock`, others who ask so wait until the transaction is over."""
    asked = select(OperatorRow).where(OperatorRow.id == operator_id)
    row = tx.session.scalar(asked.with_for_update() if lock else asked)
    return _person(tx, row) if row else None


def listed(tx: Tx, limit: int = 500) -> list[Person]:
    """Those who may come in first, by name."""
    rows = tx.session.scalars(
        select(OperatorRow)
        .order_by(OperatorRow.deactivated_at.is_not(None), func.lower(OperatorRow.name), OperatorRow.id)
        .limit(limit)
    )
    return [_person(tx, row) for row in rows]


def names(tx: Tx, operator_ids: set[int]) -> dict[int, str]:
    """What these are called."""
    rows = tx.session.execute(
        select(OperatorRow.id, OperatorRow.name).where(OperatorRow.id.in_(operator_ids))
    )
    return dict(rows.all())


def set_password(tx: Tx, operator_id: int, password_hash: str, one_time_until: datetime | None) -> None:
    tx.session.execute(
        update(OperatorRow)
        .where(OperatorRow.id == operator_id)
        .values(password_hash=password_hash, one_time_until=one_time_until)
    )


def renew_hash(tx: Tx, operator_id: int, former: str, password_hash: str) -> None:
    """The same password, hashed anew; unless it was changed meanwhile."""
    tx.session.execute(
        update(OperatorRow)
        .where(OperatorRow.id == operator_id, OperatorRow.password_hash == former)
        .values(password_hash=password_hash)
    )


def set_role(tx: Tx, operator_id: int, role: str) -> None:
    tx.session.execute(update(OperatorRow).where(OperatorRow.id == operator_id).values(role=role))


def set_active(tx: Tx, operator_id: int, deactivated_at: datetime | None) -> None:
    tx.session.execute(
        update(OperatorRow).where(OperatorRow.id == operator_id).values(deactivated_at=deactivated_at)
    )


def is_the_last(tx: Tx, operator_id: int, role: str) -> bool:
    """Whether nobody else has this role and may come in. Those who have it are locked, so that two do not leave it at
    once."""
    having = select(OperatorRow.id).where(OperatorRow.role == role, OperatorRow.deactivated_at.is_(None))
    return set(tx.session.scalars(having.order_by(OperatorRow.id).with_for_update())) <= {operator_id}


def anybody(tx: Tx) -> bool:
    """Whether there is an operator at all."""
    return bool(tx.session.scalar(select(exists().where(OperatorRow.id.is_not(None)))))


def came_in(tx: Tx, operator_id: int, now: datetime) -> None:
    tx.session.execute(update(OperatorRow).where(OperatorRow.id == operator_id).values(logged_in_at=now))


def set_totp(tx: Tx, operator_id: int, secret: str | None, since: datetime | None = None) -> None:
    """Their second proof from now on; None takes it away, with the recovery codes that stood in for it."""
    sealed = tx.vault.seal(secret) if secret else None
    tx.session.execute(
        update(OperatorRow)
        .where(OperatorRow.id == operator_id)
        .values(totp_sealed=sealed, totp_since=since, totp_step=0)
    )
    tx.session.execute(delete(RecoveryCode).where(RecoveryCode.operator_id == operator_id))


def confirm_totp(tx: Tx, operator_id: int, step: int, code_hashes: list[bytes], now: datetime) -> None:
    """They showed that they have the secret: it counts from now on."""
    tx.session.execute(
        update(OperatorRow).where(OperatorRow.id == operator_id).values(totp_since=now, totp_step=step)
    )
    tx.session.execute(
        insert(RecoveryCode), [{"operator_id": operator_id, "code_hash": one} for one in code_hashes]
    )


def use_step(tx: Tx, operator_id: int, step: int) -> bool:
    """Use up the code of a half minute. False: it, or a later one, was used already."""
    used = tx.session.execute(
        update(OperatorRow)
        .where(OperatorRow.id == operator_id, OperatorRow.totp_step < step)
        .values(totp_step=step)
        .returning(OperatorRow.id)
    )
    return used.first() is not None


def use_recovery_code(tx: Tx, operator_id: int, code_hash: bytes, now: datetime) -> bool:
    """False: there is no such code, or it was used."""
    used = tx.session.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.operator_id == operator_id,
            RecoveryCode.code_hash == code_hash,
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=now)
        .returning(RecoveryCode.id)
    )
    return used.first() is not None


def recovery_codes_left(tx: Tx, operator_id: int) -> int:
    return (
        tx.session.scalar(
            select(func.count()).where(
                RecoveryCode.operator_id == operator_id, RecoveryCode.used_at.is_(None)
            )
        )
        or 0
    )


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who is logged in, or between the password and the second proof."""

    id: int
    person: Person
    seen_at: datetime


def open_session(
    tx: Tx, operator_id: int, token_hash: bytes, now: datetime, ends_at: datetime, proven: bool
) -> None:
    """Begin a session; those that are over are forgotten on the way."""
    tx.session.execute(delete(OperatorSession).where(OperatorSession.ends_at < now))
    tx.session.execute(
        insert(OperatorSession).values(
            operator_id=operator_id,
            token_hash=token_hash,
            created_at=now,
            seen_at=now,
            ends_at=ends_at,
            proven_at=now if proven else None,
        )
    )


def find_session(tx: Tx, token_hash: bytes, now: datetime, idle: timedelta, proven: bool) -> Session | None:
    """The session of this token, unless it is over, idle for so long, or of somebody who was deactivated."""
    found = tx.session.execute(
        select(OperatorSession, OperatorRow)
        .join(OperatorRow, OperatorRow.id == OperatorSession.operator_id)
        .where(
            OperatorSession.token_hash == token_hash,
            OperatorSession.ends_at > now,
            OperatorSession.seen_at > now - idle,
            OperatorSession.proven_at.is_not(None) if proven else OperatorSession.proven_at.is_(None),
            OperatorRow.deactivated_at.is_(None),
        )
    ).first()
    if found is None:
        return None
    session, row = found
    return Session(session.id, _person(tx, row), session.seen_at)


def touch_session(tx: Tx, session_id: int, now: datetime) -> None:
    tx.session.execute(update(OperatorSession).where(OperatorSession.id == session_id).values(seen_at=now))


def end_session(tx: Tx, session_id: int) -> None:
    tx.session.execute(delete(OperatorSession).where(OperatorSession.id == session_id))


def end_sessions(tx: Tx, operator_id: int, but: int | None = None) -> None:
    """End all sessions of an operator, except the one with the id `but`."""
    theirs = delete(OperatorSession).where(OperatorSession.operator_id == operator_id)
    tx.session.execute(theirs if but is None else theirs.where(OperatorSession.id != but))


def _person(tx: Tx, row: OperatorRow) -> Person:
    return Person(
        id=row.id,
        login=row.login,
        name=row.name,
        role=row.role,
        password_hash=row.password_hash,
        one_time_until=row.one_time_until,
        totp=tx.vault.open(row.totp_sealed) if row.totp_sealed else None,
        totp_since=row.totp_since,
        totp_step=row.totp_step,
        created_at=row.created_at,
        logged_in_at=row.logged_in_at,
        deactivated_at=row.deactivated_at,
    )
