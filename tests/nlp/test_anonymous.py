"""What leaves the house for labelling tells nobody who wrote it."""

from __future__ import annotations

import doctest
from random import Random

import pytest

from nlp import anonymous
from nlp.anonymous import without_identity
from nlp.features import Span


def cleaned(text: str, *spans: Span) -> str:
    return without_identity(text, spans, Random(1))[0]


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("soy yesica, mi numero es 987 654 321", ["yesica", "987", "654"]),
        ("llame al +51-987-654-321", ["987", "321"]),
        ("mi dni 45678912 y mi correo lupita_23@gmail.com", ["45678912", "lupita", "gmail"]),
        ("mi hija Luana Quispe Mamani de 2 añitos", ["Luana", "Quispe Mamani"]),
        ("me llamo maria del pilar ccori condori", ["maria", "pilar", "ccori", "condori"]),
        ("con la señora rosa flores", ["rosa", "flores"]),
        ("NOMBRE: CARMEN ROSA", ["CARMEN", "ROSA"]),
        ("vivo en jr cusco 345 dpto 2", ["345", "dpto 2"]),
        ("mz K lote 9 sector 3", ["mz K", "lote 9"]),
        ("mire www.facebook.com/lupe.ramos", ["facebook", "lupe"]),
    ],
)
def test_names_numbers_and_addresses_are_gone(text: str, gone: list[str]) -> None:
    assert [part for part in gone if part in cleaned(text)] == []


@pytest.mark.parametrize(
    "text",
    [
        "soy madre soltera y trabajo de noche",
        "hasta 300 soles de 8 a 5",
        "la señora no vino y no avisa",
        "se fue la luz y el sol quema, mi amor",
        "mi hijita nacio el domingo",
        "cobro 1200 al mes",
        "soy la mama de la bebe",
        "señorita entro a trabajar el lunes y no tengo con quien dejar a mi hijita",
        "buenos dias señora busco quien cuide a mi bebe",
    ],
)
def test_what_names_nobody_stays_as_it_was(text: str) -> None:
    assert cleaned(text) == text


def test_a_place_or_a_date_with_a_slot_is_kept() -> None:
    text = "en santa rosa de lima desde el 15/12/2026"
    spans = (Span("location", 3, 21), Span("start_date", 31, 41))
    assert cleaned(text, *spans) == text


def test_names_that_are_known_go_though_no_list_has_them_and_their_titles_stay() -> None:
    text = "la señora Ildefonsa no vino, digale a ZORAIDA que la casa esta cerrada"
    known = ("Sra. Ildefonsa", "zoraida", "Casa Kullkush")
    gone = without_identity(text, (), Random(1), known=known)[0]
    assert "ildefonsa" not in gone.lower()
    assert "zoraida" not in gone.lower()
    assert gone.startswith("la señora ")
    assert gone.endswith("que la casa esta cerrada")


def test_slots_move_with_their_words() -> None:
    text = "soy yesi, la sra maria ya tiene 2 cupos"
    spans = (Span("provider", 13, 22), Span("capacity", 32, 39))
    new, moved = without_identity(text, spans, Random(3))
    words = [new[s.start : s.end] for s in moved]
    assert words[1] == "2 cupos"
    assert words[0].startswith("sra ")
    assert words[0] != "sra maria"


def test_the_example_in_the_docstring_is_true() -> None:
    assert doctest.testmod(anonymous) == (0, 1)
