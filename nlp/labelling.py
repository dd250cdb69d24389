"""Messages that the model was unsure of, written for a person to label: the rows of `training/data/WRITING.md`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from random import Random

from nlp.anonymous import without_identity
from nlp.features import Span
from nlp.schema import Parse, SlotName

PLACES = (SlotName.LOCATION, SlotName.LANDMARK)


def rows_to_label(parses: Iterable[Parse], on: date, random: Random) -> str:
    """A file of rows with the model's own reading to correct: intent, tab, message with `[span](slot)`.

    Names, numbers and addresses are out, also a name that was taken for a place but is none that is known. A message
    that comes twice is there once; how sure the model was stands in a comment above each row. An empty string where
    there is nothing to label.
    """
    lines: dict[str, str] = {}
    for parse in parses:
        spans = [Span(slot.slot.value, slot.start, slot.end) for slot in parse.slots]
        known = (slot for slot in parse.slots if slot.slot is SlotName.LANDMARK or slot.value is not None)
        places = [Span(s.slot.value, s.start, s.end) for s in known if s.slot in PLACES]
        text, moved = without_identity(parse.text, spans, random, places)
        row = f"{parse.intent.value}\t{_marked(text, moved)}"
        lines.setdefault(re.sub(r"\W+", " ", text.lower()), f"# confidence {parse.confidence:.2f}\n{row}\n")
    if not lines:
        return ""
    return f"# writer: people\n# kind: anyone\n# theme: unsure readings, taken out on {on}\n{''.join(lines.values())}"


def _marked(text: str, spans: Iterable[Span]) -> str:
    pieces: list[str] = []
    at = 0
    for span in sorted(spans, key=lambda s: s.start):
        pieces += [_plain(text[at : span.start]), f"[{_plain(text[span.start : span.end])}]({span.label})"]
        at = span.end
    return " ".join("".join([*pieces, _plain(text[at:])]).split())


def _plain(text: str) -> str:
    """The text on one line, without the brackets that mark spans in a row."""
    return re.sub(r"\s", " ", text).replace("[", "(").replace("]", ")")
