"""Learning material in the console: found, read as people read it, kept right, tried."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from sqlalchemy import select

from bot.console.access import Role
from bot.importers.resources import ResourceRow, read_resources
from bot.intake import RESOURCES, plan
from bot.services import Services
from bot.store import resources
from bot.store.tables import AuditEntry, Resource, Search
from matching.schema import Level, ResourceKind
from nlp.meaning import Meaning
from tests.support.console import Browser, log_in

NOW = datetime(2026, 11, 25, 15, 0, tzinfo=UTC)
EXCEL = ResourceRow(
    key="excel-cero",
    title="Excel desde cero",
    topics=("excel", "hoja de calculo"),
    level=Level.BASIC,
    kind=ResourceKind.SMS,
    language="castellano",
    minutes=15,
    kb=None,
    summary="Sumar y guardar.",
    where="",
    parts=("Abra Excel y busque el menú.", "Escriba =A1+A2."),
    source="Ayllu, CC BY 4.0",
)
PAGE = replace(
    EXCEL,
    key="tortas",
    title="Tortas decoradas",
    topics=("reposteria", "tortas"),
    kind=ResourceKind.PAGE,
    where="https://aprende.example/tortas",
    kb=220,
    parts=(),
)
RADIO = replace(
    PAGE,
    key="radio",
    title="Inglés por radio",
    kind=ResourceKind.RADIO,
    where="Radio Sol, lunes 7am",
    kb=None,
)
SHEET = replace(
    PAGE, key="hoja", title="Loncheras sanas", kind=ResourceKind.PRINTED, where="printing", kb=None
)


def put(services: Services, *rows: ResourceRow) -> list[int]:
    """The ids of resources that are there from now on."""
    with services.store.begin() as tx:
        for row in rows:
            resources.put(tx, row, row.demo, NOW)
        return [found for row in rows if (found := resources.id_of(tx, row.key))]


def kept(services: Services, resource_id: int) -> resources.Kept:
    with services.store.begin() as tx:
        found = resources.kept(tx, resource_id, include_demo=True)
    assert found is not None
    return found


def fields_of(page: str) -> dict[str, Any]:
    """What the form on a page would send as it stands, all values of each field."""
    form = page[page.index('<form method="post" class="stack lesson"') :]
    form = form[: form.index("</form>")]
    sent: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        found = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if found.get("type") not in ("checkbox", "radio") or re.search(r"\schecked\b", tag):
            sent.setdefault(found["name"], []).append(unescape(found.get("value", "")))
    for name, text in re.findall(r'<textarea[^>]*name="(\w+)"[^>]*>([^<]*)</textarea>', form):
        sent.setdefault(name, []).append(unescape(text))
    for name, inside in re.findall(r'<select[^>]*name="(\w+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        sent[name] = re.findall(r'value="([^"]*)" selected', inside)
    return sent


def deeds(services: Services) -> list[tuple[str, str, dict[str, Any]]]:
    with services.store.begin() as tx:
        rows = tx.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        return [(row.what, row.subject, row.detail) for row in rows if "material" in row.what]


@pytest.fixture
def carla(services: Services) -> Browser:
    return log_in(services, Role.COORDINATOR)


def test_material_is_found_by_title_topic_kind_level_and_state(services: Services, carla: Browser) -> None:
    put(services, EXCEL, RADIO, replace(PAGE, level=Level.ADVANCED))
    titles = {EXCEL.title, RADIO.title, PAGE.title}

    def found(**asked: str) -> set[str]:
        page = carla.get("/console/material", query_string=asked).text
        return {title for title in titles if title in page}

    assert found() == titles
    assert found(q="cálculo hoja") == {EXCEL.title}
    assert found(q="ingles") == found(tipo="radio") == {RADIO.title}
    assert found(nivel="advanced") == {PAGE.title}
    assert found(estado="retirados") == set()
    assert found(tipo="x", nivel="y", estado="z", after="no", q="\x00") == titles


@pytest.mark.parametrize("row", [EXCEL, PAGE, RADIO, SHEET], ids=lambda row: row.kind)
def test_who_changes_nothing_leaves_everything_as_it_is(
    services: Services, carla: Browser, row: ResourceRow
) -> None:
    (resource_id,) = put(services, row)
    form = fields_of(carla.get(f"/console/material/{resource_id}/editar").text)
    assert carla.post(f"/console/material/{resource_id}/editar", form).status_code == 302
    assert kept(services, resource_id).row == row
    assert deeds(services) == []


def test_a_lesson_is_shown_part_by_part_as_a_basic_phone_gets_it_with_what_each_takes(
    services: Services, carla: Browser
) -> None:
    (resource_id,) = put(services, EXCEL)
    page = unescape(carla.get(f"/console/material/{resource_id}").text)
    assert "1/2 Abra Excel y busque el menu.\nSIGUE" in page
    assert "*Excel desde cero* · 1 de 2\n\nAbra Excel y busque el menú." in page
    assert "2/2 Escriba =A1+A2." in page
    assert "SMS: 1 mensaje, 38 letras, quedan 122" in page
    assert "Para aprender excel:\n1 Excel desde cero: por mensajes, basico, 15 min" in page


def test_a_changed_lesson_is_found_by_its_new_meaning_at_once(services: Services, carla: Browser) -> None:
    (resource_id,) = put(services, EXCEL)
    assert services.parser is not None
    meaning = Meaning(services.parser.tagger)
    with services.store.begin() as tx:
        resources.place_among_meanings(tx, meaning)
        before = list(tx.session.scalars(select(Resource)).one().embedding or ())
    form = fields_of(carla.get(f"/console/material/{resource_id}/editar").text)
    form |= {"title": "Coser a máquina", "topics": "costura; coser", "part": ["Enhebre.", "", "Cosa."]}
    assert carla.post(f"/console/material/{resource_id}/editar", form).status_code == 302
    after = kept(services, resource_id)
    assert (after.row.title, after.row.topics, after.row.parts, after.row.key) == (
        "Coser a máquina",
        ("costura", "coser"),
        ("Enhebre.", "Cosa."),
        "excel-cero",
    )
    with services.store.begin() as tx:
        row = tx.session.scalars(select(Resource)).one()
        assert row.embedded_by == meaning.model
        assert row.embedding is not None
        assert list(row.embedding) != before
    assert deeds(services) == [
        ("changed-material", f"resource:{resource_id}", {"changed": ["title", "topics", "parts"]})
    ]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"title": ""}, "hace falta"),
        ({"title": "x" * 45}, "lo más son 44"),
        ({"topics": " "}, "hace falta"),
        ({"summary": "x" * 161}, "lo más son 160"),
        ({"minutes": "0"}, "de 1 a 600"),
        ({"source": ""}, "hace falta"),
        ({"kind": ""}, "hace falta"),
        ({"level": "x"}, "básico, intermedio, avanzado"),
        ({"part": ["Una sola."]}, "de 2 a 9"),
        ({"part": ["x" * 151, "y"]}, "Tiene 151 letras; caben 150"),
        ({"part": ["Mire\x07", "y"]}, "no se ve"),
        ({"part": ["Uno | dos", "y"]}, "No use la barra"),
        ({"kind": "page", "address": "http://x.pe", "kb": "10"}, "https://"),
        ({"kind": "page", "address": "https://x.pe/", "kb": ""}, "kB|datos"),
        ({"kind": "page", "address": "https://x.pe/", "kb": "9999"}, "de 1 a 2000"),
        ({"kind": "radio", "station": ""}, "vacío"),
        ({"kind": "printed", "services": []}, "vacío"),
        ({"title": "Curso\x07"}, "no se ve"),
    ],
)
def test_what_is_wrong_is_told_beside_its_field_and_nothing_is_saved(
    services: Services, carla: Browser, wrong: dict[str, Any], told: str
) -> None:
    (resource_id,) = put(services, EXCEL)
    form = (
        fields_of(carla.get(f"/console/material/{resource_id}/editar").text) | {"language": "quechua"} | wrong
    )
    answer = carla.post(f"/console/material/{resource_id}/editar", form)
    assert answer.status_code == 200
    faults = " ".join(re.findall(r'<p class="error"[^>]*>(.*?)</p>', answer.text))
    assert re.search(told, unescape(faults)), faults
    assert "Todavía no se guardó nada" in answer.text
    assert 'value="quechua"' in answer.text
    assert kept(services, resource_id).row == EXCEL


def test_a_lesson_becomes_a_page_and_its_parts_are_gone(services: Services, carla: Browser) -> None:
    (resource_id,) = put(services, EXCEL)
    form = fields_of(carla.get(f"/console/material/{resource_id}/editar").text)
    form |= {"kind": "page", "address": "https://aprende.example/excel", "kb": "90"}
    assert carla.post(f"/console/material/{resource_id}/editar", form).status_code == 302
    row = kept(services, resource_id).row
    assert (row.kind, row.where, row.kb, row.parts) == (
        ResourceKind.PAGE,
        "https://aprende.example/excel",
        90,
        (),
    )


def test_how_it_will_be_read_is_seen_before_it_is_saved(services: Services, carla: Browser) -> None:
    form = fields_of(carla.get("/console/material/nuevo").text) | {
        "title": "Word desde cero",
        "topics": "word; cartas",
        "summary": "Escribir una carta.",
        "minutes": "10",
        "source": "Ayllu, CC BY 4.0",
        "part": ["Abra Word. 👍", "Escriba Señor.", "", "Guarde."],
        "ver": "1",
    }
    seen = unescape(carla.post("/console/material/nuevo", form).text)
    assert "3/3 Guarde." in seen
    assert "10 de 150 letras. En un SMS no sale: 👍" in seen
    assert "Todavía no se guardó nada" in seen
    with services.store.begin() as tx:
        assert resources.keys(tx) == set()
    del form["ver"]
    answer = carla.post("/console/material/nuevo", form)
    assert answer.status_code == 302
    (resource_id,) = re.findall(r"\d+", answer.location)
    assert kept(services, int(resource_id)).row.key == "word-desde-cero"
    assert kept(services, int(resource_id)).is_placed
    assert deeds(services) == [("added-material", f"resource:{resource_id}", {})]
    assert "Ya hay un material con ese título" in carla.post("/console/material/nuevo", form).text


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(services: Services, carla: Browser) -> None:
    (resource_id,) = put(services, EXCEL)
    form = fields_of(carla.get(f"/console/material/{resource_id}/editar").text) | {"title": "Mío"}
    with services.store.begin() as tx:
        resources.put(tx, replace(EXCEL, title="Suyo"), demo=False, now=NOW + timedelta(hours=1))
    answer = carla.post(f"/console/material/{resource_id}/editar", form)
    assert "Alguien cambió este material" in answer.text
    assert carla.post(f"/console/material/{resource_id}/editar", fields_of(answer.text)).status_code == 302
    assert kept(services, resource_id).row.title == "Mío"


def test_what_is_withdrawn_is_offered_to_nobody_until_it_is_again(services: Services, carla: Browser) -> None:
    (resource_id,) = put(services, EXCEL)

    def offered() -> bool:
        page = carla.post("/console/material/probar", {"texto": "quiero aprender excel"}).text
        return "1 Excel desde cero" in page

    assert offered()
    assert carla.post(f"/console/material/{resource_id}/retirar").status_code == 302
    assert not offered()
    put(services, replace(EXCEL, minutes=20))
    assert not offered(), "a file that names it does not offer it"
    carla.post(f"/console/material/{resource_id}/retirar")
    assert carla.post(f"/console/material/{resource_id}/ofrecer").status_code == 302
    assert offered()
    assert [what for what, _, _ in deeds(services)] == ["withdrew-material", "offered-material"]


def test_a_question_is_tried_as_a_real_one_goes_and_the_answer_gives_its_reasons(
    services: Services, demo: None, carla: Browser
) -> None:
    page = unescape(
        carla.post("/console/material/probar", {"texto": "cómo aprendo excel", "canal": "sms"}).text
    )
    assert "Aprender algo" in page
    assert "Para aprender excel:\n1 Excel desde cero" in page
    first = page.index('<table class="table')
    assert page.index("Excel desde cero", first) < page.index("No: es de otra cosa", first)
    on_whatsapp = carla.post("/console/material/probar", {"texto": "cómo aprendo excel", "canal": "whatsapp"})
    assert "*Para aprender excel*, gratis:" in on_whatsapp.text
    with services.store.begin() as tx:
        assert tx.session.scalars(select(Search)).all() == []


@pytest.mark.parametrize(
    "text", ["mi hija de 2 años necesita guardería en Comas", "hola", "<script>", "\x00", " "]
)
def test_any_message_may_be_tried(services: Services, carla: Browser, text: str) -> None:
    answer = carla.post("/console/material/probar", {"texto": text, "canal": "x"})
    assert answer.status_code == 200
    assert "<dd>Aprender algo" not in answer.text
    assert "<script>" not in answer.text.replace("<script src", "")


def test_what_is_exported_is_read_back_and_changes_nothing(services: Services, carla: Browser) -> None:
    put(services, EXCEL, PAGE, RADIO, SHEET)
    answer = carla.get("/console/material/exportar.csv")
    report = read_resources(answer.data)
    assert report.errors == ()
    with services.store.begin() as tx:
        planned = plan(tx, RESOURCES, report, services.places, NOW)
    assert (planned.new, planned.changed, planned.same) == ((), (), 4)


def test_an_operator_reads_and_tries_and_changes_nothing(services: Services) -> None:
    (resource_id,) = put(services, EXCEL)
    olga = log_in(services)
    assert "Editar" not in olga.get(f"/console/material/{resource_id}").text
    olga.get("/console/material/probar")
    for path in ("retirar", "ofrecer", "editar"):
        assert olga.post(f"/console/material/{resource_id}/{path}").status_code == 403
    for path in ("nuevo", "importar", "exportar.csv"):
        olga.get(f"/console/material/{path}", status=403)


def test_invented_material_is_not_shown_where_people_are_real(services: Services) -> None:
    (resource_id,) = put(services, replace(EXCEL, demo=True))
    live = services.settings.model_copy(update={"twilio_api_url": "https://api.twilio.com"})
    carla = log_in(replace(services, settings=live), Role.COORDINATOR)
    assert EXCEL.title not in carla.get("/console/material").text
    carla.get(f"/console/material/{resource_id}", status=404)
    assert EXCEL.title not in carla.post("/console/material/probar", {"texto": "aprender excel"}).text


def test_pages_are_light(services: Services, demo: None, carla: Browser) -> None:
    with services.store.begin() as tx:
        lesson = tx.session.scalar(select(Resource.id).where(Resource.kind == "sms"))
    for path in ("", f"/{lesson}", f"/{lesson}/editar", "/nuevo", "/probar"):
        assert len(carla.get(f"/console/material{path}").data) < 45_000, path
