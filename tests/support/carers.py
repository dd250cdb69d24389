"""Providers of a test, taken in as an operator would: by the importer."""

from __future__ import annotations

import csv
from datetime import datetime, timedelta
from pathlib import Path

from bot.importers.providers import read_providers
from bot.services import Services
from bot.store import providers

VERIFIED_AGO = timedelta(days=25)


def put_on_file(services: Services, rows: dict[str, dict[str, str]], file: Path, now: datetime) -> None:
    """Put verified providers on file. `rows` are cells of the importer's columns, by each one's key."""
    verified = {"verified": "si", "verified_by": "DEMUNA", "verified_at": f"{now - VERIFIED_AGO:%Y-%m-%d}"}
    cells = [{**verified, "key": key, **row} for key, row in rows.items()]
    names = list(dict.fromkeys(name for row in cells for name in row))
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, names)
        writer.writeheader()
        writer.writerows(cells)
    report = read_providers(file, services.places)
    assert not report.errors, report.errors
    with services.store.begin() as tx:
        for row in report.rows:
            providers.put(tx, row, demo=False, now=now)
