"""`ayllu doctor`: what is well is said to be, and each fault is named with its remedy."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread

import pytest
from flask import Flask, redirect
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer
from sqlalchemy import create_engine, text

from bot import jobs, pulse
from bot.app import create_app
from bot.doctor import Verdict, examine
from bot.doctor.carrier import look_at_carrier
from bot.doctor.engines import look_at_database, look_at_queue
from bot.doctor.finding import Finding
from bot.doctor.here import look_at_address, look_at_clock, look_at_disk
from bot.messages import Channel
from bot.services import Services
from bot.settings import Settings
from bot.store import contacts
from bot.store.database import sqlalchemy_url
from tests.support.carrier import LocalCarrier
from tests.support.phone import at
from workers.main import schedule

NOWHERE = "http://127.0.0.1:9"
PARTS = {
    "settings", "model", "database", "pgvector", "tables", "secret key", "queue", "workers", "scheduler",
    "account", "SMS", "WhatsApp", "PUBLIC_URL", "clock", "disk",
}  # fmt: skip
_names = itertools.count(1)


@pytest.fixture
def settings(services: Services) -> Settings:
    return services.settings


@pytest.fixture
def served(services: Services, carrier: LocalCarrier) -> None:
    """A web process where PUBLIC_URL leads."""
    carrier.bot_door.app = create_app(services)


@pytest.fixture
def at_work(services: Services) -> Iterator[None]:
    """A worker and a scheduler, as far as Redis can tell."""
    stopped = Event()
    clock = Thread(target=schedule, args=(services.jobs, stopped))
    clock.start()
    with_worker = registered(services)
    while services.redis.get(pulse.SCHEDULER) is None:
        stopped.wait(0.05)
    yield
    stopped.set()
    clock.join()
    with_worker.register_death()


def registered(services: Services) -> SimpleWorker:
    queue = Queue(jobs.QueueName.REPLIES.value, connection=services.redis, serializer=JSONSerializer)
    worker = SimpleWorker([queue], connection=services.redis, serializer=JSONSerializer)
    worker.register_birth()
    return worker


def with_(settings: Settings, **other: object) -> Settings:
    return Settings.model_validate({name: getattr(settings, name) for name in Settings.model_fields} | other)


def environment(settings: Settings) -> dict[str, str]:
    return {
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "TWILIO_ACCOUNT_SID": settings.twilio_account_sid,
        "TWILIO_AUTH_TOKEN": settings.twilio_auth_token.get_secret_value(),
        "TWILIO_API_URL": settings.twilio_api_url,
        "TWILIO_WHATSAPP_FROM": settings.twilio_whatsapp_from,
        "TWILIO_SMS_FROM": settings.twilio_sms_from,
        "PUBLIC_URL": settings.public_url,
        "SECRET_KEY": settings.secret_key.get_secret_value(),
        "DATA_DIR": str(settings.data_dir),
    }


def doctor(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "PYTHONPATH")}
    return subprocess.run(
        [sys.executable, "-m", "bot", "doctor"],
        env=kept | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


def wrong(findings: list[Finding]) -> dict[str, str]:
    """What is wrong, by part."""
    return {one.part: one.told for one in findings if one.verdict is Verdict.WRONG}


@pytest.mark.usefixtures("served", "at_work")
def test_where_all_is_well_each_part_is_told_so_and_the_command_succeeds(settings: Settings) -> None:
    done = doctor(environment(settings))
    lines = done.stdout.splitlines()
    assert done.returncode == 0, done.stdout + done.stderr
    assert all(line.startswith("ok ") for line in lines), done.stdout
    assert {line[8:26].strip() for line in lines} == PARTS


@pytest.mark.usefixtures("served")
def test_whatever_is_wrong_the_rest_is_looked_at_and_the_command_fails(settings: Settings) -> None:
    done = doctor(
        environment(settings) | {"TWILIO_AUTH_TOKEN": "another token", "REDIS_URL": "redis://127.0.0.1:9"}
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stdout + done.stderr
    said = {line[8:26].strip(): line[:8].strip() for line in done.stdout.splitlines()}
    assert said.keys() == PARTS
    assert {part for part, verdict in said.items() if verdict == "WRONG"} == {"queue", "account"}
    assert {part for part, verdict in said.items() if verdict == "skipped"} == {
        "workers", "scheduler", "SMS", "WhatsApp",
    }  # fmt: skip


def test_settings_that_are_missing_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*Settings.model_fields, *(f"{name}_FILE" for name in Settings.model_fields)):
        monkeypatch.delenv(name.upper(), raising=False)
    (finding,) = examine()
    assert finding.verdict is Verdict.WRONG
    assert all(name in finding.told for name in ("DATABASE_URL", "SECRET_KEY", "TWILIO_SMS_FROM"))


def test_a_database_that_does_not_answer_is_named_without_its_password(settings: Settings) -> None:
    away = with_(settings, database_url="postgresql://ayllu:sesame@127.0.0.1:9/ayllu")
    findings, ahead_s = look_at_database(away)
    assert "DATABASE_URL" in wrong(findings)["database"]
    assert "sesame" not in str(findings)
    assert ahead_s is None


def test_a_database_that_was_not_migrated_is_named(settings: Settings) -> None:
    name = f"doctor_{next(_names)}"
    engine = create_engine(sqlalchemy_url(settings.database_url), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        fresh = with_(settings, database_url=str(engine.url.set(database=name).render_as_string(False)))
        faults = wrong(look_at_database(fresh)[0])
        assert faults.keys() == {"pgvector", "tables"}
        assert all("ayllu migrate" in told for told in faults.values())
    finally:
        with engine.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        engine.dispose()


def test_tables_of_another_version_are_named(services: Services) -> None:
    with services.store.begin() as tx:
        today = tx.session.scalar(text("SELECT version_num FROM alembic_version"))
        tx.session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    try:
        assert "0001" in wrong(look_at_database(services.settings)[0])["tables"]
    finally:
        with services.store.begin() as tx:
            tx.session.execute(text("UPDATE alembic_version SET version_num = :today"), {"today": today})


def test_another_secret_key_than_the_one_things_are_sealed_with_is_named(services: Services) -> None:
    with services.store.begin() as tx:
        contacts.arrive(tx, "+51987654321", Channel.SMS, datetime.now(UTC))
    other = with_(services.settings, secret_key="a secret that nothing is sealed with, 32")
    assert wrong(look_at_database(services.settings)[0]) == {}
    assert "SECRET_KEY" in wrong(look_at_database(other)[0])["secret key"]


def test_a_queue_that_does_not_answer_is_named(settings: Settings) -> None:
    faults = wrong(look_at_queue(with_(settings, redis_url="redis://127.0.0.1:9/0")))
    assert "REDIS_URL" in faults["queue"]


def test_no_worker_and_no_scheduler_are_named(settings: Settings) -> None:
    assert wrong(look_at_queue(settings)).keys() == {"workers", "scheduler"}


def test_a_scheduler_and_a_worker_that_fell_silent_are_named(services: Services) -> None:
    now = datetime.now(UTC)
    with at(now - timedelta(minutes=5)):
        worker = registered(services)
        pulse.strike(services.redis)
    assert wrong(look_at_queue(services.settings)).keys() == {"scheduler"}
    pulse.strike(services.redis)
    assert wrong(look_at_queue(services.settings)).keys() == {"workers"}
    worker.heartbeat()
    assert wrong(look_at_queue(services.settings)) == {}
    worker.register_death()


def test_a_wrong_token_is_named(settings: Settings) -> None:
    faults = wrong(look_at_carrier(with_(settings, twilio_auth_token="another token")))
    assert "TWILIO_AUTH_TOKEN" in faults["account"]


def test_a_carrier_that_does_not_answer_is_named(settings: Settings) -> None:
    assert NOWHERE in wrong(look_at_carrier(with_(settings, twilio_api_url=NOWHERE)))["account"]


def test_senders_that_the_account_does_not_have_are_named(settings: Settings) -> None:
    other = with_(settings, twilio_sms_from="+510000000998", twilio_whatsapp_from="+510000000999")
    faults = wrong(look_at_carrier(other))
    assert "TWILIO_SMS_FROM" in faults["SMS"]
    assert "TWILIO_WHATSAPP_FROM" in faults["WhatsApp"]


def test_senders_that_call_another_address_are_named_with_the_right_one(settings: Settings) -> None:
    faults = wrong(look_at_carrier(with_(settings, public_url="https://ayllu.example.pe")))
    assert faults.keys() == {"SMS", "WhatsApp"}
    assert all("https://ayllu.example.pe/twilio/messages" in told for told in faults.values())


def test_a_public_address_where_nobody_or_somebody_else_answers_is_named(
    settings: Settings, carrier: LocalCarrier
) -> None:
    assert NOWHERE in wrong([look_at_address(with_(settings, public_url=NOWHERE))])["PUBLIC_URL"]
    carrier.bot_door.app = Flask("another")
    assert "404" in wrong([look_at_address(settings)])["PUBLIC_URL"]
    elsewhere = carrier.bot_door.app = Flask("elsewhere")
    elsewhere.add_url_rule("/healthz", view_func=lambda: redirect("https://ayllu.example.pe/healthz"))
    assert "https://ayllu.example.pe" in wrong([look_at_address(settings)])["PUBLIC_URL"]


def test_a_public_address_that_is_not_https_is_named_where_real_people_write(settings: Settings) -> None:
    live = with_(settings, twilio_api_url="https://api.twilio.com")
    assert "https" in wrong([look_at_address(live)])["PUBLIC_URL"]


def test_a_disk_without_room_is_named(settings: Settings) -> None:
    assert look_at_disk(settings).verdict is Verdict.OK
    assert "DATA_DIR" in wrong([look_at_disk(settings, least_bytes=10**18)])["disk"]


def test_a_data_folder_that_is_not_there_yet_is_no_fault(settings: Settings, tmp_path: Path) -> None:
    assert look_at_disk(with_(settings, data_dir=tmp_path / "not" / "yet")).verdict is Verdict.OK


def test_a_clock_that_goes_wrong_is_named(settings: Settings) -> None:
    with at(datetime.now(UTC) + timedelta(minutes=3)):
        ahead_s = look_at_database(settings)[1]
    assert "ahead of PostgreSQL's" in wrong([look_at_clock(settings, ahead_s)])["clock"]
    assert look_at_clock(settings, 0.0).verdict is Verdict.OK
    assert look_at_clock(with_(settings, twilio_api_url=NOWHERE), None).verdict is Verdict.SKIPPED
