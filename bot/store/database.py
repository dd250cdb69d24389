"""The connection to PostgreSQL, and the transaction that every store function takes."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import psycopg
from psycopg.errors import LockNotAvailable, QueryCanceled
from sqlalchemy import CursorResult, Engine, Executable, create_engine, event, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from bot.store.crypto import Vault

LOCK_TIMEOUT = timedelta(seconds=3)
STATEMENT_TIMEOUT = timedelta(seconds=5)
CONNECT_TIMEOUT = timedelta(seconds=2)
POOL_TIMEOUT = timedelta(seconds=2)
LINE_TIMEOUT = timedelta(seconds=5)
"""How long what was sent to PostgreSQL may go unacknowledged by its machine before the line counts as cut."""


IDLE_S = 1.0
"""A connection unused for so long is asked whether it is still there."""


class StoreUnavailable(Exception):
    """PostgreSQL cannot be reached, or gave up; what was asked did not happen."""


class StoreBusy(StoreUnavailable):
    """PostgreSQL is there, but what was asked took too long: a lock, a slow statement. Something smaller may work."""


@dataclass(frozen=True, slots=True)
class Tx:
    """One transaction, with the keys to what is sealed in it."""

    session: Session
    vault: Vault

    def run(self, statement: Executable, **values: Any) -> CursorResult[Any]:
        """Run a statement that was put together once, with these values. The way for what every message needs: putting
        a statement together takes longer than PostgreSQL takes to run it."""
        return self.session.connection().execute(statement, values)


class Store:
    """Transactions on one database. Connects on first use."""

    def __init__(
        self, database_url: str, secret: str, pool_size: int = 8, former_secrets: Iterable[str] = ()
    ) -> None:
        self._engine = create_engine(
            sqlalchemy_url(database_url),
            pool_size=pool_size,
            max_overflow=pool_size,
            pool_timeout=POOL_TIMEOUT.total_seconds(),
            pool_pre_ping=False,  # _ask_if_idle does so where it is worth the way
            hide_parameters=True,  # an error's text goes to logs, and what people wrote does not
            connect_args={
                "connect_timeout": int(CONNECT_TIMEOUT.total_seconds()),
                "tcp_user_timeout": int(LINE_TIMEOUT.total_seconds() * 1000),
                "keepalives_idle": int(LINE_TIMEOUT.total_seconds()),
                "options": (
                    f"-c lock_timeout={int(LOCK_TIMEOUT.total_seconds() * 1000)}"
                    f" -c statement_timeout={int(STATEMENT_TIMEOUT.total_seconds() * 1000)}"
                    " -c timezone=UTC"
                ),
            },
        )
        _ask_if_idle(self._engine)
        self.vault = Vault(secret, former_secrets)

    @contextmanager
    def begin(self) -> Iterator[Tx]:
        """A transaction: committed at the end, rolled back on any error. Raises StoreUnavailable, or StoreBusy where
        PostgreSQL is there."""
        try:
            with Session(self._engine, expire_on_commit=False) as session, session.begin():
                yield Tx(session, self.vault)
        except (OperationalError, InterfaceError, PoolExhausted) as error:
            cause = getattr(error, "orig", error)
            kind = StoreBusy if isinstance(cause, (LockNotAvailable, QueryCanceled)) else StoreUnavailable
            raise kind(str(cause).splitlines()[0]) from error

    def check(self) -> None:
        """Raises StoreUnavailable unless the database answers."""
        with self.begin() as tx:
            tx.session.execute(text("SELECT 1"))

    def close(self) -> None:
        self._engine.dispose()


def _ask_if_idle(engine: Engine) -> None:
    """Before a connection that lay idle is used, see that it is still there; the pool replaces one that is not. In a
    connection that was used a moment ago, the asking would cost more than it finds."""

    @event.listens_for(engine, "checkin")
    def lies_idle(_: DBAPIConnection, record: ConnectionPoolEntry) -> None:
        record.info["idle_since"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def taken(connection: DBAPIConnection, record: ConnectionPoolEntry, _: object) -> None:
        idle = time.monotonic() - record.info.get("idle_since", time.monotonic())
        if idle < IDLE_S:
            return
        try:
            engine.dialect.do_ping(connection)
        except psycopg.Error as error:
            raise DisconnectionError("it lay idle, and is gone") from error


def sqlalchemy_url(database_url: str) -> str:
    """The same database, as SQLAlchemy names it with psycopg 3."""
    for prefix in ("postgresql+psycopg://", "postgresql://", "postgres://"):
        if database_url.startswith(prefix):
            return "postgresql+psycopg://" + database_url.removeprefix(prefix)
    raise ValueError("DATABASE_URL must begin with postgresql://")
