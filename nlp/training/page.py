"""An evaluation as one HTML page that needs nothing else: figures, confusion matrix, reliability plot, errors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, select_autoescape

from nlp.training.scores import Scores

PLOT = 260
"""The side of the reliability plot, in pixels."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One field of the confusion matrix; `depth`, 0 to 1, is its share of the row."""

    wanted: str
    said: str
    count: int
    depth: float


@dataclass(frozen=True, slots=True)
class Bin:
    """One tenth of confidence in the plot: where its point lies, in pixels, and how big it is."""

    x: float
    y: float
    radius: float
    told: str


def confusion_matrix(scores: Scores) -> tuple[list[str], list[list[Cell]]]:
    """The intents that occur, and for each one wanted a row of what it was taken for."""
    intents = sorted({name for pair in scores.confusion for name in pair})
    rows = []
    for wanted in intents:
        total = max(1, sum(scores.confusion[wanted, said] for said in intents))
        counts = ((said, scores.confusion[wanted, said]) for said in intents)
        rows.append([Cell(wanted, said, count, count / total) for said, count in counts])
    return intents, rows


def reliability_points(bins: Sequence[tuple[int, float, float]]) -> list[Bin]:
    """Where the tenths of confidence that hold messages lie, confidence to the right and accuracy upwards."""
    return [
        Bin(
            mean * PLOT,
            (1 - right) * PLOT,
            3 + min(12.0, count**0.5),
            f"{count}: sure {mean:.2f}, right {right:.2f}",
        )
        for count, mean, right in bins
        if count
    ]


def render(
    title: str,
    kinds: Mapping[str, Sequence[str]],
    scores: Scores,
    bins: Sequence[tuple[int, float, float]],
    thresholds: Sequence[Sequence[str]],
    lists: Mapping[str, Sequence[str]],
) -> str:
    """The page. `kinds` has the figures of each kind of message, `thresholds` the rows of that table, `lists` what is
    to be read, by heading."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=select_autoescape(), trim_blocks=True
    )
    intents, matrix = confusion_matrix(scores)
    slots = [
        (name, f"{tally.f1:.3f}", tally.right, tally.spurious, tally.missed)
        for name, tally in sorted(scores.by_slot.items())
    ]
    return environment.get_template("page.html").render(
        title=title, kinds=kinds, intents=intents, matrix=matrix, slots=slots, points=reliability_points(bins),
        thresholds=thresholds, lists=lists, side=PLOT,
    )  # fmt: skip
