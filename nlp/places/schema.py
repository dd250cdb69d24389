"""What the gazetteer answers with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple


class District(NamedTuple):
    """One of Peru's 1,891 districts.

    `ubigeo` is INEI's six digits as text; `lat` and `lon` are those of its capital, WGS 84, degrees. `population`
    is INEI/MINAM's of 2023, rounded to hundreds (tens under a thousand), or the imported table's; None where neither
    has it.
    """

    ubigeo: str
    name: str
    province: str
    department: str
    lat: float
    lon: float
    population: int | None


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a name was read as: one district (`ubigeo`) or several to ask about (`candidates`, best first, six at most).

    `point` is (lat, lon) in degrees where the place is known better than its district's capital. `name` is the
    place's own name, as people write it.

    >>> Resolution("150110", (), (-11.915, -77.02), "Collique").value()
    {'ubigeo': '150110'}
    """

    ubigeo: str | None
    candidates: tuple[str, ...]
    point: tuple[float, float] | None
    name: str

    def value(self) -> dict[str, Any]:
        """The normal form of a location, as it goes on the wire."""
        if self.ubigeo is not None:
            return {"ubigeo": self.ubigeo}
        return {"candidates": list(self.candidates)}


class NamedPoint(NamedTuple):
    """A district's centre or a part of a district, by its name: WGS 84, degrees."""

    name: str
    lat: float
    lon: float
    ubigeo: str


class Sense(NamedTuple):
    """One thing a name can mean.

    `tier` orders the senses of a name: 0 laid down by hand, 1 the name of a district, province or region, 2 what
    people call it. `scope` is the code of what the name covers: two digits a region, four a province, six a district.
    """

    tier: int
    name: str
    ubigeo: str
    scope: str
    point: tuple[float, float] | None = None
