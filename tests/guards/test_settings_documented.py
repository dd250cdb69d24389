"""Every setting is in docs/settings.md, where an operator looks for it, with the default that it has."""

from __future__ import annotations

import re
from datetime import time
from pathlib import Path

import pytest

from bot.settings import Settings
from deploy.roles import command

OF_THE_WEB_ROLE = {"BIND": "0.0.0.0", "WEB_CONCURRENCY": "2", "WEB_THREADS": "4"}


@pytest.fixture
def told(repository: Path) -> dict[str, str | None]:
    """Each setting that the page tells of, and its default; None where it must be set."""
    page = (repository / "docs" / "settings.md").read_text(encoding="utf-8")
    found: dict[str, str | None] = {}
    must, may = page.split("## May be set")
    for line in must.splitlines():
        if row := re.match(r"\| `([A-Z_]+)` \|", line):
            found[row[1]] = None
    for line in may.splitlines():
        if row := re.match(r"\| `([A-Z_]+)` \| (?:`([^`]*)`)? ?\|", line):
            found[row[1]] = row[2] or ""
    return found


def test_every_setting_is_documented_and_nothing_that_is_none(told: dict[str, str | None]) -> None:
    assert told.keys() == {name.upper() for name in Settings.model_fields} | OF_THE_WEB_ROLE.keys()


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_the_page_tells_the_default_that_a_setting_has(name: str, told: dict[str, str | None]) -> None:
    field = Settings.model_fields[name]
    assert told[name.upper()] == (None if field.is_required() else as_written(field.default))


def as_written(default: object) -> str:
    if isinstance(default, time):
        return f"{default:%H:%M}"
    return "" if default in (None, ()) else str(default)


def test_the_page_tells_the_defaults_of_the_web_process(
    told: dict[str, str | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in OF_THE_WEB_ROLE:
        monkeypatch.delenv(name, raising=False)
    assert {name: told[name] for name in OF_THE_WEB_ROLE} == OF_THE_WEB_ROLE
    options = " ".join(command("web"))
    assert f"--bind={OF_THE_WEB_ROLE['BIND']}:" in options
    assert f"--workers={OF_THE_WEB_ROLE['WEB_CONCURRENCY']}" in options
    assert f"--threads={OF_THE_WEB_ROLE['WEB_THREADS']}" in options
