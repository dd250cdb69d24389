"""What fails within a transaction undoes itself, all of itself, and nothing else."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text, update

from bot import searching
from bot.messages import Channel
from bot.services import Services
from bot.store import Store, StoreUnavailable, Tx, inbox
from bot.store.tables import Contact, Inbound
from tests.support.carrier import LocalCarrier
from tests.support.phone import Town
from workers import sweep_job
from workers.serve_job import serve_contact

MARIA = "+510000000011"
IDLE = "idle_in_transaction_session_timeout"
SEARCH = "busco quien cuide a mi hijo de 2 años en Collique, Comas, lunes a viernes de 8am a 5pm"


@pytest.fixture
def town(services: Services, carrier: LocalCarrier) -> Town:
    return Town(services, carrier)


def write(tx: Tx, word: str) -> None:
    tx.connection.execute(text("INSERT INTO said VALUES (:word)"), {"word": word})


def fail_around_another(tx: Tx, inner_fails: bool) -> None:
    with tx.attempt():
        write(tx, "outer")
        with suppress(ValueError), tx.attempt():
            write(tx, "inner")
            if inner_fails:
                raise ValueError
        raise KeyError


@pytest.mark.parametrize("inner_fails", [True, False])
def test_an_attempt_takes_back_what_it_did_around_another(services: Services, inner_fails: bool) -> None:
    with services.store.begin() as tx:
        tx.connection.execute(text("CREATE TEMPORARY TABLE said (word text) ON COMMIT DROP"))
        write(tx, "before")
        with pytest.raises(KeyError):
            fail_around_another(tx, inner_fails)
        assert tx.connection.execute(text("SELECT word FROM said")).scalars().all() == ["before"]


def slow(tx: Tx, *_: Any) -> Any:
    tx.connection.execute(text("SET LOCAL statement_timeout = 50"))
    tx.connection.execute(text("SELECT pg_sleep(5)"))


def test_a_search_that_takes_too_long_keeps_no_call_for_help_waiting(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    for kind in searching._QUICK:
        monkeypatch.setitem(searching._QUICK, kind, slow)
    town.ask(MARIA, "whatsapp", SEARCH)
    helped = " ".join(town.ask(MARIA, "whatsapp", "auxilio mi esposo me esta pegando"))
    assert "100" in helped
    for _ in range(inbox.MAX_ATTEMPTS):
        with town.services.store.begin() as tx:
            tx.session.execute(
                update(Inbound).values(received_at=Inbound.received_at - timedelta(seconds=10))
            )
        sweep_job.sweep()
        town.settle()
    with town.services.store.begin() as tx:
        assert tx.session.scalars(select(Inbound.id).where(Inbound.handled_at.is_(None))).all() == []


def test_of_what_came_behind_a_wish_to_be_forgotten_nothing_is_kept(town: Town) -> None:
    town.ask(MARIA, "whatsapp", "hola")
    town.ask(MARIA, "whatsapp", "borrar mis datos")
    with town.services.store.begin() as tx:
        contact = tx.session.scalars(select(Contact.id)).one()
        for number, words in enumerate(("si, borra todo", "mi hijo Pedro tiene 2 años")):
            form = {
                "MessageSid": f"SM{number}",
                "From": f"whatsapp:{MARIA}",
                "To": "whatsapp:+510000000100",
                "Body": words,
                "NumMedia": "0",
            }
            inbox.add(tx, f"SM{number}", contact, Channel.WHATSAPP, form, datetime.now(UTC))
    serve_contact(contact)
    with town.services.store.begin() as tx:
        assert [row for row in tx.session.scalars(select(Inbound.parse_sealed)) if row is not None] == []


def be_idle(store: Store) -> None:
    with store.begin() as tx:
        tx.session.execute(text(f"SET LOCAL {IDLE} = 50"))
        time.sleep(0.5)
        tx.session.execute(text("SELECT 1"))


def test_a_transaction_that_its_machine_left_is_ended_by_the_server(services: Services) -> None:
    with services.store.begin() as tx:
        allowed = text("SELECT setting::int FROM pg_settings WHERE name = :name")
        assert 0 < tx.session.scalars(allowed, {"name": IDLE}).one() <= 60_000
    with pytest.raises(StoreUnavailable):
        be_idle(services.store)
