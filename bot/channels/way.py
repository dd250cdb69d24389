"""Which way a message leaves: free text on WhatsApp within its 24 hours, a template after them, or SMS."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.messages import Channel

WINDOW = timedelta(hours=24)
"""How long after a person last wrote WhatsApp takes free text to them; later only templates (error 63016)."""


class Outgoing(Protocol):
    """What of a message, and of whom it is for, decides its way; see bot.store.outbox.Leaving."""

    @property
    def channel(self) -> Channel: ...
    @property
    def wording(self) -> str: ...
    @property
    def values(self) -> tuple[str, ...]: ...
    @property
    def number(self) -> str | None: ...
    @property
    def whatsapp_wrote_at(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class Template:
    """An approved WhatsApp template, and what goes into its gaps "1", "2", …"""

    content_sid: str
    values: tuple[str, ...]

    @property
    def variables(self) -> dict[str, str]:
        """The gaps by number. WhatsApp takes no line break in one and none that is empty."""
        return {
            str(number): " ".join(value.split()) or "-" for number, value in enumerate(self.values, start=1)
        }


@dataclass(frozen=True, slots=True)
class Way:
    """A channel; on WhatsApp, with the template that the message must leave as."""

    channel: Channel
    template: Template | None = None


class NoWay(Exception):
    """Nothing reaches this person now. The message says why."""


def way_of(message: Outgoing, templates: Mapping[str, str], now: datetime) -> Way:
    """The way this message leaves now. `templates`: ContentSids by the name of their wording. Raises NoWay."""
    if message.channel is Channel.WHATSAPP:
        wrote = message.whatsapp_wrote_at
        if wrote is not None and now - wrote < WINDOW:
            return Way(Channel.WHATSAPP)
        if message.wording in templates:
            return Way(Channel.WHATSAPP, Template(templates[message.wording], message.values))
    if message.number is not None:
        return Way(Channel.SMS)
    if message.channel is Channel.SMS:
        raise NoWay("no phone number is known")
    raise NoWay(
        f"outside WhatsApp's 24 hours no template is set for {message.wording}, and no phone number is known"
    )
