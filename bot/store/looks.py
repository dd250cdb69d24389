"""When we last looked at what others keep."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from bot.store.database import Tx
from bot.store.tables import LastLook


def last(tx: Tx, what: str) -> datetime | None:
    """None: never."""
    return tx.session.scalar(select(LastLook.at).where(LastLook.what == what))


def looked(tx: Tx, what: str, at: datetime) -> None:
    tx.session.execute(
        insert(LastLook)
        .values(what=what, at=at)
        .on_conflict_do_update(index_elements=[LastLook.what], set_={"at": at})
    )
