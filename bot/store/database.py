"""The connection to PostgreSQL, and the transaction that every store function takes."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import lru_cache
from typing import Any, cast

import psycopg
from psycopg.errors import LockNotAvailable, QueryCanceled
from psycopg.rows import namedtuple_row
from sqlalchemy import (
    ClauseElement,
    Connection,
    Dialect,
    Engine,
    Executable,
    create_engine,
    event,
    text,
)
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError, InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.sql.compiler import SQLCompiler

from bot.store.crypto import Vault

LOCK_TIMEOUT = timedelta(seconds=3)
STATEMENT_TIMEOUT = timedelta(seconds=5)
CONNECT_TIMEOUT = timedelta(seconds=2)
POOL_TIMEOUT = timedelta(seconds=2)
ABANDONED_AFTER = timedelta(minutes=1)
"""So long a transaction may do nothing before PostgreSQL ends it: the longest that ours wait for is the model, 3 s."""
LINE_TIMEOUT = timedelta(seconds=5)
"""How long what was sent to PostgreSQL may go unacknowledged by its machine before the line counts as cut."""


_RELEASE = "RELEASE SAVEPOINT"

IDLE_S = 1.0
"""A connection unused for so long is asked whether it is still there."""


TROUBLE = (OperationalError, InternalError, psycopg.OperationalError, psycopg.InternalError)
"""What PostgreSQL's own trouble is raised as within a transaction: nothing that the transaction did is at fault."""


def is_trouble(error: Exception) -> bool:
    """Whether it is PostgreSQL's own trouble, so that all within the transaction is to be tried again. A statement that
    it broke off because it took too long is none: what asked for it would ask for it again."""
    return isinstance(error, TROUBLE) and not isinstance(getattr(error, "orig", error), QueryCanceled)


class StoreUnavailable(Exception):
    """PostgreSQL cannot be reached, or gave up; what was asked did not happen."""


class StoreBusy(StoreUnavailable):
    """PostgreSQL is there, but what was asked took too long: a lock, a slow statement. Something smaller may work."""


class Rows(list[Any]):
    """What a statement gave."""

    def first(self) -> Any | None:
        """The first row; None where there is none."""
        return self[0] if self else None

    def one(self) -> Any:
        """The row there is. Raises ValueError for none and for several."""
        (row,) = self
        return row

    def one_or_none(self) -> Any | None:
        """The row there is, or None. Raises ValueError for several."""
        return self.one() if self else None

    def scalar(self) -> Any | None:
        """The first column of the first row; None where there is none."""
        return self[0][0] if self else None


class Tx:
    """One transaction, with the keys to what is sealed in it."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self.vault = vault
        self._connection = connection
        self._session: Session | None = None
        self._unsent: list[tuple[str, dict[str, Any]]] = []
        self._attempts = 0

    @property
    def connection(self) -> Connection:
        """For statements that are no objects."""
        self._send()
        return self._connection

    @property
    def session(self) -> Session:
        """For statements about mapped objects. What only runs statements does without: it is half the work."""
        self._send()
        if self._session is None:
            self._session = Session(
                self._connection, expire_on_commit=False, join_transaction_mode="rollback_only"
            )
        return self._session

    def run(self, statement: Executable, **values: Any) -> Rows:
        """Run a statement that was put together once, with these values: the rows that it gives, their columns by
        name. The way for what every message needs: putting a statement together takes longer than PostgreSQL takes to
        run it, and so does SQLAlchemy's own way from a statement to its rows."""
        self._send()
        with self._driver.cursor(row_factory=namedtuple_row) as cursor:
            return Rows(cursor.execute(*self._ready(statement, values)).fetchall())

    def write(self, statement: Executable, **values: Any) -> None:
        """As `run`, for a statement whose result nobody reads: it goes to PostgreSQL before the next one that is read,
        or at the end, several of them on one way. An error of it comes then, too."""
        self._unsent.append(self._ready(statement, values))

    def _ready(self, statement: Executable, values: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        """A statement and its values as the driver takes them."""
        sent, brought, adapted = _compiled(statement, frozenset(values), self._connection.dialect)
        given = brought | values
        return sent, given | {name: adapt(given[name]) for name, adapt in adapted.items()}

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """What is done within is done whole, or not at all: an error undoes it, and goes on to the caller."""
        self.flush()
        self._send()
        self._attempts += 1
        name = f"attempt_{self._attempts}"
        self._driver.execute(f"SAVEPOINT {name}")  # SQLAlchemy's own costs as much as four statements
        try:
            yield
            self.flush()
        except BaseException:
            self._unsent.clear()
            if self._session is not None:
                self._session.expunge_all()
            with suppress(psycopg.Error):  # a line that is cut takes it all back by itself
                self._driver.execute(f"ROLLBACK TO SAVEPOINT {name}")
            raise
        self._unsent.append((f"{_RELEASE} {name}", {}))

    def flush(self) -> None:
        """Send what was written and what mapped objects hold."""
        if self._session is not None:
            self._session.flush()
        can_wait = all(sent.startswith(_RELEASE) for sent, _ in self._unsent)
        if (
            not can_wait
        ):  # a release alone leaves with the next statement, or the transaction's end does as well
            self._send()

    def _send(self) -> None:
        if not self._unsent:
            return
        unsent, self._unsent = self._unsent, []
        if len(unsent) == 1:
            self._driver.execute(*unsent[0])
            return
        with self._driver.pipeline():
            for statement, values in unsent:
                self._driver.execute(statement, values)

    @property
    def _driver(self) -> psycopg.Connection[Any]:
        return cast(psycopg.Connection[Any], self._connection.connection.driver_connection)


@lru_cache(maxsize=200)
def _compiled(
    statement: Executable, names: frozenset[str], dialect: Dialect
) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """The text of a statement for values of these names; those that it brings itself; and for some the function that
    makes of a value what the driver takes."""
    compiled = cast(
        SQLCompiler, cast(ClauseElement, statement).compile(dialect=dialect, column_keys=sorted(names))
    )
    whole = compiled.construct_expanded_state(dict.fromkeys(names))  # with its lists written out
    brought = {name: value for name, value in whole.parameters.items() if name not in names}
    adapted = {
        name: adapt
        for name, bound in compiled.binds.items()
        if (adapt := bound.type.dialect_impl(dialect).bind_processor(dialect)) is not None
    }
    return whole.statement, brought, adapted


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
                # and on the server's side, or a machine that went away would keep its locks for hours
                "options": (
                    f"-c idle_in_transaction_session_timeout={int(ABANDONED_AFTER.total_seconds() * 1000)}"
                    f" -c tcp_keepalives_idle={int(LINE_TIMEOUT.total_seconds())}"
                    f" -c tcp_keepalives_interval={int(LINE_TIMEOUT.total_seconds())} -c tcp_keepalives_count=3"
                    f" -c lock_timeout={int(LOCK_TIMEOUT.total_seconds() * 1000)}"
                    f" -c statement_timeout={int(STATEMENT_TIMEOUT.total_seconds() * 1000)}"
                    " -c timezone=UTC"
                    " -c jit=off"  # no statement here runs long enough to be worth compiling
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
            with self._engine.begin() as connection:
                tx = Tx(connection, self.vault)
                yield tx
                tx.flush()
        except (*TROUBLE, InterfaceError, PoolExhausted) as error:
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
