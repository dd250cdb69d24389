"""A provider is verified to the end by two people; a bad table is taken in as far as it is good."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from bot.console.access import Role
from bot.services import Services
from bot.store import checks, own_files
from tests.browser.visitor import Visitor
from tests.support.carers import put_on_file

LUNA = {
    "name": "Nido Luna de Lana",
    "kind": "nido",
    "phone": "+51987654321",
    "district": "Comas",
    "address": "Jr. Los Pinos 120",
    "min_age": "1a",
    "max_age": "5a",
    "days": "lun-vie",
    "opens": "07:30",
    "closes": "17:00",
    "price": "350",
    "period": "mes",
    "places": "4",
    "amenities": "almuerzo; patio",
    "verified": "",
    "verified_by": "",
    "verified_at": "",
}


@pytest.fixture
def luna(services: Services, tmp_path: Path) -> int:
    put_on_file(services, {"luna": LUNA}, tmp_path / "providers.csv", datetime.now(UTC))
    with services.store.begin() as tx:
        found = own_files.named(tx, "luna")
        assert found is not None
        return found


def note(page: Page, check: str) -> None:
    line = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=check, exact=True))
    line.get_by_text("Anotar que se hizo").click()
    line.get_by_label("Nota").fill("Todo en orden")
    line.get_by_role("button", name=f"Anotar: {check}").click()
    expect(page.get_by_role("status").first).to_contain_text(f"{check}: anotada")


def test_a_provider_is_verified_to_the_end_by_two_people(
    visitor: Visitor, another: Callable[..., Visitor], luna: int
) -> None:
    visitor.log_in(Role.OPERATOR)
    page = visitor.open("/console/proveedores", "providers")
    page.get_by_role("link", name="Por verificar (1)").click()
    page.get_by_role("link", name="Nido Luna de Lana").click()
    visitor.look("provider-unverified")
    for check in ("Identidad", "Antecedentes", "Visita al lugar", "Licencia"):
        note(page, check)
    expect(page.get_by_text("Falta que lo confirme quien coordina")).to_be_visible()
    visitor.look("provider-checked")

    carla = another()
    carla.log_in(Role.COORDINATOR)
    page = carla.open("/console/proveedores?estado=por-confirmar")
    page.get_by_role("link", name="Nido Luna de Lana").click()
    page.get_by_role("button", name="Confirmar la verificación").click()
    expect(page.get_by_text("las familias ya lo ven")).to_be_visible()
    expect(page.get_by_text("Verificado hasta el").first).to_be_visible()
    carla.look("provider-verified")
    with visitor.services.store.begin() as tx:
        assert checks.standing(tx, luna, datetime.now(UTC)).verified


def test_a_date_that_cannot_be_is_told_beside_its_field(without_javascript: Visitor, luna: int) -> None:
    visitor = without_javascript
    visitor.log_in(Role.OPERATOR)
    page = visitor.page
    page.goto(f"{visitor.url}/console/proveedores/{luna}")
    line = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name="Licencia"))
    line.get_by_text("Anotar que se hizo").click()
    line.get_by_label("Qué día").fill("2020-01-01")
    line.locator("form").first.evaluate("form => form.noValidate = true")
    line.get_by_role("button", name="Anotar: Licencia").click()
    expect(page.get_by_text("Una revisión de esa fecha ya venció")).to_be_visible()
    expect(page.get_by_label("Qué día").nth(3)).to_have_value("2020-01-01")


def test_the_file_is_changed_by_its_form(visitor: Visitor, luna: int) -> None:
    visitor.log_in(Role.COORDINATOR)
    page = visitor.open(f"/console/proveedores/{luna}/editar", "provider-edit")
    page.get_by_label("Precio en soles").fill("carísimo")
    page.get_by_role("button", name="Guardar").last.click()
    expect(page.get_by_text("no es un precio")).to_be_visible()
    visitor.look("provider-edit-wrong")
    page.get_by_label("Precio en soles").fill("380")
    page.get_by_role("button", name="Guardar").last.click()
    expect(page.get_by_text("S/ 380 al mes")).to_be_visible()


def test_a_bad_table_is_taken_in_as_far_as_it_is_good(visitor: Visitor, luna: int, tmp_path: Path) -> None:
    table = tmp_path / "cuidadoras.csv"
    header = "key;name;kind;phone;district;min_age;max_age;days;opens;closes;price;period;places"
    rows = [
        "luna;Nido Luna de Lana;nido;987654321;Comas;1a;5a;lun-vie;7:30;17:00;380;mes;3",
        "sol;Nido Ñusta del Sol;nido;;Los Olivos;1a;5a;lun-vie;8:00;16:00;300;mes;6",
        "mal;Nido Mal;colegio;01 555 1234;Miraflores;3;5a;lun-xyz;25:00;17:00;gratis;;muchos",
        ";;nido;;Comas;1a;5a;lun-vie;8:00;16:00;300;mes;6",
    ]
    table.write_bytes("\r\n".join((header, *rows)).encode("cp1252"))

    visitor.log_in(Role.COORDINATOR)
    page = visitor.open("/console/proveedores")
    page.get_by_role("link", name="Importar CSV").click()
    visitor.look("import")
    page.get_by_label("Archivo CSV").set_input_files(table)
    page.get_by_role("button", name="Ver qué cambiaría").click()
    expect(page.get_by_text("Todavía no se cambió nada")).to_be_visible()
    expect(page.get_by_text("«colegio» no es ninguno de estos")).to_be_visible()
    expect(page.get_by_text("no está en UTF-8")).to_be_visible()
    expect(page.get_by_role("row", name="Nido Ñusta del Sol")).to_be_visible()
    visitor.look("import-preview")
    page.get_by_role("button", name="Confirmar: 2 filas").click()
    expect(page.get_by_text("Listo: 1 proveedor nuevo, 1 cambió")).to_be_visible()
    page = visitor.open("/console/proveedores?q=nusta")
    expect(page.get_by_role("link", name="Nido Ñusta del Sol")).to_be_visible()
    visitor.open("/console/proveedores/exportar?q=nusta", "export")


def test_many_are_found_on_a_list_and_a_map(visitor: Visitor, demo: None) -> None:
    visitor.log_in(Role.COORDINATOR)
    visitor.open("/console/proveedores?distrito=Comas", "providers-demo")
    visitor.open("/console/proveedores/mapa?distrito=Comas", "providers-map")
    visitor.open("/console/proveedores/mapa", "providers-map-all")
    visitor.open("/console/proveedores?estado=por-vencer", "providers-expiring")
