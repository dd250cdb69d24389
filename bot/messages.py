"""What passes between the doors of the bot: a message in, replies and jobs out. Frozen, and free of any library."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any

from nlp.schema import Parse


class Channel(StrEnum):
    """The ways a message travels."""

    WHATSAPP = "whatsapp"
    SMS = "sms"


class Urgency(IntEnum):
    """What goes first, where not all can go at once."""

    EMERGENCY = 0
    REPLY = 1
    OFFER = 2
    """What the other side waits for."""
    FOLLOW_UP = 3
    """What nobody waits for."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message of one person, understood, as the dialogue sees it.

    `parse` is None when there was no text to understand (a pin, a photo alone). `pin` is (lat, lon) in degrees of
    a location shared from WhatsApp. `media` is the number of attachments. `payload` is a button's own id.
    `has_number` is False where WhatsApp hides the person's phone number: no SMS can reach them until they give one.
    """

    channel: Channel
    at: datetime
    text: str = ""
    parse: Parse | None = None
    pin: tuple[float, float] | None = None
    media: int = 0
    payload: str | None = None
    has_number: bool = True


@dataclass(frozen=True, slots=True)
class Reply:
    """One bubble, in both forms. `key` names its wording; `sms` is GSM-7. Which form leaves is the outbox's choice.

    `values` are what was put into the gaps of its WhatsApp form, in the order of their first appearance there: the
    variables of a template. Bubbles joined into one have none.
    """

    key: str
    whatsapp: str
    sms: str
    values: tuple[str, ...] = ()


class JobKind(StrEnum):
    """What the dialogue may ask to be done. `FIND_…` come back to it as results; `OPERATOR` opens a case; what follows
    is the exchange between the two sides (bot/exchange), and comes back as events."""

    FIND_CARE = "find_care"
    FIND_HUBS = "find_hubs"
    FIND_RESOURCES = "find_resources"
    OPERATOR = "operator"
    CONSENT = "consent"
    """The person agreed to what was asked. wording: its name; version: of its words."""
    ASK_PROVIDER = "ask_provider"
    """Ask this provider, and the next ones if that one cannot. provider: id; provider_name; query: as in FIND_CARE;
    need: a ChildNeed in JSON, which is what the provider is told."""
    ANSWER_OFFER = "answer_offer"
    """A provider answers. offer: id; answer: an OfferAnswer; words: as they were written."""
    ANSWER_COUNTER = "answer_counter"
    """A parent answers a conditional yes. offer: id; yes: bool."""
    END = "end"
    """Take back what is under way with the other side. offer: only this one (a provider's); else all."""
    RELAY = "relay"
    """Tell the other side something. offer: its id, or provider: id, or to: the id of who asked; name: of who says it;
    words; question: whether an answer is awaited."""
    RATE = "rate"
    """A parent judges the care. offer: id or None; rating: 1 to 5 or None; comment: or None."""
    REGISTER = "register"
    """Put the provider on file, unverified. file: as OwnFile in JSON."""
    CHANGE_FILE = "change_file"
    """Change what is on file. changes: fields of OwnFile, in JSON; again_on: ISO date on which they are asked whether
    they have places again, or, with places, have so many; or withdraw: take it out."""
    ERASE = "erase"
    """Forget the person, on both sides."""
    KEEP_NUMBER = "keep_number"
    """Somebody whose WhatsApp hides their number gave it. number: "+51…"."""

    @property
    def is_search(self) -> bool:
        """Whether a worker answers it, and its answer comes back to the dialogue."""
        return self.value.startswith("find_")


@dataclass(frozen=True, slots=True)
class Job:
    """Something to be done after the transaction. `data` is JSON: it is stored with the row that the job works on."""

    kind: JobKind
    data: dict[str, Any] = field(default_factory=dict)


class OfferAnswer(StrEnum):
    """What a provider says to an offer."""

    YES = "yes"
    NO = "no"
    CONDITION = "condition"


class EventKind(StrEnum):
    """What may reach a person's conversation besides their own words. The data that goes with it is in
    bot/exchange/telling.py, which makes it."""

    # to a parent
    ASKED_NEXT = "asked_next"
    COUNTERED = "countered"
    AGREED = "agreed"
    EXHAUSTED = "exhausted"
    QUIT = "quit"
    LAPSED = "lapsed"
    CLOSED = "closed"
    """An operator closed the request. why: cancelled, or cared for elsewhere."""
    LOOK_AGAIN = "look_again"
    """An operator saw that there may be options by now: look once more for what was needed."""
    MOVE_ON = "move_on"
    FOLLOW_UP = "follow_up"
    # to a provider
    OFFERED = "offered"
    WITHDRAWN = "withdrawn"
    ANSWERED = "answered"
    AVAILABLE_AGAIN = "available_again"
    # to either
    TOLD = "told"
    ENDED = "ended"
    REMINDER = "reminder"
    LEFT = "left"
    FILE_KEPT = "file_kept"
    ERASED = "erased"
    GIVE_BACK = "give_back"
    """Nobody of Ayllu may have said a word for long in the conversation they took over: then it is the bot's again."""

    @property
    def urgency(self) -> Urgency:
        """How soon it must reach the person."""
        return Urgency.FOLLOW_UP if self in _CAN_WAIT else Urgency.OFFER


_CAN_WAIT = frozenset(
    [
        EventKind.FOLLOW_UP,
        EventKind.REMINDER,
        EventKind.AVAILABLE_AGAIN,
        EventKind.LEFT,
        EventKind.ERASED,
        EventKind.GIVE_BACK,
    ]
)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, as the dialogue of the person it concerns sees it. `data` is JSON."""

    kind: EventKind
    data: dict[str, Any] = field(default_factory=dict)


class CaseReason(StrEnum):
    """Why a person must look: `reason` in the data of an OPERATOR job."""

    EMERGENCY = "emergency"
    HUMAN = "human"
    PROBLEM = "problem"
    NO_MATCH = "no_match"
    CHOSEN = "chosen"
    PROVIDER = "provider"
    TOO_MUCH = "too_much"
    """Writes very much, or is a machine that answers ours."""
    ERASE = "erase"
    LEARNING = "learning"
