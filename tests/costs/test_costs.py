"""The page of costs says what dialogues cost today."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from bot.channels.prices import Prices
from bot.messages import Channel
from bot.services import Services
from tests.costs.journeys import JOURNEYS, Counted, Journey, measure
from tests.costs.month import Month, bill, volume
from tests.costs.page import PAGE, filled, tables
from tests.support.carrier import LocalCarrier


@pytest.mark.timeout(400)
def test_the_page_tells_what_is_measured(services: Services, carrier: LocalCarrier, tmp_path: Path) -> None:
    page = PAGE.read_text(encoding="utf-8")
    made = filled(page, tables(measure(services, carrier, tmp_path)))
    assert page == made, "messages changed: run `python -m tests.costs`, which writes docs/costs.md anew"


def test_every_family_takes_one_of_the_ways_to_look_for_care() -> None:
    month = Month()
    assert month.times.keys() == JOURNEYS.keys()
    assert sum(list(month.times.values())[:5]) == 1


def test_a_bill_is_the_sum_of_what_each_message_costs() -> None:
    one = Journey(
        "rosa_says_yes",
        {Channel.WHATSAPP: Counted(2, 3, 1), Channel.SMS: Counted(sms_in=2, sms_out=5)},
        {Channel.WHATSAPP: Counted(1, 1, 1), Channel.SMS: Counted(sms_in=1, sms_out=3)},
    )
    month = Month(families=10_000, whatsapp_families=Decimal("0.5"), whatsapp_providers=Decimal(0),
                  times={"rosa_says_yes": Decimal(1)})  # fmt: skip
    total = volume([one], month)
    assert total == {
        "whatsapp_in": 10_000, "whatsapp_free": 15_000, "whatsapp_templates": 5_000, "sms_in": 20_000,
        "sms_out": 55_000,
    }  # fmt: skip
    prices = Prices()
    assert sum(item.cost for item in bill(total, prices)) == (
        30_000 * prices.whatsapp_carried
        + 14_000 * prices.whatsapp_service
        + 5_000 * prices.whatsapp_utility
        + 55_000 * prices.sms_segment
        + 20_000 * prices.sms_received
    )
