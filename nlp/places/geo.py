"""Distances on the ground."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

EARTH_DIAMETER_KM = 12742.0


def distance_km(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Great-circle distance in kilometres between two points given in degrees."""
    half = sin(radians(other_lat - lat) / 2) ** 2
    half += cos(radians(lat)) * cos(radians(other_lat)) * sin(radians(other_lon - lon) / 2) ** 2
    return EARTH_DIAMETER_KM * asin(sqrt(half))
