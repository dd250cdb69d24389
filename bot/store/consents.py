"""What people agreed to: in which words, when, and on which channel."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.dialects.postgresql import insert

from bot.messages import Channel
from bot.store.database import Tx
from bot.store.tables import Consent


def add(
    tx: Tx, contact_id: int, cause: str, wording: str, version: str, channel: Channel, now: datetime
) -> None:
    """Write down a consent, once for its cause."""
    tx.session.execute(
        insert(Consent)
        .values(
            contact_id=contact_id,
            cause=cause,
            wording=wording,
            wording_version=version,
            channel=channel.value,
            given_at=now,
        )
        .on_conflict_do_nothing(index_elements=[Consent.cause])
    )
