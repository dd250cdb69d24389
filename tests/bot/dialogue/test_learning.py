"""Somebody wants to learn something."""

from __future__ import annotations

from bot.dialogue.conversation import Awaiting, Topic
from bot.gsm7 import size
from bot.messages import CaseReason, Channel
from tests.bot.dialogue.talk import Talk


def test_a_lesson_by_sms_comes_part_by_part_each_in_one_sms() -> None:
    talk = Talk(Channel.SMS)
    talk.says("quiero aprender excel", "find_learning", topic="excel")
    talk.hears(
        "Para aprender excel", "1 Excel desde cero: por mensajes, basico, 15 min", "Responda el numero"
    )
    talk.says("1")
    talk.hears("1/3 Abra el programa.", "SIGUE")
    assert [size(reply.sms).segments for reply in talk.replies] == [1]
    talk.says("SIGUE")
    talk.hears("2/3 Escriba en una casilla.", "SIGUE")
    talk.says("mas")
    talk.hears("3/3 Guarde su hoja.", "Muy bien", "MAS: otros")
    assert talk.conversation.lesson is None


def test_asks_what_and_any_few_words_answer() -> None:
    talk = Talk()
    talk.says("quiero aprender algo", "find_learning")
    talk.hears("¿Qué quiere aprender?")
    assert talk.conversation.awaiting is Awaiting.SUBJECT
    talk.says("ingles", "out_of_scope")
    talk.hears("Para aprender ingles", "1. Inglés: primeras frases", "lección por mensajes, 3 partes")


def test_a_level_that_is_said_comes_first_and_can_be_changed_later() -> None:
    talk = Talk()
    talk.says("excel avanzado", "find_learning", topic="excel")
    talk.hears("excel, avanzado", "1. Excel: tablas dinámicas", "180 kB")
    talk.says("mejor desde cero", "inform", 0.9)
    talk.hears("excel, básico", "1. Excel")
    assert talk.conversation.listed[0].id in (31, 34)


def test_a_page_is_told_with_what_it_costs_in_data() -> None:
    talk = Talk()
    talk.says("excel avanzado", "find_learning", topic="excel")
    talk.says("1")
    talk.hears("https://aprende.ayllu.example/excel", "180 kB")


def test_who_writes_by_sms_gets_what_needs_no_internet_first() -> None:
    talk = Talk(Channel.SMS)
    talk.says("excel", "find_learning", topic="excel")
    assert 33 not in [one.id for one in talk.conversation.listed]


def test_radio_is_told_with_station_and_hours() -> None:
    talk = Talk(Channel.SMS)
    talk.says("quiero aprender ingles por radio", "find_learning", topic="ingles")
    talk.hears("1 Inglés por radio: radio")
    talk.says("la 1", "choose_option", option=1)
    talk.hears("Radio Barrio 1080 AM, sabado 8am")


def test_a_printed_sheet_leads_to_the_closest_printer() -> None:
    talk = Talk()
    talk.says("excel impreso en ayacucho", "find_learning", topic="excel", location="ayacucho")
    talk.hears("1. Excel: ejercicios", "También dan clases en *Biblioteca Municipal de Ayacucho*")
    talk.says("1")
    talk.hears("se la imprimen", "Impresiones en Ayacucho", "1. CAD Huamanga")


def test_a_printed_sheet_asks_where_when_the_place_is_not_known() -> None:
    talk = Talk()
    talk.says("excel impreso", "find_learning", topic="excel")
    talk.says("1")
    talk.hears("se la imprimen", "distrito")
    talk.says("ayacucho", "inform", location="ayacucho")
    talk.hears("1. CAD Huamanga")


def test_more_shows_others_and_says_when_there_are_none() -> None:
    talk = Talk()
    talk.says("excel", "find_learning", topic="excel")
    talk.says("MAS")
    talk.hears("4. Excel")
    talk.says("MAS")
    talk.hears("Ya no tengo más material")


def test_where_lessons_are_given_is_a_place() -> None:
    talk = Talk()
    talk.says(
        "donde enseñan computacion en ayacucho", "find_learning", topic="computacion", location="ayacucho"
    )
    talk.hears("Clases en Ayacucho", "1. Biblioteca Municipal de Ayacucho")


def test_nothing_about_it_is_said_and_a_person_is_told() -> None:
    talk = Talk()
    talk.says("quiero aprender japones", "find_learning", topic="japones")
    talk.hears("de «japones» todavía no tengo")
    assert talk.cases == [CaseReason.LEARNING]


def test_a_lesson_waits_while_something_else_is_looked_for() -> None:
    talk = Talk()
    talk.says("excel", "find_learning", topic="excel")
    talk.says("1")
    talk.says("donde hay internet en ayacucho", "find_tech_hub", hub_service="internet", location="ayacucho")
    talk.says("mas")
    talk.hears("otros lugares")
    talk.says("sigue", "out_of_scope")
    talk.hears("2 de 3", "Escriba en una casilla.")
    assert talk.conversation.topic is Topic.LEARNING


def test_what_is_known_of_one_is_told_when_asked() -> None:
    talk = Talk()
    talk.says("excel", "find_learning", topic="excel")
    talk.says("cuanto cuesta la 1", "ask_price", option=1)
    talk.hears("gratis")
    talk.says("de que trata la 1?", "ask_details", option=1)
    talk.hears("Excel desde cero", "básico", "Lo que hay que saber")
