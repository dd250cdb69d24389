"""The demo is whole, plausible, and cannot be taken for real."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from bot.gsm7 import fold, size
from bot.importers.hubs import HubRow, read_hubs
from bot.importers.providers import ProviderRow, read_providers
from bot.importers.resources import read_resources
from bot.importers.table import Report
from deploy.local.demo.make import make_hubs, make_providers, write
from matching.geo import distance_km
from matching.schema import CareKind, Level, Point, ResourceKind
from nlp.places import Gazetteer


@pytest.fixture(scope="module")
def places() -> Gazetteer:
    return Gazetteer.load()


@pytest.fixture(scope="module")
def demo(repository: Path) -> Path:
    return repository / "deploy" / "local" / "demo"


@pytest.fixture(scope="module")
def providers(demo: Path, places: Gazetteer) -> Report[ProviderRow]:
    return read_providers(demo / "providers.csv", places, demo=True)


@pytest.fixture(scope="module")
def hubs(demo: Path, places: Gazetteer) -> Report[HubRow]:
    return read_hubs(demo / "hubs.csv", places, demo=True)


def test_every_row_is_read(providers: Report[ProviderRow], hubs: Report[HubRow]):
    assert providers.errors == providers.warnings == hubs.errors == hubs.warnings == ()
    assert len(providers.rows) >= 600
    assert len(hubs.rows) == 150


def test_all_kinds_of_care_and_many_regions_are_there(providers: Report[ProviderRow], hubs: Report[HubRow]):
    kinds = Counter(row.kind for row in providers.rows)
    assert all(kinds[kind] >= 50 for kind in CareKind)
    assert len({row.ubigeo[:2] for row in providers.rows}) >= 12
    assert {row.ubigeo for row in providers.rows} == {row.ubigeo for row in hubs.rows}


def test_every_row_lies_in_its_district(
    providers: Report[ProviderRow], hubs: Report[HubRow], places: Gazetteer
):
    for row in (*providers.rows, *hubs.rows):
        district = places.district(row.ubigeo)
        assert distance_km(row.point, Point(district.lat, district.lon)) <= 15, row.key


def test_nothing_in_it_can_be_taken_for_real(
    demo: Path, providers: Report[ProviderRow], hubs: Report[HubRow], places: Gazetteer
):
    phones = [row.phone for row in providers.rows]
    assert all(phone is not None and phone.startswith("+51000") for phone in phones)
    assert len(set(phones)) == len(phones)
    assert all(row.name.endswith(" (demo)") for row in (*providers.rows, *hubs.rows))
    assert read_providers(demo / "providers.csv", places).rows == ()
    assert read_hubs(demo / "hubs.csv", places).rows == ()


def test_names_fit_the_room_they_have_in_an_sms(providers: Report[ProviderRow], hubs: Report[HubRow]):
    assert all(size(fold(row.name)).units <= 28 for row in (*providers.rows, *hubs.rows))


def test_cuna_mas_keeps_the_programmes_rules(providers: Report[ProviderRow]):
    shapes = {
        (row.min_months, row.max_months, row.days, row.opens, row.closes, row.price and row.price.amount)
        for row in providers.rows
        if row.kind is CareKind.CUNA_MAS
    }
    assert shapes == {(6, 36, ("mon", "tue", "wed", "thu", "fri"), "08:00", "16:00", 0)}


def test_the_files_are_what_the_generator_makes(demo: Path, tmp_path: Path):
    write(tmp_path / "providers.csv", make_providers())
    write(tmp_path / "hubs.csv", make_hubs())
    for name in ("providers.csv", "hubs.csv"):
        assert (demo / name).read_bytes() == (tmp_path / name).read_bytes()


def test_what_there_is_to_learn_is_whole_and_what_is_invented_says_so(demo: Path):
    report = read_resources(demo / "resources.csv", demo=True)
    assert report.errors == report.warnings == ()
    assert len(report.rows) >= 60
    assert {row.kind for row in report.rows} == set(ResourceKind)
    assert {row.level for row in report.rows} == set(Level)
    lessons = [row for row in report.rows if row.kind is ResourceKind.SMS]
    assert len(lessons) >= 15
    assert all(4 <= len(row.parts) <= 8 for row in lessons)
    real = read_resources(demo / "resources.csv").rows
    assert all(row.kind in (ResourceKind.SMS, ResourceKind.PRINTED) for row in real)
    assert all("(demo)" in row.title for row in report.rows if row not in real)
