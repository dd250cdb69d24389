"""What passes between the doors of the bot: a message in, replies and jobs out. Frozen, and free of any library."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from nlp.schema import Parse


class Channel(StrEnum):
    """The ways a message travels."""

    WHATSAPP = "whatsapp"
    SMS = "sms"


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message of one person, understood, as the dialogue sees it.

    `parse` is None when there was no text to understand (a pin, a photo alone). `pin` is (lat, lon) in degrees of
    a location shared from WhatsApp. `media` is the number of attachments. `payload` is a button's own id.
    """

    channel: Channel
    at: datetime
    text: str = ""
    parse: Parse | None = None
    pin: tuple[float, float] | None = None
    media: int = 0
    payload: str | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """One bubble, in both forms. `key` names its wording; `sms` is GSM-7. Which form leaves is the outbox's choice."""

    key: str
    whatsapp: str
    sms: str


class JobKind(StrEnum):
    """What the dialogue may ask to be done. `FIND_…` come back to it as results; `OPERATOR` opens a case."""

    FIND_CARE = "find_care"
    FIND_HUBS = "find_hubs"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Job:
    """Something to be done after the transaction. `data` is JSON: it is stored with the row that the job works on."""

    kind: JobKind
    data: dict[str, Any] = field(default_factory=dict)


class CaseReason(StrEnum):
    """Why a person must look: `reason` in the data of an OPERATOR job."""

    EMERGENCY = "emergency"
    HUMAN = "human"
    PROBLEM = "problem"
    NO_MATCH = "no_match"
    CHOSEN = "chosen"
    PROVIDER = "provider"
    ERASE = "erase"
    LEARNING = "learning"
