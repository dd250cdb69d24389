"""What an epoch is made of: hand-written messages, some retyped with noise, and composed ones, never a judged one."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from random import Random

from nlp.training.examples import (
    AYLLU,
    Example,
    Labels,
    files_of,
    from_row,
    labels_of,
    messages_of,
    read_rows,
    read_schuster,
)
from nlp.training.grammar import Grammar, sample_rows
from nlp.training.noise import Typist
from nlp.training.rows import same_message
from nlp.training.settings import DataSettings

ROOT = Path(__file__).parents[2]
_VOCABULARY_SAMPLE = 20_000
_COMPOSED_RETYPED = 0.8


class DataError(RuntimeError):
    """There is nothing to train on: says where it was looked for."""


@dataclass(frozen=True, slots=True)
class Mixture:
    """The label set, the messages to learn, those to choose the epoch by, and the source of composed ones.

    `test` is judged once, when all is chosen. `barred` are the keys of messages that nothing is trained on.
    """

    labels: Labels
    train: list[Example]
    dev: list[Example]
    test: list[Example]
    data: DataSettings
    grammar: Grammar | None = None
    barred: frozenset[str] = frozenset()

    @property
    def epoch_size(self) -> int:
        """About how many messages an epoch has."""
        return len(self.train) + (self.data.grammar_rows if self.grammar else 0)

    def epoch(self, random: Random) -> tuple[list[Example], list[float]]:
        """The messages of one epoch, drawn afresh, and the weight of each."""
        share, strength = self.data.noise_share, self.data.noise_strength
        mixed = [retyped(e, random, strength) if random.random() < share else e for e in self.train]
        weights = [1.0] * len(mixed)
        composed = self._composed(self.data.grammar_rows, random)
        mixed += [retyped(e, random, 1.0) if random.random() < _COMPOSED_RETYPED else e for e in composed]
        weights += [self.data.grammar_weight] * len(composed)
        return mixed, weights

    def words(self, random: Random) -> set[str]:
        """The words that the vocabulary must cover besides the frequent ones."""
        examples = [*self.train, *self._composed(_VOCABULARY_SAMPLE, random)]
        return {word for e in examples for word in e.text.lower().split()}

    def digest(self) -> str:
        """Tells the hand-written messages and their labels apart from any others, whatever their order."""
        lines = sorted(
            f"{e.intent}\t{e.text}\t{[(s.label, s.start, s.end) for s in e.spans]}" for e in self.train
        )
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]

    def _composed(self, count: int, random: Random) -> list[Example]:
        if not self.grammar:
            return []
        rows = sample_rows(self.grammar, count, random, {})
        return [from_row(row) for row in rows if same_message(row.text) not in self.barred]


def read_mixture(data: DataSettings, random: Random) -> Mixture:
    """Read what the configuration names. Raises RowError on a wrong row, DataError where there are none."""
    parts = (data.train, data.dev, data.test, data.barred)
    paths = [[f for p in part for f in files_of(ROOT / p)] for part in parts]
    barred = frozenset() if data.reader == "schuster" else messages_of(paths[3])
    if data.reader == "schuster":
        train, dev, test = ([e for f in part for e in read_schuster(f)] for part in paths[:3])
        labels = labels_of(train)
    else:
        train = [from_row(row) for row in read_rows(paths[0], barred)]
        dev, test = ([from_row(row) for row in read_rows(part)] for part in paths[1:3])
        labels = AYLLU
    if not train:
        raise DataError(f"no labelled messages in {', '.join(data.train)}")
    if not dev:
        train, dev = _hold_out(train, data.held_out, random)
    grammar = Grammar.load() if data.grammar_rows and labels is AYLLU else None
    return Mixture(labels, train, dev, test, data, grammar, barred)


def retyped(example: Example, random: Random, strength: float) -> Example:
    """The example as another person would type it."""
    text, spans = Typist(random, strength).type(example.text, example.spans)
    return Example(text, example.intent, spans, example.origin, example.meta)


def _hold_out(examples: list[Example], share: float, random: Random) -> tuple[list[Example], list[Example]]:
    """Part the examples by whole files, which have one writer each, or by rows where all are in one file."""

    def unit(example: Example) -> str:
        return example.origin.rsplit(":", 1)[0] if many_files else example.origin

    many_files = len({e.origin.rsplit(":", 1)[0] for e in examples}) > 1
    units = sorted({unit(e) for e in examples})
    held = set(random.sample(units, max(1, round(len(units) * share))))
    return [e for e in examples if unit(e) not in held], [e for e in examples if unit(e) in held]
