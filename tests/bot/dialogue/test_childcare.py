"""A parent looks for somebody to look after a child."""

from __future__ import annotations

import pytest

from bot.messages import CaseReason, Channel, JobKind
from tests.bot.dialogue.talk import PROVIDERS, WEEKDAYS, Talk, provider


def test_asks_for_one_missing_thing_after_another_and_then_lists_three() -> None:
    talk = Talk()
    talk.says("busco quien cuide a mi hijita", "find_childcare")
    talk.hears("distrito")
    talk.says("por collique", "inform", location="collique")
    talk.hears("Collique (Comas)", "¿Qué edad")
    talk.says("2 añitos", "inform", child_age={"months": 24})
    talk.hears("2 años", "¿Qué días")
    talk.says("lunes a viernes 8 a 4", "inform", days=list(WEEKDAYS), time={"start": "08:00", "end": "16:00"})
    talk.hears(
        "para su niña de 2 años en Collique (Comas), lunes a viernes 8am-4pm",
        "1. Cuna Más Collique",
        "a 400 m · gratis",
        "2. ",
        "3. ",
    )
    assert "*4." not in talk.text


def test_never_asks_what_was_said_already() -> None:
    talk = Talk()
    talk.says(
        "cuna en collique pa mi bb de 8 meses de lunes a viernes 8 a 4",
        "find_childcare",
        care_type="daycare",
        location="collique",
        child_age={"months": 8},
        days=list(WEEKDAYS),
        time={"start": "08:00", "end": "16:00"},
    )
    talk.hears("Cuna o guardería para su niño de 8 meses en Collique (Comas), lunes a viernes", "1. ", "MAS")
    assert [job.kind for job in talk.jobs] == [JobKind.FIND_CARE]


def found(talk: Talk) -> Talk:
    talk.says(
        "cuna en collique de 2 años de lunes a viernes 8 a 4",
        "find_childcare",
        location="collique",
        child_age={"months": 24},
        days=list(WEEKDAYS),
        time={"start": "08:00", "end": "16:00"},
    )
    return talk


def test_more_goes_on_counting_and_says_when_there_is_no_more() -> None:
    talk = found(Talk())
    talk.says("MAS")
    talk.hears("*4. ", "*5. ")
    talk.says("mas", "more_options")
    talk.hears("Ya no tengo más opciones")


def test_by_sms_the_list_is_one_message_of_three_segments_at_most() -> None:
    long = provider(
        31,
        "Institución Educativa Inicial Nuestra Señora de la Inmaculada Concepción de Chiquián",
        days=("tue", "thu", "sat", "sun"),
        opens="06:30",
        closes="19:45",
    )
    talk = Talk(Channel.SMS, providers=(long, *PROVIDERS[1:]))
    talk.says("niñera collique", "find_childcare", location="collique", child_age={"months": 27})
    talk.says("no se todavia")
    talk.hears("1 ", "\n2 ", "\n3 ", "MAS")
    assert len(talk.replies) == 1


def test_a_correction_takes_the_place_of_what_was_said() -> None:
    talk = Talk()
    talk.says("nido en collique", "find_childcare", location="collique")
    talk.says("no, es en ate y tiene 3", "inform", location="ate", child_age={"months": 36})
    talk.hears("3 años en Ate", "¿Qué días")
    talk.says("perdon 2 años", "inform", child_age={"months": 24})
    talk.hears("2 años en Ate", "¿Qué días")


def test_several_ages_in_one_message_are_several_children() -> None:
    talk = Talk()
    talk.says(
        "mis hijos de 2 años y 5 meses",
        "find_childcare",
        child_age=[{"months": 24}, {"months": 5}],
        location="comas",
    )
    talk.hears("2 años y 5 meses en Comas")
    talk.says("no se")
    assert talk.jobs[0].data["query"]["children"] == 2


def test_a_second_age_joins_the_first_when_two_children_were_said() -> None:
    talk = Talk()
    talk.says("tengo dos hijos", "find_childcare", child_count=2)
    talk.says("uno de 2 años", "inform", child_age={"months": 24})
    talk.says("y otro de 5", "inform", child_age={"months": 60})
    talk.hears("niños de 2 y 5 años", "distrito")


def test_only_days_or_only_hours_brings_the_question_for_the_other() -> None:
    talk = Talk()
    talk.says("cuna en collique 2 años", "find_childcare", location="collique", child_age={"months": 24})
    talk.says("de 8 a 4", "inform", time={"start": "08:00", "end": "16:00"})
    talk.hears("8am-4pm", "¿Y qué días")
    talk.says("cualquiera")
    talk.hears("1. ")


def test_when_nothing_fits_says_what_is_in_the_way_and_what_is_nearest() -> None:
    talk = Talk()
    talk.says("cuna en collique 2 años", "find_childcare", location="collique", child_age={"months": 24})
    talk.says("de 10 de la noche a 6", "inform", time={"start": "22:00", "end": "06:00"}, days=list(WEEKDAYS))
    talk.hears("pero nadie atiende a esas horas", "1. Cuna Más Collique", "responda *1*")
    assert talk.cases == [CaseReason.NO_MATCH]
    talk.says("si")
    talk.hears("Para preguntarle a *Cuna Más Collique*")


def test_when_there_is_nobody_says_so_and_tells_a_person() -> None:
    talk = Talk(providers=())
    found(talk)
    talk.hears("Lo siento", "no conozco a nadie")
    assert talk.cases == [CaseReason.NO_MATCH]


def test_asking_for_more_where_there_is_nobody_opens_no_second_case() -> None:
    talk = Talk(providers=())
    found(talk)
    talk.says("no hay algo mas barato", "more_options")
    talk.hears("no tengo más opciones")
    assert not talk.jobs


def test_a_new_place_after_the_list_searches_again() -> None:
    talk = found(Talk())
    talk.says("mejor en comas", "inform", location="comas")
    assert [job.kind for job in talk.jobs] == [JobKind.FIND_CARE]
    assert talk.jobs[0].data["query"]["exclude"] == []


def test_an_answer_that_comes_after_the_need_has_changed_is_dropped() -> None:
    talk = Talk()
    talk.holding = True
    found(talk)
    late = talk.jobs[0]
    talk.says("mejor de 3 años", "inform", child_age={"months": 36})
    current = talk.jobs[0]
    talk.answer_search(late)
    talk.hears_nothing()
    talk.answer_search(current)
    talk.hears("3 años", "1. ")


def test_five_messages_in_a_row_end_in_one_list() -> None:
    talk = Talk()
    talk.says("hola")
    talk.says("busco nido", "find_childcare", care_type="preschool")
    talk.says("en comas", "inform", location="comas")
    talk.says("para mi hijita", "inform", confidence=0.4)
    talk.says("de 2 añitos", "inform", child_age={"months": 24})
    talk.says("de lunes a viernes 8 a 1")
    talk.hears("Nido o jardín para su niño de 2 años en Comas, lunes a viernes 8am-1pm")


def test_the_need_is_remembered_over_a_talk_about_something_else() -> None:
    talk = Talk()
    talk.says("cuna en collique", "find_childcare", location="collique")
    talk.says("donde hay internet", "find_tech_hub", hub_service="internet")
    talk.says("y la guarderia?", "find_childcare", care_type="daycare")
    talk.hears("edad")
    talk.says("2")
    talk.hears("guardería para su niño de 2 años en Collique (Comas)", "¿Qué días")


def test_after_a_long_silence_the_talk_begins_anew() -> None:
    talk = found(Talk())
    talk.waits(days=30)
    talk.says("2")
    talk.hears("¿Qué busca?")


def asked_days_again(days: list[str]) -> Talk:
    talk = Talk()
    talk.says(
        "cuna en collique de 2 años",
        "find_childcare",
        location="collique",
        child_age={"months": 24},
        days=days,
    )
    talk.hears("¿Y de qué hora")
    return talk


@pytest.mark.parametrize(
    ("written", "said", "days"),
    [
        ("sabados tambien", ["sat"], (*WEEKDAYS, "sat")),
        ("y domingos", ["sun"], (*WEEKDAYS, "sun")),
        ("mejor sabados", ["sat"], ("sat",)),
        ("sin los lunes", [], WEEKDAYS[1:]),
        ("ya no viernes ni sabados", [], WEEKDAYS[:4]),
        ("menos de 20 soles", [], WEEKDAYS),
    ],
)
def test_days_are_added_taken_away_or_replaced(written: str, said: list[str], days: tuple[str, ...]) -> None:
    talk = asked_days_again(list(WEEKDAYS))
    talk.says(written, "inform", **({"days": said} if said else {}))
    assert talk.conversation.care.days == days


def test_a_weekday_is_a_day_of_care_where_days_were_asked() -> None:
    talk = Talk()
    talk.says("cuna en collique de 2 años", "find_childcare", location="collique", child_age={"months": 24})
    talk.hears("¿Qué días")
    talk.says("lunes", "inform", 0.74, start_date="2026-11-30")
    talk.hears("¿Y de qué hora")
    assert talk.conversation.care.days == ("mon",)
    assert talk.conversation.care.start_date is None


def test_a_date_is_a_date_where_days_were_asked() -> None:
    talk = Talk()
    talk.says("cuna en collique de 2 años", "find_childcare", location="collique", child_age={"months": 24})
    talk.says("desde el lunes", "inform", start_date="2026-11-30")
    assert talk.conversation.care.start_date is not None
    assert not talk.conversation.care.days


def test_the_end_is_told_after_the_start() -> None:
    talk = asked_days_again(list(WEEKDAYS))
    talk.says("de 8", "inform", time={"start": "08:00"})
    talk.says("a 5 de la tarde", "inform", time={"start": "17:00"})
    talk.hears("8am-5pm")
