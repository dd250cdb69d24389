"""`ayllu operators …`, as it is typed."""

from __future__ import annotations

import re

import pytest
from click.testing import CliRunner, Result

from bot.cli import ayllu
from bot.services import Services
from tests.support.console import PASSWORD, browser


@pytest.fixture
def environment(services: Services) -> dict[str, str]:
    return {
        "DATABASE_URL": services.settings.database_url,
        "SECRET_KEY": services.settings.secret_key.get_secret_value(),
        "REDIS_URL": services.settings.redis_url,
        "DATA_DIR": str(services.settings.data_dir),
    }


def typed(environment: dict[str, str], *words: str, answers: str = "") -> Result:
    return CliRunner().invoke(ayllu, ["operators", *words], input=answers, env=environment)


def given(result: Result) -> str:
    found = re.search(r"shown only now: ([a-z0-9-]+)", result.output)
    assert found is not None, result.output
    return found[1]


def enter(services: Services, password: str, login: str = "ada") -> int:
    return browser(services).post("/console/entrar", {"usuario": login, "contrasena": password}).status_code


def test_the_first_administrator_comes_by_command_with_a_one_time_password(
    services: Services, environment: dict[str, str]
) -> None:
    made = typed(environment, "add", "Ada", "--name", "Ada Quispe", "--role", "administrator")
    assert made.exit_code == 0
    assert enter(services, given(made)) == 302
    listed = typed(environment, "list").output
    assert "ada\tAda Quispe\tadministrator\tpassword only\tlast came" in listed
    again = typed(environment, "add", "ada", "--name", "Ada Quispe")
    assert (again.exit_code, "has this login already" in again.output) == (1, True)


def test_or_with_a_password_of_their_own_that_is_asked_for(
    services: Services, environment: dict[str, str]
) -> None:
    short = typed(environment, "add", "ada", "--name", "Ada", "--ask", answers="short\nshort\n")
    assert (short.exit_code, "12 characters" in short.output) == (1, True)
    made = typed(environment, "add", "ada", "--name", "Ada", "--ask", answers=f"{PASSWORD}\n{PASSWORD}\n")
    assert made.exit_code == 0
    assert PASSWORD not in made.output
    assert enter(services, PASSWORD) == 302


def test_who_is_let_go_comes_back_with_a_reset(services: Services, environment: dict[str, str]) -> None:
    typed(environment, "add", "ada", "--name", "Ada", "--role", "administrator")
    rosa = given(typed(environment, "add", "rosa", "--name", "Rosa"))
    assert "last administrator" in typed(environment, "deactivate", "ada").output
    assert typed(environment, "deactivate", "rosa").exit_code == 0
    assert "rosa\tRosa\tdeactivated" in typed(environment, "list").output
    assert enter(services, rosa, "rosa") == 401
    assert enter(services, given(typed(environment, "reset", "ROSA")), "rosa") == 302
    nobody = typed(environment, "reset", "nobody")
    assert (nobody.exit_code, "there is no operator nobody" in nobody.output) == (1, True)


def test_a_reset_lets_in_who_was_locked_out(services: Services, environment: dict[str, str]) -> None:
    typed(environment, "add", "ada", "--name", "Ada Quispe")
    for _ in range(11):
        assert enter(services, "not this one at all") in (401, 429)
    assert enter(services, "not this one at all") == 429
    assert enter(services, given(typed(environment, "reset", "ada"))) == 302
    assert "after 15 minutes" in typed(environment | {"REDIS_URL": ""}, "reset", "ada").output
