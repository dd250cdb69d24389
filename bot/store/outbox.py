"""Messages that leave: one row a bubble, said once whatever runs twice, in the order they were written."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple, cast

from sqlalchemy import ColumnElement, Row, Table, and_, bindparam, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from bot.messages import Channel, Reply, Urgency
from bot.store import contacts
from bot.store.database import Tx
from bot.store.tables import Contact, MessageStatus, Outbound

MAX_ATTEMPTS = 8
"""After so many tries a message is given up, if the carrier takes those of others meanwhile."""
OTHERS_TAKEN = 20
LATELY = timedelta(minutes=5)

NEXT_BUBBLE = timedelta(seconds=2)
"""So long a bubble on WhatsApp waits for the word that the one before it has arrived, then it leaves all the same."""

FURTHEST = timedelta(minutes=5)
"""No wait is longer, and no two machines' clocks differ by more. What lies further ahead was written before the clock
was set back."""

LEFT_OUT = 1_000_000
"""More messages than can have been written between a backup and what it was restored for."""

_BY_SMS, _AGAIN = ":sms", ":again"
"""Added to the cause of a message that is written again."""
WRITTEN_AGAIN = (_BY_SMS, _AGAIN)

_UNSENT = (MessageStatus.QUEUED, MessageStatus.SENDING)
_BEFORE = {
    MessageStatus.SENT: _UNSENT,
    MessageStatus.DELIVERED: (*_UNSENT, MessageStatus.SENT),
    MessageStatus.READ: (*_UNSENT, MessageStatus.SENT, MessageStatus.DELIVERED),
    MessageStatus.FAILED: (*_UNSENT, MessageStatus.SENT),
}
"""From which statuses each one can be reached: forward only."""


_TABLE = cast(Table, Outbound.__table__)
_ADD = insert(_TABLE).on_conflict_do_nothing(index_elements=[_TABLE.c.cause]).returning(_TABLE.c.id)
_CONTACTS = cast(Table, Contact.__table__)
_NEXT = (
    select(_TABLE, *contacts.JOINED)
    .join_from(_TABLE, _CONTACTS)
    .where(_TABLE.c.contact_id == bindparam("contact"), _TABLE.c.status.in_(_UNSENT))
    .order_by(func.coalesce(_TABLE.c.place, _TABLE.c.id), _TABLE.c.id)
    .limit(1)
    .with_for_update(of=_TABLE)
)
_CHANGE = update(_TABLE).where(_TABLE.c.id == bindparam("message"))
_SENT = _CHANGE.where(_TABLE.c.status.in_((*_UNSENT, MessageStatus.SENT))).returning(_TABLE.c.id)
_DUE = (
    select(_TABLE.c.id)
    .where(
        _TABLE.c.contact_id == bindparam("contact"),
        _TABLE.c.status == MessageStatus.QUEUED.value,
        _TABLE.c.not_before <= bindparam("now"),
    )
    .limit(1)
)
_DATED = update(_TABLE).values(not_before=bindparam("then"))
_UNTRIED = and_(
    _TABLE.c.status == MessageStatus.QUEUED.value,
    _TABLE.c.channel == Channel.WHATSAPP.value,
    _TABLE.c.attempts == 0,
    _TABLE.c.place.is_(None),
)
"""What waits on WhatsApp and was never tried."""
_LET_WAIT = _DATED.where(_TABLE.c.contact_id == bindparam("contact"), _UNTRIED)
_RELEASE = _DATED.where(
    _TABLE.c.contact_id.in_(select(_TABLE.c.contact_id).where(_TABLE.c.id == bindparam("message"))),
    _TABLE.c.not_before > bindparam("then"),
    _UNTRIED,
).returning(_TABLE.c.contact_id)


@dataclass(frozen=True, slots=True)
class Leaving:
    """A message claimed for sending. `look_first`: an earlier try may have sent it, so ask the carrier before; `sid`:
    the carrier said so already. `address` is where it goes on its channel; `number` where SMS reach the person, if any
    do. `wording` and `values` are for templates."""

    id: int
    contact_id: int
    cause: str
    urgency: Urgency
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


def add(
    tx: Tx,
    person: contacts.Person,
    cause: str,
    replies: Iterable[Reply],
    now: datetime,
    urgency: Urgency = Urgency.REPLY,
    written_by: int | None = None,
) -> bool:
    """Write the bubbles of one answer, in order, each under a key derived from its cause. `written_by`: the operator
    whose words they are. False: nothing new."""
    rows: list[dict[str, Any]] = [
        {
            "contact_id": person.id,
            "cause": f"{cause}:{number}",
            "wording": reply.key,
            "channel": person.channel.value,
            "whatsapp_sealed": tx.vault.seal(reply.whatsapp),
            "sms_sealed": tx.vault.seal(reply.sms),
            "values_sealed": tx.vault.seal_json(reply.values) if reply.values else None,
            "urgency": urgency.value,
            "not_before": now,
            "created_at": now,
            "written_by": written_by,
        }
        for number, reply in enumerate(replies)
    ]
    if not rows:
        return False
    if len(rows) == 1:
        return tx.run(_ADD, **rows[0]).first() is not None
    return tx.session.execute(_ADD.values(rows)).first() is not None


def claim(tx: Tx, contact_id: int, now: datetime, lease: timedelta) -> Leaving | None:
    """Take the person's next message, to be sent within `lease`. None: nothing is due, or another has it."""
    row = tx.run(_NEXT, contact=contact_id).one_or_none()
    if row is None or now < row.not_before <= now + FURTHEST:
        return None
    interrupted = row.status == MessageStatus.SENDING
    if interrupted and row.claimed_at is not None and now - lease < row.claimed_at <= now + FURTHEST:
        return None
    look_first = interrupted or row.error == MAYBE_SENT
    first_tried_at, attempts = row.first_tried_at or now, row.attempts + 1
    tx.write(
        _CHANGE,
        message=row.id,
        status=MessageStatus.SENDING.value,
        claimed_at=now,
        first_tried_at=first_tried_at,
        attempts=attempts,
        updated_at=now,
    )
    return _leaving(tx, row, contacts.joined(tx, row), attempts, first_tried_at, look_first)


def _leaving(
    tx: Tx,
    row: Row[Any] | Outbound,
    person: contacts.Person,
    attempts: int,
    first_tried_at: datetime,
    look_first: bool,
) -> Leaving:
    by_sms = row.channel == Channel.SMS
    return Leaving(
        id=row.id,
        contact_id=row.contact_id,
        cause=row.cause,
        urgency=Urgency(row.urgency),
        address=person.number or person.address if by_sms else person.address,
        channel=Channel(row.channel),
        body=tx.vault.open(row.sms_sealed if by_sms else row.whatsapp_sealed),
        attempts=attempts,
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
    return _leaving(tx, row, contacts.get(tx, row.contact_id), row.attempts, now, look_first=False)


def give_up(tx: Tx, message: Leaving, code: int | None, error: str, now: datetime) -> bool:
    """A claimed message will not leave any more. False where it is not ours now, or has left after all."""
    failed = tx.session.execute(
        update(Outbound)
        .where(_still_claimed(message))
        .values(status=MessageStatus.FAILED, error_code=code, error=error, updated_at=now)
        .returning(Outbound.id)
    )
    return failed.first() is not None


def _still_claimed(message: Leaving) -> ColumnElement[bool]:
    """That nobody claimed it since: whoever stalls for longer than the lease must not undo what another does."""
    return and_(
        Outbound.id == message.id,
        Outbound.status == MessageStatus.SENDING,
        Outbound.attempts == message.attempts,
    )


def put_off(tx: Tx, message: Leaving, not_before: datetime, now: datetime) -> None:
    """Let a claimed message wait for its turn: that was no try."""
    tx.session.execute(
        update(Outbound)
        .where(_still_claimed(message))
        .values(
            status=MessageStatus.QUEUED,
            not_before=not_before,
            attempts=message.attempts - 1,
            error=MAYBE_SENT if message.look_first else None,
            updated_at=now,
        )
    )


MAYBE_SENT = "no answer from the carrier: it may have been sent"


def sent(tx: Tx, message: Leaving, sid: str, segments: int | None, now: datetime) -> None:
    """The carrier took it. A status callback may have come first: the status never goes back. The next bubble on
    WhatsApp waits a moment for this one to arrive, since the carrier promises no order."""
    told = {"message": message.id, "sid": sid, "segments": segments, "sent_at": now}
    moved = tx.run(
        _SENT, **told, status=MessageStatus.SENT.value, error_code=None, error=None, updated_at=now
    ).first()
    if moved is None:
        tx.write(_CHANGE, **told)
    elif message.channel is Channel.WHATSAPP:
        tx.write(_LET_WAIT, contact=message.contact_id, then=now + NEXT_BUBBLE)


def is_one_due(tx: Tx, contact_id: int, now: datetime) -> bool:
    """Whether a message waits for this person that may leave now."""
    return tx.run(_DUE, contact=contact_id, now=now).first() is not None


def release_next(tx: Tx, message_id: int, now: datetime) -> int | None:
    """The message has arrived, or never will: what waited for that may leave. The id of its person, if anything did."""
    found: int | None = tx.run(_RELEASE, message=message_id, then=now).scalar()
    return found


def carrier_takes_others(tx: Tx, since: datetime, now: datetime) -> bool:
    """Whether the carrier took many messages lately, while one that was first tried `since` then never got through."""
    latest = select(Outbound.sent_at).order_by(Outbound.id.desc()).limit(500).subquery()
    taken = select(func.count()).where(latest.c.sent_at > max(since, now - LATELY))
    return (tx.session.scalar(taken) or 0) >= OTHERS_TAKEN


def try_again(
    tx: Tx, message: Leaving, not_before: datetime, code: int | None, error: str, now: datetime
) -> None:
    """Let a claimed message wait for another try."""
    tx.session.execute(
        update(Outbound)
        .where(_still_claimed(message))
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


class Found(NamedTuple):
    """A message that left, and its cause."""

    id: int
    cause: str


def find(tx: Tx, sid: str, message_id: int | None) -> Found | None:
    """The message with this carrier's id; or, before that id was written down, with ours, which then takes it."""
    row = tx.session.execute(select(Outbound.id, Outbound.cause).where(Outbound.sid == sid)).first()
    if row is None and message_id is not None:
        row = tx.session.execute(
            update(Outbound)
            .where(Outbound.id == message_id, Outbound.sid.is_(None))
            .values(sid=sid)
            .returning(Outbound.id, Outbound.cause)
        ).first()
    return Found(row.id, row.cause) if row else None


def fall_back_to_sms(tx: Tx, message_id: int, now: datetime) -> bool:
    """Write the message again as an SMS. False where it was one already, or its person has no number."""
    row = tx.session.get_one(Outbound, message_id)
    if row.channel != Channel.WHATSAPP or not contacts.get(tx, row.contact_id).has_number:
        return False
    tx.session.execute(
        insert(Outbound)
        .values(
            contact_id=row.contact_id,
            cause=f"{row.cause}{_BY_SMS}",
            wording=row.wording,
            channel=Channel.SMS.value,
            whatsapp_sealed=row.whatsapp_sealed,
            sms_sealed=row.sms_sealed,
            urgency=row.urgency,
            written_by=row.written_by,
            place=row.place or row.id,
            not_before=now,
            created_at=row.created_at,
        )
        .on_conflict_do_nothing(index_elements=[Outbound.cause])
    )
    return True


def look_before_sending(tx: Tx) -> int:
    """Of every message that waits the carrier is asked first whether it left, since it was written. How many."""
    waiting = (
        update(Outbound)
        .where(Outbound.status.in_(_UNSENT))
        .values(
            status=MessageStatus.QUEUED,
            error=MAYBE_SENT,
            first_tried_at=func.coalesce(Outbound.first_tried_at, Outbound.created_at),
        )
        .returning(Outbound.id)
        .execution_options(synchronize_session=False)
    )
    return len(tx.session.execute(waiting).all())


def send_again(tx: Tx, message_id: int, not_before: datetime, now: datetime) -> bool:
    """Write the message again, for the same channel. False: this was its second try already."""
    row = tx.session.get_one(Outbound, message_id)
    if row.cause.endswith(_AGAIN):
        return False
    tx.session.execute(
        insert(Outbound)
        .values(
            contact_id=row.contact_id,
            cause=f"{row.cause}{_AGAIN}",
            wording=row.wording,
            channel=row.channel,
            whatsapp_sealed=row.whatsapp_sealed,
            sms_sealed=row.sms_sealed,
            values_sealed=row.values_sealed,
            urgency=row.urgency,
            written_by=row.written_by,
            place=row.place or row.id,
            not_before=not_before,
            created_at=row.created_at,
        )
        .on_conflict_do_nothing(index_elements=[Outbound.cause])
    )
    return True


def untold(tx: Tx, sent_after: datetime, before: datetime, limit: int) -> dict[int, str]:
    """Messages that the carrier took and of which nothing was heard or asked since `before`: ids, and the carrier's."""
    rows = tx.session.execute(
        select(Outbound.id, Outbound.sid)
        .where(
            Outbound.status == MessageStatus.SENT,
            Outbound.updated_at < before,
            Outbound.sent_at > sent_after,
            Outbound.sid.is_not(None),
        )
        .order_by(Outbound.updated_at)
        .limit(limit)
    )
    return {row.id: str(row.sid) for row in rows}


def asked_after(tx: Tx, message_ids: Collection[int], now: datetime) -> None:
    """They are asked after now, and need not be again for a while."""
    tx.session.execute(update(Outbound).where(Outbound.id.in_(message_ids)).values(updated_at=now))


def route_of(tx: Tx, message_id: int) -> tuple[Channel, int]:
    """The channel and the person of a message."""
    row = tx.session.get_one(Outbound, message_id)
    return Channel(row.channel), row.contact_id


def knows(tx: Tx, sid: str) -> bool:
    """Whether one of our messages bears this carrier's id."""
    return tx.session.scalar(select(Outbound.id).where(Outbound.sid == sid)) is not None


def contacts_due(tx: Tx, now: datetime, lease: timedelta, limit: int = 200) -> dict[int, Urgency]:
    """People with a message that should have left: due, or claimed by somebody who did not come back. The urgent first,
    then those who have waited longest."""
    due = and_(Outbound.status == MessageStatus.QUEUED, ~Outbound.not_before.between(now, now + FURTHEST))
    abandoned = and_(
        Outbound.status == MessageStatus.SENDING,
        ~Outbound.claimed_at.between(now - lease, now + FURTHEST),
    )
    urgency = func.min(Outbound.urgency)
    rows = tx.session.execute(
        select(Outbound.contact_id, urgency)
        .where(or_(due, abandoned))
        .group_by(Outbound.contact_id)
        .order_by(urgency, func.min(Outbound.id))
        .limit(limit)
    )
    return {contact_id: Urgency(value) for contact_id, value in rows}


def leave_out_ids(tx: Tx) -> None:
    """Number new messages far beyond those there are: what the carrier still tells of messages that a restored database
    does not know must not be taken for news of others."""
    beyond = select(func.coalesce(func.max(Outbound.id), 0) + LEFT_OUT).scalar_subquery()
    sequence = func.pg_get_serial_sequence(Outbound.__tablename__, Outbound.id.key)
    tx.session.execute(select(func.setval(sequence, beyond)))
