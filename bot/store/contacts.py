"""People who write to us."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from bot.messages import Channel
from bot.store.database import Tx
from bot.store.tables import Contact


@dataclass(frozen=True, slots=True)
class Person:
    """A contact, opened. `address` is "+51…" or, where WhatsApp hides the number, an id such as "PE.123"; then
    `given_number` is the one they told us, if they did."""

    id: int
    address: str
    channel: Channel
    whatsapp_wrote_at: datetime | None
    opted_out: bool
    given_number: str | None = None

    @property
    def hides_number(self) -> bool:
        """Whether the address is no phone number."""
        return not self.address.startswith("+")

    @property
    def number(self) -> str | None:
        """Where an SMS reaches them: the address, or the number they gave."""
        return self.given_number if self.hides_number else self.address

    @property
    def has_number(self) -> bool:
        return self.number is not None


LAST_WORD = timedelta(days=1)
"""So long after everything of a person was erased their address is kept, for the word that says so to leave."""


def arrive(tx: Tx, address: str, channel: Channel | None, now: datetime) -> int:
    """The id of the person at this address, known from now on if not before. Takes no lock on one already known.
    `channel` is None for somebody to whom we write first: by WhatsApp, until they write themselves."""
    key = tx.vault.look_up_key(address)
    known = _at(tx, key)
    if known is not None:
        return known
    tx.session.execute(
        insert(Contact)
        .values(
            address_key=key,
            address_sealed=tx.vault.seal(address),
            channel=(channel or Channel.WHATSAPP).value,
            last_wrote_at=now if channel else None,
        )
        .on_conflict_do_nothing(index_elements=[Contact.address_key])
    )
    return tx.session.scalars(select(Contact.id).where(Contact.address_key == key)).one()


def _at(tx: Tx, key: bytes) -> int | None:
    """Who has this address; else who gave it as their number."""
    return tx.session.scalar(
        select(Contact.id)
        .where(or_(Contact.address_key == key, Contact.sms_key == key))
        .order_by(Contact.address_key != key)
        .limit(1)
    )


def keep_number(tx: Tx, person: Person, number: str) -> bool:
    """From now on SMS for this person go to this number, and come from it. False: it is somebody else's already, or
    their own address is a number; then nothing changes."""
    key = tx.vault.look_up_key(number)
    if not person.hides_number or _at(tx, key) not in (None, person.id):
        return False
    tx.session.execute(
        update(Contact).where(Contact.id == person.id).values(sms_key=key, sms_sealed=tx.vault.seal(number))
    )
    return True


def lock(tx: Tx, contact_id: int) -> Person:
    """The person, held until the end of the transaction: nobody else serves them meanwhile."""
    row = tx.session.scalars(
        select(Contact).where(Contact.id == contact_id).with_for_update(key_share=True)
    ).one()
    return _person(tx, row)


def known(tx: Tx, contact_id: int) -> int | None:
    """The id, where there is such a person still."""
    return tx.session.scalar(select(Contact.id).where(Contact.id == contact_id))


def get(tx: Tx, contact_id: int) -> Person:
    """The person, unlocked."""
    return _person(tx, tx.session.get_one(Contact, contact_id))


def wrote(tx: Tx, person: Person, channel: Channel, at: datetime) -> None:
    """Remember where and when the person last wrote."""
    values: dict[str, object] = {"channel": channel.value, "last_wrote_at": at}
    if channel is Channel.WHATSAPP:
        values["whatsapp_wrote_at"] = at
    tx.session.execute(update(Contact).where(Contact.id == person.id).values(**values))


def empty(tx: Tx, contact_id: int) -> None:
    """Everything of the person is gone, on every table; the row with their address remains."""
    for table in Contact.metadata.sorted_tables:
        if table.name != Contact.__tablename__ and "contact_id" in table.columns:
            tx.session.execute(delete(table).where(table.columns["contact_id"] == contact_id))


def wrote_since(tx: Tx, contact_id: int, since: datetime) -> bool:
    """Whether the person wrote again after that."""
    return bool(
        tx.session.scalar(select(Contact.id).where(Contact.id == contact_id, Contact.last_wrote_at > since))
    )


def delete_all(tx: Tx, contact_id: int) -> None:
    """The person is gone, and all that is theirs."""
    tx.session.execute(delete(Contact).where(Contact.id == contact_id))


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
        given_number=tx.vault.open(row.sms_sealed) if row.sms_sealed else None,
    )
