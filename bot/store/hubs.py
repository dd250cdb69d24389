"""Places with computers, internet or help."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from bot.importers.hubs import HubRow
from bot.store.database import Tx
from bot.store.tables import Hub
from matching import schema
from matching.geo import bounding_box


def near(tx: Tx, point: schema.Point, radius_km: float, include_demo: bool) -> list[schema.Hub]:
    """Hubs in the square around a point whose half side is the radius."""
    box = bounding_box(point, radius_km)
    query = select(Hub).where(Hub.lat.between(box.south, box.north), Hub.lon.between(box.west, box.east))
    if not include_demo:
        query = query.where(Hub.demo.is_(False))
    return [_for_matching(row) for row in tx.session.scalars(query)]


def put(tx: Tx, row: HubRow, demo: bool, now: datetime) -> None:
    """Add a hub, or bring the one with this key to what the row says."""
    values = {
        "demo": demo,
        "name": row.name,
        "ubigeo": row.ubigeo,
        "lat": row.point.lat,
        "lon": row.point.lon,
        "address": row.address,
        "services": list(row.services),
        "hours": {day: list(span) for day, span in row.hours.items()},
        "free": row.free,
        "updated_at": now,
    }
    tx.session.execute(
        insert(Hub).values(key=row.key, **values).on_conflict_do_update(index_elements=[Hub.key], set_=values)
    )


def keys(tx: Tx) -> set[str]:
    """The keys of all there are."""
    return set(tx.session.scalars(select(Hub.key)))


def _for_matching(row: Hub) -> schema.Hub:
    return schema.Hub(
        id=row.id,
        name=row.name,
        point=schema.Point(row.lat, row.lon),
        ubigeo=row.ubigeo,
        address=row.address,
        services=tuple(row.services),
        hours={day: (span[0], span[1]) for day, span in row.hours.items()},
        free=row.free,
    )
