"""What an operator sends about a message is read, and refused where it cannot be meant."""

from __future__ import annotations

import doctest

import pytest

from bot.console.understanding import form
from bot.console.understanding.form import FormError, marked, pieces, read, units
from bot.store.labels import Verdict
from nlp.features import Span
from nlp.labelling import Shown
from nlp.schema import Intent, SlotName

TEXT = "busco cuna en comas para mi hijita de 2añitos, 300 soles"
SHOWN = Shown(TEXT, (Span("location", 14, 19), Span("care_type", 6, 10)))


def spans(**sent: str) -> list[tuple[str, str]]:
    opinion = read({"intencion": "find_childcare"} | _named(sent), SHOWN, 7)
    assert opinion.verdict is Verdict.LABELLED
    return [(span.label, TEXT[span.start : span.end]) for span in opinion.spans]


def _named(sent: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in sent.items()}


def test_one_click_says_that_all_is_right() -> None:
    opinion = read({"intencion": "find_childcare"}, SHOWN, 7)
    assert (opinion.operator_id, opinion.intent) == (7, Intent.FIND_CHILDCARE)
    assert sorted(opinion.spans, key=str) == sorted(SHOWN.spans, key=str)


def test_another_intent_keeps_the_slots() -> None:
    assert read({"intencion": "inform"}, SHOWN, 7).spans == read({"intencion": "help"}, SHOWN, 7).spans


def test_what_is_out_of_scope_has_no_slots() -> None:
    assert read({"intencion": "out_of_scope"}, SHOWN, 7).spans == ()


def test_a_wrong_slot_is_left_out() -> None:
    assert spans(s0="quitar") == [("location", "comas")]


def test_a_slot_is_put_right_by_the_numbers_of_its_words() -> None:
    put_right = spans(s1="corregir", s1_tipo="landmark", s1_de="3", s1_a="4")
    assert put_right == [("care_type", "cuna"), ("landmark", "en comas")]
    assert spans(s0="bien", s0_tipo="landmark", s0_de="1") == [("care_type", "cuna"), ("location", "comas")]


def test_a_slot_that_is_missing_is_added() -> None:
    added = spans(n0_tipo="child_age", n0_de="9", n0_a="10", n2_tipo="price", n2_de="12", n2_a="13")
    assert added[2:] == [("child_age", "2añitos"), ("price", "300 soles")]
    assert spans(n0_tipo="child_age", n0_de="9")[2:] == [("child_age", "2")]


def test_nobody_understands_it_and_skipping_need_no_intent() -> None:
    assert read({"veredicto": "no-se-entiende", "intencion": "x"}, SHOWN, 7).verdict is Verdict.UNCLEAR
    assert read({"veredicto": "saltar"}, SHOWN, 7).verdict is Verdict.SKIPPED


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        ({}, "Elija qué quiere"),
        ({"intencion": "nada"}, "Elija qué quiere"),
        ({"s0": "corregir", "s0-tipo": "x", "s0-de": "1"}, "Elija qué es el dato"),
        ({"n0-tipo": "price"}, "de qué palabra"),
        ({"n0-tipo": "price", "n0-de": "doce"}, "de qué palabra"),
        ({"n0-tipo": "price", "n0-de": "12", "n0-a": "99"}, "del 1 al 13"),
        ({"n0-tipo": "price", "n0-de": "13", "n0-a": "12"}, "del 1 al 13"),
        ({"n0-tipo": "price", "n0-de": "0"}, "del 1 al 13"),
        ({"n0-tipo": "price", "n0-de": "4", "n0-a": "5"}, "comparten «comas»"),
        ({"n0-tipo": "price", "n0-de": "12", "n1-tipo": "rating", "n1-de": "12"}, "comparten «300»"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_the_reason(sent: dict[str, str], why: str) -> None:
    intent = {"intencion": "find_childcare"} if sent.keys() - {"intencion"} else {}
    with pytest.raises(FormError, match=why):
        read(intent | sent, SHOWN, 7)


def test_a_message_is_shown_in_pieces_that_make_it_up() -> None:
    found = pieces(SHOWN)
    assert "".join(piece.text for piece in found) == TEXT
    assert [(piece.text, piece.slot) for piece in found if piece.slot] == [
        ("cuna", SlotName.CARE_TYPE),
        ("comas", SlotName.LOCATION),
    ]


def test_each_slot_tells_its_words_by_number() -> None:
    cut = units(TEXT)
    for one in marked(SHOWN):
        words = [unit.text for unit in cut if one.first <= unit.number <= one.last]
        assert " ".join(words) == one.text


def test_examples() -> None:
    assert doctest.testmod(form).failed == 0
