"""Where the dialogue with each person stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import cast

from sqlalchemy import Table, bindparam, select
from sqlalchemy.dialects.postgresql import insert

from bot.dialogue import Conversation
from bot.store import own_files, tables, takeovers
from bot.store.contacts import Person
from bot.store.database import Tx
from bot.store.providers import provider_of

_TABLE = cast(Table, tables.Conversation.__table__)
_STATE = select(_TABLE.c.state_sealed).where(_TABLE.c.contact_id == bindparam("contact"))
_LEFT = select(
    _STATE.scalar_subquery().label("state"),
    provider_of(bindparam("contact")).scalar_subquery().label("provider_id"),
    takeovers.is_taken(bindparam("contact")).label("taken_over"),
)
_INSERT = insert(_TABLE)
_KEPT = ("state_sealed", "updated_at", "ubigeo_key", "ubigeo_sealed")
_SAVE = _INSERT.on_conflict_do_update(
    index_elements=[_TABLE.c.contact_id],
    set_={name: _INSERT.excluded[name] for name in _KEPT},
)


def load(tx: Tx, person: Person) -> Conversation:
    """The conversation as it was left; a new one for somebody new.

    Whether they opted out is what the person's own row says: the carrier may have told us, and not they. What is on
    file of the care they offer is what the provider's row says: an operator may have changed it. Whether a person of
    Ayllu answers them is what `takeovers` says.
    """
    row = tx.run(_LEFT, contact=person.id).one()
    left = Conversation.from_json(tx.vault.open_json(row.state)) if row.state else Conversation()
    own = None if row.provider_id is None else own_files.file_of(tx, row.provider_id)
    return replace(left, opted_out=person.opted_out, own=own, taken_over=row.taken_over)


def save(tx: Tx, contact_id: int, conversation: Conversation, now: datetime) -> None:
    sealed = tx.vault.seal_json(conversation.to_json())
    ubigeo = conversation.near_ubigeo
    tx.write(
        _SAVE,
        contact_id=contact_id,
        state_sealed=sealed,
        updated_at=now,
        ubigeo_key=tx.vault.look_up_key(ubigeo) if ubigeo else None,
        ubigeo_sealed=tx.vault.seal(ubigeo) if ubigeo else None,
    )
