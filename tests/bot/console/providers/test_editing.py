"""A provider's file is changed by a form: each field checked as the importer checks it, and told to who it is of."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import unescape

import pytest
from sqlalchemy import select, update

from bot.console.access import Role
from bot.services import Services
from bot.store import audit_log, checks, providers
from bot.store.checks import Checker
from bot.store.tables import Event, Provider
from matching.checks import CheckKind
from matching.offers import LIMA
from tests.bot.console.providers.conftest import ROSA, Put
from tests.support.carrier import LocalCarrier
from tests.support.console import Browser, log_in
from tests.support.phone import Town


@pytest.fixture
def olga(services: Services) -> Browser:
    return log_in(services, Role.OPERATOR)


@pytest.fixture
def carla(services: Services, olga: Browser) -> Browser:
    return log_in(services, Role.COORDINATOR, olga.app)


def filled(browser: Browser, provider_id: int, **changes: object) -> dict[str, object]:
    """The form as the page shows it, with changes."""
    page = browser.get(f"/console/proveedores/{provider_id}/editar").text
    form: dict[str, object] = {}
    for tag in re.findall(r"<input[^>]*>", page):
        found = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        name = found.get("name")
        if name in (None, "csrf_token") or (
            found.get("type") in ("checkbox", "radio") and " checked" not in tag
        ):
            continue
        value = unescape(found.get("value", ""))
        form[name] = [*form.get("days", []), value] if name == "days" else value  # type: ignore[misc]
    for name, options in re.findall(r'<select[^>]*name="(\w+)"[^>]*>(.*?)</select>', page, re.S):
        chosen = re.search(r'value="([^"]*)" selected', options)
        form[name] = chosen[1] if chosen else ""
    return {**form, **changes}


def save(browser: Browser, provider_id: int, form: dict[str, object], status: int = 303) -> str:
    answer = browser.post(f"/console/proveedores/{provider_id}/editar", form)
    assert answer.status_code == status, answer.text
    return unescape(answer.text)


def row(services: Services, provider_id: int) -> Provider:
    with services.store.begin() as tx:
        found = tx.session.get_one(Provider, provider_id)
        tx.session.expunge(found)
        return found


def verify(services: Services, provider_id: int) -> None:
    now = datetime.now(UTC)
    with services.store.begin() as tx:
        for kind in (CheckKind.IDENTITY, CheckKind.BACKGROUND, CheckKind.VISIT):
            checks.record(tx, provider_id, kind, now.astimezone(LIMA).date(), Checker("Ana", 77), now)
        checks.confirm(tx, provider_id, Checker("Julia", 78), now)


def is_verified(services: Services, provider_id: int) -> bool:
    with services.store.begin() as tx:
        return checks.standing(tx, provider_id, datetime.now(UTC)).verified


def test_saved_as_it_is_nothing_changes_not_even_the_exact_point(
    services: Services, olga: Browser, rosa: int
) -> None:
    verify(services, rosa)
    before = row(services, rosa)
    save(olga, rosa, filled(olga, rosa))
    after = row(services, rosa)
    assert (after.lat, after.lon, after.updated_at) == (before.lat, before.lon, before.updated_at)
    assert after.phone_key == before.phone_key
    assert is_verified(services, rosa)


def test_what_nobody_looked_at_changes_and_they_stay_verified(
    services: Services, olga: Browser, rosa: int
) -> None:
    verify(services, rosa)
    changes = {
        "price": "20",
        "places": "3",
        "days": ["mon", "sat"],
        "max_age": "5a",
        "amenities": "patio; siesta",
    }
    save(olga, rosa, filled(olga, rosa, **changes))
    after = row(services, rosa)
    assert (after.price_amount, after.places_free, after.days, after.max_months, after.amenities) == (
        20, 3, ["mon", "sat"], 60, ["patio", "siesta"],
    )  # fmt: skip
    assert is_verified(services, rosa)
    with services.store.begin() as tx:
        (entry,) = audit_log.listed(tx, audit_log.Wanted(subject=f"provider:{rosa}"), None, 9)
    assert entry.what == "changed-provider"
    assert entry.detail == {"columnas": "max_age, days, price, places, amenities"}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": ""}, "Está vacío, y hace falta."),
        ({"max_age": "4"}, "no es una edad: ponga meses como 6m, años como 3a."),
        ({"min_age": "5a"}, "meses es menos que min_age"),
        ({"places": "muchos"}, "no es un número de cupos"),
        ({"phone": "01 555 1234"}, "no es un celular del Perú"),
        ({"phone": "+51000000001"}, "los números inventados, y solo ellos"),
        ({"price": "caro"}, "no es un precio"),
        ({"period": ""}, "Está vacío: un precio es por hora, día, semana o mes."),
        ({"kind": "colegio"}, "no es ninguno de estos"),
        ({"days": []}, "Está vacío, y hace falta."),
        ({"district": "Xyzzyx"}, "No conocemos «Xyzzyx»"),
        ({"district": "Miraflores"}, "Hay varios lugares con ese nombre"),
        ({"lat": "abc"}, "Escriba grados"),
        ({"lat": "-77.04", "lon": "-11.93"}, "fuera del Perú"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_saved(
    services: Services, olga: Browser, rosa: int, changes: dict[str, object], said: str
) -> None:
    before = row(services, rosa).updated_at
    page = save(olga, rosa, filled(olga, rosa, **changes), status=422)
    assert said in page
    assert "Todavía no se guardó nada" in page
    assert row(services, rosa).updated_at == before


def test_who_moves_is_looked_at_again(services: Services, olga: Browser, rosa: int) -> None:
    verify(services, rosa)
    save(olga, rosa, filled(olga, rosa, address="Av. Universitaria 900"))
    assert not is_verified(services, rosa)
    assert "hasta que se verifique otra vez" in olga.get(f"/console/proveedores/{rosa}").text


def test_a_correction_by_who_coordinates_leaves_them_verified(
    services: Services, olga: Browser, carla: Browser, rosa: int
) -> None:
    verify(services, rosa)
    save(carla, rosa, filled(carla, rosa, name="Sra. Rosa Quispe H.", correccion="1"))
    assert is_verified(services, rosa)
    save(olga, rosa, filled(olga, rosa, name="Sra. Rosa Quispe Huamán", correccion="1"))
    assert not is_verified(services, rosa)


def test_what_somebody_else_saved_meanwhile_is_not_lost(services: Services, olga: Browser, rosa: int) -> None:
    form = filled(olga, rosa, price="20")
    save(olga, rosa, filled(olga, rosa, places="1"))
    page = save(olga, rosa, form, status=409)
    assert "Alguien cambió esta ficha" in page
    assert row(services, rosa).price_amount == 15
    again = re.search(r'name="version" value="([^"]+)"', page)
    assert again is not None
    save(olga, rosa, {**form, "version": again[1]})
    assert row(services, rosa).price_amount == 20


def test_the_button_that_shows_the_map_saves_nothing(services: Services, olga: Browser, rosa: int) -> None:
    form = filled(olga, rosa, district="Los Olivos", name="", ubicar="buscar")
    page = save(olga, rosa, form, status=200)
    assert "Los Olivos" in page
    assert row(services, rosa).ubigeo == "150110"


def test_a_new_number_is_where_they_are_asked_from_now_on(
    services: Services, olga: Browser, rosa: int
) -> None:
    save(olga, rosa, filled(olga, rosa, phone="912 345 678"))
    with services.store.begin() as tx:
        assert providers.way_to(tx, rosa)[0] == "+51912345678"


def test_a_cuna_mas_costs_nothing_in_the_form_either(services: Services, olga: Browser, put: Put) -> None:
    rosa = put()
    page = save(olga, rosa, filled(olga, rosa, kind="cuna_mas", max_age="3a"), status=422)
    assert "Cuna Más es gratis" in page


def test_she_hears_what_was_changed_of_hers(
    services: Services, carrier: LocalCarrier, olga: Browser, put: Put
) -> None:
    town = Town(services, carrier)
    town.ask(ROSA["phone"], "whatsapp", "hola")
    rosa = put()
    verify(services, rosa)
    save(olga, rosa, filled(olga, rosa, price="20", places="3"))
    with services.store.begin() as tx:
        tx.session.execute(update(Event).values(due_at=datetime.now(UTC)))
    town.sweep()
    (told,) = town.heard(ROSA["phone"], "whatsapp")
    assert "cambió sus datos: S/ 20 al día, 3 cupos" in told
    save(olga, rosa, filled(olga, rosa, address="Otra calle 5"))
    with services.store.begin() as tx:
        tx.session.execute(update(Event).where(Event.handled_at.is_(None)).values(due_at=datetime.now(UTC)))
    town.sweep()
    assert "lo verifica otra vez" in " ".join(town.heard(ROSA["phone"], "whatsapp"))
    with services.store.begin() as tx:
        assert tx.session.scalars(select(Provider)).one().address == "Otra calle 5"
