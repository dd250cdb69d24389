"""Where a talk with one person stands: what they need, what they were asked, what they were shown.

All of it is plain facts, frozen, and goes to JSON and back; what can be worked out from it is not kept.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

from bot.messages import Channel, OfferAnswer
from matching.schema import CareKind, Level, Price, ResourceKind

VERSION = 1
"""Raised when what is kept changes its meaning. A new field with a default does not need it."""


class ConversationError(ValueError):
    """A kept conversation cannot be read by this program."""


class Topic(StrEnum):
    """What the talk is about: one module each."""

    CARE = "care"
    HUBS = "hubs"
    LEARNING = "learning"
    PROVIDER = "provider"


class Awaiting(StrEnum):
    """The question that is open. The next message is first read as its answer."""

    TOPIC = "topic"
    WHERE = "where"
    WHICH_PLACE = "which_place"
    AGE = "age"
    WHEN = "when"
    DAYS = "days"
    HOURS = "hours"
    HUMAN = "human"
    ERASE = "erase"
    CANCEL = "cancel"
    SUBJECT = "subject"
    CONSENT = "consent"
    COUNTER = "counter"
    ASK_AGAIN = "ask_again"
    SWITCH = "switch"
    WHICH_OFFER = "which_offer"
    QUIT = "quit"
    RELAY = "relay"
    RATING = "rating"
    COMMENT = "comment"
    PROVIDER_NAME = "provider_name"
    PROVIDER_WHERE = "provider_where"
    PROVIDER_WHICH_PLACE = "provider_which_place"
    PROVIDER_NEAR = "provider_near"
    PROVIDER_AGES = "provider_ages"
    PROVIDER_WHEN = "provider_when"
    PROVIDER_PRICE = "provider_price"
    PROVIDER_PERIOD = "provider_period"
    PROVIDER_PLACES = "provider_places"
    PROVIDER_SPECIAL = "provider_special"
    PROVIDER_CONFIRM = "provider_confirm"
    PROVIDER_AGAIN = "provider_again"
    PROVIDER_LEAVE = "provider_leave"


@dataclass(frozen=True, slots=True)
class Place:
    """Where help is wanted: a district, at the best point known in it, by the name people read."""

    ubigeo: str
    label: str
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of the districts that an ambiguous name may mean, as it is asked about."""

    ubigeo: str
    label: str


@dataclass(frozen=True, slots=True)
class CareNeed:
    """The care a parent looks for. `settled` are questions that need no answer any more (not known, or no matter)."""

    ages_months: tuple[int, ...] = ()
    children: int | None = None
    girl: bool = False
    days: tuple[str, ...] = ()
    start: str | None = None
    end: str | None = None
    start_date: date | None = None
    budget: Price | None = None
    cheap: bool = False
    near: bool = False
    care_types: tuple[str, ...] = ()
    special_needs: tuple[str, ...] = ()
    amenities: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    settled: tuple[Awaiting, ...] = ()


@dataclass(frozen=True, slots=True)
class HubNeed:
    """What is wanted at a tech hub, and when: on these days, or today, or at once."""

    services: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    start: str | None = None
    end: str | None = None
    moment: Literal["now", "today"] | None = None


@dataclass(frozen=True, slots=True)
class LearningNeed:
    """How somebody wants to learn their `Conversation.subject`, if they said so."""

    level: Level | None = None
    kind: ResourceKind | None = None


@dataclass(frozen=True, slots=True)
class OwnFile:
    """The care that somebody offers: as far as they told it (`Conversation.draft`), or as it is on file (`own`).

    `reference` is what the place is near to, or its address. `candidates` are the districts that the name of the place
    may mean, while it is not known which. `settled` are questions that need no answer any more. On file only: `id`,
    `verified` by an operator, and `paused_until`, the first day on which they may be shown again.
    """

    name: str = ""
    kind: CareKind | None = None
    place: Place | None = None
    reference: str = ""
    min_months: int | None = None
    max_months: int | None = None
    days: tuple[str, ...] = ()
    start: str | None = None
    end: str | None = None
    start_date: date | None = None
    price: Price | None = None
    capacity: int | None = None
    amenities: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    special_needs: tuple[str, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    settled: tuple[Awaiting, ...] = ()
    id: int | None = None
    verified: bool = False
    paused_until: date | None = None

    def to_json(self) -> dict[str, Any]:
        """What `json.dumps` takes."""
        kept: dict[str, Any] = _file_adapter().dump_python(self, mode="json")
        return kept

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> OwnFile:
        """The inverse of `to_json`; what is left out is not known. Raises ValueError for what is no file."""
        return _file_adapter().validate_python(kept)


@dataclass(frozen=True, slots=True)
class ListedCare:
    """A provider as it was shown, with what is needed to answer questions about it."""

    number: int
    id: int
    name: str
    distance_km: float
    kind: CareKind
    address: str
    price: Price | None
    days: tuple[str, ...]
    opens: str
    closes: str
    min_months: int
    max_months: int
    amenities: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    special_needs: tuple[str, ...] = ()
    rating: float | None = None
    quote: str = ""
    what: Literal["care"] = "care"


@dataclass(frozen=True, slots=True)
class ListedHub:
    """A tech hub as it was shown. `hours` maps a day to its opening and closing time; `direction` is one of
    matching.geo.DIRECTIONS, seen from the person's place."""

    number: int
    id: int
    name: str
    distance_km: float
    address: str
    services: tuple[str, ...]
    hours: dict[str, tuple[str, str]]
    free: bool
    missing: tuple[str, ...] = ()
    direction: str = ""
    what: Literal["hub"] = "hub"


@dataclass(frozen=True, slots=True)
class ListedResource:
    """Something to learn from as it was shown; fields as in matching.schema.Resource."""

    number: int
    id: int
    name: str
    level: Level
    kind: ResourceKind
    minutes: int
    summary: str
    where: str = ""
    kb: int | None = None
    parts: tuple[str, ...] = ()
    what: Literal["resource"] = "resource"


Listed = ListedCare | ListedHub | ListedResource


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson by message that was begun; `next` is the place of the next part among `parts`."""

    id: int
    name: str
    parts: tuple[str, ...]
    next: int = 0


class Stage(StrEnum):
    """How far an offer is, for either side. `late`: its time is over, and a yes may still be welcome;
    `gone`: nothing comes of it any more."""

    ASKED = "asked"
    COUNTERED = "countered"
    AGREED = "agreed"
    LATE = "late"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Chosen:
    """The provider whom the parent picked, or who was asked next. `offer` is the id of the offer that was made."""

    id: int
    name: str
    offer: int | None = None
    stage: Stage = Stage.ASKED
    phone: str | None = None
    address: str = ""
    asked_at: datetime | None = None
    rated: int | None = None


@dataclass(frozen=True, slots=True)
class ChildNeed:
    """What a provider is told of a parent's need, once the parent agreed to it."""

    ages_months: tuple[int, ...] = ()
    children: int = 1
    place: str = ""
    days: tuple[str, ...] = ()
    start: str | None = None
    end: str | None = None
    start_date: date | None = None
    budget: Price | None = None
    special_needs: tuple[str, ...] = ()
    name: str | None = None
    girl: bool = False


@dataclass(frozen=True, slots=True)
class PutOffer:
    """A parent's request as it was put to this provider, who names it by its code."""

    id: int
    code: str
    need: ChildNeed
    stage: Stage = Stage.ASKED


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody of the other side wants to know: the next words are the answer, and are passed on to them.
    `asker` is their contact's id, `pending` how many questions wait."""

    asker: int
    name: str
    pending: int = 1


@dataclass(frozen=True, slots=True)
class Unsettled:
    """A provider's answer while it is not known to which of several offers it belongs."""

    answer: OfferAnswer
    words: str


@dataclass(frozen=True, slots=True)
class Conversation:
    """The talk with one person. `Conversation()` is a new one.

    `focus` is the id of the option that was spoken of last; `asked` a question that waits for which option it is about.
    `search` numbers the questions for matching: an answer to an older one comes too late and is dropped.
    `searching` is what the current one is about while its answer is on the way. `tries` counts the messages in a row
    that were not understood. `shared_name` is the place's name that the `candidates` bear, as it was typed; it is kept
    until the message after the choice among them. `name` is the person's own first name, `consent` the version of the
    words in which they agreed that a provider is told of their need; `stalled`: all who were asked could not. `offers`
    are those made to this provider.
    `channel` is where the person last wrote, `last_at` when they last wrote or were told something.
    `draft` is the care that they are telling us they offer, `own` what is on file of it: what the provider's row says.
    `taken_over`: a person of Ayllu answers, and not the bot.
    """

    topic: Topic | None = None
    awaiting: Awaiting | None = None
    tries: int = 0
    place: Place | None = None
    candidates: tuple[Candidate, ...] = ()
    shared_name: str | None = None
    unplaced: str | None = None
    landmark: str | None = None
    care: CareNeed = field(default_factory=CareNeed)
    hubs: HubNeed = field(default_factory=HubNeed)
    subject: str | None = None
    learning: LearningNeed = field(default_factory=LearningNeed)
    lesson: Lesson | None = None
    draft: OwnFile = field(default_factory=OwnFile)
    own: OwnFile | None = None
    listed: tuple[Listed, ...] = ()
    seen_care: tuple[int, ...] = ()
    seen_hubs: tuple[int, ...] = ()
    seen_resources: tuple[int, ...] = ()
    name: str | None = None
    consent: str | None = None
    chosen: Chosen | None = None
    stalled: bool = False
    offers: tuple[PutOffer, ...] = ()
    unsettled: Unsettled | None = None
    question: Question | None = None
    focus: int | None = None
    asked: str | None = None
    alarmed_at: datetime | None = None
    search: int = 0
    searching: Topic | None = None
    opted_out: bool = False
    taken_over: bool = False
    channel: Channel | None = None
    last_at: datetime | None = None

    @property
    def near_ubigeo(self) -> str | None:
        """The district the person spoke of last, or cares for children in, to read the next place by."""
        place = self.place or self.draft.place or (self.own.place if self.own else None)
        return place.ubigeo if place else None

    def to_json(self) -> dict[str, Any]:
        """What `json.dumps` takes."""
        return {"version": VERSION, **_adapter().dump_python(self, mode="json")}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Conversation:
        """The inverse of `to_json`. Raises ConversationError for another version or for what is no conversation."""
        version = kept.get("version")
        if version != VERSION:
            raise ConversationError(
                f"a conversation of version {version!r} was kept; this program reads version {VERSION}: "
                "run the release that wrote it, or a later one"
            )
        try:
            return _adapter().validate_python({name: kept[name] for name in kept if name != "version"})
        except ValidationError as error:
            raise ConversationError(f"a kept conversation does not fit its version: {error}") from error


@lru_cache(maxsize=1)
def _file_adapter() -> TypeAdapter[OwnFile]:
    return TypeAdapter(OwnFile)


@lru_cache(maxsize=1)
def _adapter() -> TypeAdapter[Conversation]:
    return TypeAdapter(Conversation)
