"""Providers as operators look for them: by name, district, kind and how they stand; some at a time, from an index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal, or_, select, tuple_

from bot.importers.providers import ProviderRow
from bot.importers.values import plain
from bot.store import checks, providers
from bot.store.database import Tx
from bot.store.tables import Provider
from matching.checks import EXPIRING
from matching.geo import Box
from matching.schema import CareKind, Point

MOST_WORDS = 6
COUNTED = 1000
"""More than so many are not counted one by one."""
GONE = or_(Provider.key.startswith("withdrawn:"), Provider.key.startswith("erased:"))
"""Those who left: nothing of them is for anybody to look after."""


class State(StrEnum):
    """How providers stand, as they are looked for."""

    TO_VERIFY = "to_verify"
    READY = "ready"
    """All is checked, and a check is newer than what was confirmed: somebody should confirm."""
    VERIFIED = "verified"
    EXPIRING = "expiring"
    """Verified, and a check is over soon."""
    OVER = "over"
    """Not shown any more: a check is over."""
    PAUSED = "paused"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which providers are looked for: all that agree with everything that is said."""

    name: str = ""
    ubigeo: str | None = None
    kind: CareKind | None = None
    state: State | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of what was found begins: after the row with this id, and this end of its checks where they are
    ordered by it."""

    id: int
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """A provider in a list. `verified` is whether families are shown them, pauses apart."""

    id: int
    name: str
    kind: CareKind
    ubigeo: str
    point: Point
    demo: bool
    verified: bool
    verified_until: datetime | None
    paused_until: datetime | None
    places_free: int
    rating: float | None
    ratings: int
    ready: bool

    def is_paused(self, now: datetime) -> bool:
        return self.paused_until is not None and self.paused_until > now

    def is_expiring(self, now: datetime) -> bool:
        return self.verified and self.verified_until is not None and self.verified_until <= now + EXPIRING


def listed(
    tx: Tx, wanted: Wanted, after: Place | None, limit: int, now: datetime, include_demo: bool
) -> list[Card]:
    """The latest first; those whose checks are over, or soon, in the order in which they are."""
    by_end = wanted.state in (State.EXPIRING, State.OVER)
    query = select(*_CARD).where(*_conditions(wanted, now, include_demo)).limit(limit)
    if by_end:
        query = query.order_by(Provider.verified_until, Provider.id)
        if after is not None and after.until is not None:
            query = query.where(
                tuple_(Provider.verified_until, Provider.id) > tuple_(literal(after.until), literal(after.id))
            )
    else:
        query = query.order_by(Provider.id.desc())
        if after is not None:
            query = query.where(Provider.id < after.id)
    return [_card(tuple(row), now) for row in tx.session.execute(query)]


def on_map(
    tx: Tx, wanted: Wanted, box: Box | None, limit: int, now: datetime, include_demo: bool
) -> list[Card]:
    """Some of them for a map, the latest first; within a box where one is given."""
    query = select(*_CARD).where(*_conditions(wanted, now, include_demo))
    if box is not None:
        query = query.where(
            Provider.lat.between(box.south, box.north), Provider.lon.between(box.west, box.east)
        )
    rows = tx.session.execute(query.order_by(Provider.id.desc()).limit(limit))
    return [_card(tuple(row), now) for row in rows]


def counts(tx: Tx, now: datetime, include_demo: bool) -> dict[State, int]:
    """How many stand so; COUNTED at most."""
    return {
        state: tx.session.scalar(
            select(func.count()).select_from(
                select(Provider.id)
                .where(*_conditions(Wanted(state=state), now, include_demo))
                .limit(COUNTED)
                .subquery()
            )
        )
        or 0
        for state in State
        if state is not State.VERIFIED
    }


def some_rows(
    tx: Tx, wanted: Wanted, after_id: int, limit: int, now: datetime, include_demo: bool
) -> Sequence[tuple[int, ProviderRow, datetime | None]]:
    """Whole providers for an export, in the order of their ids: each with its id and the end of its checks."""
    rows = tx.session.scalars(
        select(Provider)
        .where(*_conditions(wanted, now, include_demo), Provider.id > after_id)
        .order_by(Provider.id)
        .limit(limit)
    )
    return [(row.id, providers.as_row(tx, row), row.verified_until) for row in rows]


def is_there(tx: Tx, provider_id: int, include_demo: bool) -> bool:
    """Whether there is this provider, for an operator to look at."""
    query = select(Provider.id).where(Provider.id == provider_id, ~GONE)
    return tx.session.scalar(query if include_demo else query.where(Provider.demo.is_(False))) is not None


_CARD = (
    Provider.id,
    Provider.name,
    Provider.kind,
    Provider.ubigeo,
    Provider.lat,
    Provider.lon,
    Provider.demo,
    Provider.verified_until,
    Provider.paused_until,
    Provider.places_free,
    Provider.rating,
    Provider.ratings,
    Provider.ready_at,
)


def _card(row: Sequence[Any], now: datetime) -> Card:
    number, name, kind, ubigeo, lat, lon, demo, until, paused, places, rating, ratings, ready = row
    return Card(
        number,
        name,
        CareKind(kind),
        ubigeo,
        Point(lat, lon),
        demo,
        until is not None and until > now,
        until,
        paused,
        places,
        rating,
        ratings,
        ready is not None,
    )


def _conditions(wanted: Wanted, now: datetime, include_demo: bool) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [~GONE]
    if not include_demo:
        conditions.append(Provider.demo.is_(False))
    if words := _words(wanted.name):
        conditions.append(Provider.name_words.op("@@")(func.to_tsquery("simple", words)))
    if wanted.ubigeo is not None:
        conditions.append(Provider.ubigeo == wanted.ubigeo)
    if wanted.kind is not None:
        conditions.append(Provider.kind == wanted.kind.value)
    if wanted.state is not None:
        conditions.append(_in_state(wanted.state, now))
    return conditions


def _in_state(state: State, now: datetime) -> ColumnElement[bool]:
    is_verified = Provider.verified_at.is_not(None)
    match state:
        case State.TO_VERIFY:
            return Provider.verified_at.is_(None)
        case State.READY:
            return Provider.ready_at.is_not(None)
        case State.VERIFIED:
            return checks.shown(now)
        case State.EXPIRING:
            return and_(checks.shown(now), Provider.verified_until <= now + EXPIRING)
        case State.OVER:
            return and_(is_verified, Provider.verified_until <= now)
        case State.PAUSED:
            return Provider.paused_until > now
        case State.FULL:
            return Provider.places_free == 0


def _words(typed: str) -> str:
    """What was typed as the database searches: each word, or the beginning of one, in any order.

    >>> _words("Ñusta  r. "), _words("!?")
    ('nusta:* & r:*', '')
    """
    bare = "".join(letter if letter.isalnum() else " " for letter in plain(typed[:120]).replace("ñ", "n"))
    return " & ".join(f"{word}:*" for word in bare.split()[:MOST_WORDS])
