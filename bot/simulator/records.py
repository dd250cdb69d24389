"""What the carrier remembers: messages, people, templates and calls to the bot. Frozen; the store hands
them out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from bot.messages import Channel
from bot.simulator.address import Address


class Direction(StrEnum):
    """From a person, or from the bot, as Twilio names it."""

    INBOUND = "inbound"
    OUTBOUND = "outbound-api"


@dataclass(frozen=True, slots=True)
class Button:
    """A reply that can be tapped. `id` comes back as ButtonPayload."""

    title: str
    id: str


@dataclass(frozen=True, slots=True)
class Pin:
    """A place shared on WhatsApp. Degrees; `label` and `address` may be empty."""

    latitude: float
    longitude: float
    label: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Media:
    """A picture. `sid` is ME…; the bytes stay in the ledger, or are at `url` when the bot sent it."""

    sid: str
    content_type: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """One message either way. `revision` grows with every change to anything in the store.

    `answer` is, for one from a person, what the bot's webhook said: an HTTP status, or 0 when it gave none
    in time.
    """

    sid: str
    direction: Direction
    person: Address
    ours: Address
    body: str
    segments: int
    status: str
    created: datetime
    updated: datetime
    revision: int
    sent: datetime | None = None
    error_code: int | None = None
    price: Decimal | None = None
    callback: str | None = None
    service_sid: str | None = None
    content_sid: str | None = None
    buttons: tuple[Button, ...] = ()
    button: Button | None = None
    pin: Pin | None = None
    media: tuple[Media, ...] = ()
    answer: int | None = None

    @property
    def channel(self) -> Channel:
        return self.person.channel

    @property
    def inbound(self) -> bool:
        return self.direction is Direction.INBOUND


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a phone. `wrote` is when they last wrote on a channel; `stopped` where they opted out."""

    number: str
    name: str
    wrote: dict[Channel, datetime]
    stopped: frozenset[Channel]


@dataclass(frozen=True, slots=True)
class Approval:
    """That WhatsApp was asked to take a template, under this name and in this category."""

    name: str
    category: str
    asked: datetime


@dataclass(frozen=True, slots=True)
class Content:
    """A template. `body` has {{1}} where variables go; `defaults` are used where none are given. `approval`: None
    until it is asked for."""

    sid: str
    friendly_name: str
    language: str
    body: str
    buttons: tuple[Button, ...]
    defaults: dict[str, str]
    types: dict[str, object]
    created: datetime
    approval: Approval | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """One request to the bot. `answer` is its HTTP status, None when none came; `status` the message's
    then."""

    id: int
    message_sid: str
    kind: str
    status: str
    answer: int | None
    error: str
    took_ms: int
    at: datetime
