"""A person of Ayllu takes a conversation over: what the bot leaves to them, what never waits, and how it goes on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event as Flag
from threading import Thread

import pytest
import time_machine
from sqlalchemy import func, select

from bot import dialogue, takeover
from bot.messages import CaseReason, Channel, Incoming
from bot.services import Services
from bot.store import cases, contacts, conversations, events, inbox, takeovers
from bot.store.tables import Case, Event, Inbound, Outbound, Search, TakenOver
from bot.takeover import Outcome
from bot.work import Work
from nlp.schema import Intent, Parse
from tests.support.carers import put_on_file
from tests.support.carrier import LocalCarrier
from tests.support.phone import Town, at
from tests.support.team import CARMEN, LUISA, Team
from tests.support.transcript import LIMA
from workers import context
from workers.event_job import handle_event

MARIA, ROSA, PILAR = "+51911000111", "+51911000222", "+51911000333"
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=LIMA)
HOUR = timedelta(hours=1)
CARER = {
    "kind": "home", "district": "Collique", "min_age": "6m", "max_age": "4a", "days": "lun-sab", "opens": "06:00",
    "closes": "18:00", "price": "15", "period": "dia", "places": "2",
}  # fmt: skip
CARERS = {
    "rosa": CARER | {"name": "Sra. Rosa", "phone": ROSA, "lat": "-11.9155", "lon": "-77.0205"},
    "pilar": CARER | {"name": "Sra. Pilar", "phone": PILAR, "lat": "-11.9300", "lon": "-77.0300"},
}
ASKS = "busco quien cuide a mi bebe de 1 año en collique de lunes a viernes de 8 a 5"


class Desk(Team):
    """The team, with the clock of the town, and a look at what is kept."""

    def __init__(self, town: Town, clock: time_machine.Traveller) -> None:
        super().__init__(town)
        self.clock = clock

    def rows(self, table: type, *where: object) -> list:
        with self.services.store.begin() as tx:
            in_order = table.__mapper__.primary_key  # type: ignore[attr-defined]
            return list(tx.session.scalars(select(table).where(*where).order_by(*in_order)))  # type: ignore[arg-type]

    def awaiting(self, number: str) -> str | None:
        with self.services.store.begin() as tx:
            return conversations.load(tx, contacts.get(tx, self.id_of(number))).awaiting


@pytest.fixture
def desk(services: Services, carrier: LocalCarrier, tmp_path: Path) -> Iterator[Desk]:
    with at(MONDAY) as clock:
        put_on_file(services, CARERS, tmp_path / "providers.csv", MONDAY)
        yield Desk(Town(services, carrier), clock)


@pytest.fixture
def taken(desk: Desk) -> Desk:
    """Luisa has taken over from the bot, which had asked Maria where she lives."""
    desk.town.ask(MARIA, "whatsapp", "busco quien cuide a mi bebe de 1 año")
    assert desk.take(MARIA) is Outcome.DONE
    assert desk.town.heard(MARIA, "whatsapp") == ["Ahora le responde una persona del equipo de Ayllu."]
    return desk


# ---------------------------------------------------------------- what is theirs, and what never waits


def test_what_is_written_then_is_kept_and_understood_and_left_to_the_operator(taken: Desk) -> None:
    assert taken.town.ask(MARIA, "whatsapp", "en collique de lunes a viernes de 8 a 5") == []
    *_, row = taken.rows(Inbound)
    assert row.handled_at is not None
    assert row.parse_sealed is not None
    assert taken.awaiting(MARIA) == "where"


def test_an_operators_words_leave_as_any_reply_in_the_form_of_each_channel(taken: Desk) -> None:
    assert taken.write(MARIA, "¿Mañana a qué hora sería? Aquí está 👋") is Outcome.DONE
    assert taken.town.heard(MARIA, "whatsapp") == ["¿Mañana a qué hora sería? Aquí está 👋"]
    taken.town.ask(MARIA, "sms", "a las 8")
    assert taken.write(MARIA, "¿Mañana a qué hora sería? Aquí está 👋", token="2") is Outcome.DONE
    assert taken.town.heard(MARIA, "sms") == ["¿Mañana a qué hora seria? Aqui esta"]
    assert [row.written_by for row in taken.rows(Outbound)][-2:] == [LUISA, LUISA]


def test_two_clicks_send_once(taken: Desk) -> None:
    assert taken.write(MARIA, "Buenos días", token="same") is Outcome.DONE
    assert taken.write(MARIA, "Buenos días", token="same") is Outcome.ALREADY
    assert taken.town.heard(MARIA, "whatsapp") == ["Buenos días"]


@pytest.mark.parametrize(
    "words", ["auxilio", "mi bebe no respira", "el esposo de la señora le pega a mi hijita"]
)
def test_danger_is_answered_at_once_and_opens_a_case(taken: Desk, words: str) -> None:
    (said,) = taken.town.ask(MARIA, "whatsapp", words)
    assert "105" in said
    (case,) = taken.rows(Case)
    assert case.reason == CaseReason.EMERGENCY


def test_what_hardly_sounds_like_danger_is_shown_to_a_person_and_does_not_interrupt(taken: Desk) -> None:
    words = "es que mi hijita solo come lo que yo le cocino y no se si la señora se lo puede dar"
    with taken.services.store.begin() as tx:
        conversation = conversations.load(tx, contacts.get(tx, taken.id_of(MARIA)))
    unsure = Incoming(Channel.WHATSAPP, MONDAY, words, Parse(words, Intent.EMERGENCY, 0.52))
    turn = dialogue.step(conversation, unsure, MONDAY, taken.services.places)
    assert turn.replies == ()
    assert [job.data["reason"] for job in turn.jobs] == [CaseReason.EMERGENCY]
    sure = replace(unsure, parse=Parse(words, Intent.EMERGENCY, 0.9))
    assert dialogue.step(conversation, sure, MONDAY, taken.services.places).replies


def test_without_the_model_danger_and_keywords_are_heard_still(taken: Desk, carrier: LocalCarrier) -> None:
    deaf = replace(taken.services, parser=None)
    Town(deaf, carrier)
    assert taken.town.ask(MARIA, "whatsapp", "hola señorita") == []
    assert "105" in taken.town.ask(MARIA, "whatsapp", "auxilio")[0]
    assert "ALTA" in taken.town.ask(MARIA, "whatsapp", "baja")[0]
    context.use(taken.services)


def test_who_stops_all_messages_is_nobodys_any_more(taken: Desk) -> None:
    assert "ALTA" in taken.town.ask(MARIA, "whatsapp", "BAJA")[0]
    assert taken.rows(TakenOver) == []
    assert taken.write(MARIA, "¿Por qué?") is Outcome.OPTED_OUT
    assert taken.take(MARIA) is Outcome.OPTED_OUT
    assert taken.town.heard(MARIA, "whatsapp") == []
    assert taken.town.ask(MARIA, "whatsapp", "ALTA")


def test_alta_from_somebody_who_never_left_is_answered(taken: Desk) -> None:
    assert taken.town.ask(MARIA, "whatsapp", "alta") == ["Sus mensajes con Ayllu ya están activos."]


def test_who_asks_what_is_known_of_them_is_told_at_once(taken: Desk) -> None:
    assert "BORRAR MIS DATOS" in taken.town.ask(MARIA, "whatsapp", "mis datos")[-1]


def test_being_forgotten_is_asked_for_once_and_done(taken: Desk) -> None:
    assert "SI" in taken.town.ask(MARIA, "whatsapp", "borrar mis datos")[0]
    assert "Listo" in taken.town.ask(MARIA, "whatsapp", "si")[0]
    assert taken.rows(TakenOver) == taken.rows(Outbound, Outbound.written_by.is_not(None)) == []


@pytest.mark.parametrize("between", ["operator", "person"])
def test_a_later_yes_said_to_the_operator_erases_nothing(taken: Desk, between: str) -> None:
    taken.town.ask(MARIA, "whatsapp", "borrar mis datos")
    if between == "operator":
        taken.write(MARIA, "¿Todavía necesita quien cuide a su bebé?")
    else:
        taken.town.ask(MARIA, "whatsapp", "pero antes digame si hay alguien")
    taken.town.heard(MARIA, "whatsapp")
    assert taken.town.ask(MARIA, "whatsapp", "si") == []
    assert taken.rows(TakenOver) != []


def test_a_yes_after_the_take_over_does_not_answer_the_question_whether_to_erase(desk: Desk) -> None:
    desk.town.ask(MARIA, "whatsapp", "borrar mis datos")
    desk.take(MARIA)
    desk.town.heard(MARIA, "whatsapp")
    assert desk.town.ask(MARIA, "whatsapp", "si") == []
    assert desk.awaiting(MARIA) is None


def test_who_talks_with_a_person_may_write_as_much_as_they_like(taken: Desk) -> None:
    for number in range(45):
        assert taken.town.write(MARIA, "whatsapp", f"y otra cosa {number}").status_code == 200
    taken.town.settle()
    assert taken.town.heard(MARIA, "whatsapp") == []
    assert taken.rows(Case) == []


# ---------------------------------------------------------------- two operators


def test_another_operator_takes_it_only_knowingly_and_the_person_hears_nothing_of_it(taken: Desk) -> None:
    assert taken.take(MARIA) is Outcome.ALREADY
    assert taken.take(MARIA, CARMEN) is Outcome.THEIRS
    assert taken.write(MARIA, "Hola", operator=CARMEN) is Outcome.THEIRS
    assert taken.hand_back(MARIA, operator=CARMEN) is Outcome.THEIRS
    assert taken.take(MARIA, CARMEN, instead_of=LUISA) is Outcome.DONE
    assert taken.write(MARIA, "Hola", operator=LUISA) is Outcome.THEIRS
    assert taken.town.heard(MARIA, "whatsapp") == []
    assert taken.write(MARIA, "Hola", operator=CARMEN) is Outcome.DONE


# ---------------------------------------------------------------- back to the bot


def test_the_bot_goes_on_where_it_stood(taken: Desk) -> None:
    taken.town.ask(MARIA, "whatsapp", "gracias señorita")
    assert taken.hand_back(MARIA) is Outcome.DONE
    (said,) = taken.town.heard(MARIA, "whatsapp")
    assert "asistente" in said
    assert "distrito" in said
    listed = taken.town.ask(MARIA, "whatsapp", "en collique de lunes a viernes de 8 a 5")
    assert "Rosa" in "".join(listed)
    assert taken.hand_back(MARIA) is Outcome.ALREADY
    assert taken.write(MARIA, "Hola") is Outcome.NOBODYS


def test_what_was_written_meanwhile_is_answered_where_the_operator_says_so(taken: Desk) -> None:
    taken.write(MARIA, "Dígale al asistente dónde vive, por favor")
    taken.town.ask(MARIA, "whatsapp", "en collique de lunes a viernes de 8 a 5")
    taken.town.heard(MARIA, "whatsapp")
    assert taken.hand_back(MARIA, answers=True) is Outcome.DONE
    back, listed = taken.town.heard(MARIA, "whatsapp")
    assert "asistente" in back
    assert "Rosa" in listed


def test_what_the_operator_answered_is_not_answered_again(taken: Desk) -> None:
    taken.town.ask(MARIA, "whatsapp", "en ate")
    taken.write(MARIA, "Entiendo, en Ate")
    taken.town.heard(MARIA, "whatsapp")
    taken.hand_back(MARIA, answers=True)
    (said,) = taken.town.heard(MARIA, "whatsapp")
    assert "Ate" not in said


def test_what_came_while_the_operator_was_not_looking_is_to_be_read_first(taken: Desk) -> None:
    with taken.services.store.begin() as tx:
        seen = inbox.latest(tx, taken.id_of(MARIA))
    taken.town.ask(MARIA, "whatsapp", "una cosa mas señorita")
    assert taken.hand_back(MARIA, read_until=seen) is Outcome.UNREAD
    assert taken.rows(TakenOver) != []


def test_a_search_under_way_is_let_go_and_made_anew(desk: Desk) -> None:
    assert desk.town.write(MARIA, "whatsapp", "quiero aprender excel").status_code == 200
    work, now = Work(), datetime.now(LIMA)
    with desk.services.store.begin() as tx:  # before a worker takes the search
        assert tx.session.scalars(select(Search).where(Search.answered_at.is_(None))).all()
        takeover.take(desk.services, tx, desk.id_of(MARIA), LUISA, now, work)
    work.push(desk.services.jobs)
    desk.town.settle()
    assert ["Ahora le responde" in said for said in desk.town.heard(MARIA, "whatsapp")] == [True]
    assert desk.town.ask(MARIA, "whatsapp", "¿hay algo?") == []
    desk.hand_back(MARIA)
    back, answer = desk.town.heard(MARIA, "whatsapp")
    assert "asistente" in back
    assert "excel" in answer.lower()


def test_a_message_kept_behind_a_search_is_the_operators(desk: Desk) -> None:
    desk.town.write(MARIA, "whatsapp", "quiero aprender excel")
    desk.town.write(MARIA, "whatsapp", "que sea corto por favor")
    with desk.services.store.begin() as tx:
        takeover.take(desk.services, tx, desk.id_of(MARIA), LUISA, datetime.now(LIMA), Work())
    assert all(row.handled_at for row in desk.rows(Inbound))
    with desk.services.store.begin() as tx:
        held = takeovers.of(tx, desk.id_of(MARIA))
        assert held is not None
        assert len(inbox.left_unanswered(tx, desk.id_of(MARIA), held.read_until)) == 1


# ---------------------------------------------------------------- at the same moment


def test_a_message_that_comes_while_it_is_handed_back_is_answered_once_by_the_bot(taken: Desk) -> None:
    contact_id, work = taken.id_of(MARIA), Work()
    with taken.services.store.begin() as tx:
        read = inbox.latest(tx, contact_id)
        takeover.hand_back(taken.services, tx, contact_id, LUISA, read, False, datetime.now(LIMA), work)
        answer = taken.town.write(MARIA, "whatsapp", "en collique de lunes a viernes de 8 a 5")
        assert answer.status_code == 200  # kept, though somebody serves her
    work.push(taken.services.jobs)
    taken.town.settle()
    back, listed = taken.town.heard(MARIA, "whatsapp")
    assert "asistente" in back
    assert "Rosa" in listed


def test_a_message_that_comes_while_it_is_taken_is_the_operators(desk: Desk) -> None:
    desk.town.ask(MARIA, "whatsapp", "busco quien cuide a mi bebe de 1 año")
    with desk.services.store.begin() as tx:
        takeover.take(desk.services, tx, desk.id_of(MARIA), LUISA, datetime.now(LIMA), Work())
        assert desk.town.write(MARIA, "whatsapp", "en collique").status_code == 200
    desk.town.settle()
    desk.town.sweep()
    assert ["Ahora le responde" in said for said in desk.town.heard(MARIA, "whatsapp")] == [True]
    with desk.services.store.begin() as tx:
        held = takeovers.of(tx, desk.id_of(MARIA))
        assert held is not None
        assert len(inbox.left_unanswered(tx, desk.id_of(MARIA), held.read_until)) == 1


def test_of_two_operators_at_once_one_has_it(desk: Desk) -> None:
    desk.town.ask(MARIA, "whatsapp", "hola")
    contact_id, begun, outcomes = desk.id_of(MARIA), Flag(), {}

    def take(operator: int) -> None:
        begun.wait()
        with desk.services.store.begin() as tx:
            outcomes[operator] = takeover.take(
                desk.services, tx, contact_id, operator, datetime.now(LIMA), Work()
            )

    threads = [Thread(target=take, args=(operator,)) for operator in (LUISA, CARMEN)]
    for thread in threads:
        thread.start()
    begun.set()
    for thread in threads:
        thread.join()
    assert sorted(outcomes.values()) == [Outcome.DONE, Outcome.THEIRS]
    desk.town.sweep()
    assert len([said for said in desk.town.heard(MARIA, "whatsapp") if "persona del equipo" in said]) == 1


# ---------------------------------------------------------------- what happens elsewhere meanwhile


@pytest.fixture
def asked(desk: Desk) -> Desk:
    """Rosa has been asked for Maria; then Luisa took over from the bot, with Maria."""
    for words in (ASKS, "1", "si, soy maria"):
        desk.town.ask(MARIA, "whatsapp", words)
    assert "Collique" in desk.town.heard(ROSA, "sms")[0]
    desk.take(MARIA)
    desk.town.heard(MARIA, "whatsapp")
    return desk


def test_a_yes_is_not_lost_and_is_told_when_the_bot_speaks_again(asked: Desk) -> None:
    assert any("Maria" in said or "María" in said for said in asked.town.ask(ROSA, "sms", "si"))
    assert asked.town.heard(MARIA, "whatsapp") == []
    asked.clock.shift(HOUR)
    asked.town.sweep()
    assert asked.town.heard(MARIA, "whatsapp") == []
    asked.hand_back(MARIA)
    back, agreed = asked.town.heard(MARIA, "whatsapp")
    assert "asistente" in back
    assert "Rosa" in agreed
    assert "911 000 222" in agreed


def test_a_yes_to_something_else_does_not_accept_what_she_has_not_heard(asked: Desk) -> None:
    asked.town.ask(ROSA, "sms", "si pero solo hasta las 4")
    asked.town.ask(MARIA, "whatsapp", "si")
    asked.hand_back(MARIA, answers=True)
    *_, last = asked.town.heard(MARIA, "whatsapp")
    assert "hasta las 4" in last
    assert asked.awaiting(MARIA) == "counter"


def test_the_next_is_asked_in_time_and_she_hears_of_it_later(asked: Desk) -> None:
    for minutes in (50, 50, 50):
        asked.town.pass_time(asked.clock, datetime.now(LIMA) + timedelta(minutes=minutes))
        asked.write(MARIA, "Sigo aquí", token=str(datetime.now(LIMA)))
    assert any("Collique" in said for said in asked.town.heard(PILAR, "sms"))
    assert set(asked.town.heard(MARIA, "whatsapp")) == {"Sigo aquí"}
    asked.hand_back(MARIA)
    assert any("Pilar" in said for said in asked.town.heard(MARIA, "whatsapp"))


def test_what_waits_is_not_looked_for_again_and_again(asked: Desk) -> None:
    asked.town.ask(ROSA, "sms", "si")
    with asked.services.store.begin() as tx:
        assert events.due(tx, datetime.now(LIMA)) == {}
        (held,) = events.held_back(tx, asked.id_of(MARIA), datetime.now(LIMA))
    handle_event(held.id)  # on a queue already, when she was taken over
    asked.town.settle()
    assert asked.town.heard(MARIA, "whatsapp") == []


def test_a_provider_who_is_taken_over_hears_of_an_offer_afterwards(desk: Desk) -> None:
    desk.town.ask(ROSA, "whatsapp", "hola")
    desk.take(ROSA)
    desk.town.heard(ROSA, "whatsapp")
    for words in (ASKS, "1", "si, soy maria"):
        desk.town.ask(MARIA, "whatsapp", words)
    assert desk.town.heard(ROSA, "whatsapp") == []
    desk.hand_back(ROSA)
    assert any("Collique" in said for said in desk.town.heard(ROSA, "whatsapp"))
    desk.town.ask(ROSA, "whatsapp", "si")
    assert any("911 000 222" in said for said in desk.town.heard(MARIA, "whatsapp"))


def test_an_offer_that_ran_out_meanwhile_is_not_put_any_more(desk: Desk) -> None:
    desk.town.ask(ROSA, "whatsapp", "hola")
    desk.take(ROSA)
    for words in (ASKS, "1", "si, soy maria"):
        desk.town.ask(MARIA, "whatsapp", words)
    for _ in range(3):
        desk.town.pass_time(desk.clock, datetime.now(LIMA) + HOUR)
        desk.write(ROSA, "Un momento", token=str(datetime.now(LIMA)))
    desk.town.heard(ROSA, "whatsapp")
    desk.hand_back(ROSA)
    assert not any("Collique" in said for said in desk.town.heard(ROSA, "whatsapp"))
    assert any("Collique" in said for said in desk.town.heard(PILAR, "sms"))


def test_a_reminder_is_told_late_or_not_at_all(asked: Desk) -> None:
    asked.town.ask(ROSA, "sms", "si")
    with asked.services.store.begin() as tx:
        reminders = tx.session.scalars(select(Event).where(Event.kind == "follow_up")).all()
        for one in reminders:
            one.kind, one.due_at = "reminder", MONDAY + HOUR
            one.data_sealed = tx.vault.seal_json(
                tx.vault.open_json(one.data_sealed) | {"need": {}, "to": "parent"}
            )
    for _ in range(9):
        asked.town.pass_time(asked.clock, datetime.now(LIMA) + HOUR)
        asked.write(MARIA, "Un momento", token=str(datetime.now(LIMA)))
    asked.town.heard(MARIA, "whatsapp")
    asked.hand_back(MARIA)
    assert not any("Mañana" in said for said in asked.town.heard(MARIA, "whatsapp"))


# ---------------------------------------------------------------- forgotten


def test_a_forgotten_conversation_goes_back_to_the_bot_and_somebody_else_is_shown_it(taken: Desk) -> None:
    taken.write(MARIA, "Buenos días")
    taken.town.heard(MARIA, "whatsapp")
    taken.town.pass_time(taken.clock, MONDAY + 2.5 * HOUR)
    (said,) = taken.town.heard(MARIA, "whatsapp")
    assert "asistente" in said
    assert "Disculpe" not in said
    assert taken.rows(TakenOver) == []
    (case,) = taken.rows(Case)
    assert (case.reason, case.closed_at) == (CaseReason.HUMAN, None)
    assert taken.town.ask(MARIA, "whatsapp", "en collique")


def test_who_was_left_without_an_answer_is_asked_to_excuse_it(taken: Desk) -> None:
    taken.town.ask(MARIA, "whatsapp", "¿señorita, sigue ahí?")
    taken.town.pass_time(taken.clock, MONDAY + 2.5 * HOUR)
    (said,) = taken.town.heard(MARIA, "whatsapp")
    assert said.startswith("Disculpe la espera")


def test_each_word_of_the_operator_gives_them_time_again(taken: Desk) -> None:
    for number in range(3):
        taken.town.pass_time(taken.clock, datetime.now(LIMA) + 1.5 * HOUR)
        taken.write(MARIA, "Sigo buscando", token=str(number))
    assert taken.rows(TakenOver) != []
    assert set(taken.town.heard(MARIA, "whatsapp")) == {"Sigo buscando"}
    taken.town.pass_time(taken.clock, datetime.now(LIMA) + 2.1 * HOUR)
    assert taken.rows(TakenOver) == []


def test_the_case_that_was_closed_meanwhile_is_open_again_and_nobodys(desk: Desk) -> None:
    desk.town.ask(MARIA, "whatsapp", "quiero hablar con una persona")
    desk.take(MARIA)
    (case,) = desk.rows(Case)
    with desk.services.store.begin() as tx:
        cases.take(tx, case.id, LUISA)
        cases.close(tx, case.id, datetime.now(LIMA), by=LUISA)
    desk.town.pass_time(desk.clock, MONDAY + 2.5 * HOUR)
    (case,) = desk.rows(Case)
    assert (case.closed_at, case.closed_by, case.taken_by) == (None, None, None)


def test_one_handed_back_in_time_is_not_given_back_again(taken: Desk) -> None:
    taken.hand_back(MARIA)
    taken.clock.shift(HOUR)
    taken.take(MARIA, CARMEN)
    taken.town.heard(MARIA, "whatsapp")
    taken.town.pass_time(taken.clock, MONDAY + 2.5 * HOUR)
    (held,) = taken.rows(TakenOver)
    assert held.operator_id == CARMEN
    assert taken.town.heard(MARIA, "whatsapp") == []


def test_whoever_is_forgotten_takes_the_operators_words_along(taken: Desk) -> None:
    taken.write(MARIA, "Le llamo al 987 654 321")
    taken.town.ask(MARIA, "whatsapp", "borrar mis datos")
    taken.town.ask(MARIA, "whatsapp", "si")
    with taken.services.store.begin() as tx:
        assert tx.session.scalar(select(func.count()).where(Outbound.written_by.is_not(None))) == 0
