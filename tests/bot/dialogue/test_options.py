"""Choosing one of the options, and asking about them."""

from __future__ import annotations

import pytest

from bot.dialogue.first_names import first_name
from bot.dialogue.wording import version
from bot.messages import EventKind, JobKind
from tests.bot.dialogue.talk import Talk, provider


@pytest.fixture
def talk() -> Talk:
    """Three options are on the screen: Cuna Más Collique, Los Pollitos, Señora Rosa."""
    talk = Talk()
    talk.says("cuna en collique 2 años", "find_childcare", location="collique", child_age={"months": 24})
    talk.says("cualquiera")
    talk.hears("1. Cuna Más Collique", "2. Los Pollitos", "3. Señora Rosa")
    return talk


def ask(talk: Talk, choice: str, name: str) -> None:
    """The provider of that number is picked, and asked."""
    talk.says(choice)
    talk.says("si")
    (asked,) = talk.deeds(JobKind.ASK_PROVIDER)
    talk.learns(
        EventKind.ASKED_NEXT,
        offer=1,
        provider=asked["provider"],
        name=name,
        price=None,
        at=talk.now.isoformat(),
    )
    talk.hears(name)


@pytest.mark.parametrize("written", ["2", "2.", "dos", "la 2", "opción 2"])
def test_a_number_chooses_even_when_nobody_can_read(talk: Talk, written: str) -> None:
    talk.says(written)
    talk.hears("Para preguntarle a *Los Pollitos*", "*SI* y su nombre")
    assert not talk.jobs
    talk.says("si")
    (asked,) = talk.deeds(JobKind.ASK_PROVIDER)
    assert asked["provider"] == 12


def test_a_name_chooses(talk: Talk) -> None:
    talk.says("con la sra rosa", "choose_option", provider="sra rosa")
    talk.hears("Para preguntarle a *Señora Rosa*")


def test_the_last_is_the_last(talk: Talk) -> None:
    talk.says("la ultima", "choose_option", option=-1)
    talk.hears("Señora Rosa")


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("la más barata", "Cuna Más Collique"),
        ("la mas cerca", "Cuna Más Collique"),
        ("la gratis", "Cuna Más Collique"),
        ("la de abajo", "Señora Rosa"),
        ("la última", "Señora Rosa"),
    ],
)
def test_what_it_is_beside_the_others_chooses(talk: Talk, written: str, name: str) -> None:
    talk.says(written, "choose_option")
    talk.hears(f"Para preguntarle a *{name}*")


def test_choosing_the_same_again_asks_nobody_twice(talk: Talk) -> None:
    ask(talk, "2", "Los Pollitos")
    talk.says("la 2")
    talk.hears("Ya le pregunté a *Los Pollitos*")
    assert not talk.jobs


def test_a_parent_agrees_once_to_what_is_told(talk: Talk) -> None:
    talk.says("2")
    talk.says("si, soy rosa maria")
    (given,) = talk.deeds(JobKind.CONSENT)
    assert given == {"wording": "consent_ask", "version": version("consent_ask")}
    (asked,) = talk.deeds(JobKind.ASK_PROVIDER)
    assert asked["need"]["name"] == "Rosa"
    assert asked["need"]["place"] == "Collique (Comas)"
    talk.says("mejor la 3", "choose_option", option=3)
    assert [job.kind for job in talk.jobs] == [JobKind.ASK_PROVIDER]


def test_nobody_is_asked_without_consent(talk: Talk) -> None:
    talk.says("2")
    talk.says("no")
    talk.hears("no le digo nada a nadie")
    assert not talk.jobs
    talk.says("ya respondieron?", "check_status")
    talk.hears("Todavía no ha elegido")


def test_health_is_told_only_after_it_was_named(talk: Talk) -> None:
    talk.says("tiene autismo", "inform", special_need="autismo")
    talk.says("2", "choose_option", option=2)
    talk.hears("su salud (autismo)")
    talk.says("si")
    assert talk.deeds(JobKind.CONSENT)[0]["wording"] == "consent_ask_health"


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("si", None),
        ("si claro", None),
        ("SI ROSA", "Rosa"),
        ("si, me llamo María Quispe", "María"),
        ("ya pe señorita", None),
    ],
)
def test_a_name_beside_the_yes_is_kept(said: str, name: str | None) -> None:
    assert first_name(said) == name


def test_options_of_earlier_pages_can_still_be_chosen() -> None:
    many = [provider(100 + number, f"Nido {number}", number / 10) for number in range(1, 16)]
    talk = Talk(providers=many)
    talk.says("cuna en collique 2 años", "find_childcare", location="collique", child_age={"months": 24})
    talk.says("cualquiera")
    for _ in range(3):
        talk.says("MAS")
    talk.says("esa pues", "choose_option")
    talk.hears("del 1 al 12")
    talk.says("1")
    talk.hears("Para preguntarle a *Nido 1*")


def test_where_a_woman_lives_is_hers_to_tell(talk: Talk) -> None:
    talk.says("donde queda la 3", "ask_details", option=3)
    talk.hears("Señora Rosa", "a 1.1 km", "cuando confirme")
    assert "Claveles" not in talk.text


def test_a_number_that_was_not_listed_is_not_guessed(talk: Talk) -> None:
    talk.says("la 9", "choose_option", option=9)
    talk.hears("no está en la lista", "1, 2 y 3")
    assert not talk.cases


def test_a_choice_without_an_option_is_asked_about(talk: Talk) -> None:
    talk.says("esa pues", "choose_option")
    talk.hears("¿Cuál de las opciones?", "1, 2 y 3")


def test_the_price_of_one_and_of_all(talk: Talk) -> None:
    talk.says("cuanto cobra la 3", "ask_price", option=3)
    talk.hears("Señora Rosa", "S/ 20 al día")
    talk.says("cuanto cuestan", "ask_price")
    talk.hears("1* Cuna Más Collique: gratis", "2* Los Pollitos: S/ 300 al mes")


def test_what_is_known_is_answered(talk: Talk) -> None:
    talk.says("la 2 da almuercito?", "ask_details", option=2, amenity="almuercito")
    talk.hears("Sí", "Los Pollitos", "almuerzo")
    talk.says("a que hora abre la 1?", "ask_details", option=1)
    talk.hears("Cuna Más Collique", "lunes a viernes 8am-4pm")
    talk.says("que edades recibe la 2", "ask_details", option=2)
    talk.hears("6 meses a 4 años")


def test_what_is_not_known_is_put_to_the_provider_without_any_number(talk: Talk) -> None:
    talk.says("la 2 tiene camaras? mi cel 987654321", "ask_details", option=2, amenity="camaras")
    talk.hears("no sé si tiene camaras", "¿Quiere que se lo pregunte?")
    talk.says("si")
    talk.hears("Ya se lo pregunté a *Los Pollitos*")
    (passed,) = talk.deeds(JobKind.RELAY)
    assert passed["provider"] == 12
    assert passed["words"] == "tiene camaras? mi cel …"


def test_a_yes_to_a_list_asks_which_and_a_no_offers_others(talk: Talk) -> None:
    talk.says("ya")
    talk.hears("¿Cuál de las opciones?")
    talk.says("no gracias")
    talk.hears("MAS")


@pytest.mark.parametrize("written", ["algo mas barato", "gratis no hay?"])
def test_others_that_are_free_or_cheap_are_looked_for_among_all(talk: Talk, written: str) -> None:
    talk.says(written, "more_options")
    assert talk.jobs[0].data["query"]["cheap"]
    assert talk.jobs[0].data["query"]["exclude"] == []


@pytest.mark.parametrize("listed", [True, False])
def test_whoever_asks_whether_it_is_safe_hears_how_providers_are_checked(talk: Talk, listed: bool) -> None:
    talk = talk if listed else Talk()
    for written, intent in (("es seguro?", "ask_details"), ("de donde sacan a las señoras", "out_of_scope")):
        talk.says(written, intent)
        talk.hears("lo revisa alguien de Ayllu", "sin su permiso")


def test_a_cheaper_one_is_a_new_search(talk: Talk) -> None:
    talk.says("algo mas barato", "more_options", price={"amount": None, "period": None})
    query = talk.jobs[0].data["query"]
    assert query["cheap"]
    assert query["exclude"] == []


def test_the_status_follows_the_choice(talk: Talk) -> None:
    talk.says("ya respondieron?", "check_status")
    talk.hears("Todavía no ha elegido")
    ask(talk, "1", "Cuna Más Collique")
    talk.says("y? ya le respondieron", "check_status")
    talk.hears("Ya le pregunté a *Cuna Más Collique*")


def test_cancelling_takes_back_what_was_asked(talk: Talk) -> None:
    ask(talk, "1", "Cuna Más Collique")
    talk.says("CANCELAR")
    talk.hears("cancelé")
    assert [job.kind for job in talk.jobs] == [JobKind.END]
    talk.says("cancelar")
    talk.hears("No tiene ningún pedido")


def test_a_guess_cancels_nothing_until_it_is_confirmed(talk: Talk) -> None:
    talk.says("manana no voy a trabajar", "cancel", 0.67)
    talk.hears("¿Quiere que cancele su pedido?", "SI")
    assert talk.conversation.listed
    talk.says("no")
    talk.hears("sigue en pie")
    ask(talk, "2", "Los Pollitos")
    talk.says("ya no creo", "cancel", 0.6)
    talk.says("si")
    talk.hears("cancelé")
    assert [job.kind for job in talk.jobs] == [JobKind.END]
    assert not talk.conversation.listed


def test_a_request_kept_goes_on_with_its_question() -> None:
    talk = Talk()
    talk.says("cuna en collique", "find_childcare", location="collique")
    talk.says("manana no voy", "cancel", 0.6)
    talk.says("no")
    talk.hears("sigue en pie", "edad")


def test_a_price_asked_with_a_need_is_told_in_general_and_the_need_taken_up() -> None:
    talk = Talk()
    talk.says("cuanto cuesta una cuna en collique?", "ask_price", care_type="daycare", location="collique")
    talk.hears("Ayllu es gratis", "edad")


def test_a_number_after_a_question_answers_it_and_chooses_nothing(talk: Talk) -> None:
    talk.says("hasta que hora atiende", "ask_details")
    talk.hears("¿Cuál de las opciones?")
    talk.says("2", "choose_option", option=2)
    talk.hears("Los Pollitos")
    talk.says("2", "choose_option", option=2)
    talk.hears("Para preguntarle a *Los Pollitos*")


def test_that_one_is_the_one_spoken_of_last(talk: Talk) -> None:
    talk.says("cuanto cobra la 2", "ask_price", option=2)
    talk.says("y esa hasta que hora atiende", "ask_details")
    talk.hears("Los Pollitos")
    assert talk.cases == []
