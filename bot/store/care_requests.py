"""Requests for care, and the offers by which they are put to providers, one after another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from bot.store.database import Tx
from bot.store.tables import Offer, OfferStatus, Provider, Request, RequestStatus

UNANSWERED = (OfferStatus.WAITING, OfferStatus.SENT)
OPEN = (*UNANSWERED, OfferStatus.COUNTERED)
STANDING = (*OPEN, OfferStatus.AGREED)

_LETTERS = "ABCDEFGHJKMNPRSTUVWXYZ"
"""Without those that look or sound like another letter or a digit."""
_DIGITS = "23456789"


@dataclass(frozen=True, slots=True)
class CareRequest:
    """A parent's request. `data` is what the dialogue asked with: the query, and what a provider is told."""

    id: int
    contact_id: int
    status: RequestStatus
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class PutOffer:
    """An offer as it stands. `words` are the provider's own, of a conditional yes."""

    id: int
    request_id: int
    provider_id: int
    code: str
    status: OfferStatus
    held: int
    words: str | None
    expires_at: datetime

    @property
    def open(self) -> bool:
        return self.status in OPEN


def add(tx: Tx, contact_id: int, cause: str, data: dict[str, Any], now: datetime) -> CareRequest | None:
    """The request this cause asks for; None where it did so before."""
    made = tx.session.scalar(
        insert(Request)
        .values(contact_id=contact_id, cause=cause, data_sealed=tx.vault.seal_json(data), created_at=now)
        .on_conflict_do_nothing(index_elements=[Request.cause])
        .returning(Request.id)
    )
    return None if made is None else CareRequest(made, contact_id, RequestStatus.OPEN, data)


def lock(tx: Tx, request_id: int) -> CareRequest:
    """The request, held until the end of the transaction: its offers change only under this lock."""
    row = tx.session.scalars(select(Request).where(Request.id == request_id).with_for_update()).one()
    return CareRequest(row.id, row.contact_id, RequestStatus(row.status), tx.vault.open_json(row.data_sealed))


def parent_of(tx: Tx, request_id: int) -> int | None:
    """Whose request it is; None when it is gone."""
    return tx.session.scalar(select(Request.contact_id).where(Request.id == request_id))


def of_contact(tx: Tx, contact_id: int, *statuses: RequestStatus) -> list[int]:
    """The ids of a parent's requests that are in one of these states, oldest first."""
    return list(
        tx.session.scalars(
            select(Request.id)
            .where(Request.contact_id == contact_id, Request.status.in_(statuses))
            .order_by(Request.id)
        )
    )


def set_status(tx: Tx, request_id: int, status: RequestStatus, now: datetime) -> None:
    closed_at = None if status is RequestStatus.OPEN else now
    tx.session.execute(
        update(Request).where(Request.id == request_id).values(status=status, closed_at=closed_at)
    )


def put(tx: Tx, request_id: int, provider_id: int, expires_at: datetime, now: datetime) -> PutOffer:
    """A new offer of this request to this provider, under a code that none of the provider's open ones has."""
    taken = set(
        tx.session.scalars(select(Offer.code).where(Offer.provider_id == provider_id, Offer.status.in_(OPEN)))
    )
    count = tx.session.scalar(select(func.count()).where(Offer.provider_id == provider_id)) or 0
    for code in _codes(count):
        if code in taken:
            continue
        made = tx.session.scalar(
            insert(Offer)
            .values(
                request_id=request_id,
                provider_id=provider_id,
                code=code,
                expires_at=expires_at,
                created_at=now,
            )
            # Another parent may ask the same provider at this moment, and be given the same code.
            .on_conflict_do_nothing()
            .returning(Offer.id)
        )
        if made is not None:
            return PutOffer(made, request_id, provider_id, code, OfferStatus.WAITING, 0, None, expires_at)
    raise ValueError(f"provider {provider_id} has as many open offers as there are codes")


def _codes(first: int) -> Iterable[str]:
    """All codes, from another one each time, so that yesterday's is not today's."""
    total = len(_LETTERS) * len(_DIGITS)
    for at in range(total):
        digit, letter = divmod((first + at) * 7 % total, len(_LETTERS))
        yield f"{_LETTERS[letter]}{_DIGITS[digit]}"


def offer(tx: Tx, offer_id: int) -> PutOffer | None:
    """The offer; None when it is gone, its parent or provider with it."""
    row = tx.session.get(Offer, offer_id, populate_existing=True)
    return None if row is None else _put_offer(tx, row)


def is_of(tx: Tx, offer_id: int, contact_id: int) -> bool:
    """Whether this offer is of a request of this parent."""
    found = tx.session.scalar(
        select(Offer.id)
        .join(Request, Request.id == Offer.request_id)
        .where(Offer.id == offer_id, Request.contact_id == contact_id)
    )
    return found is not None


def offers_of(tx: Tx, request_id: int, *statuses: OfferStatus) -> list[PutOffer]:
    """The offers of a request, oldest first; of these states where some are named."""
    query = select(Offer).where(Offer.request_id == request_id).order_by(Offer.id)
    if statuses:
        query = query.where(Offer.status.in_(statuses))
    return [_put_offer(tx, row) for row in tx.session.scalars(query)]


def offers_to(tx: Tx, provider_id: int, *statuses: OfferStatus) -> list[tuple[PutOffer, int]]:
    """The offers to a provider in these states, oldest first, each with its parent's contact id."""
    rows = tx.session.execute(
        select(Offer, Request.contact_id)
        .join(Request, Request.id == Offer.request_id)
        .where(Offer.provider_id == provider_id, Offer.status.in_(statuses))
        .order_by(Offer.id)
    )
    return [(_put_offer(tx, row), contact_id) for row, contact_id in rows]


def move(
    tx: Tx,
    offer_id: int,
    status: OfferStatus,
    now: datetime,
    held: int | None = None,
    words: str | None = None,
) -> None:
    """The offer is now in this state. Call it under the request's lock."""
    values: dict[str, object] = {"status": status}
    if status is not OfferStatus.SENT:
        values["answered_at"] = now
    if held is not None:
        values["held"] = held
    if words is not None:
        values["words_sealed"] = tx.vault.seal(words)
    tx.session.execute(update(Offer).where(Offer.id == offer_id).values(**values))


def extend(tx: Tx, offer_id: int, expires_at: datetime) -> None:
    """The offer waits until then."""
    tx.session.execute(update(Offer).where(Offer.id == offer_id).values(expires_at=expires_at))


def has_declined(tx: Tx, contact_id: int, provider_id: int, need: dict[str, Any], since: datetime) -> bool:
    """Whether the provider has said no to this parent for the same need since then."""
    rows = tx.session.scalars(
        select(Request.data_sealed)
        .join(Offer, Offer.request_id == Request.id)
        .where(
            Request.contact_id == contact_id,
            Offer.provider_id == provider_id,
            Offer.status == OfferStatus.DECLINED,
            Offer.answered_at > since,
        )
    )
    return any(tx.vault.open_json(sealed)["need"] == need for sealed in rows)


def take_places(tx: Tx, provider_id: int, places: int) -> bool:
    """Take places at a provider, all or none, whoever else does so at the same moment. False: there are not so many."""
    taken = tx.session.execute(
        update(Provider)
        .where(Provider.id == provider_id, Provider.places_free >= places)
        .values(places_free=Provider.places_free - places)
        .returning(Provider.id)
    )
    return taken.first() is not None


def give_back(tx: Tx, provider_id: int, places: int) -> None:
    """Places that were taken are free again."""
    tx.session.execute(
        update(Provider).where(Provider.id == provider_id).values(places_free=Provider.places_free + places)
    )


def rate(tx: Tx, offer_id: int, rating: int | None, comment: str | None) -> None:
    """What the parent says of the care of this offer; the provider's rating is worked out anew."""
    values: dict[str, object] = {}
    if rating is not None:
        values["rating"] = rating
    if comment is not None:
        values["comment_sealed"] = tx.vault.seal(comment)
    provider_id = tx.session.scalar(
        update(Offer).where(Offer.id == offer_id).values(**values).returning(Offer.provider_id)
    )
    if provider_id is None or rating is None:
        return
    mean, count = tx.session.execute(
        select(func.avg(Offer.rating), func.count(Offer.rating)).where(Offer.provider_id == provider_id)
    ).one()
    tx.session.execute(
        update(Provider).where(Provider.id == provider_id).values(rating=float(mean), ratings=count)
    )


@dataclass(frozen=True, slots=True)
class Comment:
    """What a parent said of the care, unread. `ubigeo` is the provider's, `cared_since` when the two agreed."""

    offer_id: int
    provider: str
    rating: int | None
    words: str
    ubigeo: str
    cared_since: datetime | None


def unread_comments(tx: Tx, limit: int = 200) -> list[Comment]:
    """Comments that no operator read yet, oldest first."""
    rows = tx.session.execute(
        select(Offer, Provider.name, Provider.ubigeo)
        .join(Provider, Provider.id == Offer.provider_id)
        .where(Offer.comment_sealed.is_not(None), Offer.comment_read_at.is_(None))
        .order_by(Offer.id)
        .limit(limit)
    )
    return [
        Comment(offer.id, name, offer.rating, tx.vault.open(offer.comment_sealed), ubigeo, offer.answered_at)
        for offer, name, ubigeo in rows
        if offer.comment_sealed
    ]


def read_comment(tx: Tx, offer_id: int, show: bool, now: datetime) -> bool:
    """An operator read this comment; with `show`, parents see it beside the provider. False: there is none."""
    offer = tx.session.get(Offer, offer_id)
    if offer is None or offer.comment_sealed is None:
        return False
    offer.comment_read_at = now
    if show:
        quote = tx.vault.open(offer.comment_sealed)
        tx.session.execute(update(Provider).where(Provider.id == offer.provider_id).values(quote=quote))
    return True


def _put_offer(tx: Tx, row: Offer) -> PutOffer:
    return PutOffer(
        row.id,
        row.request_id,
        row.provider_id,
        row.code,
        OfferStatus(row.status),
        row.held,
        tx.vault.open(row.words_sealed) if row.words_sealed else None,
        row.expires_at,
    )
