"""Messages that leave: one row a bubble, said once whatever runs twice, in the order they were written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from bot.messages import Channel, Reply
from bot.store import contacts
from bot.store.database import Tx
from bot.store.tables import MessageStatus, Outbound

MAX_ATTEMPTS = 8

_UNSENT = (MessageStatus.QUEUED, MessageStatus.SENDING)
_BEFORE = {
    MessageStatus.SENT: _UNSENT,
    MessageStatus.DELIVERED: (*_UNSENT, MessageStatus.SENT),
    MessageStatus.READ: (*_UNSENT, MessageStatus.SENT, MessageStatus.DELIVERED),
    MessageStatus.FAILED: (*_UNSENT, MessageStatus.SENT),
}
"""From which statuses each one can be reached: forward only."""


@dataclass(frozen=True, slots=True)
class Leaving:
    """A message claimed for sending. `look_first`: an earlier try may have sent it, so ask the carrier before; `sid`:
    the carrier said so already. `address` is where it goes on its channel; `number` where SMS reach the person, if any
    do. `wording` and `values` are for templates."""

    id: int
    address: str
    channel: Channel
    body: str
    attempts: int
    created_at: datetime
    look_first: bool
    first_tried_at: datetime
    sid: str | None
    wording: str
    values: tuple[str, ...]
    number: str | None
    whatsapp_wrote_at: datetime | None


def add(tx: Tx, person: contacts.Person, cause: str, replies: Iterable[Reply], now: datetime) -> bool:
    """Write the bubbles of one answer, in order, each under a key derived from its cause. False: nothing new."""
    rows = [
        {
            "contact_id": person.id,
            "cause": f"{cause}:{number}",
            "wording": reply.key,
            "channel": person.channel.value,
            "whatsapp_sealed": tx.vault.seal(reply.whatsapp),
            "sms_sealed": tx.vault.seal(reply.sms),
            "values_sealed": tx.vault.seal_json(reply.values) if reply.values else None,
            "not_before": now,
            "created_at": now,
        }
        for number, reply in enumerate(replies)
    ]
    if not rows:
        return False
    added = tx.session.execute(
        insert(Outbound)
        .values(rows)
        .on_conflict_do_nothing(index_elements=[Outbound.cause])
        .returning(Outbound.id)
    )
    return added.first() is not None


def claim(tx: Tx, contact_id: int, now: datetime, lease: timedelta) -> Leaving | None:
    """Take the person's next message, to be sent within `lease`. None: nothing is due, or another has it."""
    row = tx.session.scalars(
        select(Outbound)
        .where(Outbound.contact_id == contact_id, Outbound.status.in_(_UNSENT))
        .order_by(Outbound.id)
        .limit(1)
        .with_for_update()
    ).one_or_none()
    if row is None or row.not_before > now:
        return None
    interrupted = row.status == MessageStatus.SENDING
    if interrupted and row.claimed_at is not None and row.claimed_at + lease > now:
        return None
    look_first = interrupted or row.error == MAYBE_SENT
    row.status = MessageStatus.SENDING
    row.claimed_at = now
    row.first_tried_at = row.first_tried_at or now
    row.attempts += 1
    row.updated_at = now
    return _leaving(tx, row, row.first_tried_at, look_first)


def _leaving(tx: Tx, row: Outbound, first_tried_at: datetime, look_first: bool) -> Leaving:
    person = contacts.get(tx, row.contact_id)
    by_sms = row.channel == Channel.SMS
    return Leaving(
        id=row.id,
        address=person.number or person.address if by_sms else person.address,
        channel=Channel(row.channel),
        body=tx.vault.open(row.sms_sealed if by_sms else row.whatsapp_sealed),
        attempts=row.attempts,
        created_at=row.created_at,
        look_first=look_first,
        first_tried_at=first_tried_at,
        sid=row.sid,
        wording=row.wording,
        values=tuple(tx.vault.open_json(row.values_sealed)) if row.values_sealed else (),
        number=person.number,
        whatsapp_wrote_at=person.whatsapp_wrote_at,
    )


def turn_to_sms(tx: Tx, message_id: int, now: datetime) -> Leaving:
    """The same message, claimed as it is, but as SMS: nothing has gone out on WhatsApp."""
    row = tx.session.get_one(Outbound, message_id)
    row.channel = Channel.SMS.value
    row.first_tried_at = row.updated_at = now
    return _leaving(tx, row, now, look_first=False)


def put_off(tx: Tx, message: Leaving, not_before: datetime, now: datetime) -> None:
    """Let a claimed message wait for its turn: that was no try."""
    tx.session.execute(
        update(Outbound)
        .where(Outbound.id == message.id, Outbound.status == MessageStatus.SENDING)
        .values(
            status=MessageStatus.QUEUED,
            not_before=not_before,
            attempts=message.attempts - 1,
            error=MAYBE_SENT if message.look_first else None,
            updated_at=now,
        )
    )


MAYBE_SENT = "no answer from the carrier: it may have been sent"


def sent(tx: Tx, message_id: int, sid: str, segments: int | None, now: datetime) -> None:
    """The carrier took it. A status callback may have come first: the status never goes back."""
    tx.session.execute(
        update(Outbound).where(Outbound.id == message_id).values(sid=sid, segments=segments, sent_at=now)
    )
    advance(tx, message_id, MessageStatus.SENT, None, now)


def try_again(
    tx: Tx, message_id: int, not_before: datetime, code: int | None, error: str, now: datetime
) -> None:
    tx.session.execute(
        update(Outbound)
        .where(Outbound.id == message_id, Outbound.status == MessageStatus.SENDING)
        .values(
            status=MessageStatus.QUEUED, not_before=not_before, error_code=code, error=error, updated_at=now
        )
    )


def advance(
    tx: Tx, message_id: int, status: MessageStatus, code: int | None, now: datetime, error: str | None = None
) -> bool:
    """Move a message forward. False: it was there already, or further."""
    moved = tx.session.execute(
        update(Outbound)
        .where(Outbound.id == message_id, Outbound.status.in_(_BEFORE[status]))
        .values(status=status, error_code=code, error=error, updated_at=now)
        .returning(Outbound.id)
    )
    return moved.first() is not None


def find(tx: Tx, sid: str, message_id: int | None) -> int | None:
    """The message with this carrier's id; or, before that id was written down, with ours, which then takes it."""
    known = tx.session.scalar(select(Outbound.id).where(Outbound.sid == sid))
    if known is not None or message_id is None:
        return known
    return tx.session.scalar(
        update(Outbound)
        .where(Outbound.id == message_id, Outbound.sid.is_(None))
        .values(sid=sid)
        .returning(Outbound.id)
    )


def fall_back_to_sms(tx: Tx, message_id: int, now: datetime) -> bool:
    """Write the message again as an SMS. False where it was one already, or its person has no number."""
    row = tx.session.get_one(Outbound, message_id)
    if row.channel != Channel.WHATSAPP or not contacts.get(tx, row.contact_id).has_number:
        return False
    tx.session.execute(
        insert(Outbound)
        .values(
            contact_id=row.contact_id,
            cause=f"sms-for:{message_id}",
            wording=row.wording,
            channel=Channel.SMS.value,
            whatsapp_sealed=row.whatsapp_sealed,
            sms_sealed=row.sms_sealed,
            not_before=now,
            created_at=row.created_at,
        )
        .on_conflict_do_nothing(index_elements=[Outbound.cause])
    )
    return True


def send_again(tx: Tx, message_id: int, not_before: datetime, now: datetime) -> bool:
    """Write the message again, for the same channel. False: this was its second try already."""
    row = tx.session.get_one(Outbound, message_id)
    if row.cause.startswith("again-for:"):
        return False
    tx.session.execute(
        insert(Outbound)
        .values(
            contact_id=row.contact_id,
            cause=f"again-for:{message_id}",
            wording=row.wording,
            channel=row.channel,
            whatsapp_sealed=row.whatsapp_sealed,
            sms_sealed=row.sms_sealed,
            values_sealed=row.values_sealed,
            not_before=not_before,
            created_at=row.created_at,
        )
        .on_conflict_do_nothing(index_elements=[Outbound.cause])
    )
    return True


def route_of(tx: Tx, message_id: int) -> tuple[Channel, int]:
    """The channel and the person of a message."""
    row = tx.session.get_one(Outbound, message_id)
    return Channel(row.channel), row.contact_id


def knows(tx: Tx, sid: str) -> bool:
    """Whether one of our messages bears this carrier's id."""
    return tx.session.scalar(select(Outbound.id).where(Outbound.sid == sid)) is not None


def contacts_due(tx: Tx, now: datetime, lease: timedelta, limit: int = 200) -> list[int]:
    """People with a message that should have left: due, or claimed by somebody who did not come back."""
    due = (Outbound.status == MessageStatus.QUEUED) & (Outbound.not_before <= now)
    abandoned = (Outbound.status == MessageStatus.SENDING) & (Outbound.claimed_at < now - lease)
    return list(
        tx.session.scalars(
            select(Outbound.contact_id).where(due | abandoned).group_by(Outbound.contact_id).limit(limit)
        )
    )
