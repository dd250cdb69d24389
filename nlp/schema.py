"""The closed sets a message is read into, and the result of reading one.

The wire form (`Parse.to_wire`) is a contract with everything that talks to `ayllu parse`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

SCHEMA_VERSION = 1
"""Raised whenever an intent or a slot is added, removed or renamed; a model trained for another is refused."""


class Intent(StrEnum):
    """What the person wants. Exactly one per message."""

    FIND_CHILDCARE = "find_childcare"
    FIND_TECH_HUB = "find_tech_hub"
    FIND_LEARNING = "find_learning"
    INFORM = "inform"
    CHOOSE_OPTION = "choose_option"
    MORE_OPTIONS = "more_options"
    AFFIRM = "affirm"
    DENY = "deny"
    ASK_PRICE = "ask_price"
    ASK_DETAILS = "ask_details"
    CHECK_STATUS = "check_status"
    CANCEL = "cancel"
    OFFER_CARE = "offer_care"
    UPDATE_AVAILABILITY = "update_availability"
    RATE_PROVIDER = "rate_provider"
    REPORT_PROBLEM = "report_problem"
    EMERGENCY = "emergency"
    TALK_TO_HUMAN = "talk_to_human"
    HELP = "help"
    GREET = "greet"
    THANK = "thank"
    OPT_OUT = "opt_out"
    OPT_IN = "opt_in"
    DELETE_MY_DATA = "delete_my_data"
    OUT_OF_SCOPE = "out_of_scope"


class SlotName(StrEnum):
    """What a span of the message is."""

    LOCATION = "location"
    LANDMARK = "landmark"
    CHILD_AGE = "child_age"
    CHILD_COUNT = "child_count"
    DAYS = "days"
    TIME = "time"
    START_DATE = "start_date"
    PRICE = "price"
    CARE_TYPE = "care_type"
    SPECIAL_NEED = "special_need"
    LANGUAGE = "language"
    AMENITY = "amenity"
    HUB_SERVICE = "hub_service"
    TOPIC = "topic"
    OPTION = "option"
    PROVIDER = "provider"
    CAPACITY = "capacity"
    RATING = "rating"


DAYS_OF_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
PRICE_PERIODS = ("hour", "day", "week", "month")
CARE_TYPES = ("daycare", "preschool", "nanny", "home")
HUB_SERVICES = ("internet", "computer", "wifi", "printing", "scanning", "charging", "training", "video_call")


@dataclass(frozen=True, slots=True)
class Slot:
    """One span of the message.

    `start` and `end` count Unicode characters of the message as it was received; `text` is the span itself.
    `value` is the normal form, as JSON has it (None: could not be worked out). `point` is (lat, lon) in degrees
    where a location is known better than its district's centre; it stays off the wire.
    """

    slot: SlotName
    text: str
    start: int
    end: int
    value: Any = None
    point: tuple[float, float] | None = field(default=None, compare=False)

    def to_wire(self) -> dict[str, Any]:
        return {
            "slot": self.slot.value,
            "text": self.text,
            "start": self.start,
            "end": self.end,
            "value": self.value,
        }


@dataclass(frozen=True, slots=True)
class Parse:
    """What one message means. `confidence` is calibrated: the chance, 0 to 1, that the intent is right."""

    text: str
    intent: Intent
    confidence: float
    slots: tuple[Slot, ...] = ()

    def of(self, name: SlotName) -> tuple[Slot, ...]:
        """The slots of that name, in the order of the message."""
        return tuple(slot for slot in self.slots if slot.slot == name)

    def to_wire(self) -> dict[str, Any]:
        """The JSON object of the schema, keys in the schema's order."""
        return {
            "text": self.text,
            "intent": self.intent.value,
            "confidence": round(self.confidence, 4),
            "slots": [slot.to_wire() for slot in self.slots],
        }

    @classmethod
    def from_wire(cls, wire: dict[str, Any]) -> Parse:
        """The inverse of `to_wire`. Raises KeyError or ValueError on anything outside the schema."""
        return cls(
            text=wire["text"],
            intent=Intent(wire["intent"]),
            confidence=float(wire["confidence"]),
            slots=tuple(
                Slot(SlotName(s["slot"]), s["text"], s["start"], s["end"], s.get("value"))
                for s in wire["slots"]
            ),
        )
