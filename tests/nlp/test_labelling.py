"""Messages that were hard to understand come out as rows, and go back in as training data."""

from __future__ import annotations

import doctest
from datetime import date
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp import labelling
from nlp.features import Span
from nlp.labelling import Labelled, Shown, row, rows_of, rows_to_label, shown
from nlp.schema import Intent, Parse, Slot, SlotName
from nlp.training.rows import Row, RowError, parse_line, read_file

DAY = date(2026, 11, 27)


def test_a_message_comes_out_marked_as_it_was_read_and_reads_back(tmp_path: Path) -> None:
    text = "busco cuna\nen comas [ya]"
    slots = (Slot(SlotName.CARE_TYPE, "cuna", 6, 10), Slot(SlotName.LOCATION, "comas", 14, 19))
    file = tmp_path / "unsure.txt"
    file.write_text(
        rows_to_label([Parse(text, Intent.FIND_CHILDCARE, 0.42, slots)], DAY, Random(1)), encoding="utf-8"
    )
    (row,) = read_file(file)
    assert isinstance(row, Row)
    assert row.text == "busco cuna en comas (ya)"
    assert [(s.slot, s.text) for s in row.slots] == [
        (SlotName.CARE_TYPE, "cuna"),
        (SlotName.LOCATION, "comas"),
    ]
    assert row.meta["writer"] == "people"
    assert "# confidence 0.42" in file.read_text()


def test_a_message_written_twice_is_labelled_once_and_nobodys_number_is_in_it() -> None:
    asked = [
        Parse(text, Intent.INFORM, 0.3)
        for text in ("mi numero 987654321", "Mi numero: 987654321", "otra cosa")
    ]
    made = rows_to_label(asked, DAY, Random(1))
    assert made.count("inform\t") == 2
    assert "98765" not in made


def test_nothing_unsure_makes_no_file() -> None:
    assert rows_to_label([], DAY, Random(1)) == ""


def test_a_name_taken_for_a_place_nobody_knows_is_gone_all_the_same() -> None:
    name = Slot(SlotName.LOCATION, "eufemia", 4, 11)
    place = Slot(SlotName.LOCATION, "eufemia", 4, 11, {"ubigeo": "150110"})
    assert "eufemia" not in rows_to_label([Parse("con eufemia", Intent.INFORM, 0.4, (name,))], DAY, Random(1))
    assert "eufemia" in rows_to_label([Parse("con eufemia", Intent.INFORM, 0.4, (place,))], DAY, Random(1))


@given(st.text(max_size=40), st.integers(0, 40), st.integers(1, 40))
def test_whatever_is_shown_is_one_line_that_training_reads_and_spans_keep_their_words(
    text: str, start: int, length: int
) -> None:
    end = min(len(text), start + length)
    slots = (Slot(SlotName.TOPIC, text[start:end], start, end),) if start < end else ()
    seen = shown(Parse(text, Intent.FIND_LEARNING, 0.5, slots), Random(1))
    assert seen.text == " ".join(seen.text.split())
    for span in seen.spans:
        assert seen.text[span.start : span.end].strip() == seen.text[span.start : span.end] != ""
    try:
        line = row(Labelled(seen, Intent.FIND_LEARNING))
    except RowError:
        return
    assert parse_line(line).text == seen.text


@pytest.mark.parametrize(
    "span", [Span("topic", 3, 99), Span("topic", 4, 4), Span("topic", 1, 3), Span("x", 0, 2)]
)
def test_what_is_no_row_is_refused_and_left_out_of_a_file(span: Span) -> None:
    wrong = Labelled(Shown("un curso", (span,)), Intent.FIND_LEARNING)
    with pytest.raises(RowError):
        row(wrong)
    right = Labelled(Shown("otro curso", ()), Intent.FIND_LEARNING)
    made = rows_of([wrong, right], "trying")
    assert "un curso" not in made
    assert made.endswith("find_learning\totro curso\n")


def test_two_spans_on_the_same_words_are_refused() -> None:
    both = (Span("topic", 0, 8), Span("care_type", 3, 8))
    with pytest.raises(RowError, match="on another"):
        row(Labelled(Shown("un curso", both), Intent.FIND_LEARNING))


def test_examples() -> None:
    assert doctest.testmod(labelling).failed == 0
