"""Who may use the console: added, changed and let go on its page."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from bot.console.access import Role
from bot.console.people import team
from bot.console.people.team import TeamError
from bot.services import Services
from bot.store import operators
from bot.store.tables import AuditEntry, OperatorRow
from tests.support.console import PASSWORD, Browser, add_operator, browser, log_in


def add(
    ada: Browser, login: str = "rosa", name: str = "Rosa Huamán", role: str = "operator"
) -> tuple[int, str]:
    answer = ada.post("/console/equipo", {"usuario": login, "nombre": name, "rol": role})
    found = re.search(r"<dt>Contraseña</dt><dd[^>]*>([a-z0-9-]+)<", answer.text)
    return answer.status_code, found[1] if found else answer.text


def enter(services: Services, login: str, password: str) -> int:
    return browser(services).post("/console/entrar", {"usuario": login, "contrasena": password}).status_code


def test_who_is_added_gets_a_password_that_is_shown_once_and_must_be_changed(services: Services) -> None:
    ada = log_in(services, Role.ADMINISTRATOR)
    status, password = add(ada)
    assert status == 200
    page = ada.get("/console/equipo").text
    assert "Rosa Huamán" in page
    assert password not in page
    rosa = browser(services)
    assert (
        rosa.post("/console/entrar", {"usuario": "rosa", "contrasena": password}).location
        == "/console/cuenta"
    )
    form = {"actual": password, "nueva": PASSWORD, "repetida": PASSWORD}
    assert rosa.post("/console/cuenta/contrasena", form).status_code == 302
    assert (enter(services, "rosa", password), enter(services, "rosa", PASSWORD)) == (401, 302)


def test_what_cannot_be_added_is_said_beside_its_field_and_nothing_is_lost(services: Services) -> None:
    ada = log_in(services, Role.ADMINISTRATOR)
    for login, name, role, said in (
        ("r", "Rosa", "operator", "Use de 2 a 64 letras"),
        ("rosa huamán", "Rosa", "operator", "Use de 2 a 64 letras"),
        ("ada", "Otra Ada", "operator", "Ya hay alguien con ese usuario"),
        ("rosa", " ", "operator", "Escriba el nombre"),
        ("rosa", "Rosa", "queen", "Elija un rol"),
    ):
        status, page = add(ada, login, name, role)
        assert status == 422, login
        assert said in page
        assert f'value="{login}"' in page
    with services.store.begin() as tx:
        assert tx.session.scalars(select(OperatorRow.login)).all() == ["ada"]


def test_a_new_role_counts_at_once_and_ends_what_was_open(services: Services) -> None:
    ada, olga = log_in(services, Role.ADMINISTRATOR), log_in(services)
    olga.get("/console/colas", status=403)
    assert ada.post(f"/console/equipo/{olga.id}/rol", {"rol": "coordinator"}).status_code == 302
    olga.get("/console/cuenta", status=302)
    log_in(services).get("/console/colas")


def test_a_new_password_takes_the_second_proof_and_the_lock_away_and_brings_who_left_back(
    services: Services,
) -> None:
    ada, olga = log_in(services, Role.ADMINISTRATOR), log_in(services)
    with services.store.begin() as tx:
        operators.set_totp(tx, olga.id, "A" * 32, since=datetime.now(UTC))
    assert [enter(services, "olga", "wrong") for _ in range(11)][-1] == 429
    assert ada.post(f"/console/equipo/{olga.id}/desactivar").status_code == 302
    olga.get("/console/cuenta", status=302)
    assert "Desactivado" in ada.get("/console/equipo").text
    page = ada.post(f"/console/equipo/{olga.id}/contrasena").text
    found = re.search(r"<dt>Contraseña</dt><dd[^>]*>([a-z0-9-]+)<", page)
    assert found is not None
    assert enter(services, "olga", PASSWORD) == 401
    assert enter(services, "olga", found[1]) == 302


def test_nobody_locks_themselves_or_the_last_administrator_out(services: Services) -> None:
    ada = log_in(services, Role.ADMINISTRATOR)
    ada.post(f"/console/equipo/{ada.id}/desactivar")
    assert "no puede hacérselo a sí mismo" in ada.get("/console/equipo").text
    ada.post(f"/console/equipo/{ada.id}/rol", {"rol": "operator"})
    assert "no puede hacérselo a sí mismo" in ada.get("/console/equipo").text
    with services.store.begin() as tx:
        with pytest.raises(TeamError, match="last administrator"):
            team.deactivate(tx, None, ada.id, datetime.now(UTC))
        with pytest.raises(TeamError, match="last administrator"):
            team.change_role(tx, None, ada.id, Role.OPERATOR)


def test_what_was_done_to_whom_is_in_the_audit_log_without_a_password(services: Services) -> None:
    ada = log_in(services, Role.ADMINISTRATOR)
    olga_id = add_operator(services, Role.OPERATOR)
    ada.post(f"/console/equipo/{olga_id}/rol", {"rol": "coordinator"})
    ada.post(f"/console/equipo/{olga_id}/contrasena")
    ada.post(f"/console/equipo/{olga_id}/desactivar")
    with services.store.begin() as tx:
        rows = tx.session.scalars(
            select(AuditEntry).where(AuditEntry.subject == f"operator:{olga_id}").order_by(AuditEntry.id)
        )
        told = [(row.operator_id, row.what, row.detail) for row in rows]
    assert told == [
        (ada.id, "changed-role", {"rol": "Operador(a) → Coordinador(a)"}),
        (ada.id, "reset-operator", {}),
        (ada.id, "deactivated-operator", {}),
    ]


def test_somebody_who_is_not_there_is_no_error(services: Services) -> None:
    ada = log_in(services, Role.ADMINISTRATOR)
    for deed in ("rol", "contrasena", "desactivar"):
        assert ada.post(f"/console/equipo/999/{deed}", {"rol": "operator"}).status_code == 302
    assert "ya no está en el equipo" in ada.get("/console/equipo").text
