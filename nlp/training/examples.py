"""What the trainer learns from: messages with an intent and spans, whatever label set they come from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from nlp.features import Span
from nlp.schema import Intent, SlotName
from nlp.training.rows import Row, RowError, lines_of, read_all, read_file, same_message


@dataclass(frozen=True, slots=True)
class Labels:
    """The closed sets a model is trained for, in the order of its outputs."""

    intents: tuple[str, ...]
    slots: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled message. `origin` is file and line, or `grammar`; `meta` is the provenance of its file."""

    text: str
    intent: str
    spans: tuple[Span, ...]
    origin: str = ""
    meta: dict[str, str] = field(default_factory=dict)


AYLLU = Labels(tuple(i.value for i in Intent), tuple(s.value for s in SlotName))


def from_row(row: Row) -> Example:
    """The example of a labelled row."""
    spans = tuple(Span(s.slot.value, s.start, s.end) for s in row.slots)
    return Example(row.text, row.intent.value, spans, row.origin, row.meta)


def files_of(folder: Path) -> list[Path]:
    """The row files of a folder, sorted; a file stands for itself."""
    return sorted(folder.rglob("*.txt")) if folder.is_dir() else [folder]


def messages_of(paths: Iterable[Path]) -> frozenset[str]:
    """The keys (`rows.same_message`) of all messages in the files, whatever their labels."""
    rows = (row for path in paths for row in read_file(path))
    return frozenset(same_message(row.text) for row in rows if isinstance(row, Row))


def read_rows(paths: Iterable[Path], barred: frozenset[str] = frozenset()) -> list[Row]:
    """All rows of the files, without those whose message has a barred key. Raises RowError."""
    return [row for row in read_all(paths) if same_message(row.text) not in barred]


def read_schuster(path: Path) -> list[Example]:
    """Messages of the benchmark of Schuster et al. (2019): intent, `start:end:slot,…` and the message, by tabs.

    Raises RowError on a line that is not of that form.
    """
    examples = []
    for number, line in enumerate(lines_of(path), 1):
        parts = line.split("\t")
        if len(parts) < 3 or not re.fullmatch(r"(\d+:\d+:[^,:]+(,\d+:\d+:[^,:]+)*)?", parts[1]):
            raise RowError(f"{path}:{number}: not intent, spans and message, parted by tabs")
        spans = []
        for part in filter(None, parts[1].split(",")):
            start, end, label = part.split(":", 2)
            spans.append(Span(label, int(start), int(end)))
        examples.append(Example(parts[2], parts[0], tuple(spans), f"{path}:{number}"))
    return examples


def labels_of(examples: Sequence[Example]) -> Labels:
    """The label set that the examples use."""
    intents = sorted({e.intent for e in examples})
    return Labels(tuple(intents), tuple(sorted({s.label for e in examples for s in e.spans})))
