"""Distances on earth, good to about 0.5% at any range that matters here."""

from __future__ import annotations

from math import asin, atan2, cos, degrees, radians, sin, sqrt
from typing import NamedTuple

from matching.schema import Point

EARTH_RADIUS_KM = 6371.0088
"""The mean radius of the earth (IUGG)."""
KM_PER_DEGREE = EARTH_RADIUS_KM * radians(1)
"""Of latitude anywhere, and of longitude on the equator: about 111.2."""


class Box(NamedTuple):
    """A rectangle of latitudes and longitudes, in degrees, its edges inside."""

    south: float
    west: float
    north: float
    east: float


def distance_km(a: Point, b: Point) -> float:
    """As the crow flies (haversine).

    >>> round(distance_km(Point(-12.0464, -77.0428), Point(-16.3989, -71.5350)))  # Lima to Arequipa
    766
    """
    lat_a, lat_b = radians(a[0]), radians(b[0])
    north = sin((lat_b - lat_a) / 2)
    east = sin(radians(b[1] - a[1]) / 2)
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(north * north + cos(lat_a) * cos(lat_b) * east * east)))


DIRECTIONS = ("n", "ne", "e", "se", "s", "sw", "w", "nw")


def direction(a: Point, b: Point) -> str:
    """Towards which of the eight winds `b` lies, seen from `a`.

    >>> direction(Point(-12.0464, -77.0428), Point(-16.3989, -71.5350))
    'se'
    """
    east = (b[1] - a[1]) * cos(radians((a[0] + b[0]) / 2))
    angle = degrees(atan2(east, b[0] - a[0])) % 360
    return DIRECTIONS[round(angle / 45) % 8]


def bounding_box(point: Point, radius_km: float) -> Box:
    """The smallest box that holds every place within the radius; its corners lie farther off.

    Made for places away from the poles and the date line, as all of Peru is.
    """
    tall = radius_km / KM_PER_DEGREE
    # The circle is widest in longitude on its edge nearer to the pole.
    farthest = min(89.9, abs(point.lat) + tall)
    wide = tall / cos(radians(farthest))
    return Box(point.lat - tall, point.lon - wide, point.lat + tall, point.lon + wide)
