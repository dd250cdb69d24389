"""Collique, and who cares for children there: the people of the stories."""

from __future__ import annotations

from typing import Any

from matching.candidates import CarersNear, Grid
from matching.schema import CareKind, CareQuery, CareResult, Hub, HubQuery, Point, Price, Provider

COLLIQUE = Point(-11.915, -77.02)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")
ALL_WEEK = (*WEEKDAYS, "sat", "sun")
KM = 1 / 111.2
"""A kilometre of latitude, in degrees."""


def north(km: float, of: Point = COLLIQUE) -> Point:
    return Point(of.lat + km * KM, of.lon)


def provider(id: int, *, km: float = 1.0, **facts: Any) -> Provider:
    """A nido for 1 to 5 years, open all day on weekdays, with room, `km` north of the parent, unless told
    otherwise."""
    usual: dict[str, Any] = {
        "name": f"Nido {id}",
        "kind": CareKind.PRESCHOOL,
        "point": north(km),
        "ubigeo": "150110",
        "address": "",
        "min_months": 12,
        "max_months": 60,
        "days": WEEKDAYS,
        "opens": "08:00",
        "closes": "17:00",
        "price": Price(300, "month"),
        "places_free": 3,
        "verified": True,
    }
    return Provider(id=id, **(usual | facts))


def cuna_mas(id: int, **facts: Any) -> Provider:
    """A Cuna Más centre, by the programme's rules."""
    return provider(
        id,
        **{
            "name": f"Cuna Más {id}",
            "kind": CareKind.CUNA_MAS,
            "min_months": 6,
            "max_months": 36,
            "closes": "16:00",
            "price": Price(0, None),
        }
        | facts,
    )


def hub(id: int, *, km: float = 1.0, **facts: Any) -> Hub:
    """A hub with internet and computers, open on weekdays from 9 to 18, unless told otherwise."""
    usual: dict[str, Any] = {
        "name": f"Hub {id}",
        "point": north(km),
        "ubigeo": "150110",
        "address": "",
        "services": ("internet", "computer"),
        "hours": dict.fromkeys(WEEKDAYS, ("09:00", "18:00")),
        "free": True,
    }
    return Hub(id=id, **(usual | facts))


def ask(**need: Any) -> CareQuery:
    """A parent in Collique."""
    return CareQuery(**{"point": COLLIQUE} | need)


def ask_hub(**need: Any) -> HubQuery:
    """Somebody in Collique."""
    return HubQuery(**{"point": COLLIQUE} | need)


def near(*providers: Provider) -> Any:
    """These, as a store gives them."""
    return CarersNear(Grid(providers).near)


def near_hubs(*hubs: Hub) -> Any:
    return Grid(hubs).near


def ids(result: CareResult) -> list[int]:
    return [option.provider.id for option in result.options]
