"""What people learn from."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pgvector.sqlalchemy import Vector
from sqlalchemy import Select, case, func, literal, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from bot.importers.resources import ResourceRow
from bot.store.database import Tx
from bot.store.finding import holds
from bot.store.tables import MEANING_SIZE, Resource
from matching import schema
from matching.resources import Known
from nlp.meaning import Meaning


class State(StrEnum):
    """What of the resources a list shows."""

    OFFERED = "offered"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which resources a list shows. An empty field asks for nothing."""

    text: str = ""
    kind: str = ""
    level: str = ""
    state: State | None = State.OFFERED


@dataclass(frozen=True, slots=True)
class Kept:
    """A resource as those see it who look after it. `is_placed`: it has its place among the meanings of some model."""

    id: int
    row: ResourceRow
    updated_at: datetime
    withdrawn_at: datetime | None
    is_placed: bool


PLACED_AT_ONCE = 200
"""So many resources get their place among meanings before a search: a second's work. The next search does others."""


def put(tx: Tx, row: ResourceRow, demo: bool, now: datetime) -> None:
    """Add a resource, or bring the one with this key to what the row says; one that is so already is not touched."""
    values = {
        "demo": demo,
        "title": row.title,
        "topics": list(row.topics),
        "level": row.level.value,
        "kind": row.kind.value,
        "language": row.language,
        "minutes": row.minutes,
        "kb": row.kb,
        "summary": row.summary,
        "where": row.where,
        "parts": list(row.parts),
        "source": row.source,
    }
    added = insert(Resource).values(key=row.key, updated_at=now, **values)
    before = tuple_(*(getattr(Resource, name) for name in values))
    after = tuple_(*(getattr(added.excluded, name) for name in values))
    tx.session.execute(
        added.on_conflict_do_update(
            index_elements=[Resource.key],
            set_={**values, "updated_at": now, "embedding": None, "embedded_by": None},
            where=before.is_distinct_from(after),
        )
    )


def keys(tx: Tx) -> set[str]:
    """The keys of all there are."""
    return set(tx.session.scalars(select(Resource.key)))


def get(tx: Tx, resource_id: int) -> schema.Resource | None:
    """One resource; None when it is gone."""
    row = tx.session.get(Resource, resource_id)
    return _for_matching(row) if row else None


def place_among_meanings(tx: Tx, meaning: Meaning) -> None:
    """Give resources that have none, or one of another model, their place among meanings."""
    waiting = select(Resource).where(
        or_(Resource.embedded_by.is_(None), Resource.embedded_by != meaning.model)
    )
    rows = tx.session.scalars(
        waiting.order_by(Resource.id).limit(PLACED_AT_ONCE).with_for_update(skip_locked=True)
    )
    for row in rows:
        row.embedding = meaning.of(row.title, *row.topics)
        row.embedded_by = meaning.model
    tx.session.flush()


def known(tx: Tx, subject: str, meaning: Meaning, include_demo: bool) -> list[Known]:
    """All that are offered, each with how close its meaning is to the subject's: the cosine between them as seen from
    the middle of all, for any two texts are much alike otherwise."""
    placed = Resource.embedded_by == meaning.model
    direction = Vector(MEANING_SIZE)
    middle = select(func.avg(Resource.embedding, type_=direction)).where(placed).scalar_subquery()
    asked = literal(meaning.of(subject), direction).op("-", return_type=direction)(middle)
    seen = Resource.embedding.op("-", return_type=direction)(middle)
    away = case((placed, seen.cosine_distance(asked)))
    query = select(Resource, away).where(Resource.withdrawn_at.is_(None)).order_by(Resource.id)
    if not include_demo:
        query = query.where(Resource.demo.is_(False))
    return [
        Known(_for_matching(row), None if distance is None else 1 - distance)
        for row, distance in tx.session.execute(query)
    ]


def _for_matching(row: Resource) -> schema.Resource:
    return schema.Resource(
        id=row.id,
        title=row.title,
        topics=tuple(row.topics),
        level=schema.Level(row.level),
        kind=schema.ResourceKind(row.kind),
        language=row.language,
        minutes=row.minutes,
        summary=row.summary,
        where=row.where,
        kb=row.kb,
        parts=tuple(row.parts),
    )


def rows(tx: Tx, wanted: Collection[str]) -> dict[str, ResourceRow]:
    """The resources with these keys as a file would have them, by their keys."""
    found = tx.session.scalars(select(Resource).where(Resource.key.in_(wanted)))
    return {row.key: as_row(row) for row in found}


def as_row(row: Resource) -> ResourceRow:
    """A resource as a file would have it."""
    return ResourceRow(
        key=row.key,
        title=row.title,
        topics=tuple(row.topics),
        level=schema.Level(row.level),
        kind=schema.ResourceKind(row.kind),
        language=row.language,
        minutes=row.minutes,
        kb=row.kb,
        summary=row.summary,
        where=row.where,
        parts=tuple(row.parts),
        source=row.source,
        demo=row.demo,
    )


def listed(
    tx: Tx, wanted: Wanted, after: tuple[str, int] | None, limit: int, include_demo: bool
) -> list[Kept]:
    """So many resources by title, from the one on that comes after this title and id."""
    query = _wanted(wanted, include_demo).order_by(Resource.title, Resource.id).limit(limit)
    if after is not None:
        query = query.where(tuple_(Resource.title, Resource.id) > after)
    return [_kept(row) for row in tx.session.scalars(query)]


def kept(tx: Tx, resource_id: int, include_demo: bool, lock: bool = False) -> Kept | None:
    """One resource, offered or not; None where there is none. With `lock` nobody else changes it meanwhile."""
    row = tx.session.get(Resource, resource_id, with_for_update=lock or None)
    return _kept(row) if row and (include_demo or not row.demo) else None


def id_of(tx: Tx, key: str) -> int | None:
    """The resource with this key."""
    return tx.session.scalar(select(Resource.id).where(Resource.key == key))


def withdraw(tx: Tx, resource_id: int, now: datetime) -> None:
    """Offer it to nobody from now on. Who is in the middle of it goes on: their lesson is kept with their talk."""
    tx.session.execute(
        update(Resource).where(Resource.id == resource_id).values(withdrawn_at=now, updated_at=now)
    )


def offer_again(tx: Tx, resource_id: int, now: datetime) -> None:
    """Offer it as before."""
    tx.session.execute(
        update(Resource).where(Resource.id == resource_id).values(withdrawn_at=None, updated_at=now)
    )


def _wanted(wanted: Wanted, include_demo: bool) -> Select[Resource]:
    query = select(Resource)
    if not include_demo:
        query = query.where(Resource.demo.is_(False))
    if wanted.text:
        topics = func.array_to_string(Resource.topics, " ")
        query = query.where(holds(wanted.text, Resource.title, topics, Resource.summary, Resource.key))
    if wanted.kind:
        query = query.where(Resource.kind == wanted.kind)
    if wanted.level:
        query = query.where(Resource.level == wanted.level)
    if wanted.state is State.OFFERED:
        query = query.where(Resource.withdrawn_at.is_(None))
    elif wanted.state is State.WITHDRAWN:
        query = query.where(Resource.withdrawn_at.is_not(None))
    return query


def _kept(row: Resource) -> Kept:
    return Kept(row.id, as_row(row), row.updated_at, row.withdrawn_at, row.embedded_by is not None)
