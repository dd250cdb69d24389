"""The part of a form that says where something is: a place by name, then a point near it.

The fields are called as the importers' columns: district, ubigeo, lat, lon. A button of the form named `ubicar` asks
for the map again and saves nothing: a view shows its form anew where `asks_for_map` says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from bot.console.map.drawing import Map, draw, tiles_here
from bot.console.map.outline import is_in_peru
from bot.console.map.projection import View
from bot.console.page import services
from bot.dialogue.phrases import distance
from bot.importers import values
from matching.geo import distance_km
from matching.schema import Point
from nlp.places import District, Gazetteer

BUTTON = "ubicar"
SEE = "ver:"
"""What begins the value of a button that asks for another view of the map. The others ask for what is filled in."""
BESIDE_KM = 30.0
"""A point may lie nearer to another district's centre than to its own: a district is 12 km from its centre to its edge
on average in Lima. Farther off than this, it is a slip."""
SLACK_KM = 5.0
"""Nobody is told that a town on the border lies abroad: our line of it is a kilometre or three off."""
AROUND = 14
"""The zoom at which a place is shown."""


class Placed(NamedTuple):
    """What the form showed when it was last sent to whoever fills it in: a point that they left alone does not stay
    where it was when they name another place."""

    name: str = ""
    ubigeo: str = ""
    lat: str = ""
    lon: str = ""


NOTHING_PLACED = Placed()


@dataclass(frozen=True, slots=True)
class Placing:
    """Where something is, as far as the form says it. Fields are as typed; `errors` by field, `note` what should be
    looked at; `choices` are the districts that the name may mean. `ubigeo` and `point` are good only without errors."""

    district: str
    ubigeo: str
    lat: str
    lon: str
    map: Map
    placed: Placed = NOTHING_PLACED
    choices: tuple[tuple[str, str], ...] = ()
    where: str = ""
    note: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
    point: Point | None = None


def asks_for_map(form: Mapping[str, str]) -> bool:
    """Whether the form was sent to see the map, and not to be saved."""
    return BUTTON in form


def placed_at(ubigeo: str, point: Point) -> Placing:
    """For the form of what is somewhere already."""
    places = services().places
    name, lat, lon = places.label(ubigeo), _degrees(point.lat), _degrees(point.lon)
    return _placing(places, name, ubigeo, lat, lon, Placed(name, ubigeo, lat, lon), None)


def nowhere_yet() -> Placing:
    """For the form of something new."""
    return Placing("", "", "", "", _map(services().places, None, None))


def read_placing(form: Mapping[str, str]) -> Placing:
    """What a form says, checked: a district that is known and meant, a point in Peru and not far from it. Without a
    point, or with one that was there before another place was named, it is that of the neighbourhood or district."""
    places = services().places
    district, ubigeo, lat, lon = (form.get(name, "").strip() for name in ("district", "ubigeo", "lat", "lon"))
    before = Placed(*(form.get(f"placed_{name}", "").strip() for name in Placed._fields))
    if district != before.name or not _known(places, ubigeo):
        ubigeo = ""
    return _placing(places, district, ubigeo, lat, lon, before, form.get(BUTTON))


def _placing(
    places: Gazetteer, district: str, ubigeo: str, lat: str, lon: str, before: Placed, asked: str | None
) -> Placing:
    errors: dict[str, str] = {}
    choices: tuple[tuple[str, str], ...] = ()
    start: Point | None = None
    if not ubigeo:
        found = places.resolve(district) if district else None
        if not district:
            errors["district"] = "Escriba el distrito o el barrio."
        elif found is None:
            errors["district"] = f"No conocemos «{district}». Pruebe con el distrito y la provincia."
        elif found.ubigeo is None:
            choices = tuple((code, full_name(places.district(code))) for code in found.candidates)
            errors["district"] = "Hay varios lugares con ese nombre. Escoja uno."
        else:
            ubigeo = found.ubigeo
            start = Point(*found.point) if found.point else None
    if ubigeo and start is None:
        start = _centre(places.district(ubigeo))
    point, wrong = _read_point(lat, lon)
    is_elsewhere = (district, ubigeo) != (before.name, before.ubigeo)
    if start and (not (lat or lon) or (is_elsewhere and (lat, lon) == (before.lat, before.lon))):
        point, wrong = start, {}
    note = ""
    if point is not None:
        wrong, note = _judge(places, point, ubigeo)
        lat, lon = _degrees(point.lat), _degrees(point.lon)
    seen = View.read(asked.removeprefix(SEE)) if asked and asked.startswith(SEE) else None
    return Placing(
        district=district,
        ubigeo=ubigeo,
        lat=lat,
        lon=lon,
        map=_map(places, seen, point or start),
        # While it is not known which place is meant, the point still belongs to the one before.
        placed=Placed(district, ubigeo, lat, lon) if ubigeo else before._replace(name=district),
        choices=choices,
        where=full_name(places.district(ubigeo)) if ubigeo else "",
        note=note,
        errors={**errors, **wrong},
        point=point,
    )


def _read_point(lat: str, lon: str) -> tuple[Point | None, dict[str, str]]:
    if not lat and not lon:
        return None, {}
    read: dict[str, float] = {}
    errors: dict[str, str] = {}
    for name, text, most in (("lat", lat, 90), ("lon", lon, 180)):
        try:
            read[name] = values.read_degrees(text)
            if not abs(read[name]) <= most:
                raise ValueError
        except ValueError:
            errors[name] = f"Escriba grados, como {'-11.9572' if name == 'lat' else '-77.0531'}."
    return (None, errors) if errors else (Point(read["lat"], read["lon"]), {})


def _judge(places: Gazetteer, point: Point, ubigeo: str) -> tuple[dict[str, str], str]:
    """What is wrong with a point for that district, and what should be looked at."""
    at = places.district_at(point.lat, point.lon)
    if at is None or not is_in_peru(point, SLACK_KM):
        return {"lat": "Ese punto está fuera del Perú. ¿Cambió latitud por longitud?"}, ""
    if not ubigeo or at.ubigeo == ubigeo:
        return {}, ""
    chosen = places.district(ubigeo)
    away = distance_km(point, _centre(chosen))
    if away > BESIDE_KM:
        return {"lat": f"Ese punto está a {distance(away)} de {chosen.name}, por {full_name(at)}."}, ""
    return {}, f"El punto parece estar en {full_name(at)}, y usted escribió {chosen.name}. Revíselo."


def full_name(district: District) -> str:
    """The district with what it lies in: `Comas, Lima`; `Miraflores, Huamalíes, Huánuco`."""
    return ", ".join(dict.fromkeys((district.name, district.province, district.department)))


def _map(places: Gazetteer, view: View | None, point: Point | None) -> Map:
    """A map about the point, whose steps are buttons of the form."""
    shown = view or (View(point, AROUND) if point else View.of_all(()))
    return draw((), places, shown, lambda to: "", "Ubicación en el mapa", around=point, tiles=tiles_here())


def _known(places: Gazetteer, ubigeo: str) -> bool:
    try:
        places.district(ubigeo)
    except KeyError:
        return False
    return True


def _centre(district: District) -> Point:
    return Point(district.lat, district.lon)


def _degrees(number: float) -> str:
    return f"{number:.5f}".rstrip("0").rstrip(".")
