"""Where help is wanted: names, names of several places, pins."""

from __future__ import annotations

import pytest

from tests.bot.dialogue.talk import AYACUCHO, COLLIQUE, Talk


def asked_which() -> Talk:
    talk = Talk()
    talk.says("busco cuna en miraflores", "find_childcare", location="miraflores")
    talk.hears("varios lugares", "1* Miraflores, Lima", "2* Miraflores, Arequipa")
    return talk


@pytest.mark.parametrize("answer", ["2", "dos", "Arequipa", "el de arequipa", "miraflores arequipa"])
def test_which_of_several_places_is_answered_by_number_name_or_region(answer: str) -> None:
    talk = asked_which()
    talk.says(answer)
    talk.hears("Miraflores (Arequipa)", "edad")
    assert talk.conversation.near_ubigeo == "040110"


def test_another_place_answers_too() -> None:
    talk = asked_which()
    talk.says("mejor en comas", "inform", location="comas")
    talk.hears("en Comas", "edad")


def test_a_number_that_is_none_of_them_is_asked_about_again() -> None:
    talk = asked_which()
    talk.says("7")
    talk.hears("¿Cuál de estos", "1* Miraflores, Lima", "región")


def test_no_means_none_of_them() -> None:
    talk = asked_which()
    talk.says("no")
    talk.hears("distrito")


def test_a_known_place_settles_a_shared_name() -> None:
    talk = Talk()
    talk.says("internet en arequipa", "find_tech_hub", location="arequipa")
    talk.says("o en miraflores", "inform", location="miraflores")
    assert talk.conversation.near_ubigeo == "040110"


@pytest.mark.parametrize(
    ("text", "named", "meant"),
    [
        ("cuna x santa rosa en collique", ["santa rosa", "collique"], "150110"),
        ("nueva esperanza mz c lote 4 collique", ["nueva esperanza", "collique"], "150110"),
        ("cuna en nueva esperanza, huancayo", ["nueva esperanza", "huancayo"], "120101"),
        ("cuna en comas, lima", ["comas", "lima"], "150110"),
        ("cuna en ate, comas", ["ate", "comas"], "150103"),
        ("cuna en collique y trabajo en ate", ["collique", "ate"], "150110"),
    ],
)
def test_an_address_goes_from_the_narrow_to_the_wide(text: str, named: list[str], meant: str) -> None:
    talk = Talk()
    talk.says(text, "find_childcare", location=named)
    assert talk.conversation.near_ubigeo == meant


def test_a_pin_tells_the_place() -> None:
    talk = Talk()
    talk.says("busco cuna", "find_childcare")
    talk.shares(*COLLIQUE)
    talk.hears("Comas", "edad")


def test_a_pin_out_of_nowhere_is_kept_and_the_need_is_asked() -> None:
    talk = Talk()
    talk.shares(*AYACUCHO)
    talk.hears("Ayacucho", "¿Qué busca?", "1", "2")
    talk.says("2")
    talk.hears("en Ayacucho", "CAD Huamanga")


def test_a_pin_abroad_is_no_place() -> None:
    talk = Talk()
    talk.shares(40.4, -3.7)
    talk.hears("distrito")


def test_a_place_nobody_knows_is_named_when_asking_again() -> None:
    talk = Talk()
    talk.says("cuna en xyzlandia", "find_childcare", location="xyzlandia")
    talk.hears("No conozco «xyzlandia»", "distrito")


def test_a_landmark_alone_brings_the_question_for_its_district() -> None:
    talk = Talk()
    talk.says("cerca al mercado unicachi", "find_childcare", landmark="mercado unicachi")
    talk.hears("¿En qué distrito queda mercado unicachi?")
    talk.says("en comas nomas", "inform", location="comas")
    talk.hears("edad")


def test_without_a_place_a_person_is_offered_after_two_tries() -> None:
    talk = Talk()
    talk.says("busco niñera", "find_childcare", care_type="nanny")
    talk.says("asdf", "out_of_scope", 0.2)
    talk.hears("Escriba su distrito y su región")
    talk.says("asdf", "out_of_scope", 0.2)
    talk.hears("¿Quiere que una persona")
    talk.says("comas", "inform", location="comas")
    talk.hears("en Comas", "edad")


def test_a_place_that_is_misread_as_a_yes_is_still_the_place() -> None:
    talk = Talk()
    talk.says("busco cuna", "find_childcare", care_type="daycare")
    talk.says("Ate vitarte", "affirm", 0.74)
    talk.hears("Ate", "edad")


@pytest.mark.parametrize(
    ("written", "intent", "confidence"),
    [("belen", "inform", 0.47), ("canta", "inform", 0.75), ("celendin", "affirm", 0.6)],
)
def test_a_place_at_another_question_is_taken(written: str, intent: str, confidence: float) -> None:
    talk = Talk()
    talk.says("cuna en collique", "find_childcare", location="collique")
    talk.says(written, intent, confidence)
    talk.hears("Anotado", "edad")
    assert talk.conversation.place is not None
    assert "Collique" not in talk.conversation.place.label


def test_a_place_after_a_list_is_searched() -> None:
    talk = Talk()
    talk.says("internet en ayacucho", "find_tech_hub", hub_service="internet", location="ayacucho")
    talk.says("lurigancho", "out_of_scope", 0.3)
    talk.hears("en Lurigancho")


def test_a_place_before_anything_else_is_kept() -> None:
    talk = Talk()
    talk.says("sjl", "out_of_scope", 0.56)
    talk.hears("San Juan de Lurigancho", "¿Qué busca?", "1")
    talk.says("1")
    talk.hears("edad")


def test_a_word_that_only_resembles_a_place_is_none() -> None:
    talk = Talk()
    talk.says("cuna en collique", "find_childcare", location="collique")
    for word in ("la de siempre", "en el jardin"):
        talk.says(word, "inform", 0.6)
        assert talk.conversation.near_ubigeo == "150110"


def test_which_of_several_places_is_answered_by_an_ordinal() -> None:
    talk = asked_which()
    talk.says("la segunda", "choose_option", option=2)
    talk.hears("Miraflores (Arequipa)", "edad")


def test_an_ordinal_answers_the_open_question_even_with_a_list_on_the_screen() -> None:
    talk = Talk()
    talk.says("internet en ayacucho", "find_tech_hub", hub_service="internet", location="ayacucho")
    talk.says("busco cuna en la victoria", "find_childcare", location="la victoria")
    talk.hears("1* La Victoria, Lima", "2* La Victoria, Lambayeque")
    talk.says("la ultima", "choose_option", option=-1)
    talk.hears("La Victoria (Lambayeque)", "edad")


@pytest.mark.parametrize("slots", [{"location": "lima"}, {}])
def test_which_of_several_places_is_answered_by_its_region(slots: dict[str, str]) -> None:
    talk = asked_which()
    talk.says("el de lima pues", "choose_option", **slots)
    talk.hears("Miraflores", "edad")
    assert talk.conversation.near_ubigeo == "150122"


@pytest.mark.parametrize("slots", [{"location": "chiclayo"}, {}])
def test_which_of_several_places_is_answered_by_its_province(slots: dict[str, str]) -> None:
    talk = Talk()
    talk.says("busco cuna en la victoria", "find_childcare", location="la victoria")
    talk.says("creo que seria la de por chiclayo", "inform", **slots)
    talk.hears("La Victoria (Lambayeque)", "edad")


def test_the_choice_of_a_place_is_corrected_by_its_region_right_after() -> None:
    talk = Talk()
    talk.says("busco cuna en la victoria", "find_childcare", location="la victoria")
    talk.says("1")
    talk.hears("La Victoria", "edad")
    talk.says("no, perdon, en la de chiclayo", "inform", 0.88, location="chiclayo")
    talk.hears("La Victoria (Lambayeque)", "edad")


def test_a_city_named_later_on_is_that_city() -> None:
    talk = Talk()
    talk.says("busco cuna en la victoria", "find_childcare", location="la victoria")
    talk.says("1")
    talk.says("2 años", "inform", child_age={"months": 24})
    talk.says("mejor en chiclayo", "inform", location="chiclayo")
    talk.hears("en Chiclayo")
