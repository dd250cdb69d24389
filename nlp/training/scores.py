"""What a model is judged by: intents, spans, whole frames, calibration, and the errors to read."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from nlp.features import Span
from nlp.training.examples import Example


@dataclass(frozen=True, slots=True)
class Guess:
    """What a model says of a message."""

    intent: str
    confidence: float
    spans: tuple[Span, ...]


@dataclass(slots=True)
class Tally:
    """Right, spurious and missed spans."""

    right: int = 0
    spurious: int = 0
    missed: int = 0

    @property
    def f1(self) -> float:
        """F1 of the spans counted, 1 where there are none at all."""
        total = 2 * self.right + self.spurious + self.missed
        return 2 * self.right / total if total else 1.0


@dataclass(slots=True)
class Scores:
    """The figures of one evaluation. `confusion` counts (wanted, said) intents."""

    count: int = 0
    intents_right: int = 0
    exact: int = 0
    spans: Tally = field(default_factory=Tally)
    by_slot: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    confusion: Counter[tuple[str, str]] = field(default_factory=Counter)
    calibration_error: float = 0.0

    @property
    def intent_accuracy(self) -> float:
        return self.intents_right / max(1, self.count)

    @property
    def exact_rate(self) -> float:
        """The share of messages with the right intent and exactly the right spans."""
        return self.exact / max(1, self.count)

    def summary(self) -> str:
        return (
            f"{self.count} messages: intent {self.intent_accuracy:.4f}, slot F1 {self.spans.f1:.4f}, "
            f"intent and spans {self.exact_rate:.4f}, calibration error {self.calibration_error:.4f}"
        )


def score(examples: Sequence[Example], guesses: Sequence[Guess]) -> Scores:
    """Compare guesses with what is right; a span counts when its characters and its label agree."""
    scores = Scores()
    for example, guess in zip(examples, guesses, strict=True):
        wanted, said = set(example.spans), set(guess.spans)
        scores.count += 1
        scores.intents_right += example.intent == guess.intent
        scores.exact += example.intent == guess.intent and wanted == said
        scores.confusion[example.intent, guess.intent] += 1
        for span in wanted | said:
            kind = "right" if span in wanted and span in said else "missed" if span in wanted else "spurious"
            for tally in (scores.spans, scores.by_slot[span.label]):
                setattr(tally, kind, getattr(tally, kind) + 1)
    scores.calibration_error = calibration_error(
        [g.confidence for g in guesses],
        [e.intent == g.intent for e, g in zip(examples, guesses, strict=True)],
    )
    return scores


def standard_slot_f1(examples: Sequence[Example], guesses: Sequence[Guess]) -> float:
    """Micro-F1 of the slots as `seqeval` has it (CoNLL-2000), over the words between spaces: the figure that papers
    report. A word belongs to the span that it overlaps."""
    from seqeval.metrics import f1_score

    wanted = [_word_tags(e.text, e.spans) for e in examples]
    said = [_word_tags(e.text, g.spans) for e, g in zip(examples, guesses, strict=True)]
    return float(f1_score(wanted, said))


def _word_tags(text: str, spans: Sequence[Span]) -> list[str]:
    words = [match.span() for match in re.finditer(r"\S+", text)]
    tags = ["O"] * len(words)
    for span in spans:
        prefix = "B"
        for i, (start, end) in enumerate(words):
            if start < span.end and end > span.start:
                tags[i] = f"{prefix}-{span.label}"
                prefix = "I"
    return tags


def calibration_bins(
    confidences: Iterable[float], right: Iterable[bool], bins: int = 10
) -> list[tuple[int, float, float]]:
    """For each tenth of confidence: how many, their mean confidence, their accuracy."""
    confidence, correct = np.array(list(confidences), float), np.array(list(right), float)
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    return [
        (int((place == b).sum()), float(confidence[place == b].mean()), float(correct[place == b].mean()))
        if (place == b).any()
        else (0, 0.0, 0.0)
        for b in range(bins)
    ]


def calibration_error(confidences: Sequence[float], right: Sequence[bool]) -> float:
    """Expected calibration error over ten bins, 0 is perfect."""
    bins = calibration_bins(confidences, right)
    return sum(n * abs(c - a) for n, c, a in bins) / max(1, len(confidences))


def thresholds(confidences: Sequence[float], right: Sequence[bool]) -> list[list[str]]:
    """For each confidence below which one might ask instead of acting: the threshold, the share asked about, how often
    the others are right, how many wrong ones are acted on, how many right ones are asked about."""
    sure, correct = np.array(confidences, float), np.array(right, bool)
    lines = []
    for limit in (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9):
        asked = sure < limit
        acted = correct[~asked]
        lines.append(
            [
                f"{limit:.1f}",
                f"{asked.mean() if len(sure) else 0:.3f}",
                f"{acted.mean() if len(acted) else 1:.3f}",
                str(int((~acted).sum())),
                str(int((asked & correct).sum())),
            ]
        )
    return lines
