"""What providers have on file, on the real engines: kept at their word, verified by an operator alone."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.exchange import files
from bot.services import Services
from bot.store import Tx, checks, own_files, providers
from bot.store.checks import Checker
from bot.store.tables import Case, Event, Offer, OfferStatus, Provider
from tests.support.carers import put_on_file
from tests.support.carrier import LocalCarrier
from tests.support.phone import Town, at
from tests.support.transcript import LIMA

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=LIMA)
ROSA, MARIA = "+51900000021", "+51900000011"
LONG = (
    "quiero cuidar niños en mi casa, soy Rosa Quispe, vivo en Comas por el mercado Collique, recibo de 1 a 5 años, "
    "lunes a viernes de 7 a 6, cobro 20 soles al dia y tengo 3 cupos, doy almuerzo"
)
ON_FILE = {
    "name": "Sra. Rosa",
    "kind": "home",
    "phone": ROSA,
    "district": "Collique",
    "min_age": "6m",
    "max_age": "4a",
    "days": "lun-vie",
    "opens": "06:00",
    "closes": "18:00",
    "price": "15",
    "period": "dia",
    "places": "2",
}


def only(services: Services) -> Provider:
    with services.store.begin() as tx:
        row = tx.session.scalars(select(Provider)).one()
        tx.session.expunge(row)
        return row


def look_at(tx: Tx, provider_id: int, by: str) -> None:
    now = datetime.now(UTC)
    for kind in checks.standing(tx, provider_id, now).needed:
        checks.record(tx, provider_id, kind, now.astimezone(LIMA).date(), Checker(by), now)


@pytest.fixture
def rosa(services: Services, tmp_path: Path) -> None:
    put_on_file(services, {"rosa": ON_FILE}, tmp_path / "providers.csv", MONDAY)


def test_whoever_registers_is_on_file_unverified_and_verified_by_an_operator_alone(
    services: Services, carrier: LocalCarrier
) -> None:
    with at(MONDAY):
        town = Town(services, carrier)
        town.ask(ROSA, "whatsapp", LONG)
        town.ask(ROSA, "whatsapp", "si")
        row = only(services)
        assert (row.name, row.places_free, row.price_amount, row.price_period) == (
            "Rosa Quispe",
            3,
            20,
            "day",
        )
        assert (row.opens, row.closes, row.min_months, row.max_months) == ("07:00", "18:00", 12, 60)
        assert row.verified_at is None
        with services.store.begin() as tx:
            assert [case.reason for case in tx.session.scalars(select(Case))] == ["provider"]
            look_at(tx, row.id, "J. Soto")
            assert files.verify(tx, row.id, Checker("R. Huaman"), datetime.now(UTC))
        town.sweep()
        (told,) = town.heard(ROSA, "whatsapp")
        assert "está verificada" in told
        assert only(services).verified_by == "R. Huaman"
        assert "1. Rosa Quispe" in " ".join(
            town.ask(
                MARIA,
                "whatsapp",
                "busco quien cuide a mi hija de 2 años en comas de lunes a viernes de 8 a 5",
            )
        ).replace("*", "")


def test_an_offer_from_a_number_on_file_makes_no_second_row(
    services: Services, carrier: LocalCarrier, rosa: None
) -> None:
    with at(MONDAY):
        town = Town(services, carrier)
        town.ask(ROSA, "sms", "cuido niños en mi casa en collique, cobro 30 al dia")
        assert only(services).price_amount == 30
        assert only(services).verified_by == "DEMUNA"


def test_who_moves_is_hidden_until_somebody_looked(
    services: Services, carrier: LocalCarrier, rosa: None
) -> None:
    with at(MONDAY):
        town = Town(services, carrier)
        town.ask(ROSA, "sms", "me mude a los olivos")
        row = only(services)
        assert (row.ubigeo, row.verified_at, row.verified_by) == ("150117", None, None)


def test_another_day_takes_the_place_of_the_day_that_was_set(
    services: Services, carrier: LocalCarrier, rosa: None
) -> None:
    with at(MONDAY):
        town = Town(services, carrier)
        town.ask(ROSA, "sms", "ya no tengo cupo hasta enero")
        town.ask(ROSA, "sms", "ya no tengo cupo hasta febrero")
        with services.store.begin() as tx:
            waiting = tx.session.scalars(select(Event).where(Event.handled_at.is_(None))).all()
            assert [event.due_at.astimezone(LIMA).isoformat() for event in waiting] == [
                "2027-02-01T09:00:00-05:00"
            ]
        town.ask(ROSA, "sms", "tengo 2 cupos")
        with services.store.begin() as tx:
            assert not tx.session.scalars(select(Event).where(Event.handled_at.is_(None))).all()


def test_who_pauses_or_leaves_is_not_waited_for(
    services: Services, carrier: LocalCarrier, rosa: None
) -> None:
    with at(MONDAY):
        town = Town(services, carrier)
        town.ask(
            MARIA, "whatsapp", "busco quien cuide a mi hija de 2 años en collique de lunes a viernes de 8 a 5"
        )
        town.ask(MARIA, "whatsapp", "1")
        town.ask(MARIA, "whatsapp", "si")
        town.heard(ROSA, "sms")
        town.ask(ROSA, "sms", "ya no quiero cuidar niños, saquenme de la lista")
        town.ask(ROSA, "sms", "si")
        row = only(services)
        assert (row.phone_key, row.verified_at, row.address) == (None, None, "")
        with services.store.begin() as tx:
            (offer,) = tx.session.scalars(select(Offer))
            assert offer.status == OfferStatus.DECLINED
        assert town.heard(MARIA, "whatsapp")


def test_whoever_left_may_register_again(services: Services, carrier: LocalCarrier, rosa: None) -> None:
    with at(MONDAY):
        town = Town(services, carrier)
        town.ask(ROSA, "sms", "ya no quiero cuidar niños, saquenme de la lista")
        town.ask(ROSA, "sms", "si")
        town.ask(ROSA, "sms", LONG)
        town.ask(ROSA, "sms", "si")
        with services.store.begin() as tx:
            assert [one.file.name for one in own_files.listed(tx, unverified=True)] == ["Rosa Quispe"]


def test_a_provider_to_whom_nobody_wrote_is_verified_without_a_word(services: Services, rosa: None) -> None:
    with services.store.begin() as tx:
        provider_id = own_files.named(tx, "rosa")
        assert provider_id is not None
        assert not files.verify(tx, provider_id, Checker("R. Huaman"), datetime.now(UTC))
        assert providers.contact_of(tx, provider_id) is None
