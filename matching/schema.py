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


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an option is where it is in the list: a code and the facts the wording needs."""

    code: str
    facts: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CareOption:
    """A provider for this query. `score` is 0 to 1, `reasons` strongest first."""

    provider: Provider
    distance_km: float
    score: float
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class CareResult:
    """`options` best first. When it is empty, `failed` names the condition nobody met and `nearest` is the best
    option without it; both are None when there is nobody at all."""

    options: tuple[CareOption, ...]
    failed: Condition | None = None
    nearest: CareOption | None = None


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
    """What is wanted at a hub. `days`, `start` and `end` are when, if said. `exclude` as in CareQuery."""

    point: Point
    services: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    start: str | None = None
    end: str | None = None
    exclude: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class HubOption:
    hub: Hub
    distance_km: float
    missing: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class HubResult:
    """`options` best first; the first ones have all that was asked, and an option's `missing` says what not."""

    options: tuple[HubOption, ...]
