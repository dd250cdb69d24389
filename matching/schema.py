"""What matching takes in and gives back: queries, providers, hubs, options, reasons.

Reasons and failed conditions are codes with facts, never sentences: the words are the dialogue's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple


class Point(NamedTuple):
    """A place on earth, WGS 84, in degrees."""

    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Price:
    """Soles for a period (hour, day, week, month). 0 is free; a None period was not said."""

    amount: float
    period: str | None


class CareKind(StrEnum):
    """What kind of provider it is. `care_type` is what a parent's word for it is read as (nlp/schema.py)."""

    CUNA_MAS = "cuna_mas"
    MUNICIPAL = "municipal"
    DAYCARE = "daycare"
    PRESCHOOL = "preschool"
    HOME = "home"
    NANNY = "nanny"

    @property
    def care_type(self) -> str:
        return {"cuna_mas": "daycare", "municipal": "daycare"}.get(self.value, self.value)


@dataclass(frozen=True, slots=True)
class Provider:
    """One who cares for children. Times are "HH:MM", 24-hour; a close before the open is the next morning."""

    id: int
    name: str
    kind: CareKind
    point: Point
    ubigeo: str
    address: str
    min_months: int
    max_months: int
    days: tuple[str, ...]
    opens: str
    closes: str
    price: Price | None
    places_free: int
    verified: bool
    languages: tuple[str, ...] = ()
    amenities: tuple[str, ...] = ()
    special_needs: tuple[str, ...] = ()
    rating: float | None = None
    ratings: int = 0
    quote: str = ""
    """What a parent said of the care, in their words, once an operator let it be shown."""


@dataclass(frozen=True, slots=True)
class CareQuery:
    """What a parent needs. An empty or None field was not said, and is no condition. `exclude` are the ids of
    providers who were already shown."""

    point: Point
    ages_months: tuple[int, ...] = ()
    children: int = 1
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
    exclude: tuple[int, ...] = ()


class Condition(StrEnum):
    """The hard conditions, in the order in which they are relaxed when nothing fits."""

    WITHIN_REACH = "within_reach"
    HOURS = "hours"
    DAYS = "days"
    PLACES = "places"
    AGE = "age"


class ReasonCode(StrEnum):
    """All that can be said for an option, and against it, with the facts that go with it.

    Distances are kilometres, amounts soles, times "HH:MM", ages months. `period` is a price's own.
    """

    SPECIAL_NEED = "special_need"
    """need: as the parent put it; offered: as the provider has it."""
    CARE_TYPE = "care_type"
    """care_type: the one asked for."""
    LANGUAGE = "language"
    """language: as the parent put it."""
    AMENITY = "amenity"
    """amenity: as the parent put it."""
    ALL_SERVICES = "all_services"
    """services: a hub has all that was asked."""
    OPEN_THEN = "open_then"
    """day, opens, closes: a hub is open when it was asked for; the first day of those asked, or None."""
    FREE = "free"
    """(no facts)"""
    WITHIN_BUDGET = "within_budget"
    """amount, period: the provider's price."""
    CHEAPEST = "cheapest"
    """amount, period: the lowest price among the options; only when a cheap one was asked for."""
    CLOSEST = "closest"
    """distance_km: nobody else among the options is nearer."""
    WALKING = "walking"
    """distance_km, minutes: near enough to go on foot with a small child."""
    COMES_HOME = "comes_home"
    """(no facts) a nanny, who comes to the family."""
    ALL_DAY = "all_day"
    """(no facts) open 24 hours, when the parent needs it early or late."""
    OPENS_EARLY = "opens_early"
    """opens: when the parent needs it early."""
    CLOSES_LATE = "closes_late"
    """closes: when the parent needs it late."""
    OVERNIGHT = "overnight"
    """opens, closes: through the night, as asked."""
    WEEKEND = "weekend"
    """days: those of the weekend that were asked for."""
    TAKES_BABY = "takes_baby"
    """min_months: takes children younger than a year, as asked."""
    TOGETHER = "together"
    """children: has places for all of them."""
    RATING = "rating"
    """rating: 1 to 5; ratings: how many."""
    FITS = "fits"
    """(no facts) takes the child on those days at those hours. Every option has it, last of what speaks for
    it."""

    LACKS_SPECIAL_NEED = "lacks_special_need"
    """need: nothing is known of experience with it. A caution."""
    FAR = "far"
    """distance_km: farther than people usually go for it. A caution."""
    OVER_BUDGET = "over_budget"
    """amount, period: the price; over: soles above the budget; over_period: the budget's. A caution."""
    LACKS_LANGUAGE = "lacks_language"
    """language. A caution."""
    LACKS_AMENITY = "lacks_amenity"
    """amenity. A caution."""
    OTHER_CARE_TYPE = "other_care_type"
    """care_type: what it is instead. A caution."""
    PRICE_UNKNOWN = "price_unknown"
    """(no facts) the price matters to the parent, and is not known. A caution."""
    LACKS_SERVICE = "lacks_service"
    """services: what a hub lacks of what was asked. A caution."""
    CLOSED_THEN = "closed_then"
    """(no facts) a hub is not open when it was asked for. A caution."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Something that speaks for an option, or against it (`caution`): a ReasonCode and the facts the wording
    needs."""

    code: str
    facts: dict[str, object] = field(default_factory=dict)
    caution: bool = False


@dataclass(frozen=True, slots=True)
class CareOption:
    """A provider for this query. `score` is 0 to 1. `reasons`: first what speaks for it, then the cautions,
    each strongest first."""

    provider: Provider
    distance_km: float
    score: float
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class CareResult:
    """`options` best first. When it is empty, `failed` names the condition nobody met and `nearest` is the
    best option without it; both are None when there is nobody at all. `also_failed` are further conditions
    that `nearest` does not meet, when nobody fails only one. `problems` say, for the log, what of the query
    was unusable and left out."""

    options: tuple[CareOption, ...]
    failed: Condition | None = None
    nearest: CareOption | None = None
    also_failed: tuple[Condition, ...] = ()
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hub:
    """A place with computers, internet or help. `hours` maps a day (mon…sun) to ("HH:MM", "HH:MM")."""

    id: int
    name: str
    point: Point
    ubigeo: str
    address: str
    services: tuple[str, ...]
    hours: dict[str, tuple[str, str]]
    free: bool


@dataclass(frozen=True, slots=True)
class HubQuery:
    """What is wanted at a hub. `days`, `start` and `end` are when, if said; `closes_after` is the time of day at which
    it must not have closed yet on those days. `exclude` as in CareQuery."""

    point: Point
    services: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    start: str | None = None
    end: str | None = None
    closes_after: str | None = None
    exclude: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class HubOption:
    """A hub for this query. `missing` are the services asked for that it has not; `reasons` as in
    CareOption."""

    hub: Hub
    distance_km: float
    missing: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class HubResult:
    """`options` best first; the first ones have all that was asked and are open then, and an option's
    `missing` says which services it has not. `problems` as in CareResult."""

    options: tuple[HubOption, ...]
    problems: tuple[str, ...] = ()


class ResourceKind(StrEnum):
    """How a resource reaches who learns: a lesson by message, a programme on the radio, a sheet to print, a light
    page."""

    SMS = "sms"
    RADIO = "radio"
    PRINTED = "printed"
    PAGE = "page"


class Level(StrEnum):
    """For whom it is: who never did it, who knows a little, who knows it well."""

    BASIC = "basic"
    MIDDLE = "middle"
    ADVANCED = "advanced"


@dataclass(frozen=True, slots=True)
class Resource:
    """Something to learn from, free. `where` is a page's address, a programme's station and hours, or the services
    (nlp.schema.HUB_SERVICES, between semicolons) that a hub needs for a printed sheet. `kb` is what a page costs in
    data, `parts` are the messages of a lesson."""

    id: int
    title: str
    topics: tuple[str, ...]
    level: Level
    kind: ResourceKind
    language: str
    minutes: int
    summary: str
    where: str = ""
    kb: int | None = None
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ResourceQuery:
    """What somebody wants to learn, in their own words; `level` and `kind` if they said them; `offline` when they
    write from a phone that may have no internet. `exclude` as in CareQuery."""

    subject: str
    level: Level | None = None
    kind: ResourceKind | None = None
    offline: bool = False
    exclude: tuple[int, ...] = ()
