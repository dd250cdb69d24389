"""What is counted beforehand for the page of figures, and what it is counted from."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import String, case, delete, exists, func, select, text, union
from sqlalchemy.dialects.postgresql import insert

from bot.messages import Channel, JobKind
from bot.store.crypto import VaultError
from bot.store.database import Tx
from bot.store.tables import (
    Contact,
    Counted,
    Event,
    Inbound,
    MessageTally,
    Offer,
    Outbound,
    Provider,
    Request,
    Search,
    Tally,
)
from nlp.schema import Intent

log = logging.getLogger(__name__)

_ONE_AT_A_TIME = 7_154_201
"""The advisory lock under which counting is done."""
LONGER_MS = 10_000
"""How long a statement may take that counts a week of messages: nobody waits for it, but several of them must fit into
what a job may take (bot/jobs.py)."""


def alone(tx: Tx) -> bool:
    """Whether nobody else counts at this moment; nobody begins to until the end of the transaction."""
    return bool(tx.session.scalar(select(func.pg_try_advisory_xact_lock(_ONE_AT_A_TIME))))


def take_longer(tx: Tx) -> None:
    """Statements of this transaction may take LONGER_MS."""
    tx.session.execute(text("SELECT set_config('statement_timeout', :ms, true)"), {"ms": str(LONGER_MS)})


def active(tx: Tx, since: datetime, until: datetime) -> list[int]:
    """People who wrote or were written to in that time. Whatever happens to a family, one of both goes with it."""
    came = select(Inbound.contact_id).where(
        Inbound.received_at >= since, Inbound.received_at < until, Inbound.contact_id.is_not(None)
    )
    left = select(Outbound.contact_id).where(Outbound.created_at >= since, Outbound.created_at < until)
    return sorted(tx.session.scalars(select(union(came, left).subquery().c.contact_id)))


def first_heard(tx: Tx) -> datetime | None:
    """When the oldest message came or left that is there; None where there is none."""
    came, left = select(func.min(Inbound.received_at)), select(func.min(Outbound.created_at))
    return tx.session.scalar(select(func.least(came.scalar_subquery(), left.scalar_subquery())))


def asked_for_care(tx: Tx, contact_ids: Sequence[int], since: datetime) -> dict[int, list[datetime]]:
    """When each of these people wrote that they look for care, as it was understood."""
    rows = tx.session.execute(
        select(Inbound.contact_id, Inbound.received_at)
        .where(
            Inbound.contact_id.in_(contact_ids),
            Inbound.received_at >= since,
            Inbound.intent == Intent.FIND_CHILDCARE.value,
        )
        .order_by(Inbound.received_at)
    )
    found: dict[int, list[datetime]] = {}
    for contact_id, at in rows:
        found.setdefault(contact_id or 0, []).append(at)
    return found


class KnownSearch(NamedTuple):
    id: int
    at: datetime
    options: int | None
    data: dict[str, Any]


def care_searches(tx: Tx, contact_ids: Sequence[int], since: datetime) -> dict[int, list[KnownSearch]]:
    """Each person's searches for care, oldest first, how many options each showed, and what was asked with. One that
    cannot be opened is left out, and the log says which."""
    rows = tx.session.execute(
        select(Search.id, Search.contact_id, Search.created_at, Search.result, Search.data_sealed)
        .where(
            Search.contact_id.in_(contact_ids),
            Search.created_at >= since,
            Search.kind == JobKind.FIND_CARE.value,
        )
        .order_by(Search.created_at)
    )
    found: dict[int, list[KnownSearch]] = {}
    for row in rows:
        options = len(row.result["options"]) if row.result and "options" in row.result else None
        try:
            data = tx.vault.open_json(row.data_sealed)
        except (VaultError, ValueError):
            log.warning("search %s cannot be opened, and is not counted", row.id)
            continue
        found.setdefault(row.contact_id, []).append(KnownSearch(row.id, row.created_at, options, data))
    return found


class KnownOffer(NamedTuple):
    """A request's offer; of a request without any, its fields are None."""

    request_id: int
    at: datetime
    request_status: str
    status: str | None
    answered_at: datetime | None
    rating: int | None
    followed_up: bool


def requests(tx: Tx, contact_ids: Sequence[int], since: datetime) -> dict[int, list[KnownOffer]]:
    """Each person's requests, oldest first, with their offers. `followed_up`: we asked how it went."""
    followed = exists().where(
        Event.cause == func.concat("offer:", Offer.id.cast(String), ":follow_up"),
        Event.handled_at.is_not(None),
    )
    rows = tx.session.execute(
        select(
            Request.contact_id,
            Request.id,
            Request.created_at,
            Request.status,
            Offer.status,
            Offer.answered_at,
            Offer.rating,
            followed,
        )
        .join(Offer, Offer.request_id == Request.id, isouter=True)
        .where(Request.contact_id.in_(contact_ids), Request.created_at >= since)
        .order_by(Request.id, Offer.id)
    )
    found: dict[int, list[KnownOffer]] = {}
    for row in rows:
        known = KnownOffer(row[1], row[2], row[3], row[4], row[5], row[6], row[7])
        found.setdefault(row[0], []).append(known)
    return found


def counted(tx: Tx, contact_ids: Sequence[int]) -> dict[int, dict[date, dict[str, Any]]]:
    """How each of these people is counted, by the end of the quarter."""
    rows = tx.session.execute(
        select(Counted.contact_id, Counted.quarter_ends, Counted.facts_sealed).where(
            Counted.contact_id.in_(contact_ids)
        )
    )
    found: dict[int, dict[date, dict[str, Any]]] = {}
    for contact_id, ends, sealed in rows:
        found.setdefault(contact_id, {})[ends] = tx.vault.open_json(sealed)
    return found


def keep(tx: Tx, facts: Mapping[tuple[int, date], dict[str, Any]]) -> None:
    """People are counted so from now on: by person and end of the quarter."""
    if not facts:
        return
    made = insert(Counted).values(
        [
            {"contact_id": contact_id, "quarter_ends": ends, "facts_sealed": tx.vault.seal_json(one)}
            for (contact_id, ends), one in facts.items()
        ]
    )
    tx.session.execute(
        made.on_conflict_do_update(
            index_elements=[Counted.contact_id, Counted.quarter_ends],
            set_={"facts_sealed": made.excluded.facts_sealed},
        )
    )


Place = tuple[date, date, str, str, str]
"""The quarter, the week, the ubigeo, the age and what."""


def change(tx: Tx, by: Mapping[Place, int]) -> None:
    """So many families more, or fewer, in each of these cells."""
    rows = [
        {"quarter": quarter, "week": week, "ubigeo": ubigeo, "age": age, "what": what, "families": number}
        for (quarter, week, ubigeo, age, what), number in sorted(by.items())
        if number
    ]
    if not rows:
        return
    made = insert(Tally).values(rows)
    tx.session.execute(
        made.on_conflict_do_update(
            index_elements=[Tally.quarter, Tally.week, Tally.ubigeo, Tally.age, Tally.what],
            set_={"families": Tally.families + made.excluded.families},
        )
    )


class Sent(NamedTuple):
    """What went to one person in a week, by channel and status. `replies`: within a day of their own word."""

    contact_id: int
    channel: str
    status: str
    messages: int
    segments: int
    replies: int


def sent(tx: Tx, since: datetime, until: datetime) -> list[Sent]:
    """All messages written in that time."""
    answered = exists().where(
        Inbound.contact_id == Outbound.contact_id,
        Inbound.channel == Channel.WHATSAPP.value,
        Inbound.received_at <= Outbound.created_at,
        Inbound.received_at > Outbound.created_at - timedelta(days=1),
    )
    is_reply = case((Outbound.channel == Channel.WHATSAPP.value, answered), else_=False)
    rows = tx.session.execute(
        select(
            Outbound.contact_id,
            Outbound.channel,
            Outbound.status,
            func.count(),
            func.coalesce(func.sum(Outbound.segments), 0),
            func.count().filter(is_reply),
        )
        .where(Outbound.created_at >= since, Outbound.created_at < until)
        .group_by(Outbound.contact_id, Outbound.channel, Outbound.status)
    )
    return [Sent(r[0], r[1], r[2], r[3], int(r[4] or 0), r[5]) for r in rows]


def received(tx: Tx, since: datetime, until: datetime) -> list[tuple[int, str, int]]:
    """All messages that came in that time: who wrote, on which channel, how many."""
    rows = tx.session.execute(
        select(Inbound.contact_id, Inbound.channel, func.count())
        .where(Inbound.received_at >= since, Inbound.received_at < until, Inbound.contact_id.is_not(None))
        .group_by(Inbound.contact_id, Inbound.channel)
    )
    return [(r[0], r[1], r[2]) for r in rows if r[0] is not None]


def ubigeo_of_people(tx: Tx, contact_ids: Iterable[int]) -> dict[int, str]:
    """Where people are, as far as it is known: providers where they care for children, families where they last looked
    for care."""
    wanted = list(contact_ids)
    found: dict[int, str] = {}
    for some in range(0, len(wanted), 5000):
        ids = wanted[some : some + 5000]
        rows = tx.session.execute(
            select(Counted.contact_id, Counted.facts_sealed)
            .where(Counted.contact_id.in_(ids))
            .order_by(Counted.quarter_ends)
        )
        found |= {
            contact_id: ubigeo
            for contact_id, sealed in rows
            if (ubigeo := tx.vault.open_json(sealed)["ubigeo"])
        }
        for key in (Contact.address_key, Contact.sms_key):
            at = tx.session.execute(
                select(Contact.id, Provider.ubigeo)
                .join(Provider, Provider.phone_key == key)
                .where(Contact.id.in_(ids))
            )
            found |= {row.id: row.ubigeo for row in at}
    return found


class Traffic(NamedTuple):
    """One row of the table of messages."""

    week: date
    region: str
    channel: str
    status: str
    messages: int
    segments: int
    people: int
    replies: int
    cost_micros: int


def put_traffic(tx: Tx, week: date, rows: Iterable[Traffic]) -> None:
    """These are the week's messages from now on."""
    tx.session.execute(delete(MessageTally).where(MessageTally.week == week))
    values = [row._asdict() for row in rows]
    if values:
        tx.session.execute(insert(MessageTally), values)


def traffic(tx: Tx, first: date, before: date) -> list[Traffic]:
    """The messages of the weeks from `first` to the one before `before`."""
    columns = [getattr(MessageTally, name) for name in Traffic._fields]
    rows = tx.session.execute(
        select(*columns)
        .where(MessageTally.week >= first, MessageTally.week < before)
        .order_by(MessageTally.week, MessageTally.region, MessageTally.channel, MessageTally.status)
    )
    return [Traffic(*row) for row in rows]


def weeks_of_traffic(tx: Tx) -> set[date]:
    """The weeks whose messages were counted."""
    return set(tx.session.scalars(select(MessageTally.week).distinct()))


def quarters(tx: Tx) -> list[date]:
    """The quarters of which there are figures, the latest first."""
    return list(tx.session.scalars(select(Tally.quarter).distinct().order_by(Tally.quarter.desc())))


def by_week(tx: Tx, quarter: date) -> list[tuple[date, str, str, int]]:
    """Families of a quarter by week, region (two digits, or empty) and what became of it."""
    region = func.left(Tally.ubigeo, 2)
    rows = tx.session.execute(
        select(Tally.week, region, Tally.what, func.sum(Tally.families))
        .where(Tally.quarter == quarter)
        .group_by(Tally.week, region, Tally.what)
    )
    return [(r[0], r[1], r[2], int(r[3])) for r in rows]


def by_district(tx: Tx, quarter: date, what: str) -> list[tuple[str, str, int]]:
    """Families of a quarter of which that became, by ubigeo and age."""
    rows = tx.session.execute(
        select(Tally.ubigeo, Tally.age, func.sum(Tally.families))
        .where(Tally.quarter == quarter, Tally.what == what)
        .group_by(Tally.ubigeo, Tally.age)
    )
    return [(r[0], r[1], int(r[2])) for r in rows]
