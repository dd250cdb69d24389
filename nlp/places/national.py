"""The imported table of the country's villages and population, read from its SQLite file."""

from __future__ import annotations

import os
import sqlite3
import threading
from pathlib import Path
from typing import NamedTuple

from nlp.places.geo import distance_km
from nlp.places.text import FORM_VERSION

APPLICATION_ID = 0x41594C55
"""Marks the file as ours ("AYLU")."""


class NationalTableError(Exception):
    """The imported table cannot be used; the message says which file and what to do."""


class Village(NamedTuple):
    """A centro poblado: its district's ubigeo, its name, WGS 84 degrees, and whether INEI counts it as urban."""

    ubigeo: str
    name: str
    lat: float
    lon: float
    urban: bool


class NationalTable:
    """A file written by `import_national`. Opened read only, once for each thread of each process."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._open = threading.local()
        if not path.is_file():
            raise NationalTableError(f"{path}: there is no such file; make it with `ayllu import places`")
        try:
            found = self._connection().execute("PRAGMA application_id").fetchone()[0]
            version = self._connection().execute("PRAGMA user_version").fetchone()[0]
        except sqlite3.DatabaseError as error:
            raise NationalTableError(f"{path}: not a table of places ({error}); import it again") from error
        if found != APPLICATION_ID:
            raise NationalTableError(f"{path}: not a table of places; import it with `ayllu import places`")
        if version != FORM_VERSION:
            raise NationalTableError(
                f"{path}: written for form {version} of names, this program has form {FORM_VERSION}; import it again"
            )

    def populations(self) -> dict[str, int]:
        """People by ubigeo; empty when no population was imported."""
        return dict(self._connection().execute("SELECT ubigeo, total FROM population"))

    def named(self, key: str, scope: str) -> list[Village]:
        """The villages of that key whose district's code begins with `scope`, urban ones first."""
        rows = self._connection().execute(
            "SELECT ubigeo, name, lat, lon, urban FROM village WHERE key = ? AND ubigeo BETWEEN ? AND ?"
            " ORDER BY urban DESC, code",
            (key, scope.ljust(6, "0"), scope.ljust(6, "9")),
        )
        return [Village(ubigeo, name, lat, lon, bool(urban)) for ubigeo, name, lat, lon, urban in rows]

    def nearest(self, lat: float, lon: float, within_km: float) -> Village | None:
        """The village nearest to a point, as far as one is nearer than `within_km`."""
        reach = min(max(within_km, 0.1), 5.0)
        while True:
            degrees = reach / 105.0
            rows = self._connection().execute(
                "SELECT ubigeo, name, lat, lon, urban FROM village WHERE lat BETWEEN ? AND ? AND lon BETWEEN ? AND ?",
                (lat - degrees, lat + degrees, lon - degrees, lon + degrees),
            )
            villages = [Village(ubigeo, name, y, x, bool(urban)) for ubigeo, name, y, x, urban in rows]
            if villages:
                best = min(villages, key=lambda v: distance_km(lat, lon, v.lat, v.lon))
                distance = distance_km(lat, lon, best.lat, best.lon)
                if distance <= reach:
                    return best if distance < within_km else None
            if reach >= within_km:
                return None
            reach = min(reach * 3, within_km)

    def _connection(self) -> sqlite3.Connection:
        # A connection must not cross a fork, so the process is part of its name.
        if getattr(self._open, "process", None) != os.getpid():
            self._open.connection = sqlite3.connect(f"{self._path.resolve().as_uri()}?mode=ro", uri=True)
            self._open.process = os.getpid()
        connection: sqlite3.Connection = self._open.connection
        return connection
