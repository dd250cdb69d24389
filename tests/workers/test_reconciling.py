"""What the carrier has and we have not is taken in, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from bot.dialogue.wording import say
from bot.services import Services, wire
from bot.simulator.carrier import Said
from bot.store import looks, outbox
from bot.store.tables import Contact, Inbound
from tests.support.carrier import LocalCarrier, address
from tests.support.phone import Town, at
from workers import reconcile_job

MARIA = "+510000000011"
NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=3)


@pytest.fixture
def town(services: Services, carrier: LocalCarrier) -> Town:
    return Town(services, carrier)


def listen(town: Town) -> None:
    """Look for the first time."""
    reconcile_job.reconcile()


def write_unheard(town: Town, text: str, channel: str = "sms") -> str:
    """A person writes while nobody is at the bot's door; the message's sid."""
    door, town.carrier.bot_door.app = town.carrier.bot_door.app, None
    message = town.carrier.inside.write(address(MARIA, channel), Said(text), town.carrier.url)
    while town.carrier.inside.memory.messages.get(message.sid).answer is None:  # type: ignore[union-attr]
        pass
    town.carrier.bot_door.app = door
    return message.sid


def count(town: Town) -> int:
    with town.services.store.begin() as tx:
        return tx.session.scalar(select(func.count()).select_from(Inbound)) or 0


def test_a_message_that_never_arrived_is_taken_in_and_answered_once(town: Town) -> None:
    with at(NOW) as clock:
        listen(town)
        write_unheard(town, "gracias")
        clock.move_to(LATER)
        reconcile_job.reconcile()
        reconcile_job.reconcile()
        town.settle()
        assert town.heard(MARIA, "sms") == [say("thank").sms]


def test_what_was_missed_is_answered_in_the_order_in_which_it_was_written(town: Town) -> None:
    with at(NOW) as clock:
        listen(town)
        for text in ("hola", "gracias"):
            write_unheard(town, text, "whatsapp")
            clock.shift(timedelta(seconds=5))
        clock.move_to(LATER)
        reconcile_job.reconcile()
        town.settle()
        assert town.heard(MARIA, "whatsapp") == [say("greet").whatsapp, say("thank").whatsapp]


def test_a_message_that_may_still_be_on_its_way_is_left_to_arrive(town: Town) -> None:
    with at(NOW):
        listen(town)
        write_unheard(town, "gracias")
        reconcile_job.reconcile()
        assert count(town) == 0


def test_the_first_look_takes_in_nothing(town: Town) -> None:
    with at(NOW) as clock:
        write_unheard(town, "gracias")
        clock.move_to(LATER)
        listen(town)
        assert count(town) == 0


def test_what_arrived_is_not_taken_in_again_even_when_its_writer_was_erased(town: Town) -> None:
    with at(NOW) as clock:
        listen(town)
        for text in ("borrar mis datos", "si"):
            town.carrier.inside.write(address(MARIA, "sms"), Said(text), town.carrier.url)
            clock.shift(timedelta(seconds=2))
            town.settle()
        while count(town) < 2:
            town.settle()
        town.settle()
        said = town.heard(MARIA, "sms")
        clock.move_to(LATER)
        reconcile_job.reconcile()
        town.settle()
        assert town.heard(MARIA, "sms") == []
    assert said[-1] == say("erase_done").sms
    with town.services.store.begin() as tx:
        rows = tx.session.scalars(select(Inbound).order_by(Inbound.id)).all()
        assert [(row.contact_id, row.form_sealed, row.parse_sealed) for row in rows] == [
            (None, b"", None)
        ] * 2


def test_a_carrier_that_does_not_answer_is_asked_from_the_same_moment_again(town: Town) -> None:
    with at(NOW) as clock:
        listen(town)
        write_unheard(town, "gracias")
        clock.move_to(LATER)
        settings = town.services.settings.model_copy(update={"twilio_api_url": "http://127.0.0.1:9"})
        Town(replace(wire(settings), parser=town.services.parser), town.carrier)
        reconcile_job.reconcile()
        with town.services.store.begin() as tx:
            assert looks.last(tx, "inbound:sms") < NOW + timedelta(minutes=1)  # type: ignore[operator]
        Town(town.services, town.carrier)
        reconcile_job.reconcile()
        assert count(town) == 1


def test_an_old_message_is_answered_as_if_it_had_been_written_now(town: Town) -> None:
    with at(NOW) as clock:
        listen(town)
        write_unheard(town, "gracias")
        clock.move_to(NOW + timedelta(hours=20))
        with town.services.store.begin() as tx:
            looks.looked(tx, "inbound:sms", NOW)
        reconcile_job.reconcile()
        town.settle()
        assert town.heard(MARIA, "sms") == [say("thank").sms]


def test_a_late_message_does_not_shorten_whatsapps_day(town: Town) -> None:
    with at(NOW) as clock:
        listen(town)
        write_unheard(town, "gracias", "whatsapp")
        clock.move_to(LATER)
        town.ask(MARIA, "whatsapp", "hola")
        reconcile_job.reconcile()
        with town.services.store.begin() as tx:
            assert tx.session.scalars(select(Contact.whatsapp_wrote_at)).one() >= LATER


def test_a_failure_that_was_told_to_nobody_is_asked_after_and_goes_as_sms(town: Town) -> None:
    with at(NOW) as clock:
        listen(town)
        town.carrier.fail(MARIA, trouble="not_on_whatsapp", silent=True)
        assert town.ask(MARIA, "whatsapp", "gracias") == []
        town.carrier.fail(MARIA, silent=True)
        clock.move_to(NOW + reconcile_job.UNTOLD + timedelta(seconds=30))
        reconcile_job.reconcile()
        town.settle()
        assert town.heard(MARIA, "sms") == [say("thank").sms]


def test_what_stays_untold_is_not_asked_after_each_time(town: Town) -> None:
    with at(NOW) as clock:
        town.carrier.hold_statuses()
        town.ask(MARIA, "sms", "gracias")
        clock.move_to(NOW + reconcile_job.UNTOLD + timedelta(seconds=30))
        now = datetime.now(UTC)
        with town.services.store.begin() as tx:
            waiting = outbox.untold(tx, NOW, now - reconcile_job.UNTOLD, 10)
            outbox.asked_after(tx, list(waiting), now)
            assert len(waiting) == 1
            assert outbox.untold(tx, NOW, now - reconcile_job.UNTOLD, 10) == {}
