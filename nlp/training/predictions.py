"""What the network says of messages while it is still being trained, and how sure it should be."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from nlp.features import OUTSIDE, best_tags, encode, moves_of, spans_of, tag_names, tags_of
from nlp.training.base import Base
from nlp.training.encoder import Reader
from nlp.training.examples import Example, Labels
from nlp.training.scores import Guess


def predict(
    reader: Reader,
    base: Base,
    labels: Labels,
    examples: Sequence[Example],
    transitions: NDArray[np.float32],
    size: int = 32,
) -> tuple[list[Guess], NDArray[np.float32]]:
    """What the network says of each example, and its intent scores before softmax."""
    features = [encode(base.tokenizer, e.text, base.sizes.positions, base.places) for e in examples]
    first = base.tokenizer.encode("").ids[0]
    order = sorted(range(len(examples)), key=lambda i: len(features[i].ids))
    guesses: dict[int, Guess] = {}
    moves = moves_of(len(tag_names(labels.slots)), transitions)
    raw = np.zeros((len(examples), len(labels.intents)), np.float32)
    for at in range(0, len(order), size):
        chunk = order[at : at + size]
        length = max(len(features[i].ids) for i in chunk)
        ids = np.full((size, length), base.sizes.pad, np.int32)
        ids[:, 0] = first
        marks = np.zeros((size, length), np.int32)
        for row, i in enumerate(chunk):
            ids[row, : len(features[i].ids)] = features[i].ids
            marks[row, : len(features[i].ids)] = features[i].marks
        outputs = reader.predict_on_batch((ids, marks))
        for row, i in enumerate(chunk):
            raw[i] = outputs["intent"][row]
            chances = softmax(raw[i])
            tags = best_tags(np.asarray(outputs["tags"][row])[features[i].firsts], moves)
            best = int(chances.argmax())
            spans = tuple(spans_of(features[i], tags, labels.slots))
            guesses[i] = Guess(labels.intents[best], float(chances[best]), spans)
    return [guesses[i] for i in range(len(examples))], raw


def learn_transitions(
    tokenizer: Tokenizer, labels: Labels, examples: Sequence[Example], weight: float
) -> NDArray[np.float32]:
    """How often one tag follows another in the examples, as log chances times `weight`."""
    count = len(tag_names(labels.slots))
    seen = np.full((count, count), 0.1)
    for example in examples:
        features = encode(tokenizer, example.text)
        tags = tags_of(features, example.spans, labels.slots)
        for before, after in pairwise((OUTSIDE, *tags)):
            seen[before, after] += 1
    return np.asarray(np.log(seen / seen.sum(axis=1, keepdims=True)) * weight, np.float32).round(3)


def softmax(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Along the last axis."""
    raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True))


def decided_by(scores: NDArray[np.float32], labels: Labels, guesses: Sequence[Guess]) -> list[Guess]:
    """The same spans, with the intent and the confidence that other scores, (examples, intents), give."""
    chances = softmax(scores)
    best = chances.argmax(axis=1)
    return [
        Guess(labels.intents[place], float(chances[row, place]), guess.spans)
        for row, (place, guess) in enumerate(zip(best.tolist(), guesses, strict=True))
    ]
