"""A coordinator looks after the learning material: reads it as people do, writes a lesson, tries a question."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from bot.console.access import Role
from tests.browser.visitor import Visitor


@pytest.mark.usefixtures("demo")
def test_material_is_found_read_as_people_read_it_and_withdrawn(visitor: Visitor) -> None:
    visitor.log_in(Role.COORDINATOR)
    page = visitor.open("/console/material", "material")
    page.get_by_label("Título o tema").fill("excel")
    page.get_by_label("Tipo").select_option(label="lección por mensajes")
    page.get_by_role("button", name="Buscar").click()
    page.get_by_role("link", name="Excel desde cero").click()
    visitor.look("lesson")
    expect(page.get_by_text("Parte 6 de 6")).to_be_visible()
    expect(page.locator(".bubble--sms").nth(1)).to_contain_text("1/6 Excel es una hoja con casillas")
    page.get_by_role("button", name="Retirar").click()
    expect(page.get_by_role("status")).to_contain_text("ya no se ofrece")
    page.get_by_role("button", name="Ofrecer de nuevo").click()
    expect(page.get_by_text("Se ofrece", exact=True)).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False], ids=["with javascript", "without"])
def test_a_lesson_is_written_seen_and_saved(
    javascript: bool, visitor: Visitor, without_javascript: Visitor
) -> None:
    somebody = visitor if javascript else without_javascript
    somebody.log_in(Role.COORDINATOR)
    page = somebody.page
    page.goto(f"{somebody.url}/console/material/nuevo")
    if javascript:
        somebody.look("lesson-new")
    page.get_by_label("Título").fill("Yape sin miedo")
    page.get_by_label("Palabras con que se pide").fill("yape; pagar con celular")
    page.get_by_label("Qué se aprende").fill("Pagar y cobrar con el celular.")
    page.get_by_label("Minutos que toma").fill("10")
    page.get_by_label("De quién es").fill("Ayllu, CC BY 4.0")
    page.get_by_label("Parte 1").fill("Baje la aplicación. " * 9)
    page.get_by_label("Parte 2").fill("Nunca dé su clave a nadie.")
    page.get_by_role("button", name="Ver cómo se lee").click()
    expect(page.get_by_text("Tiene 179 letras; caben 150")).to_be_visible()
    page.get_by_label("Parte 1").fill("Baje la aplicación de su banco.")
    page.get_by_role("button", name="Ver cómo se lee").click()
    expect(page.get_by_text("31 de 150 letras")).to_be_visible()
    expect(page.locator(".bubble--sms", has_text="1/2 Baje la aplicacion de su banco.")).to_be_visible()
    if javascript:
        somebody.shot("lesson-new-seen-1280")
        assert somebody.serious_faults() == []
    page.get_by_role("button", name="Guardar").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Yape sin miedo")
    page.get_by_role("link", name="Editar").click()
    page.get_by_label("página de internet").check()
    expect(page.get_by_label("Parte 1")).to_be_hidden()
    page.get_by_label("Dirección").fill("http://yape.example")
    page.get_by_role("button", name="Guardar").last.click()
    expect(page.get_by_text("https://").first).to_be_visible()
    expect(page.get_by_text("Falta corregir lo que está marcado")).to_be_visible()


@pytest.mark.usefixtures("demo")
def test_a_question_is_tried_and_the_answer_gives_its_reasons(visitor: Visitor) -> None:
    visitor.log_in(Role.OPERATOR)
    page = visitor.open("/console/material/probar", "material-try")
    page.get_by_label("Mensaje").fill("cómo aprendo excel")
    page.get_by_role("button", name="Probar").click()
    expect(page.locator(".bubble--sms")).to_contain_text("1 Excel desde cero")
    first = page.get_by_role("row").nth(1)
    expect(first).to_contain_text("Excel desde cero")
    expect(first).to_contain_text("Sí")
    assert visitor.serious_faults() == []
    visitor.shot("material-tried-1280")
    page.get_by_label("Mensaje").fill("busco niñera en comas")
    page.get_by_label("Desde").select_option(label="WhatsApp")
    page.get_by_role("button", name="Probar").click()
    expect(page.get_by_text(re.compile("Otra cosa"))).to_be_visible()
    expect(page.locator(".bubble--whatsapp").first).to_be_visible()
