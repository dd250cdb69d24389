"""People who write to us."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import LargeBinary, Row, Table, all_, any_, bindparam, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import ARRAY, insert

from bot import clock
from bot.messages import Channel
from bot.pace import Pace
from bot.store import keys
from bot.store.database import Tx
from bot.store.tables import Contact, Inbound


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
    pace: Pace = field(default_factory=Pace)

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


_TABLE = cast(Table, Contact.__table__)
_PERSON = (
    _TABLE.c.id,
    _TABLE.c.address_sealed,
    _TABLE.c.channel,
    _TABLE.c.whatsapp_wrote_at,
    _TABLE.c.opted_out_at,
    _TABLE.c.sms_sealed,
    _TABLE.c.pace,
)
JOINED = tuple(column.label(f"their_{column.key}") for column in _PERSON)
"""The same beside the columns of another table: `joined` reads them."""
_IS_THE_ONE = _TABLE.c.id == bindparam("contact")
_GET = select(*_PERSON).where(_IS_THE_ONE)
_LOCK = _GET.with_for_update(key_share=True)
_CHANGE = update(_TABLE).where(_IS_THE_ONE)
_ADD = insert(_TABLE).on_conflict_do_nothing(index_elements=[_TABLE.c.address_key]).returning(*_PERSON)
_KNOWN_BY = bindparam("known_by", type_=ARRAY(LargeBinary))
_AT = (
    select(_TABLE.c.id)
    .where(or_(_TABLE.c.address_key == any_(_KNOWN_BY), _TABLE.c.sms_key == any_(_KNOWN_BY)))
    .order_by(_TABLE.c.address_key != all_(_KNOWN_BY), _TABLE.c.id)
    .limit(1)
)
_LOCK_AT_IF_FREE = (
    select(*_PERSON)
    .where(_TABLE.c.id == _AT.scalar_subquery())
    .with_for_update(key_share=True, skip_locked=True)
)

LAST_WORD = timedelta(days=1)
"""So long after everything of a person was erased their address is kept, for the word that says so to leave."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who wrote. `person` is None where somebody else serves them at this moment; else they are held until the end of
    the transaction."""

    id: int
    person: Person | None


def meet(tx: Tx, address: str, channel: Channel, now: datetime) -> Visitor:
    """The person at this address, known from now on if not before. Waits for nobody."""
    row = tx.run(_LOCK_AT_IF_FREE, known_by=_known_by(tx, address)).one_or_none()
    if row is None and (known := _at(tx, address)) is not None:
        return Visitor(known, None)
    if row is None:
        row = _add(tx, address, channel, now)  # one's own new row is held by itself
    return Visitor(row.id, _person(tx, row)) if row else Visitor(_made_by_another(tx, address), None)


def arrive(tx: Tx, address: str, channel: Channel | None, now: datetime) -> int:
    """The id of the person at this address, known from now on if not before. Takes no lock on one already known.
    `channel` is None for somebody to whom we write first: by WhatsApp, until they write themselves."""
    known = _at(tx, address)
    if known is not None:
        return known
    made = _add(tx, address, channel, now)
    return made.id if made else _made_by_another(tx, address)


def _add(tx: Tx, address: str, channel: Channel | None, now: datetime) -> Any | None:
    """The new row; None where another process was faster."""
    keys.renew(tx, address)
    return tx.run(
        _ADD,
        address_key=tx.vault.look_up_key(address),
        address_sealed=tx.vault.seal(address),
        channel=(channel or Channel.WHATSAPP).value,
        last_wrote_at=now if channel else None,
    ).one_or_none()


def _made_by_another(tx: Tx, address: str) -> int:
    key = tx.vault.look_up_key(address)
    return tx.session.scalars(select(Contact.id).where(Contact.address_key == key)).one()


def _known_by(tx: Tx, address: str) -> list[bytes]:
    return [tx.vault.look_up_key(address), *tx.vault.former_keys(address)]


def find(tx: Tx, address: str) -> int | None:
    """The id of who has this address, or gave it as their number; None: nobody does."""
    return _at(tx, address)


def _at(tx: Tx, address: str) -> int | None:
    """Who has this address; else who gave it as their number."""
    found: int | None = tx.run(_AT, known_by=_known_by(tx, address)).scalar()
    return found


def keep_number(tx: Tx, person: Person, number: str) -> bool:
    """From now on SMS for this person go to this number, and come from it. False: it is somebody else's already, or
    their own address is a number; then nothing changes."""
    if not person.hides_number or _at(tx, number) not in (None, person.id):
        return False
    keys.renew(tx, number)
    key = tx.vault.look_up_key(number)
    tx.session.execute(
        update(Contact).where(Contact.id == person.id).values(sms_key=key, sms_sealed=tx.vault.seal(number))
    )
    return True


def lock(tx: Tx, contact_id: int) -> Person:
    """The person, held until the end of the transaction: nobody else serves them meanwhile."""
    return _person(tx, tx.run(_LOCK, contact=contact_id).one())


def known(tx: Tx, contact_id: int) -> int | None:
    """The id, where there is such a person still."""
    return tx.session.scalar(select(Contact.id).where(Contact.id == contact_id))


def get(tx: Tx, contact_id: int) -> Person:
    """The person, unlocked."""
    return _person(tx, tx.run(_GET, contact=contact_id).one())


def wrote(tx: Tx, person: Person, channel: Channel, at: datetime, pace: Pace | None = None) -> Person:
    """Remember where and when the person last wrote, and at what pace. A message that comes late is no step back. The
    person as they are then."""
    now = replace(
        person,
        channel=channel,
        pace=person.pace if pace is None else pace,
        whatsapp_wrote_at=max(at, person.whatsapp_wrote_at or at)
        if channel is Channel.WHATSAPP
        else person.whatsapp_wrote_at,
    )
    tx.write(
        _CHANGE,
        contact=person.id,
        channel=channel.value,
        last_wrote_at=at,
        whatsapp_wrote_at=now.whatsapp_wrote_at,
        pace=now.pace.to_wire(),
    )
    return now


def keep_pace(tx: Tx, person: Person, pace: Pace) -> None:
    """Remember the pace alone."""
    tx.write(_CHANGE, contact=person.id, pace=pace.to_wire())


REPEATED_WITHIN = timedelta(days=3)
"""So long the carrier may tell us of a message again: by a late retry, or in its list."""


def empty(tx: Tx, contact_id: int) -> None:
    """Everything of the person is gone, on every table; the row with their address remains, and the bare ids of their
    latest messages, nobody's any more: else a late repetition of one would be taken for a new message."""
    tx.session.execute(
        update(Inbound)
        .where(Inbound.contact_id == contact_id, Inbound.received_at > clock.now() - REPEATED_WITHIN)
        .values(
            contact_id=None,
            form_sealed=b"",
            parse_sealed=None,
            intent=None,
            confidence=None,
            handled_at=func.coalesce(Inbound.handled_at, Inbound.received_at),
        )
    )
    for table in Contact.metadata.sorted_tables:
        if table.name != Contact.__tablename__ and "contact_id" in table.columns:
            tx.session.execute(delete(table).where(table.columns["contact_id"] == contact_id))


def wrote_since(tx: Tx, contact_id: int, since: datetime) -> bool:
    """Whether the person wrote again after that."""
    return bool(
        tx.session.scalar(select(Contact.id).where(Contact.id == contact_id, Contact.last_wrote_at > since))
    )


def ever_wrote(tx: Tx, contact_id: int) -> bool:
    """Whether the person ever wrote to us; if not, we wrote first."""
    return bool(
        tx.session.scalar(
            select(Contact.id).where(Contact.id == contact_id, Contact.last_wrote_at.is_not(None))
        )
    )


def silent_since(tx: Tx, before: datetime, limit: int) -> list[int]:
    """People who have not written since then, nor before they did."""
    last = func.coalesce(Contact.last_wrote_at, Contact.created_at)
    return list(tx.session.scalars(select(Contact.id).where(last < before).order_by(Contact.id).limit(limit)))


def delete_all(tx: Tx, contact_id: int) -> None:
    """The person is gone, and all that is theirs."""
    tx.session.execute(delete(Contact).where(Contact.id == contact_id))


def set_opted_out(tx: Tx, contact_id: int, at: datetime | None) -> None:
    """Since when the person wants no messages; None: they want them."""
    tx.session.execute(update(Contact).where(Contact.id == contact_id).values(opted_out_at=at))


def joined(tx: Tx, row: Row[Any]) -> Person:
    """The person of a row with `JOINED` in it."""
    return _opened(tx, *(getattr(row, column.key) for column in JOINED))


def _person(tx: Tx, row: Row[Any]) -> Person:
    return _opened(tx, *(getattr(row, column.key) for column in _PERSON))


def _opened(
    tx: Tx,
    contact_id: int,
    address: bytes,
    channel: str,
    whatsapp_wrote_at: datetime | None,
    opted_out_at: datetime | None,
    sms: bytes | None,
    pace: dict[str, Any] | None,
) -> Person:
    return Person(
        id=contact_id,
        address=tx.vault.open(address),
        channel=Channel(channel),
        whatsapp_wrote_at=whatsapp_wrote_at,
        opted_out=opted_out_at is not None,
        given_number=tx.vault.open(sms) if sms else None,
        pace=Pace.from_wire(pace),
    )
