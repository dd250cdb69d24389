"""Messages that arrived: each once, kept before anything is done with it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import String, Table, bindparam, exists, func, or_, select, update
from sqlalchemy import cast as cast_
from sqlalchemy.dialects.postgresql import insert

from bot.messages import Channel
from bot.store.database import Tx
from bot.store.tables import Inbound, Outbound, Search
from nlp.schema import Parse

MAX_ATTEMPTS = 3
"""After so many failures a message is answered with an apology and shown to a person."""


_TABLE = cast(Table, Inbound.__table__)
_ADD = insert(_TABLE).on_conflict_do_nothing(index_elements=[_TABLE.c.sid]).returning(_TABLE.c.id)
_SEARCHES = cast(Table, Search.__table__)
_WAITING = (
    select(
        _TABLE.c.id,
        _TABLE.c.channel,
        _TABLE.c.form_sealed,
        _TABLE.c.received_at,
        _TABLE.c.attempts,
        exists()
        .where(_SEARCHES.c.contact_id == bindparam("contact"), _SEARCHES.c.answered_at.is_(None))
        .label("behind_a_search"),
    )
    .where(_TABLE.c.contact_id == bindparam("contact"), _TABLE.c.handled_at.is_(None))
    .order_by(_TABLE.c.id)
)
_CHANGE = update(_TABLE).where(_TABLE.c.id == bindparam("message"), _TABLE.c.contact_id.is_not(None))


@dataclass(frozen=True, slots=True)
class Stored:
    """A message that waits for its answer. `form` are the carrier's fields, as they came; `behind_a_search`: its person
    waits for the answer to one."""

    id: int
    channel: Channel
    form: dict[str, str]
    received_at: datetime
    attempts: int
    behind_a_search: bool


def add(tx: Tx, sid: str, contact_id: int, channel: Channel, form: dict[str, str], now: datetime) -> bool:
    """Keep a message. False: it was here before, and nothing changed."""
    added = tx.run(
        _ADD,
        sid=sid,
        contact_id=contact_id,
        channel=channel.value,
        form_sealed=tx.vault.seal_json(form),
        received_at=now,
    )
    return added.first() is not None


def waiting(tx: Tx, contact_id: int) -> list[Stored]:
    """The person's messages that nobody answered yet, oldest first."""
    rows = tx.run(_WAITING, contact=contact_id)
    return [
        Stored(
            row.id,
            Channel(row.channel),
            tx.vault.open_json(row.form_sealed),
            row.received_at,
            row.attempts,
            row.behind_a_search,
        )
        for row in rows
    ]


def handled(tx: Tx, message_id: int, parse: Parse | None, now: datetime) -> None:
    """The dialogue has answered this message, having understood it so."""
    tx.write(
        _CHANGE,
        message=message_id,
        handled_at=now,
        intent=parse.intent.value if parse else None,
        confidence=parse.confidence if parse else None,
        parse_sealed=tx.vault.seal_json(parse.to_wire()) if parse else None,
    )


def failed(tx: Tx, message_id: int) -> None:
    """One more try at this message failed."""
    tx.session.execute(update(Inbound).where(Inbound.id == message_id).values(attempts=Inbound.attempts + 1))


def contacts_waiting(tx: Tx, received_before: datetime, now: datetime, limit: int = 100) -> list[int]:
    """People with a message that nobody answered since then. One from a time to come was kept before the clock was set
    back."""
    rows = tx.session.scalars(
        select(Inbound.contact_id)
        .where(
            Inbound.handled_at.is_(None),
            or_(Inbound.received_at < received_before, Inbound.received_at > now),
        )
        .group_by(Inbound.contact_id)
        .order_by(func.min(Inbound.id))
        .limit(limit)
    )
    return [contact_id for contact_id in rows if contact_id is not None]


def latest(tx: Tx, contact_id: int) -> int:
    """The id of the last message that came from this person; 0 for none."""
    return tx.session.scalar(select(func.max(Inbound.id)).where(Inbound.contact_id == contact_id)) or 0


def left_unanswered(tx: Tx, contact_id: int, after: int) -> list[int]:
    """The person's messages after this one that were looked at, and that the bot said nothing to; oldest first."""
    said = exists().where(Outbound.cause == func.concat("in:", cast_(Inbound.id, String), ":0"))
    rows = tx.session.scalars(
        select(Inbound.id)
        .where(Inbound.contact_id == contact_id, Inbound.id > after, Inbound.handled_at.is_not(None), ~said)
        .order_by(Inbound.id)
    )
    return list(rows)


def answer_now(tx: Tx, message_ids: Collection[int]) -> None:
    """These messages wait for an answer, as if nobody had looked at them."""
    tx.session.execute(update(Inbound).where(Inbound.id.in_(message_ids)).values(handled_at=None, attempts=0))


def unknown_of(tx: Tx, sids: Collection[str]) -> set[str]:
    """Those of these messages that never came here."""
    known = tx.session.scalars(select(Inbound.sid).where(Inbound.sid.in_(sids)))
    return set(sids) - set(known)


def unsure(tx: Tx, below: float, since: datetime, limit: int) -> list[tuple[int | None, Parse]]:
    """What was read with a confidence below `below` since then, and whose it is, the least sure first; empty messages
    left out."""
    rows = tx.session.scalars(
        select(Inbound)
        .where(Inbound.parse_sealed.is_not(None), Inbound.confidence < below, Inbound.received_at >= since)
        .order_by(Inbound.confidence, Inbound.id)
        .limit(limit)
    )
    parses = (
        (row.contact_id, Parse.from_wire(tx.vault.open_json(row.parse_sealed)))
        for row in rows
        if row.parse_sealed
    )
    return [(contact_id, parse) for contact_id, parse in parses if parse.text.strip()]
