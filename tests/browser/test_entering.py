"""Logging in, with one's own eyes: the form, the wrong password, the code, the lock, the way out."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pyotp
from playwright.sync_api import Page, expect

from bot.console.access import Role
from tests.browser.visitor import Visitor
from tests.support.console import PASSWORD, add_operator


def fill(page: Page, login: str, password: str) -> None:
    page.get_by_label("Usuario").fill(login)
    page.get_by_label("Contraseña").fill(password)
    page.get_by_role("button", name="Entrar").click()


def test_a_wrong_password_is_said_and_the_right_one_leads_where_one_wanted_to_go(visitor: Visitor) -> None:
    add_operator(visitor.services, Role.ADMINISTRATOR)
    page = visitor.page
    page.goto(f"{visitor.url}/console/equipo")
    expect(page).to_have_url(re.compile(r"/console/entrar\?next="))
    visitor.look("enter")
    fill(page, "ada", "no es esta")
    expect(page.get_by_role("alert")).to_have_text("El usuario o la contraseña no son correctos.")
    expect(page.get_by_label("Usuario")).to_have_value("ada")
    expect(page.get_by_label("Contraseña")).to_have_value("")
    visitor.shot("enter-wrong-1280")
    fill(page, "ada", PASSWORD)
    expect(page).to_have_url(f"{visitor.url}/console/equipo")
    expect(page.get_by_role("link", name="Ada Administradora")).to_be_visible()


def test_by_keyboard_alone_one_comes_in_and_past_the_navigation(visitor: Visitor) -> None:
    add_operator(visitor.services, Role.OPERATOR)
    page = visitor.page
    page.goto(f"{visitor.url}/console/entrar")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Ir al contenido")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("olga")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/console/(?!entrar)"))
    expect(page.get_by_role("link", name="Olga Operadora")).to_be_visible()


def test_without_scripts_all_of_it_works(without_javascript: Visitor) -> None:
    visitor = without_javascript
    visitor.log_in(Role.ADMINISTRATOR)
    page = visitor.page
    for name in ("Equipo", "Registro", "Colas"):
        page.get_by_role("navigation", name="Secciones").get_by_role("link", name=name).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(name)
        expect(
            page.get_by_role("navigation", name="Secciones").get_by_role("link", name=name)
        ).to_have_attribute("aria-current", "page")
    page.get_by_role("button", name="Salir").click()
    expect(page.get_by_role("status")).to_have_text("Salió de la consola.")


def test_after_many_failures_one_is_told_how_long_to_wait(visitor: Visitor) -> None:
    add_operator(visitor.services, Role.OPERATOR)
    page = visitor.page
    page.goto(f"{visitor.url}/console/entrar")
    for _ in range(10):
        fill(page, "olga", "no es esta")
    fill(page, "olga", PASSWORD)
    expect(page.get_by_role("alert")).to_have_text(re.compile(r"Espere 1\d min"))
    visitor.shot("enter-locked-1280")


def test_with_a_second_proof_one_is_asked_for_the_phones_code(
    visitor: Visitor, another: Callable[..., Visitor]
) -> None:
    visitor.log_in(Role.OPERATOR)
    page = visitor.open("/console/cuenta", "account")
    second = page.locator("section", has_text="Código de verificación")
    second.get_by_label("Su contraseña").fill(PASSWORD)
    second.get_by_role("button", name="Activar").click()
    expect(page.get_by_alt_text("Código QR con la clave de abajo")).to_be_visible()
    visitor.look("second-proof")
    secret = (page.locator(".code").inner_text()).replace("-", "")
    page.get_by_label("Código de 6 dígitos").fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="Confirmar").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Guarde sus códigos de recuperación")
    visitor.shot("recovery-codes-1280")
    paper = page.locator("ul.code li").first.inner_text()
    page.get_by_role("link", name="Ya los guardé").click()
    expect(page.get_by_text("Activado", exact=True)).to_be_visible()
    visitor.look("account-with-second-proof")

    phone = another()
    phone.page.goto(f"{phone.url}/console/entrar")
    fill(phone.page, "olga", PASSWORD)
    code = phone.page.get_by_label("Código de 6 dígitos")
    expect(code).to_be_focused()
    phone.look("prove")
    code.fill("000000")
    phone.page.get_by_role("button", name="Continuar").click()
    expect(phone.page.get_by_text("Ese código no es correcto")).to_be_visible()
    phone.page.get_by_label("Código de 6 dígitos").fill(
        pyotp.TOTP(secret).at(datetime.now(UTC) + timedelta(seconds=30))
    )
    phone.page.get_by_role("button", name="Continuar").click()
    phone.page.wait_for_url(re.compile(r"/console/(?!entrar)"))
    phone.page.get_by_role("button", name="Salir").click()

    fill(phone.page, "olga", PASSWORD)
    phone.page.get_by_label("Código de 6 dígitos").fill(paper)
    phone.page.get_by_role("button", name="Continuar").click()
    expect(phone.page.get_by_text("Le quedan 7")).to_be_visible()


def test_another_password_ends_what_is_open_elsewhere(
    visitor: Visitor, another: Callable[..., Visitor]
) -> None:
    visitor.log_in(Role.OPERATOR)
    phone = another()
    phone.log_in(Role.OPERATOR)
    page = visitor.open("/console/cuenta")
    page.get_by_label("Contraseña actual").fill(PASSWORD)
    page.get_by_label("Contraseña nueva").fill("corta")
    page.get_by_label("Repita la nueva").fill("corta")
    page.get_by_role("button", name="Cambiar contraseña").click()
    expect(page.get_by_label("Contraseña nueva")).to_have_attribute("aria-invalid", "true")
    visitor.shot("account-refused-1280")
    page.get_by_label("Contraseña actual").fill(PASSWORD)
    for label in ("Contraseña nueva", "Repita la nueva"):
        page.get_by_label(label).fill("otra frase que nadie adivina")
    page.get_by_role("button", name="Cambiar contraseña").click()
    expect(page.get_by_role("status")).to_contain_text("Su contraseña cambió")
    phone.page.goto(f"{phone.url}/console/cuenta")
    expect(phone.page).to_have_url(re.compile("/console/entrar"))
