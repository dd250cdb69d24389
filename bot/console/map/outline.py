"""Where Peru ends: its coast and its borders, from Natural Earth (public domain), made by build.py."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from math import cos, hypot, radians
from pathlib import Path

from bot.console.map.projection import HEIGHT, WIDTH, Spot, View
from matching.geo import KM_PER_DEGREE
from matching.schema import Point

FILE = Path(__file__).parent / "peru.csv"
BEYOND = 20.0
"""Units past the edge of the paper to which the line is drawn, so that its cut is not seen."""
FINEST = 2.5
"""Units: corners closer together are drawn as one."""


@lru_cache(maxsize=1)
def rings() -> tuple[tuple[Point, ...], ...]:
    """The mainland, then its islands."""
    found: dict[str, list[Point]] = {}
    with FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["ring"], []).append(Point(float(row["lat"]), float(row["lon"])))
    return tuple(tuple(ring) for ring in found.values())


def drawn(view: View) -> str:
    """Peru as an SVG path: what of it is on the paper."""
    return "".join(
        _path(ring) for points in rings() if (ring := _cut([view.spot(point) for point in points]))
    )


def is_in_peru(point: Point, slack_km: float) -> bool:
    """Whether a point lies in Peru, or no farther than that from its border or its coast."""
    return any(_holds(ring, point) for ring in rings()) or any(
        _near(point, start, end) <= slack_km for ring in rings() for start, end in pairwise((*ring, ring[0]))
    )


def _path(ring: list[Spot]) -> str:
    kept = [ring[0]]
    for spot in ring[1:]:
        if hypot(spot.x - kept[-1].x, spot.y - kept[-1].y) >= FINEST:
            kept.append(spot)
    if len(kept) < 3:
        return ""
    return "M" + "L".join(f"{spot.x:.0f} {spot.y:.0f}" for spot in kept) + "Z"


def _cut(ring: list[Spot]) -> list[Spot]:
    """The part of a ring on the paper, cut side by side (Sutherland and Hodgman)."""
    for across, end in ((True, WIDTH), (False, HEIGHT)):
        for limit, sign in ((-BEYOND, 1.0), (end + BEYOND, -1.0)):
            ring = list(_cut_at(ring, across, limit, sign))
    return ring


def _cut_at(ring: list[Spot], across: bool, limit: float, sign: float) -> Iterator[Spot]:
    """What of a ring lies on one side of a line: upright if `across`; right of it or below with the sign 1."""
    for start, end in pairwise((*ring[-1:], *ring)):
        before, after = (sign * ((spot.x if across else spot.y) - limit) for spot in (start, end))
        if (before >= 0) is not (after >= 0):
            part = before / (before - after)
            yield Spot(start.x + part * (end.x - start.x), start.y + part * (end.y - start.y))
        if after >= 0:
            yield end


def _holds(ring: tuple[Point, ...], point: Point) -> bool:
    """Whether a line from the point to the east crosses the ring an odd number of times."""
    crossed = False
    for start, end in pairwise((*ring, ring[0])):
        if (start.lat > point.lat) is not (end.lat > point.lat):
            at = start.lon + (end.lon - start.lon) * (point.lat - start.lat) / (end.lat - start.lat)
            crossed ^= at > point.lon
    return crossed


def _near(point: Point, start: Point, end: Point) -> float:
    """Kilometres from a point to the line between two others, on flat ground."""
    wide = cos(radians(point.lat))
    x, y = (start.lon - point.lon) * wide, start.lat - point.lat
    along, up = (end.lon - start.lon) * wide, end.lat - start.lat
    length = along * along + up * up
    part = 0.0 if length == 0 else max(0.0, min(1.0, -(x * along + y * up) / length))
    return hypot(x + part * along, y + part * up) * KM_PER_DEGREE
