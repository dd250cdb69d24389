"""People who care for children: registering, and changing what is on file."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import dialogue
from bot.dialogue.conversation import Awaiting, ChildNeed, OwnFile, Place, PutOffer, Topic
from bot.dialogue.ownfile import UNTIL_THEY_SAY, written_name
from bot.messages import CaseReason, Channel, Event, EventKind, Incoming, JobKind
from matching.schema import CareKind, Price
from tests.bot.dialogue.talk import COLLIQUE, NOW, WEEKDAYS, Talk, check, places, through_json
from tests.bot.dialogue.test_any_message import messages

ROSA = OwnFile(
    name="Rosa Quispe",
    kind=CareKind.HOME,
    place=Place("150110", "", *COLLIQUE),
    reference="mercado",
    min_months=12,
    max_months=60,
    days=WEEKDAYS,
    start="07:00",
    end="18:00",
    price=Price(20, "day"),
    capacity=3,
    id=5,
    verified=True,
)
WHOLE: dict[str, Any] = {
    "provider": "Rosa Quispe",
    "location": "collique",
    "landmark": "mercado",
    "child_age": {"min_months": 12, "max_months": 60},
    "days": list(WEEKDAYS),
    "time": {"start": "07:00", "end": "18:00"},
    "price": {"amount": 20, "period": "day"},
    "capacity": 3,
    "amenity": "almuerzo",
}


def on_file(**facts: Any) -> Talk:
    talk = Talk()
    talk.conversation = replace(talk.conversation, own=replace(ROSA, **facts))
    return talk


def asked(awaiting: Awaiting, **draft: Any) -> Talk:
    """Somebody who is asked this while registering."""
    talk = Talk()
    talk.conversation = replace(
        talk.conversation, topic=Topic.PROVIDER, awaiting=awaiting, draft=OwnFile(**draft)
    )
    return talk


def changes(talk: Talk) -> dict[str, Any]:
    """What the last message changes on file."""
    (job,) = [job for job in talk.jobs if job.kind is JobKind.CHANGE_FILE]
    return job.data


# ---------------------------------------------------------------- registering


def test_one_long_message_is_read_back_and_kept_on_a_yes() -> None:
    talk = Talk(Channel.SMS)
    talk.says("quiero cuidar niños en mi casa…", "offer_care", care_type="home", **WHOLE)
    talk.hears(
        "Gracias", "Rosa Quispe", "Collique (Comas)", "1 año a 5 años", "7am-6pm", "S/ 20 al dia", "3 cupos"
    )
    assert not talk.jobs
    talk.says("si", "affirm")
    assert [job.kind for job in talk.jobs] == [JobKind.REGISTER, JobKind.OPERATOR]
    assert talk.cases == [CaseReason.PROVIDER]
    talk.hears("verificara", "no los muestro a nadie")


def test_what_is_missing_is_asked_one_thing_at_a_time() -> None:
    talk = Talk()
    talk.says("quiero cuidar niños", "offer_care")
    talk.hears("preguntas cortas", "nombre y apellido")
    talk.says("rosa quispe", "inform")
    talk.hears("distrito")
    talk.says("collique", "inform", location="collique")
    talk.hears("Cerca de qué")
    talk.says("por el mercado", "inform")
    talk.hears("Desde qué edad")
    talk.says("de 1 a 5", "inform", time={"start": "01:00", "end": "05:00"})
    talk.hears("Qué días")
    talk.says("lunes a viernes", "inform", days=list(WEEKDAYS))
    talk.hears("de qué hora a qué hora")
    talk.says("de 7 a 6", "inform", child_age={"min_months": 72, "max_months": 84})
    talk.hears("Cuántos soles")
    talk.says("20", "choose_option", option=20)
    talk.hears("cuántos niños")
    talk.says("tres", "inform", child_age={"months": 36})
    talk.hears("algo especial")
    talk.says("no", "deny")
    talk.hears(
        "Rosa Quispe",
        "Collique (Comas)",
        "ref. mercado",
        "1 año a 5 años",
        "7am-6pm",
        "S/ 20 al día",
        "3 cupos",
    )


@pytest.mark.parametrize(
    ("awaiting", "known", "written", "told"),
    [
        (Awaiting.PROVIDER_NAME, {}, "me llamo rosa quispe", {"name": "Rosa Quispe"}),
        (Awaiting.PROVIDER_NAME, {}, "Nido Los Pollitos", {"name": "Nido Los Pollitos"}),
        (Awaiting.PROVIDER_AGES, {"min_months": 12}, "5", {"min_months": 12, "max_months": 60}),
        (Awaiting.PROVIDER_AGES, {}, "todas las edades", {"min_months": 0}),
        (Awaiting.PROVIDER_WHEN, {}, "24 horas todos los dias", {"start": "00:00", "end": "00:00"}),
        (Awaiting.PROVIDER_PRICE, {}, "20", {"price": Price(20, "day")}),
        (Awaiting.PROVIDER_PRICE, {}, "300 al mes", {"price": Price(300, "month")}),
        (Awaiting.PROVIDER_PERIOD, {"price": Price(300, None)}, "mensual", {"price": Price(300, "month")}),
        (Awaiting.PROVIDER_PLACES, {}, "3", {"capacity": 3}),
        (Awaiting.PROVIDER_PLACES, {}, "ninguno", {"capacity": 0}),
        (Awaiting.PROVIDER_SPECIAL, {}, "cocino rico", {"amenities": ("cocino rico",)}),
        (Awaiting.PROVIDER_SPECIAL, {}, "nada", {"settled": (Awaiting.PROVIDER_SPECIAL,)}),
    ],
)
def test_a_bare_answer_is_read_in_the_light_of_the_question(
    awaiting: Awaiting, known: dict[str, Any], written: str, told: dict[str, Any]
) -> None:
    talk = asked(awaiting, **known)
    talk.says(written, "inform")
    draft = talk.conversation.draft
    assert {name: getattr(draft, name) for name in told} == told


def test_a_number_that_cannot_be_places_is_asked_about_again() -> None:
    talk = asked(Awaiting.PROVIDER_PLACES)
    talk.says("300", "inform", price={"amount": 300, "period": None})
    assert talk.conversation.draft.capacity is None


def test_an_ambiguous_district_is_asked_about_and_leaves_a_parents_place_alone() -> None:
    talk = asked(Awaiting.PROVIDER_WHERE, name="Rosa")
    talk.says("miraflores", "inform", location="miraflores")
    talk.hears("1", "Lima", "2", "Arequipa")
    talk.says("2", "choose_option", option=2)
    assert talk.conversation.draft.place is not None
    assert talk.conversation.draft.place.ubigeo == "040110"
    assert talk.conversation.place is None
    assert not talk.conversation.candidates


def test_a_pin_tells_where_they_care_for_children() -> None:
    talk = asked(Awaiting.PROVIDER_WHERE, name="Rosa")
    talk.shares(-11.93, -77.05)
    assert talk.conversation.draft.place is not None
    talk.hears("Cerca de qué")
    talk = asked(Awaiting.PROVIDER_WHERE, name="Rosa")
    talk.shares(50.0, 8.0)
    talk.hears("no la puedo ubicar en el Perú")


@pytest.mark.parametrize(
    ("written", "slots", "heard"),
    [
        ("no, me llamo Rosa Huaman", {"provider": "Rosa Huaman"}, "Rosa Huaman"),
        ("es en los olivos", {"location": "los olivos"}, "Los Olivos"),
        ("no, cobro 25", {"price": {"amount": 25, "period": None}}, "S/ 25 al día"),
        ("no el precio es 25", {}, "S/ 25 al día"),
        ("no son 4 cupos", {}, "4 cupos"),
        ("mejor sabados tambien", {"days": ["sat"]}, "lunes a sábado"),
        ("de 2 a 4 años", {"child_age": {"min_months": 24, "max_months": 48}}, "2 años a 4 años"),
        ("de 8 a 4", {"time": {"start": "08:00", "end": "16:00"}}, "8am-4pm"),
    ],
)
def test_a_correction_of_what_was_read_back_is_read_back(
    written: str, slots: dict[str, Any], heard: str
) -> None:
    talk = Talk()
    talk.says("quiero cuidar niños en mi casa…", "offer_care", care_type="home", **WHOLE)
    talk.says(written, "inform", **slots)
    talk.hears(heard, "Está bien")
    assert not talk.jobs


def test_a_no_to_what_was_read_back_asks_what_is_wrong() -> None:
    talk = Talk()
    talk.says("quiero cuidar niños en mi casa…", "offer_care", care_type="home", **WHOLE)
    talk.says("no", "deny")
    talk.hears("Qué cambio")
    talk.says("si", "affirm")
    talk.hears("Gracias, Rosa Quispe")


def test_whoever_cannot_answer_is_offered_a_person_and_goes_on_after() -> None:
    talk = asked(Awaiting.PROVIDER_AGES)
    talk.says("asdf qwer", "out_of_scope", 0.3)
    talk.hears("no le entendí", "edad")
    talk.says("asdf qwer", "out_of_scope", 0.3)
    talk.hears("persona de Ayllu")


def test_whoever_registers_may_search_and_stop_and_is_asked_nothing_twice() -> None:
    talk = Talk()
    talk.says("quiero cuidar niños, soy rosa", "offer_care", provider="rosa")
    talk.says(
        "busco cuna para mi hija en collique", "find_childcare", care_type="daycare", location="collique"
    )
    talk.hears("edad")
    assert talk.conversation.place is not None
    talk.says("seguir registro", "inform", 0.3)
    talk.hears("En qué distrito atiende")
    talk.says("cancelar")
    talk.hears("Guardo lo que me contó")
    talk.says("quiero cuidar niños", "offer_care")
    talk.hears("En qué distrito atiende")
    talk.waits(days=40)
    talk.says("quiero cuidar niños", "offer_care")
    talk.hears("En qué distrito atiende")


@pytest.mark.parametrize(
    ("written", "intent"),
    [("cuando me llaman?", "check_status"), ("cuanto me cobran por registrarme", "ask_price")],
)
def test_whoever_registers_hears_what_comes_next_and_that_it_is_free(written: str, intent: str) -> None:
    talk = Talk()
    talk.says("quiero cuidar niños en ate", "offer_care", location="ate")
    talk.says(written, intent)
    talk.hears("Registrarse es gratis", "nombre y apellido")


def test_a_nanny_is_not_asked_what_her_house_is_near_to() -> None:
    talk = Talk()
    talk.says(
        "soy luz de comas, cama adentro", "offer_care", provider="luz", location="comas", care_type="nanny"
    )
    talk.hears("Desde qué edad")
    assert talk.conversation.draft.kind is CareKind.NANNY


def test_without_a_number_there_is_no_file_and_what_was_told_is_kept() -> None:
    talk = Talk()
    talk.holding = True
    talk.says("quiero cuidar niños en mi casa…", "offer_care", care_type="home", **WHOLE)
    talk.says("si", "affirm")
    (job,) = talk.jobs
    lacking = Event(EventKind.FILE_KEPT, {"result": "no_number", "file": job.data["file"]})
    turn = dialogue.happened(talk.conversation, lacking, talk.now)
    assert "celular" in turn.replies[0].whatsapp
    assert turn.conversation.awaiting is Awaiting.PROVIDER_CONFIRM
    assert turn.conversation.draft.name == "Rosa Quispe"


def test_places_of_somebody_unknown_begin_a_registration() -> None:
    talk = Talk()
    talk.says("tengo 3 cupos", "update_availability", capacity=3)
    talk.hears("Con este número todavía no le tengo", "nombre")
    assert talk.conversation.draft.capacity == 3


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("soy la señora rosa quispe", "Rosa Quispe"),
        ("ROSA QUISPE", "Rosa Quispe"),
        ("Nido Los Pollitos", "Nido Los Pollitos"),
        ("Luz Diaz de", "Luz Diaz"),
        ("12", ""),
    ],
)
def test_names_are_written_down_as_names(written: str, name: str) -> None:
    assert written_name(written) == name


# ---------------------------------------------------------------- changing


@pytest.mark.parametrize(
    ("written", "intent", "slots", "changed", "heard"),
    [
        ("ya no tengo cupo", "update_availability", {"capacity": 0}, {"capacity": 0}, "sin cupos"),
        ("tengo 2 cupos", "update_availability", {"capacity": 2}, {"capacity": 2}, "2 cupos"),
        (
            "ahora cobro 25",
            "inform",
            {"price": {"amount": 25, "period": None}},
            {"price": {"amount": 25.0, "period": "day"}},
            "S/ 25 al día",
        ),
        ("ahora cobro 25", "out_of_scope", {}, {"price": {"amount": 25.0, "period": "day"}}, "S/ 25 al día"),
        (
            "ahora atiendo tambien sabados",
            "inform",
            {"days": ["sat"]},
            {"days": [*WEEKDAYS, "sat"]},
            "lunes a sábado",
        ),
        (
            "ya no atiendo los viernes",
            "update_availability",
            {},
            {"days": list(WEEKDAYS[:4])},
            "lunes a jueves",
        ),
        (
            "recibo desde 6 meses",
            "inform",
            {"child_age": {"min_months": 6}},
            {"min_months": 6},
            "6 meses a 5 años",
        ),
        ("hoy no atiendo", "update_availability", {}, {"paused_until": "2026-11-24"}, "martes 24/11"),
        ("esta semana no atiendo", "update_availability", {}, {"paused_until": "2026-11-30"}, "lunes 30/11"),
        (
            "de vacaciones hasta marzo",
            "inform",
            {"start_date": "2027-03-01"},
            {"paused_until": "2027-03-01"},
            "lunes 1/3",
        ),
        ("pausa", "cancel", {}, {"paused_until": UNTIL_THEY_SAY.isoformat()}, "en pausa"),
        ("ahora doy almuerzo", "inform", {"amenity": "almuerzo"}, {"amenities": ["almuerzo"]}, "almuerzo"),
    ],
)
def test_a_change_is_kept_and_said_back(
    written: str, intent: str, slots: dict[str, Any], changed: dict[str, Any], heard: str
) -> None:
    talk = on_file()
    talk.says(written, intent, **slots)
    assert changes(talk) == {"changes": changed}
    talk.hears(heard)
    assert talk.cases == []


def test_full_until_a_day_is_asked_about_on_that_day() -> None:
    talk = on_file()
    talk.says("ya no tengo cupo hasta enero", "update_availability", capacity=0, start_date="2027-01-01")
    assert changes(talk) == {"changes": {"capacity": 0}, "again_on": "2027-01-01"}
    talk.hears("viernes 1/1", "le pregunto")


def test_places_from_a_day_on_are_kept_for_that_day() -> None:
    talk = on_file(capacity=0)
    talk.says("desde marzo 2 espacios", "update_availability", capacity=2, start_date="2027-03-01")
    assert changes(talk) == {"changes": {}, "again_on": "2027-03-01", "places": 2}
    talk.hears("lunes 1/3", "2 cupos", "sin cupos")
    turn = dialogue.happened(talk.conversation, Event(EventKind.AVAILABLE_AGAIN, {"places": 2}), talk.now)
    assert [job.data for job in turn.jobs] == [{"changes": {"capacity": 2}}]


@pytest.mark.parametrize(
    ("written", "intent", "capacity"),
    [("2", "choose_option", 2), ("tengo 3 cupos", "update_availability", 3)],
)
def test_when_asked_again_a_number_is_enough(written: str, intent: str, capacity: int) -> None:
    talk = on_file(capacity=0)
    turn = dialogue.happened(talk.conversation, Event(EventKind.AVAILABLE_AGAIN, {"places": None}), talk.now)
    assert "ya tiene cupo" in turn.replies[0].whatsapp
    talk.conversation = turn.conversation
    talk.says(written, intent)
    assert changes(talk) == {"changes": {"capacity": capacity}}
    assert talk.conversation.awaiting is None


def test_when_asked_again_a_no_is_enough() -> None:
    talk = on_file(capacity=0)
    talk.conversation = replace(talk.conversation, awaiting=Awaiting.PROVIDER_AGAIN)
    talk.says("no", "deny")
    talk.hears("Cuando tenga cupo")
    assert not talk.jobs


def test_a_pause_ends_when_they_say_so() -> None:
    talk = on_file(paused_until=UNTIL_THEY_SAY)
    talk.says("ya atiendo", "affirm")
    assert changes(talk) == {"changes": {"paused_until": None}}
    talk.hears("Ya la muestro a las familias", "3 cupos")


@pytest.mark.parametrize(
    ("written", "slots", "name"),
    [
        ("me mude a los olivos", {"location": "los olivos"}, "place"),
        ("me llamo Rosa Diaz", {"provider": "Rosa Diaz"}, "name"),
    ],
)
def test_who_and_where_are_verified_again(written: str, slots: dict[str, Any], name: str) -> None:
    talk = on_file()
    talk.says(written, "inform", **slots)
    assert name in changes(talk)["changes"]
    assert talk.cases == [CaseReason.PROVIDER]
    talk.hears("verifica otra vez", "no la muestro a nadie")


def test_a_word_of_a_place_in_passing_moves_nobody() -> None:
    talk = on_file()
    talk.says(
        "ya no tengo cupo en mi nido de ate",
        "update_availability",
        capacity=0,
        location="ate",
        care_type="preschool",
    )
    assert changes(talk) == {"changes": {"capacity": 0}}


def test_what_is_on_file_already_is_said_back_and_changes_nothing() -> None:
    talk = on_file()
    talk.says("cobro 20 al dia", "inform", price={"amount": 20, "period": "day"})
    talk.hears("S/ 20 al día")
    assert not talk.jobs


def test_an_offer_of_whoever_is_on_file_changes_it_and_makes_no_second() -> None:
    talk = on_file()
    talk.says("cuido niños, cobro 30 al dia", "offer_care", price={"amount": 30, "period": "day"})
    assert changes(talk) == {"changes": {"price": {"amount": 30.0, "period": "day"}}}
    talk.says("quiero cuidar niños", "offer_care")
    talk.hears("Esto es lo que tengo de usted", "S/ 30 al día")
    assert not talk.jobs


def test_a_day_off_that_the_file_cannot_say_is_read_by_a_person() -> None:
    talk = on_file()
    talk.says("el viernes no atiendo", "inform", start_date="2026-11-27")
    talk.hears("persona de Ayllu")
    assert talk.cases == [CaseReason.PROVIDER]


def test_ages_that_cannot_be_are_read_by_a_person_and_make_no_parent_of_them() -> None:
    talk = on_file(max_months=48)
    talk.says("recibo desde 5 años", "inform", child_age={"min_months": 60})
    talk.hears("persona de Ayllu")
    assert talk.conversation.topic is None
    assert [job.kind for job in talk.jobs] == [JobKind.OPERATOR]


def test_a_word_about_one_child_is_no_pause() -> None:
    talk = on_file()
    talk.says("no voy a poder cuidar a su hijita", "cancel")
    assert all(job.kind is not JobKind.CHANGE_FILE for job in talk.jobs)


def test_leaving_is_asked_once_and_then_done() -> None:
    talk = on_file()
    talk.says("ya no quiero cuidar niños, sáquenme", "opt_out")
    talk.hears("Quiere que la saque", "pausa")
    assert not talk.jobs
    assert not talk.conversation.opted_out
    talk.says("no", "deny")
    talk.hears("sigue en la lista")
    talk.says("ya no quiero cuidar niños, sáquenme", "cancel")
    talk.says("si", "affirm")
    talk.hears("la saqué de la lista")
    assert changes(talk) == {"withdraw": True}
    assert talk.conversation.own is None


def test_whoever_cares_for_children_may_look_for_care_too() -> None:
    talk = on_file()
    talk.says(
        "busco niñera para mi bebe de 8 meses", "find_childcare", care_type="nanny", child_age={"months": 8}
    )
    talk.hears("distrito")
    talk.says("en collique", "inform", location="collique")
    talk.says(
        "de lunes a viernes de 8 a 5", "inform", days=list(WEEKDAYS), time={"start": "08:00", "end": "17:00"}
    )
    talk.hears("1. ")
    assert talk.conversation.own == ROSA


def test_a_change_leaves_a_parents_open_question_open() -> None:
    talk = on_file()
    talk.says(
        "busco niñera para mi bebe de 8 meses", "find_childcare", care_type="nanny", child_age={"months": 8}
    )
    talk.says("ya no tengo cupo", "update_availability", capacity=0)
    assert changes(talk) == {"changes": {"capacity": 0}}
    assert talk.conversation.awaiting is Awaiting.WHERE


def test_no_room_until_january_answers_an_offer_and_changes_the_file() -> None:
    talk = on_file()
    offer = PutOffer(9, "K4", ChildNeed((24,), place="Collique (Comas)"))
    talk.conversation = replace(talk.conversation, offers=(offer,))
    talk.says("no tengo cupo hasta enero", "update_availability", capacity=0, start_date="2027-01-01")
    assert [job.kind for job in talk.jobs] == [JobKind.ANSWER_OFFER, JobKind.CHANGE_FILE]
    assert changes(talk)["again_on"] == "2027-01-01"


# ---------------------------------------------------------------- what is on file


def test_a_provider_hears_what_is_on_file_and_that_it_can_be_erased() -> None:
    talk = on_file(paused_until=date(2026, 12, 1))
    talk.says("mis datos", "delete_my_data")
    talk.hears(
        "Rosa Quispe", "Comas", "S/ 20 al día", "3 cupos", "En pausa hasta el martes 1/12", "BORRAR MIS DATOS"
    )
    talk.now += timedelta(days=8)
    talk.says("qué datos tienen de mí", "help", 0.4)
    talk.hears("Verificada")


def test_a_parent_hears_what_is_known_of_them() -> None:
    talk = Talk()
    talk.says(
        "busco cuna para mi hija de 2 años en collique",
        "find_childcare",
        location="collique",
        child_age={"months": 24},
    )
    talk.says("que saben de mi", "help")
    talk.hears("2 años", "Collique", "BORRAR MIS DATOS")


def test_of_somebody_new_nothing_is_known() -> None:
    talk = Talk(Channel.SMS)
    talk.says("¿Qué datos tienen de mí?", "out_of_scope")
    talk.hears("solo tengo su numero", "BORRAR MIS DATOS")


def test_a_word_of_the_operator_reaches_the_provider() -> None:
    talk = on_file()
    turn = dialogue.happened(talk.conversation, Event(EventKind.FILE_KEPT, {"result": "verified"}), talk.now)
    assert "está verificada" in turn.replies[0].whatsapp


QUESTIONS = [awaiting for awaiting in Awaiting if awaiting.value.startswith("provider_")]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(messages(), min_size=1, max_size=6), st.sampled_from(QUESTIONS), st.booleans())
def test_whatever_whoever_offers_care_writes_gets_an_answer_that_fits(
    talk_of: list[Incoming], awaiting: Awaiting, is_on_file: bool
) -> None:
    talk = on_file() if is_on_file else Talk()
    draft = OwnFile(name="Rosa", price=Price(20, None))
    talk.conversation = replace(
        talk.conversation, topic=Topic.PROVIDER, awaiting=awaiting, draft=OwnFile() if is_on_file else draft
    )
    for incoming in talk_of:
        turn = dialogue.step(talk.conversation, incoming, NOW, places())
        assert turn.replies or turn.jobs or turn.conversation.opted_out
        talk.conversation = through_json(turn.conversation)
        for job in turn.jobs:
            if job.kind is JobKind.CHANGE_FILE and "changes" in job.data:
                whole = OwnFile.from_json({**ROSA.to_json(), **job.data["changes"]})
                assert whole.name
                assert whole.days
                assert whole.min_months is not None
                assert whole.max_months is not None
                assert whole.min_months <= whole.max_months
        for reply in turn.replies:
            check(reply)


def test_whoever_is_not_of_age_is_not_registered() -> None:
    talk = Talk()
    talk.says("tengo 15 años y quiero cuidar niños", "offer_care")
    talk.hears("18 años")
    assert talk.conversation.topic is None


def test_a_nido_says_what_it_is_by_its_name() -> None:
    talk = Talk()
    talk.says("quiero registrar al nido mi angelito", "offer_care", provider="nido mi angelito")
    assert talk.conversation.draft.kind is CareKind.PRESCHOOL
