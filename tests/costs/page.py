"""The tables of docs/costs.md, made from what was measured."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

from bot.channels.prices import Prices
from bot.messages import Channel
from tests.costs.journeys import JOURNEYS, Counted, Journey
from tests.costs.month import PROVIDER_JOURNEYS, Month, bill, journey_cost, volume

PAGE = Path(__file__).parent.parent.parent / "docs" / "costs.md"
_PART = re.compile(r"(<!-- measured: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def tables(journeys: list[Journey]) -> dict[str, str]:
    """Each table, by the name that the page has for its place."""
    month, prices = Month(), Prices()
    return {
        "journeys": _journeys(journeys, prices),
        "volume": _volume(journeys, month),
        "bill": _bill(journeys, month, prices),
        "channels": _channels(journeys, prices),
    }


def filled(page: str, made: dict[str, str]) -> str:
    """The page with its tables in place."""
    return _PART.sub(lambda part: f"{part[1]}{made[part[2]]}{part[3]}", page)


def _journeys(journeys: Iterable[Journey], prices: Prices) -> str:
    lines = [
        "| dialogue | side | on | WhatsApp in | replies | templates | SMS in | SMS out | US$ |",
        "|---|---|---|--:|--:|--:|--:|--:|--:|",
    ]
    for journey in journeys:
        name = f"[{JOURNEYS[journey.name]}]({_link(journey.name)})"
        first = "provider" if journey.name in PROVIDER_JOURNEYS else "family"
        for side, counted in ((first, journey.seekers), ("provider", journey.providers)):
            for channel in Channel:
                if any(counted[channel].cells):
                    lines.append(_row(name, side, channel, counted[channel], prices))
                    name = ""
    return "\n".join(lines) + "\n"


def _link(name: str) -> str:
    return f"https://github.com/ayllu/ayllu/blob/main/tests/conversations/{name}.txt"


def _row(name: str, side: str, channel: Channel, counted: Counted, prices: Prices) -> str:
    on = "WhatsApp" if channel is Channel.WHATSAPP else "SMS"
    cells = " | ".join(str(count) if count else "" for count in counted.cells)
    return f"| {name} | {side} | {on} | {cells} | {journey_cost(counted, prices):.3f} |"


def _volume(journeys: Iterable[Journey], month: Month) -> str:
    words = {
        "whatsapp_in": "WhatsApp messages in",
        "whatsapp_free": "WhatsApp replies within 24 hours",
        "whatsapp_templates": "WhatsApp templates",
        "sms_in": "SMS segments in",
        "sms_out": "SMS segments out",
    }
    lines = [f"| of {month.families:,} families | a month |", "|---|--:|"]
    lines += [f"| {words[kind]} | {count:,.0f} |" for kind, count in volume(journeys, month).items()]
    return "\n".join(lines) + "\n"


def _bill(journeys: Iterable[Journey], month: Month, prices: Prices) -> str:
    items = bill(volume(journeys, month), prices)
    lines = ["| | count | US$ each | US$ |", "|---|--:|--:|--:|"]
    lines += [f"| {item.what} | {item.count:,.0f} | {item.price:.4f} | {item.cost:,.2f} |" for item in items]
    total = sum(item.cost for item in items)
    lines.append(f"| **together** | | | **{total:,.2f}** |")
    lines.append(f"| a family | | | {total / month.families:.3f} |")
    return "\n".join(lines) + "\n"


def _channels(journeys: list[Journey], prices: Prices) -> str:
    lines = ["| families on WhatsApp | providers on WhatsApp | US$ a month | a family |", "|--:|--:|--:|--:|"]
    for families, providers in ((100, 100), (75, 60), (50, 50), (0, 0)):
        month = Month(whatsapp_families=_part(families), whatsapp_providers=_part(providers))
        total = sum(item.cost for item in bill(volume(journeys, month), prices))
        lines.append(f"| {families} % | {providers} % | {total:,.2f} | {total / month.families:.3f} |")
    return "\n".join(lines) + "\n"


def _part(percent: int) -> Decimal:
    return Decimal(percent) / 100
