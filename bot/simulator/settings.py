"""What the simulated carrier must know about its one customer, the bot."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from bot.channels.prices import Prices


@dataclass(frozen=True, slots=True)
class CarrierSettings:
    """The account, and how this carrier behaves.

    `public_url` is the bot's address without a path: webhooks go there and are signed for it. `database` is
    a SQLite file, made when missing; what it holds is kept between runs. `pace` stretches the time between
    a message's statuses: 1 is lifelike (under a second), 0 is at once. `whatsapp_a_second` is what a sender
    carries. `webhook_timeout_s` is how long the bot may take to answer. With `backstage` the bot tells of its
    inside, and goes by the same clock (bot/clock.py), which the phones' page can set ahead.
    """

    account_sid: str
    auth_token: str = field(repr=False)
    public_url: str
    whatsapp_number: str
    sms_number: str
    database: Path
    prices: Prices = field(default_factory=Prices)
    pace: float = 1.0
    whatsapp_a_second: int = 80
    webhook_timeout_s: float = 15.0
    backstage: bool = False

    @property
    def messages_url(self) -> str:
        """Where the bot hears what people write."""
        return f"{self.public_url.rstrip('/')}/twilio/messages"

    @property
    def fallback_url(self) -> str:
        """Where the bot hears it when the first address gave no good answer."""
        return f"{self.public_url.rstrip('/')}/twilio/fallback"
