"""A reply leaves once, whatever the carrier does; and by SMS when WhatsApp does not reach."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.channels.errors import Outcome, SendError
from bot.services import Services
from bot.settings import SEND_LEASE, SEND_TOO_OLD
from bot.store import outbox
from bot.store.tables import Contact, MessageStatus, Outbound
from tests.support.carrier import LocalCarrier
from tests.support.phone import Town
from workers import sweep_job
from workers.send_job import delay_after, send_next

MARIA, OTHER = "+510000000011", "+510000000012"


@pytest.fixture
def town(services: Services, carrier: LocalCarrier) -> Town:
    return Town(services, carrier)


def outbound(town: Town) -> list[Outbound]:
    with town.services.store.begin() as tx:
        return list(tx.session.scalars(select(Outbound).order_by(Outbound.id)))


def make_due(town: Town) -> None:
    """Let the wait before the next try be over."""
    with town.services.store.begin() as tx:
        tx.session.execute(update(Outbound).values(not_before=datetime.now(UTC) - timedelta(seconds=1)))


@pytest.mark.parametrize("trouble", ["not_on_whatsapp", "no_whatsapp_address", "window_closed"])
def test_what_whatsapp_cannot_deliver_arrives_as_one_sms(town: Town, trouble: str) -> None:
    town.carrier.fail(MARIA, trouble=trouble)
    assert town.ask(MARIA, "whatsapp", "hola") == []
    by_sms = town.heard(MARIA, "sms")
    rows = outbound(town)
    assert len(by_sms) == len([row for row in rows if row.channel == "whatsapp"]) > 0
    assert [row.status for row in rows if row.channel == "sms"] == [MessageStatus.DELIVERED] * len(by_sms)


def test_a_person_without_a_number_gets_no_sms(town: Town) -> None:
    town.carrier.fail("PE.77", trouble="window_closed")
    assert town.ask("PE.77", "whatsapp", "hola") == []
    assert {row.channel for row in outbound(town)} == {"whatsapp"}


def test_an_sms_that_cannot_be_delivered_is_final(town: Town) -> None:
    town.carrier.fail(MARIA, trouble="unreachable")
    town.ask(MARIA, "sms", "hola")
    assert {(row.channel, row.status, row.error_code) for row in outbound(town)} == {
        ("sms", MessageStatus.FAILED, 30003)
    }


def test_an_opt_out_at_the_carrier_is_remembered(town: Town) -> None:
    town.carrier.fail(MARIA, trouble="opted_out")
    town.ask(MARIA, "sms", "hola")
    with town.services.store.begin() as tx:
        assert tx.session.scalar(select(Contact.opted_out_at)) is not None
    assert outbound(town)[0].status == MessageStatus.FAILED


@pytest.mark.parametrize("trouble", ["too_many_requests", "server_error"])
def test_a_carrier_in_trouble_is_asked_again_later(town: Town, trouble: str) -> None:
    town.carrier.fail(MARIA, trouble=trouble, times=1)
    assert town.ask(MARIA, "sms", "hola") == []
    first = outbound(town)[0]
    assert (first.status, first.attempts) == (MessageStatus.QUEUED, 1)
    assert first.not_before > first.updated_at
    make_due(town)
    sweep_job.sweep()
    town.settle()
    assert len(town.heard(MARIA, "sms")) == len(outbound(town))


def test_a_message_whose_answer_was_lost_is_looked_up_and_not_sent_twice(town: Town) -> None:
    town.carrier.fail(MARIA, trouble="lost_answer", seconds=0.1, times=1, silent=True)
    town.ask(MARIA, "sms", "hola")
    assert outbound(town)[0].error == outbox.MAYBE_SENT
    make_due(town)
    sweep_job.sweep()
    town.settle()
    rows = outbound(town)
    assert len(town.carrier.texts_to(MARIA, "sms")) == len(rows)
    assert {row.status for row in rows} == {MessageStatus.SENT}


@pytest.mark.parametrize(
    "refusal",
    [
        SendError("too many requests", 20429, Outcome.AGAIN),
        SendError("not allowed to list", 20003, Outcome.BY_SMS),
    ],
)
def test_where_the_carrier_refuses_to_be_looked_at_nothing_is_sent_before_it_lets_us(
    town: Town, monkeypatch: pytest.MonkeyPatch, refusal: SendError
) -> None:
    town.ask(OTHER, "sms", "hola")  # the carrier answers: nobody takes it to be away
    town.carrier.fail(MARIA, trouble="lost_answer", seconds=0.1, times=1, silent=True)
    town.ask(MARIA, "whatsapp", "hola")
    look, refusals = town.services.carrier.find, [refusal, refusal]

    def refuse_twice(*asked: Any) -> Any:
        if refusals:
            raise refusals.pop()
        return look(*asked)

    monkeypatch.setattr(town.services.carrier, "find", refuse_twice)
    for _ in range(3):
        make_due(town)
        sweep_job.sweep()
        town.settle()
    rows = [row for row in outbound(town) if row.contact_id != outbound(town)[0].contact_id]
    assert refusals == []
    assert {(row.channel, row.status) for row in rows} == {("whatsapp", MessageStatus.SENT)}
    assert len(town.carrier.texts_to(MARIA, "whatsapp")) == len(rows)
    assert town.carrier.texts_to(MARIA, "sms") == []


def test_who_stalled_for_longer_than_the_lease_does_not_undo_what_another_does(town: Town) -> None:
    town.write(MARIA, "sms", "hola")
    now = datetime.now(UTC)
    with town.services.store.begin() as tx:
        contact = tx.session.scalars(select(Contact.id)).one()
        stalled = outbox.claim(tx, contact, now, SEND_LEASE)
        assert stalled is not None
        tx.session.execute(update(Outbound).values(claimed_at=now - 2 * SEND_LEASE))
        assert outbox.claim(tx, contact, now, SEND_LEASE)
        outbox.try_again(tx, stalled, now, 20429, "too many requests", now)
        outbox.put_off(tx, stalled, now, now)
        assert not outbox.give_up(tx, stalled, None, "too old", now)
    assert outbound(town)[0].status == MessageStatus.SENDING


def test_a_message_left_by_a_worker_that_died_is_sent_by_the_next(town: Town) -> None:
    town.write(MARIA, "sms", "hola")
    with town.services.store.begin() as tx:
        contact = tx.session.scalars(select(Contact.id)).one()
        assert outbox.claim(tx, contact, datetime.now(UTC), SEND_LEASE)
        tx.session.execute(update(Outbound).values(claimed_at=datetime.now(UTC) - 2 * SEND_LEASE))
    sweep_job.sweep()
    town.settle()
    assert len(town.heard(MARIA, "sms")) == len(outbound(town))


def test_a_message_that_another_is_sending_is_left_to_it(town: Town) -> None:
    town.write(MARIA, "sms", "hola")
    now = datetime.now(UTC)
    with town.services.store.begin() as tx:
        contact = tx.session.scalars(select(Contact.id)).one()
        assert outbox.claim(tx, contact, now, SEND_LEASE)
    assert not send_next(town.services, contact, now)


def test_the_bubbles_of_answers_leave_in_the_order_they_were_written(town: Town) -> None:
    town.carrier.fail(MARIA, trouble="too_many_requests", times=1)
    for text in ("hola", "gracias", "ayuda"):
        town.write(MARIA, "whatsapp", text)
        town.settle()
    for _ in range(3):  # what one sweep finds on its way, the next one looks for again
        make_due(town)
        sweep_job.sweep()
        town.settle()
    with town.services.store.begin() as tx:
        written = [town.services.store.vault.open(row.whatsapp_sealed) for row in outbound(town)]
        assert tx is not None
    assert town.heard(MARIA, "whatsapp") == written


def test_an_answer_that_helps_nobody_any_more_is_given_up(town: Town) -> None:
    town.write(MARIA, "sms", "hola")
    with town.services.store.begin() as tx:
        contact = tx.session.scalars(select(Contact.id)).one()
    send_next(town.services, contact, datetime.now(UTC) + SEND_TOO_OLD + timedelta(minutes=1))
    assert outbound(town)[0].status == MessageStatus.FAILED


def test_waits_between_tries_grow_to_a_bound() -> None:
    waits = [delay_after(attempts).total_seconds() for attempts in range(1, 15)]
    assert 1 <= waits[0] <= 2
    assert max(waits) <= 600


def test_replies_are_found_by_the_sweeper_when_the_queue_was_away(town: Town, carrier: LocalCarrier) -> None:
    town.write(MARIA, "sms", "hola")
    town.services.redis.flushdb()
    town.settle()
    assert town.heard(MARIA, "sms") == []
    sweep_job.sweep()
    town.settle()
    assert town.heard(MARIA, "sms")


def test_a_delivery_that_is_told_before_the_lost_answer_settles_it(town: Town) -> None:
    town.carrier.fail(MARIA, trouble="lost_answer", seconds=0.1, times=1)
    assert len(town.ask(MARIA, "sms", "hola")) == len(outbound(town))
    assert {row.status for row in outbound(town)} == {MessageStatus.DELIVERED}
