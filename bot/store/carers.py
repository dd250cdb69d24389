"""Who cares for children around a point: what matching asks, answered in SQL from one index (`ix_provider_match`), so
that of a city's providers only those are read who can be of use.

Statements are put together from the constants below; whatever comes from outside goes in as a parameter. How many are
wanted is written out, because a plan made for any number reads a whole city for twenty-five."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from math import cos, floor, radians, sin
from typing import Any

from bot.store.database import Tx
from bot.store.tables import BANDS_PER_DEGREE
from matching.filter import children
from matching.geo import KM_PER_DEGREE, bounding_box
from matching.programmes import CUNA_MAS_LAST_ENROLMENT_MONTHS, CUNA_MAS_MIN_MONTHS
from matching.schema import CareKind, CareQuery, Point, Price, Provider
from matching.week import DAY, DAYS, Span, minutes, shift_minutes

_SHOWN = """
    verified_at IS NOT NULL
    AND verified_until > %(now)s
    AND (paused_until IS NULL OR paused_until <= %(now)s)
    AND (%(include_demo)s OR NOT demo)
    AND NOT EXISTS (SELECT FROM contact WHERE address_key = phone_key AND opted_out_at IS NOT NULL)
    AND NOT EXISTS (SELECT FROM contact WHERE sms_key = phone_key AND opted_out_at IS NOT NULL)
    AND lat_band = ANY(CAST(%(bands)s AS smallint[]))
    AND lat BETWEEN %(south)s AND %(north)s AND lon BETWEEN %(west)s AND %(east)s"""
"""Verified and no check over, not pausing, willing to be written to, and in the square around the point. The index goes
by bands, then from west to east: by latitude alone, all of a city that lies between two latitudes would be read."""

_NOT_EXCLUDED = "NOT id = ANY(CAST(%(exclude)s AS bigint[]))"

_AWAY = """
    ((lat - %(lat)s) * (lat - %(lat)s)
    + (lon - %(lon)s) * (lon - %(lon)s) * (%(narrow)s - %(narrower)s * (lat - %(lat)s)))"""
"""The square of the distance, in degrees of latitude, as on a flat map around the point. PostgreSQL works it out for
every provider of a city, hence without sines; at 30 km it is 3 cm wrong, and the distance that counts is measured by
matching/geo.py."""

_PLACES = "places_free >= %(children)s"
_AGES = f"""
    min_months <= %(youngest)s AND max_months >= %(oldest)s
    AND (kind <> '{CareKind.CUNA_MAS.value}' OR (%(youngest)s >= {CUNA_MAS_MIN_MONTHS}
         AND %(oldest)s <= {CUNA_MAS_LAST_ENROLMENT_MONTHS}))"""
_DAYS = "days @> CAST(%(on)s AS text[])"

_READ = """
    provider.id, name, kind, lat, lon, ubigeo, address, min_months, max_months, days, opens, closes, price_amount,
    price_period, places_free, languages, amenities, special_needs, rating, ratings, quote"""


@dataclass(frozen=True, slots=True)
class Carers:
    """Providers who may be shown now. Fits `matching.candidates.Carers`."""

    tx: Tx
    include_demo: bool
    now: datetime

    def fitting(
        self, query: CareQuery, radius_km: float, nanny_radius_km: float, at_most: int
    ) -> Iterable[Provider]:
        conditions = [_SHOWN, _NOT_EXCLUDED, *_conditions(query), *_days_and_hours(query)]
        if radius_km < nanny_radius_km:
            conditions.append(f"(kind = '{CareKind.NANNY.value}' OR {_AWAY} <= %(as_far)s)")
        return self._read(
            f"SELECT id FROM provider WHERE {_all(conditions)} ORDER BY {_AWAY}, id LIMIT {int(at_most)}",
            self._square(query.point, max(radius_km, nanny_radius_km))
            | _values(query)
            | {"as_far": _as_far(radius_km)},
        )

    def count(self, point: Point, radius_km: float, at_most: int) -> int:
        some = f"SELECT FROM provider WHERE {_SHOWN} AND {_AWAY} <= %(as_far)s LIMIT {int(at_most)}"
        return self.tx.connection.exec_driver_sql(
            f"SELECT count(*) FROM ({some}) AS found",
            self._square(point, radius_km) | {"as_far": _as_far(radius_km)},
        ).scalar_one()

    def missing(self, query: CareQuery, radius_km: float) -> Iterable[Provider]:
        conditions = (*_conditions(query), *_days_and_hours_apart(query))
        sets = ", ".join((f"kind = '{CareKind.NANNY.value}'", *conditions))
        return self._read(
            f"SELECT CAST((min(ARRAY[{_AWAY}, id]))[2] AS bigint) AS id FROM provider"
            f" WHERE {_SHOWN} AND {_NOT_EXCLUDED} GROUP BY {sets}",
            self._square(query.point, radius_km) | _values(query),
        )

    def _square(self, point: Point, radius_km: float) -> dict[str, Any]:
        box = bounding_box(point, radius_km)
        return {
            **box._asdict(),
            "bands": list(range(_band(box.south), _band(box.north) + 1)),
            "lat": point.lat,
            "lon": point.lon,
            # A degree of longitude shrinks by cos(lat) from here, and by as much again as that has become over there.
            "narrow": cos(radians(point.lat)) ** 2,
            "narrower": radians(1) * cos(radians(point.lat)) * sin(radians(point.lat)),
            "now": self.now,
            "include_demo": self.include_demo,
        }

    def _read(self, ids: str, values: dict[str, Any]) -> Iterator[Provider]:
        """The providers with the ids that this statement finds. It reads the index alone; the rows come after it."""
        found = f"WITH found AS MATERIALIZED ({ids}) SELECT {_READ} FROM found JOIN provider USING (id)"
        with closing(self.tx.connection.exec_driver_sql(found, values)) as result:
            rows = result.cursor.fetchall()  # SQLAlchemy's own rows would take as long as the search
        return map(_provider, rows)


def _band(lat: float) -> int:
    """The column `lat_band`."""
    return floor(lat * BANDS_PER_DEGREE)


def _as_far(radius_km: float) -> float:
    """The radius, as `_AWAY` measures, and a hair more."""
    return (radius_km / KM_PER_DEGREE) ** 2 * (1 + 1e-4)


def _all(conditions: Iterable[str]) -> str:
    return " AND ".join(conditions)


def _conditions(query: CareQuery) -> list[str]:
    """The hard conditions about places and ages, as in matching/filter.py."""
    return [_PLACES, _AGES] if query.ages_months else [_PLACES]


def _days_and_hours(query: CareQuery) -> list[str]:
    """Open on all days asked for, on each for the hours; where none is asked for, on one day of their own."""
    if not query.days:
        return _hours_on_one_day(query)
    if query.start is not None:
        return ["open_week @> CAST(%(week)s AS int4multirange)", _DAYS]
    return [*(_is_open(day, query) for day in query.days if _needed(day, query)), _DAYS]


def _days_and_hours_apart(query: CareQuery) -> list[str]:
    """The same as two conditions, each as if it were alone: hours are looked at on those of the days on which there is
    care at all."""
    if not query.days or not _needed(query.days[0], query):
        return _days_and_hours(query)
    named = _all(f"(NOT '{day}' = ANY(days) OR {_is_open(day, query)})" for day in query.days)
    otherwise = _all(_hours_on_one_day(query))
    return [_DAYS, f"CASE WHEN days && CAST(%(on)s AS text[]) THEN {named} ELSE {otherwise} END"]


def _hours_on_one_day(query: CareQuery) -> list[str]:
    on_days = [f"('{day}' = ANY(days) AND {_is_open(day, query)})" for day in DAYS if _needed(day, query)]
    return [f"({' OR '.join(on_days)})"] if on_days else []


def _is_open(day: str, query: CareQuery) -> str:
    spans = (
        f"open_week @> CAST(%({day}{number})s AS int4range)" for number, _ in enumerate(_needed(day, query))
    )
    return f"({' OR '.join(spans)})"


def _values(query: CareQuery) -> dict[str, Any]:
    spans = {
        f"{day}{number}": f"[{begin},{end})"
        for day in DAYS
        for number, (begin, end) in enumerate(_needed(day, query))
    }
    week = ",".join(f"[{begin},{end})" for day in query.days for begin, end in _needed(day, query))
    return spans | {
        "week": f"{{{week}}}",
        "exclude": list(query.exclude),
        "children": children(query),
        "youngest": min(query.ages_months, default=0),
        "oldest": max(query.ages_months, default=0),
        "on": list(query.days),
    }


def _needed(day: str, query: CareQuery) -> tuple[Span, ...]:
    """The minutes of the week, one span of which must be open for somebody to be there at the hours on that day; as
    in matching/week.py."""
    midnight = DAYS.index(day) * DAY
    if query.start is not None:
        begin = midnight + minutes(query.start)
        length = shift_minutes(query.start, query.end) if query.end is not None else 1
        return ((begin, begin + length),)
    if query.end is not None:
        last = midnight + (minutes(query.end) or DAY)
        return (last - 1, last), (last + DAY - 1, last + DAY)
    return ()


def _provider(row: Sequence[Any]) -> Provider:
    (
        number, name, kind, lat, lon, ubigeo, address, youngest, oldest, days, opens, closes,
        amount, period, places, languages, amenities, needs, rating, ratings, quote,
    ) = row  # fmt: skip
    return Provider(
        number,
        name,
        _KINDS[kind],
        Point(lat, lon),
        ubigeo,
        address,
        youngest,
        oldest,
        tuple(days),
        opens,
        closes,
        None if amount is None else Price(amount, period),
        places,
        True,
        tuple(languages),
        tuple(amenities),
        tuple(needs),
        rating,
        ratings,
        quote,
    )


_KINDS = {kind.value: kind for kind in CareKind}
