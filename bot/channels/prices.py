"""What messages cost, in US dollars, so that a conversation can be shown with its price, here and in the simulator.

Facts, and where they come from:

- Twilio asks US$ 0.005 for each WhatsApp message, in or out, on top of Meta's fee (Twilio support, "How
  much does it cost to send and receive WhatsApp messages").
- Meta asks for each utility template that is delivered. Free-form replies inside the 24 hours were free until
  30 September 2026; since then, as several providers report, the first 1,000 of each number and month are free
  and the rest cost as much as a utility message. US$ 0.0200 for Peru is a figure for planning only: Meta's rate
  card has the one in force.
- Twilio's price of an SMS to Peru differs by network and account. The figure here is for planning only:
  read the account's own from Twilio's Pricing API (`pricing.v1.messaging.countries("PE")`) before a budget
  is built on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from bot.messages import Channel


@dataclass(frozen=True, slots=True)
class Prices:
    """The rates, each in US dollars. Frozen; a deployment that knows better passes its own."""

    sms_segment: Decimal = Decimal("0.0750")
    sms_received: Decimal = Decimal("0.0075")
    whatsapp_carried: Decimal = Decimal("0.0050")
    whatsapp_utility: Decimal = Decimal("0.0200")
    whatsapp_service: Decimal = Decimal("0.0200")
    whatsapp_service_free_a_month: int = 1000

    def sent(
        self, channel: Channel, *, segments: int, template: bool, replies_this_month: int = 0
    ) -> Decimal:
        """What one message to a person costs. `replies_this_month`: free-form WhatsApp messages before
        this one."""
        if channel is Channel.SMS:
            return self.sms_segment * segments
        if template:
            return self.whatsapp_carried + self.whatsapp_utility
        if replies_this_month < self.whatsapp_service_free_a_month:
            return self.whatsapp_carried
        return self.whatsapp_carried + self.whatsapp_service

    def received(self, channel: Channel, *, segments: int) -> Decimal:
        """What one message from a person costs the bot."""
        return self.sms_received * segments if channel is Channel.SMS else self.whatsapp_carried
