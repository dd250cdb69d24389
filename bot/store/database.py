"""The connection to PostgreSQL, and the transaction that every store function takes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import create_engine, text
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from sqlalchemy.orm import Session

from bot.store.crypto import Vault

LOCK_TIMEOUT = timedelta(seconds=4)
STATEMENT_TIMEOUT = timedelta(seconds=10)
CONNECT_TIMEOUT = timedelta(seconds=3)


class StoreUnavailable(Exception):
    """PostgreSQL cannot be reached, or gave up; what was asked did not happen."""


@dataclass(frozen=True, slots=True)
class Tx:
    """One transaction, with the keys to what is sealed in it."""

    session: Session
    vault: Vault


class Store:
    """Transactions on one database. Connects on first use."""

    def __init__(self, database_url: str, secret: str, pool_size: int = 8) -> None:
        self._engine = create_engine(
            sqlalchemy_url(database_url),
            pool_size=pool_size,
            max_overflow=pool_size,
            pool_timeout=5,
            pool_pre_ping=True,
            connect_args={
                "connect_timeout": int(CONNECT_TIMEOUT.total_seconds()),
                "options": (
                    f"-c lock_timeout={int(LOCK_TIMEOUT.total_seconds() * 1000)}"
                    f" -c statement_timeout={int(STATEMENT_TIMEOUT.total_seconds() * 1000)}"
                    " -c timezone=UTC"
                ),
            },
        )
        self.vault = Vault(secret)

    @contextmanager
    def begin(self) -> Iterator[Tx]:
        """A transaction: committed at the end, rolled back on any error. Raises StoreUnavailable."""
        try:
            with Session(self._engine, expire_on_commit=False) as session, session.begin():
                yield Tx(session, self.vault)
        except (OperationalError, InterfaceError, PoolExhausted) as error:
            raise StoreUnavailable(str(getattr(error, "orig", error)).splitlines()[0]) from error

    def check(self) -> None:
        """Raises StoreUnavailable unless the database answers."""
        with self.begin() as tx:
            tx.session.execute(text("SELECT 1"))

    def close(self) -> None:
        self._engine.dispose()


def sqlalchemy_url(database_url: str) -> str:
    """The same database, as SQLAlchemy names it with psycopg 3."""
    for prefix in ("postgresql+psycopg://", "postgresql://", "postgres://"):
        if database_url.startswith(prefix):
            return "postgresql+psycopg://" + database_url.removeprefix(prefix)
    raise ValueError("DATABASE_URL must begin with postgresql://")
