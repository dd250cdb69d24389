"""An administrator looks after the team, reads the record, and sees the queues."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import expect

from bot import jobs, pulse
from bot.console.access import Role
from bot.messages import Urgency
from tests.browser.visitor import Visitor
from tests.support.console import PASSWORD, add_operator


def test_somebody_is_added_comes_in_changes_role_and_is_let_go(
    visitor: Visitor, another: Callable[..., Visitor]
) -> None:
    visitor.log_in(Role.ADMINISTRATOR)
    add_operator(visitor.services, Role.COORDINATOR)
    page = visitor.open("/console/equipo", "team")
    page.get_by_label("Nombre y apellido").fill("Rosa Huamán")
    page.get_by_label("Usuario").fill("ada")
    page.get_by_role("button", name="Agregar").click()
    expect(page.get_by_text("Ya hay alguien con ese usuario.")).to_be_visible()
    expect(page.get_by_label("Nombre y apellido")).to_have_value("Rosa Huamán")
    page.get_by_label("Usuario").fill("rosa@muni.example")
    page.get_by_role("button", name="Agregar").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Contraseña para Rosa Huamán")
    visitor.shot("team-password-1280")
    password = page.locator(".code").nth(1).inner_text()
    page.get_by_role("link", name="Listo").click()

    rosa = another()
    rosa.page.goto(f"{rosa.url}/console/")
    rosa.page.get_by_label("Usuario").fill("rosa@muni.example")
    rosa.page.get_by_label("Contraseña").fill(password)
    rosa.page.get_by_role("button", name="Entrar").click()
    expect(rosa.page.get_by_role("status")).to_contain_text("de un solo uso")
    rosa.look("account-one-time")
    rosa.page.get_by_label("Contraseña actual").fill(password)
    for label in ("Contraseña nueva", "Repita la nueva"):
        rosa.page.get_by_label(label).fill(PASSWORD)
    rosa.page.get_by_role("button", name="Cambiar contraseña").click()
    expect(rosa.page.get_by_text("Su contraseña cambió")).to_be_visible()

    hers = page.locator("li", has_text="Rosa Huamán")
    hers.get_by_text("Cambiar a Rosa Huamán").click()
    hers.get_by_label("Rol").select_option("coordinator")
    hers.get_by_role("button", name="Cambiar rol").click()
    expect(page.get_by_role("status")).to_have_text("Rol nuevo de Rosa Huamán: Coordinador(a).")
    hers.get_by_text("Cambiar a Rosa Huamán").click()
    visitor.look("team-open")
    hers.get_by_role("button", name="Desactivar").click()
    expect(hers.get_by_text("Desactivado", exact=True)).to_be_visible()
    rosa.page.goto(f"{rosa.url}/console/cuenta")
    expect(rosa.page).to_have_url(re.compile("/console/entrar"))

    page = visitor.open("/console/registro", "record")
    for told in ("Agregó a una persona al equipo", "Cambió el rol de una persona", "Desactivó a una persona"):
        expect(page.get_by_role("cell", name=told)).to_be_visible()
    page.get_by_label("Qué").select_option(label="Cambió el rol de una persona")
    expect(page).to_have_url(re.compile("que=changed-role"))
    expect(page.get_by_role("row")).to_have_count(2)


def test_what_waits_and_who_works_is_seen_at_a_glance(visitor: Visitor) -> None:
    visitor.log_in(Role.COORDINATOR)
    visitor.services.jobs.push(jobs.SEND_TO, 7, urgency=Urgency.OFFER)
    pulse.strike(visitor.services.redis)
    page = visitor.open("/console/colas", "queues")
    expect(page.get_by_text("Nadie trabaja")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("Pedidos a proveedores 1"))).to_be_visible()


def test_what_goes_wrong_is_told_kindly(visitor: Visitor) -> None:
    visitor.log_in(Role.OPERATOR)
    for path, said in (
        ("/console/nada", "Esa página no existe"),
        ("/console/equipo", "No tiene permiso para esto"),
    ):
        visitor.page.goto(f"{visitor.url}{path}")
        expect(visitor.page.get_by_role("heading", level=1)).to_have_text(said)
        assert visitor.serious_faults() == []
    visitor.shot("forbidden-1280")
