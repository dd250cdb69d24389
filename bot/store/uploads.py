"""Files that operators are about to take in: kept, sealed, while they look at what would change."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, select
from sqlalchemy.dialects.postgresql import insert

from bot.store.database import Tx
from bot.store.tables import Upload

KEPT = timedelta(hours=1)
"""Long enough to look at a preview and ask somebody; a file holds numbers of people."""


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A file as it was sent."""

    kind: str
    name: str
    content: bytes


def keep(tx: Tx, kind: str, operator_id: int, name: str, content: bytes, now: datetime) -> str:
    """Keep a file for a while. The token by which that operator, and nobody else, finds it again."""
    forget_old(tx, now)
    token = secrets.token_urlsafe(24)
    tx.session.execute(
        insert(Upload).values(
            token_hash=_hash(token),
            kind=kind,
            operator_id=operator_id,
            name_sealed=tx.vault.seal(name),
            content_sealed=tx.vault.seal(content.decode("latin-1")),
            created_at=now,
        )
    )
    return token


def found(tx: Tx, kind: str, operator_id: int, token: str, now: datetime) -> Uploaded | None:
    """The file with this token; None when it is gone, or another's."""
    row = tx.session.scalars(
        select(Upload).where(_is_theirs(kind, operator_id, token), Upload.created_at > now - KEPT)
    ).one_or_none()
    if row is None:
        return None
    return Uploaded(
        row.kind, tx.vault.open(row.name_sealed), tx.vault.open(row.content_sealed).encode("latin-1")
    )


def forget(tx: Tx, kind: str, operator_id: int, token: str) -> None:
    """It was taken in, or will not be."""
    tx.session.execute(delete(Upload).where(_is_theirs(kind, operator_id, token)))


def forget_old(tx: Tx, now: datetime) -> int:
    """Files that nobody took in while they were kept go: how many there were."""
    return len(
        tx.session.scalars(delete(Upload).where(Upload.created_at <= now - KEPT).returning(Upload.id)).all()
    )


def _is_theirs(kind: str, operator_id: int, token: str) -> ColumnElement[bool]:
    return and_(Upload.token_hash == _hash(token), Upload.kind == kind, Upload.operator_id == operator_id)


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
