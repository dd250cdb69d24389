"""Requests as an operator reads them: lists, and all that is kept of how one went."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import aliased

from bot.messages import EventKind, JobKind
from bot.store import outbox, tables
from bot.store.care_requests import CareRequest
from bot.store.database import Tx
from bot.store.tables import (
    Case,
    Consent,
    Contact,
    MessageStatus,
    Offer,
    OfferStatus,
    Outbound,
    Provider,
    Request,
    RequestStatus,
    Search,
)

BEFORE_IT = timedelta(days=7)
"""The search that led to a request is at most so much older."""
MOST_EVENTS = 100


@dataclass(frozen=True, slots=True)
class Listed:
    """A request in a list: how many were asked, and the last of them, by name and state."""

    request: CareRequest
    address: str
    created_at: datetime
    closed_at: datetime | None
    asked: int
    last_provider: str
    last_status: OfferStatus | None


@dataclass(frozen=True, slots=True)
class Message:
    """What became of a message, on its last try. `error_code` is the carrier's."""

    status: MessageStatus
    channel: str
    error_code: int | None


@dataclass(frozen=True, slots=True)
class Asked:
    """An offer, and how it went. `reached_at` is when the question left for the provider; `why` a word of the wording's
    table `why_not`, where it went on to the next; `words` those of a conditional yes."""

    id: int
    provider_id: int
    provider: str
    code: str
    status: OfferStatus
    created_at: datetime
    reached_at: datetime | None
    message: Message | None
    expires_at: datetime
    answered_at: datetime | None
    words: str
    why: str
    rating: int | None


@dataclass(frozen=True, slots=True)
class Happening:
    """An event of the request: when it is due, and when it happened, if it did."""

    kind: EventKind
    data: dict[str, Any]
    due_at: datetime
    handled_at: datetime | None


@dataclass(frozen=True, slots=True)
class Proposed:
    """A search and what came of it: provider ids with their distance in km, best first; or the condition that nobody
    met."""

    id: int
    contact_id: int
    address: str
    query: dict[str, Any]
    created_at: datetime
    answered_at: datetime | None
    options: tuple[tuple[int, float], ...]
    failed: str | None
    is_more: bool


@dataclass(frozen=True, slots=True)
class Story:
    """All there is of one request. `names` are those of the providers who were proposed."""

    request: CareRequest
    address: str
    created_at: datetime
    closed_at: datetime | None
    searches: tuple[Proposed, ...]
    names: dict[int, str]
    consented_at: datetime | None
    asked: tuple[Asked, ...]
    events: tuple[Happening, ...]
    open_cases: tuple[int, ...]


def listed(
    tx: Tx,
    statuses: Sequence[RequestStatus],
    since: datetime | None,
    before_id: int | None,
    limit: int,
) -> list[Listed]:
    """Requests, the latest first: in one of these states (all, where none is named), made since then, with an id below
    that one."""
    query = (
        select(Request, Contact.address_sealed)
        .join(Contact, Contact.id == Request.contact_id)
        .order_by(Request.id.desc())
        .limit(limit)
    )
    if statuses:
        query = query.where(Request.status.in_(statuses))
    if since is not None:
        query = query.where(Request.created_at >= since)
    if before_id is not None:
        query = query.where(Request.id < before_id)
    rows = tx.session.execute(query).all()
    offers = _last_offers(tx, [request.id for request, _ in rows])
    return [
        Listed(
            _request(tx, request),
            tx.vault.open(sealed),
            request.created_at,
            request.closed_at,
            *offers.get(request.id, (0, "", None)),
        )
        for request, sealed in rows
    ]


def without_options(tx: Tx, since: datetime, before_id: int | None, limit: int) -> list[Proposed]:
    """The last search of people for whom it found nobody, and who asked for nobody since; the latest first."""
    later = aliased(Search)
    options = func.jsonb_array_length(Search.result["options"])
    query = (
        _searches()
        .where(
            Search.kind == JobKind.FIND_CARE,
            Search.created_at >= since,
            Search.answered_at.is_not(None),
            func.jsonb_typeof(Search.result["options"]) == "array",
            options == 0,
            ~exists().where(
                later.contact_id == Search.contact_id, later.id > Search.id, later.kind == Search.kind
            ),
            ~exists().where(Request.contact_id == Search.contact_id, Request.created_at > Search.created_at),
        )
        .order_by(Search.id.desc())
        .limit(limit)
    )
    if before_id is not None:
        query = query.where(Search.id < before_id)
    return [_proposed(tx, search, sealed) for search, sealed in tx.session.execute(query)]


def search(tx: Tx, search_id: int) -> Proposed | None:
    """One search for care; None where there is none."""
    row = tx.session.execute(
        _searches().where(Search.id == search_id, Search.kind == JobKind.FIND_CARE)
    ).one_or_none()
    return None if row is None else _proposed(tx, *row)


def searches_of(tx: Tx, case_ids: Collection[int]) -> dict[int, int]:
    """The search for care whose answer each of these cases may come from: the last that its person was told of before
    the case was opened."""
    rows = tx.session.execute(
        select(Case.id, Search.id)
        .join(Search, Search.contact_id == Case.contact_id)
        .where(Case.id.in_(case_ids), Search.kind == JobKind.FIND_CARE, Search.answered_at <= Case.created_at)
        .ext(distinct_on(Case.id))
        .order_by(Case.id, Search.id.desc())
    )
    return dict(rows.all())


def is_the_last(tx: Tx, one: Proposed) -> bool:
    """Whether the person has not searched for care again since."""
    later = select(Search.id).where(
        Search.contact_id == one.contact_id, Search.id > one.id, Search.kind == JobKind.FIND_CARE
    )
    return tx.session.scalar(later.limit(1)) is None


def story(tx: Tx, request_id: int) -> Story | None:
    """Everything of one request; None where there is none."""
    row = tx.session.execute(
        select(Request, Contact.address_sealed)
        .join(Contact, Contact.id == Request.contact_id)
        .where(Request.id == request_id)
    ).one_or_none()
    if row is None:
        return None
    request, sealed = row
    offers = tx.session.execute(
        select(Offer, Provider.name)
        .join(Provider, Provider.id == Offer.provider_id)
        .where(Offer.request_id == request_id)
        .order_by(Offer.id)
    ).all()
    events = _events(tx, request.contact_id, [offer.id for offer, _ in offers])
    reached = _messages(tx, [offer.id for offer, _ in offers])
    searches = _searches_before(tx, request)
    return Story(
        request=_request(tx, request),
        address=tx.vault.open(sealed),
        created_at=request.created_at,
        closed_at=request.closed_at,
        searches=searches,
        names=names(tx, {provider for one in searches for provider, _ in one.options}),
        consented_at=tx.session.scalar(
            select(func.max(Consent.given_at)).where(
                Consent.contact_id == request.contact_id, Consent.given_at <= request.created_at
            )
        ),
        asked=tuple(_asked(tx, offer, name, events, reached.get(offer.id)) for offer, name in offers),
        events=tuple(events),
        open_cases=tuple(_cases(tx, request)),
    )


def names(tx: Tx, provider_ids: set[int]) -> dict[int, str]:
    """What these providers are called."""
    rows = tx.session.execute(select(Provider.id, Provider.name).where(Provider.id.in_(provider_ids)))
    return dict(rows.all())


def _last_offers(tx: Tx, request_ids: Sequence[int]) -> dict[int, tuple[int, str, OfferStatus]]:
    """How many were asked for each request, and the last one's name and state."""
    rows = tx.session.execute(
        select(
            Offer.request_id,
            func.count().over(partition_by=Offer.request_id),
            Provider.name,
            Offer.status,
        )
        .join(Provider, Provider.id == Offer.provider_id)
        .where(Offer.request_id.in_(request_ids))
        .ext(distinct_on(Offer.request_id))
        .order_by(Offer.request_id, Offer.id.desc())
    )
    return {request_id: (count, name, OfferStatus(status)) for request_id, count, name, status in rows}


def _searches() -> Any:
    return select(Search, Contact.address_sealed).join(Contact, Contact.id == Search.contact_id)


def _searches_before(tx: Tx, request: Request) -> tuple[Proposed, ...]:
    """What was proposed before the request was made: the last searches that found somebody, oldest first."""
    rows = tx.session.execute(
        _searches()
        .where(
            Search.contact_id == request.contact_id,
            Search.kind == JobKind.FIND_CARE,
            Search.answered_at <= request.created_at,
            Search.created_at > request.created_at - BEFORE_IT,
        )
        .order_by(Search.id.desc())
        .limit(3)
    ).all()
    return tuple(_proposed(tx, search, sealed) for search, sealed in reversed(rows))


def _proposed(tx: Tx, row: Search, address_sealed: bytes) -> Proposed:
    data, result = tx.vault.open_json(row.data_sealed), row.result or {}
    return Proposed(
        id=row.id,
        contact_id=row.contact_id,
        address=tx.vault.open(address_sealed),
        query=data["query"],
        created_at=row.created_at,
        answered_at=row.answered_at,
        options=tuple((int(provider), float(km)) for provider, _, km in result.get("options") or ()),
        failed=result.get("failed") if isinstance(result.get("failed"), str) else None,
        is_more=bool(data.get("more")),
    )


def _events(tx: Tx, contact_id: int, offer_ids: Sequence[int]) -> list[Happening]:
    """What happened and will happen about these offers: by the causes that bot/exchange/telling.py and asking.py give
    them; and what waits for the parent, who may have talked with a provider."""
    causes = [
        f"offer:{offer_id}{what}"
        for offer_id in offer_ids
        for what in (
            "", ":expiry", ":move_on", ":lapse", ":countered", ":agreed", ":withdrawn", ":ended", ":quit",
            ":reminder", ":reminder-provider", ":follow_up",
        )
    ]  # fmt: skip
    waiting = (tables.Event.contact_id == contact_id) & tables.Event.handled_at.is_(None)
    rows = tx.session.scalars(
        select(tables.Event)
        .where(or_(tables.Event.cause.in_(causes), waiting))
        .order_by(tables.Event.due_at, tables.Event.id)
        .limit(MOST_EVENTS)
    )
    happening = [
        Happening(EventKind(row.kind), tx.vault.open_json(row.data_sealed), row.due_at, row.handled_at)
        for row in rows
    ]
    return [one for one in happening if one.data.get("offer") in offer_ids]


def _messages(tx: Tx, offer_ids: Sequence[int]) -> dict[int, Message]:
    """What became of the message by which each offer was put to its provider."""
    offer_of = {f"offer:{offer_id}:e0:0": offer_id for offer_id in offer_ids}
    found: dict[int, Message] = {}
    following: dict[str, int] = dict(offer_of)
    while following:
        rows = tx.session.scalars(select(Outbound).where(Outbound.cause.in_(following))).all()
        next_: dict[str, int] = {}
        for row in rows:
            offer_id = following[row.cause]
            found[offer_id] = Message(MessageStatus(row.status), row.channel, row.error_code)
            if row.status == MessageStatus.FAILED:
                next_ |= {row.cause + again: offer_id for again in outbox.WRITTEN_AGAIN}
        following = next_
    return found


def _asked(tx: Tx, offer: Offer, name: str, events: Sequence[Happening], message: Message | None) -> Asked:
    about = [one for one in events if one.data.get("offer") == offer.id]
    reached = next((one.handled_at for one in about if one.kind is EventKind.OFFERED), None)
    status = OfferStatus(offer.status)
    return Asked(
        id=offer.id,
        provider_id=offer.provider_id,
        provider=name,
        code=offer.code,
        status=status,
        created_at=offer.created_at,
        reached_at=None if status is OfferStatus.WAITING else reached,
        message=message,
        expires_at=offer.expires_at,
        answered_at=offer.answered_at,
        words=tx.vault.open(offer.words_sealed) if offer.words_sealed else "",
        why=next(
            (
                one.data["why"]
                for one in about
                if one.kind is EventKind.MOVE_ON and one.handled_at and one.data["why"] not in _WAITS
            ),
            "",
        ),
        rating=offer.rating,
    )


_WAITS = ("no_reply", "not_settled")
"""Reasons that are written down beforehand, and may have come to nothing."""


def _cases(tx: Tx, request: Request) -> Sequence[int]:
    cause = f"request:{request.id}:"
    return tx.session.scalars(
        select(Case.id)
        .where(Case.contact_id == request.contact_id, Case.closed_at.is_(None), Case.cause.startswith(cause))
        .order_by(Case.id)
    ).all()


def _request(tx: Tx, row: Request) -> CareRequest:
    return CareRequest(row.id, row.contact_id, RequestStatus(row.status), tx.vault.open_json(row.data_sealed))
