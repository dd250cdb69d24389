"""The demo's providers, hubs and lessons: read from their files once, and copied from table to table after that."""

from __future__ import annotations

from datetime import UTC, date, datetime

import psycopg
from psycopg.sql import SQL, Identifier

from bot.services import Services
from bot.store.tables import Base
from deploy.local.demo.load import load_demo

_NAMES = [table.name for table in Base.metadata.sorted_tables]
_COUNT_ON = """
    SELECT setval(pg_get_serial_sequence({name}, 'id'), max(id)) FROM {table} HAVING max(id) IS NOT NULL
"""
_loaded: dict[date, dict[str, bytes]] = {}
"""The rows of each table, as they were after the demo was loaded on that day: its checks are of the days before."""


def put_demo_on_file(services: Services) -> None:
    """Put the demo into empty tables."""
    today = datetime.now(UTC).date()
    with psycopg.connect(services.settings.database_url) as connection:
        if today in _loaded:
            _put(connection, _loaded[today])
            return
    load_demo(services.settings, services.parser.gazetteer)
    with psycopg.connect(services.settings.database_url) as connection:
        _loaded[today] = {name: rows for name in _NAMES if (rows := _rows(connection, name))}


def _rows(connection: psycopg.Connection, name: str) -> bytes:
    with connection.cursor().copy(SQL("COPY {} TO STDOUT").format(Identifier(name))) as copy:
        return b"".join(bytes(part) for part in copy)


def _put(connection: psycopg.Connection, tables: dict[str, bytes]) -> None:
    for name, rows in tables.items():
        with connection.cursor().copy(SQL("COPY {} FROM STDIN").format(Identifier(name))) as copy:
            copy.write(rows)
        connection.execute(SQL(_COUNT_ON).format(name=name, table=Identifier(name)))
