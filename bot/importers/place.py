"""Where a row is: its district by code or by name, and its point."""

from __future__ import annotations

from bot.importers.table import CellError
from matching.geo import distance_km
from matching.schema import Point
from nlp.places import District, Gazetteer

FARTHEST_KM = 250.0
"""From a district's capital to its far end: Peru's longest districts, on the rivers of Loreto, reach about as
far. Farther off is a slip."""


def locate(
    places: Gazetteer, ubigeo: str | None, district: str | None, lat: float | None, lon: float | None
) -> tuple[str, Point]:
    """The district's code, and the point given, else that of the neighbourhood or the district.

    Raises CellError: no district, one that nobody knows, several of that name, a point that is not there.
    """
    found, known_point = _district(places, ubigeo, district)
    if lat is None and lon is None:
        return found.ubigeo, known_point or Point(found.lat, found.lon)
    if lat is None or lon is None:
        raise CellError(
            "lat" if lat is None else "lon",
            "lat and lon go together: fill in both or none",
            "lat y lon van juntos: ponga los dos o ninguno",
        )
    point = Point(lat, lon)
    away = distance_km(point, Point(found.lat, found.lon)) if abs(lat) <= 90 and abs(lon) <= 180 else None
    if away is None or away > FARTHEST_KM:
        far = f"{away:.0f} km from" if away is not None else "not"
        raise CellError(
            "lat",
            f"{lat}, {lon} is {far} {found.name} ({found.ubigeo}): are lat and lon swapped?",
            f"{lat}, {lon} no está en {found.name} ({found.ubigeo}): ¿lat y lon están al revés?",
        )
    return found.ubigeo, point


def _district(places: Gazetteer, ubigeo: str | None, name: str | None) -> tuple[District, Point | None]:
    if ubigeo is not None:
        try:
            return places.district(ubigeo), None
        except KeyError:
            raise CellError(
                "ubigeo", f"there is no district {ubigeo}", f"no hay un distrito {ubigeo}"
            ) from None
    if name is None:
        raise CellError(
            "district",
            "is empty, and so is ubigeo: one of them must say where it is",
            "está vacío, y también ubigeo: uno de los dos tiene que decir dónde es",
        )
    found = places.resolve(name)
    if found is None:
        raise CellError(
            "district",
            f"{name!r} is no place that is known: give its ubigeo",
            f"«{name}» no es un lugar conocido: ponga su ubigeo",
        )
    if found.ubigeo is None:
        choices = ", ".join(f"{places.label(code)} {code}" for code in found.candidates)
        raise CellError(
            "district",
            f"{name!r} may be {choices}: give its ubigeo",
            f"«{name}» puede ser {choices}: ponga su ubigeo",
        )
    return places.district(found.ubigeo), Point(*found.point) if found.point else None
