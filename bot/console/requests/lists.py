"""Which requests a list shows: what can be asked of the database is, the rest is sealed, and looked at row by row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar

from bot.console.requests import need
from bot.console.whereabouts import district_of_query, typed
from bot.store import Tx, request_stories
from bot.store.request_stories import Listed, Proposed
from bot.store.tables import RequestStatus
from matching.offers import LIMA
from nlp.places import Gazetteer

BATCH = 100
MOST_LOOKED_AT = 1000
"""Rows that are opened for one page, at most: a district or an age may be rare."""
SEARCHES_OF = timedelta(days=30)
"""Searches that found nobody are listed for so long, unless another day is given."""

STATUSES: dict[str, tuple[RequestStatus, ...]] = {
    "": (),
    "en-curso": (RequestStatus.OPEN,),
    "nadie-pudo": (RequestStatus.EXHAUSTED,),
    "acordados": (RequestStatus.AGREED,),
    "por-otro-lado": (RequestStatus.ELSEWHERE,),
    "cancelados": (RequestStatus.CANCELLED,),
}
STATUSES_CALLED = {
    "": "Todos",
    "en-curso": "En curso",
    "nadie-pudo": "Nadie pudo",
    "acordados": "Acordados",
    "por-otro-lado": "Cuidado por otro lado",
    "cancelados": "Cancelados",
}

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is asked for. `district` is as it was typed, `ubigeo` what that means; `wrong` says what cannot be
    understood, by field."""

    status: str
    district: str
    ubigeo: str | None
    age: str
    since: date | None
    wrong: dict[str, str]

    @property
    def since_moment(self) -> datetime | None:
        return datetime.combine(self.since, time(0), LIMA) if self.since else None

    def fits(self, query: dict[str, Any], places: Gazetteer) -> bool:
        """Whether what is needed is of that age, in that district."""
        if self.age and not need.is_of_age(query["ages_months"], self.age):
            return False
        return self.ubigeo is None or district_of_query(places, query) == self.ubigeo


@dataclass(slots=True)
class Looked:
    """How far a search through sealed rows came: `until` is the last row's id where it was broken off."""

    until: int | None = None


def read_wanted(given: Any, places: Gazetteer) -> Wanted:
    """From the address of the page. What is no value of a filter counts as not given."""
    status, age = given.get("estado", ""), given.get("edad", "")
    district, since = given.get("distrito", "").strip()[:80], given.get("desde", "")
    wrong: dict[str, str] = {}
    ubigeo = typed(places, district)
    if district and ubigeo is None:
        wrong["distrito"] = (
            "No conozco ese distrito, o hay varios con ese nombre. Escriba también la provincia."
        )
    day = None
    if since:
        try:
            day = date.fromisoformat(since)
        except ValueError:
            wrong["desde"] = "Escriba la fecha así: 2026-11-23."
    return Wanted(
        status=status if status in STATUSES else "",
        district=district,
        ubigeo=ubigeo,
        age=age if age in need.AGES else "",
        since=day,
        wrong=wrong,
    )


def requests(
    tx: Tx, wanted: Wanted, places: Gazetteer, before_id: int | None, limit: int, looked: Looked
) -> list[Listed]:
    """The requests that are wanted, the latest first."""

    def fetch(before: int | None, many: int) -> list[Listed]:
        return request_stories.listed(tx, STATUSES[wanted.status], wanted.since_moment, before, many)

    return _those(
        fetch,
        lambda row: row.request.id,
        lambda row: wanted.fits(row.request.data["query"], places),
        before_id,
        limit,
        looked,
    )


def without_options(
    tx: Tx,
    wanted: Wanted,
    places: Gazetteer,
    now: datetime,
    before_id: int | None,
    limit: int,
    looked: Looked,
) -> list[Proposed]:
    """The searches that found nobody and are wanted, the latest first."""
    since = wanted.since_moment or now - SEARCHES_OF

    def fetch(before: int | None, many: int) -> list[Proposed]:
        return request_stories.without_options(tx, since, before, many)

    return _those(
        fetch,
        lambda row: row.id,
        lambda row: not row.is_more and wanted.fits(row.query, places),
        before_id,
        limit,
        looked,
    )


def _those(
    fetch: Callable[[int | None, int], Sequence[Row]],
    id_of: Callable[[Row], int],
    fits: Callable[[Row], bool],
    before_id: int | None,
    limit: int,
    looked: Looked,
) -> list[Row]:
    found: list[Row] = []
    for number, row in enumerate(_all(fetch, id_of, before_id)):
        if number == MOST_LOOKED_AT:
            looked.until = before_id
            break
        before_id = id_of(row)
        if fits(row):
            found.append(row)
            if len(found) == limit:
                break
    return found


def _all(
    fetch: Callable[[int | None, int], Sequence[Row]], id_of: Callable[[Row], int], before_id: int | None
) -> Iterator[Row]:
    while rows := fetch(before_id, BATCH):
        yield from rows
        if len(rows) < BATCH:
            return
        before_id = id_of(rows[-1])
