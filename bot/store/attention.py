"""What waits for a person of Ayllu besides cases: requests that stand still, files to verify, what did not arrive, whom
we do not understand. Each is bounded, in number and in time."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import and_, exists, func, literal_column, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from bot.store import outbox
from bot.store.care_requests import OPEN
from bot.store.database import Tx
from bot.store.tables import (
    Contact,
    Conversation,
    Inbound,
    MessageStatus,
    Offer,
    Outbound,
    Provider,
    Request,
    RequestStatus,
    SetAside,
)

NOBODY_ASKED_FOR = timedelta(minutes=15)
"""The next provider is asked in seconds. A request for which nobody is being asked after so long stands still."""
LONG_OPEN = timedelta(days=1)
"""A family that has waited so long should hear from a person, whoever is being asked."""
UNDELIVERED_FOR = timedelta(days=3)
UNSURE_FOR = timedelta(days=2)
UNSURE_BELOW = 0.5
"""As in the dialogue: below it the reading is more likely wrong than right (dialogue/scene.py, and the index)."""
UNSURE_TIMES = 2
"""Once is asked again by the dialogue; who was not understood so often needs a person."""


_FAILED = Outbound.status == literal_column(f"'{MessageStatus.FAILED}'")
_UNSURE = Inbound.confidence < literal_column(str(UNSURE_BELOW))
"""Literal, so that PostgreSQL sees that the partial indexes serve, whatever else is asked."""


class Shelved(StrEnum):
    """What can be put off the list until there is more of it."""

    UNDELIVERED = "undelivered"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Stalled:
    """A request that is open for long, or for which nobody is being asked."""

    request_id: int
    contact_id: int
    address: str
    data: dict[str, Any]
    created_at: datetime
    is_being_asked: bool


@dataclass(frozen=True, slots=True)
class ToVerify:
    """Somebody whom families are not shown, or soon no more, before an operator has looked: `at` is when they told of
    themselves, or when their checks are over."""

    provider_id: int
    name: str
    ubigeo: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Unheard:
    """A person whom messages did not reach, or whom we did not understand: how many, since when, and the last. Whoever
    wants no messages is not among them."""

    contact_id: int
    address: str
    times: int
    since: datetime
    last: datetime
    error_code: int | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What a conversation tells of its person: the first name, and the district where they look for help."""

    name: str
    ubigeo: str | None


def stalled(tx: Tx, now: datetime, limit: int) -> list[Stalled]:
    """Oldest first."""
    asked = exists().where(Offer.request_id == Request.id, Offer.status.in_(OPEN))
    rows = tx.session.execute(
        select(Request, Contact.address_sealed, asked)
        .join(Contact, Contact.id == Request.contact_id)
        .where(
            Request.status == RequestStatus.OPEN,
            or_(
                Request.created_at < now - LONG_OPEN,
                and_(Request.created_at < now - NOBODY_ASKED_FOR, ~asked),
            ),
        )
        .order_by(Request.created_at, Request.id)
        .limit(limit)
    )
    return [
        Stalled(
            request.id,
            request.contact_id,
            tx.vault.open(sealed),
            tx.vault.open_json(request.data_sealed),
            request.created_at,
            is_asked,
        )
        for request, sealed, is_asked in rows
    ]


def unverified(tx: Tx, limit: int) -> list[ToVerify]:
    """Those who wait longest first; invented ones and those who left are no work for anybody."""
    gone = or_(Provider.key.startswith("withdrawn:"), Provider.key.startswith("erased:"))
    rows = tx.session.execute(
        select(Provider.id, Provider.name, Provider.ubigeo, Provider.updated_at)
        .where(Provider.verified_at.is_(None), Provider.demo.is_(False), ~gone)
        .order_by(Provider.updated_at, Provider.id)
        .limit(limit)
    )
    return [ToVerify(*row) for row in rows]


def expiring(tx: Tx, before: datetime, limit: int) -> list[ToVerify]:
    """Whose checks are over by then, or were before, the longest first; but invented ones."""
    rows = tx.session.execute(
        select(Provider.id, Provider.name, Provider.ubigeo, Provider.verified_until)
        .where(Provider.verified_at.is_not(None), Provider.verified_until < before, Provider.demo.is_(False))
        .order_by(Provider.verified_until, Provider.id)
        .limit(limit)
    )
    return [ToVerify(provider_id, name, ubigeo, at) for provider_id, name, ubigeo, at in rows if at]


def undelivered(tx: Tx, now: datetime, limit: int) -> list[Unheard]:
    """Whom a message did not reach on any way, the latest first. Of what was written again only the last try counts."""
    again = aliased(Outbound)
    tried_again = exists().where(or_(*(again.cause == Outbound.cause + one for one in outbox.WRITTEN_AGAIN)))
    failed = (
        select(
            Outbound.contact_id,
            func.count().label("times"),
            func.min(Outbound.created_at).label("since"),
            func.max(Outbound.created_at).label("last"),
            func.max(Outbound.error_code).label("error_code"),
        )
        .outerjoin(
            SetAside, and_(SetAside.contact_id == Outbound.contact_id, SetAside.kind == Shelved.UNDELIVERED)
        )
        .where(
            _FAILED,
            Outbound.created_at > now - UNDELIVERED_FOR,
            or_(SetAside.at.is_(None), Outbound.updated_at > SetAside.at),
            ~tried_again,
        )
        .group_by(Outbound.contact_id)
    )
    return _unheard(tx, failed, limit)


def unsure(tx: Tx, now: datetime, limit: int) -> list[Unheard]:
    """Who was not understood several times lately, the latest first."""
    heard = (
        select(
            Inbound.contact_id,
            func.count().label("times"),
            func.min(Inbound.received_at).label("since"),
            func.max(Inbound.received_at).label("last"),
        )
        .outerjoin(SetAside, and_(SetAside.contact_id == Inbound.contact_id, SetAside.kind == Shelved.UNSURE))
        .where(
            _UNSURE,
            Inbound.received_at > now - UNSURE_FOR,
            or_(SetAside.at.is_(None), Inbound.received_at > SetAside.at),
        )
        .group_by(Inbound.contact_id)
        .having(func.count() >= UNSURE_TIMES)
    )
    return _unheard(tx, heard, limit)


def _unheard(tx: Tx, grouped: Any, limit: int) -> list[Unheard]:
    of = grouped.subquery()
    rows = tx.session.execute(
        select(of, Contact.address_sealed)
        .join(Contact, Contact.id == of.c.contact_id)
        .where(Contact.opted_out_at.is_(None))
        .order_by(of.c.last.desc(), of.c.contact_id)
        .limit(limit)
    ).mappings()
    return [
        Unheard(
            row["contact_id"],
            tx.vault.open(row["address_sealed"]),
            row["times"],
            row["since"],
            row["last"],
            row.get("error_code"),
        )
        for row in rows
    ]


def set_aside(tx: Tx, contact_id: int, kind: Shelved, now: datetime) -> bool:
    """An operator looked at it: of this person, all there is of the kind by now. False: there is no such person."""
    if tx.session.scalar(select(Contact.id).where(Contact.id == contact_id)) is None:
        return False
    written = insert(SetAside).values(contact_id=contact_id, kind=kind.value, at=now)
    tx.session.execute(
        written.on_conflict_do_update(
            index_elements=[SetAside.contact_id, SetAside.kind], set_={"at": written.excluded.at}
        )
    )
    return True


def known(tx: Tx, contact_ids: Collection[int]) -> dict[int, Known]:
    """What is known of these people; those who told nothing are left out."""
    rows = tx.session.execute(
        select(Conversation.contact_id, Conversation.state_sealed).where(
            Conversation.contact_id.in_(contact_ids)
        )
    )
    found = {}
    for contact_id, sealed in rows:
        kept = tx.vault.open_json(sealed)
        name, place = kept.get("name") or "", kept.get("place") or {}
        if name or place:
            found[contact_id] = Known(name, place.get("ubigeo"))
    return found
