"""What the web process does when something it needs is away, slow or full: it answers soon, and loses nothing."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from threading import Thread
from urllib.parse import urlencode

import pytest
import requests
from sqlalchemy import func, select, text
from twilio.request_validator import RequestValidator

from bot.dialogue.wording import say
from bot.messages import Channel
from bot.services import Services, wire
from bot.store import Store, contacts
from bot.store.tables import Inbound, Outbound
from tests.chaos.line import Line
from tests.support.carrier import LocalCarrier
from tests.support.phone import Town
from workers import sweep_job

MARIA, ROSA = "+510000000011", "+510000000012"

SOON_S = 8.0
"""The carrier waits fifteen seconds."""


@pytest.fixture
def town(services: Services, carrier: LocalCarrier) -> Town:
    return Town(services, carrier)


def elsewhere(town: Town, **settings: str) -> Town:
    changed = town.services.settings.model_copy(update=settings)
    return Town(replace(wire(changed), parser=town.services.parser), town.carrier)


@contextmanager
def soon(seconds: float = SOON_S) -> Iterator[None]:
    begun = time.monotonic()
    yield
    assert time.monotonic() - begun < seconds


def kept(town: Town) -> int:
    with town.services.store.begin() as tx:
        return tx.session.scalar(select(func.count()).select_from(Inbound)) or 0


def test_without_the_database_the_answer_is_503_at_once(town: Town) -> None:
    with soon(2):
        answer = elsewhere(town, database_url="postgresql://127.0.0.1:1/nowhere").write(MARIA, "sms", "hola")
    assert answer.status_code == 503


def test_a_database_that_says_nothing_is_not_waited_for(town: Town) -> None:
    line = Line(socket.socket)
    line.silence()
    nowhere = f"postgresql://postgres@127.0.0.1:{line.port}/postgres"
    try:
        with soon(5):
            assert elsewhere(town, database_url=nowhere).write(MARIA, "sms", "hola").status_code == 503
    finally:
        line.close()


def test_without_the_queue_the_answer_is_200_at_once(town: Town) -> None:
    with soon(4):
        answer = elsewhere(town, redis_url="redis://127.0.0.1:1/0").write(MARIA, "sms", "hola")
    assert (answer.status_code, kept(town)) == (200, 1)


def test_a_queue_without_memory_is_as_if_it_were_away(town: Town) -> None:
    redis = town.services.redis
    redis.config_set("maxmemory", 1)
    try:
        assert town.write(MARIA, "sms", "gracias").status_code == 200
    finally:
        redis.config_set("maxmemory", 0)
    sweep_job.sweep()
    town.settle()
    assert town.heard(MARIA, "sms") == [say("thank").sms]


def test_when_all_connections_are_taken_the_carrier_is_asked_to_try_again(town: Town) -> None:
    settings = town.services.settings
    store = Store(settings.database_url, settings.secret_key.get_secret_value(), pool_size=1)
    full = Town(replace(town.services, store=store), town.carrier)
    with store.begin() as one, store.begin() as two:
        one.session.execute(text("SELECT 1"))
        two.session.execute(text("SELECT 1"))
        with soon(4):
            assert full.write(MARIA, "sms", "hola").status_code == 503
    assert full.write(MARIA, "sms", "hola").status_code == 200
    store.close()


def test_a_database_that_is_slow_is_not_waited_for_for_long(town: Town) -> None:
    with town.services.store.begin() as tx:
        tx.session.execute(text("LOCK TABLE inbound_message IN ACCESS EXCLUSIVE MODE"))
        with soon():
            assert town.write(MARIA, "sms", "hola").status_code == 503
    assert town.write(MARIA, "sms", "hola").status_code == 200


def test_what_cannot_be_answered_in_time_is_kept_and_answered_later(town: Town) -> None:
    town.ask(MARIA, "sms", "hola")
    with town.services.store.begin() as tx:
        tx.session.execute(text("LOCK TABLE conversation IN ACCESS EXCLUSIVE MODE"))
        with soon():
            assert town.write(MARIA, "sms", "gracias").status_code == 200
    town.settle()
    assert town.heard(MARIA, "sms") == [say("thank").sms]


def test_a_full_disk_is_answered_with_503(town: Town) -> None:
    with town.services.store.begin() as tx:
        tx.session.execute(
            text(
                "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION "
                "'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$"
            )
        )
        tx.session.execute(
            text("CREATE TRIGGER full_disk BEFORE INSERT ON inbound_message EXECUTE FUNCTION no_room()")
        )
    try:
        assert town.write(MARIA, "sms", "hola").status_code == 503
    finally:
        with town.services.store.begin() as tx:
            tx.session.execute(text("DROP FUNCTION no_room CASCADE"))
    assert town.write(MARIA, "sms", "hola").status_code == 200


def test_who_writes_much_at_once_takes_no_thread_from_others(town: Town) -> None:
    town.ask(MARIA, "sms", "hola")
    with town.services.store.begin() as tx:
        contacts.lock(tx, 1)
        with soon(3):
            threads = [Thread(target=town.write, args=(MARIA, "sms", "gracias")) for _ in range(20)]
            for thread in threads:
                thread.start()
            assert town.write(ROSA, "sms", "gracias").status_code == 200
            for thread in threads:
                thread.join()
    assert kept(town) == 22
    with town.services.store.begin() as tx:
        assert tx.session.scalar(select(func.count()).where(Outbound.contact_id == 2)) == 1


def test_the_other_address_takes_the_same_message_by_get(town: Town) -> None:
    form = {"MessageSid": "SMother", "From": MARIA, "To": town.carrier.sms_number, "Body": "niño ñ & más"}
    address = f"{town.carrier.bot_url}/twilio/fallback?{urlencode(form | {'ErrorCode': '11200'})}"
    signature = RequestValidator(town.carrier.auth_token).compute_signature(address, {})
    assert requests.get(address, timeout=5).status_code == 403
    for _ in range(2):
        answer = requests.get(address, headers={"X-Twilio-Signature": signature}, timeout=5)
        assert (answer.status_code, kept(town)) == (200, 1)
    assert town.post("/twilio/fallback", form).status_code == 200
    assert kept(town) == 1
    with town.services.store.begin() as tx:
        sealed = tx.session.scalars(select(Inbound.form_sealed)).one()
        assert tx.vault.open_json(sealed)["Body"] == form["Body"]


def test_a_person_is_known_by_one_row_however_many_write_first_at_once(town: Town) -> None:
    threads = [Thread(target=town.write, args=(MARIA, Channel.SMS, f"hola {n}")) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    town.settle()
    assert kept(town) == 8
    with town.services.store.begin() as tx:
        assert len(set(tx.session.scalars(select(Inbound.contact_id)))) == 1
