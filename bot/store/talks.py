"""Conversations as operators see them: a list of people, and what was said with one of them, on both sides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Select,
    exists,
    func,
    literal,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import aliased

from bot.messages import Channel
from bot.store import takeovers
from bot.store.database import Tx
from bot.store.providers import IS_THEIRS
from bot.store.tables import (
    Case,
    Contact,
    Conversation,
    Inbound,
    MessageStatus,
    OperatorRow,
    Outbound,
    Provider,
    TakenOver,
)

LATELY = timedelta(days=7)
"""So long a message that failed, or was hardly understood, marks the conversation it belongs to."""
UNSURE = 0.5
"""Below this confidence a message was hardly understood: the bot asks rather than acts (bot/dialogue/scene.py)."""

Side = Literal["provider", "parent"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which conversations: all that agree with everything that is asked."""

    needs_person: bool = False
    taken_over: bool = False
    unsure: bool = False
    failed: bool = False
    side: Side | None = None
    ubigeo: str | None = None


class Place(NamedTuple):
    """Where a conversation stands in the list."""

    at: datetime
    contact_id: int


@dataclass(frozen=True, slots=True)
class Line:
    """A person in the list. `at` is when something was last said; `provider` what they are called when they care for
    children; `taken_by` the operator who has the conversation; `cases` the reasons of what is open."""

    contact_id: int
    at: datetime
    address: str
    channel: Channel
    ubigeo: str | None
    provider_id: int | None
    provider: str | None
    taken_by: str | None
    cases: tuple[str, ...]
    unsure: bool
    failed: bool
    opted_out: bool


@dataclass(frozen=True, slots=True)
class Holder:
    """The operator who has a conversation."""

    operator_id: int
    name: str
    taken_at: datetime
    last_word_at: datetime
    read_until: int


@dataclass(frozen=True, slots=True)
class Came:
    """A message that came. `form` are the carrier's fields, `parse` the wire form of how it was understood."""

    id: int
    at: datetime
    channel: Channel
    form: dict[str, str]
    handled: bool
    parse: dict[str, Any] | None

    by_us = False


@dataclass(frozen=True, slots=True)
class Left:
    """A message that leaves, or left. `at` is when it was first handed to the carrier; `again` are the times it was
    written again, mostly as SMS."""

    id: int
    at: datetime
    channel: Channel
    text: str
    wording: str
    written_by: str | None
    status: MessageStatus
    error_code: int | None
    error: str | None
    segments: int | None
    created_at: datetime
    sent_at: datetime | None
    updated_at: datetime
    again: tuple[Left, ...] = ()

    by_us = True


Said = Came | Left


class Moment(NamedTuple):
    """Where something said stands in a conversation: of what was said at once, what came goes before what left."""

    at: datetime
    by_us: bool
    id: int


def moment_of(said: Said) -> Moment:
    return Moment(said.at, said.by_us, said.id)


# ---------------------------------------------------------------- the list


def listed(tx: Tx, wanted: Wanted, after: Place | None, limit: int, now: datetime) -> list[Line]:
    """Conversations, the latest first; those after a place in the list."""
    query = select(Conversation.contact_id, Conversation.updated_at).where(*_conditions(tx, wanted, now))
    if after is not None:
        query = query.where(tuple_(Conversation.updated_at, Conversation.contact_id) < tuple(after))
    query = query.order_by(Conversation.updated_at.desc(), Conversation.contact_id.desc()).limit(limit)
    return _lines(tx, [row.contact_id for row in tx.session.execute(query)], now)


def _conditions(tx: Tx, wanted: Wanted, now: datetime) -> list[ColumnElement[bool]]:
    who, lately = Conversation.contact_id, now - LATELY
    found: list[ColumnElement[bool]] = []
    if wanted.needs_person:
        found.append(who.in_(select(Case.contact_id).where(Case.closed_at.is_(None))))
    if wanted.taken_over:
        found.append(who.in_(select(TakenOver.contact_id)))
    if wanted.unsure:
        found.append(who.in_(_unsure(lately)))
    if wanted.failed:
        found.append(who.in_(_failed(lately)))
    if wanted.side is not None:
        cares = exists().where(Contact.id == who, IS_THEIRS)
        found.append(cares if wanted.side == "provider" else ~cares)
    if wanted.ubigeo is not None:
        keys = [tx.vault.look_up_key(wanted.ubigeo), *tx.vault.former_keys(wanted.ubigeo)]
        found.append(Conversation.ubigeo_key.in_(keys))
    return found


def _unsure(since: datetime) -> Select[int | None]:
    return select(Inbound.contact_id).where(
        Inbound.confidence < literal(UNSURE, literal_execute=True), Inbound.received_at >= since
    )


def _failed(since: datetime) -> Select[int]:
    """People whom a message did not reach, and no other in its place."""
    other = aliased(Outbound)
    written_again = exists().where(
        other.contact_id == Outbound.contact_id,
        other.place == func.coalesce(Outbound.place, Outbound.id),
        other.id > Outbound.id,
    )
    return select(Outbound.contact_id).where(
        Outbound.status == literal(MessageStatus.FAILED.value, literal_execute=True),
        Outbound.created_at >= since,
        ~written_again,
    )


def _lines(tx: Tx, contact_ids: Sequence[int], now: datetime) -> list[Line]:
    if not contact_ids:
        return []
    rows = tx.session.execute(
        select(Contact, Conversation, OperatorRow.name)
        .join(Conversation, Conversation.contact_id == Contact.id)
        .outerjoin(TakenOver, TakenOver.contact_id == Contact.id)
        .outerjoin(OperatorRow, OperatorRow.id == TakenOver.operator_id)
        .where(Contact.id.in_(contact_ids))
    )
    carers = {
        row.contact_id: row
        for row in tx.session.execute(
            select(Contact.id.label("contact_id"), Provider.id, Provider.name)
            .join(Provider, IS_THEIRS)
            .where(Contact.id.in_(contact_ids))
            .order_by(Provider.id.desc())
        )
    }
    reasons: dict[int, list[str]] = {}
    for case in tx.session.execute(
        select(Case.contact_id, Case.reason)
        .where(Case.contact_id.in_(contact_ids), Case.closed_at.is_(None))
        .order_by(Case.reason != "emergency", Case.id)
    ):
        reasons.setdefault(case.contact_id, []).append(case.reason)
    lately = now - LATELY
    unsure = set(tx.session.scalars(_unsure(lately).where(Inbound.contact_id.in_(contact_ids))))
    failed = set(tx.session.scalars(_failed(lately).where(Outbound.contact_id.in_(contact_ids))))
    lines = {
        contact.id: Line(
            contact_id=contact.id,
            at=talk.updated_at,
            address=tx.vault.open(contact.address_sealed),
            channel=Channel(contact.channel),
            ubigeo=tx.vault.open(talk.ubigeo_sealed) if talk.ubigeo_sealed else None,
            provider_id=carers[contact.id].id if contact.id in carers else None,
            provider=carers[contact.id].name if contact.id in carers else None,
            taken_by=holder,
            cases=tuple(reasons.get(contact.id, ())),
            unsure=contact.id in unsure,
            failed=contact.id in failed,
            opted_out=contact.opted_out_at is not None,
        )
        for contact, talk, holder in rows
    }
    return [lines[contact_id] for contact_id in contact_ids if contact_id in lines]


def line_of(tx: Tx, contact_id: int, now: datetime) -> Line | None:
    """One person as the list shows them; None where nothing was ever said with them."""
    found = _lines(tx, [contact_id], now)
    return found[0] if found else None


def holder_of(tx: Tx, contact_id: int) -> Holder | None:
    """Who has the conversation, with their name; None: the bot."""
    held = takeovers.of(tx, contact_id)
    if held is None:
        return None
    name = tx.session.scalar(select(OperatorRow.name).where(OperatorRow.id == held.operator_id)) or ""
    return Holder(held.operator_id, name, held.taken_at, held.last_word_at, held.read_until)


# ---------------------------------------------------------------- one conversation


def said(tx: Tx, contact_id: int, before: Moment | None, limit: int) -> list[Said]:
    """What was said with this person, in the order of its time: the last of it, or what came before a moment."""
    came = select(
        literal(False).label("by_us"), Inbound.id.label("id"), Inbound.received_at.label("at")
    ).where(Inbound.contact_id == contact_id)
    left = select(
        literal(True), Outbound.id, func.coalesce(Outbound.first_tried_at, Outbound.created_at)
    ).where(Outbound.contact_id == contact_id, Outbound.place.is_(None))
    both = union_all(came, left).subquery()
    query = select(both.c.at, both.c.by_us, both.c.id)
    if before is not None:
        query = query.where(tuple_(both.c.at, both.c.by_us, both.c.id) < tuple(before))
    last = tx.session.execute(
        query.order_by(both.c.at.desc(), both.c.by_us.desc(), both.c.id.desc()).limit(limit)
    ).all()
    inbound = _came(tx, [row.id for row in last if not row.by_us])
    outbound = _left(tx, contact_id, [row.id for row in last if row.by_us])
    return [(outbound if row.by_us else inbound)[row.id] for row in reversed(last)]


def newer(tx: Tx, contact_id: int, than: int) -> int:
    """How many messages came from this person after that one."""
    return (
        tx.session.scalar(select(func.count()).where(Inbound.contact_id == contact_id, Inbound.id > than))
        or 0
    )


def whatsapp_since(tx: Tx, since: datetime, most: int) -> int:
    """How many messages left by WhatsApp since then; no more than `most` are counted."""
    some = (
        select(Outbound.id)
        .where(Outbound.created_at >= since, Outbound.channel == Channel.WHATSAPP.value)
        .limit(most)
        .subquery()
    )
    return tx.session.scalar(select(func.count()).select_from(some)) or 0


def _came(tx: Tx, ids: Iterable[int]) -> dict[int, Came]:
    rows = tx.session.scalars(select(Inbound).where(Inbound.id.in_(ids)))
    return {
        row.id: Came(
            id=row.id,
            at=row.received_at,
            channel=Channel(row.channel),
            form=tx.vault.open_json(row.form_sealed),
            handled=row.handled_at is not None,
            parse=tx.vault.open_json(row.parse_sealed) if row.parse_sealed else None,
        )
        for row in rows
    }


def _left(tx: Tx, contact_id: int, ids: Sequence[int]) -> dict[int, Left]:
    rows = tx.session.execute(
        select(Outbound, OperatorRow.name)
        .outerjoin(OperatorRow, OperatorRow.id == Outbound.written_by)
        .where(Outbound.contact_id == contact_id, or_(Outbound.id.in_(ids), Outbound.place.in_(ids)))
        .order_by(Outbound.id)
    ).all()
    found: dict[int, Left] = {}
    for row, writer in rows:
        one = _one_left(tx, row, writer)
        if row.place is None:
            found[row.id] = one
        elif row.place in found:
            first = found[row.place]
            found[row.place] = replace(first, again=(*first.again, one))
    return found


def _one_left(tx: Tx, row: Outbound, writer: str | None) -> Left:
    return Left(
        id=row.id,
        at=row.first_tried_at or row.created_at,
        channel=Channel(row.channel),
        text=tx.vault.open(row.sms_sealed if row.channel == Channel.SMS else row.whatsapp_sealed),
        wording=row.wording,
        written_by=writer if row.written_by is None or writer else f"n.º {row.written_by}",
        status=MessageStatus(row.status),
        error_code=row.error_code,
        error=row.error,
        segments=row.segments,
        created_at=row.created_at,
        sent_at=row.sent_at,
        updated_at=row.updated_at,
    )
