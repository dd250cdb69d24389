"""Makes providers.csv and hubs.csv: `python -m deploy.local.demo.make`. The same every time.

Everything in them is invented, and says so: the `demo` column, the name's end, phone numbers that begin with
000 as none in Peru does. What is plausible is so by design: Cuna Más is free, for 6 to 36 months, Monday to
Friday 8:00 to 16:00; a nido costs 250 to 600 soles a month by zone, a madre cuidadora 15 to 35 a day, a nanny
40 to 70 a day or the minimum wage and more to live in; PRONOEI and many municipal cunas are free.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from math import cos, pi, radians, sin, sqrt
from pathlib import Path
from random import Random
from typing import TypeVar

from deploy.local.demo.names import MARK, fancies, women
from deploy.local.demo.zones import ZONES, Zone
from matching.geo import KM_PER_DEGREE
from matching.programmes import CUNA_MAS_CLOSES, CUNA_MAS_OPENS
from matching.score import MINIMUM_WAGE

HERE = Path(__file__).parent
VERIFIED_AT = "2026-11-02"
UNVERIFIED_SHARE = 0.04
"""Some wait for verification, so that one can see that nobody is shown them."""
FULL_SHARE = 0.08

Cells = dict[str, object]
T = TypeVar("T")

FIRST_KINDS = ("cuna_mas", "preschool", "home", "nanny", "daycare", "municipal")
"""Each zone has one of each of these, in this order, as far as its number goes; Cuna Más not where life is dear."""
MORE_KINDS = {
    1: {"cuna_mas": 24, "home": 32, "preschool": 20, "municipal": 6, "daycare": 8, "nanny": 10},
    2: {"cuna_mas": 6, "home": 26, "preschool": 32, "municipal": 6, "daycare": 14, "nanny": 16},
    3: {"home": 22, "preschool": 36, "daycare": 20, "nanny": 22},
}
"""Beyond them, by weight: where life is dear there is less of Cuna Más and more that costs."""

WEEKDAYS, TO_SATURDAY, EVERY_DAY = "lun-vie", "lun-sab", "lun-dom"

AMENITIES = {
    "cuna_mas": ("almuerzo", "refrigerio", "siesta", "juegos", "control de talla y peso"),
    "municipal": ("almuerzo", "patio", "juegos", "siesta", "psicóloga"),
    "daycare": ("almuerzo", "cámaras", "patio", "siesta", "juegos", "estimulación temprana"),
    "preschool": (
        "patio",
        "juegos",
        "cámaras",
        "lonchera",
        "estimulación temprana",
        "inglés",
        "áreas verdes",
    ),
    "home": ("almuerzo", "patio", "juegos", "siesta", "lonchera", "ayuda con tareas"),
    "nanny": ("cocina", "ayuda con tareas", "limpieza", "primeros auxilios"),
}
SPECIAL_NEEDS = (
    "autismo",
    "síndrome de Down",
    "silla de ruedas",
    "alergias",
    "asma",
    "sordera",
    "lenguaje",
    "epilepsia",
    "prematuros",
    "TDAH",
    "baja visión",
    "anemia",
)


def make_providers() -> Iterator[Cells]:
    """All rows of providers.csv."""
    places, carers = fancies(), women()
    for number, zone in enumerate(ZONES):
        chance = _chance(f"providers of {zone.label}")
        first = [kind for kind in FIRST_KINDS if kind != "cuna_mas" or zone.level < 3]
        kinds = [*first, *_kinds(zone, chance)][: zone.providers]
        for position, kind in enumerate(kinds, 1):
            number_of_kind = kinds[:position].count(kind)
            shape = SHAPES[kind](zone, chance)
            name = _name(kind, shape, zone, number_of_kind, places, carers)
            yield {
                "key": f"demo-{zone.ubigeo}-{number:02}-{position:02}",
                "name": name + MARK,
                "kind": kind,
                "phone": f"+51000{number + 1:03}{position:03}",
                "ubigeo": zone.ubigeo,
                **_point(zone, chance),
                "address": _address(kind, zone, chance),
                **shape,
                "places": _places(kind, chance),
                "amenities": _some(AMENITIES[kind], chance, 1, 3),
                "languages": _languages(zone, chance),
                "special_needs": _some(SPECIAL_NEEDS, chance, 1, 2) if chance.random() < 0.22 else "",
                **_verified(chance),
                "demo": "true",
            }


def _kinds(zone: Zone, chance: Random) -> list[str]:
    weights = MORE_KINDS[zone.level]
    return chance.choices(list(weights), list(weights.values()), k=zone.providers)


def _cuna_mas(zone: Zone, chance: Random) -> Cells:
    return _shape("6m", "36m", WEEKDAYS, CUNA_MAS_OPENS, CUNA_MAS_CLOSES, 0)


def _municipal(zone: Zone, chance: Random) -> Cells:
    price = 0 if chance.random() < 0.6 else _between(chance, 50, 120, 10)
    opens, closes = _one(chance, (("07:30", "16:30"), ("08:00", "17:00"), ("07:00", "18:00")))
    return _shape(
        _one(chance, ("6m", "12m")), _one(chance, ("36m", "4a", "5a")), WEEKDAYS, opens, closes, price
    )


def _daycare(zone: Zone, chance: Random) -> Cells:
    opens, closes = _one(
        chance, (("07:00", "18:00"), ("07:00", "19:00"), ("06:30", "18:30"), ("07:30", "17:30"))
    )
    days = TO_SATURDAY if chance.random() < 0.3 else WEEKDAYS
    price = _between(chance, 240 + 80 * zone.level, 340 + 100 * zone.level, 10)
    return _shape(
        _one(chance, ("3m", "6m", "8m", "12m")), _one(chance, ("4a", "5a", "6a")), days, opens, closes, price
    )


def _preschool(zone: Zone, chance: Random) -> Cells:
    if zone.level == 1 and chance.random() < 0.2:
        return _shape(
            "3a", "6a", WEEKDAYS, "08:00", "12:00", 0
        )  # PRONOEI, the State's, run with the community
    opens, closes = _one(
        chance, (("08:00", "13:00"), ("08:00", "16:00"), ("07:30", "17:30"), ("07:30", "14:00"))
    )
    price = _between(chance, 150 + 100 * zone.level, 250 + 110 * zone.level, 10)
    return _shape(
        _one(chance, ("1a", "18m", "2a")), _one(chance, ("5a", "6a")), WEEKDAYS, opens, closes, price
    )


def _home(zone: Zone, chance: Random) -> Cells:
    opens, closes = _one(
        chance,
        (("06:00", "18:00"), ("06:30", "18:30"), ("07:00", "19:00"), ("07:00", "17:00"), ("06:00", "20:00")),
    )
    days = _one(chance, (WEEKDAYS, WEEKDAYS, TO_SATURDAY, EVERY_DAY))
    price = _between(chance, 10 + 5 * zone.level, 20 + 5 * zone.level, 1)
    return _shape(
        _one(chance, ("0m", "3m", "6m", "12m")),
        _one(chance, ("4a", "6a", "10a", "12a")),
        days,
        opens,
        closes,
        price,
        "dia",
    )


def _nanny(zone: Zone, chance: Random) -> Cells:
    way = chance.random()
    if way < 0.2:  # lives in
        wage = _between(chance, int(MINIMUM_WAGE), int(MINIMUM_WAGE) + 120 * zone.level, 10)
        return _shape("0m", "12a", TO_SATURDAY, "00:00", "00:00", wage)
    price = _between(chance, 35 + 5 * zone.level, 55 + 5 * zone.level, 5)
    if way < 0.4:  # by night
        return _shape("0m", "10a", _one(chance, (WEEKDAYS, EVERY_DAY)), "18:00", "08:00", price, "dia")
    opens, closes = _one(chance, (("07:00", "19:00"), ("06:00", "18:00"), ("08:00", "20:00")))
    return _shape("0m", "12a", _one(chance, (TO_SATURDAY, EVERY_DAY)), opens, closes, price, "dia")


SHAPES = {
    "cuna_mas": _cuna_mas,
    "municipal": _municipal,
    "daycare": _daycare,
    "preschool": _preschool,
    "home": _home,
    "nanny": _nanny,
}


def _shape(
    min_age: str, max_age: str, days: str, opens: str, closes: str, price: int, period: str = "mes"
) -> Cells:
    return {
        "min_age": min_age,
        "max_age": max_age,
        "days": days,
        "opens": opens,
        "closes": closes,
        "price": price,
        "period": period if price else "",
    }


def _name(
    kind: str, shape: Cells, zone: Zone, number: int, places: Iterator[str], carers: Iterator[str]
) -> str:
    match kind:
        case "cuna_mas":
            return f"Cuna Más {zone.label} {number}"
        case "municipal":
            return f"Cuna {next(places)}"
        case "daycare":
            return f"Casa {next(places)}"
        case "preschool":
            return f"Nido {next(places)}" if shape["price"] else f"Pronoei {zone.label} {number}"
        case _:
            return f"Sra. {next(carers)}"


def _address(kind: str, zone: Zone, chance: Random) -> str:
    """None for those who care at a home, theirs or the family's: it is theirs to give."""
    if kind in ("home", "nanny"):
        return ""
    return f"Mz. {chance.choice('ABCDEFGHJKLMNP')} Lt. {chance.randrange(1, 40)}, {zone.label}"


def _places(kind: str, chance: Random) -> int:
    if chance.random() < FULL_SHARE:
        return 0
    most = {"cuna_mas": 8, "municipal": 8, "daycare": 6, "preschool": 8, "home": 3, "nanny": 2}[kind]
    return chance.randrange(1, most + 1)


def _languages(zone: Zone, chance: Random) -> str:
    if not zone.languages or chance.random() >= zone.share:
        return ""
    return _one(chance, zone.languages)


def _verified(chance: Random) -> Cells:
    if chance.random() < UNVERIFIED_SHARE:
        return {"verified": "no", "verified_by": "", "verified_at": ""}
    return {"verified": "si", "verified_by": "demo", "verified_at": VERIFIED_AT}


LONG_DAY, SATURDAY_MORNING = "lun-vie 09:00-18:00", "sab 09:00-13:00"

HUB_TYPES: dict[str, Cells] = {
    "C. Digital": {
        "services": "internet; computadoras; wifi; clases; videollamadas; carga",
        "hours": f"lun-vie 09:00-19:00; {SATURDAY_MORNING}",
        "free": "si",
    },
    "Biblioteca": {
        "services": "internet; computadoras; wifi; carga",
        "hours": f"{LONG_DAY}; {SATURDAY_MORNING}",
        "free": "si",
    },
    "Cabina": {
        "services": "internet; computadoras; impresiones; escaner; videollamadas",
        "hours": "lun-sab 08:00-22:00; dom 10:00-20:00",
        "free": "no",
    },
    "Municipio": {
        "services": "wifi; computadoras; impresiones; escaner",
        "hours": "lun-vie 08:00-16:30",
        "free": "si",
    },
    "Colegio": {"services": "internet; computadoras; clases", "hours": "lun-vie 15:00-19:00", "free": "si"},
    "Local Com.": {"services": "wifi; carga; clases", "hours": "lun-sab 08:00-20:00", "free": "si"},
    "Tambo": {
        "services": "internet; computadoras; videollamadas; carga; clases",
        "hours": "lun-vie 08:00-17:00",
        "free": "si",
    },
}
"""What each type of hub has. The tambos are those of the State's programme PAIS, in the country; the schools
open their rooms after class."""
TAMBO_SPREAD = 5.0
"""Times a zone's own spread: a tambo serves the villages around."""


def make_hubs() -> Iterator[Cells]:
    """All rows of hubs.csv: two for each zone, and the country's tambos and a few more in large ones."""
    types = [name for name in HUB_TYPES if name != "Tambo"]
    for number, zone in enumerate(ZONES):
        chance = _chance(f"hubs of {zone.label}")
        here = [types[(2 * number + turn) % len(types)] for turn in range(2 + (zone.providers >= 14))]
        for position, kind in enumerate([*here, "Tambo"] if zone.tambo else here, 1):
            yield {
                "key": f"demo-hub-{zone.ubigeo}-{number:02}-{position}",
                "name": f"{kind} {zone.label}{MARK}",
                "ubigeo": zone.ubigeo,
                **_point(zone, chance, TAMBO_SPREAD if kind == "Tambo" else 1.0),
                "address": f"Mz. {chance.choice('ABCDEFGHJKLMNP')} Lt. {chance.randrange(1, 40)}, {zone.label}",
                **HUB_TYPES[kind],
                "demo": "true",
            }


def _point(zone: Zone, chance: Random, spread: float = 1.0) -> Cells:
    """Somewhere in the zone's circle, all of it alike."""
    away = zone.spread_km * spread * sqrt(chance.random()) / KM_PER_DEGREE
    around = 2 * pi * chance.random()
    return {
        "lat": f"{zone.lat + away * sin(around):.5f}",
        "lon": f"{zone.lon + away * cos(around) / cos(radians(zone.lat)):.5f}",
    }


def _chance(name: str) -> Random:
    """Chance that falls the same way every time, and in one zone as it does whatever changes in another."""
    return Random(name)  # noqa: S311  nothing secret hangs on it


def _one(chance: Random, choices: Sequence[T]) -> T:
    return choices[chance.randrange(len(choices))]


def _some(choices: Sequence[str], chance: Random, least: int, most: int) -> str:
    """A few of them, in their own order."""
    drawn = {_one(chance, choices) for _ in range(chance.randrange(least, most + 1))}
    return "; ".join(choice for choice in choices if choice in drawn)


def _between(chance: Random, low: int, high: int, step: int) -> int:
    return chance.randrange(low, high + 1, step)


def write(path: Path, rows: Iterable[Cells]) -> int:
    """Writes the rows as CSV and says how many."""
    kept = list(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(kept[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(kept)
    return len(kept)


if __name__ == "__main__":
    print(write(HERE / "providers.csv", make_providers()), "providers")
    print(write(HERE / "hubs.csv", make_hubs()), "hubs")
