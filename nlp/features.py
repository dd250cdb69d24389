"""From a message to what the model reads, and from what it says back to spans of the message.

Training and serving both go through this module, so that they cannot disagree: the same tokenizer file cuts the
message into units (runs of letters, runs of digits, single marks), each unit is tagged at its first piece, and the same
decoder turns tags into spans.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from nlp.places.marks import PlaceMarks

LONGEST = 512
"""The most pieces the encoder has positions for; a message of 1,600 characters has about 450."""

OUTSIDE = 0

NO_PLACES = PlaceMarks()
"""For texts in which names of places do not count."""


@dataclass(frozen=True, slots=True)
class Features:
    """A message as the model reads it: piece ids and what place each is part of the name of (`nlp/places/marks.py`);
    and for each unit its first piece and its characters."""

    ids: list[int]
    marks: list[int]
    firsts: list[int]
    units: list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Span:
    """A labelled stretch of the message, in characters."""

    label: str
    start: int
    end: int


def encode(
    tokenizer: Tokenizer, text: str, longest: int = LONGEST, places: PlaceMarks = NO_PLACES
) -> Features:
    """Cut a message into pieces and units. Of one longer than `longest` pieces the end is left out."""
    encoding = tokenizer.encode(text)
    ids, words, offsets = encoding.ids, encoding.word_ids, encoding.offsets
    if len(ids) > longest:
        ids = [*ids[: longest - 1], ids[-1]]
        words = [*words[: longest - 1], None]
    firsts: list[int] = []
    units: list[tuple[int, int]] = []
    current = None
    for at, (word, (start, end)) in enumerate(zip(words, offsets, strict=False)):
        if word is None:
            continue
        while start < end and (text[start].isspace() or not text[start].isprintable()):
            start += 1
        if word != current:
            current = word
            firsts.append(at)
            units.append((start, end))
        elif start < end:
            was_start, was_end = units[-1]
            units[-1] = (start, end) if was_start >= was_end else (was_start, max(was_end, end))
    kept = [i for i, (start, end) in enumerate(units) if start < end]
    firsts, units = [firsts[i] for i in kept], [units[i] for i in kept]
    marks = [0] * len(ids)
    ends = [*firsts[1:], len(ids) - 1] if firsts else []  # the last piece ends the message
    for first, end, mark in zip(firsts, ends, places.mark(text, units), strict=True):
        marks[first:end] = [mark] * (end - first)
    return Features(list(ids), marks, firsts, units)


def tag_names(labels: Sequence[str]) -> list[str]:
    """The tags of the slot head in order: O, then B- and I- of each label."""
    return ["O", *(f"{prefix}-{label}" for label in labels for prefix in "BI")]


def tags_of(features: Features, spans: Iterable[Span], labels: Sequence[str]) -> list[int]:
    """The tag of each unit; a unit that a span touches belongs to it."""
    place = {label: 1 + 2 * i for i, label in enumerate(labels)}
    tags = [OUTSIDE] * len(features.units)
    for span in spans:
        begin = place[span.label]
        for i, (start, end) in enumerate(features.units):
            if start < span.end and end > span.start:
                tags[i] = begin
                begin = place[span.label] + 1
    return tags


def moves_of(tags: int, transitions: NDArray[np.float32] | None = None) -> NDArray[np.float32]:
    """What each step from a tag (row) to the next (column) adds to a sequence's score; `transitions` is learned.

    The row of O also begins a message. Minus infinity where a step is not allowed: I-x only follows B-x or I-x.
    """
    moves = np.zeros((tags, tags), np.float32) if transitions is None else transitions.astype(np.float32)
    inside = np.arange(2, tags, 2)
    barred = np.zeros((tags, tags), bool)
    barred[:, inside] = True
    barred[inside, inside] = barred[inside - 1, inside] = False
    return np.where(barred, np.float32(-np.inf), moves)


def best_tags(scores: NDArray[np.float32], moves: NDArray[np.float32]) -> list[int]:
    """The best sequence of tags for scores of shape (units, tags), by Viterbi; `moves` as `moves_of` makes them. What
    is added to all scores of a unit changes nothing: they need not be chances."""
    units, tags = scores.shape
    if not units:
        return []
    every = np.arange(tags)
    score = scores[0] + moves[OUTSIDE]
    back = np.zeros((units, tags), np.int64)
    for i in range(1, units):
        step = score[:, None] + moves
        back[i] = step.argmax(axis=0)
        score = step[back[i], every] + scores[i]
    best = [int(score.argmax())]
    for i in range(units - 1, 0, -1):
        best.append(int(back[i, best[-1]]))
    return best[::-1]


def spans_of(features: Features, tags: Sequence[int], labels: Sequence[str]) -> list[Span]:
    """The spans that a sequence of tags names, in the order of the message."""
    spans: list[Span] = []
    previous = OUTSIDE
    for (start, end), tag in zip(features.units, tags, strict=True):
        if tag != OUTSIDE:
            label = labels[(tag - 1) // 2]
            continues = tag % 2 == 0 and previous in (tag, tag - 1)
            spans[-1:] = (
                [Span(label, spans[-1].start, end)] if continues else [*spans[-1:], Span(label, start, end)]
            )
        previous = tag
    return spans
