"""What lies around the marks, faintly: districts by name, a scale, how far is far."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from bot.console.map.projection import HEIGHT, WIDTH, Spot, View
from bot.dialogue.phrases import distance
from matching.schema import Point
from nlp.places import Gazetteer

MOST_NAMES = 24
CAPITALS_UNTIL = 8
"""Farther off than this zoom, capitals of departments and provinces come before other districts."""
LIMA = "150101"
PARTS_FROM = 12
"""From this zoom on, parts of districts are named too."""
LETTER, LINE = 6.4, 14
"""Units that a letter is wide and a line high, in the type the names are written in."""
ON_A_PHONE = 1.7
"""There the paper is half as large, and letters are made so much larger to be read."""
MARK = 30
"""Units that a mark takes."""
LONGEST_BAR = 160
"""Units."""
ROUND_METRES = tuple(lead * 10**zeros for zeros in range(1, 6) for lead in (1, 2, 5))
RINGS_KM = (0.5, 1, 2, 4, 8, 20, 40, 80, 160, 320)


class Name(NamedTuple):
    """A district's centre and its name. `everywhere`: there is room for it on a phone too."""

    x: float
    y: float
    text: str
    everywhere: bool


class Bar(NamedTuple):
    """The scale: so many units are so far."""

    units: float
    text: str


class Ring(NamedTuple):
    """All that is so far from a place."""

    x: float
    y: float
    radius: float
    text: str


def names_in(view: View, places: Gazetteer, taken: Iterable[Spot] = ()) -> list[Name]:
    """The most populous districts, and closer up their parts, whose names can be written without one crossing another.
    `taken` are spots that are better left free."""
    box = view.box()
    seen = [
        (named.name, view.spot(Point(named.lat, named.lon)), _rank(named.ubigeo))
        for named in places.named_points(with_parts=view.zoom >= PARTS_FROM)
        if box.south <= named.lat <= box.north and box.west <= named.lon <= box.east
    ]
    if view.zoom < CAPITALS_UNTIL:
        seen.sort(key=lambda one: one[2])
    for_phones: list[tuple[float, float, float, float]] = []
    for_all: list[tuple[float, float, float, float]] = [_around(spot, MARK, MARK) for spot in taken]
    found: list[Name] = []
    for text, spot, _ in seen:
        wide = len(text) * LETTER
        large, small = (
            _around(Spot(spot.x, spot.y + LINE / 2), wide * times, 1.6 * LINE * times)
            for times in (ON_A_PHONE, 1.0)
        )
        if _cuts(small, for_all) or not (small[0] > 0 and small[2] < WIDTH and spot.y < HEIGHT - LINE):
            continue
        everywhere = not _cuts(large, for_phones) and large[0] > 0 and large[2] < WIDTH
        for_all.append(small)
        if everywhere:
            for_phones.append(large)
        found.append(Name(round(spot.x, 1), round(spot.y, 1), text, everywhere))
        if len(found) == MOST_NAMES:
            break
    return found


def bar(view: View) -> Bar:
    """The longest round distance that fits.

    >>> bar(View(Point(-12.0464, -77.0428), 11))
    Bar(units=133.8, text='10 km')
    """
    metres = max(round_ for round_ in ROUND_METRES if round_ / view.metres_per_unit() <= LONGEST_BAR)
    return Bar(round(metres / view.metres_per_unit(), 1), distance(metres / 1000))


def rings(view: View, around: Point) -> list[Ring]:
    """Two circles about a place that both fit on the paper."""
    spot = view.spot(around)
    per_km = 1000 / view.metres_per_unit()
    fitting = [km for km in RINGS_KM if 24 < km * per_km < min(WIDTH, HEIGHT) / 2]
    return [
        Ring(round(spot.x, 1), round(spot.y, 1), round(km * per_km, 1), distance(km)) for km in fitting[-2:]
    ]


def _rank(ubigeo: str) -> int:
    """-1 for Lima, 0 for a department's capital, 1 for a province's, 2 for any other: INEI counts districts from the
    capital on."""
    return -1 if ubigeo == LIMA else 2 - ubigeo.endswith("01") - ubigeo.endswith("0101")


def _around(spot: Spot, wide: float, high: float) -> tuple[float, float, float, float]:
    return spot.x - wide / 2, spot.y - high / 2, spot.x + wide / 2, spot.y + high / 2


def _cuts(
    one: tuple[float, float, float, float], others: Iterable[tuple[float, float, float, float]]
) -> bool:
    return any(
        one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
        for other in others
    )
