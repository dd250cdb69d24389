"""Whatever runs twice says it once; what one person wrote is answered in order, whoever does it, whatever is away."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
import requests
from sqlalchemy import func, select, update
from twilio.request_validator import RequestValidator

from bot.dialogue.wording import say
from bot.messages import Channel
from bot.services import Services, wire
from bot.store import contacts, inbox, outbox, searches
from bot.store.tables import Case, MessageStatus, Outbound
from tests.support.carrier import LocalCarrier
from tests.support.phone import Town, at
from tests.workers.processes import processes
from workers import sweep_job
from workers.search_job import answer_search
from workers.send_job import send_next, send_to
from workers.serve_job import serve_contact

MARIA = "+510000000011"
NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
"""Ten in the morning in Lima."""


@pytest.fixture
def town(services: Services, carrier: LocalCarrier) -> Town:
    return Town(services, carrier)


def outbound(town: Town) -> list[Outbound]:
    with town.services.store.begin() as tx:
        return list(tx.session.scalars(select(Outbound).order_by(Outbound.id)))


def say_to(town: Town, *words: str, address: str = MARIA, channel: Channel = Channel.WHATSAPP) -> int:
    """Let the bot say so many bubbles to a person; whom."""
    now = datetime.now(UTC)
    town.carrier.person_wrote(address, channel)
    with town.services.store.begin() as tx:
        contact = contacts.arrive(tx, address, channel, now)
        contacts.wrote(tx, contacts.get(tx, contact), channel, now)
        bubbles = [replace(say("thank"), whatsapp=word, sms=word) for word in words]
        outbox.add(tx, contacts.get(tx, contact), f"said:{address}:{'-'.join(words)}", bubbles, now)
    return contact


def make_due(town: Town) -> None:
    with town.services.store.begin() as tx:
        tx.session.execute(update(Outbound).values(not_before=datetime.now(UTC) - timedelta(seconds=1)))


FOR_A_WORKER = "quiero aprender excel"
"""A search that needs the model once more."""


def test_a_job_that_runs_twice_says_it_once(town: Town, demo: None) -> None:
    town.write(MARIA, "sms", FOR_A_WORKER)
    for _ in range(2):
        serve_contact(1)
        answer_search(1)
        answer_search(1)
        send_to(1)
    town.settle()
    assert len(town.heard(MARIA, "sms")) == len(outbound(town)) == 1


def test_who_can_help_is_told_in_the_transaction_that_keeps_the_question(town: Town, demo: None) -> None:
    town.write(MARIA, "sms", "busco internet en ayacucho")
    assert [row.wording for row in outbound(town)] == ["hub_list"]


def test_a_word_on_the_heels_of_a_search_is_answered_after_it(town: Town, demo: None) -> None:
    town.write(MARIA, "sms", FOR_A_WORKER)
    town.write(MARIA, "sms", "gracias")
    assert outbound(town) == []
    town.settle()
    found, thanks = town.heard(MARIA, "sms")
    assert "Excel" in found
    assert thanks == say("thank").sms


def test_danger_does_not_wait_for_a_search(town: Town, demo: None) -> None:
    town.write(MARIA, "sms", FOR_A_WORKER)
    town.write(MARIA, "sms", "mi bebe no respira")
    assert [row.wording for row in outbound(town)] == ["emergency"]


def broken(*_: object) -> None:
    raise RuntimeError("this is broken")


def cases_opened(town: Town) -> int:
    with town.services.store.begin() as tx:
        return tx.session.scalar(select(func.count()).select_from(Case)) or 0


def test_a_search_that_always_fails_ends_in_an_apology_and_holds_up_nothing(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.searching.best", broken)
    town.write(MARIA, "sms", FOR_A_WORKER)
    town.write(MARIA, "sms", "gracias")
    for _ in range(searches.MAX_ATTEMPTS):
        answer_search(1)
    town.settle()
    assert town.heard(MARIA, "sms") == [say("apology").sms, say("thank").sms]
    assert cases_opened(town) == 1


def test_a_match_that_always_fails_ends_in_an_apology_likewise(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.searching.find_hubs", broken)
    town.write(MARIA, "sms", "busco internet en ayacucho")
    town.write(MARIA, "sms", "gracias")
    for _ in range(inbox.MAX_ATTEMPTS):
        serve_contact(town.contact_id(MARIA))
    town.settle()
    assert town.heard(MARIA, "sms") == [say("apology").sms, say("thank").sms]
    assert cases_opened(town) == 1


def test_the_next_bubble_waits_for_the_one_before_to_arrive(town: Town) -> None:
    town.carrier.fail(MARIA, late_s=0.3)
    contact = say_to(town, "one", "two", "three")
    send_to(contact)
    assert [row.status for row in outbound(town)] == [MessageStatus.SENT, *[MessageStatus.QUEUED] * 2]
    for _ in range(3):
        town.settle()
    assert town.heard(MARIA, "whatsapp") == ["one", "two", "three"]


def test_a_bubble_whose_arrival_is_never_told_holds_up_the_next_only_for_a_moment(town: Town) -> None:
    town.carrier.hold_statuses()
    with at(NOW) as clock:
        contact = say_to(town, "one", "two")
        send_to(contact)
        assert not send_next(town.services, contact, datetime.now(UTC))
        clock.shift(outbox.NEXT_BUBBLE)
        send_next(town.services, contact, datetime.now(UTC))
    assert [row.status for row in outbound(town)] == [MessageStatus.SENT] * 2


def test_a_bubble_that_has_to_be_written_again_keeps_its_place(town: Town) -> None:
    town.carrier.fail(MARIA, trouble="not_on_whatsapp", channel="whatsapp")
    say_to(town, "one", "two")
    for _ in range(4):
        make_due(town)
        sweep_job.sweep()
        town.settle()
    assert town.heard(MARIA, "sms") == ["one", "two"]


def nowhere(town: Town) -> Services:
    """The bot with a carrier that is not there."""
    settings = town.services.settings.model_copy(update={"twilio_api_url": "http://127.0.0.1:9"})
    return replace(town.services, carrier=wire(settings).carrier)


def test_while_the_carrier_is_away_answers_wait_and_leave_in_order_afterwards(town: Town) -> None:
    away = nowhere(town)
    with at(NOW) as clock:
        for word in ("one", "two", "three"):
            contact = say_to(town, word)
        for _ in range(3 * outbox.MAX_ATTEMPTS):
            away.carrier._away_until = 0.0
            assert not send_next(away, contact, datetime.now(UTC))
            clock.shift(timedelta(minutes=1))
        assert [row.status for row in outbound(town)] == [MessageStatus.QUEUED] * 3
        make_due(town)
        for _ in range(3):
            send_to(contact)
            town.settle()
        assert town.heard(MARIA, "whatsapp") == ["one", "two", "three"]


def test_a_carrier_that_does_not_answer_is_left_alone_for_a_moment(town: Town) -> None:
    away = nowhere(town)
    for number in range(5):
        contact = say_to(town, "one", address=f"+51000000003{number}")
        send_next(away, contact, datetime.now(UTC))
    assert [row.attempts for row in outbound(town)] == [1, 1, 1, 0, 0]
    assert away.carrier.is_away()


def test_a_message_that_alone_fails_while_others_leave_is_given_up(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "OTHERS_TAKEN", 2)
    monkeypatch.setattr(outbox, "MAX_ATTEMPTS", 3)
    town.carrier.fail(MARIA, trouble="too_many_requests")
    contact = say_to(town, "one")
    send_next(town.services, contact, datetime.now(UTC))
    for number in range(2):
        send_to(say_to(town, "two", address=f"+51000000003{number}"))
    for _ in range(2):
        make_due(town)
        send_next(town.services, contact, datetime.now(UTC))
    row = outbound(town)[0]
    assert (row.status, row.attempts) == (MessageStatus.FAILED, 3)
    assert row.error is not None
    assert "3 tries" in row.error


@pytest.mark.parametrize("back", [timedelta(minutes=30), timedelta(days=400)])
def test_a_clock_that_is_set_back_holds_up_nothing(town: Town, back: timedelta) -> None:
    with at(NOW) as clock:
        form = {"MessageSid": "SMkept", "From": MARIA, "Body": "gracias", "NumMedia": "0"}
        with town.services.store.begin() as tx:
            contact = contacts.arrive(tx, MARIA, Channel.SMS, NOW)
            inbox.add(tx, "SMkept", contact, Channel.SMS, form, NOW)
        claimed = say_to(town, "one", address="+510000000012", channel=Channel.SMS)
        with town.services.store.begin() as tx:
            outbox.claim(tx, claimed, NOW, timedelta(seconds=30))
        clock.move_to(NOW - back)
        for _ in range(2):
            sweep_job.sweep()
            town.settle()
        assert town.heard(MARIA, "sms") == [say("thank").sms]
        assert town.heard("+510000000012", "sms") == ["one"]


def test_a_clock_that_jumps_ahead_sends_nothing_twice(town: Town) -> None:
    with at(NOW) as clock:
        contact = say_to(town, "one")
        with town.services.store.begin() as tx:
            assert outbox.claim(tx, contact, datetime.now(UTC), timedelta(seconds=30))
        accepted = town.services.carrier.send(1, MARIA, Channel.WHATSAPP, "one")
        assert accepted.sid
        clock.move_to(NOW + timedelta(minutes=10))
        sweep_job.sweep()
        town.settle()
        assert town.heard(MARIA, "whatsapp") == ["one"]


def test_many_processes_answer_each_person_in_order_and_once(town: Town) -> None:
    """Three web processes and three workers, and people who write as fast as they can."""
    words, people = ("hola", "gracias", "ayuda") * 4, 4
    expected = [text for word in words for text in town.ask(MARIA, "whatsapp", word)]
    with processes(town.services.settings, webs=3, workers=3) as url:
        threads = [
            Thread(target=hammer, args=(town, url, f"+51000000009{number}", words))
            for number in range(people)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        wait_until_sent(town, (people + 1) * len(expected))
    town.carrier.wait_until_quiet()
    for number in range(people):
        assert town.heard(f"+51000000009{number}", "whatsapp") == expected


def hammer(town: Town, url: str, number: str, words: Iterable[str]) -> None:
    town.carrier.person_wrote(number, "whatsapp")
    for place, word in enumerate(words):
        form = {
            "MessageSid": f"SM{number[1:]}{place:04d}",
            "From": f"whatsapp:{number}",
            "To": f"whatsapp:{town.carrier.whatsapp_number}",
            "Body": word,
            "NumMedia": "0",
        }
        signature = RequestValidator(town.carrier.auth_token).compute_signature(
            f"{town.carrier.bot_url}/twilio/messages", form
        )
        headers = {"X-Twilio-Signature": signature}
        answer = requests.post(f"{url}/twilio/messages", data=form, headers=headers, timeout=20)
        assert answer.status_code == 200


def wait_until_sent(town: Town, count: int) -> None:
    deadline = time.monotonic() + 60
    while sum(row.sid is not None for row in outbound(town)) < count:
        assert time.monotonic() < deadline, [row.status for row in outbound(town)]
        sweep_job.sweep()
        time.sleep(1)
