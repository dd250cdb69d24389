"""Those who care for children."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from bot.importers.providers import ProviderRow
from bot.store.database import Tx
from bot.store.tables import Provider
from matching import schema
from matching.geo import bounding_box


def near(tx: Tx, point: schema.Point, radius_km: float, include_demo: bool) -> list[schema.Provider]:
    """Verified providers in the square around a point whose half side is the radius."""
    box = bounding_box(point, radius_km)
    query = select(Provider).where(
        Provider.verified_at.is_not(None),
        Provider.lat.between(box.south, box.north),
        Provider.lon.between(box.west, box.east),
    )
    if not include_demo:
        query = query.where(Provider.demo.is_(False))
    return [_for_matching(row) for row in tx.session.scalars(query)]


def put(tx: Tx, row: ProviderRow, demo: bool, now: datetime) -> None:
    """Add a provider, or bring the one with this key to what the row says."""
    values = {
        "demo": demo,
        "name": row.name,
        "kind": row.kind.value,
        "phone_key": tx.vault.look_up_key(row.phone) if row.phone else None,
        "phone_sealed": tx.vault.seal(row.phone) if row.phone else None,
        "ubigeo": row.ubigeo,
        "lat": row.point.lat,
        "lon": row.point.lon,
        "address": row.address,
        "min_months": row.min_months,
        "max_months": row.max_months,
        "days": list(row.days),
        "opens": row.opens,
        "closes": row.closes,
        "price_amount": row.price.amount if row.price else None,
        "price_period": row.price.period if row.price else None,
        "places_free": row.places_free,
        "languages": list(row.languages),
        "amenities": list(row.amenities),
        "special_needs": list(row.special_needs),
        "verified_at": row.verified_at,
        "verified_by": row.verified_by,
        "updated_at": now,
    }
    tx.session.execute(
        insert(Provider)
        .values(key=row.key, **values)
        .on_conflict_do_update(index_elements=[Provider.key], set_=values)
    )


def keys(tx: Tx) -> set[str]:
    """The keys of all there are."""
    return set(tx.session.scalars(select(Provider.key)))


def _for_matching(row: Provider) -> schema.Provider:
    price = None if row.price_amount is None else schema.Price(row.price_amount, row.price_period)
    return schema.Provider(
        id=row.id,
        name=row.name,
        kind=schema.CareKind(row.kind),
        point=schema.Point(row.lat, row.lon),
        ubigeo=row.ubigeo,
        address=row.address,
        min_months=row.min_months,
        max_months=row.max_months,
        days=tuple(row.days),
        opens=row.opens,
        closes=row.closes,
        price=price,
        places_free=row.places_free,
        verified=row.verified_at is not None,
        languages=tuple(row.languages),
        amenities=tuple(row.amenities),
        special_needs=tuple(row.special_needs),
        rating=row.rating,
        ratings=row.ratings,
    )
