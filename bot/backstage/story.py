"""What became of one message: how it was understood, what was decided, what was written down, and what left."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from bot.backstage import candidates, meaning, people
from bot.messages import JobKind
from bot.store import Tx, contacts, conversations
from bot.store.tables import (
    Case,
    Consent,
    Event,
    Inbound,
    Offer,
    Outbound,
    Provider,
    Request,
    Search,
)
from nlp.places import Gazetteer


def of(tx: Tx, sid: str, places: Gazetteer, include_demo: bool) -> dict[str, Any] | None:
    """The story of the message with this carrier's id; None where there is no such, or its person is erased."""
    row = tx.session.scalars(select(Inbound).where(Inbound.sid == sid)).one_or_none()
    if row is None or row.contact_id is None:
        return None
    cause = f"in:{row.id}"
    events = _events(tx, cause, row.received_at)
    return {
        "trace": cause,
        "received_at": row.received_at.isoformat(),
        "handled": row.handled_at is not None,
        "attempts": row.attempts,
        "parse": meaning.in_words(tx.vault.open_json(row.parse_sealed), places) if row.parse_sealed else None,
        "awaits": _awaits(tx, row.contact_id),
        "searches": [_search(tx, search, include_demo) for search in _caused(tx, Search, cause)],
        "rows": _rows(tx, cause),
        "offers": _offers(tx, cause),
        "events": _told(tx, events, row.contact_id),
        "replies": _replies(tx, cause, events, row.contact_id),
    }


def _awaits(tx: Tx, contact_id: int) -> dict[str, str | None]:
    """What the conversation is about and waits for, as it stands now."""
    conversation = conversations.load(tx, contacts.get(tx, contact_id))
    return {
        "topic": conversation.topic.value if conversation.topic else None,
        "awaiting": conversation.awaiting.value if conversation.awaiting else None,
    }


def _search(tx: Tx, row: Search, include_demo: bool) -> dict[str, Any]:
    told: dict[str, Any] = {"kind": row.kind, "answered": row.answered_at is not None}
    if row.result is None or row.answered_at is None:
        return told
    data = tx.vault.open_json(row.data_sealed)
    found = candidates.of_search(tx, JobKind(row.kind), data, row.result, row.answered_at, include_demo)
    return told | {"failed": row.result.get("failed"), **found}


def _rows(tx: Tx, cause: str) -> dict[str, list[str]]:
    """What else was written down, by table: reasons of cases, names of wordings agreed to."""
    found = {
        "cases": [row.reason for row in _caused(tx, Case, cause)],
        "consents": [row.wording for row in _caused(tx, Consent, cause)],
        "requests": [row.status for row in _caused(tx, Request, cause)],
    }
    return {table: rows for table, rows in found.items() if rows}


def _offers(tx: Tx, cause: str) -> list[dict[str, Any]]:
    """To whom the request that this message began was put, and what became of it."""
    rows = tx.session.execute(
        select(Offer, Provider.name)
        .join(Request, Request.id == Offer.request_id)
        .join(Provider, Provider.id == Offer.provider_id)
        .where(_begins(Request.cause, cause))
        .order_by(Offer.id)
    )
    return [
        {
            "name": name,
            "code": offer.code,
            "status": offer.status,
            "until": offer.expires_at.isoformat(),
        }
        for offer, name in rows
    ]


def _events(tx: Tx, cause: str, received_at: datetime) -> list[Event]:
    """What is to reach somebody's conversation because of the message. What an answer to an offer leads to bears the
    offer's cause; but all that one message makes is of the moment at which it came."""
    rows = tx.session.scalars(
        select(Event)
        .where(or_(_begins(Event.cause, cause), Event.created_at == received_at))
        .order_by(Event.due_at, Event.id)
    )
    return list(rows)


def _told(tx: Tx, events: list[Event], contact_id: int) -> list[dict[str, Any]]:
    who = people.who(tx, (row.contact_id for row in events))
    return [
        {
            "kind": row.kind,
            "at": row.due_at.isoformat(),
            "happened": row.handled_at is not None,
            **who[row.contact_id],
            "same": row.contact_id == contact_id,
        }
        for row in events
    ]


def _replies(tx: Tx, cause: str, events: list[Event], contact_id: int) -> list[dict[str, Any]]:
    """What left, or is to leave, because of the message: to its writer, and to those its events reached."""
    told = (Outbound.cause.regexp_match(f"^{row.cause}:e[0-9]") for row in events)
    rows = tx.session.scalars(
        select(Outbound)
        .where(or_(_begins(Outbound.cause, cause), *told))
        .order_by(Outbound.created_at, Outbound.id)
    ).all()
    who = people.who(tx, (row.contact_id for row in rows))
    return [
        {
            "sid": row.sid,
            "cause": row.cause,
            "wording": row.wording,
            "channel": row.channel,
            "status": row.status,
            "attempts": row.attempts,
            "error_code": row.error_code,
            "error": row.error,
            **who[row.contact_id],
            "same": row.contact_id == contact_id,
        }
        for row in rows
    ]


def _caused(tx: Tx, table: Any, cause: str) -> list[Any]:
    return list(tx.session.scalars(select(table).where(_begins(table.cause, cause)).order_by(table.id)))


def _begins(column: Any, cause: str) -> ColumnElement[bool]:
    """Whether it is that cause, or what follows from it."""
    return or_(column == cause, func.starts_with(column, f"{cause}:"))
