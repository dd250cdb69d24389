"""All tables at once: as they are before anybody writes, and copies of what they hold."""

from __future__ import annotations

import psycopg
from psycopg.sql import SQL, Identifier
from sqlalchemy import text

from bot.services import Services
from bot.store import Store
from bot.store.tables import Base
from tests.support.carrier import LocalCarrier

_NAMES = [table.name for table in Base.metadata.sorted_tables]
_FULL = " UNION ALL ".join(f"(SELECT '{name}' FROM {name} LIMIT 1)" for name in _NAMES)
_COUNT_ANEW = """
    SELECT setval(quote_ident(schemaname) || '.' || quote_ident(sequencename), 1, false)
    FROM pg_sequences WHERE schemaname = current_schema()
"""
"""All of them: one that was set and gave no number since looks to PostgreSQL like one that was never used."""


_COUNT_ON = """
    SELECT setval(pg_get_serial_sequence({name}, 'id'), max(id)) FROM {table} HAVING max(id) IS NOT NULL
"""


def start_over(services: Services, carrier: LocalCarrier) -> None:
    """Nobody has written, nothing was said, nobody is on file."""
    carrier.reset()  # first: what it still has on its way would be written into empty tables
    services.redis.flushdb()
    _empty_tables(services.store)


def rows_of_all(services: Services) -> dict[str, bytes]:
    """The rows of each table that has some, for `put_rows`."""
    with psycopg.connect(services.settings.database_url) as connection:
        return {name: rows for name in _NAMES if (rows := _rows(connection, name))}


def put_rows(services: Services, tables: dict[str, bytes]) -> None:
    """Put them back into empty tables; who comes after is numbered after them."""
    with psycopg.connect(services.settings.database_url) as connection:
        for name, rows in tables.items():
            with connection.cursor().copy(SQL("COPY {} FROM STDIN").format(Identifier(name))) as copy:
                copy.write(rows)
            if "id" in Base.metadata.tables[name].columns:
                connection.execute(SQL(_COUNT_ON).format(name=name, table=Identifier(name)))


def _rows(connection: psycopg.Connection, name: str) -> bytes:
    with connection.cursor().copy(SQL("COPY {} TO STDOUT").format(Identifier(name))) as copy:
        return b"".join(bytes(part) for part in copy)


def _empty_tables(store: Store) -> None:
    """Empty every table and number its rows from 1 again. Rows are deleted: TRUNCATE makes new files for all tables and
    indexes, which takes fifty times longer than the few rows of a test. What the test before still had in hand comes to
    its end first, as it would before a TRUNCATE."""
    with store.begin() as tx:
        tx.session.execute(text(f"LOCK TABLE {', '.join(_NAMES)} IN ACCESS EXCLUSIVE MODE"))
        tx.session.execute(text("SET LOCAL session_replication_role = replica"))  # in any order
        for name in tx.session.scalars(text(_FULL)).all():
            tx.session.execute(text(f"DELETE FROM {name}"))
        tx.session.execute(text(_COUNT_ANEW))
