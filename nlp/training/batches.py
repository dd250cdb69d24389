"""Batches of one length each: short messages do not pay for long ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from nlp.features import encode, tags_of
from nlp.places.marks import PlaceMarks
from nlp.training.examples import Example, Labels

Batch = tuple[tuple[NDArray[np.int32], NDArray[np.int32]], dict[str, NDArray[np.generic]]]
"""Ids and marks, both (rows, length); the intent (rows,), tags (rows, length) and weight (rows,) wanted."""
IGNORED = -1


class Batcher:
    """Turns examples into arrays. `mask` is the piece that stands for a word that is hidden; `places` marks names."""

    def __init__(
        self,
        tokenizer: Tokenizer,
        labels: Labels,
        pad: int,
        size: int,
        mask: int,
        longest: int,
        places: PlaceMarks,
    ) -> None:
        self.tokenizer, self.labels, self.pad, self.size, self.mask = tokenizer, labels, pad, size, mask
        self.longest, self.places = longest, places
        self.first = tokenizer.encode("").ids[0]
        self.intent_at = {name: i for i, name in enumerate(labels.intents)}

    def batches(
        self,
        examples: Sequence[Example],
        weights: Sequence[float],
        random: Random,
        word_dropout: float = 0.0,
        mark_dropout: float = 0.0,
    ) -> Iterator[Batch]:
        """The examples in random order, in batches of about the same length; the last of a length is filled up with
        rows of weight 0, so that every batch has `size` rows. A word is hidden, and a message loses its marks, as often
        as the shares say: not every place is known."""
        encoded: list[tuple[list[int], list[int], NDArray[np.int32], int, float]] = []
        for example, weight in zip(examples, weights, strict=True):
            features = encode(self.tokenizer, example.text, self.longest, self.places)
            row = np.full(len(features.ids), IGNORED, np.int32)
            row[features.firsts] = tags_of(features, example.spans, self.labels.slots)
            ids, marks = list(features.ids), features.marks
            if random.random() < mark_dropout:
                marks = [0] * len(ids)
            if word_dropout:
                for i, first in enumerate(features.firsts):
                    if random.random() < word_dropout:
                        after = features.firsts[i + 1] if i + 1 < len(features.firsts) else len(ids) - 1
                        ids[first:after] = [self.mask] * (after - first)
            encoded.append((ids, marks, row, self.intent_at[example.intent], weight))
        random.shuffle(encoded)
        encoded.sort(key=lambda e: -(-len(e[0]) // 4))
        chunks = [encoded[i : i + self.size] for i in range(0, len(encoded), self.size)]
        random.shuffle(chunks)
        for chunk in chunks:
            length = max(len(row_ids) for row_ids, *_ in chunk)
            padded = np.full((self.size, length), self.pad, np.int32)
            padded[:, 0] = self.first
            named = np.zeros((self.size, length), np.int32)
            tags = np.full((self.size, length), IGNORED, np.int32)
            intents = np.zeros(self.size, np.int32)
            kept = np.zeros(self.size, np.float32)
            for i, (row_ids, row_marks, row_tags, intent, weight) in enumerate(chunk):
                long = len(row_ids)
                padded[i, :long], named[i, :long], tags[i, :long] = row_ids, row_marks, row_tags
                intents[i], kept[i] = intent, weight
            yield (padded, named), {"intent": intents, "tags": tags, "weight": kept}
