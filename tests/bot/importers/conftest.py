from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from nlp.places import Gazetteer


@pytest.fixture(scope="session")
def places() -> Gazetteer:
    return Gazetteer.load()


@pytest.fixture
def saved(tmp_path: Path) -> Callable[..., Path]:
    """Saves a file as somebody's spreadsheet does."""

    def save(text: str, encoding: str = "utf-8") -> Path:
        path = tmp_path / "file.csv"
        path.write_bytes(text.encode(encoding))
        return path

    return save
