"""What a family needs, as people read it: from what a provider is told, and from the query it is searched by."""

from __future__ import annotations

from typing import Any

from bot.dialogue import phrases
from bot.dialogue.offer_words import read_need
from bot.dialogue.searches import care_query
from bot.dialogue.wording import word
from matching.schema import CareQuery

AGES = {"bebe": (0, 11), "1-2": (12, 35), "3-5": (36, 71), "6": (72, 12 * 18)}
"""Bands of ages, in months, both ends included."""
AGES_CALLED = {"bebe": "Menos de 1 año", "1-2": "1 y 2 años", "3-5": "3 a 5 años", "6": "6 años o más"}

Facts = list[tuple[str, str]]


def in_a_line(data: dict[str, Any]) -> str:
    """Of a request: `una niña de 2 años, lunes a viernes 7am-5pm`."""
    need = read_need(data["need"])
    return _line(
        phrases.whom(need.ages_months, need.children, need.girl),
        phrases.when(need.days, need.start, need.end, need.start_date),
    )


def query_in_a_line(query: dict[str, Any]) -> str:
    """Of a search: `un niño de 2 años, lunes a viernes 7am-5pm`."""
    asked = care_query({"query": query})
    return _line(
        phrases.whom(asked.ages_months, asked.children),
        phrases.when(asked.days, asked.start, asked.end, asked.start_date),
    )


def first_name(data: dict[str, Any]) -> str:
    """How the parent of a request is called, if they said so."""
    return data["need"].get("name") or ""


def place(data: dict[str, Any]) -> str:
    """Where a request looks, as the parent named it."""
    return str(data["need"].get("place") or "")


def understood(query: dict[str, Any]) -> Facts:
    """What was understood of a need, fact by fact; what was not said is left out."""
    asked = care_query({"query": query})
    facts = [
        ("Edad", phrases.enumeration([phrases.age(months) for months in asked.ages_months])),
        ("Cuántos niños", str(asked.children) if asked.children > 1 else ""),
        ("Días", phrases.days(asked.days)),
        ("Horas", phrases.hours(asked.start, asked.end)),
        ("Desde", phrases.weekday_and_date(asked.start_date) if asked.start_date else ""),
        ("Puede pagar", _money(asked)),
        ("Tipo de cuidado", phrases.enumeration([word("care_types", one) for one in asked.care_types])),
        ("Salud o cuidado especial", phrases.enumeration(asked.special_needs)),
        ("Pide que haya", phrases.enumeration(asked.amenities)),
        ("Idioma", phrases.enumeration(asked.languages)),
        ("Distancia", "lo más cerca posible" if asked.near else ""),
    ]
    return [(name, value) for name, value in facts if value]


def is_of_age(ages_months: list[int], band: str) -> bool:
    """Whether one of the children is in this band of AGES."""
    low, high = AGES[band]
    return any(low <= months <= high for months in ages_months)


def _line(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


def _money(asked: CareQuery) -> str:
    if asked.budget is not None:
        return phrases.price(asked.budget)
    return "lo más económico" if asked.cheap else ""
