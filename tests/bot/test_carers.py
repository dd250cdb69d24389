"""What the database finds is what one finds who looks at everybody."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import text, update

from bot.messages import Channel
from bot.services import Services
from bot.store import Tx, contacts, tables
from bot.store.carers import Carers
from matching import reach
from matching.candidates import CarersNear, Grid
from matching.find import find_care
from matching.schema import CareQuery, CareResult, Provider
from tests.matching.neighbourhood import COLLIQUE, WEEKDAYS, ask, provider
from tests.matching.test_properties import providers, queries
from tests.support import crowd

NOW = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)

EVERY_EXAMPLE = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def settle(services: Services, known: Iterable[Provider]) -> None:
    with services.store.begin() as tx:
        tx.session.execute(text("TRUNCATE provider CASCADE"))
    crowd.settle(services.settings.database_url, known)


def in_store(services: Services, query: CareQuery) -> CareResult:
    with services.store.begin() as tx:
        return find_care(query, Carers(tx, include_demo=True, now=NOW))


@EVERY_EXAMPLE
@given(known=providers(), query=queries)
def test_the_same_are_found_as_among_all(services: Services, known: list[Provider], query: CareQuery):
    settle(services, known)

    assert in_store(services, query) == find_care(query, CarersNear(Grid(known).near))


@pytest.fixture
def few_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reach, "PLENTY", 2)
    monkeypatch.setattr(reach, "PLENTY_MORE", 4)
    monkeypatch.setattr(reach, "SOME", 3)
    monkeypatch.setattr(reach, "CITY_PROVIDERS", 4)


@EVERY_EXAMPLE
@given(known=providers(), query=queries)
def test_the_same_are_found_where_there_are_more_than_are_looked_at(
    services: Services, few_are_enough: None, known: list[Provider], query: CareQuery
):
    settle(services, known)

    assert in_store(services, query) == find_care(query, CarersNear(Grid(known).near))


def test_the_same_are_found_in_a_whole_country(services: Services):
    known = list(crowd.crowd(5000))
    settle(services, known)
    everybody = CarersNear(Grid(known).near)

    for number, home in enumerate(crowd.parents(60)):
        need = ask(
            point=home,
            ages_months=((2, 8, 24, 60, 200)[number % 5],),
            days=(WEEKDAYS, ("sun",), ())[number % 3],
            start=("08:00", "05:30", None)[number % 3],
            end=("17:00", "22:00", "13:00")[number % 3],
            children=1 + number % 4,
        )
        assert in_store(services, need) == find_care(need, everybody), need


def test_who_pauses_or_wants_no_messages_is_not_found(services: Services):
    settle(services, [provider(1), provider(2), provider(3)])
    with services.store.begin() as tx:
        _pause(tx, 1, NOW + timedelta(days=1))
        _pause(tx, 2, NOW - timedelta(days=1))
        silent = contacts.arrive(tx, "+51987654321", Channel.SMS, NOW)
        contacts.set_opted_out(tx, silent, NOW)
        _give_number(tx, 3, "+51987654321")

    found = in_store(services, ask(point=COLLIQUE))

    assert [option.provider.id for option in found.options] == [2]


def _pause(tx: Tx, provider_id: int, until: datetime) -> None:
    row = tables.Provider
    tx.session.execute(update(row).where(row.id == provider_id).values(paused_until=until))


def _give_number(tx: Tx, provider_id: int, number: str) -> None:
    row, key = tables.Provider, tx.vault.look_up_key(number)
    tx.session.execute(update(row).where(row.id == provider_id).values(phone_key=key))


def test_whose_checks_are_over_is_not_found(services: Services):
    settle(services, [provider(1), provider(2), provider(3)])
    with services.store.begin() as tx:
        _check_until(tx, 1, NOW)
        _check_until(tx, 2, NOW + timedelta(seconds=1))
        _check_until(tx, 3, NOW - timedelta(days=1))

    found = in_store(services, ask(point=COLLIQUE))

    assert [option.provider.id for option in found.options] == [2]


def _check_until(tx: Tx, provider_id: int, until: datetime) -> None:
    row = tables.Provider
    tx.session.execute(update(row).where(row.id == provider_id).values(verified_until=until))
