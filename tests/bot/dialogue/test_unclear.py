"""Messages that are hard to read, and things said by the way."""

from __future__ import annotations

import pytest

from bot.dialogue.conversation import Topic
from bot.messages import CaseReason, JobKind
from tests.bot.dialogue.talk import Talk


def test_an_unsure_reading_is_asked_about_and_its_facts_are_kept() -> None:
    talk = Talk()
    talk.says("algo pa comas", "find_tech_hub", 0.3, location="comas")
    talk.hears("¿Qué busca?", "1", "2")
    talk.says("1")
    talk.hears("en Comas", "edad")


def test_two_unclear_messages_bring_the_offer_of_a_person() -> None:
    talk = Talk()
    talk.says("jsjs", "out_of_scope", 0.2)
    talk.hears("¿Qué busca?")
    talk.says("kjkj", "out_of_scope", 0.2)
    talk.hears("¿Quiere que una persona")
    talk.says("si")
    assert talk.cases == [CaseReason.HUMAN]


def test_an_open_question_is_answered_even_by_an_unsure_reading() -> None:
    talk = Talk()
    talk.says("cuna en comas", "find_childcare", location="comas")
    talk.says("2 añitos", "choose_option", 0.3)
    talk.hears("2 años", "¿Qué días")


@pytest.mark.parametrize(
    ("written", "said"), [("2", "2 años"), ("ocho meses", "8 meses"), ("2 años y medio", "y medio")]
)
def test_a_bare_answer_to_the_age_is_an_age_even_with_a_list_on_the_screen(written: str, said: str) -> None:
    talk = Talk()
    talk.says("internet en ayacucho", "find_tech_hub", hub_service="internet", location="ayacucho")
    talk.says("y una cuna", "find_childcare", care_type="daycare")
    talk.hears("edad")
    talk.says(written)
    talk.hears(said, "¿Qué días")


def test_after_two_tries_the_search_goes_on_without_the_age() -> None:
    talk = Talk()
    talk.says("cuna en collique", "find_childcare", location="collique")
    talk.says("chiquita es", "inform")
    talk.hears("¿Cuántos años o meses")
    talk.says("ya le dije", "inform")
    talk.hears("busco con lo que ya me dijo", "¿Qué días")
    talk.says("no sé todavía")
    assert [job.kind for job in talk.jobs] == [JobKind.FIND_CARE]


def test_without_the_model_questions_are_still_answered_and_the_rest_goes_to_a_person() -> None:
    talk = Talk()
    talk.says("necesito alguien que cuide a mi nene")
    talk.hears("no puedo leer bien", "persona de Ayllu")
    assert talk.cases == [CaseReason.HUMAN]
    talk.says("hola")
    talk.says("menu")
    talk.hears("PERSONA")
    talk.says("busco cuna", "find_childcare")
    talk.says("collique")
    talk.says("2 años")
    talk.says("lunes a viernes de 8 a 4")
    talk.hears("2 años en Collique (Comas), lunes a viernes 8am-4pm", "1. ")


@pytest.mark.parametrize(
    ("written", "intent", "answer"),
    [
        ("gracias", "thank", "De nada"),
        ("hola", "greet", "Hola"),
        ("como funciona esto", "help", "Ayllu"),
        ("a cuanto esta el dolar", "out_of_scope", "no puedo ayudarle"),
    ],
)
def test_a_word_by_the_way_leaves_the_question_open(written: str, intent: str, answer: str) -> None:
    talk = Talk()
    talk.says("cuna en collique", "find_childcare", location="collique")
    talk.says(written, intent)
    talk.hears(answer, "edad")
    talk.says("3")
    talk.hears("3 años")


def test_a_yes_or_a_no_with_something_more_is_that_something() -> None:
    talk = Talk()
    talk.says("busco cuna", "find_childcare")
    talk.says("si, en comas", "affirm", location="comas")
    talk.hears("en Comas", "edad")
    talk.says("no, es en ate", "deny", location="ate")
    talk.hears("en Ate", "edad")


def test_a_photo_alone_is_told_that_only_text_is_read() -> None:
    talk = Talk()
    talk.says("busco cuna", "find_childcare")
    talk.sends_photo()
    talk.hears("solo puedo leer texto", "distrito")


def test_a_greeting_is_answered_with_what_there_is() -> None:
    talk = Talk()
    talk.says("Buenos días!!")
    talk.hears("Ayllu", "¿Qué busca?")


def test_a_number_alone_is_no_time() -> None:
    talk = Talk()
    talk.says("cuna en collique 2 años", "find_childcare", location="collique", child_age={"months": 24})
    talk.says("2", "choose_option", option=2)
    talk.hears("Dígame los días y las horas")


def test_a_no_that_is_not_certain_does_not_end_a_question() -> None:
    talk = Talk()
    talk.says("nido en comas", "find_childcare", location="comas")
    talk.says("para mi hijita", "deny", 0.55)
    talk.hears("¿Cuántos años o meses")


@pytest.mark.parametrize(
    ("written", "intent"), [("CUALQUIERA", "more_options"), ("depende de mi turno", "ask_price")]
)
def test_the_word_that_our_question_offers_is_taken_however_it_is_read(written: str, intent: str) -> None:
    talk = Talk()
    talk.says("cuna en collique 2 años", "find_childcare", location="collique", child_age={"months": 24})
    talk.says(written, intent, 0.85)
    assert [job.kind for job in talk.jobs] == [JobKind.FIND_CARE]


def test_not_knowing_the_age_is_no_wish_to_call_it_off() -> None:
    talk = Talk()
    talk.says("cuna en collique", "find_childcare", location="collique")
    talk.says("no se, mejor cancele", "cancel")
    talk.hears("cancelé su pedido")


@pytest.mark.parametrize(
    ("written", "confidence"), [("busco quien cuide a mi hijita", 0.65), ("nesecito kien cuide mi bb", 0.97)]
)
def test_a_parent_is_not_turned_away(written: str, confidence: float) -> None:
    talk = Talk()
    talk.says(written, "out_of_scope", confidence)
    talk.hears("distrito")
    talk.says("comas", "inform", location="comas")
    talk.hears("en Comas", "edad")


@pytest.mark.parametrize(
    "written", ["vendo cuna corral como nueva", "mi internet de movistar no funciona reclamo"]
)
def test_a_word_of_ours_in_another_matter_is_no_request(written: str) -> None:
    talk = Talk()
    talk.says(written, "out_of_scope", 0.97)
    talk.hears("no puedo ayudarle")


def test_only_what_is_certainly_none_of_our_business_is_refused() -> None:
    talk = Talk()
    talk.says("kiero algo pa la tarde", "out_of_scope", 0.6)
    talk.hears("¿Qué busca?", "1", "2")
    talk.says("a cuanto esta el dolar", "out_of_scope", 0.95)
    talk.hears("no puedo ayudarle")


@pytest.mark.parametrize(
    ("written", "intent", "confidence", "topic"),
    [
        ("internet", "find_tech_hub", 0.36, Topic.HUBS),
        ("busco internet", "out_of_scope", 0.86, Topic.HUBS),
        ("quiero cuidado", "offer_care", 0.35, Topic.CARE),
        ("cuna", "inform", 0.4, Topic.CARE),
        ("una nineera", "inform", 0.6, Topic.CARE),
        ("clases", "inform", 0.6, Topic.LEARNING),
        ("1", "inform", 0.6, Topic.CARE),
        ("3", "inform", 0.6, Topic.LEARNING),
    ],
)
def test_a_word_or_a_number_answers_what_is_looked_for(
    written: str, intent: str, confidence: float, topic: Topic
) -> None:
    talk = Talk()
    talk.says("hola")
    talk.says(written, intent, confidence)
    assert talk.conversation.topic is topic
    talk.hears("aprender" if topic is Topic.LEARNING else "distrito")


def test_a_word_alone_begins_a_talk() -> None:
    talk = Talk()
    talk.says("intrenet", "out_of_scope", 0.4)
    talk.says("internett", "out_of_scope", 0.4)
    assert talk.conversation.topic is Topic.HUBS


def test_without_the_model_a_word_still_answers_what_is_looked_for() -> None:
    talk = Talk()
    talk.says("hola")
    talk.says("busco nido")
    talk.hears("distrito")


def test_whoever_offers_care_is_not_taken_for_a_parent() -> None:
    talk = Talk()
    talk.says("cuido bebes en mi casa", "out_of_scope", 0.6)
    assert talk.conversation.topic is None


def test_a_full_request_after_the_greeting_is_one() -> None:
    talk = Talk()
    talk.says("hola")
    talk.says("busco cuna en comas", "find_childcare", care_type="daycare", location="comas")
    talk.hears("en Comas", "edad")


def test_a_second_greeting_brings_the_menu() -> None:
    talk = Talk()
    talk.says("hola")
    talk.says("hola")
    talk.hears("¿Qué busca?", "1", "2", "3", "4")


def test_a_number_after_a_greeting_still_chooses_from_the_list() -> None:
    talk = Talk()
    talk.says("internet ayacucho", "find_tech_hub", hub_service="internet", location="ayacucho")
    talk.says("hola")
    talk.says("2")
    talk.hears("Biblioteca Municipal")


def test_the_same_request_twice_is_asked_the_same_question() -> None:
    talk = Talk()
    for _ in range(2):
        talk.says("busco cuna en ate", "find_childcare", care_type="daycare", location="ate")
        talk.hears("¿Qué edad tiene")
