"""Anybody looks for internet, computers, or something to learn."""

from __future__ import annotations

from dataclasses import replace

from bot.gsm7 import size
from bot.messages import CaseReason, Channel
from tests.bot.dialogue.talk import HUBS, Talk


def test_a_basic_phone_gets_hubs_with_hours_and_services_within_two_sms() -> None:
    talk = Talk(Channel.SMS)
    talk.says("dnd ay internet x ayacucho", "find_tech_hub", hub_service="internet", location="ayacucho")
    talk.hears("Internet en Ayacucho", "1 CAD Huamanga: 450 m, L-V 8am-6pm, S 9am-1pm", "internet")
    assert sum(size(reply.sms).segments for reply in talk.replies) <= 2


def test_asks_only_where() -> None:
    talk = Talk()
    talk.says("donde puedo imprimir", "find_tech_hub", hub_service="printing")
    talk.hears("distrito")
    talk.says("huamanga", "inform", location="ayacucho")
    talk.hears("Impresiones en Ayacucho", "*1. CAD Huamanga*", "*2. Biblioteca", "no tiene impresiones")


def test_what_did_not_fit_into_an_sms_comes_with_more() -> None:
    many = tuple(replace(HUBS[0], id=40 + n, name=f"Centro de Acceso Digital número {n}") for n in range(4))
    talk = Talk(Channel.SMS, hubs=many)
    talk.says("internet ayacucho", "find_tech_hub", hub_service="internet", location="ayacucho")
    shown = set(talk.conversation.seen_hubs)
    assert 0 < len(shown) < 3
    talk.says("MAS")
    assert not shown & set(talk.conversation.seen_hubs[len(shown) :])


def test_no_hub_near_is_said_and_a_person_is_told() -> None:
    talk = Talk(hubs=())
    talk.says("wifi en iquitos", "find_tech_hub", hub_service="wifi", location="iquitos")
    talk.hears("Lo siento", "wifi en Iquitos")
    assert talk.cases == [CaseReason.NO_MATCH]


def test_who_wants_to_learn_hears_what_is_possible_and_where_lessons_are() -> None:
    talk = Talk()
    talk.says("quiero aprender excel", "find_learning", topic="excel")
    talk.hears("Todavía no doy clases", "distrito")
    talk.says("ayacucho", "inform", location="ayacucho")
    talk.hears("Clases en Ayacucho", "1. Biblioteca Municipal de Ayacucho")


def test_a_chosen_hub_can_be_walked_into() -> None:
    talk = Talk()
    talk.says("internet ayacucho", "find_tech_hub", hub_service="internet", location="ayacucho")
    talk.says("2")
    talk.hears("Biblioteca Municipal", "Portal Constitución 15", "Puede ir")
    assert not talk.cases


def test_a_question_about_a_hub_is_answered_from_what_is_known() -> None:
    talk = Talk()
    talk.says("internet ayacucho", "find_tech_hub", hub_service="internet", location="ayacucho")
    talk.says("la 1 tiene para imprimir?", "ask_details", option=1, hub_service="printing")
    talk.hears("Sí", "CAD Huamanga", "impresiones")
    talk.says("y cuanto cuesta la 1", "ask_price", option=1)
    talk.hears("CAD Huamanga", "gratis")
