"""PostgreSQL and Redis, and the processes that leave a sign of life there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from alembic.script import ScriptDirectory
from redis.exceptions import RedisError
from sqlalchemy import select, text
from sqlalchemy.exc import SQLAlchemyError

from bot import jobs, pulse
from bot.doctor.finding import Finding, Verdict, ok, skipped, wrong
from bot.logs import mask
from bot.settings import Settings
from bot.store import Store, StoreUnavailable, Tx
from bot.store.crypto import VaultError
from bot.store.migrate import alembic_config
from bot.store.tables import Contact

SILENT_S = 120.0
"""Longer than the longest job: a worker or scheduler that gave no sign for so long does not work."""


def look_at_database(settings: Settings) -> tuple[list[Finding], float | None]:
    """What there is to say of PostgreSQL, and how many seconds our clock is ahead of its; None where it does not
    answer."""
    try:
        secret = settings.secret_key.get_secret_value()
        store = Store(settings.database_url, secret, 1, settings.former_secrets)
    except (ValueError, SQLAlchemyError):
        return [
            wrong("database", "DATABASE_URL is no address: write postgresql://user:password@host/name")
        ], None
    try:
        with store.begin() as tx:
            asked = text("SELECT current_setting('server_version'), clock_timestamp()")
            version, clock = tx.session.execute(asked).one()
            ahead_s = (datetime.now(UTC) - clock).total_seconds()
            return [ok("database", f"PostgreSQL {version} answers"), *_inside(tx, settings)], ahead_s
    except (StoreUnavailable, SQLAlchemyError) as error:
        told = f"PostgreSQL does not answer: {mask(str(error).splitlines()[0])}"
        return [wrong("database", f"{told}. Start it, or set DATABASE_URL to where it is")], None
    finally:
        store.close()


def _inside(tx: Tx, settings: Settings) -> Iterator[Finding]:
    yield _pgvector(tx)
    migrated = _migrated(tx, settings)
    yield migrated
    if migrated.verdict is Verdict.OK:
        yield _secret_key(tx)
    else:
        yield skipped("secret key", "not looked at before the tables are there")


def _pgvector(tx: Tx) -> Finding:
    installed = tx.session.scalar(text("SELECT extversion FROM pg_extension WHERE extname = 'vector'"))
    if installed:
        return ok("pgvector", f"{installed} is installed")
    if tx.session.scalar(text("SELECT 1 FROM pg_available_extensions WHERE name = 'vector'")):
        return wrong("pgvector", "is not installed in this database: `ayllu migrate` installs it")
    return wrong(
        "pgvector", "PostgreSQL does not have it: install its package (postgresql-18-pgvector) on the server"
    )


def _migrated(tx: Tx, settings: Settings) -> Finding:
    ours = ScriptDirectory.from_config(alembic_config(settings.database_url)).get_current_head()
    there = tx.session.scalar(text("SELECT to_regclass('alembic_version')")) and tx.session.scalar(
        text("SELECT version_num FROM alembic_version")
    )
    if there == ours:
        return ok("tables", f"are today's, {ours}")
    if there is None:
        return wrong("tables", "there are none: run `ayllu migrate`")
    return wrong(
        "tables", f"are of {there}, this program's are of {ours}: run `ayllu migrate` of the newest version"
    )


def _secret_key(tx: Tx) -> Finding:
    sealed = tx.session.scalar(select(Contact.address_sealed).order_by(Contact.id.desc()).limit(1))
    try:
        if sealed is not None:
            tx.vault.open(sealed)
    except VaultError as error:
        return wrong("secret key", str(error))
    return ok("secret key", "opens what is stored" if sealed else "nothing is stored yet")


def look_at_queue(settings: Settings) -> list[Finding]:
    """What there is to say of Redis, the workers and the scheduler."""
    try:
        redis = jobs.connect(settings.redis_url)
    except ValueError as error:
        return [wrong("queue", f"REDIS_URL is no address: {error}. Write redis://host:6379/0"), *_UNSEEN]
    try:
        felt = pulse.feel(redis)
    except RedisError as error:
        told = f"Redis does not answer: {error}. Start it, or set REDIS_URL to where it is"
        return [wrong("queue", told), *_UNSEEN]
    finally:
        redis.close()
    waiting = sum(felt.waiting.values())
    return [ok("queue", f"Redis answers; jobs waiting: {waiting}"), _workers(felt), _scheduler(felt)]


_UNSEEN = [skipped(part, "not looked at without Redis") for part in ("workers", "scheduler")]


def _workers(felt: pulse.Pulse) -> Finding:
    if not felt.workers or felt.worker_seen_s is None:
        return wrong("workers", "none is there: start one or more, `docker run … ayllu worker`")
    # Without a scheduler an idle worker has nothing to do that would show.
    if felt.worker_seen_s > SILENT_S and _is_alive(felt.scheduler_seen_s):
        told = (
            f"the last sign of life is {felt.worker_seen_s:.0f} s old: see their logs, and start them again"
        )
        return wrong("workers", told)
    return ok("workers", f"{felt.workers}, the last sign of life {felt.worker_seen_s:.0f} s ago")


def _scheduler(felt: pulse.Pulse) -> Finding:
    if _is_alive(felt.scheduler_seen_s):
        return ok("scheduler", f"the last sign of life {felt.scheduler_seen_s:.0f} s ago")
    since = "" if felt.scheduler_seen_s is None else f" since {felt.scheduler_seen_s:.0f} s"
    return wrong("scheduler", f"gave no sign of life{since}: start one, `docker run … ayllu scheduler`")


def _is_alive(seen_s: float | None) -> bool:
    return seen_s is not None and seen_s <= SILENT_S
