"""What an operator sent about a message, read into an opinion.

The message is cut into units as the model cuts it: runs of letters, runs of digits, single signs. Units are numbered
from 1, so that a span can be told without pointing: from this one to that one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from bot.store.labels import Opinion, Verdict
from nlp.features import Span
from nlp.labelling import Labelled, Shown, row
from nlp.schema import Intent, SlotName
from nlp.training.rows import RowError

MOST_ADDED = 4
"""Slots that can be added at once."""

RIGHT, WRONG, OTHERWISE = "bien", "quitar", "corregir"
UNCLEAR, SKIP = "no-se-entiende", "saltar"

_UNIT = re.compile(r"[^\W\d_]+|\d+|\S")


class FormError(ValueError):
    """What was sent cannot be meant. The message says why, to the operator."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A word, number or sign of a message. `number` counts from 1."""

    number: int
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the message, and the slot it is, if any."""

    text: str
    slot: SlotName | None


@dataclass(frozen=True, slots=True)
class Marked:
    """A slot as it is shown: its words, and from which unit to which."""

    slot: SlotName
    text: str
    first: int
    last: int


def units(text: str) -> list[Unit]:
    """
    >>> [unit.text for unit in units("de 2añitos, S/20")]
    ['de', '2', 'añitos', ',', 'S', '/', '20']
    """
    found = _UNIT.finditer(text)
    return [Unit(number, match[0], match.start(), match.end()) for number, match in enumerate(found, 1)]


def pieces(shown: Shown) -> list[Piece]:
    """The message in order, slots apart from what lies between."""
    found: list[Piece] = []
    at = 0
    for span in sorted(shown.spans, key=lambda span: span.start):
        if span.start > at:
            found.append(Piece(shown.text[at : span.start], None))
        found.append(Piece(shown.text[span.start : span.end], SlotName(span.label)))
        at = span.end
    if at < len(shown.text):
        found.append(Piece(shown.text[at:], None))
    return found


def marked(shown: Shown) -> list[Marked]:
    """The slots in order."""
    cut = units(shown.text)
    return [
        Marked(
            SlotName(span.label),
            shown.text[span.start : span.end],
            next((unit.number for unit in cut if unit.end > span.start), 1),
            next((unit.number for unit in reversed(cut) if unit.start < span.end), len(cut)),
        )
        for span in sorted(shown.spans, key=lambda span: span.start)
    ]


def read(form: Mapping[str, str], shown: Shown, operator_id: int) -> Opinion:
    """The opinion that was sent about this message, as it was shown. Raises FormError."""
    said = form.get("veredicto")
    if said == SKIP:
        return Opinion(operator_id, Verdict.SKIPPED)
    if said == UNCLEAR:
        return Opinion(operator_id, Verdict.UNCLEAR)
    try:
        intent = Intent(form.get("intencion", ""))
    except ValueError:
        raise FormError("Elija qué quiere la persona.") from None
    spans = () if intent is Intent.OUT_OF_SCOPE else _spans(form, shown)
    try:
        row(Labelled(Shown(shown.text, spans), intent))
    except RowError:
        raise FormError("Un dato no puede cortar una palabra en dos.") from None
    return Opinion(operator_id, Verdict.LABELLED, intent, spans)


def _spans(form: Mapping[str, str], shown: Shown) -> tuple[Span, ...]:
    """The slots that stand: those left as they were, those put right, and those added. None share a word."""
    cut = units(shown.text)
    found: list[Span] = []
    for at, span in enumerate(sorted(shown.spans, key=lambda span: span.start)):
        judged = form.get(f"s{at}", RIGHT)
        if judged == RIGHT:
            found.append(span)
        elif judged == OTHERWISE:
            found.append(_span(form, f"s{at}", cut))
    for at in range(MOST_ADDED):
        if form.get(f"n{at}-tipo"):
            found.append(_span(form, f"n{at}", cut))
    found.sort(key=lambda span: span.start)
    for one, other in pairwise(found):
        if other.start < one.end:
            words = shown.text[other.start : min(one.end, other.end)]
            raise FormError(f"Dos datos comparten «{words}»: deje solo uno.")
    return tuple(found)


def _span(form: Mapping[str, str], name: str, cut: list[Unit]) -> Span:
    try:
        slot = SlotName(form.get(f"{name}-tipo", ""))
    except ValueError:
        raise FormError("Elija qué es el dato que corrigió.") from None
    try:
        first = int(form.get(f"{name}-de", ""))
        last = int(form.get(f"{name}-a", "") or first)
    except ValueError:
        raise FormError("Diga de qué palabra a qué palabra va el dato, con sus números.") from None
    if not 1 <= first <= last <= len(cut):
        raise FormError(f"Los números de las palabras van del 1 al {len(cut)}, el menor primero.")
    return Span(slot.value, cut[first - 1].start, cut[last - 1].end)
