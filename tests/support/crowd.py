"""Many providers, spread as the people of Peru are: each is like one of the demo's, in a district drawn by its
population. The same every time."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from itertools import accumulate
from math import cos, pi, radians, sqrt
from pathlib import Path
from random import Random

import psycopg

from bot.importers.providers import ProviderRow, read_providers
from deploy.local.demo import load
from matching.geo import KM_PER_DEGREE
from matching.schema import CareKind, Point, Provider
from nlp.places import Gazetteer
from nlp.places.schema import District

PEOPLE_PER_KM2 = 12_000
"""How densely towns are lived in: Lima's outer districts. It gives a district's built-up circle from its population."""
SMALLEST = 300
"""People in a district of which no number is known: the smaller ones."""
LEAST_SPREAD_KM = 0.5
CHECKED_UNTIL = datetime(2100, 1, 1, tzinfo=UTC)
"""Their checks are over when nobody measures any more."""

COLUMNS = """id, key, demo, name, kind, ubigeo, lat, lon, address, min_months, max_months, days, opens, closes,
    price_amount, price_period, places_free, languages, amenities, special_needs, rating, ratings, verified_at,
    verified_by, verified_until"""


def crowd(count: int, seed: str = "Ayllu") -> Iterator[Provider]:
    """So many providers; their ids count from 1."""
    chance = Random(seed)
    gazetteer = Gazetteer.load()
    patterns = list(read_providers(Path(load.__file__).parent / "providers.csv", gazetteer, demo=True).rows)
    draw = _draw_district(list(gazetteer.districts()), chance)
    for number in range(1, count + 1):
        district = draw()
        yield _like(chance.choice(patterns), number, district, chance)


def parents(count: int, seed: str = "parents") -> Iterator[Point]:
    """Where so many parents live, drawn alike."""
    chance = Random(seed)
    draw = _draw_district(list(Gazetteer.load().districts()), chance)
    for _ in range(count):
        yield _home_in(draw(), chance)


def settle(database_url: str, providers: Iterable[Provider]) -> None:
    """Put them into the table, in one go, and let the database look at what it has."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        with connection.cursor() as cursor, cursor.copy(f"COPY provider ({COLUMNS}) FROM STDIN") as rows:
            for one in providers:
                rows.write_row(_row(one))
        connection.execute(
            "SELECT setval(pg_get_serial_sequence('provider', 'id'), greatest(max(id), 1)) FROM provider"
        )
        connection.execute("VACUUM ANALYZE provider")


def _draw_district(districts: list[District], chance: Random) -> Callable[[], District]:
    sums = list(accumulate(district.population or SMALLEST for district in districts))
    return lambda: districts[bisect(sums, chance.random() * sums[-1])]


def _home_in(district: District, chance: Random) -> Point:
    spread = max(LEAST_SPREAD_KM, sqrt((district.population or SMALLEST) / PEOPLE_PER_KM2 / pi)) / 2
    north, east = chance.gauss(0, spread), chance.gauss(0, spread)
    lat = district.lat + north / KM_PER_DEGREE
    return Point(round(lat, 6), round(district.lon + east / KM_PER_DEGREE / cos(radians(lat)), 6))


def _like(pattern: ProviderRow, number: int, district: District, chance: Random) -> Provider:
    rated = chance.random() < 0.4
    return Provider(
        id=number,
        name=f"{pattern.name.split('(')[0].strip()} {number}",
        kind=pattern.kind,
        point=_home_in(district, chance),
        ubigeo=district.ubigeo,
        address="" if pattern.kind in (CareKind.HOME, CareKind.NANNY) else f"Mz. A Lt. {number % 40 + 1}",
        min_months=pattern.min_months,
        max_months=pattern.max_months,
        days=tuple(pattern.days),
        opens=pattern.opens,
        closes=pattern.closes,
        price=pattern.price,
        places_free=pattern.places_free,
        verified=pattern.verified_at is not None,
        languages=tuple(pattern.languages),
        amenities=tuple(pattern.amenities),
        special_needs=tuple(pattern.special_needs),
        rating=round(chance.uniform(3, 5), 1) if rated else None,
        ratings=chance.randint(1, 30) if rated else 0,
    )


def _row(one: Provider) -> tuple[object, ...]:
    verified_at = datetime(2026, 11, 2, tzinfo=UTC) if one.verified else None
    return (
        one.id,
        f"crowd-{one.id}",
        True,
        one.name,
        one.kind.value,
        one.ubigeo,
        one.point.lat,
        one.point.lon,
        one.address,
        one.min_months,
        one.max_months,
        list(one.days),
        one.opens,
        one.closes,
        one.price.amount if one.price else None,
        one.price.period if one.price else None,
        one.places_free,
        list(one.languages),
        list(one.amenities),
        list(one.special_needs),
        one.rating,
        one.ratings,
        verified_at,
        "bench" if one.verified else None,
        CHECKED_UNTIL if one.verified else None,
    )
