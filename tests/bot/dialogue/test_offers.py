"""A provider is asked to take a child: what their words mean, and what they hear."""

from __future__ import annotations

from typing import Any

import pytest

from bot.messages import Channel, EventKind, JobKind, OfferAnswer
from tests.bot.dialogue.talk import Talk

NEED: dict[str, Any] = {
    "ages_months": [24],
    "children": 1,
    "place": "Collique (Comas)",
    "days": ["mon", "tue", "wed", "thu", "fri"],
    "start": "08:00",
    "end": "17:00",
    "start_date": "2026-11-30",
    "budget": {"amount": 300, "period": "month"},
    "special_needs": [],
    "name": "María",
}


@pytest.fixture
def talk() -> Talk:
    """Rosa, by SMS, has one offer on her screen."""
    talk = Talk(Channel.SMS)
    talk.learns(EventKind.OFFERED, offer=7, code="A2", need=NEED)
    return talk


def answers(talk: Talk) -> list[tuple[int, str]]:
    return [(data["offer"], data["answer"]) for data in talk.deeds(JobKind.ANSWER_OFFER)]


def test_all_that_is_needed_and_two_words_to_answer_with(talk: Talk) -> None:
    talk.hears(
        "Maria", "un niño de 2 años", "Collique (Comas)", "8am-5pm", "30/11", "S/ 300 al mes", "SI o NO", "A2"
    )


@pytest.mark.parametrize(
    ("said", "intent"),
    [
        ("si", None), ("SI A2", None), ("si a 2", None), ("ya mamita", "affirm"), ("traigala nomas", "affirm"),
        ("👍", None), ("claro, si puedo", "affirm"), ("si tengo sitio", "update_availability"),
    ],
)  # fmt: skip
def test_a_yes(talk: Talk, said: str, intent: str | None) -> None:
    slots: dict[str, Any] = {"capacity": 1} if intent == "update_availability" else {}
    talk.says(said, intent, **slots)
    assert answers(talk) == [(7, OfferAnswer.YES)]


@pytest.mark.parametrize(
    ("said", "intent", "slots"),
    [
        ("no", None, {}),
        ("no a2", None, {}),
        ("no tengo cupo hasta enero", "update_availability", {"capacity": 0, "start_date": "2027-01-01"}),
        ("esa edad no recibo", "deny", {}),
        ("hoy imposible mamita", "deny", {}),
    ],
)
def test_a_no(talk: Talk, said: str, intent: str | None, slots: dict[str, Any]) -> None:
    talk.says(said, intent, **slots)
    assert answers(talk) == [(7, OfferAnswer.NO)]


@pytest.mark.parametrize(
    ("said", "intent", "slots"),
    [
        ("si pero solo hasta las 4", "affirm", {"time": {"end": "16:00"}}),
        ("si pero cobro 30", "affirm", {"price": {"amount": 30, "period": None}}),
        ("puedo hasta las 4 nomas", "inform", {"time": {"end": "16:00"}}),
        ("si, los martes y jueves", "affirm", {"days": ["tue", "thu"]}),
        ("a esa hora no, pero puedo desde las 9", "deny", {"time": {"start": "09:00"}}),
    ],
)
def test_a_yes_with_a_condition_is_brought_to_the_family(
    talk: Talk, said: str, intent: str, slots: dict[str, Any]
) -> None:
    talk.says(said, intent, **slots)
    (answer,) = talk.deeds(JobKind.ANSWER_OFFER)
    assert (answer["answer"], answer["words"]) == (OfferAnswer.CONDITION, said)


def test_a_yes_that_says_the_same_hours_is_a_plain_yes(talk: Talk) -> None:
    talk.says("si, de 8 a 5 la espero", "affirm", time={"start": "08:00", "end": "17:00"})
    assert answers(talk) == [(7, OfferAnswer.YES)]


@pytest.mark.parametrize(
    ("said", "intent", "confidence"),
    [
        ("mmm", "out_of_scope", 0.8),
        ("dejeme ver con mi esposo", "cancel", 0.57),
        ("quizas", "affirm", 0.6),
        ("20", None, 1),
    ],
)
def test_what_is_neither_is_asked_again_and_decides_nothing(
    talk: Talk, said: str, intent: str | None, confidence: float
) -> None:
    talk.says(said, intent, confidence)
    talk.hears("responda SI o NO")
    assert not talk.jobs


def test_what_the_family_pays_is_told(talk: Talk) -> None:
    talk.says("cuanto paga?", "ask_price")
    talk.hears("S/ 300 al mes", "SI o NO")
    assert not talk.jobs


def test_a_photo_is_never_sent(talk: Talk) -> None:
    talk.says("manda foto", "ask_details")
    talk.hears("no mandamos fotos")
    assert not talk.jobs


def test_what_was_told_is_told_again_and_the_rest_is_asked(talk: Talk) -> None:
    talk.says("que edad tiene?", "ask_details")
    talk.hears("un niño de 2 años")
    talk.says("usa pañal?", "ask_details", amenity="pañal")
    assert talk.deeds(JobKind.RELAY) == [{"offer": 7, "words": "usa pañal?", "question": True}]


def test_an_answer_that_could_mean_two_is_asked_about(talk: Talk) -> None:
    talk.learns(EventKind.OFFERED, offer=8, code="H2", need={**NEED, "ages_months": [36]})
    talk.says("si")
    talk.hears("A2 Maria:", "2 años", "H2 Maria:", "3 años")
    assert not talk.jobs
    talk.says("h2")
    assert answers(talk) == [(8, OfferAnswer.YES)]


def test_both_can_be_answered_at_once(talk: Talk) -> None:
    talk.learns(EventKind.OFFERED, offer=8, code="H2", need=NEED)
    talk.says("si a los dos", "affirm")
    assert answers(talk) == [(7, OfferAnswer.YES), (8, OfferAnswer.YES)]


def test_the_code_names_one_of_several(talk: Talk) -> None:
    talk.learns(EventKind.OFFERED, offer=8, code="H2", need=NEED)
    talk.says("no H2")
    assert answers(talk) == [(8, OfferAnswer.NO)]


def test_a_late_yes_is_brought_and_a_late_no_is_nothing(talk: Talk) -> None:
    talk.learns(EventKind.WITHDRAWN, offer=7, late=True)
    talk.hears_nothing()
    talk.says("no")
    assert not answers(talk)
    talk.says("si puedo", "affirm")
    assert answers(talk) == [(7, OfferAnswer.YES)]


def test_what_is_taken_back_is_told_once(talk: Talk) -> None:
    talk.learns(EventKind.WITHDRAWN, offer=7, late=False)
    talk.hears("A2", "ya no hace falta")
    talk.learns(EventKind.WITHDRAWN, offer=7, late=False)
    talk.hears_nothing()


def test_help_and_a_person_are_no_answer_to_an_offer(talk: Talk) -> None:
    talk.says("AYUDA")
    talk.hears("Soy Ayllu")
    talk.says("PERSONA")
    talk.hears("Una persona")
    assert not answers(talk)


def test_an_emergency_at_the_providers_is_an_emergency(talk: Talk) -> None:
    talk.says("el niño no respira ayuda", "emergency")
    talk.hears("105")


def test_after_a_yes_she_may_take_it_back(talk: Talk) -> None:
    talk.learns(
        EventKind.ANSWERED,
        offer=7,
        code="A2",
        result="agreed",
        name="María",
        phone="+51987654321",
        need=NEED,
        words=None,
    )
    talk.hears("Maria", "987 654 321")
    talk.says("CANCELAR")
    assert talk.deeds(JobKind.END) == [{"offer": 7}]


def test_a_guess_takes_nothing_back(talk: Talk) -> None:
    talk.learns(
        EventKind.ANSWERED,
        offer=7,
        code="A2",
        result="agreed",
        name="María",
        phone="+51987654321",
        need=NEED,
        words=None,
    )
    talk.says("mañana estoy ocupada", "cancel", 0.6)
    talk.hears("Maria", "¿Ya no puede?")
    assert not talk.jobs
    talk.says("no, si puedo")
    talk.says("no")
    talk.hears("sigue en pie")


@pytest.mark.parametrize(
    "said",
    [
        "disculpe se me presento un problema ya no voy a poder",
        "me enferme",
        "no voy a poder recibir al niño de maria",
    ],
)
def test_whoever_agreed_and_cannot_after_all_is_asked_and_the_family_is_told(talk: Talk, said: str) -> None:
    talk.learns(
        EventKind.ANSWERED,
        offer=7,
        code="A2",
        result="agreed",
        name="María",
        phone="+51987654321",
        need=NEED,
        words=None,
    )
    talk.says(said, "deny")
    talk.hears("Maria", "¿Ya no puede?")
    talk.says("si")
    assert talk.deeds(JobKind.END) == [{"offer": 7}]


def two(talk: Talk) -> None:
    talk.learns(EventKind.OFFERED, offer=8, code="H2", need={**NEED, "ages_months": [36], "name": "Lucía"})


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("A2 si, H2 no", [(7, "yes"), (8, "no")]),
        ("si A2 y no H2", [(7, "yes"), (8, "no")]),
        ("si A2 y H2", [(7, "yes"), (8, "yes")]),
        ("el primero si el segundo no", [(7, "yes"), (8, "no")]),
        ("al de lucia si", [(8, "yes")]),
        ("el de 3 añitos si", [(8, "yes")]),
        ("h 2 no puedo", [(8, "no")]),
    ],
)
def test_of_two_offers_the_one_is_found_that_is_meant(
    talk: Talk, said: str, wanted: list[tuple[int, str]]
) -> None:
    two(talk)
    talk.says(said, "inform", 0.7)
    assert answers(talk) == wanted


@pytest.mark.parametrize("which", ["el segundo", "2", "al de lucia", "h2", "H 2"])
def test_which_one_is_said_in_many_ways(talk: Talk, which: str) -> None:
    two(talk)
    talk.says("si")
    talk.hears("A2 Maria", "H2 Lucia")
    talk.says(which, "inform", 0.7)
    assert answers(talk) == [(8, OfferAnswer.YES)]


@pytest.mark.parametrize("said", ["no hay problema", "no se preocupe, traigalo", "sin problema"])
def test_no_problem_is_a_yes(talk: Talk, said: str) -> None:
    talk.says(said, "deny")
    assert answers(talk) == [(7, OfferAnswer.YES)]


@pytest.mark.parametrize(
    "said",
    [
        "si no consigue a nadie yo le recibo",
        "por 15 si",
        "entonces 5 soles mas",
        "puedo recibirlo solo hasta las 2",
    ],
)
def test_haggling_and_ifs_are_conditions(talk: Talk, said: str) -> None:
    talk.says(said, "affirm" if said.startswith("si") else "ask_details", 0.7)
    assert answers(talk) == [(7, OfferAnswer.CONDITION)]


def test_a_yes_with_a_question_asks_the_question(talk: Talk) -> None:
    talk.says("si pero quien lo recoge?", "affirm")
    assert not answers(talk)
    assert talk.deeds(JobKind.RELAY)[0]["words"] == "si pero quien lo recoge?"


def test_whoever_has_to_ask_at_home_is_waited_for(talk: Talk) -> None:
    talk.says("tengo q preguntar a mi esposo", "help")
    talk.hears("espero su respuesta", "A2")
    assert not talk.jobs


def test_who_is_this_is_answered_to_a_provider_as_to_one(talk: Talk) -> None:
    talk.says("quien es?", "help")
    talk.hears("las familias", "A2", "BAJA")


def test_a_person_is_brought_when_nothing_is_understood(talk: Talk) -> None:
    for _ in range(3):
        talk.says("mmm", "out_of_scope", 0.8)
    talk.hears("Una persona de Ayllu")
    assert talk.cases


def test_a_yes_to_what_is_over_is_told_so(talk: Talk) -> None:
    talk.learns(EventKind.WITHDRAWN, offer=7, late=False)
    talk.says("si")
    talk.hears("ya no esta")
