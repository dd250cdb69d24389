"""Hubs in the console: found, kept right, closed."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from sqlalchemy import select

from bot.console.access import Role
from bot.importers.hubs import HubRow, read_hubs
from bot.intake import HUBS, plan
from bot.services import Services
from bot.store import hubs
from bot.store.tables import AuditEntry, Hub
from matching.schema import Point
from tests.support.console import Browser, log_in

NOW = datetime(2026, 11, 25, 15, 0, tzinfo=UTC)
LIBRARY = HubRow(
    key="biblioteca-comas",
    name="Biblioteca de Comas",
    ubigeo="150110",
    point=Point(-11.9572, -77.0494),
    address="Plaza de Armas s/n",
    services=("internet", "printing"),
    hours=dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ("09:00", "18:00")),
    free=True,
)


def put(services: Services, *rows: HubRow) -> list[int]:
    """The ids of hubs that are there from now on."""
    with services.store.begin() as tx:
        for row in rows:
            hubs.put(tx, row, row.demo, NOW)
        return [found for row in rows if (found := hubs.id_of(tx, row.key))]


def kept(services: Services, hub_id: int) -> hubs.Kept:
    with services.store.begin() as tx:
        found = hubs.kept(tx, hub_id, include_demo=True)
    assert found is not None
    return found


def fields_of(page: str) -> dict[str, Any]:
    """What the form on a page would send as it stands, all values of each field."""
    form = page[page.index('<form method="post" class="stack"') :]
    form = form[: form.index("</form>")]
    sent: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        found = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if found.get("type") in ("checkbox", "radio") and not re.search(r"\schecked\b", tag):
            continue
        if "name" in found:
            sent.setdefault(found["name"], []).append(unescape(found.get("value", "")))
    return sent


def deeds(services: Services) -> list[tuple[str, str, dict[str, Any]]]:
    with services.store.begin() as tx:
        rows = tx.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        return [(row.what, row.subject, row.detail) for row in rows if "hub" in row.what]


@pytest.fixture
def carla(services: Services) -> Browser:
    return log_in(services, Role.COORDINATOR)


def test_a_hub_is_found_by_any_of_its_words_whatever_the_accents(services: Services, carla: Browser) -> None:
    put(services, LIBRARY, replace(LIBRARY, key="x", name="Telecentro Ñaña", address="Av. Bolívar 3"))
    assert "Telecentro Ñaña" in carla.get("/console/centros").text
    for query in ("ñaña", "BOLIVAR naña".replace("naña", "ñaña"), "telecentro"):
        page = carla.get("/console/centros", query_string={"q": query}).text
        assert "Telecentro" in page
        assert "Biblioteca de Comas" not in page
    assert "No hay centros así" in carla.get("/console/centros", query_string={"q": "100%_"}).text


def test_hubs_are_found_by_district_service_and_state(services: Services, carla: Browser) -> None:
    here, there = put(
        services,
        LIBRARY,
        replace(LIBRARY, key="ate", name="Ate Digital", ubigeo="150103", services=("wifi",)),
    )
    with services.store.begin() as tx:
        hubs.close(tx, there, NOW)
        hubs.seen(tx, here, "R. Huamán", datetime.now(UTC) - timedelta(days=3))

    def names(**asked: str) -> set[str]:
        page = carla.get("/console/centros", query_string=asked).text
        return {name for name in ("Biblioteca de Comas", "Ate Digital") if name in page}

    assert names() == names(distrito="Collique") == names(servicio="printing") == {"Biblioteca de Comas"}
    assert names(estado="cerrados") == names(estado="todos", distrito="Ate") == {"Ate Digital"}
    assert names(estado="por-confirmar") == set()
    assert "No conocemos ese distrito" in carla.get("/console/centros?distrito=San+Miguel").text
    assert names(estado="x", servicio="x") == {"Biblioteca de Comas"}


def test_the_list_goes_on_by_pages_and_every_hub_is_on_one(services: Services, carla: Browser) -> None:
    put(services, *(replace(LIBRARY, key=f"k{n}", name=f"Centro {n % 7}") for n in range(60)))
    seen: list[str] = []
    address: str | None = "/console/centros?distrito=Comas"
    while address:
        page = carla.get(address).text
        seen += re.findall(r"/console/centros/(\d+)", page)
        found = re.search(r'rel="next" href="([^"]+)"', page)
        address = unescape(found[1]) if found else None
    assert len(seen) == len(set(seen)) == 60


@pytest.mark.parametrize("after", ["x", "9", "999999999999999999999999:a", "-1:a", "1:\x00"])
def test_a_page_that_is_none_shows_the_beginning(services: Services, carla: Browser, after: str) -> None:
    put(services, LIBRARY)
    carla.get("/console/centros", query_string={"after": after, "q": "\x00"})


def test_hubs_stand_on_the_map_with_their_state_and_a_way_to_each(services: Services, carla: Browser) -> None:
    (hub_id,) = put(services, LIBRARY)
    page = carla.get("/console/centros/mapa").text
    assert f'<a href="/console/centros/{hub_id}">Biblioteca de Comas</a>' in page
    assert "por confirmar" in page
    away = carla.get("/console/centros/mapa?mapa=-16.4,-71.5,12").text
    assert "No hay centros así en esta parte del mapa" in away


def test_a_hub_shows_its_hours_its_place_and_what_people_read(services: Services, carla: Browser) -> None:
    (hub_id,) = put(services, LIBRARY)
    page = carla.get(f"/console/centros/{hub_id}").text
    assert "9am-6pm" in page
    assert "no abre" in page
    assert "Biblioteca de Comas: 800 m" in page
    assert "*1. Biblioteca de Comas*" in page
    assert 'aria-current="true"' in page


def test_who_changes_nothing_leaves_everything_as_it_is(services: Services, carla: Browser) -> None:
    (hub_id,) = put(services, LIBRARY)
    page = carla.get(f"/console/centros/{hub_id}/editar").text
    answer = carla.post(f"/console/centros/{hub_id}/editar", fields_of(page))
    assert answer.status_code == 302
    assert kept(services, hub_id).row == LIBRARY
    assert deeds(services) == []


def test_a_hub_is_edited_as_the_importer_would_read_it(services: Services, carla: Browser) -> None:
    (hub_id,) = put(services, LIBRARY)
    form = fields_of(carla.get(f"/console/centros/{hub_id}/editar").text)
    form |= {
        "name": "  Biblioteca   Municipal ",
        "services": ["wifi", "printing"],
        "free": "no",
        "sat_opens": "09:00",
        "sat_closes": "1pm",
        "fri_opens": "",
        "fri_closes": "",
        "district": "Año Nuevo",
        "lat": "",
        "lon": "",
        "seen": "1",
    }
    assert carla.post(f"/console/centros/{hub_id}/editar", form).status_code == 302
    after = kept(services, hub_id)
    assert after.row.name == "Biblioteca Municipal"
    assert after.row.services == ("wifi", "printing")
    assert after.row.free is False
    assert after.row.hours["sat"] == ("09:00", "13:00")
    assert "fri" not in after.row.hours
    assert after.row.ubigeo == "150110"
    assert after.row.key == LIBRARY.key
    assert after.seen_by == "Carla Coordinadora"
    (changed, sure) = deeds(services)
    assert changed == (
        "changed-hub",
        f"hub:{hub_id}",
        {"changed": ["name", "point", "services", "hours", "free"]},
    )
    assert sure[0] == "made-sure-of-hub"


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"name": ""}, "hace falta"),
        ({"name": "x" * 121}, "lo más son 120"),
        ({"services": []}, "Marque por lo menos un servicio"),
        ({"mon_opens": "25:00"}, "hora"),
        ({"mon_closes": ""}, "Ponga las dos horas"),
        (
            {f"{day}_{part}": "" for day in LIBRARY.hours for part in ("opens", "closes")},
            "por lo menos un día",
        ),
        ({"free": ""}, "hace falta"),
        ({"district": "zzzz"}, "No conocemos «zzzz»"),
        ({"district": "San Miguel"}, "Escoja uno"),
        ({"lat": "-77.0", "lon": "-11.9"}, "fuera del Perú"),
        ({"lat": "-12.46", "lon": "-76.78"}, "de Comas"),
        ({"name": "Centro\x07"}, "un carácter que no se ve"),
    ],
)
def test_what_is_wrong_is_told_beside_its_field_and_nothing_is_saved(
    services: Services, carla: Browser, wrong: dict[str, Any], told: str
) -> None:
    (hub_id,) = put(services, LIBRARY)
    form = fields_of(carla.get(f"/console/centros/{hub_id}/editar").text) | {"address": "Otra"} | wrong
    answer = carla.post(f"/console/centros/{hub_id}/editar", form)
    assert answer.status_code == 200
    assert told in answer.text
    assert "Todavía no se guardó nada" in answer.text
    assert 'value="Otra"' in answer.text
    assert kept(services, hub_id).row == LIBRARY


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(services: Services, carla: Browser) -> None:
    (hub_id,) = put(services, LIBRARY)
    form = fields_of(carla.get(f"/console/centros/{hub_id}/editar").text) | {"name": "Mía"}
    with services.store.begin() as tx:
        hubs.put(tx, replace(LIBRARY, name="Suya"), demo=False, now=NOW + timedelta(hours=1))
    answer = carla.post(f"/console/centros/{hub_id}/editar", form)
    assert "Alguien cambió este centro" in answer.text
    assert kept(services, hub_id).row.name == "Suya"
    again = carla.post(f"/console/centros/{hub_id}/editar", fields_of(answer.text))
    assert again.status_code == 302
    assert kept(services, hub_id).row.name == "Mía"


def test_the_map_and_monday_for_all_are_asked_for_without_saving(services: Services, carla: Browser) -> None:
    (hub_id,) = put(services, LIBRARY)
    form = fields_of(carla.get(f"/console/centros/{hub_id}/editar").text)
    form |= {"name": "", "mon_opens": "08:30", "copiar": "1"}
    copied = carla.post(f"/console/centros/{hub_id}/editar", form).text
    assert fields_of(copied)["fri_opens"] == ["08:30"]
    assert fields_of(copied)["sat_opens"] == [""]
    assert "hace falta" not in copied
    del form["copiar"]
    found = carla.post(
        f"/console/centros/{hub_id}/editar", form | {"district": "Ate", "ubicar": "buscar"}
    ).text
    assert "150103" in found
    assert kept(services, hub_id).row == LIBRARY


def test_a_new_hub_is_there_at_once_and_its_name_is_taken(services: Services, carla: Browser) -> None:
    form = fields_of(carla.get("/console/centros/nuevo").text) | {
        "name": "Telecentro Collique",
        "district": "Collique",
        "services": ["internet"],
        "mon_opens": "09:00",
        "mon_closes": "13:00",
    }
    answer = carla.post("/console/centros/nuevo", form)
    assert answer.status_code == 302
    (hub_id,) = re.findall(r"\d+", answer.location)
    hub = kept(services, int(hub_id))
    assert hub.row.key == "telecentro-collique-150110"
    assert hub.row.point == Point(-11.915, -77.02)
    assert hub.row.demo is False
    assert hub.seen_by == "Carla Coordinadora"
    assert deeds(services) == [("added-hub", f"hub:{hub_id}", {})]
    assert "Ya hay un centro con ese nombre" in carla.post("/console/centros/nuevo", form).text


def test_hours_that_end_before_they_begin_are_saved_and_pointed_out(
    services: Services, carla: Browser
) -> None:
    (hub_id,) = put(services, LIBRARY)
    form = fields_of(carla.get(f"/console/centros/{hub_id}/editar").text) | {"tue_closes": "06:00"}
    assert carla.post(f"/console/centros/{hub_id}/editar", form).status_code == 302
    assert "Revise martes: cierra antes de abrir" in carla.get(f"/console/centros/{hub_id}").text


def test_nobody_is_sent_to_a_hub_that_closed_until_it_opens_again(services: Services, carla: Browser) -> None:
    (hub_id,) = put(services, LIBRARY)

    def offered() -> int:
        with services.store.begin() as tx:
            return len(hubs.near(tx, LIBRARY.point, 2, include_demo=False))

    assert carla.post(f"/console/centros/{hub_id}/cerrar").status_code == 302
    assert offered() == 0
    assert "Cerrado" in carla.get(f"/console/centros/{hub_id}").text
    put(services, LIBRARY)
    assert offered() == 0, "a file that names it does not open it"
    carla.post(f"/console/centros/{hub_id}/cerrar")
    assert carla.post(f"/console/centros/{hub_id}/reabrir").status_code == 302
    assert offered() == 1
    assert [what for what, _, _ in deeds(services)] == ["closed-hub", "reopened-hub"]


def test_what_is_exported_is_read_back_and_changes_nothing(services: Services, carla: Browser) -> None:
    put(services, LIBRARY, *(replace(LIBRARY, key=f"k{n}", name=f"=Centro {n}") for n in range(3)))
    answer = carla.get("/console/centros/exportar.csv?distrito=Comas")
    assert "attachment" in answer.headers["Content-Disposition"]
    report = read_hubs(answer.data, services.places)
    assert report.errors == ()
    assert {row.key: row for row in report.rows}[LIBRARY.key] == LIBRARY
    with services.store.begin() as tx:
        planned = plan(tx, HUBS, report, services.places, NOW)
    assert (planned.new, planned.changed, planned.same) == ((), (), 4)


def test_a_file_is_taken_in_after_a_look_at_what_it_changes(services: Services, carla: Browser) -> None:
    put(services, LIBRARY)
    lines = "key,name,district,services,hours,free\n"
    lines += "biblioteca-comas,Biblioteca Nueva,Comas,internet; impresiones,lun-vie 9-18,si\n"
    lines += "otra,Otra,Ate,wifi,lun 9-12,si\nmala,Mala,zzzz,wifi,lun 9-12,si\n"
    sent = carla.post("/console/centros/importar", {"archivo": (io.BytesIO(lines.encode()), "centros.csv")})
    preview = carla.get(sent.location).text
    assert "Biblioteca Nueva" in preview
    assert "«zzzz» no es un lugar conocido" in preview
    found = re.search(r'name="huella" value="([^"]+)"', preview)
    assert found is not None
    assert carla.post(sent.location, {"huella": found[1]}).status_code == 303
    with services.store.begin() as tx:
        assert hubs.keys(tx) == {"biblioteca-comas", "otra"}
        assert hubs.rows(tx, ["biblioteca-comas"])["biblioteca-comas"].name == "Biblioteca Nueva"


def test_an_operator_makes_sure_of_a_hub_and_changes_none(services: Services) -> None:
    (hub_id,) = put(services, LIBRARY)
    olga = log_in(services)
    page = olga.get(f"/console/centros/{hub_id}").text
    assert "Editar" not in page
    assert olga.post(f"/console/centros/{hub_id}/confirmar").status_code == 302
    assert kept(services, hub_id).seen_by == "Olga Operadora"
    for path in ("editar", "cerrar", "reabrir"):
        assert olga.post(f"/console/centros/{hub_id}/{path}").status_code == 403
    for path in ("nuevo", "importar", "exportar.csv"):
        assert olga.get(f"/console/centros/{path}", status=403)


def test_invented_hubs_are_not_shown_where_people_are_real(services: Services) -> None:
    (hub_id,) = put(services, replace(LIBRARY, demo=True))
    live = services.settings.model_copy(update={"twilio_api_url": "https://api.twilio.com"})
    carla = log_in(replace(services, settings=live), Role.COORDINATOR)
    assert "Biblioteca de Comas" not in carla.get("/console/centros").text
    carla.get(f"/console/centros/{hub_id}", status=404)
    carla.get(f"/console/centros/{hub_id}/editar", status=404)


def test_pages_are_light(services: Services, demo: None, carla: Browser) -> None:
    with services.store.begin() as tx:
        hub_id = tx.session.scalar(select(Hub.id))
    for path in ("", "/mapa", f"/{hub_id}", f"/{hub_id}/editar", "/nuevo"):
        assert len(carla.get(f"/console/centros{path}").data) < 45_000, path
