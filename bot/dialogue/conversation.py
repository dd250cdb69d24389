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

from bot.messages import Channel
from matching.schema import CareKind, Price

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
    days: tuple[str, ...] = ()
    start: str | None = None
    end: str | None = None
    start_date: date | None = None
    budget: Price | None = None
    cheap: bool = False
    care_types: tuple[str, ...] = ()
    special_needs: tuple[str, ...] = ()
    amenities: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    settled: tuple[Awaiting, ...] = ()


@dataclass(frozen=True, slots=True)
class HubNeed:
    """What is wanted at a tech hub, and when."""

    services: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    start: str | None = None
    end: str | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """The care that somebody offers, as far as they said."""

    place: Place | None = None
    min_months: int | None = None
    max_months: int | None = None
    days: tuple[str, ...] = ()
    start: str | None = None
    end: str | None = None
    start_date: date | None = None
    price: Price | None = None
    capacity: int | None = None


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
    what: Literal["care"] = "care"


@dataclass(frozen=True, slots=True)
class ListedHub:
    """A tech hub as it was shown. `hours` maps a day to its opening and closing time."""

    number: int
    id: int
    name: str
    distance_km: float
    address: str
    services: tuple[str, ...]
    hours: dict[str, tuple[str, str]]
    free: bool
    missing: tuple[str, ...] = ()
    what: Literal["hub"] = "hub"


Listed = ListedCare | ListedHub


@dataclass(frozen=True, slots=True)
class Chosen:
    """The provider whom the parent picked, and about whom a person of Ayllu is asking."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Conversation:
    """The talk with one person. `Conversation()` is a new one.

    `focus` is the id of the option that was spoken of last; `asked` a question that waits for which option it is about.
    `search` numbers the questions for matching: an answer to an older one comes too late and is dropped.
    `searching` is what the current one is about while its answer is on the way. `tries` counts the messages in a row
    that were not understood. `shared_name` is the place's name that the `candidates` bear, as it was typed; it is kept
    until the message after the choice among them. `channel` and `last_at` are where and when the person last wrote.
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
    offer: Offer = field(default_factory=Offer)
    listed: tuple[Listed, ...] = ()
    seen_care: tuple[int, ...] = ()
    seen_hubs: tuple[int, ...] = ()
    chosen: Chosen | None = None
    focus: int | None = None
    asked: str | None = None
    search: int = 0
    searching: Topic | None = None
    opted_out: bool = False
    channel: Channel | None = None
    last_at: datetime | None = None

    @property
    def near_ubigeo(self) -> str | None:
        """The district the person spoke of last, to read the next place by."""
        return self.place.ubigeo if self.place else None

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
def _adapter() -> TypeAdapter[Conversation]:
    return TypeAdapter(Conversation)
