"""Danger, a person to talk to, stopping, being forgotten."""

from __future__ import annotations

import pytest

from bot.dialogue.people import ALARM_LASTS
from bot.messages import CaseReason, JobKind
from tests.bot.dialogue.talk import Talk


def asked_age() -> Talk:
    talk = Talk()
    talk.says("cuna en collique", "find_childcare", location="collique")
    talk.hears("edad")
    return talk


@pytest.mark.parametrize("confidence", [0.99, 0.05])
def test_danger_gets_the_hotlines_at_once_and_a_person_however_unsure(confidence: float) -> None:
    talk = asked_age()
    talk.says("mi hijo llego con golpes", "emergency", confidence)
    assert [reply.key for reply in talk.replies] == ["emergency"]
    talk.hears("105", "106", "116", "100", "1810", "persona de Ayllu")
    assert talk.cases == [CaseReason.EMERGENCY]
    talk.says("2")
    talk.hears("2 años")


def test_danger_is_heard_without_a_model_and_after_opting_out() -> None:
    talk = Talk()
    talk.says("BAJA")
    talk.says("mi bebe no respira")
    talk.hears("106")
    assert talk.cases == [CaseReason.EMERGENCY]
    assert talk.conversation.opted_out


@pytest.mark.parametrize(
    ("said", "intent"), [("si x favor", "affirm"), ("fue ayer", "inform"), ("esta llorando", "out_of_scope")]
)
def test_who_spoke_of_danger_and_goes_on_hears_that_a_person_comes(said: str, intent: str) -> None:
    talk = asked_age()
    talk.says("mi hijo llego con golpes", "emergency")
    for _ in range(2):
        talk.says(said, intent)
        assert [reply.key for reply in talk.replies] == ["emergency_goes_on"]
    talk.says("hola", "greet")
    talk.says(said, intent)
    assert "emergency_goes_on" not in [reply.key for reply in talk.replies]


def test_where_they_are_is_no_place_to_look_for_care_after_an_alarm() -> None:
    talk = Talk()
    talk.says("auxilio")
    talk.shares(-11.92, -77.03)
    assert [reply.key for reply in talk.replies] == ["emergency_goes_on"]
    assert talk.conversation.place is None


def test_an_alarm_lasts_an_hour() -> None:
    talk = Talk()
    talk.says("auxilio")
    talk.waits(seconds=ALARM_LASTS.total_seconds())
    talk.says("si", "affirm")
    assert [reply.key for reply in talk.replies] != ["emergency_goes_on"]


@pytest.mark.parametrize("word", ["BAJA", "baja.", "Alto!", "STOP", " stop ", "Dar de baja"])
def test_stop_words_stop_at_once_whatever_was_open(word: str) -> None:
    talk = asked_age()
    talk.says(word)
    talk.hears("no le escribiremos más", "ALTA* o *START")
    talk.says("hola", "greet")
    talk.hears_nothing()
    talk.says("busco cuna", "find_childcare")
    talk.hears_nothing()
    assert not talk.jobs
    talk.says("Alta")
    talk.hears("vuelva")
    talk.says("MENU")
    talk.hears("Ayllu")


def test_a_wish_to_stop_in_own_words_counts_when_it_is_sure() -> None:
    talk = Talk()
    talk.says("ya no me manden mas mensajitos", "opt_out")
    assert talk.conversation.opted_out
    other = Talk()
    other.says("ya no quiero nido, mejor cuna", "opt_out", 0.3)
    assert not other.conversation.opted_out


def test_a_search_under_way_is_not_answered_after_stopping() -> None:
    talk = asked_age()
    talk.says("2")
    talk.holding = True
    talk.says("cualquiera")
    job = talk.jobs[0]
    talk.says("STOP")
    talk.answer_search(job)
    talk.hears_nothing()


def test_erasure_is_confirmed_once_and_forgets_the_need() -> None:
    talk = asked_age()
    talk.says("BORRAR MIS DATOS")
    talk.hears("¿Seguro", "SI")
    talk.says("si")
    talk.hears("Listo")
    assert talk.deeds(JobKind.ERASE)
    assert talk.conversation.place is None


def test_erasure_needs_a_certain_yes() -> None:
    talk = asked_age()
    talk.says("borren mis datos", "delete_my_data")
    talk.says("mmm ya bueno no se", "affirm", 0.6)
    assert not talk.deeds(JobKind.ERASE)


def test_erasure_can_be_taken_back() -> None:
    talk = asked_age()
    talk.says("borren mis datos", "delete_my_data")
    talk.says("no")
    talk.hears("no borro nada")
    assert not talk.cases
    assert talk.conversation.place is not None


def test_another_wish_is_no_consent_to_erasure() -> None:
    talk = asked_age()
    talk.says("borren mis datos", "delete_my_data")
    talk.says("busco internet", "find_tech_hub", hub_service="internet")
    assert not talk.deeds(JobKind.ERASE)
    talk.says("si")
    assert not talk.deeds(JobKind.ERASE)


def test_whoever_opted_out_can_still_ask_to_be_erased() -> None:
    talk = Talk()
    talk.says("BAJA")
    talk.says("borrar mis datos")
    talk.hears_nothing()
    assert talk.deeds(JobKind.ERASE)


def test_a_person_is_brought_with_the_need_at_hand() -> None:
    talk = asked_age()
    talk.says("PERSONA")
    talk.hears("Una persona de Ayllu")
    assert talk.cases == [CaseReason.HUMAN]
    assert talk.jobs[0].data["place"]["label"] == "Collique (Comas)"


def test_a_problem_goes_to_a_person_in_the_persons_own_words() -> None:
    talk = Talk()
    talk.says("la señora no vino y no avisa", "report_problem")
    talk.hears("Lamento")
    assert talk.cases == [CaseReason.PROBLEM]
    assert talk.jobs[0].data["text"] == "la señora no vino y no avisa"


@pytest.mark.parametrize(
    ("written", "intent", "confidence"), [("si borren", "opt_out", 0.46), ("si borren", "opt_out", 0.9)]
)
def test_a_yes_with_something_more_is_consent_to_erasure(
    written: str, intent: str, confidence: float
) -> None:
    talk = asked_age()
    talk.says("borren mis datos", "delete_my_data")
    talk.says(written, intent, confidence)
    assert talk.deeds(JobKind.ERASE)
    assert not talk.conversation.opted_out


@pytest.mark.parametrize("written", ["si no entiendo", "si pero antes digame algo", "no se", "ya bueno pues"])
def test_what_decides_nothing_is_asked_again(written: str) -> None:
    talk = asked_age()
    talk.says("borren mis datos", "delete_my_data")
    talk.says(written, "out_of_scope", 0.4)
    talk.hears("¿Seguro", "SI", "NO")
    assert not talk.cases


def test_a_no_with_something_more_keeps_everything() -> None:
    talk = asked_age()
    talk.says("borren mis datos", "delete_my_data")
    talk.says("no borren nada", "delete_my_data")
    talk.hears("no borro nada")


def test_a_yes_with_something_more_brings_a_person() -> None:
    talk = Talk()
    talk.says("jsjs", "out_of_scope", 0.2)
    talk.says("kjkj", "out_of_scope", 0.2)
    talk.says("si que me escriba", "opt_in", 0.6)
    assert talk.cases == [CaseReason.HUMAN]
