"""Who tries Ayllu on their own machine gets into its console; where real people write, nobody is let in so."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from bot.services import Services
from bot.store import operators
from bot.store.tables import OperatorRow
from deploy.local.demo.administrator import LOGIN, demo_administrator
from tests.support.console import browser


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))


def test_the_demos_administrator_has_the_same_password_at_every_start(
    services: Services, tmp_path: Path
) -> None:
    password = demo_administrator(services.settings)
    assert password is not None
    assert demo_administrator(services.settings) == password
    visitor = browser(services)
    answer = visitor.post("/console/entrar", {"usuario": LOGIN, "contrasena": password})
    assert answer.status_code == 302
    visitor.get("/console/equipo")
    assert (tmp_path / "console_password.secret").stat().st_mode & 0o077 == 0


def test_a_password_that_was_changed_is_not_told_any_more(services: Services) -> None:
    demo_administrator(services.settings)
    with services.store.begin() as tx:
        person = operators.with_login(tx, LOGIN)
        assert person is not None
        operators.set_password(tx, person.id, "another", None)
    assert demo_administrator(services.settings) is None


def test_there_is_none_where_real_people_write(services: Services) -> None:
    live = services.settings.model_copy(update={"twilio_api_url": "https://api.twilio.com"})
    with pytest.raises(ValueError, match="Twilio's own"):
        demo_administrator(live)
    with services.store.begin() as tx:
        assert tx.session.scalars(select(OperatorRow.id)).all() == []
