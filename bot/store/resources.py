"""What people learn from."""

from __future__ import annotations

from datetime import datetime

from pgvector.sqlalchemy import Vector
from sqlalchemy import case, func, literal, or_, select, tuple_
from sqlalchemy.dialects.postgresql import insert

from bot.importers.resources import ResourceRow
from bot.store.database import Tx
from bot.store.tables import MEANING_SIZE, Resource
from matching import schema
from matching.resources import Known
from nlp.meaning import Meaning

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
    """All there are, each with how close its meaning is to the subject's: the cosine between them as seen from the
    middle of all, for any two texts are much alike otherwise."""
    placed = Resource.embedded_by == meaning.model
    direction = Vector(MEANING_SIZE)
    middle = select(func.avg(Resource.embedding, type_=direction)).where(placed).scalar_subquery()
    asked = literal(meaning.of(subject), direction).op("-", return_type=direction)(middle)
    seen = Resource.embedding.op("-", return_type=direction)(middle)
    away = case((placed, seen.cosine_distance(asked)))
    query = select(Resource, away).order_by(Resource.id)
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
