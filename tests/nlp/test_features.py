"""Training and serving read a message through the same cuts, and spans come back where they were."""

from __future__ import annotations

import numpy as np
import pytest
from tokenizers import Tokenizer

from nlp.features import Span, best_tags, encode, moves_of, spans_of, tag_names, tags_of
from nlp.model_bundle import SHIPPED, TOKENIZER

LABELS = ("location", "child_age", "time")


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer.from_file(str(SHIPPED / TOKENIZER))


def span(text: str, words: str, label: str) -> Span:
    start = text.index(words)
    return Span(label, start, start + len(words))


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("busco cuna en comas pa mi hijita de 2 añitos", [("comas", "location"), ("2 añitos", "child_age")]),
        ("😀👨‍👩‍👧 en Ñaña, 8a5", [("Ñaña", "location"), ("8a5", "time")]),
        ("guarderi\u0301a en Jesu\u0301s Mari\u0301a", [("Jesu\u0301s Mari\u0301a", "location")]),
        ("de 2añitos y 5meses", [("2añitos", "child_age"), ("5meses", "child_age")]),
        ("comas ate comas", [("comas", "location"), ("ate", "location")]),
        ("ＳＪＬ 8am-5pm", [("ＳＪＬ", "location"), ("8am-5pm", "time")]),
    ],
)
def test_spans_survive_the_way_to_the_model_and_back(
    tokenizer: Tokenizer, text: str, marked: list[tuple[str, str]]
) -> None:
    spans = [span(text, words, label) for words, label in marked]
    features = encode(tokenizer, text)
    assert spans_of(features, tags_of(features, spans, LABELS), LABELS) == spans


def test_spans_side_by_side_stay_two(tokenizer: Tokenizer) -> None:
    text = "2 años 3 años"
    spans = [Span("child_age", 0, 6), Span("child_age", 7, 13)]
    features = encode(tokenizer, text)
    assert spans_of(features, tags_of(features, spans, LABELS), LABELS) == spans


@pytest.mark.parametrize("text", ["", "   ", "\x00\x07", "\u200b 😀"])
def test_units_hold_something_to_read(tokenizer: Tokenizer, text: str) -> None:
    features = encode(tokenizer, text)
    assert all(text[start:end].strip() for start, end in features.units)


def test_a_message_too_long_loses_its_end_only(tokenizer: Tokenizer) -> None:
    text = "en comas " * 300
    features = encode(tokenizer, text, 64)
    assert len(features.ids) == 64
    assert features.ids[-1] == encode(tokenizer, "comas").ids[-1]
    whole = encode(tokenizer, text).units
    assert features.units[:-1] == whole[: len(features.units) - 1]


def test_an_inside_tag_never_stands_alone() -> None:
    tags = tag_names(LABELS)
    scores = np.full((3, len(tags)), -5.0, np.float32)
    scores[0, tags.index("I-time")] = 2
    scores[1, tags.index("I-time")] = 2
    scores[1, tags.index("I-location")] = 3
    scores[2, tags.index("O")] = 2
    best = [tags[i] for i in best_tags(scores, moves_of(len(tags)))]
    assert best == ["B-location", "I-location", "O"] or best == ["B-time", "I-time", "O"]
