"""A flood and a loop come to an end, kindly; danger is heard all the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot import pace
from bot.dialogue.wording import say
from bot.pace import Pace
from bot.services import Services
from bot.store.tables import Case, Inbound
from tests.support.carrier import LocalCarrier
from tests.support.phone import Town, at

MARIA = "+510000000011"
NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


@pytest.fixture
def town(services: Services, carrier: LocalCarrier) -> Town:
    return Town(services, carrier)


def reasons(town: Town) -> list[str]:
    with town.services.store.begin() as tx:
        return list(tx.session.scalars(select(Case.reason).order_by(Case.id)))


def test_two_machines_that_answer_each_other_stop(town: Town) -> None:
    with at(NOW):
        heard = [town.ask(MARIA, "sms", "Gracias por su mensaje.") for _ in range(3 * pace.MOST_THE_SAME)]
    answers = [text for texts in heard for text in texts]
    assert len(answers) == pace.MOST_THE_SAME + 1
    assert answers[-1] == say("too_much").sms
    assert reasons(town) == ["too_much"]


def test_a_flood_is_kept_and_answered_with_one_kind_word(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "MOST_IN_WINDOW", 3)
    with at(NOW):
        words = ("hola", "gracias", "ayuda", "hola", "gracias", "ayuda")
        heard = [town.ask(MARIA, "sms", word) for word in words]
    assert [bool(texts) for texts in heard] == [True, True, True, True, False, False]
    assert heard[3] == [say("too_much").sms]
    with town.services.store.begin() as tx:
        assert None not in tx.session.scalars(select(Inbound.handled_at)).all()


def test_in_a_pause_danger_and_leaving_are_heard_and_after_it_everything(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "MOST_IN_WINDOW", 1)
    with at(NOW) as clock:
        town.ask(MARIA, "sms", "hola")
        assert town.ask(MARIA, "sms", "hola") == [say("too_much").sms]
        monkeypatch.setattr(pace, "MOST_IN_WINDOW", 100)
        assert town.ask(MARIA, "sms", "hola") == []
        assert town.ask(MARIA, "sms", "auxilio") == [say("emergency").sms]
        clock.move_to(NOW + pace.PAUSE + timedelta(minutes=1))
        assert town.ask(MARIA, "sms", "gracias") == [say("thank").sms]


def test_whoever_opted_out_is_not_even_told_that_it_is_enough(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "MOST_IN_WINDOW", 2)
    with at(NOW):
        town.ask(MARIA, "sms", "BAJA")
        assert [town.ask(MARIA, "sms", "hola") for _ in range(4)] == [[]] * 4
    assert reasons(town) == []


def test_a_pause_so_soon_after_another_is_longer() -> None:
    first = Pace().paused(NOW)
    second = first.paused(NOW + pace.PAUSE + timedelta(minutes=5))
    assert first.paused_until == NOW + pace.PAUSE
    assert second.is_paused(NOW + pace.PAUSE + pace.LONGER_PAUSE)


def test_a_pace_is_kept_as_it_is() -> None:
    kept = Pace().heard(NOW).answered("a", NOW).answered("b", NOW).paused(NOW).heard(NOW)
    assert Pace.from_wire(kept.to_wire()) == kept
    assert Pace.from_wire(None) == Pace()


def test_answers_that_take_turns_count_as_the_same() -> None:
    now = Pace()
    for said in "ababababab":
        now = now.answered(said, NOW)
    assert now.hears_the_same
    assert not now.answered("c", NOW).hears_the_same


def test_a_clock_that_was_set_back_ends_a_pause() -> None:
    assert not Pace().paused(NOW).is_paused(NOW - timedelta(days=1))
