"""`/metrics` tells what is so, of nobody in particular, and is no burden."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text, update

from bot import jobs
from bot.messages import Event, EventKind
from bot.metrics.catalogue import CATALOGUE
from bot.metrics.collector import KEPT_S
from bot.services import Services, wire
from bot.simulator.faults import Trouble
from bot.store import events
from bot.store.tables import Case, Contact, Inbound, LastLook, Outbound
from tests.support.carers import put_on_file
from tests.support.carrier import LocalCarrier
from tests.support.metrics import Values, scrape, value
from tests.support.phone import Town, at

MARIA, ROSA, LUCHO = "+51900000011", "+51900000021", "+51900000033"
CARER = {
    "name": "Sra. Rosa", "kind": "home", "district": "Collique", "lat": "-11.9155", "lon": "-77.0205",
    "address": "Jr. Los Pinos 120", "min_age": "6m", "max_age": "4a", "days": "lun-sab", "opens": "06:00",
    "closes": "18:00", "price": "15", "period": "dia", "places": "1", "phone": ROSA,
}  # fmt: skip
WEDNESDAY = datetime(2026, 11, 25, 15, 0, tzinfo=UTC)
NOWHERE = "127.0.0.1:9"


@pytest.fixture
def town(services: Services, carrier: LocalCarrier) -> Town:
    return Town(services, carrier)


def read(town: Town) -> Values:
    return scrape(town.carrier.bot_url)[0]


@contextmanager
def locked(services: Services, table: str) -> Iterator[None]:
    """Whoever reads the table waits."""
    with services.store.begin() as tx:
        tx.session.execute(text(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE"))
        yield


def test_the_figures_are_those_of_the_conversations_and_tell_of_nobody(town: Town, tmp_path: Path) -> None:
    put_on_file(town.services, {"rosa": CARER}, tmp_path / "providers.csv", WEDNESDAY)
    with at(WEDNESDAY):
        town.carrier.fail(LUCHO, trouble=Trouble.UNREACHABLE)
        town.ask(LUCHO, "sms", "hola")
        asked = (
            "busco quien cuide a mi hijita de 2 años en collique de lunes a viernes de 7 a 5 desde el lunes"
        )
        town.ask(MARIA, "whatsapp", asked)
        town.ask(MARIA, "whatsapp", "1")
        town.ask(MARIA, "whatsapp", "si, soy Zoraida")
        town.sweep()
        town.ask(ROSA, "sms", "ya mamita")
        town.ask(MARIA, "whatsapp", "quiero hablar con una persona")
        town = Town(town.services, town.carrier)
        values, told = scrape(town.carrier.bot_url)
    assert value(values, "ayllu_messages_in", channel="whatsapp", window="1h") == 4
    assert value(values, "ayllu_messages_answered", channel="whatsapp", window="1h") == 4
    assert value(values, "ayllu_messages_in", channel="sms", window="24h") == 2
    with town.services.store.begin() as tx:
        counted = tx.session.execute(
            text("SELECT channel, status, count(*), sum(segments) FROM outbound_message GROUP BY 1, 2")
        ).all()
        failed = tx.session.execute(
            text("SELECT channel, error_code FROM outbound_message WHERE error_code IS NOT NULL")
        ).all()
    assert {(channel, status) for channel, status, *_ in counted} >= {("sms", "failed"), ("sms", "delivered")}
    for channel, status, count, _ in counted:
        assert value(values, "ayllu_messages_out", channel=channel, status=status, window="1h") == count
    for channel in ("sms", "whatsapp"):
        segments = sum(row[3] or 0 for row in counted if row[0] == channel)
        assert value(values, "ayllu_segments", channel=channel, window="24h") == segments > 0
    assert failed
    assert sum(
        v
        for (name, labels), v in values.items()
        if name == "ayllu_carrier_errors" and ("window", "24h") in labels
    ) == len(failed)
    for what in ("answer", "send", "search", "event"):
        assert value(values, "ayllu_waiting", what=what) == 0
    assert value(values, "ayllu_requests", status="agreed", window="24h") == 1
    assert value(values, "ayllu_offers", status="agreed", window="24h") == 1
    funnel = [
        value(values, "ayllu_funnel", step=s, window="30d")
        for s in ("asked", "listed", "chosen", "agreed", "rated")
    ]
    assert funnel == [1, 1, 1, 1, 0]
    assert value(values, "ayllu_cases_open", reason="human") == 1
    assert value(values, "ayllu_cases_open", reason="emergency") == 0
    assert value(values, "ayllu_up", part="database") == value(values, "ayllu_up", part="queue") == 1
    assert not any(v for (name, _), v in values.items() if name == "ayllu_figures_missing")
    for planted in (MARIA, ROSA, LUCHO, "Zoraida", "Rosa", "mamita", "Pinos"):
        assert planted.removeprefix("+51") not in told


def test_what_waits_is_counted_with_its_age(town: Town) -> None:
    town.ask(MARIA, "sms", "hola")
    now = datetime.now(UTC)
    with town.services.store.begin() as tx:
        tx.session.execute(update(Inbound).values(handled_at=None, received_at=now - timedelta(minutes=2)))
        tx.session.execute(update(Outbound).values(status="queued", not_before=now - timedelta(minutes=1)))
        (contact_id,) = tx.session.scalars(select(Contact.id))
        for cause, due_at in (("due", now - timedelta(seconds=30)), ("later", now + timedelta(hours=1))):
            events.add(tx, contact_id, cause, Event(EventKind.FOLLOW_UP, {}), due_at, now)
        tx.session.add(LastLook(what="inbound:sms", at=now - timedelta(minutes=5)))
    values = read(Town(town.services, town.carrier))
    ages = {
        what: (
            value(values, "ayllu_waiting", what=what),
            value(values, "ayllu_waiting_oldest_seconds", what=what),
        )
        for what in ("answer", "send", "event")
    }
    assert ages == {
        "answer": (1, pytest.approx(120, abs=5)),
        "send": (1, pytest.approx(60, abs=5)),
        "event": (1, pytest.approx(30, abs=5)),
    }
    assert value(values, "ayllu_last_look_seconds", what="inbound:sms") == pytest.approx(300, abs=5)


def test_a_message_that_is_to_leave_later_does_not_wait(town: Town) -> None:
    town.ask(MARIA, "sms", "hola")
    with town.services.store.begin() as tx:
        later = datetime.now(UTC) + timedelta(hours=8)
        tx.session.execute(update(Outbound).values(status="queued", not_before=later))
    assert value(read(Town(town.services, town.carrier)), "ayllu_waiting", what="send") == 0


def test_an_old_case_shows_its_age_until_it_is_closed(town: Town) -> None:
    town.ask(MARIA, "sms", "quiero hablar con una persona")
    now = datetime.now(UTC)
    with town.services.store.begin() as tx:
        tx.session.execute(update(Case).values(created_at=now - timedelta(days=1)))
    age = value(read(Town(town.services, town.carrier)), "ayllu_cases_open_oldest_seconds", reason="human")
    assert age == pytest.approx(86400, abs=5)
    with town.services.store.begin() as tx:
        tx.session.execute(update(Case).values(closed_at=now))
    assert value(read(Town(town.services, town.carrier)), "ayllu_cases_open", reason="human") == 0


def test_jobs_on_the_queues_are_counted(town: Town) -> None:
    town.services.jobs.push(jobs.SEND_TO, 1)
    town.services.jobs.push(jobs.SWEEP)
    values = read(town)
    assert value(values, "ayllu_jobs_waiting", queue="replies") == 1
    assert value(values, "ayllu_jobs_waiting", queue="upkeep") == 1
    assert value(values, "ayllu_jobs_waiting", queue="emergency") == 0
    assert value(values, "ayllu_workers") == 0


def test_requests_are_timed_by_their_rule_and_status_whatever_was_asked_for(town: Town) -> None:
    town.write(MARIA, "sms", "hola")
    town.post("/twilio/status", {"MessageSid": "SM1"}, signature="forged")
    town.post(f"/nowhere/{MARIA}", {})
    values, told = scrape(town.carrier.bot_url)
    seen = {
        (dict(labels)["route"], dict(labels)["status"]): count
        for (name, labels), count in values.items()
        if name == "ayllu_web_request_seconds_count"
    }
    assert seen == {("/twilio/messages", "200"): 1, ("/twilio/status", "403"): 1, ("none", "404"): 1}
    assert "nowhere" not in told


def test_a_table_that_is_locked_leaves_out_its_figures_alone_and_soon(town: Town) -> None:
    with locked(town.services, "inbound_message"):
        began = time.monotonic()
        values = read(town)
        assert time.monotonic() - began < 6
        assert town.services.store.check() is None
    assert value(values, "ayllu_up", part="database") == 1
    assert value(values, "ayllu_figures_missing", group="came") == 1
    assert value(values, "ayllu_figures_missing", group="cases") == 0
    assert value(values, "ayllu_messages_in", channel="sms", window="1h") is None
    assert value(values, "ayllu_cases_open", reason="human") == 0


def test_whoever_asks_again_at_once_does_not_ask_the_database(town: Town) -> None:
    first = read(town)
    with locked(town.services, "inbound_message"):
        began = time.monotonic()
        again = read(town)
        assert time.monotonic() - began < KEPT_S / 10
    assert value(again, "ayllu_messages_in", channel="sms", window="1h") == 0
    assert value(first, "ayllu_messages_in", channel="sms", window="1h") == 0


def test_without_its_engines_it_says_so_and_nothing_falls(services: Services, carrier: LocalCarrier) -> None:
    away = services.settings.model_copy(
        update={"database_url": f"postgresql://a:b@{NOWHERE}/c", "redis_url": f"redis://{NOWHERE}/0"}
    )
    wired = wire(away)
    values = read(Town(replace(services, settings=away, store=wired.store, redis=wired.redis), carrier))
    wired.close()
    assert value(values, "ayllu_up", part="database") == value(values, "ayllu_up", part="queue") == 0
    assert {name for name, _ in values if name in CATALOGUE} == {"ayllu_up", "ayllu_figures_missing"}


def test_no_metric_has_a_label_for_a_person() -> None:
    labels = {label for metric in CATALOGUE.values() for label in metric.labels}
    assert labels == {
        "part", "group", "channel", "window", "quantile", "status", "code", "what", "step", "reason", "queue",
    }  # fmt: skip
