"""Tables as they are before anybody writes."""

from __future__ import annotations

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


def start_over(services: Services, carrier: LocalCarrier) -> None:
    """Nobody has written, nothing was said, nobody is on file."""
    carrier.reset()  # first: what it still has on its way would be written into empty tables
    services.redis.flushdb()
    _empty_tables(services.store)


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
