"""A second reader of intents beside the network: a linear model over runs of letters and words.

It knows nothing of meaning and much of spelling, so that it errs elsewhere than the network; the two together err less
than either (docs/model-card.md). Grams are hashed, so that no dictionary of them is kept. Of a long message the end is
not read (`nlp/normal/words.py`).
"""

from __future__ import annotations

from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from nlp.normal.words import fold

BUCKETS = 1 << 17
LETTERS = (2, 3, 4, 5)
"""Bytes of the folded word, which are letters in all but signs and emoji."""
WORDS = (1, 2, 3)


def grams(text: str) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The buckets of a message's grams, each once, and their weights: 1 + log of the count, of length 1 together."""
    words = [word.encode() for word in fold(text).split()]  # bytes: cut and hashed thrice as fast as letters
    hashes: list[int] = []
    for word in words:
        padded = b" %b " % word
        length = len(padded)
        hashes += [crc32(padded[i : i + size]) for size in LETTERS for i in range(max(1, length - size + 1))]
    for size in WORDS:
        hashes += [crc32(b"w" + b" ".join(words[i : i + size])) for i in range(len(words) - size + 1)]
    buckets, counts = np.unique(np.array(hashes, np.int64) % BUCKETS, return_counts=True)
    weights = 1 + np.log(counts.astype(np.float32))
    length_of_all = float(np.sqrt((weights**2).sum())) or 1.0
    return buckets, (weights / length_of_all).astype(np.float32)


class GramReader:
    """Scores of the intents by the grams of a message: `weights` (BUCKETS, intents) in 8 bits, times `scale`, and
    `bias`, both (intents,)."""

    def __init__(
        self, weights: NDArray[np.int8], scale: NDArray[np.float32], bias: NDArray[np.float32]
    ) -> None:
        self.weights, self.scale, self.bias = weights, scale, bias

    @classmethod
    def quantised(cls, weights: NDArray[np.float32], bias: NDArray[np.float32]) -> GramReader:
        """The reader with weights rounded to 8 bits, each intent by its own scale."""
        scale = np.maximum(np.abs(weights).max(axis=0), 1e-6) / 127
        return cls(
            np.round(weights / scale).astype(np.int8), scale.astype(np.float32), bias.astype(np.float32)
        )

    @classmethod
    def load(cls, path: Path) -> GramReader:
        """The reader in a file. Raises OSError, KeyError or ValueError where it is none."""
        with np.load(path) as kept:
            return cls(kept["weights"], kept["scale"], kept["bias"])

    def save(self, path: Path) -> None:
        np.savez_compressed(path, weights=self.weights, scale=self.scale, bias=self.bias)

    def scores(self, text: str) -> NDArray[np.float32]:
        """The score of each intent, before softmax."""
        buckets, weights = grams(text)
        return np.asarray(weights @ self.weights[buckets].astype(np.float32) * self.scale + self.bias)
