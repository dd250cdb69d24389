"""Words of harm tip the scale where the model hesitates."""

from __future__ import annotations

import pytest

from nlp.danger import sounds_dangerous, speaks_of_danger


@pytest.mark.parametrize(
    "text",
    [
        "mi bebe se atoró con una moneda",
        "LE PEGARON A MI HIJA EN EL NIDO",
        "mi esposo me quiere matar",
        "no encuentro a mi hijo en el mercado",
        "le están haciendo daño",
        "tomo lejía",
        "mi bb no respira",
    ],
)
def test_words_of_harm_are_heard(text: str) -> None:
    assert sounds_dangerous(text)


@pytest.mark.parametrize("text", ["busco guarderia en comas", "la 2", "gracias", "no me responden", "8 a 5"])
def test_everyday_words_are_not(text: str) -> None:
    assert not sounds_dangerous(text)


@pytest.mark.parametrize(
    "text",
    [
        "busco cuna, mi marido me pega si no le ayudo con plata",
        "Me está pegando mi esposo",
        "ya no quiero vivir",
        "huele a gas en la cuna",
        "no allo ami niña, se perdio en la feria",
        "se me perdió mi hijito",
        "fui por mi hijo y no hay nadie",
        "llegue a recoger a mi hijita y no abren",
        "se vino el huayco y mis hijos estan solos arriba",
        "hay un derrumbe, los niños adentro",
        "mi bebé no respira",
        "les dejo su ropa lista, van a star mjor sin mi",
        "me cansé de vivir",
        "me dice que es un secreto de los dos",
    ],
)
def test_a_sentence_that_can_hardly_mean_anything_else_decides(text: str) -> None:
    assert speaks_of_danger(text)


@pytest.mark.parametrize(
    "text",
    [
        "la señora Socorro cuida niños",
        "curso de primeros auxilios",
        "se me perdio mi dni",
        "no encuentro cuna para mi hijo",
        "pega el sol ahi?",
        "estoy cansada de vivir lejos de mi trabajo, busco nido cerca",
    ],
)
def test_a_word_alone_does_not_decide(text: str) -> None:
    assert not speaks_of_danger(text)
