"""The reader of grams: the same message, the same buckets; a file, the same scores."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nlp.ngrams import BUCKETS, GramReader, grams


@pytest.fixture
def reader() -> GramReader:
    random = np.random.default_rng(1)
    weights = random.normal(size=(BUCKETS, 3)).astype(np.float32)
    return GramReader.quantised(weights, np.array([0.5, -1.0, 0.0], np.float32))


def test_how_a_message_is_accented_or_drawn_out_does_not_count() -> None:
    assert set(grams("Cuánto cuestaaaa")[0]) == set(grams("cuanto  cuesta")[0])


@pytest.mark.parametrize("text", ["", "a", "😂", "busco cuna " * 500])
def test_any_message_has_weights_of_length_one_or_none(text: str) -> None:
    buckets, weights = grams(text)
    assert len(set(buckets)) == len(weights)
    assert np.linalg.norm(weights) == pytest.approx(1 if len(weights) else 0, abs=1e-4)


def test_weights_in_8_bits_say_the_same(reader: GramReader) -> None:
    random = np.random.default_rng(1)
    exact = random.normal(size=(BUCKETS, 3)).astype(np.float32)
    buckets, weights = grams("busco cuna en comas")
    wanted = weights @ exact[buckets] + np.array([0.5, -1.0, 0.0])
    assert reader.scores("busco cuna en comas") == pytest.approx(wanted, abs=0.1)


def test_a_saved_reader_says_the_same(reader: GramReader, tmp_path: Path) -> None:
    reader.save(tmp_path / "grams.npz")
    again = GramReader.load(tmp_path / "grams.npz")
    assert np.array_equal(again.scores("ya no tengo cupo"), reader.scores("ya no tengo cupo"))
