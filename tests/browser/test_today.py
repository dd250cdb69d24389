"""An operator's day: what waits is seen, looked after and closed; an emergency is noticed on a page that lies open."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from bot.messages import CaseReason
from bot.store import care_requests
from tests.bot.console.today.test_today import ATE, COMAS, failed_message, open_case, person
from tests.browser.visitor import Visitor
from tests.support.asking import CARER, MARIA, MONDAY, ROSA, asking
from tests.support.carers import put_on_file
from tests.support.carrier import LocalCarrier

HALF_A_MINUTE_MS = 31_000


@pytest.fixture
def maria(visitor: Visitor) -> int:
    return person(visitor.services, MARIA, "Maria", COMAS)


def wait_half_a_minute(page: Page) -> None:
    with page.expect_response(re.compile("/console/hoy/lista")):
        page.clock.run_for(HALF_A_MINUTE_MS)


def test_a_full_day_is_seen_at_a_glance(visitor: Visitor, maria: int, tmp_path: Path) -> None:
    services = visitor.services
    pedro = person(services, "+51900000013", "Pedro", ATE)
    open_case(services, maria, CaseReason.EMERGENCY, timedelta(minutes=12))
    for reason in (CaseReason.HUMAN, CaseReason.PROBLEM, CaseReason.NO_MATCH, CaseReason.LEARNING):
        open_case(services, pedro, reason, timedelta(hours=5))
    failed_message(services, maria, "in:1")
    put_on_file(
        services,
        {"rosa": CARER | {"name": "Sra. Rosa", "phone": ROSA, "verified": "no"}},
        tmp_path / "p.csv",
        MONDAY,
    )
    visitor.log_in()
    page = visitor.open("/console/", "today")
    expect(page).to_have_title("(1) Emergencia · Hoy · Ayllu")
    expect(page.get_by_role("heading", level=2).first).to_have_text("Emergencias (1)")
    page.get_by_label("Distrito").select_option(label="Ate (4)")
    expect(page).to_have_url(re.compile("distrito=150103"))
    expect(page.get_by_text("Maria")).to_have_count(0)
    visitor.look("today-of-ate")


def test_an_emergency_is_noticed_on_a_page_that_lies_open(visitor: Visitor, maria: int) -> None:
    visitor.page.clock.install()
    visitor.log_in()
    page = visitor.open("/console/")
    expect(page).to_have_title("Hoy · Ayllu")
    open_case(visitor.services, maria, CaseReason.EMERGENCY)
    wait_half_a_minute(page)
    expect(page).to_have_title("(1) Emergencia · Hoy · Ayllu")
    expect(page.get_by_role("alert")).to_have_text("Hay una emergencia.")
    expect(page.get_by_role("heading", name="Emergencias (1)")).to_be_visible()
    visitor.look("today-emergency")


def test_what_one_is_at_is_not_taken_away_by_news(visitor: Visitor, maria: int) -> None:
    services = visitor.services
    visitor.page.clock.install()
    case_id = open_case(services, maria, CaseReason.HUMAN)
    visitor.log_in()
    page = visitor.open("/console/")
    opener = page.get_by_role("link", name="Abrir la conversación")
    opener.focus()
    open_case(services, maria, CaseReason.LEARNING)
    wait_half_a_minute(page)
    expect(page.get_by_role("heading", name="Otros avisos (1)")).to_be_visible()
    expect(opener.first).to_be_focused()

    page.locator(f"#caso-{case_id}-abrir").click()
    note = page.locator(f"#nota-{case_id}")
    note.fill("La llamé y")
    open_case(services, maria, CaseReason.EMERGENCY)
    wait_half_a_minute(page)
    expect(page).to_have_title("(1) Emergencia · Hoy · Ayllu")
    expect(page.get_by_text("Hay novedades en la lista.")).to_be_visible()
    expect(note).to_have_value("La llamé y")
    expect(note).to_be_focused()
    visitor.look("today-writing")


def test_who_is_logged_out_meanwhile_is_told_that_the_list_stands_still(visitor: Visitor, maria: int) -> None:
    visitor.page.clock.install()
    visitor.log_in()
    page = visitor.open("/console/")
    visitor.context.clear_cookies()
    wait_half_a_minute(page)
    expect(page.get_by_text("Su sesión terminó")).to_be_visible()
    expect(page).to_have_title("(!) Sesión terminada · Hoy · Ayllu")


def test_a_case_is_taken_and_closed_by_keyboard(visitor: Visitor, maria: int) -> None:
    case_id = open_case(visitor.services, maria, CaseReason.PROBLEM)
    visitor.log_in()
    page = visitor.open("/console/")
    page.locator(f"#caso-{case_id}-tomar").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Lo atiende usted")).to_be_visible()
    page.locator(f"#caso-{case_id}-abrir").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("La llamé, ya se arregló.")
    visitor.look("today-closing")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_have_text("Caso cerrado.")
    page.get_by_role("link", name="Casos cerrados").click()
    expect(page.get_by_role("cell", name="La llamé, ya se arregló.")).to_be_visible()
    visitor.look("today-closed")


def test_without_scripts_one_brings_it_up_to_date_oneself(without_javascript: Visitor) -> None:
    visitor = without_javascript
    maria = person(visitor.services, MARIA, "Maria", COMAS)
    visitor.log_in()
    page = visitor.page
    expect(page.get_by_text("Nada espera a una persona")).to_be_visible()
    case_id = open_case(visitor.services, maria, CaseReason.EMERGENCY)
    page.get_by_role("link", name="Actualizar").click()
    expect(page).to_have_title("(1) Emergencia · Hoy · Ayllu")
    page.locator(f"#caso-{case_id}-abrir").click()
    page.locator(f"#nota-{case_id}").fill("Se avisó al 105.")
    page.get_by_role("button", name=re.compile("^Cerrar el caso")).click()
    expect(page.get_by_text("Nada espera a una persona")).to_be_visible()


def test_comments_are_read_and_shown(visitor: Visitor, carrier: LocalCarrier, tmp_path: Path) -> None:
    with asking(visitor.services, carrier, tmp_path) as asked:
        asked.town.ask(ROSA, "sms", "si")
        with visitor.services.store.begin() as tx:
            care_requests.rate(tx, 1, 5, "muy cariñosa con mi hijita")
        visitor.log_in()
        page = visitor.open("/console/")
        page.get_by_role("link", name=re.compile(r"^Leer")).click()
        expect(page.get_by_text("muy cariñosa con mi hijita")).to_be_visible()
        visitor.look("comments")
        page.get_by_role("button", name="Mostrar a las familias").click()
        expect(page.get_by_text("No hay comentarios por leer.")).to_be_visible()
