"""A BERT small enough to train in a test."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest


@pytest.fixture
def tiny_bert(tmp_path: Path) -> Path:
    """A BERT as a hub has it: configuration, vocabulary, weights under PyTorch's names."""
    save_file = pytest.importorskip("safetensors.numpy").save_file
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "busco", "cuna", "##s", "en", "comas"]
    (tmp_path / "vocab.txt").write_text("\n".join(words))
    config = {
        "model_type": "bert", "vocab_size": len(words), "hidden_size": 8, "num_hidden_layers": 2,
        "num_attention_heads": 2, "intermediate_size": 16, "max_position_embeddings": 32, "pad_token_id": 0,
    }  # fmt: skip
    (tmp_path / "config.json").write_text(json.dumps(config))
    (tmp_path / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": "BertTokenizer"}))
    random = np.random.default_rng(3)

    def weight(*shape: int) -> np.ndarray:
        return random.normal(size=shape).astype(np.float32)

    tensors = {
        "bert.embeddings.word_embeddings.weight": weight(len(words), 8),
        "bert.embeddings.position_embeddings.weight": weight(32, 8),
        "bert.embeddings.token_type_embeddings.weight": weight(2, 8),
        "bert.embeddings.LayerNorm.weight": weight(8),
        "bert.embeddings.LayerNorm.bias": weight(8),
        "cls.predictions.bias": weight(8),
    }
    for i in range(2):
        at = f"bert.encoder.layer.{i}"
        for name, out, into in (
            ("attention.self.query", 8, 8), ("attention.self.key", 8, 8), ("attention.self.value", 8, 8),
            ("attention.output.dense", 8, 8), ("intermediate.dense", 16, 8), ("output.dense", 8, 16),
        ):  # fmt: skip
            tensors |= {f"{at}.{name}.weight": weight(out, into), f"{at}.{name}.bias": weight(out)}
        for name in ("attention.output.LayerNorm", "output.LayerNorm"):
            tensors |= {f"{at}.{name}.weight": weight(8), f"{at}.{name}.bias": weight(8)}
    save_file(tensors, tmp_path / "model.safetensors")
    return tmp_path
