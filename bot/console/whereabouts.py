"""Districts on the console's pages: of a point, by the name people read, and as somebody types them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from nlp.places import Gazetteer


@lru_cache(maxsize=4096)
def district_at(places: Gazetteer, lat: float, lon: float) -> str | None:
    """The code of the district a point lies in; None far outside Peru. The same few points come again and again."""
    found = places.district_at(lat, lon)
    return found.ubigeo if found else None


@lru_cache(maxsize=4096)
def label(places: Gazetteer, ubigeo: str | None) -> str:
    """The name that people read; empty for a code that is none."""
    try:
        return places.label(ubigeo) if ubigeo else ""
    except KeyError:
        return ""


def district_of_query(places: Gazetteer, query: dict[str, Any]) -> str | None:
    """The district in which a search for care looks, by the query in a job's data."""
    lat, lon = query["point"]
    return district_at(places, float(lat), float(lon))


def typed(places: Gazetteer, text: str) -> str | None:
    """The code of the district that somebody typed; None for what is none, or several."""
    found = places.resolve(text.strip()[:80]) if text.strip() else None
    return found.ubigeo if found else None
