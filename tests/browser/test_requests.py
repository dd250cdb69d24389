"""An operator reads how a request went, and helps it on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from bot.store.tables import RequestStatus
from tests.browser.visitor import Visitor
from tests.support.asking import CARERS, FLOR, MARIA, MONDAY, NELI, ROSA, Asked, asking
from tests.support.carers import put_on_file
from tests.support.carrier import LocalCarrier
from tests.support.phone import Town, at


@pytest.fixture
def asked(visitor: Visitor, carrier: LocalCarrier, tmp_path: Path) -> Iterator[Asked]:
    with asking(visitor.services, carrier, tmp_path) as under_way:
        yield under_way


def test_from_the_list_to_the_story_to_another_provider(visitor: Visitor, asked: Asked) -> None:
    visitor.log_in()
    page = visitor.open("/console/pedidos", "requests")
    page.get_by_label("Estado").select_option(label="Acordados")
    expect(page.get_by_text("No hay pedidos así.")).to_be_visible()
    page.get_by_label("Estado").select_option(label="En curso")
    page.get_by_role("link", name=re.compile("Una niña de 2 años")).click()
    expect(page.get_by_text("Se espera la respuesta de Sra. Rosa")).to_be_visible()
    visitor.look("request")
    page.get_by_role("button", name="Preguntar a Sra. Neli").dblclick()
    expect(page.get_by_text("En este momento sale la pregunta a Sra. Neli.")).to_be_visible()
    expect(page.get_by_text("Lo hizo Olga Operadora.")).to_be_visible()
    visitor.look("request-asked")
    heard = asked.hear()
    assert [len(heard[name]) for name in ("maria", "rosa", "flor", "neli")] == [1, 1, 0, 1]


def test_what_was_said_by_phone_is_written_down(visitor: Visitor, asked: Asked) -> None:
    visitor.log_in()
    page = visitor.open("/console/pedidos/1")
    page.get_by_role("button", name="Dijo que sí").click()
    expect(page.get_by_text("Quedaron con Sra. Rosa")).to_be_visible()
    visitor.look("request-agreed")
    assert asked.status() is RequestStatus.AGREED


def test_cancelling_asks_once_more_and_tells_both(visitor: Visitor, asked: Asked) -> None:
    visitor.log_in()
    page = visitor.open("/console/pedidos/1")
    page.get_by_text("Cerrar este pedido").click()
    visitor.look("request-closing")
    page.once("dialog", lambda dialog: dialog.dismiss())
    page.get_by_role("button", name="Cancelar el pedido").click()
    assert asked.status() is RequestStatus.OPEN
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Cancelar el pedido").click()
    expect(page.get_by_role("status")).to_contain_text("El pedido se canceló.")
    heard = asked.hear()
    assert heard["maria"]
    assert heard["rosa"]


def test_a_request_for_which_nobody_could_says_why(visitor: Visitor, asked: Asked) -> None:
    for number in (ROSA, FLOR, NELI):
        asked.town.ask(number, "sms", "no puedo")
        asked.town.settle()
    visitor.log_in()
    page = visitor.open("/console/")
    page.get_by_role("link", name="Ver el pedido").click()
    expect(page.get_by_text("Nadie pudo. Se preguntó a 3")).to_be_visible()
    visitor.look("request-exhausted")
    page.get_by_text("Cerrar este pedido").click()
    page.get_by_role("button", name="Consiguió por otro lado").click()
    expect(page.get_by_text("La familia encontró quién cuide por otro lado, según")).to_be_visible()
    page = visitor.open("/console/")
    expect(page.get_by_role("link", name="Ver el pedido")).to_have_count(0)


def test_without_scripts_a_request_is_helped_on_too(
    without_javascript: Visitor, carrier: LocalCarrier, tmp_path: Path
) -> None:
    visitor = without_javascript
    with asking(visitor.services, carrier, tmp_path) as asked:
        visitor.log_in()
        page = visitor.page
        page.goto(f"{visitor.url}/console/pedidos/1")
        page.get_by_role("button", name="Preguntar a Sra. Flor").click()
        expect(page.get_by_text("En este momento sale la pregunta a Sra. Flor.")).to_be_visible()
        page.get_by_text("Cerrar este pedido").click()
        page.get_by_role("button", name="Cancelar el pedido").click()
        expect(page.get_by_text("El pedido se canceló.", exact=False).first).to_be_visible()
        assert asked.status() is RequestStatus.CANCELLED


def test_who_found_nobody_is_told_once_there_is_somebody(
    visitor: Visitor, carrier: LocalCarrier, tmp_path: Path
) -> None:
    with at(MONDAY):
        town = Town(visitor.services, carrier)
        town.ask(
            MARIA,
            "whatsapp",
            "busco quien cuide a mi hijita de 2 años en collique de lunes a viernes de 7 a 5",
        )
        visitor.log_in()
        page = visitor.open("/console/")
        page.get_by_role("link", name="Ver la búsqueda").click()
        expect(page.get_by_text("Todavía nadie")).to_be_visible()
        visitor.look("without-options")
        put_on_file(visitor.services, {"rosa": CARERS["rosa"]}, tmp_path / "providers.csv", MONDAY)
        page.reload()
        visitor.look("without-options-no-more")
        page.get_by_role("button", name="Avisar a la familia").click()
        expect(page.get_by_text("la familia recibe las opciones")).to_be_visible()
        town.settle()
        assert "Sra. Rosa" in " ".join(town.heard(MARIA, "whatsapp"))
        visitor.open("/console/pedidos/sin-opciones", "all-without-options")
