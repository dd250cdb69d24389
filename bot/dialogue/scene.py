"""What a step of the talk works with, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from bot.dialogue import keywords
from bot.dialogue.conversation import Conversation
from bot.messages import Incoming, Job, Reply
from nlp.danger import sounds_dangerous
from nlp.schema import Intent, Parse, Slot, SlotName

SURE_ENOUGH = 0.5
"""Below this calibrated confidence the reading is more likely wrong than right: we ask, and do not guess."""
CERTAIN = 0.8
"""What cannot be taken back, or ends a question for good, needs a reading as sure as this, or a keyword."""


class DistrictFacts(Protocol):
    """What the dialogue needs of a district."""

    @property
    def ubigeo(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def province(self) -> str: ...
    @property
    def department(self) -> str: ...
    @property
    def lat(self) -> float: ...
    @property
    def lon(self) -> float: ...


class ResolvedPlace(Protocol):
    """What a typed place was read as; see nlp.places.Resolution."""

    @property
    def ubigeo(self) -> str | None: ...
    @property
    def name(self) -> str: ...
    @property
    def point(self) -> tuple[float, float] | None: ...
    def value(self) -> dict[str, Any]: ...


class PlacesPort(Protocol):
    """The gazetteer, as far as the dialogue asks it. `district` and `label` raise KeyError for a code that is none."""

    def label(self, ubigeo: str) -> str: ...
    def district(self, ubigeo: str) -> DistrictFacts: ...
    def district_at(self, lat: float, lon: float) -> DistrictFacts | None: ...
    def resolve(
        self, text: str, *, message: str = "", near_ubigeo: str | None = None
    ) -> ResolvedPlace | None: ...


@dataclass(frozen=True, slots=True)
class Turn:
    """What a step decided: where the talk stands now, what is said, what is to be done."""

    conversation: Conversation
    replies: tuple[Reply, ...] = ()
    jobs: tuple[Job, ...] = ()


@dataclass(frozen=True, slots=True)
class Heard:
    """One message as it was understood.

    `intent` is None when nobody could read it. `sure` is whether to act on the intent, `certain`, whether to do
    so for good. `number` is the message when it is a number and nothing else.
    """

    text: str
    intent: Intent | None
    sure: bool
    certain: bool = False
    slots: tuple[Slot, ...] = ()
    number: int | None = None
    pin: tuple[float, float] | None = None
    media: int = 0
    has_number: bool = True

    def of(self, *names: SlotName) -> tuple[Slot, ...]:
        """The slots of those names, in the order of the message."""
        return tuple(slot for slot in self.slots if slot.slot in names)


@dataclass(frozen=True, slots=True)
class Scene:
    """A message on its way through the dialogue. `conversation` is as it was before, unless a rule put it forward;
    `alarmed`: they spoke of danger a moment ago, and of nothing else since."""

    conversation: Conversation
    heard: Heard
    now: datetime
    places: PlacesPort
    alarmed: bool = False

    def at(self, conversation: Conversation) -> Scene:
        """The same moment, with the talk moved on."""
        return replace(self, conversation=conversation)

    def hearing(self, intent: Intent, *slots: Slot) -> Scene:
        """The same moment, with the message read as this, surely."""
        return replace(self, heard=replace(self.heard, intent=intent, sure=True, certain=True, slots=slots))


@dataclass(frozen=True, slots=True)
class _Reading:
    intent: Intent | None
    confidence: float
    slots: tuple[Slot, ...] = ()


def hear(incoming: Incoming) -> Heard:
    """The message as the rules see it: keywords first, then the model's reading, then what is plain without it."""
    text = (incoming.text or incoming.payload or "").strip()
    reading = _by_keyword(text) or (_by_model(incoming.parse) if incoming.parse else _by_eye(text))
    return Heard(
        text=text,
        intent=reading.intent,
        sure=reading.confidence >= SURE_ENOUGH,
        certain=reading.confidence >= CERTAIN,
        slots=reading.slots,
        number=keywords.bare_number(text),
        pin=incoming.pin,
        media=incoming.media,
        has_number=incoming.has_number,
    )


def _by_keyword(text: str) -> _Reading | None:
    intent = keywords.intent_of(text)
    return _Reading(intent, 1.0) if intent else None


def _by_model(parse: Parse) -> _Reading:
    return _Reading(parse.intent, parse.confidence, parse.slots)


def _by_eye(text: str) -> _Reading:
    """Without the model a number still chooses, and words of danger are still heard; the rest is for a person."""
    if sounds_dangerous(text):
        return _Reading(Intent.EMERGENCY, 1.0)
    number = keywords.option_number(text) or keywords.bare_number(text)
    if number is not None:
        option = Slot(SlotName.OPTION, text, 0, len(text), number)
        return _Reading(Intent.CHOOSE_OPTION, 1.0, (option,))
    return _Reading(None, 0.0)
