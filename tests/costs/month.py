"""What a month costs: how often each journey is taken, on which channel, at which prices. All of it may be changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from bot.channels.prices import Prices
from bot.messages import Channel
from tests.costs.journeys import Counted, Journey


@dataclass(frozen=True, slots=True)
class Month:
    """How often each journey is taken in a month in which `families` look for care, and by whom on which channel."""

    families: int = 1000
    whatsapp_families: Decimal = Decimal("0.75")
    whatsapp_providers: Decimal = Decimal("0.60")
    times: dict[str, Decimal] = field(
        default_factory=lambda: {
            "rosa_says_yes": Decimal("0.35"),
            "rosa_asks_before_she_says_yes": Decimal("0.15"),
            "nobody_can_this_time": Decimal("0.10"),
            "nobody_answers": Decimal("0.10"),
            "mother_in_collique": Decimal("0.30"),
            "internet_in_ayacucho_by_sms": Decimal("0.20"),
            "excel_by_sms": Decimal("0.05"),
            "she_registers_in_twelve_sms": Decimal("0.03"),
        }
    )
    """For each family. The first five are one each; hubs, lessons and new providers come on top."""


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the bill."""

    what: str
    count: Decimal
    price: Decimal

    @property
    def cost(self) -> Decimal:
        return self.count * self.price


PROVIDER_JOURNEYS = {"she_registers_in_twelve_sms"}
"""Whose only person is a provider."""


def volume(journeys: Iterable[Journey], month: Month) -> dict[str, Decimal]:
    """Messages and segments of the month, by kind."""
    total = dict.fromkeys(KINDS, Decimal(0))
    for journey in journeys:
        times = month.times[journey.name] * month.families
        seekers = month.whatsapp_providers if journey.name in PROVIDER_JOURNEYS else month.whatsapp_families
        for side, whatsapp in ((journey.seekers, seekers), (journey.providers, month.whatsapp_providers)):
            for channel, part in ((Channel.WHATSAPP, whatsapp), (Channel.SMS, 1 - whatsapp)):
                for kind, count in zip(KINDS, side[channel].cells, strict=True):
                    total[kind] += count * times * part
    return total


KINDS = ("whatsapp_in", "whatsapp_free", "whatsapp_templates", "sms_in", "sms_out")


def bill(total: dict[str, Decimal], prices: Prices) -> list[Item]:
    """The month's messages at these prices; numbers' rent and taxes are not in it."""
    whatsapp = total["whatsapp_in"] + total["whatsapp_free"] + total["whatsapp_templates"]
    paid_replies = max(Decimal(0), total["whatsapp_free"] - prices.whatsapp_service_free_a_month)
    return [
        Item("WhatsApp messages, in and out, Twilio's fee", whatsapp, prices.whatsapp_carried),
        Item("WhatsApp replies beyond the free 1,000, Meta's fee", paid_replies, prices.whatsapp_service),
        Item("WhatsApp templates, Meta's fee", total["whatsapp_templates"], prices.whatsapp_utility),
        Item("SMS segments out", total["sms_out"], prices.sms_segment),
        Item("SMS segments in", total["sms_in"], prices.sms_received),
    ]


def journey_cost(side: Counted, prices: Prices) -> Decimal:
    """One side of one journey, with no reply free."""
    fees = (
        prices.whatsapp_carried,
        prices.whatsapp_carried + prices.whatsapp_service,
        prices.whatsapp_carried + prices.whatsapp_utility,
        prices.sms_received,
        prices.sms_segment,
    )
    return sum((count * fee for count, fee in zip(side.cells, fees, strict=True)), Decimal(0))
