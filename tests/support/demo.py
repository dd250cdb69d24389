"""The demo's providers, hubs and lessons: read from their files once, and copied after that."""

from __future__ import annotations

from datetime import UTC, date, datetime

from bot.services import Services
from deploy.local.demo.load import load_demo
from tests.support.tables import put_rows, rows_of_all

_loaded: dict[date, dict[str, bytes]] = {}
"""The rows of each table, as they were after the demo was loaded on that day: its checks are of the days before."""


def put_demo_on_file(services: Services) -> None:
    """Put the demo into empty tables."""
    today = datetime.now(UTC).date()
    if today in _loaded:
        put_rows(services, _loaded[today])
        return
    load_demo(services.settings, services.parser.gazetteer)
    _loaded[today] = rows_of_all(services)
