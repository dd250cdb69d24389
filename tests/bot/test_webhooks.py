"""What the two webhooks take, refuse and keep."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime
from threading import Thread

import pytest
from sqlalchemy import func, select

from bot import dialogue, reading
from bot.dialogue.wording import say
from bot.messages import Channel
from bot.services import Services, wire
from bot.store import contacts, inbox
from bot.store.tables import Case, Conversation, Inbound, MessageStatus, Outbound
from tests.support.carrier import LocalCarrier
from tests.support.phone import Town
from workers import sweep_job
from workers.serve_job import serve_contact

MARIA = "+510000000011"


@pytest.fixture
def town(services: Services, carrier: LocalCarrier) -> Town:
    return Town(services, carrier)


def count(town: Town, table: type) -> int:
    with town.services.store.begin() as tx:
        return tx.session.scalar(select(func.count()).select_from(table)) or 0


def outbound(town: Town) -> list[Outbound]:
    with town.services.store.begin() as tx:
        return list(tx.session.scalars(select(Outbound).order_by(Outbound.id)))


def test_a_message_is_answered_with_an_empty_response(town: Town) -> None:
    answer = town.write(MARIA, "whatsapp", "hola")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/xml")
    assert answer.text.endswith("<Response/>")


def test_a_bad_signature_stores_nothing(town: Town) -> None:
    form = {"MessageSid": "SM1", "From": MARIA, "Body": "hola"}
    assert town.post("/twilio/messages", form, signature="forged").status_code == 403
    assert count(town, Inbound) == 0


def test_a_form_that_is_no_message_is_refused_and_names_the_field(town: Town) -> None:
    answer = town.post("/twilio/messages", {"MessageSid": "SM1", "From": "nobody", "Body": "hola"})
    assert (answer.status_code, "From" in answer.text) == (400, True)
    assert count(town, Inbound) == 0


def test_a_message_sent_twice_is_kept_and_answered_once(town: Town) -> None:
    for _ in range(2):
        assert town.write(MARIA, "sms", "hola", MessageSid="SMsame").status_code == 200
    town.settle()
    assert count(town, Inbound) == 1
    assert len(town.heard(MARIA, "sms")) == count(town, Outbound) > 0


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "a" * 1600,
        "😭😭🙏",
        "please help me",
        "<script>alert(1)</script>",
        "\x01\x1b\x7f",
        "٣٤ ١٢",
        "'; --",
        "{0} {x} %s",
    ],
)
def test_whatever_is_written_gets_an_answer(town: Town, text: str) -> None:
    assert town.ask(MARIA, "whatsapp", text)


@pytest.mark.parametrize(
    "tapped",
    [
        {"ButtonText": "BAJA", "ButtonPayload": "stop-1"},
        {"text": "BAJA", "ButtonText": "BAJA", "ButtonPayload": "stop-1"},
        {"ButtonPayload": "BAJA"},
        {"ListTitle": "BAJA", "ListId": "stop-1"},
        {"ListId": "BAJA"},
    ],
)
def test_a_tapped_button_or_list_is_answered_as_its_text(town: Town, tapped: dict[str, str]) -> None:
    (answer,) = town.ask(MARIA, "whatsapp", **tapped)
    assert "ALTA" in answer


def test_a_tapped_button_is_understood_as_if_it_had_been_written(town: Town) -> None:
    (answer,) = town.ask(
        MARIA, "whatsapp", ButtonText="busco guardería en Collique para mi hija de 2 años", ButtonPayload="c"
    )
    assert "Collique" in answer


def test_what_was_written_is_not_readable_in_the_database(town: Town) -> None:
    town.ask(MARIA, "sms", "busco cuna en collique")
    with town.services.store.begin() as tx:
        dump = repr(tx.session.execute(select(Inbound.__table__)).all())
        dump += repr(tx.session.execute(select(Conversation.__table__)).all())
        dump += repr(tx.session.execute(select(Outbound.__table__)).all())
    assert "collique" not in dump.lower()
    assert MARIA.lstrip("+") not in dump


def test_one_person_is_one_conversation_on_both_channels(town: Town) -> None:
    town.ask(MARIA, "whatsapp", "hola")
    town.ask(MARIA, "sms", "hola")
    assert count(town, Conversation) == 1


def test_an_answer_leaves_on_the_channel_last_written_on(town: Town) -> None:
    assert town.ask(MARIA, "whatsapp", "hola")
    assert town.ask(MARIA, "sms", "gracias")
    assert not town.heard(MARIA, "whatsapp")


def test_messages_that_come_at_once_are_each_answered_once(town: Town) -> None:
    threads = [Thread(target=town.write, args=(MARIA, "whatsapp", f"hola {n}")) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    town.settle()
    with town.services.store.begin() as tx:
        rows = tx.session.execute(select(Inbound.id, Inbound.handled_at).order_by(Inbound.id)).all()
    assert len(rows) == 6
    assert all(row.handled_at for row in rows)


def status(town: Town, row: Outbound, word: str, **fields: str) -> int:
    form = {"MessageSid": row.sid or "", "MessageStatus": word} | fields
    return town.post("/twilio/status", form).status_code


def test_a_status_moves_forward_and_never_back(town: Town) -> None:
    town.carrier.hold_statuses()
    town.ask(MARIA, "whatsapp", "hola")
    row = outbound(town)[0]
    for word, then in [
        ("delivered", MessageStatus.DELIVERED),
        ("sent", MessageStatus.DELIVERED),
        ("read", MessageStatus.READ),
        ("delivered", MessageStatus.READ),
        ("failed", MessageStatus.READ),
    ]:
        assert status(town, row, word) == 200
        assert outbound(town)[0].status == then


def test_a_status_of_a_message_we_do_not_know_is_no_error(town: Town) -> None:
    assert (
        town.post("/twilio/status", {"MessageSid": "SMunknown", "MessageStatus": "sent"}).status_code == 200
    )


def test_a_status_may_come_before_the_senders_own_record(town: Town) -> None:
    town.write(MARIA, "whatsapp", "hola")
    row = outbound(town)[0]
    form = {"MessageSid": "SMearly", "MessageStatus": "delivered"}
    assert town.post(f"/twilio/status?id={row.id}", form).status_code == 200
    assert (outbound(town)[0].sid, outbound(town)[0].status) == ("SMearly", MessageStatus.DELIVERED)


def elsewhere(town: Town, **settings: str) -> Town:
    """The same bot, with an engine that is not there."""
    changed = town.services.settings.model_copy(update=settings)
    return Town(replace(wire(changed), parser=town.services.parser), town.carrier)


def test_without_the_database_the_carrier_is_asked_to_try_again(town: Town) -> None:
    answer = elsewhere(town, database_url="postgresql://127.0.0.1:1/nowhere").write(MARIA, "sms", "hola")
    assert (answer.status_code, "Retry-After" in answer.headers) == (503, True)


def test_without_the_queue_a_message_is_kept_and_its_answer_leaves_later(town: Town) -> None:
    assert elsewhere(town, redis_url="redis://127.0.0.1:1/0").write(MARIA, "sms", "hola").status_code == 200
    again = Town(town.services, town.carrier)
    sweep_job.sweep()
    again.settle()
    assert again.heard(MARIA, "sms")


def test_a_message_kept_without_an_answer_is_answered_by_the_sweeper(town: Town) -> None:
    now = datetime.now(UTC) - 2 * sweep_job.SETTLED
    form = {"MessageSid": "SMkept", "From": MARIA, "Body": "hola", "NumMedia": "0"}
    with town.services.store.begin() as tx:
        contact = contacts.arrive(tx, MARIA, Channel.SMS, now)
        inbox.add(tx, "SMkept", contact, Channel.SMS, form, now)
    sweep_job.sweep()
    town.settle()
    assert len(town.heard(MARIA, "sms")) == 1


def test_without_the_model_keywords_still_work(town: Town) -> None:
    town = Town(replace(town.services, parser=None), town.carrier)
    assert "ALTA" in town.ask(MARIA, "sms", "BAJA")[0]
    assert town.ask("+510000000012", "sms", "busco cuna en comas")


class BrokenParser:
    """A model that fails on whatever it reads."""

    def parse(self, *_: object, **__: object) -> None:
        raise RuntimeError("this model is broken")


def test_with_a_model_that_fails_keywords_and_buttons_work_and_the_rest_is_for_a_person(town: Town) -> None:
    town = Town(replace(town.services, parser=BrokenParser()), town.carrier)
    assert town.ask(MARIA, "sms", "busco cuna en comas") == [say("model_away").sms]
    assert count(town, Case) == 1
    assert "ALTA" in town.ask(MARIA, "sms", ButtonText="BAJA", ButtonPayload="stop")[0]


class SlowParser:
    """A model that takes its time."""

    asked = 0

    def parse(self, *_: object, **__: object) -> None:
        self.asked += 1
        time.sleep(0.5)


def test_a_model_that_is_slow_is_waited_for_once_and_then_left_alone(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "WITHIN_S", 0.1)
    reading._patience.cache_clear()
    slow = SlowParser()
    town = Town(replace(town.services, parser=slow), town.carrier)
    assert town.ask(MARIA, "sms", "busco cuna en comas") == [say("model_away").sms]
    assert town.ask(MARIA, "sms", "busco internet en comas") == [say("model_away").sms]
    assert "ALTA" in town.ask(MARIA, "sms", "BAJA")[0]
    assert slow.asked == 1
    reading._patience.cache_clear()


class BrokenPlaces:
    """A map on which nothing is found."""

    def district_at(self, *_: object) -> None:
        raise RuntimeError("this map is broken")


PIN = {"Latitude": "-11.91", "Longitude": "-77.02"}


def test_a_message_that_cannot_be_answered_gets_an_apology_and_a_person(town: Town) -> None:
    town = Town(replace(town.services, places=BrokenPlaces()), town.carrier)
    assert town.ask(MARIA, "whatsapp", **PIN) == []
    for _ in range(inbox.MAX_ATTEMPTS - 1):
        serve_contact(town.contact_id(MARIA))
    town.settle()
    (apology,) = town.heard(MARIA, "whatsapp")
    assert apology == dialogue.apology().whatsapp
    assert count(town, Case) == 1


def test_danger_is_answered_before_an_earlier_message_that_fails(town: Town) -> None:
    town = Town(replace(town.services, places=BrokenPlaces()), town.carrier)
    assert town.ask(MARIA, "whatsapp", **PIN) == []
    assert town.ask(MARIA, "whatsapp", "auxilio") == [say("emergency").whatsapp]


def test_who_opted_out_meanwhile_gets_no_list_and_stays_out(town: Town) -> None:
    town.write(MARIA, "sms", "quiero aprender excel")
    with town.services.store.begin() as tx:
        contacts.set_opted_out(tx, 1, datetime.now(UTC))
    town.settle()
    assert town.heard(MARIA, "sms") == []
    with town.services.store.begin() as tx:
        assert contacts.get(tx, 1).opted_out
