"""Somebody who uses the console, through Flask's test client on the real database.

def test_…(services: Services) -> None:
    rosa = log_in(services, Role.COORDINATOR)
    page = rosa.get("/console/proveedores")            # asserts 200; page.text, page.status_code
    answer = rosa.post("/console/proveedores/3/pausa", {"hasta": "2027-01-04"})   # with the CSRF token
    assert answer.status_code == 302
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bot.app import create_app
from bot.console.access import Role
from bot.console.access.passwords import hash_of
from bot.services import Services
from bot.store import operators

PASSWORD = "una frase que solo las pruebas saben"
NAMES = {
    Role.OPERATOR: ("olga", "Olga Operadora"),
    Role.COORDINATOR: ("carla", "Carla Coordinadora"),
    Role.ADMINISTRATOR: ("ada", "Ada Administradora"),
}


@dataclass(frozen=True, slots=True)
class Browser:
    """A browser in which somebody is, or is not, logged in. `id` is theirs among the operators, 0 for nobody."""

    app: Flask
    client: FlaskClient
    id: int = 0

    def get(self, path: str, status: int = 200, **more: Any) -> TestResponse:
        answer = self.client.get(path, **more)
        assert answer.status_code == status, (path, answer.status_code, answer.location)
        return answer

    def post(self, path: str, form: dict[str, Any] | None = None, **more: Any) -> TestResponse:
        """Send a form as a page of the console would, with its token."""
        return self.client.post(path, data={"csrf_token": self.token(), **(form or {})}, **more)

    def token(self) -> str:
        """The token that this browser's forms bear."""
        pages = [self.client.get(path).text for path in ("/console/cuenta", "/console/entrar")]
        found = re.search(r'name="csrf_token" value="([^"]+)"', "".join(pages))
        assert found is not None, pages
        return found[1]


def browser(services: Services, app: Flask | None = None) -> Browser:
    """A browser in which nobody is logged in; of an application of its own unless one is given."""
    app = app or create_app(services)
    return Browser(app, app.test_client())


def log_in(services: Services, role: Role = Role.OPERATOR, app: Flask | None = None) -> Browser:
    """A browser in which somebody of this role has logged in."""
    operator_id = add_operator(services, role)
    fresh = browser(services, app)
    login, _ = NAMES[role]
    answer = fresh.post("/console/entrar", {"usuario": login, "contrasena": PASSWORD})
    assert answer.status_code == 302, answer.text
    return Browser(fresh.app, fresh.client, operator_id)


def add_operator(services: Services, role: Role) -> int:
    """Their id; those who are there already stay as they are."""
    login, name = NAMES[role]
    with services.store.begin() as tx:
        made = operators.add(tx, login, name, role, _hash(), None, datetime.now(UTC))
        person = operators.with_login(tx, login)
    assert person is not None
    return made or person.id


@lru_cache(maxsize=1)
def _hash() -> str:
    return hash_of(PASSWORD)
