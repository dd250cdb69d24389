"""Anybody looks for internet or computers."""

from __future__ import annotations

from dataclasses import replace

from bot.gsm7 import size
from bot.messages import CaseReason, Channel
from matching.schema import Point
from tests.bot.dialogue.talk import AYACUCHO, HUBS, Talk


def test_a_basic_phone_gets_hubs_with_hours_and_services_within_two_sms() -> None:
    talk = Talk(Channel.SMS)
    talk.says("dnd ay internet x ayacucho", "find_tech_hub", hub_service="internet", location="ayacucho")
    talk.hears(
        "Internet en Ayacucho",
        "1 CAD Huamanga: 450 m, abierto ahora hasta 6pm. L-V 8am-6pm, S 9am-1pm",
        "internet",
    )
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


def test_open_now_is_by_the_hour_in_lima() -> None:
    talk = Talk()
    talk.waits(hours=7, minutes=30)  # Monday 17:30: one closes at 17:00, one at 18:00
    talk.says(
        "que computadoras hay abierto ahora en ayacucho",
        "find_tech_hub",
        hub_service="computer",
        location="ayacucho",
    )
    talk.hears("Computadoras en Ayacucho, abierto ahora", "1. CAD Huamanga", "abierto ahora hasta 6pm")
    talk.hears("2. Biblioteca", "cerrado, abre mañana 9am")


def test_when_none_is_open_it_is_said_and_when_they_open() -> None:
    talk = Talk(Channel.SMS)
    talk.waits(hours=11)
    talk.says("internet abierto ahora ayacucho", "find_tech_hub", hub_service="internet", location="ayacucho")
    talk.hears("no conozco ninguno abierto", "CAD Huamanga", "cerrado, abre mañana 8am")


def test_saturday_shows_first_who_opens_then() -> None:
    talk = Talk()
    talk.says(
        "donde hay computadoras el sabado en ayacucho",
        "find_tech_hub",
        hub_service="computer",
        location="ayacucho",
        start_date="2026-11-28",
    )
    talk.hears("Computadoras en Ayacucho, sábado", "1. CAD Huamanga")
    talk.says("y el domingo", "inform", start_date="2026-11-29")
    talk.hears("no conozco ninguno abierto")


def test_today_is_what_has_not_closed_yet() -> None:
    talk = Talk()
    talk.waits(hours=7, minutes=30)
    talk.says(
        "computadoras hoy en ayacucho",
        "find_tech_hub",
        hub_service="computer",
        location="ayacucho",
        start_date="2026-11-23",
    )
    talk.hears("hoy", "1. CAD Huamanga", "2. Biblioteca")


def test_how_to_get_there_is_told_in_words() -> None:
    talk = Talk()
    talk.says("internet ayacucho", "find_tech_hub", hub_service="internet", location="ayacucho")
    talk.says("como llego a la 1", "ask_details", option=1)
    talk.hears("CAD Huamanga", "450 m de Ayacucho", "al norte", "min a pie", "Jr. Asamblea 280")


def test_what_is_far_is_called_far() -> None:
    far = replace(HUBS[0], id=51, point=Point(AYACUCHO.lat - 0.198, AYACUCHO.lon))
    talk = Talk(Channel.SMS, hubs=(far,))
    talk.says("internet ayacucho", "find_tech_hub", hub_service="internet", location="ayacucho")
    talk.hears("queda lejos: 22 km")
    talk.says("como llego", "ask_details")
    talk.hears("al sur", "Queda lejos: vaya en micro")
