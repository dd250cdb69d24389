"""The shipped model reads anything, and a bundle that does not fit is refused by name."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from nlp.meaning import Meaning
from nlp.model_bundle import GRAMS, METADATA, MODEL, SHIPPED, BundleError
from nlp.tagger import Tagger

NAUGHTY = [
    "",
    " ",
    "\x00\x01\x1f",
    "\u202e\u200b\ufeff",
    "😂" * 400,
    "🇵🇪👨‍👩‍👧‍👦",
    "a" * 1600,
    "ayuda mi hijo no respira " * 64,
    "<script>alert(1)</script> DROP TABLE",
    "كم السعر 多少钱 сколько",
    "a\u0301\u0301\u0301\u0323" * 50,
    "1" * 1600,
    ".,;:!?" * 200,
]


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return Tagger.load()


@pytest.mark.parametrize("text", NAUGHTY)
def test_any_message_is_read(tagger: Tagger, text: str) -> None:
    reading = tagger.read(text)
    assert abs(sum(reading.chances.values()) - 1) < 1e-3
    assert all(0 <= s.start < s.end <= len(text) for s in reading.spans)


def test_what_follows_in_the_bucket_does_not_change_the_reading(tagger: Tagger) -> None:
    short = tagger.read("cuanto cuesta")
    assert short == tagger.read("cuanto cuesta")
    assert short.intent == "ask_price"


def test_texts_about_the_same_thing_lie_in_like_directions(tagger: Tagger) -> None:
    meaning = Meaning(tagger)
    cake, pastry, wires = (
        meaning.of(text) for text in ("hacer tortas", "repostería, tortas", "enchufes y cables")
    )
    assert sum(a * b for a, b in zip(cake, pastry, strict=True)) > sum(
        a * b for a, b in zip(cake, wires, strict=True)
    )
    assert abs(sum(a * a for a in cake) - 1) < 1e-3


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / "bundle"))


def change(bundle: Path, **facts: object) -> None:
    path = bundle / METADATA
    path.write_text(json.dumps(json.loads(path.read_text()) | facts))


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"schema_version": 99}, "schema version 99"),
        ({"slots": ["location"]}, "other labels"),
        ({"format": 7}, "format 7"),
        ({"surprise": 1}, "fields"),
    ],
)
def test_a_bundle_for_something_else_is_refused(bundle: Path, facts: dict[str, object], said: str) -> None:
    change(bundle, **facts)
    with pytest.raises(BundleError, match=said) as refused:
        Tagger.load(bundle)
    assert "make train" in str(refused.value)


def test_a_bundle_without_its_grams_is_refused(bundle: Path) -> None:
    (bundle / GRAMS).unlink()
    with pytest.raises(BundleError, match=r"grams\.npz is missing"):
        Tagger.load(bundle)


def test_a_damaged_model_is_refused(bundle: Path) -> None:
    (bundle / MODEL).write_bytes((bundle / MODEL).read_bytes()[:-100])
    with pytest.raises(BundleError, match=r"model\.tflite is not the file"):
        Tagger.load(bundle)


def test_a_missing_bundle_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="there is no model"):
        Tagger.load(tmp_path)
