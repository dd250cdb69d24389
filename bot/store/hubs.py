"""Places with computers, internet or help."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Select, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from bot.importers.hubs import HubRow
from bot.store.database import Tx
from bot.store.finding import holds
from bot.store.tables import Hub
from matching import schema
from matching.geo import Box, bounding_box

SEEN_FOR = timedelta(days=180)
"""So long after somebody made sure, hours and services may have changed: it is time to ask again."""


class State(StrEnum):
    """What of the hubs a list shows."""

    OPEN = "open"
    """Those that people are sent to."""
    UNSURE = "unsure"
    """Those of them at which nobody made sure of late."""
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which hubs a list shows. An empty field asks for nothing."""

    text: str = ""
    ubigeo: str = ""
    service: str = ""
    state: State | None = State.OPEN


@dataclass(frozen=True, slots=True)
class Kept:
    """A hub as those see it who look after it: as a file would have it, and what became of it."""

    id: int
    row: HubRow
    updated_at: datetime
    seen_at: datetime | None
    seen_by: str | None
    closed_at: datetime | None

    def is_unsure(self, now: datetime) -> bool:
        """Whether it is time to make sure."""
        return self.closed_at is None and (self.seen_at is None or self.seen_at < now - SEEN_FOR)


def near(tx: Tx, point: schema.Point, radius_km: float, include_demo: bool) -> list[schema.Hub]:
    """Hubs that have not closed, in the square around a point whose half side is the radius."""
    box = bounding_box(point, radius_km)
    query = select(Hub).where(Hub.lat.between(box.south, box.north), Hub.lon.between(box.west, box.east))
    query = query.where(Hub.closed_at.is_(None))
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


def rows(tx: Tx, wanted: Collection[str]) -> dict[str, HubRow]:
    """The hubs with these keys as a file would have them, by their keys."""
    return {row.key: as_row(row) for row in tx.session.scalars(select(Hub).where(Hub.key.in_(wanted)))}


def as_row(row: Hub) -> HubRow:
    """A hub as a file would have it."""
    return HubRow(
        key=row.key,
        name=row.name,
        ubigeo=row.ubigeo,
        point=schema.Point(row.lat, row.lon),
        address=row.address,
        services=tuple(row.services),
        hours={day: (span[0], span[1]) for day, span in row.hours.items()},
        free=row.free,
        demo=row.demo,
    )


def listed(
    tx: Tx, wanted: Wanted, after: tuple[str, int] | None, limit: int, now: datetime, include_demo: bool
) -> list[Kept]:
    """So many hubs by name, from the one on that comes after this name and id."""
    query = _wanted(wanted, now, include_demo).order_by(Hub.name, Hub.id).limit(limit)
    if after is not None:
        query = query.where(tuple_(Hub.name, Hub.id) > after)
    return [_kept(row) for row in tx.session.scalars(query)]


def in_box(
    tx: Tx, wanted: Wanted, box: Box | None, limit: int, now: datetime, include_demo: bool
) -> list[Kept]:
    """So many hubs within a rectangle, or anywhere."""
    query = _wanted(wanted, now, include_demo).order_by(Hub.id).limit(limit)
    if box is not None:
        query = query.where(Hub.lat.between(box.south, box.north), Hub.lon.between(box.west, box.east))
    return [_kept(row) for row in tx.session.scalars(query)]


def kept(tx: Tx, hub_id: int, include_demo: bool, lock: bool = False) -> Kept | None:
    """One hub, whatever became of it; None where there is none. With `lock` nobody else changes it meanwhile."""
    row = tx.session.get(Hub, hub_id, with_for_update=lock or None)
    return _kept(row) if row and (include_demo or not row.demo) else None


def id_of(tx: Tx, key: str) -> int | None:
    """The hub with this key."""
    return tx.session.scalar(select(Hub.id).where(Hub.key == key))


def seen(tx: Tx, hub_id: int, by: str, now: datetime) -> None:
    """Somebody made sure that what stands there is so."""
    tx.session.execute(update(Hub).where(Hub.id == hub_id).values(seen_at=now, seen_by=by))


def close(tx: Tx, hub_id: int, now: datetime) -> None:
    """Send nobody there from now on."""
    tx.session.execute(update(Hub).where(Hub.id == hub_id).values(closed_at=now, updated_at=now))


def reopen(tx: Tx, hub_id: int, now: datetime) -> None:
    """Send people there again."""
    tx.session.execute(update(Hub).where(Hub.id == hub_id).values(closed_at=None, updated_at=now))


def _wanted(wanted: Wanted, now: datetime, include_demo: bool) -> Select[Hub]:
    query = select(Hub)
    if not include_demo:
        query = query.where(Hub.demo.is_(False))
    if wanted.text:
        query = query.where(holds(wanted.text, Hub.name, Hub.address, Hub.key))
    if wanted.ubigeo:
        query = query.where(Hub.ubigeo == wanted.ubigeo)
    if wanted.service:
        query = query.where(Hub.services.contains([wanted.service]))
    if wanted.state is State.CLOSED:
        query = query.where(Hub.closed_at.is_not(None))
    elif wanted.state is not None:
        query = query.where(Hub.closed_at.is_(None))
    if wanted.state is State.UNSURE:
        query = query.where(or_(Hub.seen_at.is_(None), Hub.seen_at < now - SEEN_FOR))
    return query


def _kept(row: Hub) -> Kept:
    return Kept(row.id, as_row(row), row.updated_at, row.seen_at, row.seen_by, row.closed_at)
