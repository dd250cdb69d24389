"""People who write to us."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from bot.messages import Channel
from bot.store.database import Tx
from bot.store.tables import Contact


@dataclass(frozen=True, slots=True)
class Person:
    """A contact, opened. `address` is "+51…" or, where WhatsApp hides the number, an id such as "PE.123"."""

    id: int
    address: str
    channel: Channel
    whatsapp_wrote_at: datetime | None
    opted_out: bool

    @property
    def has_number(self) -> bool:
        return self.address.startswith("+")


def arrive(tx: Tx, address: str, channel: Channel, now: datetime) -> int:
    """The id of the person at this address, known from now on if not before. Takes no lock on one already known."""
    key = tx.vault.look_up_key(address)
    known = tx.session.scalar(select(Contact.id).where(Contact.address_key == key))
    if known is not None:
        return known
    tx.session.execute(
        insert(Contact)
        .values(
            address_key=key, address_sealed=tx.vault.seal(address), channel=channel.value, last_wrote_at=now
        )
        .on_conflict_do_nothing(index_elements=[Contact.address_key])
    )
    return tx.session.scalars(select(Contact.id).where(Contact.address_key == key)).one()


def lock(tx: Tx, contact_id: int) -> Person:
    """The person, held until the end of the transaction: nobody else serves them meanwhile."""
    row = tx.session.scalars(
        select(Contact).where(Contact.id == contact_id).with_for_update(key_share=True)
    ).one()
    return _person(tx, row)


def get(tx: Tx, contact_id: int) -> Person:
    """The person, unlocked."""
    return _person(tx, tx.session.get_one(Contact, contact_id))


def wrote(tx: Tx, person: Person, channel: Channel, at: datetime) -> None:
    """Remember where and when the person last wrote."""
    values: dict[str, object] = {"channel": channel.value, "last_wrote_at": at}
    if channel is Channel.WHATSAPP:
        values["whatsapp_wrote_at"] = at
    tx.session.execute(update(Contact).where(Contact.id == person.id).values(**values))


def set_opted_out(tx: Tx, contact_id: int, at: datetime | None) -> None:
    """Since when the person wants no messages; None: they want them."""
    tx.session.execute(update(Contact).where(Contact.id == contact_id).values(opted_out_at=at))


def _person(tx: Tx, row: Contact) -> Person:
    return Person(
        id=row.id,
        address=tx.vault.open(row.address_sealed),
        channel=Channel(row.channel),
        whatsapp_wrote_at=row.whatsapp_wrote_at,
        opted_out=row.opted_out_at is not None,
    )
