"""An operator finds a conversation, takes it over, writes as a person, and hands it back."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import expect

from bot.console.access import Role
from bot.gsm7 import fold, size
from bot.services import Services
from bot.store import contacts
from tests.browser.visitor import Visitor
from tests.support.carers import put_on_file
from tests.support.carrier import LocalCarrier
from tests.support.phone import Town
from tests.support.transcript import LIMA

MARIA, ROSA, JUANA = "+51911000111", "+51911000222", "+51911000333"
CARERS = {
    "rosa": {
        "kind": "home", "district": "Collique", "min_age": "6m", "max_age": "4a", "days": "lun-dom",
        "opens": "00:00", "closes": "23:00", "price": "15", "period": "dia", "places": "2",
        "name": "Sra. Rosa", "phone": ROSA, "lat": "-11.9155", "lon": "-77.0205",
    }
}  # fmt: skip
TAKE = "Tomar la conversación"


@pytest.fixture
def town(services: Services, carrier: LocalCarrier, visitor: Visitor, tmp_path: Path) -> Town:
    """The bot that the browser sees, and people who write to it."""
    put_on_file(services, CARERS, tmp_path / "providers.csv", datetime.now(LIMA))
    here = Town(services, carrier)
    carrier.bot_door.app = visitor.app
    return here


def settle(town: Town) -> None:
    for _ in range(2):
        town.settle()


def page_of(town: Town, number: str) -> str:
    with town.services.store.begin() as tx:
        return f"/console/conversaciones/{contacts.find(tx, number)}"


def test_an_operator_takes_over_answers_and_hands_back(visitor: Visitor, town: Town) -> None:
    town.ask(
        MARIA, "whatsapp", "busco quien cuide a mi bebe de 1 año en collique de lunes a viernes de 8 a 5"
    )
    town.ask(JUANA, "sms", "quiero hablar con una persona")
    town.ask(ROSA, "sms", "hola")
    visitor.log_in(Role.OPERATOR)
    page = visitor.open("/console/conversaciones", "conversations")
    expect(page.get_by_role("row")).to_have_count(4)
    page.get_by_label("Ver", exact=True).select_option("persona")
    expect(page.get_by_role("row")).to_have_count(2)
    page.get_by_text("Buscar por número de celular").click()
    page.get_by_label("Número completo").fill("911 000 111")
    page.get_by_role("button", name="Buscar").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Conversación con +51 *** *** *11")
    visitor.look("conversation")

    page.get_by_role("button", name=TAKE).click()
    expect(page.get_by_text("La tiene usted")).to_be_visible()
    settle(town)
    assert "persona del equipo" in town.heard(MARIA, "whatsapp")[-1]
    assert town.ask(MARIA, "whatsapp", "señorita, ¿la señora Rosa tiene patio?") == []
    page.reload()
    page.get_by_label("Su mensaje").fill("Buenos días. Sí, tiene un patio 👍")
    expect(page.locator("#cuenta")).to_contain_text("1 parte de SMS")
    visitor.look("conversation-taken")
    page.get_by_role("button", name="Enviar").click()
    expect(page.locator("#ultimo")).to_contain_text("tiene un patio")
    settle(town)
    assert town.heard(MARIA, "whatsapp") == ["Buenos días. Sí, tiene un patio 👍"]

    assert town.ask(MARIA, "whatsapp", "con la 1 entonces") == []
    page.reload()
    page.get_by_label(re.compile("Que el asistente conteste")).check()
    page.get_by_role("button", name="Devolver la conversación").click()
    expect(page.get_by_text("Con el asistente")).to_be_visible()
    settle(town)
    assert any("Sra. Rosa" in said for said in town.heard(MARIA, "whatsapp"))
    visitor.open(page_of(town, MARIA), "conversation-handed-back")
    page.locator(".said summary").first.click()
    page.locator(".said--us summary").first.click()
    visitor.shot("conversation-details-1280")


def test_a_second_operator_sees_who_has_it_and_takes_it_on_purpose(
    visitor: Visitor, another: Callable[..., Visitor], town: Town
) -> None:
    town.ask(MARIA, "whatsapp", "hola")
    visitor.log_in(Role.OPERATOR)
    page = visitor.open(page_of(town, MARIA))
    page.get_by_role("button", name=TAKE).click()
    carla = another()
    carla.log_in(Role.COORDINATOR)
    theirs = carla.open(page_of(town, MARIA), "conversation-somebody-has-it")
    expect(theirs.get_by_text("Olga Operadora tiene esta conversación")).to_be_visible()
    theirs.get_by_text("Tomarla yo").click()
    theirs.get_by_role("button", name="Sí, tomar la conversación").click()
    expect(theirs.get_by_text("La tiene usted")).to_be_visible()
    page.get_by_label("Su mensaje").fill("¿Sigue ahí?")
    page.get_by_role("button", name="Enviar").click()
    expect(page.get_by_text("la tiene otra persona del equipo")).to_be_visible()
    expect(page.get_by_text("¿Sigue ahí?")).to_be_visible()
    settle(town)
    assert [said for said in town.heard(MARIA, "whatsapp") if "Sigue ahí" in said] == []


def test_all_of_it_works_where_the_browser_runs_no_script(without_javascript: Visitor, town: Town) -> None:
    town.ask(MARIA, "sms", "hola")
    without_javascript.log_in(Role.OPERATOR)
    page = without_javascript.page
    page.goto(f"{without_javascript.url}{page_of(town, MARIA)}")
    page.get_by_role("button", name=TAKE).click()
    page.get_by_label("Su mensaje").fill("¿A qué hora será? Avíseme 🙏")
    page.get_by_role("button", name="Ver cómo llegará").click()
    expect(page.get_by_text("¿A qué hora sera? Aviseme", exact=True)).to_be_visible()
    expect(page.get_by_text("1 parte de SMS")).to_be_visible()
    expect(page.get_by_label("Su mensaje")).to_have_value("¿A qué hora será? Avíseme 🙏")
    page.get_by_role("button", name="Enviar").click()
    settle(town)
    assert town.heard(MARIA, "sms")[-1] == "¿A qué hora sera? Aviseme"
    page.get_by_role("button", name="Devolver la conversación").click()
    expect(page.get_by_text("Con el asistente")).to_be_visible()


def test_the_number_is_seen_for_a_reason_and_is_gone_again(visitor: Visitor, town: Town) -> None:
    town.ask(MARIA, "whatsapp", "hola")
    visitor.log_in(Role.OPERATOR)
    page = visitor.open(page_of(town, MARIA))
    page.get_by_text("Ver el número completo").click()
    page.get_by_label("¿Para qué lo necesita?").fill("Llamarla para confirmar la hora")
    page.get_by_role("button", name="Mostrar el número").click()
    expect(page.get_by_text(MARIA)).to_be_visible()
    visitor.shot("conversation-unmasked-1280")
    page.reload()
    page.goto(page.url)
    expect(page.get_by_text(MARIA)).to_have_count(0)


TEXTS = [
    "Buenos días, señora. ¿Mañana a qué hora?",
    "“Cuna” — 15 € · [patio] ~ 5° 👍🏽 sí",
    "👍 ¡listo! 👍\n\n🙏",
    "ñandú ÑANDÚ àèìòù ÁÉÍÓÚ ç Ç ß Ω",
    "a" * 160,
    "a" * 161,
    "[" * 153 + "€" * 80,
    "e\u0301 a\u0301 ﬁn ½ № ™",
]


def test_the_browser_counts_an_sms_as_the_server_does(visitor: Visitor, town: Town) -> None:
    town.ask(MARIA, "sms", "hola")
    visitor.log_in(Role.OPERATOR)
    page = visitor.open(page_of(town, MARIA))
    page.get_by_role("button", name=TAKE).click()
    for text in TEXTS:
        page.get_by_label("Su mensaje").fill(text)
        told = size(fold(text.strip()))
        expect(page.locator("#cuenta")).to_have_attribute("data-parts", str(told.segments))
        expect(page.locator("#cuenta")).to_contain_text(f"quedan {told.left} caracteres")


def test_a_new_message_is_announced_on_the_open_page(visitor: Visitor, town: Town) -> None:
    town.ask(MARIA, "whatsapp", "hola")
    visitor.log_in(Role.OPERATOR)
    page = visitor.page
    page.clock.install()
    page.goto(f"{visitor.url}{page_of(town, MARIA)}")
    expect(page.locator("#nuevos")).to_be_hidden()
    town.ask(MARIA, "whatsapp", "¿hay alguien?")
    page.clock.run_for(16_000)
    expect(page.locator("#nuevos")).to_contain_text("Llegó un mensaje nuevo")
