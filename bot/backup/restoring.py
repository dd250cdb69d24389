"""The database again from a backup, looked at before anybody is served from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import create_engine, func, inspect, select
from sqlalchemy.exc import SQLAlchemyError

from bot import clock
from bot.backup.dumping import mark_on
from bot.backup.tools import BackupError, run_tool
from bot.store import Store, events, outbox
from bot.store.crypto import VaultError, mark_of
from bot.store.database import Tx, sqlalchemy_url
from bot.store.keys import kept_under_secrets
from bot.store.migrate import migrate
from bot.store.tables import Contact, Inbound, Provider

SETTLES_IN = timedelta(minutes=10)
"""What was to happen by itself waits for so long: first what people wrote meanwhile is taken in again."""
AT_ONCE = 1000
"""Sealed values that are read at once."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back. `waiting`: messages that had not left when the backup was made."""

    people: int
    providers: int
    messages: int
    waiting: int


def restore(file: Path, database_url: str, secret: str, former: Sequence[str] = ()) -> Restored:
    """Bring a backup into an empty database, and up to today's tables. What waited to be sent is looked for at the
    carrier before it is sent, for it may have left since; what was to happen by itself waits a little.

    Raises BackupError; nothing was changed then, unless it says so.
    """
    _check_key(file, [secret, *former])
    _check_empty(database_url)
    options = ["--no-owner", "--no-privileges", "--no-comments", "--single-transaction", "--exit-on-error"]
    run_tool("pg_restore", *options, str(file), database_url=database_url)
    migrate(database_url)
    store = Store(database_url, secret, 1, former)
    try:
        with store.begin() as tx:
            _open_all(tx)
            waiting = outbox.look_before_sending(tx)
            outbox.leave_out_ids(tx)
            events.wait_until(tx, clock.now() + SETTLES_IN)
            return Restored(_count(tx, Contact), _count(tx, Provider), _count(tx, Inbound), waiting)
    finally:
        store.close()


def _check_key(file: Path, secrets: Sequence[str]) -> None:
    mark = mark_on(file)
    if mark is not None and mark not in [mark_of(secret) for secret in secrets]:
        raise BackupError(
            f"this backup belongs to the SECRET_KEY with the mark {mark}, and yours has {mark_of(secrets[0])}: set "
            "that one, or put it into SECRET_KEYS_OLD"
        )


def _check_empty(database_url: str) -> None:
    try:
        engine = create_engine(sqlalchemy_url(database_url))
        try:
            tables = inspect(engine).get_table_names()
        finally:
            engine.dispose()
    except (SQLAlchemyError, ValueError) as error:
        raise BackupError(f"DATABASE_URL cannot be reached: {str(error).splitlines()[0]}") from error
    if tables:
        raise BackupError(
            "the database at DATABASE_URL is not empty: create another (createdb), and name that one; nothing is "
            "written over"
        )


def _open_all(tx: Tx) -> None:
    """That the keys open all that is sealed: while `ayllu keys rotate` is not done, some is under a former one."""
    for kept in kept_under_secrets():
        for column in kept.sealed:
            every = select(column).where(column.is_not(None)).execution_options(yield_per=AT_ONCE)
            try:
                for sealed in tx.session.scalars(every):
                    tx.vault.open(sealed)
            except VaultError as error:
                told = f"all is back, but {kept.table.name}.{column.name} does not open"
                raise BackupError(f"{told}: {error}") from error


def _count(tx: Tx, table: type[Contact] | type[Provider] | type[Inbound]) -> int:
    return tx.session.scalar(select(func.count()).select_from(table)) or 0
