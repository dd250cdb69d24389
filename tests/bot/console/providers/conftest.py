from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.services import Services
from bot.store import own_files
from tests.support.carers import put_on_file

UNSAID = {"verified": "", "verified_by": "", "verified_at": ""}
ROSA = {
    "name": "Sra. Rosa Quispe",
    "kind": "home",
    "phone": "+51987654321",
    "district": "Comas",
    "lat": "-11.93061244",
    "lon": "-77.04512345",
    "address": "Jr. Los Pinos 120",
    "min_age": "6m",
    "max_age": "4a",
    "days": "lun-vie",
    "opens": "06:00",
    "closes": "18:00",
    "price": "15",
    "period": "dia",
    "places": "2",
    "amenities": "almuerzo; patio",
    **UNSAID,
}
LUNA = {
    **ROSA,
    "name": "Nido Luna",
    "kind": "nido",
    "phone": "",
    "district": "Los Olivos",
    "lat": "",
    "lon": "",
    "price": "350",
    "period": "mes",
}

Put = Callable[..., int]


@pytest.fixture
def put(services: Services, tmp_path: Path) -> Put:
    """Puts somebody on file: what differs from Rosa, by column. Her id."""

    def on_file(key: str = "rosa", **cells: str) -> int:
        put_on_file(services, {key: {**ROSA, **cells}}, tmp_path / "providers.csv", datetime.now(UTC))
        with services.store.begin() as tx:
            found = own_files.named(tx, key)
            assert found is not None
            return found

    return on_file


@pytest.fixture
def rosa(put: Put) -> int:
    """On file, and nobody looked at her."""
    return put()
