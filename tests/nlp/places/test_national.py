"""Importing a national table, and what it changes."""

import gzip
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nlp.places import Gazetteer, NationalTableError, import_national
from tests.nlp.places.conftest import VILLAGES

Writer = Callable[..., Path]


def value(gazetteer: Gazetteer, text: str, **hints: Any) -> Any:
    found = gazetteer.resolve(text, **hints)
    return found and found.value()


def test_a_village_is_found_in_the_district_that_is_named_or_was_said(national: Gazetteer) -> None:
    assert value(national, "palo blanco, chulucanas") == {"ubigeo": "200401"}
    assert value(national, "palo blanco lambayeque") == {"ubigeo": "140305"}
    assert value(national, "palo blanco", near_ubigeo="200401") == {"ubigeo": "200401"}
    assert value(national, "san pedro", near_ubigeo="120114") == {"ubigeo": "120114"}
    assert value(national, "caserio comas", near_ubigeo="040110") == {"ubigeo": "040110"}


def test_a_village_has_its_own_point(national: Gazetteer) -> None:
    found = national.resolve("pillcobamba")

    assert found is not None
    assert found.ubigeo == "080201"
    assert found.point == (-13.9, -71.68)


def test_a_village_name_of_two_districts_gives_both(national: Gazetteer) -> None:
    assert value(national, "palo blanco") == {"candidates": ["200401", "140305"]}


def test_districts_and_quarters_go_before_villages(gazetteer: Gazetteer, national: Gazetteer) -> None:
    for typed in (
        "comas",
        "collique",
        "yapatera",
        "cochas chico",
        "miraflores",
        "villa el savador",
        "madrid",
        "mi casa",
    ):
        assert value(national, typed) == value(gazetteer, typed)


def test_a_point_takes_the_district_of_the_nearest_village(gazetteer: Gazetteer, national: Gazetteer) -> None:
    here = (-13.9001, -71.6801)

    found = national.district_at(*here)

    assert found is not None
    assert found.ubigeo == "080201"


def test_population_decides_between_districts_of_one_name(tmp_path: Path, table: Writer) -> None:
    out = tmp_path / "places.sqlite"
    rows = "ubigeo,REG_NAT,POB_TOTAL,POB_URBANA,POB_RURAL\n120107,SIERRA,1000000,1,1\n150505,COSTA,9000,1,1\n"

    report = import_national(table(rows), out)
    gazetteer = Gazetteer.load(out)

    assert (report.kind, report.taken, report.ok) == ("population", 2, True)
    assert gazetteer.district("120107").population == 1_000_000
    assert value(gazetteer, "chilca") == {"ubigeo": "120107"}


def test_the_district_table_of_inei_is_told_by_its_header(tmp_path: Path, table: Writer) -> None:
    rows = "\ufeffdepartamento;provincia;distrito;ubigeo;población\nLima;Lima;Comas;150110;600307\n"
    out = tmp_path / "places.sqlite"

    assert import_national(table(rows), out).ok
    assert Gazetteer.load(out).district("150110").population == 600_307


def test_wrong_rows_are_reported_with_line_column_and_reason_and_good_ones_go_in(
    tmp_path: Path, table: Writer
) -> None:
    rows = VILLAGES.splitlines()[0] + "\n" + "\n".join(
        [
            '2004010002,200401,"YAPA',
            'TERA",Urban,-5.07,-80.13',
            "2004010003,200499,PALO BLANCO,Rural,-5.06,-80.02",
            "200401,200401,CORTO,Rural,-5.06,-80.02",
            "2004010004,200401,,Rural,-5.06,-80.02",
            "2004010005,200401,LEJOS,Rural,40.4,-3.7",
            "2004010006,200401,RARO,Rural,cinco,-80.02",
            "2004010002,200401,OTRA,Rural,-5.07,-80.13",
            "2004010007,200401,CORTADA",
            "2004010008,200401,BUENA,Rural,-5.05,-80.03",
        ]
    )  # fmt: skip
    out = tmp_path / "places.sqlite"

    report = import_national(table(rows), out)

    assert (report.taken, report.refused, report.ok) == (2, 7, False)
    assert [str(problem) for problem in report.problems] == [
        "line 4, inei_distrito: '200499' is no district",
        "line 5, inei_ccpp: '200401' is not ten digits",
        "line 6, ccpp: no name",
        "line 7, latitude: 40.4 is outside Peru (-18.5 to 0.1)",
        "line 8, latitude: 'cinco' is not a number",
        "line 9, inei_ccpp: 2004010002 was on line 2 already",
        "line 10, -: 3 cells, the header has 6",
    ]
    assert value(Gazetteer.load(out), "buena chulucanas") == {"ubigeo": "200401"}


def test_importing_twice_changes_nothing_and_gzip_is_the_same(tmp_path: Path, table: Writer) -> None:
    out, zipped = tmp_path / "places.sqlite", tmp_path / "table.csv.gz"
    zipped.write_bytes(gzip.compress(VILLAGES.encode()))

    def dump() -> list[str]:
        with sqlite3.connect(out) as database:
            return list(database.iterdump())

    first = import_national(table(VILLAGES), out)
    before = dump()
    second = import_national(zipped, out)

    assert (first.taken, second.taken) == (9, 9)
    assert dump() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["places.sqlite", "table.csv", "table.csv.gz"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("a,b,c\n1,2,3\n", "line 1: the header is 'a,b,c'; expected inei_ccpp,"),
        ("", "line 1: the header is ''"),
    ],
)
def test_a_table_of_another_kind_is_refused(tmp_path: Path, table: Writer, content: str, says: str) -> None:
    with pytest.raises(NationalTableError, match="line 1: the header") as refused:
        import_national(table(content), tmp_path / "places.sqlite")

    assert says in str(refused.value)
    assert not (tmp_path / "places.sqlite").exists()


def test_unreadable_files_are_refused_by_name(tmp_path: Path) -> None:
    latin, cut = tmp_path / "latin.csv", tmp_path / "cut.csv.gz"
    latin.write_bytes(VILLAGES.replace("PALO", "ÑAÑA").encode("latin-1"))
    cut.write_bytes(gzip.compress(VILLAGES.encode())[:-20])
    out = tmp_path / "places.sqlite"

    for path in (latin, cut, tmp_path / "missing.csv"):
        with pytest.raises(NationalTableError, match=path.name):
            import_national(path, out)
    assert not out.exists()


def test_a_file_that_is_no_imported_table_is_refused(tmp_path: Path, table: Writer) -> None:
    with pytest.raises(NationalTableError, match="no such file"):
        Gazetteer.load(tmp_path / "missing.sqlite")
    with pytest.raises(NationalTableError, match="not a table of places"):
        Gazetteer.load(table(VILLAGES * 20))
