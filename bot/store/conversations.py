"""Where the dialogue with each person stands."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from bot.dialogue import Conversation
from bot.store import tables
from bot.store.database import Tx


def load(tx: Tx, contact_id: int) -> Conversation:
    """The conversation as it was left; a new one for somebody new."""
    sealed = tx.session.scalar(
        select(tables.Conversation.state_sealed).where(tables.Conversation.contact_id == contact_id)
    )
    return Conversation.from_json(tx.vault.open_json(sealed)) if sealed else Conversation()


def save(tx: Tx, contact_id: int, conversation: Conversation, now: datetime) -> None:
    values = {"state_sealed": tx.vault.seal_json(conversation.to_json()), "updated_at": now}
    tx.session.execute(
        insert(tables.Conversation)
        .values(contact_id=contact_id, **values)
        .on_conflict_do_update(index_elements=[tables.Conversation.contact_id], set_=values)
    )
