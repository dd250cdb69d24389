"""What a message means: the model reads it, rules give the values, the gazetteer the places."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nlp.danger import sounds_dangerous, speaks_of_danger
from nlp.features import Span
from nlp.model_bundle import SHIPPED
from nlp.normal import normalize
from nlp.places import Gazetteer
from nlp.places.text import CONNECTORS
from nlp.schema import Intent, Parse, Slot, SlotName
from nlp.tagger import Reading, Tagger

SECOND_OPINION = 0.01
"""How likely the model must find an emergency for dangerous words to tip the scale: a false alarm costs little."""

ALARM = 0.07
"""How likely the model must find an emergency to call it one, whatever else is likelier: a missed one costs a child. On
the messages the model was chosen by it gives 11 false alarms among 821 and misses none of 66."""

MOST_WORDS_MISSED = 3

_IS_IN = re.compile(
    r"\s*no,? +(?:es|era|vivo|estoy) +(?:en|por|x) +(?P<place>\w+(?: +\w+){0,3})[\s.!]*", re.IGNORECASE
)
"""The whole of a message that says where it is."""


class Parser:
    """Reads messages. Safe to share between threads; keeps no message: only single words and names, by which
    places are marked, stay in the memory of the process for a while (`nlp/places/marks.py`)."""

    def __init__(self, tagger: Tagger, gazetteer: Gazetteer) -> None:
        self.tagger = tagger
        self.gazetteer = gazetteer

    @classmethod
    def load(cls, bundle: Path | None = None, gazetteer: Gazetteer | None = None) -> Parser:
        """The parser with the model in `bundle` (the shipped one) and the places of `gazetteer` (the shipped ones).

        Raises BundleError when the model is missing, damaged or made for another schema.
        """
        gazetteer = gazetteer or Gazetteer.load()
        return cls(Tagger.load(bundle or SHIPPED, gazetteer.marks), gazetteer)

    def parse(self, text: str, now: datetime | None = None, *, near_ubigeo: str | None = None) -> Parse:
        """The meaning of one message, of any content; `now` is when it was sent, timezone-aware (this moment if not
        given); `near_ubigeo` is the district the person is known to be about, which settles shared names.

        Raises ValueError for a `now` without a timezone.
        """
        sent = now or datetime.now(UTC)
        if sent.tzinfo is None:
            raise ValueError(
                "`now` has no timezone: the day it is in Lima cannot be known; pass an aware datetime"
            )
        reading = self.tagger.read(text)
        intent, confidence = _decide(text, reading)
        found = reading.spans or self._correction(text)
        ends = [*(span.start for span in found[1:]), len(text)]
        spans = (self._whole_place(s, text[:end]) for s, end in zip(found, ends, strict=False))
        slots = tuple(self._slot(span, text, intent, sent, near_ubigeo) for span in spans)
        return Parse(text, intent, confidence, slots)

    def _correction(self, text: str) -> tuple[Span, ...]:
        """The place in `no es en los olivos`, without the comma that tells a correction from a denial: whoever says
        nothing else says where it is."""
        said = _IS_IN.fullmatch(text)
        if said is None or self.gazetteer.resolve(said["place"]) is None:
            return ()
        return (Span(SlotName.LOCATION, *said.span("place")),)

    def _whole_place(self, span: Span, text: str) -> Span:
        """A location of which the model saw the article alone (`en [los] olivos`), up to where it names a place;
        `text` ends where the next span begins."""
        if span.label != SlotName.LOCATION or not CONNECTORS.issuperset(
            text[span.start : span.end].lower().split()
        ):
            return span
        ends = [span.end + word.end() for word in re.finditer(r" +[^\W\d_]+", text[span.end :])][
            :MOST_WORDS_MISSED
        ]
        named = (end for end in reversed(ends) if self.gazetteer.resolve(text[span.start : end]))
        return replace(span, end=next(named, span.end))

    def _slot(self, span: Span, text: str, intent: Intent, now: datetime, near_ubigeo: str | None) -> Slot:
        name, words = SlotName(span.label), text[span.start : span.end]
        value: Any
        point = None
        if name is SlotName.LOCATION:
            place = self.gazetteer.resolve(words, message=text, near_ubigeo=near_ubigeo)
            value, point = (place.value(), place.point) if place else (None, None)
        else:
            value = normalize(name, words, text=text, intent=intent, now=now, start=span.start)
        return Slot(name, words, span.start, span.end, value, point)


def _decide(text: str, reading: Reading) -> tuple[Intent, float]:
    """The model's intent, unless it half sees an emergency in words that speak of one; of nothing, nothing."""
    if not text.strip():
        return Intent.OUT_OF_SCOPE, 1.0
    danger = reading.chances[Intent.EMERGENCY]
    half_seen = danger >= ALARM or (danger >= SECOND_OPINION and sounds_dangerous(text))
    if reading.intent != Intent.EMERGENCY and (half_seen or speaks_of_danger(text)):
        return Intent.EMERGENCY, max(danger, 0.5)
    return Intent(reading.intent), reading.chances[reading.intent]
