"""Every setting is in the README, where an operator looks for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import Settings


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_is_documented(name: str, repository: Path) -> None:
    assert f"`{name.upper()}`" in (repository / "README.md").read_text(encoding="utf-8")
