"""What became of the offers made to a provider, in numbers; and what families said of the care."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select

from bot.store.database import Tx
from bot.store.tables import Offer, OfferStatus, Provider

ANSWERS = (OfferStatus.COUNTERED, OfferStatus.AGREED, OfferStatus.DECLINED, OfferStatus.ENDED)
MOST_COMMENTS = 20


@dataclass(frozen=True, slots=True)
class Numbers:
    """Offers by what became of them; how long half of the answers took at most; ratings by stars, 5 to 1; and what is
    shown to families of what one of them said."""

    offers: dict[OfferStatus, int]
    answered_in: timedelta | None
    ratings: dict[int, int]
    quote: str

    @property
    def asked(self) -> int:
        return sum(self.offers.values())

    @property
    def rated(self) -> int:
        return sum(self.ratings.values())

    @property
    def mean(self) -> float | None:
        return (
            sum(stars * times for stars, times in self.ratings.items()) / self.rated if self.rated else None
        )


@dataclass(frozen=True, slots=True)
class Unread:
    """What a family said of the care, which nobody read yet."""

    offer_id: int
    rating: int | None
    words: str


def numbers(tx: Tx, provider_id: int) -> Numbers:
    """All of it, of one provider."""
    of_theirs = Offer.provider_id == provider_id
    counted = select(Offer.status, func.count()).where(of_theirs).group_by(Offer.status)
    rated = select(Offer.rating, func.count()).where(of_theirs, Offer.rating.is_not(None))
    by_status = {row[0]: row[1] for row in tx.session.execute(counted)}
    by_stars = {row[0]: row[1] for row in tx.session.execute(rated.group_by(Offer.rating))}
    took = func.percentile_cont(0.5).within_group(Offer.answered_at - Offer.created_at)
    return Numbers(
        offers={status: by_status[status] for status in OfferStatus if by_status.get(status)},
        answered_in=tx.session.scalar(
            select(took).where(of_theirs, Offer.status.in_(ANSWERS), Offer.answered_at.is_not(None))
        ),
        ratings={stars: by_stars.get(stars, 0) for stars in range(5, 0, -1)} if by_stars else {},
        quote=tx.session.scalar(select(Provider.quote).where(Provider.id == provider_id)) or "",
    )


def unread(tx: Tx, provider_id: int) -> list[Unread]:
    """What families said of the care that no operator read yet, oldest first."""
    rows = tx.session.execute(
        select(Offer.id, Offer.rating, Offer.comment_sealed)
        .where(
            Offer.provider_id == provider_id,
            Offer.comment_sealed.is_not(None),
            Offer.comment_read_at.is_(None),
        )
        .order_by(Offer.id)
        .limit(MOST_COMMENTS)
    )
    return [Unread(offer_id, rating, tx.vault.open(sealed)) for offer_id, rating, sealed in rows if sealed]
