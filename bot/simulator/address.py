"""Addresses as Twilio writes them: `+51987654321`, `whatsapp:+51987654321`, `whatsapp:PE.1234567890`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.messages import Channel

_E164 = re.compile(r"\+[1-9][0-9]{7,14}")
_WHATSAPP_NAME = re.compile(r"[A-Z]{2}\.[A-Za-z0-9]{1,128}")
_PREFIX = "whatsapp:"


class AddressError(ValueError):
    """Not an address that a message could go to."""


@dataclass(frozen=True, slots=True)
class Address:
    """Somebody on a channel. `number` is "+51…", or on WhatsApp a name that hides the number ("PE.…")."""

    channel: Channel
    number: str

    @classmethod
    def parse(cls, written: str) -> Address:
        """Raises AddressError."""
        channel = Channel.WHATSAPP if written.startswith(_PREFIX) else Channel.SMS
        number = re.sub(r"[\s()-]", "", written.removeprefix(_PREFIX))
        if _E164.fullmatch(number) or (channel is Channel.WHATSAPP and _WHATSAPP_NAME.fullmatch(number)):
            return cls(channel, number)
        raise AddressError(written)

    def __str__(self) -> str:
        return f"{_PREFIX}{self.number}" if self.channel is Channel.WHATSAPP else self.number

    @property
    def has_number(self) -> bool:
        return self.number.startswith("+")
