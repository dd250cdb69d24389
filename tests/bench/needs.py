"""What parents all over Peru ask for: mostly weekdays, some nights and weekends, some with a budget or a special need;
a few whom nobody can help."""

from __future__ import annotations

from random import Random
from typing import Any

from matching.schema import CareQuery, Price
from tests.support import crowd

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")
TIMES: tuple[tuple[int, dict[str, Any]], ...] = (
    (5, {"days": WEEKDAYS, "start": "08:00", "end": "17:00"}),
    (3, {}),
    (2, {"days": WEEKDAYS, "start": "07:00", "end": "19:00"}),
    (1, {"days": (*WEEKDAYS, "sat"), "start": "06:00", "end": "18:00"}),
    (1, {"start": "13:00", "end": "18:00"}),
    (1, {"days": ("sat", "sun"), "start": "09:00", "end": "14:00"}),
    (1, {"days": WEEKDAYS, "start": "19:00", "end": "07:00"}),
    (1, {"days": WEEKDAYS, "start": "22:00", "end": "06:00"}),
)
AGES = (4, 8, 12, 18, 24, 24, 30, 36, 48, 60, 84, 110)
TOO_OLD = 170
"""Months at which nobody takes a child: then whoever comes closest is looked for."""


def needs(count: int) -> list[CareQuery]:
    """So many; one in a hundred is past help."""
    chance = Random("needs")
    weights, times = zip(*TIMES, strict=True)
    found = []
    for number, home in enumerate(crowd.parents(count)):
        need = dict(chance.choices(times, weights)[0])
        need["ages_months"] = (TOO_OLD,) if number % 100 == 50 else (chance.choice(AGES),)
        if chance.random() < 0.1:
            need["children"] = 2
        if chance.random() < 0.3:
            need["budget"] = Price(chance.choice((200, 300, 400, 600)), "month")
        if chance.random() < 0.15:
            need["special_needs"] = (chance.choice(("autismo", "asma", "síndrome de Down")),)
        if chance.random() < 0.15:
            need["care_types"] = (chance.choice(("daycare", "nanny", "home")),)
        if chance.random() < 0.1:
            need["amenities"] = ("almuerzo",)
        found.append(CareQuery(home, **need))
    return found
