"""What needs a person now, on one page, the most urgent first."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from bot.console.access import Role
from bot.dialogue.conversation import Conversation, Place
from bot.dialogue.wording import say
from bot.messages import CaseReason, Channel, JobKind
from bot.services import Services
from bot.store import (
    care_requests,
    cases,
    checks,
    contacts,
    conversations,
    inbox,
    outbox,
    searches,
)
from bot.store.tables import AuditEntry, Inbound, MessageStatus, OfferStatus, Outbound, Provider
from tests.support.asking import CARER, MARIA, MONDAY, ROSA, asking
from tests.support.carers import put_on_file
from tests.support.carrier import LocalCarrier
from tests.support.console import Browser, log_in
from tests.support.phone import at

COMAS = Place("150110", "Comas", -11.93, -77.05)
ATE = Place("150103", "Ate", -12.03, -76.92)
TEXT = "mi hijo llego con golpes ayuda"


def person(services: Services, number: str, name: str | None, place: Place | None = None) -> int:
    """Somebody who told their name and where they look for help."""
    now = datetime.now(UTC)
    with services.store.begin() as tx:
        contact_id = contacts.arrive(tx, number, Channel.SMS, now)
        conversations.save(tx, contact_id, Conversation(name=name, place=place), now)
    return contact_id


def open_case(
    services: Services,
    contact_id: int,
    reason: CaseReason,
    ago: timedelta = timedelta(hours=1),
    **data: object,
) -> int:
    with services.store.begin() as tx:
        cause = f"in:{contact_id}:{reason}:{ago}"
        told = {"reason": reason.value, "text": TEXT, **data}
        cases.open_case(tx, contact_id, cause, reason, told, datetime.now(UTC) - ago)
        return max(case.id for case in cases.list_open(tx))


def plain(page: TestResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())


def headings(page: TestResponse) -> list[str]:
    return [
        " ".join(re.sub(r"<[^>]+>", " ", one).split())
        for one in re.findall(r"<h2.*?</h2>", page.text, re.DOTALL)
    ]


def noted(services: Services) -> list[str]:
    with services.store.begin() as tx:
        return [
            what
            for what in tx.session.scalars(select(AuditEntry.what).order_by(AuditEntry.id))
            if "log" not in what
        ]


@pytest.fixture
def maria(services: Services) -> int:
    return person(services, MARIA, "Maria", COMAS)


@pytest.fixture
def olga(services: Services) -> Browser:
    return log_in(services)


def test_nothing_to_do_is_said(olga: Browser) -> None:
    page = olga.get("/console/")
    assert "Nada espera a una persona en este momento" in page.text
    assert "<title>Hoy · Ayllu</title>" in page.text


def test_an_emergency_stands_on_top_and_in_the_title(services: Services, olga: Browser, maria: int) -> None:
    open_case(services, person(services, "+51900000012", None), CaseReason.HUMAN, timedelta(days=2))
    open_case(
        services,
        maria,
        CaseReason.EMERGENCY,
        timedelta(minutes=20),
        place={"ubigeo": "150110", "label": "Comas"},
    )
    page = olga.get("/console/")
    assert "<title>(1) Emergencia · Hoy · Ayllu</title>" in page.text
    assert headings(page) == ["Emergencias (1)", "Piden una persona, quejas y problemas (1)"]
    assert "Maria · Comas · hace 20 min" in plain(page)
    assert "+51 *** *** *12 · hace 2 días" in plain(page)
    assert f'href="/console/conversaciones/{maria}"' in page.text


def test_no_number_and_nothing_that_was_written_is_shown(
    services: Services, olga: Browser, maria: int
) -> None:
    open_case(services, person(services, "+51900000012", None), CaseReason.EMERGENCY)
    page = olga.get("/console/").text
    assert "golpes" not in page
    assert "900000012" not in page


def test_each_case_leads_to_where_it_is_dealt_with(services: Services, olga: Browser, maria: int) -> None:
    now = datetime.now(UTC)
    with services.store.begin() as tx:
        search_id = searches.add(tx, maria, "in:7:0", JobKind.FIND_CARE, {}, now)
        searches.answered(tx, search_id, {"options": []}, now)
        for cause, data in (
            ("request:12:exhausted:5", {"request": 12, "asked": [1, 2]}),
            ("in:7", {"failed": "age"}),
            ("in:8", {"wanted": ["internet"]}),
        ):
            cases.open_case(tx, maria, cause, CaseReason.NO_MATCH, data, now)
    page = olga.get("/console/")
    assert 'href="/console/pedidos/12"' in page.text
    assert f'href="/console/pedidos/sin-opciones/{search_id}"' in page.text
    assert page.text.count("sin-opciones/") == 1
    assert "Se preguntó a 2 personas y nadie pudo" in plain(page)
    assert "Nadie podía cuando buscó: nadie recibe esa edad" in plain(page)
    assert "No hay un centro cerca con internet" in plain(page)


def test_one_kind_or_one_district_is_shown_alone(services: Services, olga: Browser, maria: int) -> None:
    pedro = person(services, "+51900000013", "Pedro", ATE)
    open_case(services, maria, CaseReason.PROBLEM)
    open_case(services, pedro, CaseReason.LEARNING)
    assert headings(olga.get("/console/?tipo=avisos")) == ["Otros avisos (1)"]
    page = olga.get("/console/?distrito=150103")
    assert headings(page) == ["Otros avisos (1)"]
    assert "Comas (1)" in page.text
    assert "Pedro" in page.text
    assert len(headings(olga.get("/console/?tipo=nada&distrito=x"))) == 2
    assert "Nada que hacer con este filtro" in olga.get("/console/?tipo=comentarios").text


def test_a_case_is_closed_with_what_was_done(services: Services, olga: Browser, maria: int) -> None:
    case_id = open_case(services, maria, CaseReason.PROBLEM)
    answer = olga.post(
        f"/console/hoy/casos/{case_id}/cerrar",
        {f"nota-{case_id}": "La llamé, ya se arregló", "lista": "?tipo=personas"},
    )
    assert answer.location == "/console/?tipo=personas"
    assert "Caso cerrado" in olga.get("/console/").text
    read = plain(olga.get("/console/hoy/cerrados"))
    assert "Cuenta un problema o una queja La llamé, ya se arregló Olga Operadora" in read
    assert noted(services) == ["closed-case"]


def test_a_case_is_closed_once(services: Services, olga: Browser, maria: int) -> None:
    case_id = open_case(services, maria, CaseReason.PROBLEM)
    for _ in range(2):
        olga.post(f"/console/hoy/casos/{case_id}/cerrar", {f"nota-{case_id}": "listo"})
    assert "Ese caso ya estaba cerrado" in olga.get("/console/").text
    assert noted(services) == ["closed-case"]


def test_an_emergency_is_not_closed_without_a_word(services: Services, olga: Browser, maria: int) -> None:
    case_id = open_case(services, maria, CaseReason.EMERGENCY)
    olga.post(f"/console/hoy/casos/{case_id}/cerrar", {f"nota-{case_id}": "  "})
    page = olga.get("/console/")
    assert "escriba qué se hizo" in page.text
    assert "Emergencias (1)" in headings(page)


def test_a_case_has_one_who_looks_after_it(services: Services, olga: Browser, maria: int) -> None:
    case_id = open_case(services, maria, CaseReason.HUMAN)
    carla = log_in(services, Role.COORDINATOR)
    carla.post(f"/console/hoy/casos/{case_id}/tomar")
    assert "Lo atiende usted" in carla.get("/console/").text
    assert "Lo atiende Carla Coordinadora" in olga.get("/console/").text

    olga.post(f"/console/hoy/casos/{case_id}/tomar")  # from a page on which nobody had it yet
    assert "lo tomó otra persona" in olga.get("/console/").text
    olga.post(f"/console/hoy/casos/{case_id}/tomar", {"de": str(carla.id)})  # knowing that Carla has it
    assert "Lo atiende usted" in olga.get("/console/").text
    carla.post(f"/console/hoy/casos/{case_id}/soltar")
    assert "Lo atiende usted" in olga.get("/console/").text
    olga.post(f"/console/hoy/casos/{case_id}/soltar")
    assert "Lo atiende" not in olga.get("/console/").text.replace("Lo atiendo", "")
    assert noted(services) == ["took-case", "took-case", "left-case"]


def failed_message(services: Services, contact_id: int, cause: str, error_code: int = 30003) -> int:
    with services.store.begin() as tx:
        outbox.add(tx, contacts.get(tx, contact_id), cause, [say("apology")], datetime.now(UTC))
        message_id = tx.session.scalars(select(Outbound.id).where(Outbound.cause == f"{cause}:0")).one()
        outbox.advance(tx, message_id, MessageStatus.FAILED, error_code, datetime.now(UTC))
    return message_id


def test_who_was_not_reached_is_shown_until_it_was_seen(
    services: Services, olga: Browser, maria: int
) -> None:
    with at(MONDAY) as clock:
        olga = log_in(services)
        failed_message(services, maria, "in:1")
        page = olga.get("/console/")
        assert "1 mensaje no le llegó (código 30003)" in page.text
        assert "Maria · Comas" in plain(page)
        clock.shift(timedelta(minutes=1))
        olga.post("/console/hoy/visto", {"visto": f"{maria}:undelivered"})
        assert "no le llegó" not in olga.get("/console/").text
        clock.shift(timedelta(minutes=1))
        failed_message(services, maria, "in:2")
        assert "1 mensaje no le llegó" in olga.get("/console/").text
        clock.shift(timedelta(days=4))
        assert "no le llegó" not in log_in(services).get("/console/").text
    assert noted(services) == ["set-aside"]


def test_what_came_by_sms_after_all_is_no_work(services: Services, olga: Browser) -> None:
    now = datetime.now(UTC)
    with services.store.begin() as tx:
        contact_id = contacts.arrive(tx, MARIA, Channel.WHATSAPP, now)
    message_id = failed_message(services, contact_id, "in:1", 63003)
    with services.store.begin() as tx:
        assert outbox.fall_back_to_sms(tx, message_id, now)
    assert "no le llegó" not in olga.get("/console/").text


def test_who_wants_no_messages_is_not_said_to_be_out_of_reach(
    services: Services, olga: Browser, maria: int
) -> None:
    failed_message(services, maria, "in:1", 21610)
    with services.store.begin() as tx:
        contacts.set_opted_out(tx, maria, datetime.now(UTC))
    assert "no le llegó" not in olga.get("/console/").text


def test_whom_we_do_not_understand_twice_is_shown_until_it_was_seen(
    services: Services, olga: Browser, maria: int
) -> None:
    now = datetime.now(UTC)
    with services.store.begin() as tx:
        for number in range(3):
            inbox.add(tx, f"SM{number}", maria, Channel.SMS, {"Body": "asdf"}, now)
        sure = {0: 0.9, 1: 0.2, 2: 0.3}
        for number, confidence in sure.items():
            tx.session.execute(
                update(Inbound)
                .where(Inbound.sid == f"SM{number}")
                .values(confidence=confidence, handled_at=now)
            )
    assert "No se entendieron 2 de sus mensajes" in olga.get("/console/").text
    olga.post("/console/hoy/visto", {"visto": f"{maria}:unsure"})
    assert "No se entendieron" not in olga.get("/console/").text


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"visto": "x:unsure"}, 400),
        ({"visto": "1:x"}, 400),
        ({"visto": "999:unsure"}, 404),
    ],
)
def test_only_what_is_there_is_put_off(olga: Browser, form: dict[str, str], status: int) -> None:
    assert olga.post("/console/hoy/visto", form).status_code == status


def test_files_to_verify_and_checks_that_are_over_are_shown(services: Services, tmp_path: Path) -> None:
    with at(MONDAY) as clock:
        olga = log_in(services)
        put_on_file(
            services, {"rosa": CARER | {"name": "Sra. Rosa", "phone": ROSA}}, tmp_path / "p.csv", MONDAY
        )
        assert "Sra. Rosa" not in olga.get("/console/").text
        with services.store.begin() as tx:
            until = tx.session.scalars(select(Provider.verified_until)).one()
        assert until is not None
        clock.move_to(until - timedelta(days=3))
        assert "Su verificación vence pronto" in log_in(services).get("/console/").text
        clock.move_to(until + timedelta(days=3))
        assert "Su verificación venció: ya no se muestra" in log_in(services).get("/console/").text
        with services.store.begin() as tx:
            checks.unverify(tx, 1, datetime.now(UTC))
        page = log_in(services).get("/console/")
        assert "Falta verificar su ficha" in page.text
        assert "Sra. Rosa · Comas" in plain(page)
        assert 'href="/console/proveedores/1"' in page.text


def test_requests_that_stand_still_or_take_long_are_shown(
    services: Services, carrier: LocalCarrier, tmp_path: Path
) -> None:
    with asking(services, carrier, tmp_path) as asked:
        asked.clock.shift(timedelta(minutes=16))
        assert "/console/pedidos/1" not in log_in(services).get("/console/").text
        with services.store.begin() as tx:
            care_requests.move(tx, 1, OfferStatus.WITHDRAWN, MONDAY)
        page = log_in(services).get("/console/")
        assert "Se detuvo: no se le pregunta a nadie" in page.text
        assert "Maria · Collique (Comas)" in plain(page)
        with services.store.begin() as tx:
            care_requests.move(tx, 1, OfferStatus.SENT, MONDAY)
        asked.clock.shift(timedelta(days=1))
        assert "Lleva más de un día abierto" in log_in(services).get("/console/").text


def test_comments_are_read_before_families_see_them(
    services: Services, carrier: LocalCarrier, tmp_path: Path
) -> None:
    with asking(services, carrier, tmp_path) as asked:
        olga = log_in(services)
        asked.town.ask(ROSA, "sms", "si")
        with services.store.begin() as tx:
            care_requests.rate(tx, 1, 5, "muy cariñosa con mi hijita")
        page = olga.get("/console/")
        assert "Una familia comentó el cuidado, con 5 de 5" in page.text
        assert "cariñosa" not in page.text
        assert "muy cariñosa con mi hijita" in olga.get("/console/comentarios").text
        olga.post("/console/comentarios/1", {"mostrar": "si"})
        with services.store.begin() as tx:
            assert tx.session.scalars(
                select(Provider.quote).where(Provider.id == asked.provider("rosa"))
            ).one()
            assert care_requests.unread_comments(tx) == []
        assert "No hay comentarios por leer" in olga.get("/console/comentarios").text
        assert noted(services) == ["read-comment"]
        assert olga.post("/console/comentarios/99", {"mostrar": "si"}).status_code == 404
        assert olga.post("/console/comentarios/1", {"mostrar": "x"}).status_code == 400


def test_whoever_registered_by_message_stands_there_once(
    services: Services, olga: Browser, tmp_path: Path
) -> None:
    put_on_file(services, {"rosa": CARER | {"name": "Sra. Rosa", "phone": ROSA}}, tmp_path / "p.csv", MONDAY)
    rosa = person(services, ROSA, None)
    with services.store.begin() as tx:
        checks.unverify(tx, 1, datetime.now(UTC))
    open_case(services, rosa, CaseReason.PROVIDER, about="register")
    page = olga.get("/console/")
    assert headings(page) == ["Proveedores por verificar (1)"]
    assert "Se registró por mensaje" in page.text
    assert 'href="/console/proveedores/1"' in page.text


def test_the_list_comes_alone_for_a_page_that_asks_again(
    services: Services, olga: Browser, maria: int
) -> None:
    open_case(services, maria, CaseReason.EMERGENCY)

    def version() -> tuple[str, str]:
        fresh = olga.get("/console/hoy/lista").text
        assert "<html" not in fresh
        (found,) = re.findall(r'data-version="(\w+)" data-emergencies="(\d+)"', fresh)
        return found

    before = version()
    assert version() == before
    assert f'data-version="{before[0]}"' in olga.get("/console/").text
    open_case(services, maria, CaseReason.EMERGENCY, timedelta(hours=2))
    assert version()[0] != before[0]
    assert version()[1] == "2"


def test_a_page_that_looks_again_by_itself_keeps_nobody_logged_in(services: Services) -> None:
    with at(MONDAY) as clock:
        olga = log_in(services)
        for _ in range(5):
            clock.shift(timedelta(minutes=25))
            answer = olga.client.get("/console/hoy/lista")
        assert answer.status_code == 302


def test_the_worst_day_fits_a_slow_line(services: Services, olga: Browser) -> None:
    for number in range(60):
        contact_id = person(services, f"+5190000{number:04}", "Maria Fernanda", COMAS)
        for reason in (
            CaseReason.EMERGENCY,
            CaseReason.PROBLEM,
            CaseReason.NO_MATCH,
            CaseReason.PROVIDER,
            CaseReason.LEARNING,
        ):
            open_case(services, contact_id, reason, timedelta(minutes=number))
        failed_message(services, contact_id, f"in:{number}")
    page = olga.get("/console/")
    assert "Ver los 60" in page.text
    assert len(page.data) < 75_000
    first = olga.get("/console/?tipo=emergencias")
    assert len(first.data) < 75_000
    assert first.text.count("Lo atiendo yo") == 40
    rest = olga.get("/console/?tipo=emergencias&desde=40")
    assert rest.text.count("Lo atiendo yo") == 20
    assert 'href="/console/?tipo=emergencias">Volver al inicio' in rest.text
    assert 'data-refresh="/console/hoy/lista?tipo=emergencias&amp;desde=40"' in rest.text
