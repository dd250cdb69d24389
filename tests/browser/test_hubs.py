"""A coordinator looks after the hubs: finds them, moves about the map, places a new one, corrects a bad file."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from playwright.sync_api import FloatRect, Page, Route, expect

from bot.console.access import Role
from bot.store import hubs
from tests.browser.visitor import Visitor

GREY_TILE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="256" height="256">'
    '<rect width="255" height="255" fill="#cdd"/></svg>'
)


def paper(page: Page) -> FloatRect:
    """Where the map's paper lies on the screen."""
    drawing = page.locator(".map__paper")
    drawing.scroll_into_view_if_needed()
    box = drawing.bounding_box()
    assert box is not None
    return box


@pytest.mark.usefixtures("demo")
def test_a_hub_is_found_looked_at_confirmed_and_closed(visitor: Visitor) -> None:
    visitor.log_in(Role.COORDINATOR)
    page = visitor.open("/console/centros", "hubs")
    page.get_by_label("Distrito").fill("Collique")
    page.get_by_label("Servicio").select_option(label="clases")
    page.get_by_role("button", name="Buscar").click()
    expect(page.get_by_role("row")).to_have_count(2)
    page.get_by_role("link", name="C. Digital Collique").click()
    visitor.look("hub")
    expect(page.get_by_text("Por confirmar", exact=True)).to_be_visible()
    page.get_by_role("button", name="Confirmar que todo sigue igual").click()
    expect(page.get_by_role("status")).to_have_text("Anotado: los datos están confirmados hoy.")
    expect(page.get_by_text("Confirmado", exact=True).first).to_be_visible()
    page.get_by_role("button", name="Cerrar").click()
    expect(page.get_by_text("Cerrado", exact=True).first).to_be_visible()
    page.get_by_role("button", name="Abrir de nuevo").click()
    expect(page.get_by_role("status")).to_have_text("Centro abierto: se ofrece otra vez.")


@pytest.mark.usefixtures("demo")
def test_the_map_moves_without_loading_the_page_again(visitor: Visitor) -> None:
    visitor.log_in()
    page = visitor.open("/console/centros/mapa", "hubs-map")
    page.evaluate("window.stays = true")
    page.get_by_label("Acercar").click()
    expect(page).to_have_url(re.compile(r"mapa=-?[\d.]+,-?[\d.]+,6"))
    expect(page.get_by_label("Acercar")).to_be_focused()
    before = page.locator(".map__paper").get_attribute("data-view")
    box = paper(page)
    page.mouse.move(box["x"] + 300, box["y"] + 200)
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + 150, steps=3)
    page.mouse.up()
    expect(page.locator(".map__paper")).not_to_have_attribute("data-view", before or "")
    page.locator(".map__group").first.click()
    expect(page).to_have_url(re.compile("mapa="))
    visitor.look("hubs-map-close")


@pytest.mark.usefixtures("demo")
def test_the_map_moves_without_javascript_too(without_javascript: Visitor) -> None:
    without_javascript.log_in()
    page = without_javascript.page
    page.goto(f"{without_javascript.url}/console/centros/mapa?distrito=Comas")
    page.get_by_label("Alejar").click()
    expect(page).to_have_url(re.compile(r"distrito=Comas.*mapa=|mapa=.*distrito=Comas"))
    page.get_by_role("link", name="Ver todo").first.click()
    expect(page).not_to_have_url(re.compile("mapa="))
    page.get_by_role("link", name="C. Digital Collique").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("C. Digital Collique (demo)")


@pytest.mark.usefixtures("demo")
def test_with_a_tile_server_the_ground_is_seen_and_its_makers_are_thanked(visitor: Visitor) -> None:
    told = {
        "map_tiles_url": "https://tiles.example.pe/{z}/{x}/{y}.png",
        "map_tiles_attribution": "© Quien los hizo",
    }
    settings = visitor.services.settings.model_copy(update=told)
    visitor.app.extensions["ayllu"] = replace(visitor.services, settings=settings)
    asked: list[str] = []

    def tile(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(body=GREY_TILE, content_type="image/svg+xml")

    visitor.context.route("https://tiles.example.pe/**", tile)
    visitor.log_in()
    page = visitor.page
    page.goto(f"{visitor.url}/console/centros/mapa?distrito=Comas")
    expect(page.get_by_text("© Quien los hizo")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert len(asked) >= 6
    assert visitor.faults == []
    assert visitor.serious_faults() == []
    visitor.shot("hubs-map-tiles-1280")


def test_a_new_hub_is_placed_by_name_and_by_a_click_on_the_map(visitor: Visitor) -> None:
    visitor.log_in(Role.COORDINATOR)
    page = visitor.open("/console/centros/nuevo", "hub-new")
    page.get_by_label("Nombre").fill("Telecentro San Miguel")
    page.get_by_label("Distrito o barrio").fill("San Miguel")
    page.get_by_role("button", name="Buscar en el mapa").click()
    expect(page.get_by_text("Hay varios lugares con ese nombre")).to_be_visible()
    visitor.shot("hub-new-which-1280")
    page.get_by_label("San Miguel, San Román, Puno").check()
    expect(page.get_by_text("San Miguel, San Román, Puno · ubigeo 211105")).to_be_visible()
    lat = page.get_by_label("Latitud").input_value()
    box = paper(page)
    page.mouse.click(box["x"] + box["width"] * 0.6, box["y"] + box["height"] * 0.4)
    expect(page.get_by_label("Latitud")).not_to_have_value(lat)
    expect(page.locator(".map__here")).to_be_visible()
    page.get_by_label("wifi").check()
    page.get_by_role("button", name="Guardar").last.click()
    expect(page.get_by_text("Ponga el horario de por lo menos un día.")).to_be_visible()
    visitor.faults.clear()
    visitor.shot("hub-new-wrong-1280")
    assert visitor.serious_faults() == []
    page.get_by_label("lunes, abre").fill("09:00")
    page.get_by_label("lunes, cierra").fill("18:00")
    page.get_by_role("button", name="Igual de martes a viernes").click()
    expect(page.get_by_label("viernes, cierra")).to_have_value("18:00")
    page.get_by_role("button", name="Guardar").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Telecentro San Miguel")
    visitor.look("hub-new-saved")
    with visitor.services.store.begin() as tx:
        row = hubs.rows(tx, ["telecentro-san-miguel-211105"])["telecentro-san-miguel-211105"]
    assert row.services == ("internet", "wifi")
    assert set(row.hours) == {"mon", "tue", "wed", "thu", "fri"}
    assert abs(row.point.lat - float(lat)) < 0.05
    assert row.point.lat != float(lat)


def test_a_new_hub_is_placed_without_javascript(without_javascript: Visitor) -> None:
    without_javascript.log_in(Role.COORDINATOR)
    page = without_javascript.page
    page.goto(f"{without_javascript.url}/console/centros/nuevo")
    page.get_by_label("Nombre").fill("Biblioteca Collique")
    page.get_by_label("Distrito o barrio").fill("Collique")
    page.get_by_role("button", name="Buscar en el mapa").click()
    expect(page.get_by_label("Latitud")).to_have_value("-11.915")
    expect(page.get_by_label("Nombre")).to_have_value("Biblioteca Collique")
    page.get_by_label("Acercar").click()
    page.get_by_label("Latitud").fill("-77.02")
    page.get_by_role("button", name="Ver el punto").click()
    expect(page.get_by_text("Ese punto está fuera del Perú")).to_be_visible()
    page.get_by_label("Latitud").fill("-11.918")
    page.get_by_label("sábado, abre").fill("09:00")
    page.get_by_label("sábado, cierra").fill("13:00")
    page.get_by_label("Nombre").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Biblioteca Collique")


def test_a_bad_file_says_what_is_wrong_and_takes_in_the_rest(visitor: Visitor) -> None:
    visitor.log_in(Role.COORDINATOR)
    page = visitor.open("/console/centros/importar", "hubs-import")
    lines = (
        "name,district,services,hours,free",
        "Biblioteca de Ate,Ate,internet; wifi,lun-vie 9-18,si",
        "Sin horario,Comas,internet,,si",
        "Lejos,Atlantida,internet,lun 9-12,si",
    )
    page.locator("input[type=file]").set_input_files(
        {"name": "centros.csv", "mimeType": "text/csv", "buffer": "\n".join(lines).encode()}
    )
    page.locator("main button").first.click()
    expect(page.get_by_text("«Atlantida» no es un lugar conocido")).to_be_visible()
    visitor.look("hubs-import-preview")
    page.get_by_role("button", name=re.compile("Importar|Confirmar|Aplicar")).first.click()
    expect(page.get_by_role("status")).to_contain_text("Listo")
    visitor.open("/console/centros")
    expect(page.get_by_role("link", name="Biblioteca de Ate")).to_be_visible()
