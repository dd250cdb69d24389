"""Messages as a person labels them, and as rows to learn from (`training/data/WRITING.md`, `training/rows.py`)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from nlp.anonymous import without_identity
from nlp.features import Span
from nlp.schema import Intent, Parse, SlotName
from nlp.training.rows import RowError, parse_line, same_message

PLACES = (SlotName.LOCATION, SlotName.LANDMARK)


@dataclass(frozen=True, slots=True)
class Shown:
    """A message without names, numbers and addresses, on one line and without the brackets that mark spans in a row;
    and where its slots are in that."""

    text: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Labelled:
    """What a message means, as somebody (or, before that, the model) says. `note` is written above its row."""

    shown: Shown
    intent: Intent
    note: str = ""


def shown(parse: Parse, random: Random, known: Collection[str] = ()) -> Shown:
    """The message as others may see it. `known` are names of people it may be about. A name that was taken for a place
    but is none that is known goes too. The text is empty where there was none.

    >>> shown(Parse("soy Yesica\\ndel 987654321", Intent.INFORM, 0.9), Random(1)).text
    'soy Marleny del 000000000'
    """
    spans = [Span(slot.slot.value, slot.start, slot.end) for slot in parse.slots]
    found = (slot for slot in parse.slots if slot.slot is SlotName.LANDMARK or slot.value is not None)
    places = [Span(slot.slot.value, slot.start, slot.end) for slot in found if slot.slot in PLACES]
    text, moved = without_identity(parse.text, spans, random, places, known)
    return _on_one_line(text, moved)


def row(labelled: Labelled) -> str:
    """The message as a row. Raises RowError for what is none: a span out of place, an empty message."""
    text, spans = labelled.shown.text, sorted(labelled.shown.spans, key=lambda span: span.start)
    pieces: list[str] = []
    at = 0
    for span in spans:
        if span.start < at or not span.start < span.end <= len(text):
            raise RowError(f"the span {span.start} to {span.end} lies outside the message, or on another")
        pieces += [text[at : span.start], f"[{text[span.start : span.end]}]({span.label})"]
        at = span.end
    line = f"{labelled.intent.value}\t{''.join([*pieces, text[at:]])}"
    parse_line(line)
    return line


def rows_of(labelled: Iterable[Labelled], theme: str) -> str:
    """A file of rows: each message once, however it is written; what is no row is left out. An empty string where there
    is nothing."""
    lines: dict[str, str] = {}
    for one in labelled:
        try:
            line = row(one)
        except RowError:
            continue
        note = f"# {one.note}\n" if one.note else ""
        lines.setdefault(same_message(one.shown.text), f"{note}{line}\n")
    if not lines:
        return ""
    return f"# writer: people\n# kind: anyone\n# theme: {theme}\n{''.join(lines.values())}"


def rows_to_label(
    parses: Iterable[Parse], on: date, random: Random, known: Sequence[Collection[str]] | None = None
) -> str:
    """A file of rows with the model's own reading to correct; how sure the model was stands in a comment above each.
    `known` are names of people, for each message."""
    asked = list(parses)
    names = known or [()] * len(asked)
    return rows_of(
        (
            Labelled(shown(parse, random, who), parse.intent, f"confidence {parse.confidence:.2f}")
            for parse, who in zip(asked, names, strict=True)
        ),
        f"unsure readings, taken out on {on}",
    )


def _on_one_line(text: str, spans: Iterable[Span]) -> Shown:
    """Each run of spaces and line breaks as one space, none at the ends; square brackets as round ones. The spans keep
    their words, and none begins or ends with a space."""
    plain = text.replace("[", "(").replace("]", ")")
    places: list[int] = []
    kept: list[str] = []
    for position, character in enumerate(plain):
        places.append(len(kept))
        if not character.isspace():
            kept.append(character)
        elif kept and kept[-1] != " " and plain[position:].strip():
            kept.append(" ")
    places.append(len(kept))
    moved = []
    line = "".join(kept)
    for span in spans:
        start, end = places[span.start], places[span.end]
        words = line[start:end]
        start += len(words) - len(words.lstrip())
        end -= len(words) - len(words.rstrip())
        if start < end:
            moved.append(Span(span.label, start, end))
    return Shown(line, tuple(moved))
