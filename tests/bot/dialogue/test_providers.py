"""People who care for children."""

from __future__ import annotations

import pytest

from bot.messages import CaseReason
from tests.bot.dialogue.talk import Talk


def test_an_offer_is_read_back_and_handed_to_a_person() -> None:
    talk = Talk()
    talk.says(
        "cuido niños en mi casa en ate de 1 a 3 años, cobro 20 al dia",
        "offer_care",
        location="ate",
        care_type="home",
        child_age={"min_months": 12, "max_months": 36},
        price={"amount": 20, "period": "day"},
    )
    talk.hears("Ate", "1 año a 3 años", "S/ 20 al día", "persona de Ayllu")
    assert talk.cases == [CaseReason.PROVIDER]
    assert talk.jobs[0].data["offer"]["max_months"] == 36


def test_what_is_added_later_joins_the_offer_and_not_a_parents_need() -> None:
    talk = Talk()
    talk.says("quiero cuidar niños", "offer_care")
    talk.hears("Gracias", "distrito")
    talk.says("en villa el salvador", "inform", location="villa el salvador")
    talk.says("2 cupos", "inform", capacity=2)
    talk.hears("Villa El Salvador", "2 cupos")
    assert talk.conversation.place is None


def test_a_full_house_is_passed_on() -> None:
    talk = Talk()
    talk.says("ya no tengo cupo hasta enero", "update_availability", capacity=0)
    talk.hears("Gracias por avisar")
    assert talk.jobs[0].data["offer"]["capacity"] == 0


def test_a_good_rating_is_thanked_and_a_bad_one_looked_into() -> None:
    talk = Talk()
    talk.says("le pongo 5 estrellas", "rate_provider", rating=5)
    talk.hears("Gracias")
    assert talk.cases == [CaseReason.PROVIDER]
    talk.says("pesimo, un 1", "rate_provider", rating=1)
    talk.hears("Lamento")
    assert talk.cases == [CaseReason.PROBLEM]


def test_places_told_in_the_middle_of_an_offer_are_a_part_of_it() -> None:
    talk = Talk()
    talk.says("quiero cuidar niños en ate", "offer_care", location="ate")
    talk.says("tengo 3 cupos", "update_availability", capacity=3)
    talk.hears("Anotado", "Ate", "3 cupos")


@pytest.mark.parametrize(
    ("written", "intent"),
    [("cuando me llaman?", "check_status"), ("cuanto me cobran por registrarme", "ask_price")],
)
def test_whoever_offers_care_hears_what_comes_next_and_that_it_is_free(written: str, intent: str) -> None:
    talk = Talk()
    talk.says("quiero cuidar niños en ate", "offer_care", location="ate")
    talk.says(written, intent)
    talk.hears("Registrarse es gratis", "le escribe pronto")
