"""Labelling in the console: two clicks, without JavaScript, and nobody is named."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from bot import labelling
from bot.console.access import Role
from bot.services import Services
from bot.store.tables import AuditEntry, Label, ToLabel
from nlp.schema import Intent, SlotName
from nlp.training.rows import read_all
from tests.support.console import Browser, browser, log_in
from tests.support.readings import lay_out, read_message

PAGE = "/console/comprension"
LIGHT = 100 * 1024
TEXT = "soy Yesica, busco cuna en comas, mi numero 987654321"


def labels(services: Services) -> list[tuple[str, str | None, list[list[object]]]]:
    with services.store.begin() as tx:
        rows = tx.session.scalars(select(Label).order_by(Label.id)).all()
        return [(row.verdict, row.intent, row.spans or []) for row in rows]


def shown(page: str) -> int:
    """The message that a page asks about."""
    found = re.search(rf'action="{PAGE}/(\d+)', page)
    assert found is not None, page
    return int(found[1])


@pytest.fixture
def one(services: Services) -> None:
    read_message(
        services,
        TEXT,
        Intent.FIND_CHILDCARE,
        slots=((SlotName.CARE_TYPE, "cuna"), (SlotName.LOCATION, "comas")),
    )
    lay_out(services)


@pytest.fixture
def olga(services: Services) -> Browser:
    return log_in(services, Role.OPERATOR)


@pytest.mark.usefixtures("one")
def test_a_message_is_shown_with_the_models_guess_and_nobody_in_it(olga: Browser) -> None:
    page = olga.get(PAGE).text
    assert "Correcto</span> Busca quien cuide a su hija o hijo" in page
    assert "Yesica" not in page
    assert "987654321" not in page
    assert "000000000" in page
    assert re.search(r"<mark[^>]*><span>comas</span> <b>Lugar</b></mark>", page)
    assert page.index("Correcto") < page.index("Da datos, o corrige uno")
    assert len(page.encode()) < LIGHT
    assert "style=" not in page
    assert "<script>" not in page


@pytest.mark.usefixtures("one")
def test_every_intent_is_offered_once(olga: Browser) -> None:
    page = olga.get(PAGE).text
    offered = re.findall(r'name="intencion" value="([a-z_]+)"', page)
    assert sorted(offered) == sorted(intent.value for intent in Intent)


@pytest.mark.usefixtures("one")
def test_one_click_keeps_it_and_leads_on(services: Services, olga: Browser) -> None:
    item = shown(olga.get(PAGE).text)
    answer = olga.post(f"{PAGE}/{item}", {"intencion": "find_childcare"})
    assert (answer.status_code, answer.location) == (302, f"{PAGE}?antes={item}")
    ((verdict, intent, spans),) = labels(services)
    assert (verdict, intent) == ("labelled", "find_childcare")
    assert [span[0] for span in spans] == ["care_type", "location"]
    after = olga.get(answer.location).text
    assert "No hay mensajes por etiquetar" in after
    assert f'href="{PAGE}/{item}"' in after
    with services.store.begin() as tx:
        entry = tx.session.scalars(select(AuditEntry).where(AuditEntry.what == "labelled-message")).one()
    assert (entry.subject, entry.operator_id) == (f"label:{item}", olga.id)


@pytest.mark.usefixtures("one")
def test_spans_are_put_right_by_numbers(services: Services, olga: Browser) -> None:
    page = olga.get(PAGE).text
    item = shown(page)
    words = dict(re.findall(r'data-number="(\d+)">([^<]+)<sub>', page))
    number = {word: at for at, word in words.items()}
    olga.post(
        f"{PAGE}/{item}",
        {
            "intencion": "find_childcare",
            "s0": "quitar",
            "s1": "corregir",
            "s1-tipo": "landmark",
            "s1-de": number["en"],
            "s1-a": number["comas"],
            "n0-tipo": "topic",
            "n0-de": number["busco"],
        },
    )
    ((_, _, spans),) = labels(services)
    assert [span[0] for span in spans] == ["topic", "landmark"]


@pytest.mark.usefixtures("one")
def test_what_cannot_be_meant_is_said_and_what_was_chosen_is_still_there(
    services: Services, olga: Browser
) -> None:
    item = shown(olga.get(PAGE).text)
    sent = {"intencion": "inform", "s0": "quitar", "n0-tipo": "price", "n0-de": "99", "n0-a": "99"}
    answer = olga.post(f"{PAGE}/{item}", sent)
    assert answer.status_code == 400
    assert 'role="alert">Los números de las palabras' in answer.text
    assert re.search(r'name="s0" value="quitar" checked', answer.text)
    assert re.search(r'name="n0-de"[^>]*value="99"', answer.text)
    assert labels(services) == []


@pytest.mark.usefixtures("one")
@pytest.mark.parametrize(
    ("sent", "verdict"), [("no-se-entiende", "unclear"), ("saltar", "skipped")], ids=["unclear", "skip"]
)
def test_nobody_can_tell_or_not_now(services: Services, olga: Browser, sent: str, verdict: str) -> None:
    item = shown(olga.get(PAGE).text)
    olga.post(f"{PAGE}/{item}", {"veredicto": sent})
    assert labels(services) == [(verdict, None, [])]
    assert "No hay mensajes por etiquetar" in olga.get(PAGE).text


@pytest.mark.usefixtures("one")
def test_what_was_said_before_is_shown_and_put_right(services: Services, olga: Browser) -> None:
    item = shown(olga.get(PAGE).text)
    olga.post(f"{PAGE}/{item}", {"intencion": "inform", "s0": "quitar"})
    page = olga.get(f"{PAGE}/{item}").text
    assert "Lo que usted dijo antes" in page
    assert "Dejar así</span> Da datos" in page
    assert page.count('class="slot-mark"') == 1
    olga.post(f"{PAGE}/{item}", {"base": "propia", "intencion": "help", "s0": "bien"})
    ((_, intent, spans),) = labels(services)
    assert intent == "help"
    assert [span[0] for span in spans] == ["location"]


def test_piles_are_told_apart(services: Services, olga: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    read_message(services, "al azar", confidence=0.9)
    lay_out(services)
    monkeypatch.setattr(labelling, "SAMPLE_A_WEEK", 0)
    read_message(services, "dudoso", confidence=0.2)
    lay_out(services)
    assert "al azar</blockquote>" in olga.get(f"{PAGE}?cola=azar").text
    unsure = olga.get(f"{PAGE}?cola=dudosos").text
    assert "dudoso</blockquote>" in unsure
    answer = olga.post(f"{PAGE}/{shown(unsure)}?cola=dudosos", {"intencion": "inform"})
    assert answer.location.startswith(f"{PAGE}?cola=dudosos&")
    assert "(1)" in olga.get(PAGE).text
    assert olga.get(f"{PAGE}?cola=nada").status_code == 200


def test_a_text_is_text_and_a_long_one_stays_light(services: Services, olga: Browser) -> None:
    read_message(services, "<b>hola</b> & " + "que tal " * 190)
    lay_out(services)
    page = olga.get(PAGE).text
    assert "<b>hola" not in page
    assert len(page.encode()) < LIGHT


@pytest.mark.usefixtures("one")
def test_a_message_that_is_gone_is_told_so(services: Services, olga: Browser) -> None:
    item = shown(olga.get(PAGE).text)
    with services.store.begin() as tx:
        tx.session.execute(update(ToLabel).values(text_sealed=b"", contact_id=None))
    assert olga.post(f"{PAGE}/{item}", {"intencion": "inform"}).status_code == 404
    assert olga.get(f"{PAGE}/{item}", status=404)
    assert olga.get(f"{PAGE}/99", status=404)


@pytest.mark.usefixtures("one")
def test_only_operators_label_and_only_with_their_pages_token(services: Services, olga: Browser) -> None:
    item = shown(olga.get(PAGE).text)
    stranger = browser(services)
    assert stranger.get(PAGE, status=302).location.startswith("/console/entrar")
    assert stranger.post(f"{PAGE}/{item}", {"intencion": "inform"}).status_code == 302
    assert olga.client.post(f"{PAGE}/{item}", data={"intencion": "inform"}).status_code == 400
    assert labels(services) == []


def test_results_tell_of_the_sample_and_of_how_many(services: Services, olga: Browser) -> None:
    for number in range(12):
        read_message(services, f"mensaje {number}", Intent.INFORM, 0.9, ago=timedelta(minutes=5))
    lay_out(services)
    empty = olga.get(f"{PAGE}/resultados").text
    assert "Todavía nadie etiquetó" in empty
    for number in range(11):
        item = shown(olga.get(PAGE).text)
        olga.post(f"{PAGE}/{item}", {"intencion": "help" if number == 0 else "inform"})
    page = olga.get(f"{PAGE}/resultados").text
    assert "9 %" in page
    assert "1 de 11 mensajes" in page
    assert re.search(r"estará entre \d+ y \d+ %", page)
    assert "<dt>Por etiquetar</dt><dd>1</dd>" in page
    assert len(page.encode()) < LIGHT


@pytest.mark.usefixtures("one")
def test_a_coordinator_takes_the_rows_out_and_that_is_noted(
    services: Services, olga: Browser, tmp_path: Path
) -> None:
    assert olga.post(f"{PAGE}/exportar").status_code == 403
    assert "Descargar" not in olga.get(f"{PAGE}/resultados").text
    carla = log_in(services, Role.COORDINATOR)
    assert carla.post(f"{PAGE}/exportar").status_code == 302
    item = shown(carla.get(PAGE).text)
    carla.post(f"{PAGE}/{item}", {"intencion": "find_childcare"})
    answer = carla.post(f"{PAGE}/exportar")
    assert answer.mimetype == "text/plain"
    assert "attachment" in answer.headers["Content-Disposition"]
    (tmp_path / "rows.txt").write_text(answer.text, encoding="utf-8")
    (row,) = read_all([tmp_path / "rows.txt"])
    assert row.intent is Intent.FIND_CHILDCARE
    assert "Yesica" not in row.text
    with services.store.begin() as tx:
        noted = tx.session.scalars(select(AuditEntry).where(AuditEntry.what == "exported-labels")).all()
    assert noted[-1].detail == {"filas": 1}
