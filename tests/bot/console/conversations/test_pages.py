"""The pages of conversations: who is in the list, what is shown of a conversation, and what an operator does there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import select, update

from bot.console.access import Role
from bot.console.conversations import views
from bot.services import Services
from bot.store import contacts
from bot.store.tables import AuditEntry, Contact, Inbound, Outbound, TakenOver
from tests.support.carers import put_on_file
from tests.support.carrier import LocalCarrier
from tests.support.console import Browser, log_in
from tests.support.phone import Town, at
from tests.support.transcript import LIMA

MARIA, ROSA, JUANA = "+51911000111", "+51911000222", "+51911000333"
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=LIMA)
LIST = "/console/conversaciones"
CARERS = {
    "rosa": {
        "kind": "home", "district": "Collique", "min_age": "6m", "max_age": "4a", "days": "lun-sab",
        "opens": "06:00", "closes": "18:00", "price": "15", "period": "dia", "places": "2",
        "name": "Sra. Rosa", "phone": ROSA, "lat": "-11.9155", "lon": "-77.0205",
    }
}  # fmt: skip


@dataclass
class Office:
    """The town, and an operator at her desk."""

    town: Town
    clock: time_machine.Traveller
    olga: Browser

    @property
    def services(self) -> Services:
        return self.town.services

    def id_of(self, number: str) -> int:
        with self.services.store.begin() as tx:
            found = contacts.find(tx, number)
        assert found is not None
        return found

    def page_of(self, number: str) -> str:
        return f"{LIST}/{self.id_of(number)}"

    def act(self, number: str, what: str, who: Browser | None = None, **form: object) -> str:
        """Press a button of the conversation's page, as it stands; the page that comes then."""
        browser, page = who or self.olga, self.page_of(number)
        shown = browser.get(page).text
        hidden = {
            name: found[1]
            for name in ("token", "leido")
            if (found := re.search(rf'name="{name}" value="([^"]*)"', shown))
        }
        answer = browser.post(f"{page}/{what}", {**hidden, **form}, follow_redirects=True)
        for _ in range(2):
            self.town.settle()
        self.status = answer.status_code
        return answer.text

    def noted(self) -> list[tuple[str, str]]:
        with self.services.store.begin() as tx:
            rows = tx.session.scalars(select(AuditEntry).order_by(AuditEntry.id))
            return [(row.what, row.subject) for row in rows if row.what not in ("logged-in", "logged-out")]


@pytest.fixture
def office(services: Services, carrier: LocalCarrier, tmp_path: Path) -> Iterator[Office]:
    with at(MONDAY) as clock:
        put_on_file(services, CARERS, tmp_path / "providers.csv", MONDAY)
        yield Office(Town(services, carrier), clock, log_in(services))


def rows_of(page: str) -> list[str]:
    return re.findall(r'<th scope="row".*?</tr>', page, re.DOTALL)


# ---------------------------------------------------------------- the list


def test_the_latest_come_first_masked_and_without_a_word_of_what_was_said(office: Office) -> None:
    office.town.ask(MARIA, "whatsapp", "busco quien cuide a mi xilofono en collique")
    office.clock.shift(timedelta(minutes=5))
    office.town.ask(ROSA, "sms", "hola")
    page = office.olga.get(LIST).text
    first, second = rows_of(page)
    assert "+51 *** *** *22" in first
    assert "Sra. Rosa" in first
    assert "+51 *** *** *11" in second
    assert "Collique" in second or "Comas" in second
    assert "xilofono" not in page
    assert "911000" not in page.replace(" ", "")


def test_pages_follow_one_another_and_nobody_is_lost(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = [f"+519110002{number:02}" for number in range(7)]
    for number in numbers:
        office.town.write(number, "sms", "hola")
    monkeypatch.setattr(views, "PAGE", 3)
    seen, address = [], LIST
    while address:
        page = office.olga.get(address).text
        seen += re.findall(r"\*\*\* \*\*\* \*(\d\d)", page)
        later = re.search(r'rel="next" href="([^"]+)"', page)
        address = later[1].replace("&amp;", "&") if later else ""
    assert seen == [number[-2:] for number in reversed(numbers)]


@pytest.mark.parametrize("after", ["x", "2026-11-23_1", "2026-11-23T10:00:00+00:00_x", "_", "9" * 40])
def test_a_place_in_the_list_that_is_none_shows_its_beginning(office: Office, after: str) -> None:
    office.town.ask(MARIA, "whatsapp", "hola")
    assert len(rows_of(office.olga.get(LIST, query_string={"after": after}).text)) == 1


def test_each_filter_shows_whom_it_is_about(office: Office) -> None:
    office.town.ask(MARIA, "whatsapp", "quiero hablar con una persona")
    office.town.ask(ROSA, "sms", "hola")
    office.town.ask(JUANA, "whatsapp", "busco cuna en collique")
    office.act(JUANA, "tomar")
    with office.services.store.begin() as tx:
        tx.session.execute(
            update(Outbound)
            .where(Outbound.contact_id == office.id_of(ROSA))
            .values(status="failed", error_code=30003)
        )
    shown = {
        query: [found[-2:] for found in re.findall(r"\+51 \*\*\* \*\*\* \*\d\d", page)]
        for query in (
            "ver=persona", "ver=tomadas", "ver=fallas", "ver=dudas", "quien=cuidan", "quien=familias",
            "distrito=comas", "distrito=miraflores", "quien=cuidan&distrito=comas",
        )
        if (page := office.olga.get(f"{LIST}?{query}").text)
    }  # fmt: skip
    assert shown["ver=persona"] == ["11"]
    assert shown["ver=tomadas"] == ["33"]
    assert shown["ver=fallas"] == ["22"]
    assert shown["ver=dudas"] == []
    assert shown["quien=cuidan"] == ["22"]
    assert sorted(shown["quien=familias"]) == ["11", "33"]
    assert sorted(shown["distrito=comas"]) == ["22", "33"]
    assert shown["quien=cuidan&distrito=comas"] == ["22"]


def test_a_message_that_went_by_another_way_did_reach_them(office: Office, carrier: LocalCarrier) -> None:
    carrier.fail(MARIA, trouble="not_on_whatsapp")
    office.town.ask(MARIA, "whatsapp", "hola")
    office.town.settle()
    assert rows_of(office.olga.get(f"{LIST}?ver=fallas").text) == []
    page = office.olga.get(office.page_of(MARIA)).text
    assert "WhatsApp y luego SMS" in page
    assert "no tiene WhatsApp" in page


def test_low_confidence_marks_a_conversation(office: Office) -> None:
    office.town.ask(MARIA, "whatsapp", "hola")
    office.town.ask(JUANA, "whatsapp", "a la gata le gusta el verde")
    with office.services.store.begin() as tx:
        tx.session.execute(
            update(Inbound).where(Inbound.contact_id == office.id_of(MARIA)).values(confidence=0.31)
        )
    assert len(rows_of(office.olga.get(f"{LIST}?ver=dudas").text)) == 1


@pytest.mark.parametrize("written", ["911000111", "+51 911 000 111", "911-000-111"])
def test_a_number_is_found_and_stands_in_no_address(office: Office, written: str) -> None:
    office.town.ask(MARIA, "whatsapp", "hola")
    answer = office.olga.post(f"{LIST}/buscar", {"numero": written})
    assert answer.location == office.page_of(MARIA)


@pytest.mark.parametrize(("written", "told"), [("911000999", "Nadie ha escrito"), ("12", "nueve dígitos")])
def test_who_never_wrote_is_not_found(office: Office, written: str, told: str) -> None:
    answer = office.olga.post(f"{LIST}/buscar", {"numero": written}, follow_redirects=True)
    assert told in answer.text


# ---------------------------------------------------------------- a conversation


def test_both_sides_are_shown_in_the_order_of_time_with_what_became_of_each(office: Office) -> None:
    office.town.ask(MARIA, "whatsapp", "busco quien cuide a mi bebe de 1 año en collique")
    office.clock.shift(timedelta(minutes=1))
    office.town.ask(MARIA, "sms", "de lunes a viernes de 8 a 5")
    page = office.olga.get(office.page_of(MARIA)).text
    places = [
        page.index(words)
        for words in ("busco quien cuide", "Anotado", "de lunes a viernes de 8 a 5", "Sra. Rosa")
    ]
    assert places == sorted(places)
    assert "Busca quien cuide a su hija o hijo" in page
    assert "«1 año»: 1 año" in page or "«1 año»: 12 meses" in page
    assert "Partes de SMS" in page
    assert "US$" in page
    assert "Entregado" in page or "Leído" in page
    assert "Asistente" in page


def test_earlier_messages_are_a_page_back(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "AT_ONCE", 4)
    for number in range(5):
        office.town.ask(MARIA, "whatsapp", f"hola {number}")
        office.clock.shift(timedelta(minutes=1))
    page, found = office.olga.get(office.page_of(MARIA)).text, []
    while True:
        found = re.findall(r"hola \d", page) + found
        earlier = re.search(r'rel="prev" href="([^"]+)"', page)
        if earlier is None:
            break
        page = office.olga.get(earlier[1].replace("&amp;", "&")).text
    assert found == [f"hola {number}" for number in range(5)]


def test_what_was_written_cannot_become_part_of_the_page(office: Office) -> None:
    office.town.ask(MARIA, "whatsapp", "<script>alert(1)</script> *fuerte*")
    assert "<script>alert(1)" not in office.olga.get(office.page_of(MARIA)).text


def test_whoever_looks_is_noted_once_in_an_hour(office: Office) -> None:
    office.town.ask(MARIA, "whatsapp", "hola")
    seen = ("saw-conversation", f"contact:{office.id_of(MARIA)}")
    for _ in range(3):
        office.olga.get(office.page_of(MARIA))
    assert office.noted() == [seen]
    log_in(office.services, Role.COORDINATOR).get(office.page_of(MARIA))
    office.clock.shift(timedelta(minutes=61))
    office.olga.post("/console/entrar")
    again = log_in(office.services)
    again.get(office.page_of(MARIA))
    assert office.noted().count(seen) == 3


def test_the_number_is_shown_once_for_a_reason_that_is_noted(office: Office) -> None:
    office.town.ask(MARIA, "whatsapp", "hola")
    page = office.page_of(MARIA)
    assert "911000111" not in office.olga.get(page).text
    refused = office.olga.post(f"{page}/numero", {"motivo": " x "})
    assert refused.status_code == 422
    assert "911000111" not in refused.text
    shown = office.olga.post(f"{page}/numero", {"motivo": "Llamarla, pues no le llegan los mensajes"})
    assert MARIA in shown.text
    assert "911000111" not in office.olga.get(page).text
    with office.services.store.begin() as tx:
        (entry,) = tx.session.scalars(select(AuditEntry).where(AuditEntry.what == "unmasked-number"))
        assert entry.detail == {"reason": "Llamarla, pues no le llegan los mensajes"}


def test_a_person_who_is_none_is_not_found(office: Office) -> None:
    office.olga.get(f"{LIST}/999999", status=404)
    for what in ("tomar", "devolver", "numero"):
        answer = office.olga.post(f"{LIST}/999999/{what}", {"motivo": "una buena razón"})
        assert answer.status_code == 404


# ---------------------------------------------------------------- taking over


def test_an_operator_takes_it_writes_and_hands_it_back(office: Office) -> None:
    office.town.ask(MARIA, "whatsapp", "busco quien cuide a mi bebe de 1 año")
    assert "Tomar la conversación" in office.olga.get(office.page_of(MARIA)).text
    assert "La tiene usted" in office.act(MARIA, "tomar")
    assert "Ahora le responde una persona" in office.town.heard(MARIA, "whatsapp")[0]
    assert office.town.ask(MARIA, "whatsapp", "¿señorita?") == []
    page = office.act(MARIA, "escribir", texto="Buenos días,\r\nle ayudo", hacer="enviar")
    assert "Olga Operadora" in page
    assert office.town.heard(MARIA, "whatsapp") == ["Buenos días,\nle ayudo"]
    assert "Con el asistente" in office.act(MARIA, "devolver")
    assert "asistente" in office.town.heard(MARIA, "whatsapp")[0]
    assert [what for what, _ in office.noted()] == [
        "saw-conversation", "took-conversation", "wrote-to-person", "handed-back"
    ]  # fmt: skip


def test_what_goes_by_sms_instead_is_still_the_operators(office: Office, carrier: LocalCarrier) -> None:
    office.town.ask(MARIA, "whatsapp", "hola")
    office.act(MARIA, "tomar")
    carrier.fail(MARIA, trouble="not_on_whatsapp")
    page = office.act(MARIA, "escribir", texto="¿Está ahí, señora?", hacer="enviar")
    office.town.settle()
    page = office.olga.get(office.page_of(MARIA)).text
    assert "WhatsApp y luego SMS" in page
    assert "Olga Operadora" in page[page.index("¿Esta ahi, señora?") - 300 :]
    with office.services.store.begin() as tx:
        rows = tx.session.scalars(select(Outbound).where(Outbound.wording == "operator")).all()
        assert [row.written_by for row in rows] == [office.olga.id] * 2


def test_a_double_click_sends_once(office: Office) -> None:
    office.town.ask(MARIA, "whatsapp", "hola")
    office.act(MARIA, "tomar")
    office.town.heard(MARIA, "whatsapp")
    shown = office.olga.get(office.page_of(MARIA)).text
    token = re.search(r'name="token" value="([^"]+)"', shown)
    assert token
    for _ in range(2):
        form = {"token": token[1], "leido": "1", "texto": "Buenos días", "hacer": "enviar"}
        assert office.olga.post(f"{office.page_of(MARIA)}/escribir", form).status_code == 302
    office.town.settle()
    assert office.town.heard(MARIA, "whatsapp") == ["Buenos días"]


def test_it_is_shown_first_how_it_will_arrive(office: Office) -> None:
    office.town.ask(MARIA, "sms", "hola")
    office.act(MARIA, "tomar")
    office.town.heard(MARIA, "sms")
    page = office.act(MARIA, "escribir", texto="¿Mañana está bien? 👋 " + "a" * 150, hacer="ver")
    assert "¿Mañana esta bien? aaa" in page
    assert "2 partes de SMS" in page
    assert "¿Mañana está bien? 👋" in page  # still in the text area
    assert office.town.heard(MARIA, "sms") == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("   ", "Escriba el mensaje"),
        ("👋👋", "los emojis no llegan"),
        ("a" * 1000, "que no pasen de 6"),
        ("a" * 1601, "caben 1600"),
    ],
)
def test_what_cannot_be_sent_is_said_and_stays_written(office: Office, text: str, told: str) -> None:
    office.town.ask(MARIA, "sms", "hola")
    office.act(MARIA, "tomar")
    office.town.heard(MARIA, "sms")
    page = office.act(MARIA, "escribir", texto=text, hacer="enviar")
    assert office.status == 422
    assert told in page
    assert office.town.heard(MARIA, "sms") == []


def test_after_24_hours_it_is_said_that_it_will_go_by_sms_and_it_does(office: Office) -> None:
    office.town.ask(MARIA, "whatsapp", "hola")
    office.clock.shift(timedelta(hours=25))
    olga = log_in(office.services)
    assert "saldrá por SMS" in office.act(MARIA, "tomar", olga)
    office.town.heard(MARIA, "sms")
    office.act(MARIA, "escribir", olga, texto="¿Cómo está?", hacer="enviar")
    assert office.town.heard(MARIA, "sms") == ["¿Cómo está?".replace("á", "a").replace("ó", "o")]


def test_who_hides_their_number_cannot_be_written_to_after_24_hours(office: Office) -> None:
    lucia = "PE.13491208655302741918"
    office.town.ask(lucia, "whatsapp", "hola")
    office.act(lucia, "tomar")
    office.clock.shift(timedelta(hours=1))
    olga = log_in(office.services)
    with office.services.store.begin() as tx:
        tx.session.execute(update(Contact).values(whatsapp_wrote_at=MONDAY - timedelta(days=2)))
    page = olga.get(office.page_of(lucia)).text
    assert "no se conoce su número" in page
    assert 'name="texto"' not in page
    late = olga.post(f"{office.page_of(lucia)}/escribir", {"token": "0" * 32, "texto": "Hola"})
    assert late.status_code == 422
    assert "Hola" in late.text


def test_a_second_operator_sees_who_has_it_and_takes_it_only_on_purpose(office: Office) -> None:
    office.town.ask(MARIA, "whatsapp", "hola")
    office.act(MARIA, "tomar")
    carla = log_in(office.services, Role.COORDINATOR)
    page = carla.get(office.page_of(MARIA)).text
    assert "Olga Operadora</strong> tiene esta conversación" in page
    assert 'name="texto"' not in page
    assert "La tiene Olga Operadora" in office.act(MARIA, "tomar", carla)
    assert "La tiene usted" in office.act(MARIA, "tomar", carla, de=office.olga.id)
    token = "0" * 32
    late = office.olga.post(
        f"{office.page_of(MARIA)}/escribir", {"token": token, "texto": "Hola", "hacer": "enviar"}
    )
    assert late.status_code == 409
    assert "la tiene otra persona" in late.text


def test_a_new_message_is_to_be_read_before_it_is_handed_back(office: Office) -> None:
    office.town.ask(MARIA, "whatsapp", "hola")
    office.act(MARIA, "tomar")
    shown = office.olga.get(office.page_of(MARIA)).text
    read = re.search(r'name="leido" value="(\d+)"', shown)
    assert read
    office.town.ask(MARIA, "whatsapp", "una cosa más")
    news = office.olga.get(f"{office.page_of(MARIA)}/nuevos?leido={read[1]}")
    assert news.json == {"nuevos": 1}
    answer = office.olga.post(f"{office.page_of(MARIA)}/devolver", {"leido": read[1]}, follow_redirects=True)
    assert "Llegó un mensaje nuevo" in answer.text
    with office.services.store.begin() as tx:
        assert tx.session.scalars(select(TakenOver)).all()


def test_a_page_that_only_lies_open_keeps_nobody_logged_in(office: Office) -> None:
    office.town.ask(MARIA, "whatsapp", "hola")
    page = office.page_of(MARIA)
    office.olga.get(page)
    for _ in range(5):
        office.clock.shift(timedelta(minutes=29))
        answer = office.olga.client.get(f"{page}/nuevos?leido=0")
    assert (answer.status_code, "/console/entrar" in str(answer.location)) == (302, True)


def test_the_bot_answers_what_was_left_where_the_operator_wants_it(office: Office) -> None:
    office.town.ask(MARIA, "whatsapp", "busco quien cuide a mi bebe de 1 año")
    office.act(MARIA, "tomar")
    office.town.ask(MARIA, "whatsapp", "en collique de lunes a viernes de 8 a 5")
    office.town.heard(MARIA, "whatsapp")
    assert "conteste lo que la persona escribió" in office.olga.get(office.page_of(MARIA)).text
    office.act(MARIA, "devolver", responder="1")
    assert "Rosa" in office.town.heard(MARIA, "whatsapp")[-1]


def test_what_waits_to_be_told_is_shown_to_who_has_the_conversation(office: Office) -> None:
    for words in (
        "busco quien cuide a mi bebe de 1 año en collique de lunes a viernes de 8 a 5",
        "1",
        "si, soy maria",
    ):
        office.town.ask(MARIA, "whatsapp", words)
    office.act(MARIA, "tomar")
    office.town.ask(ROSA, "sms", "si")
    page = office.olga.get(office.page_of(MARIA)).text
    assert "1 aviso espera" in page
    assert "911 000 222" in page


def test_who_opted_out_cannot_be_taken_over(office: Office) -> None:
    office.town.ask(MARIA, "whatsapp", "BAJA")
    page = office.olga.get(office.page_of(MARIA)).text
    assert "Tomar la conversación" not in page
    assert "no se le puede escribir" in office.act(MARIA, "tomar")


def test_strangers_come_to_the_log_in(office: Office) -> None:
    office.town.ask(MARIA, "whatsapp", "hola")
    client = office.olga.app.test_client()
    for path in (LIST, office.page_of(MARIA), f"{office.page_of(MARIA)}/nuevos"):
        assert "/console/entrar" in client.get(path).location
    answer = client.post(f"{office.page_of(MARIA)}/tomar")
    assert answer.status_code in (302, 400)


def test_a_page_weighs_little(office: Office) -> None:
    for number in range(20):
        office.town.ask(MARIA, "whatsapp", f"hola {number} " + "a" * 200)
    weight = len(office.olga.get(office.page_of(MARIA)).data)
    folder = Path(__file__).parents[4] / "bot" / "console" / "static"
    files = ("console.css", "console.js", "talk.css", "talk.js", "ayllu.svg")
    assert weight + sum((folder / name).stat().st_size for name in files) < 100_000
