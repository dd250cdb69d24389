"""The real engines, started once for the whole run; each test that uses them gets empty tables and queues."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from sqlalchemy import create_engine, text

from bot import engines
from bot.services import Services, wire
from bot.settings import Settings
from bot.store.migrate import migrate
from tests.support.carrier import LocalCarrier
from tests.support.demo import put_demo_on_file
from tests.support.tables import start_over

# A busy machine is slow, and that is no fault of what is tested.
hypothesis.settings.register_profile("steady", deadline=None)
hypothesis.settings.load_profile("steady")

LONG = ("tests/chaos/", "tests/costs/", "tests/path/", "tests/conversations/", "tests/browser/")
"""Files of these take minutes. They begin first, so that no process is left alone with one at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))


@pytest.fixture(scope="session")
def engine_urls() -> Iterator[tuple[str, str]]:
    # Not in pytest's own folder: run as root, PostgreSQL runs as another user, whom pytest keeps out of there.
    with (
        tempfile.TemporaryDirectory(prefix="ayllu-", ignore_cleanup_errors=True) as folder,
        engines.embedded_postgres(Path(folder)) as database,
        engines.embedded_valkey(Path(folder)) as queue,
    ):
        migrate(database)
        _do_without_the_disk(database)
        yield database, queue


def _do_without_the_disk(database: str) -> None:
    """Nobody pulls the plug on these engines, so that nothing need reach the disk; where that counts, a test has
    engines of its own (tests/chaos)."""
    with create_engine(database, isolation_level="AUTOCOMMIT").connect() as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))


@pytest.fixture(scope="session")
def carrier(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCarrier]:
    with LocalCarrier(tmp_path_factory.mktemp("carrier")) as running:
        yield running


@pytest.fixture(scope="session")
def wired(
    engine_urls: tuple[str, str], carrier: LocalCarrier, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Services]:
    database, queue = engine_urls
    settings = Settings(
        database_url=database,
        redis_url=queue,
        twilio_account_sid=carrier.account_sid,
        twilio_auth_token=carrier.auth_token,
        twilio_api_url=carrier.url,
        twilio_whatsapp_from=carrier.whatsapp_number,
        twilio_sms_from=carrier.sms_number,
        public_url=carrier.bot_url,
        secret_key="a secret that only tests know, 32 long",
        data_dir=tmp_path_factory.mktemp("data"),
    )
    services = wire(settings)
    yield services
    services.close()


@pytest.fixture
def services(wired: Services, carrier: LocalCarrier) -> Services:
    """Everything a process works with, on empty tables."""
    start_over(wired, carrier)
    return wired


@pytest.fixture
def demo(services: Services) -> None:
    """The demo's providers and hubs."""
    put_demo_on_file(services)


@pytest.fixture(scope="session")
def repository() -> Path:
    return Path(__file__).parent.parent
