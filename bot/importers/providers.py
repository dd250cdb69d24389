"""Providers from a CSV.

    column         must be  what                                                        for example
    key                     the provider's own, lasting key; else made of name and place  mimp-00417
    name           yes      what parents read, 28 characters fit an SMS                 Nido Luna de Lana
    kind           yes      cuna_mas, municipal, daycare, preschool, home, nanny        nido
    phone                   a Peruvian mobile number                                    +51987654321
    district       or       district or neighbourhood, with its province if shared      Collique
    ubigeo         this     INEI's code of the district                                 150110
    lat, lon                WGS 84 degrees; else the district's                         -11.9151, -77.0203
    address                 as given to parents                                         Jr. Los Pinos 120
    min_age        yes      youngest and oldest child taken, both inside                6m
    max_age        yes                                                                  3a
    days           yes      the days it opens                                           lun-vie
    opens          yes      a close that is not after it is the next morning;           07:30
    closes         yes      the same time twice is 24 hours                             17:00
    price                   soles, or gratis; empty when not known                      350
    period                  of the price: hour, day, week, month                        mes
    places         yes      how many children more can be taken now                     4
    amenities               short words between semicolons                              almuerzo; patio
    languages               besides Spanish, likewise                                   quechua
    special_needs           that there is experience with, likewise                     autismo; alergias
    verified                yes or no                                                   si
    verified_by             who checked the provider on the spot                        R. Huamán, DEMUNA
    verified_at             and when                                                    2026-11-20
    demo                    yes for an invented row, which is never taken for a real one
    state, checks_until     what an export tells of how they stand; not taken in

A provider counts as verified only when the file says by whom and when: whoever is named there did all the checks
that the kind needs (matching/checks.py) on that day, and they are over as they would be had an operator made them.
Where the file does not say, a provider stays as verified as they are. `templates/providers.csv` is a file to begin
with.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, BeforeValidator

from bot.importers import values
from bot.importers.place import locate
from bot.importers.table import CellError, Keyed, Report, Source, read_cells, read_table
from matching.programmes import CUNA_MAS_MAX_MONTHS, CUNA_MAS_MIN_MONTHS
from matching.schema import CareKind, Point, Price
from nlp.places import Gazetteer

NOBODYS_PHONE = "+51000"
"""How the numbers of demo rows begin. Peruvian mobile numbers begin with 9."""


@dataclass(frozen=True, slots=True)
class ProviderRow:
    """A provider as a file has it. `key` stays the same from one import to the next; `verified_by` and
    `verified_at` are both given or both None. `unverified`: the file says that they are not verified."""

    key: str
    name: str
    kind: CareKind
    phone: str | None
    ubigeo: str
    point: Point
    address: str
    min_months: int
    max_months: int
    days: tuple[str, ...]
    opens: str
    closes: str
    price: Price | None
    places_free: int
    languages: tuple[str, ...] = ()
    amenities: tuple[str, ...] = ()
    special_needs: tuple[str, ...] = ()
    verified_by: str | None = None
    verified_at: datetime | None = None
    unverified: bool = False
    demo: bool = False


Text = Annotated[str, BeforeValidator(values.read_text)]
Age = Annotated[int, BeforeValidator(values.read_age)]
Time = Annotated[str, BeforeValidator(values.read_time)]
Words = Annotated[tuple[str, ...], BeforeValidator(values.read_list)]
Degrees = Annotated[float, BeforeValidator(values.read_degrees)]
Yes = Annotated[bool, BeforeValidator(values.read_yes)]


class ProviderCells(BaseModel):
    """The cells of one line, each read by itself."""

    name: Text
    kind: Annotated[CareKind, BeforeValidator(values.read_kind)]
    min_age: Age
    max_age: Age
    days: Annotated[tuple[str, ...], BeforeValidator(values.read_days)]
    opens: Time
    closes: Time
    places: Annotated[int, BeforeValidator(values.read_places)]
    key: Text | None = None
    phone: Annotated[str, BeforeValidator(values.read_phone)] | None = None
    district: Text | None = None
    ubigeo: Annotated[str, BeforeValidator(values.read_ubigeo)] | None = None
    lat: Degrees | None = None
    lon: Degrees | None = None
    address: Text = ""
    price: Annotated[float, BeforeValidator(values.read_soles)] | None = None
    period: Annotated[str, BeforeValidator(values.read_period)] | None = None
    amenities: Words = ()
    languages: Words = ()
    special_needs: Words = ()
    verified: Yes | None = None
    verified_by: Text | None = None
    verified_at: Annotated[datetime, BeforeValidator(values.read_moment)] | None = None
    demo: Yes = False
    state: Text = ""
    checks_until: Text = ""


def read_providers(source: Source, places: Gazetteer, *, demo: bool | None = False) -> Report[ProviderRow]:
    """The good rows, and what is wrong with the others. Demo rows are taken with `demo` alone, and then only
    they; with None, both are.

    Raises OSError when there is no such file.
    """
    return read_table(source, ProviderCells, lambda cells: _row(cells, places, demo))


def read_provider(cells: Mapping[str, str], places: Gazetteer) -> Report[ProviderRow]:
    """One provider that was filled in by its columns, real or invented as it says."""
    return read_cells(cells, ProviderCells, lambda read: _row(read, places, None))


def _row(cells: ProviderCells, places: Gazetteer, demo: bool | None) -> Keyed[ProviderRow]:
    check_demo(cells.demo, demo)
    if cells.phone is not None and cells.phone.startswith(NOBODYS_PHONE) is not cells.demo:
        raise CellError(
            "phone",
            f"{cells.phone}: {'a demo row takes' if cells.demo else 'only a demo row has'} +51000…",
            f"{cells.phone}: los números inventados, y solo ellos, empiezan con +51000",
        )
    if cells.min_age > cells.max_age:
        raise CellError(
            "max_age",
            f"{cells.max_age} months is younger than min_age, {cells.min_age} months",
            f"{cells.max_age} meses es menos que min_age, {cells.min_age} meses",
        )
    ubigeo, point = locate(places, cells.ubigeo, cells.district, cells.lat, cells.lon)
    price = _price(cells)
    _check_programme(cells, price)
    verified_by, verified_at = _verified(cells)
    key = cells.key or key_of(cells.name, ubigeo)
    return Keyed(
        key,
        ProviderRow(
            key=key,
            name=cells.name,
            kind=cells.kind,
            phone=cells.phone,
            ubigeo=ubigeo,
            point=point,
            address=cells.address,
            min_months=cells.min_age,
            max_months=cells.max_age,
            days=cells.days,
            opens=cells.opens,
            closes=cells.closes,
            price=price,
            places_free=cells.places,
            languages=cells.languages,
            amenities=cells.amenities,
            special_needs=cells.special_needs,
            verified_by=verified_by,
            verified_at=verified_at,
            unverified=cells.verified is False,
            demo=cells.demo,
        ),
    )


def key_of(name: str, ubigeo: str) -> str:
    """A key for a row that has none: the same name in the same district is the same row.

    >>> key_of("Nido Luna de Lana", "150110")
    'nido-luna-de-lana-150110'
    """
    return "-".join((*re.findall(r"[a-zñ0-9]+", values.plain(name)), ubigeo))


def check_demo(is_demo_row: bool, demo: bool | None) -> None:
    """Keeps invented rows out of real data, and real ones out of a demo; None: takes both. Raises CellError."""
    if demo is None:
        return
    if is_demo_row and not demo:
        raise CellError(
            "demo",
            "this row is invented, for demonstrations: it is never taken for a real one",
            "esta fila es inventada, para demostraciones: nunca se toma por verdadera",
        )
    if demo and not is_demo_row:
        raise CellError(
            "demo",
            "this row does not say that it is invented: a demo takes only rows that do",
            "esta fila no dice que es inventada: una demostración solo toma las que lo dicen",
        )


def _price(cells: ProviderCells) -> Price | None:
    if cells.price is None:
        return Price(0, None) if cells.kind is CareKind.CUNA_MAS else None
    if cells.price == 0:
        return Price(0, None)
    if cells.period is None:
        raise CellError(
            "period",
            "is empty: a price is per hour, day, week or month",
            "está vacío: un precio es por hora, día, semana o mes",
        )
    return Price(cells.price, cells.period)


def _check_programme(cells: ProviderCells, price: Price | None) -> None:
    if cells.kind is not CareKind.CUNA_MAS:
        return
    if price is not None and price.amount > 0:
        raise CellError(
            "price",
            "Cuna Más is free: leave the price out, or correct the kind",
            "Cuna Más es gratis: quite el precio, o corrija el tipo",
        )
    if cells.min_age < CUNA_MAS_MIN_MONTHS or cells.max_age > CUNA_MAS_MAX_MONTHS:
        raise CellError(
            "min_age" if cells.min_age < CUNA_MAS_MIN_MONTHS else "max_age",
            f"Cuna Más is for {CUNA_MAS_MIN_MONTHS} to {CUNA_MAS_MAX_MONTHS} months: correct the age, or the kind",
            f"Cuna Más es de {CUNA_MAS_MIN_MONTHS} a {CUNA_MAS_MAX_MONTHS} meses: corrija la edad, o el tipo",
        )


def _verified(cells: ProviderCells) -> tuple[str | None, datetime | None]:
    if cells.verified is False:
        return None, None
    if cells.verified_by and cells.verified_at:
        return cells.verified_by, cells.verified_at
    if cells.verified or cells.verified_by or cells.verified_at:
        empty = "verified_at" if cells.verified_by else "verified_by"
        raise CellError(
            empty,
            "is empty: a provider is verified by somebody, on a day; give both",
            "está vacío: alguien verifica en una fecha; ponga quién y cuándo",
        )
    return None, None
