"""Where the dialogue with each person stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from bot.dialogue import Conversation
from bot.store import own_files, tables
from bot.store.contacts import Person
from bot.store.database import Tx


def load(tx: Tx, person: Person) -> Conversation:
    """The conversation as it was left; a new one for somebody new.

    Whether they opted out is what the person's own row says: the carrier may have told us, and not they. What is on
    file of the care they offer is what the provider's row says: an operator may have changed it.
    """
    sealed = tx.session.scalar(
        select(tables.Conversation.state_sealed).where(tables.Conversation.contact_id == person.id)
    )
    left = Conversation.from_json(tx.vault.open_json(sealed)) if sealed else Conversation()
    return replace(left, opted_out=person.opted_out, own=own_files.own_file(tx, person.id))


def save(tx: Tx, contact_id: int, conversation: Conversation, now: datetime) -> None:
    values = {"state_sealed": tx.vault.seal_json(conversation.to_json()), "updated_at": now}
    tx.session.execute(
        insert(tables.Conversation)
        .values(contact_id=contact_id, **values)
        .on_conflict_do_update(index_elements=[tables.Conversation.contact_id], set_=values)
    )
