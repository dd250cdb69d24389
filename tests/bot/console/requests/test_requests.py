"""The pages about requests: lists, the story of each, and what is done about one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from bot.services import Services
from bot.simulator.faults import Trouble
from bot.store import care_requests, cases, request_stories
from bot.store.request_stories import Story
from bot.store.tables import AuditEntry, OfferStatus, RequestStatus
from tests.support.asking import CARERS, FLOR, MARIA, MONDAY, NELI, ROSA, Asked, asking
from tests.support.carers import put_on_file
from tests.support.carrier import LocalCarrier
from tests.support.console import Browser, log_in
from tests.support.phone import Town, at

PAGE = "/console/pedidos/1"


@pytest.fixture
def asked(services: Services, carrier: LocalCarrier, tmp_path: Path) -> Iterator[Asked]:
    with asking(services, carrier, tmp_path) as under_way:
        yield under_way


@pytest.fixture
def olga(asked: Asked) -> Browser:
    return log_in(asked.services)


def plain(page: TestResponse) -> str:
    """What is read on a page, in a line."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())


def forms(page: TestResponse, action: str) -> list[dict[str, str]]:
    """The hidden fields of the page's forms with this action."""
    found = re.findall(rf'<form[^>]*action="{action}".*?</form>', page.text, re.DOTALL)
    return [
        dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', one))
        | {"csrf_token": re.findall(r'name="csrf_token" value="([^"]*)"', one)[0]}
        for one in found
    ]


def submit(browser: Browser, what: str, number: int = 0, **more: str) -> TestResponse:
    """Press a button of the request's page; the page that follows."""
    action = f"{PAGE}/{what}"
    form = forms(browser.get(PAGE), action)[number]
    answer = browser.client.post(action, data=form | more)
    assert answer.status_code == 302, answer.text
    return browser.get(answer.location)


def story(asked: Asked) -> Story:
    with asked.services.store.begin() as tx:
        found = request_stories.story(tx, 1)
    assert found is not None
    return found


def noted(services: Services) -> list[tuple[str, str]]:
    """What stands in the audit log about requests and cases."""
    with services.store.begin() as tx:
        rows = tx.session.scalars(select(AuditEntry).order_by(AuditEntry.id))
        return [
            (row.what, row.subject)
            for row in rows
            if row.subject.split(":")[0] in ("request", "case", "search")
        ]


def test_the_list_says_what_is_needed_where_and_who_is_being_asked(olga: Browser) -> None:
    read = plain(olga.get("/console/pedidos"))
    assert "Una niña de 2 años, lunes a viernes 7am-5pm Maria Collique (Comas) En curso" in read
    assert "Sra. Rosa: no contesta todavía" in read


@pytest.mark.parametrize(
    ("asked_for", "is_there"),
    [
        ("estado=en-curso", True),
        ("estado=acordados", False),
        ("distrito=comas", True),
        ("distrito=sjl", False),
        ("edad=1-2", True),
        ("edad=bebe", False),
        ("desde=2026-11-23", True),
        ("desde=2026-11-24", False),
        ("estado=cualquiera&edad=x&after=x", True),
    ],
)
def test_lists_are_filtered(olga: Browser, asked_for: str, is_there: bool) -> None:
    assert ("Una niña de 2 años" in olga.get(f"/console/pedidos?{asked_for}").text) is is_there


def test_a_district_that_nobody_knows_is_said_to_be_none(olga: Browser) -> None:
    page = olga.get("/console/pedidos?distrito=xqzt&desde=ayer")
    assert "No conozco ese distrito" in page.text
    assert "Escriba la fecha así" in page.text


def test_the_page_tells_the_story_and_what_comes(asked: Asked, olga: Browser) -> None:
    read = plain(olga.get(PAGE))
    assert "Una niña de 2 años, lunes a viernes 7am-5pm, en Collique (Comas)" in read
    assert "Se espera la respuesta de Sra. Rosa" in read
    assert "Ayllu le propuso Sra. Rosa (a " in read
    assert "Eligió a Sra. Rosa" in read
    assert "Se preguntó a Sra. Rosa (pedido " in read
    assert "Le llegó por SMS." in read
    assert "hoy 12:00 pm : Si Sra. Rosa no contesta, se pregunta a la siguiente." in read
    assert "Edad 2 años" in read
    assert "/console/conversaciones/" in olga.get(PAGE).text


def test_nothing_of_anybody_s_number_or_messages_is_on_the_page(asked: Asked, olga: Browser) -> None:
    asked.town.ask(ROSA, "sms", "si pero solo hasta las 4, llameme al 987 654 321")
    asked.hear()
    for path in (PAGE, "/console/pedidos"):
        text = olga.get(path).text
        for number in (MARIA, ROSA, "+51987654321"):
            digits = number.removeprefix("+51")
            assert not re.search(r"\s*".join(digits), text), number
        assert "busco quien cuide" not in text
    assert "+51 *** *** *11" in olga.get(PAGE).text


def test_how_long_an_answer_took_is_told(asked: Asked, olga: Browser) -> None:
    asked.clock.shift(timedelta(minutes=25))
    asked.town.ask(ROSA, "sms", "si")
    asked.hear()
    read = plain(olga.get(PAGE))
    assert "tardó 25 min Sra. Rosa dijo que sí: quedaron" in read
    assert "Quedaron con Sra. Rosa" in read
    assert "Se pregunta a la familia cómo le va" in read


def test_who_was_not_reached_is_told(asked: Asked, olga: Browser, carrier: LocalCarrier) -> None:
    carrier.fail(FLOR, trouble=Trouble.INVALID_NUMBER)
    asked.town.ask(ROSA, "sms", "no puedo")
    asked.hear()
    read = plain(olga.get(PAGE))
    assert "La pregunta no le llegó a Sra. Flor: conviene llamar por teléfono" in read
    assert "El mensaje no le llegó (código 21211)" in read


def test_why_nobody_could_is_said_in_a_sentence(asked: Asked, olga: Browser) -> None:
    asked.town.ask(ROSA, "sms", "no puedo")
    asked.town.settle()
    asked.town.ask(FLOR, "sms", "no puedo")
    asked.town.settle()
    asked.town.pass_time(asked.clock, MONDAY.replace(hour=17))
    read = plain(log_in(asked.services).get(PAGE))
    assert "Nadie pudo. Se preguntó a 3 (1 no contestó y 2 no pudieron). No hay otra que cumpla" in read
    assert "Sra. Neli no contestó a tiempo. Si ahora dice que sí, todavía vale." in read


def test_a_request_for_which_nobody_is_asked_is_said_to_stand_still(asked: Asked, olga: Browser) -> None:
    with asked.services.store.begin() as tx:
        care_requests.move(tx, 1, OfferStatus.WITHDRAWN, MONDAY)
    assert "Se detuvo: el pedido sigue abierto y no se le está preguntando a nadie" in plain(olga.get(PAGE))


def test_the_one_who_is_chosen_is_asked_and_it_is_noted(asked: Asked, olga: Browser) -> None:
    page = olga.get(PAGE)
    (neli,) = [
        one for one in forms(page, f"{PAGE}/preguntar") if one["proveedor"] == str(asked.provider("neli"))
    ]
    answer = olga.client.post(f"{PAGE}/preguntar", data=neli)
    after = plain(olga.get(answer.location))
    assert "Listo: ya se le pregunta" in after
    heard = asked.hear()
    assert "Sra. Neli" in " ".join(heard["maria"])
    assert heard["neli"]
    assert noted(asked.services) == [("saw-request", "request:1"), ("asked-for-request", "request:1")]
    assert "Preguntó a otra persona por un pedido Lo hizo Olga Operadora." in after


def test_at_night_it_is_said_that_nobody_is_asked_before_the_morning(asked: Asked, olga: Browser) -> None:
    asked.clock.move_to(MONDAY.replace(hour=22))
    olga = log_in(asked.services)
    submit(olga, "preguntar")
    read = plain(olga.get(PAGE))
    assert "Se preguntará a Sra. Flor apenas amanezca" in read
    assert "mañana 7:00 am : Se pregunta a Sra. Flor." in read


def test_a_double_click_asks_once(asked: Asked, olga: Browser) -> None:
    form = forms(olga.get(PAGE), f"{PAGE}/preguntar")[0]
    for _ in range(2):
        answer = olga.client.post(f"{PAGE}/preguntar", data=form)
    assert "Eso ya estaba hecho, o el pedido cambió" in olga.get(answer.location).text
    heard = asked.hear()
    assert [len(heard[name]) for name in ("maria", "rosa", "flor", "neli")] == [1, 1, 1, 0]
    assert [what for what, _ in noted(asked.services)].count("asked-for-request") == 1


def test_without_javascript_the_next_best_stands_first(asked: Asked, olga: Browser) -> None:
    read = plain(olga.get(PAGE))
    assert read.index("Sra. Flor") < read.index("Sra. Neli")
    submit(olga, "preguntar")
    assert asked.hear()["flor"]


def test_what_a_provider_said_by_phone_is_written_down(asked: Asked, olga: Browser) -> None:
    read = plain(submit(olga, "respuesta", dijo="si"))
    assert "Anotado, como si lo hubiera escrito" in read
    assert "Quedaron con Sra. Rosa" in read
    heard = asked.hear()
    assert "900 000 021" in " ".join(heard["maria"])
    assert "900 000 011" in " ".join(heard["rosa"])
    assert ("answered-for-provider", "request:1") in noted(asked.services)


def test_what_the_family_said_of_a_condition_is_written_down(asked: Asked, olga: Browser) -> None:
    asked.town.ask(ROSA, "sms", "si pero solo hasta las 4")
    asked.hear()
    assert "puso una condición: «si pero solo hasta las 4»" in plain(olga.get(PAGE))
    read = plain(submit(olga, "respuesta", dijo="si"))
    assert "La familia aceptó la condición: quedaron" in read
    assert asked.status() is RequestStatus.AGREED


def test_a_request_is_cancelled_with_a_word_to_both(asked: Asked, olga: Browser) -> None:
    read = plain(submit(olga, "cancelar"))
    assert "El pedido se canceló" in read
    assert "Qué hacer" not in read
    heard = asked.hear()
    assert heard["maria"]
    assert heard["rosa"]


def test_care_found_elsewhere_closes_the_request_and_its_case(asked: Asked, olga: Browser) -> None:
    for number in (ROSA, FLOR, NELI):
        asked.town.ask(number, "sms", "no puedo")
        asked.town.settle()
    assert len(story(asked).open_cases) == 1
    read = plain(submit(olga, "por-otro-lado"))
    assert "La familia encontró quién cuide por otro lado" in read
    with asked.services.store.begin() as tx:
        assert cases.list_open(tx) == []
        (closed,) = cases.lately_closed(tx, MONDAY - timedelta(days=1))
    assert (closed.closed_by, closed.note) == (olga.id, "Anotó que el cuidado se consiguió por otro lado")
    assert ("closed-case", f"case:{closed.id}") in noted(asked.services)


@pytest.mark.parametrize(
    ("what", "form", "status"),
    [
        ("preguntar", {"proveedor": "x"}, 400),
        ("respuesta", {"oferta": "99", "dijo": "si", "quien": "proveedor"}, 404),
        ("respuesta", {"oferta": "1", "dijo": "quizas", "quien": "proveedor"}, 400),
        ("cancelar", {"token": "no'token"}, 400),
    ],
)
def test_what_is_no_answer_of_the_page_does_nothing(
    asked: Asked, olga: Browser, what: str, form: dict[str, str], status: int
) -> None:
    assert olga.post(f"{PAGE}/{what}", form).status_code == status
    assert asked.status() is RequestStatus.OPEN


def test_a_request_that_is_not_there_is_not_found(olga: Browser) -> None:
    olga.get("/console/pedidos/77", status=404)
    olga.get("/console/pedidos/sin-opciones/77", status=404)
    assert olga.post("/console/pedidos/77/cancelar", {"token": "a"}).status_code == 404


def test_who_found_nobody_is_listed_and_told_once_there_is_somebody(
    services: Services, carrier: LocalCarrier, tmp_path: Path
) -> None:
    with at(MONDAY):
        town = Town(services, carrier)
        olga = log_in(services)
        town.ask(
            MARIA,
            "whatsapp",
            "busco quien cuide a mi hijita de 2 años en collique de lunes a viernes de 7 a 5",
        )
        read = plain(olga.get("/console/pedidos/sin-opciones"))
        assert (
            "Un niño de 2 años, lunes a viernes 7am-5pm +51 *** *** *11 Comas no hay nadie cerca que atienda"
            in read
        )
        assert "Un niño" not in plain(olga.get("/console/pedidos/sin-opciones?distrito=ate"))
        page = "/console/pedidos/sin-opciones/1"
        assert "Todavía nadie" in olga.get(page).text
        put_on_file(services, {"rosa": CARERS["rosa"]}, tmp_path / "providers.csv", MONDAY)
        (form,) = forms(olga.get(page), f"{page}/avisar")

        for _ in range(2):
            answer = olga.client.post(f"{page}/avisar", data=form)

        assert "ya se le avisó" in olga.get(answer.location).text
        town.settle()
        first, list_ = town.heard(MARIA, "whatsapp")
        assert "novedades" in first
        assert "Sra. Rosa" in list_
        assert "Un niño de 2 años" not in olga.get("/console/pedidos/sin-opciones").text
        assert noted(services) == [("saw-request", "search:1"), ("looked-again", "search:1")]
