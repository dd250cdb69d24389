"""Files of providers as people send them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from bot.importers.providers import ProviderRow, key_of, read_providers
from bot.importers.table import Report
from matching.schema import CareKind, Point, Price
from nlp.places import Gazetteer

Saved = Callable[..., Path]

HEADER = "name,kind,district,min_age,max_age,days,opens,closes,price,period,places"
GOOD = "Nido Luna,nido,Comas,1a,5a,lun-vie,7:30,5 pm,350,mes,4"


def faults(report: Report[ProviderRow]) -> list[str]:
    return [str(problem) for problem in report.errors]


def row(places: Gazetteer, saved: Saved, **cells: str) -> Report[ProviderRow]:
    """One good row with some cells changed or added."""
    good = dict(zip(HEADER.split(","), GOOD.split(","), strict=True)) | cells
    quoted = (f'"{cell}"' for cell in good.values())
    return read_providers(saved(",".join(good) + "\n" + ",".join(quoted) + "\n"), places)


def test_a_row_as_people_write_it_is_read_and_is_not_verified(places: Gazetteer, saved: Saved):
    report = read_providers(saved(f"{HEADER}\n{GOOD}\n"), places)

    comas = places.district("150110")
    assert report.errors == report.warnings == ()
    assert report.rows == (
        ProviderRow(
            key="nido-luna-150110",
            name="Nido Luna",
            kind=CareKind.PRESCHOOL,
            phone=None,
            ubigeo="150110",
            point=Point(comas.lat, comas.lon),
            address="",
            min_months=12,
            max_months=60,
            days=("mon", "tue", "wed", "thu", "fri"),
            opens="07:30",
            closes="17:00",
            price=Price(350, "month"),
            places_free=4,
        ),
    )


def test_wrong_rows_are_told_by_line_and_column_and_the_good_ones_go_in(places: Gazetteer, saved: Saved):
    text = "\n".join(
        [
            HEADER,
            GOOD,
            "Nido Sol,nido,Comas,3,5a,lun-vie,7:30,17:00,350,mes,4",
            "",
            "Nido Mar,colegio,Comas,1a,5a,lun-xyz,25:00,17:00,gratis,,muchos",
            "Nido Pez,nido,Comas,1a,5a,lun-vie,7:30,17:00,350,,4",
            "Nido Uva,nido,Comas,5a,1a,lun-vie,7:30,17:00,350,mes,4",
            ",nido,Comas,1a,5a,lun-vie,7:30,17:00,350,mes,4",
            "Nido Río,nido,Comas,1a,5a,lun,vie,7:30,17:00,350,mes,4",
            GOOD,
        ]
    )

    report = read_providers(saved(text), places)

    assert [one.name for one in report.rows] == ["Nido Luna"]
    assert faults(report) == [
        "line 3, column min_age: '3' is no age: write months as 6m, years as 3a",
        "line 5, column kind: 'colegio' is none of cuna_mas, municipal, daycare, preschool, home, nanny",
        "line 5, column days: 'lun-xyz' names no day 'xyz': write lun-vie or lun,mie,sab",
        "line 5, column opens: '25:00' is no time of day: write 00:00 to 24:00",
        "line 5, column places: 'muchos' is no number of places: write 0 to 500",
        "line 6, column period: is empty: a price is per hour, day, week or month",
        "line 7, column max_age: 12 months is younger than min_age, 60 months",
        "line 8, column name: is empty, and must not be",
        "line 9: has 12 cells for 11 columns: a cell that holds the separator needs quotes",
        "line 10, column key: 'nido-luna-150110' is already that of line 2; each row needs its own",
    ]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_files_of_every_spreadsheet_are_read(places: Gazetteer, saved: Saved, separator: str, encoding: str):
    text = f"{HEADER}\n{GOOD}\n".replace("Luna", "Ñandú").replace(",", separator).replace("\n", "\r\n")
    report = read_providers(saved(text, encoding), places)
    assert [one.name for one in report.rows] == ["Nido Ñandú"]
    assert [str(one) for one in report.warnings] == (
        ["line 2: not UTF-8: the file was read as Windows-1252 (Latin-1)"] if encoding == "cp1252" else []
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "line 1: the file is empty: its first row must name the columns"),
        (b"PK\x03\x04...", "line 1: this is a spreadsheet, not a CSV: save it as CSV (UTF-8) and try again"),
        ("name".encode("utf-16"), "line 1: this file is UTF-16: save it as CSV (UTF-8) and try again"),
        (b"\x81\x8d", "line 1: this file is neither UTF-8 nor Windows-1252 (Latin-1): save it as CSV (UTF-8) "
         "and try again"),
        (b"name,name", "line 1: the header names a column twice: name"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_table_is_refused_with_a_clear_word(
    places: Gazetteer, tmp_path: Path, content: bytes, said: str
):
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    report = read_providers(path, places)
    assert (report.rows, faults(report)) == ((), [said])


def test_a_missing_column_is_named_and_an_unknown_one_left_out(places: Gazetteer, saved: Saved):
    missing = read_providers(saved("name,kind,min_age,max_age,days,opens,closes\n"), places)
    assert faults(missing) == [
        "line 1, column places: the column is missing: there must be "
        "name, kind, min_age, max_age, days, opens, closes, places"
    ]
    unknown = read_providers(saved(f"{HEADER},ruc\n{GOOD},2012\n"), places)
    assert len(unknown.rows) == 1
    assert [str(one) for one in unknown.warnings] == ["line 1, column ruc: unknown column, left out"]


def test_an_open_quote_is_told_where_it_opens(places: Gazetteer, saved: Saved):
    report = read_providers(saved(f'{HEADER}\n{GOOD}\n"Nido Sol,nido\n'), places)
    assert len(report.rows) == 1
    assert faults(report)[0].startswith("line 3: cannot be read from here on")


def test_verified_means_by_somebody_on_a_day(places: Gazetteer, saved: Saved):
    lima = timezone(timedelta(hours=-5))
    who = {"verified_by": "R. Huamán", "verified_at": "20/11/2026"}

    verified = row(places, saved, verified="si", **who).rows[0]
    withdrawn = row(places, saved, verified="no", **who).rows[0]
    claimed = row(places, saved, verified="si")

    assert verified.verified_by == "R. Huamán"
    assert verified.verified_at == datetime(2026, 11, 20, tzinfo=lima)
    assert (withdrawn.verified_by, withdrawn.verified_at) == (None, None)
    assert faults(claimed) == [
        "line 2, column verified_by: is empty: a provider is verified by somebody, on a day; give both"
    ]


def test_a_place_is_found_by_name_code_or_point(places: Gazetteer, saved: Saved):
    by_code = row(places, saved, district="", ubigeo="40110").rows[0]
    by_name = row(places, saved, district="Miraflores, Arequipa").rows[0]
    by_zone = row(places, saved, district="Collique").rows[0]
    by_point = row(places, saved, lat="-11.93", lon="-77,04").rows[0]

    assert by_code.ubigeo == by_name.ubigeo == "040110"
    assert by_zone.ubigeo == "150110"
    assert by_zone.point != by_point.point == Point(-11.93, -77.04)


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"district": "Xyzzyx"}, "district: 'Xyzzyx' is no place that is known: give its ubigeo"),
        ({"district": ""}, "district: is empty, and so is ubigeo: one of them must say where it is"),
        ({"ubigeo": "999999"}, "ubigeo: there is no district 999999"),
        ({"lat": "-11.9"}, "lon: lat and lon go together: fill in both or none"),
        ({"lat": "-77.04", "lon": "-11.93"}, "are lat and lon swapped?"),
        ({"phone": "01 555 1234"}, "is no Peruvian mobile number"),
        ({"phone": "+51000000001"}, "phone: +51000000001: only a demo row has +51000…"),
        ({"kind": "cuna más"}, "price: Cuna Más is free: leave the price out, or correct the kind"),
        ({"kind": "cuna más", "price": ""}, "max_age: Cuna Más is for 6 to 36 months"),
    ],
)
def test_what_cannot_be_is_said(places: Gazetteer, saved: Saved, cells: dict[str, str], said: str):
    report = row(places, saved, **cells)
    assert report.rows == ()
    assert said in faults(report)[0]


def test_a_name_that_several_districts_bear_is_asked_back(places: Gazetteer, saved: Saved):
    said = faults(row(places, saved, district="Miraflores"))[0]
    assert "150122" in said
    assert "040110" in said
    assert said.endswith("give its ubigeo")


def test_a_file_read_twice_has_the_same_keys(places: Gazetteer, saved: Saved):
    own = row(places, saved, key="mimp-1").rows[0]
    again = row(places, saved, key="mimp-1", name="Nido Luna Nueva").rows[0]
    assert own.key == again.key == "mimp-1"
    assert key_of("Niño Jesús  N° 2", "150110") == "niño-jesus-n-2-150110"


def test_invented_rows_are_never_taken_for_real_ones(places: Gazetteer, repository: Path):
    template = repository / "bot" / "importers" / "templates" / "providers.csv"
    assert faults(read_providers(template, places)) == [
        "line 2, column demo: this row is invented, for demonstrations: it is never taken for a real one"
    ]
    assert len(read_providers(template, places, demo=True).rows) == 1


def test_a_real_row_is_no_demo(places: Gazetteer, saved: Saved):
    assert read_providers(saved(f"{HEADER}\n{GOOD}\n"), places, demo=True).rows == ()


def test_lists_are_kept_as_written_each_once(places: Gazetteer, saved: Saved):
    one = row(places, saved, amenities="Patio; cámaras, patio|almuerzo").rows[0]
    assert one.amenities == ("Patio", "cámaras", "almuerzo")
