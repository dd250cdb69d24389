"""Which way a message leaves: free text, a template, or SMS; and to which number."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import requests
from sqlalchemy import func, select, update

from bot.channels.rates import SenderRates
from bot.dialogue.wording import say
from bot.messages import Channel
from bot.services import Services
from bot.simulator.address import Address
from bot.simulator.records import Message
from bot.store import contacts, outbox
from bot.store.tables import Contact, Inbound, MessageStatus, Outbound
from tests.support.carrier import LocalCarrier
from tests.support.phone import Town, at
from workers import sweep_job
from workers.send_job import send_next, send_to

MARIA = "+510000000011"
HIDDEN = "PE.77"
MOBILE = "+51987654321"
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


@pytest.fixture
def town(services: Services, carrier: LocalCarrier) -> Town:
    return Town(services, carrier)


def with_template(town: Town, wording: str, body: str) -> Town:
    """The same bot, with an approved template for this wording."""
    made = requests.post(
        f"{town.carrier.url}/v1/Content",
        json={"language": "es", "types": {"twilio/text": {"body": body}}},
        auth=(town.carrier.account_sid, town.carrier.auth_token),
        timeout=10,
    )
    sid = made.json()["sid"]
    requests.post(
        f"{town.carrier.url}/v1/Content/{sid}/ApprovalRequests/whatsapp",
        json={"name": wording, "category": "UTILITY"},
        auth=(town.carrier.account_sid, town.carrier.auth_token),
        timeout=10,
    ).raise_for_status()
    settings = town.services.settings.model_copy(update={"twilio_templates": {wording: sid}})
    return Town(replace(town.services, settings=settings), town.carrier)


def later(town: Town, reply: object = None, address: str = MARIA) -> None:
    """Something is said to a person who last wrote on WhatsApp a day and an hour ago."""
    with town.services.store.begin() as tx:
        contact = contacts.arrive(tx, address, Channel.WHATSAPP, datetime.now(UTC))
        contacts.wrote(
            tx, contacts.get(tx, contact), Channel.WHATSAPP, datetime.now(UTC) - timedelta(hours=25)
        )
        said = reply or say("answer_address", name="Sra. Rosa", distance="1 km", address="Jr. Lima 1")
        outbox.add(tx, contacts.get(tx, contact), "later", [said], datetime.now(UTC))  # type: ignore[list-item]
    send_to(contact)
    town.settle()


def outbound(town: Town) -> list[Outbound]:
    with town.services.store.begin() as tx:
        return list(tx.session.scalars(select(Outbound).order_by(Outbound.id)))


def taken(town: Town, number: str, channel: str) -> list[Message]:
    """What the carrier took for this phone, delivered or not; the last first."""
    found = town.carrier.inside.memory.messages.find(
        to=Address(Channel(channel), number), sender=None, since=None, before=None, offset=0, limit=100
    )
    return [message for message in found if not message.inbound]


def test_after_a_day_a_message_leaves_as_its_template_with_its_values(town: Town) -> None:
    town = with_template(town, "answer_address", "Le informa Ayllu: {{1}} está a {{2}}, en {{3}}.")
    later(town)
    assert town.heard(MARIA, "whatsapp") == ["Le informa Ayllu: Sra. Rosa está a 1 km, en Jr. Lima 1."]
    assert taken(town, MARIA, "whatsapp")[0].content_sid
    assert [(row.channel, row.status) for row in outbound(town)] == [("whatsapp", MessageStatus.DELIVERED)]


def test_after_a_day_what_has_no_template_leaves_as_sms_at_once(town: Town) -> None:
    town = with_template(town, "thank", "De nada.")
    later(town)
    assert len(town.heard(MARIA, "sms")) == 1
    assert taken(town, MARIA, "whatsapp") == []
    (row,) = outbound(town)
    assert (row.channel, row.status, row.attempts) == ("sms", MessageStatus.DELIVERED, 1)


def test_within_a_day_free_text_leaves_even_where_there_is_a_template(town: Town) -> None:
    town = with_template(town, "greet", "Ayllu le escribe.")
    (greeting,) = town.ask(MARIA, "whatsapp", "hola")
    assert greeting == say("greet").whatsapp


def test_after_a_day_who_has_no_number_and_no_template_is_not_written_to(town: Town) -> None:
    later(town, address=HIDDEN)
    (row,) = outbound(town)
    assert (row.status, row.attempts) == (MessageStatus.FAILED, 1)
    assert row.error is not None
    assert "no template is set for answer_address" in row.error
    sweep_job.sweep()
    town.settle()
    assert len(outbound(town)) == 1
    assert taken(town, HIDDEN, "whatsapp") == []


def test_a_template_reaches_who_has_no_number(town: Town) -> None:
    town = with_template(town, "thank", "De nada, {{1}}.")
    later(town, say("thank"), address=HIDDEN)
    assert len(town.heard(HIDDEN, "whatsapp")) == 1


def test_what_a_template_says_is_not_readable_in_the_database(town: Town) -> None:
    later(town)
    with town.services.store.begin() as tx:
        assert b"Rosa" not in repr(tx.session.execute(select(Outbound.__table__)).all()).encode()


def test_a_template_whose_answer_was_lost_is_not_sent_twice(town: Town) -> None:
    town = with_template(town, "thank", "Ayllu: con gusto.")
    town.carrier.fail(MARIA, trouble="lost_answer", seconds=0.1, times=1, silent=True)
    later(town, say("thank"))
    assert outbound(town)[0].error == outbox.MAYBE_SENT
    retry(town)
    assert [row.status for row in outbound(town)] == [MessageStatus.SENT]
    assert len(taken(town, MARIA, "whatsapp")) == 1


def retry(town: Town) -> None:
    """The wait before the next try is over."""
    with town.services.store.begin() as tx:
        tx.session.execute(
            update(Outbound)
            .where(Outbound.status == MessageStatus.QUEUED)
            .values(not_before=datetime.now(UTC) - timedelta(seconds=1))
        )
    sweep_job.sweep()
    town.settle()


def test_an_older_message_with_the_same_words_is_not_taken_for_a_lost_one(town: Town) -> None:
    with at(NOW):
        town.carrier.fail(MARIA, silent=True)
        town.write(MARIA, "sms", "gracias")
        town.write(MARIA, "sms", "gracias")
        assert send_next(town.services, 1, datetime.now(UTC))
        with town.services.store.begin() as tx:
            given_up = update(Outbound).where(Outbound.id == 1)
            tx.session.execute(given_up.values(sid=None, status=MessageStatus.FAILED))
    with at(NOW + timedelta(minutes=5)):
        town.carrier.fail(MARIA, trouble="server_error", times=1, silent=True)
        town.settle()
        assert outbound(town)[-1].error == outbox.MAYBE_SENT
        retry(town)
    assert [message.body for message in taken(town, MARIA, "sms")] == [say("thank").sms] * 2
    assert outbound(town)[-1].status == MessageStatus.SENT


def test_a_message_that_the_carrier_spoke_of_is_not_sent_again(town: Town) -> None:
    town.carrier.fail(MARIA, trouble="lost_answer", seconds=0.1, times=1, silent=True)
    town.ask(MARIA, "sms", "gracias")
    (row,) = outbound(town)
    (message,) = taken(town, MARIA, "sms")
    told = {"MessageSid": message.sid, "MessageStatus": "queued"}
    assert town.post(f"/twilio/status?id={row.id}", told).status_code == 200
    retry(town)
    assert len(taken(town, MARIA, "sms")) == 1
    assert outbound(town)[0].status == MessageStatus.SENT


@pytest.mark.parametrize("channel", ["whatsapp", "sms"])
def test_an_opt_out_that_the_carrier_tells_later_is_remembered(town: Town, channel: str) -> None:
    town.carrier.hold_statuses()
    town.ask(MARIA, channel, "hola")
    (row,) = outbound(town)
    told = {"MessageSid": row.sid or "", "MessageStatus": "failed", "ErrorCode": "21610"}
    assert town.post("/twilio/status", told).status_code == 200
    town.settle()
    assert [row.status for row in outbound(town)] == [MessageStatus.FAILED]
    assert town.ask(MARIA, channel, "busco cuna en comas") == []
    assert town.ask(MARIA, channel, "ALTA") != []


def test_an_opt_out_from_whatsapp_is_not_got_round_by_sms(town: Town) -> None:
    town.carrier.fail(MARIA, trouble="opted_out")
    town.ask(MARIA, "whatsapp", "hola")
    with town.services.store.begin() as tx:
        assert tx.session.scalar(select(Contact.opted_out_at)) is not None
    assert {row.channel for row in outbound(town)} == {"whatsapp"}


def test_a_busy_sender_is_tried_once_more_and_then_gives_way_to_sms(town: Town) -> None:
    town.carrier.fail(MARIA, trouble="channel_busy", times=1)
    assert town.ask(MARIA, "whatsapp", "hola") == []
    assert outbound(town)[-1].not_before > datetime.now(UTC)
    retry(town)
    assert len(town.heard(MARIA, "whatsapp")) == 1
    town.carrier.fail(MARIA, trouble="channel_busy")
    town.ask(MARIA, "whatsapp", "gracias")
    retry(town)
    assert len(town.heard(MARIA, "sms")) == 1


def slow(town: Town, sms_per_second: int = 1) -> Town:
    rates = SenderRates(town.services.redis, sms_per_second)
    return Town(replace(town.services, rates=rates), town.carrier)


def test_a_message_over_the_rate_waits_a_moment_and_leaves(town: Town) -> None:
    town = slow(town)
    town.services.rates.take(Channel.SMS)
    assert len(town.ask(MARIA, "sms", "gracias")) == 1
    assert outbound(town)[0].attempts == 1


def test_a_message_that_would_wait_long_is_put_off_and_that_is_no_try(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workers.send_job.LONGEST_WAIT", timedelta())
    town = slow(town)
    town.write(MARIA, "sms", "gracias")
    town.services.rates.take(Channel.SMS)
    now = datetime.now(UTC)
    assert not send_next(town.services, 1, now)
    (row,) = outbound(town)
    assert (row.status, row.attempts, row.error) == (MessageStatus.QUEUED, 0, None)
    assert now < row.not_before < now + timedelta(seconds=2)
    town.services.redis.flushdb()
    retry(town)
    assert len(town.heard(MARIA, "sms")) == 1


def test_a_number_that_was_given_gets_what_whatsapp_cannot_deliver(town: Town) -> None:
    (kept,) = town.ask(HIDDEN, "whatsapp", "mi número es 987 654 321")
    assert "SMS" in kept
    town.carrier.fail(HIDDEN, trouble="window_closed")
    assert town.ask(HIDDEN, "whatsapp", "gracias") == []
    assert town.heard(MOBILE, "sms") == [say("thank").sms]


def test_an_sms_from_a_number_that_was_given_is_the_same_person(town: Town) -> None:
    town.ask(HIDDEN, "whatsapp", "+51 987 654 321")
    assert town.ask(MOBILE, "sms", "gracias") == [say("thank").sms]
    with town.services.store.begin() as tx:
        assert tx.session.scalar(select(func.count()).select_from(Contact)) == 1
        assert set(tx.session.scalars(select(Inbound.contact_id))) == {1}
    town.ask(MOBILE, "sms", "BAJA")
    assert town.ask(HIDDEN, "whatsapp", "hola") == []


def test_a_number_of_somebody_else_changes_nobody(town: Town) -> None:
    town.ask(MOBILE, "sms", "gracias")
    town.ask(HIDDEN, "whatsapp", "987654321")
    town.carrier.fail(HIDDEN, trouble="window_closed")
    town.ask(HIDDEN, "whatsapp", "gracias")
    town.heard(MOBILE, "sms")
    assert town.ask(MOBILE, "sms", "gracias") == [say("thank").sms]
    with town.services.store.begin() as tx:
        assert tx.session.scalar(select(func.count()).select_from(Contact)) == 2
        assert tx.session.scalars(select(Contact.sms_key)).all() == [None, None]
    assert not any(row.channel == "sms" for row in outbound(town) if row.contact_id == 2)


def test_a_given_number_is_not_readable_in_the_database(town: Town) -> None:
    town.ask(HIDDEN, "whatsapp", "987654321")
    with town.services.store.begin() as tx:
        dump = repr(tx.session.execute(select(Contact.__table__)).all())
        assert tx.session.scalar(select(Contact.sms_sealed))
    assert "987654321" not in dump
    assert json.dumps(MOBILE) not in dump
