"""Where a place on earth lies on the paper: Web Mercator, as every tile server draws it, so that tiles fit beneath."""

from __future__ import annotations

import re
from collections.abc import Iterable
from math import atan, cos, degrees, exp, log, pi, radians, tan
from typing import NamedTuple

from matching.geo import Box
from matching.schema import Point

WIDTH, HEIGHT = 640, 480
"""The paper, in units of the drawing; a screen shows it larger or smaller."""
TILE = 256
"""Units that a tile is wide and high."""
WIDEST, CLOSEST = 4, 17
"""Zoom: all of South America's west; a few streets."""
CLOSEST_FIT = 15
"""A single point is shown with what is around it."""
MARGIN = 48
"""Units that are kept free at the edge, so that no mark is cut."""
METRES_PER_UNIT = 40_075_016.686 / TILE
"""On the equator, at zoom 0."""
STEP = 0.33
"""The part of the paper by which a step to one side moves it."""

_WRITTEN = re.compile(r"(-?\d{1,2}(?:\.\d{1,6})?),(-?\d{1,3}(?:\.\d{1,6})?),(\d{1,2})")


class Spot(NamedTuple):
    """A place on the paper, in units from its upper left corner."""

    x: float
    y: float


class View(NamedTuple):
    """What part of the earth is shown: its middle, and how close (each step of `zoom` is twice as close)."""

    middle: Point
    zoom: int

    @classmethod
    def read(cls, written: str | None) -> View | None:
        """A view as an address has it, `-12.0464,-77.0428,11`; None for what is none.

        >>> View.read("-12.0464,-77.0428,11")
        View(middle=Point(lat=-12.0464, lon=-77.0428), zoom=11)
        """
        found = _WRITTEN.fullmatch(written or "")
        if not found:
            return None
        lat, lon, zoom = float(found[1]), float(found[2]), int(found[3])
        if abs(lat) > 80 or abs(lon) > 180:
            return None
        return cls(Point(lat, lon), min(CLOSEST, max(WIDEST, zoom)))

    @classmethod
    def of_all(cls, points: Iterable[Point]) -> View:
        """The closest that shows all of them; Peru when there are none."""
        found = list(points)
        if not found:
            return PERU
        flat = [_flat(point) for point in found]
        west, east = min(spot.x for spot in flat), max(spot.x for spot in flat)
        north, south = min(spot.y for spot in flat), max(spot.y for spot in flat)
        middle = _round(Spot((west + east) / 2, (north + south) / 2))
        for zoom in range(CLOSEST_FIT, WIDEST, -1):
            size = TILE * 2**zoom
            if (east - west) * size <= WIDTH - 2 * MARGIN and (south - north) * size <= HEIGHT - 2 * MARGIN:
                return cls(middle, zoom)
        return cls(middle, WIDEST)

    def written(self) -> str:
        """As `read` takes it."""
        return f"{self.middle.lat:.5f},{self.middle.lon:.5f},{self.zoom}"

    def spot(self, point: Point) -> Spot:
        """Where on the paper a point lies; off it for what is not in view."""
        size = TILE * 2**self.zoom
        here, middle = _flat(point), _flat(self.middle)
        return Spot((here.x - middle.x) * size + WIDTH / 2, (here.y - middle.y) * size + HEIGHT / 2)

    def point(self, spot: Spot) -> Point:
        """What place lies there on the paper."""
        size = TILE * 2**self.zoom
        middle = _flat(self.middle)
        return _round(Spot(middle.x + (spot.x - WIDTH / 2) / size, middle.y + (spot.y - HEIGHT / 2) / size))

    def box(self) -> Box:
        """The rectangle of the earth that is in view."""
        upper, lower = self.point(Spot(0, 0)), self.point(Spot(WIDTH, HEIGHT))
        return Box(lower.lat, upper.lon, upper.lat, lower.lon)

    def shows(self, spot: Spot) -> bool:
        """Whether a place is on the paper."""
        return 0 <= spot.x <= WIDTH and 0 <= spot.y <= HEIGHT

    def metres_per_unit(self) -> float:
        """What one unit of the paper measures on the ground, in the middle of the view."""
        return METRES_PER_UNIT * cos(radians(self.middle.lat)) / 2**self.zoom

    def closer(self) -> View | None:
        """Twice as close; None at the closest."""
        return View(self.middle, self.zoom + 1) if self.zoom < CLOSEST else None

    def wider(self) -> View | None:
        """Half as close; None at the widest."""
        return View(self.middle, self.zoom - 1) if self.zoom > WIDEST else None

    def moved(self, right: int, down: int) -> View:
        """A step to a side: 1, 0 or -1 each way."""
        middle = Spot(WIDTH * (0.5 + STEP * right), HEIGHT * (0.5 + STEP * down))
        return View(self.point(middle), self.zoom)


PERU = View(Point(-9.3, -75.0), 5)
"""All of the country."""


def _flat(point: Point) -> Spot:
    """The whole earth on a square of side 1, north up."""
    lat = max(-85.0, min(85.0, point.lat))
    return Spot((point.lon + 180) / 360, (1 - log(tan(pi / 4 + radians(lat) / 2)) / pi) / 2)


def _round(spot: Spot) -> Point:
    """Back to degrees, to about a metre."""
    lat = degrees(2 * atan(exp(pi * (1 - 2 * spot.y))) - pi / 2)
    return Point(round(lat, 5), round(spot.x * 360 - 180, 5))
