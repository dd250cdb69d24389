"""Writes Peru's outline from Natural Earth's map of the world at 1:10 million, which is in the public domain.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python -m bot.console.map.build package/countries-10m.json

The same file gives the same bytes. Natural Earth is good to about a kilometre: enough to see where the sea is.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator, Sequence
from itertools import accumulate
from math import hypot
from pathlib import Path
from typing import Any

from bot.console.map.outline import FILE

PERU = "604"
"""ISO 3166-1, numeric."""
SLACK = 0.004
"""Degrees by which the line may be off that of the source: under half a kilometre."""

Corner = tuple[float, float]


def main() -> None:
    world = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    with FILE.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(("ring", "lat", "lon"))
        for number, ring in enumerate(rings(world)):
            out.writerows((number, f"{lat:.4f}", f"{lon:.4f}") for lon, lat in simpler(ring))


def rings(world: dict[str, Any]) -> Iterator[list[Corner]]:
    """Peru's outer rings, mainland and islands, from a TopoJSON file."""
    shapes = world["objects"]["countries"]["geometries"]
    peru = next(shape for shape in shapes if shape.get("id") == PERU)
    for polygon in peru["arcs"] if peru["type"] == "MultiPolygon" else [peru["arcs"]]:
        ring: list[Corner] = []
        for arc in polygon[0]:
            line = corners(world, arc if arc >= 0 else ~arc)
            ring += line[:-1] if arc >= 0 else line[:0:-1]
        yield ring


def corners(world: dict[str, Any], arc: int) -> list[Corner]:
    """A line of a TopoJSON file, from steps on its grid to degrees."""
    (wide, high), (west, south) = world["transform"]["scale"], world["transform"]["translate"]
    steps = zip(*world["arcs"][arc], strict=True)
    xs, ys = (list(accumulate(axis)) for axis in steps)
    return [(x * wide + west, y * high + south) for x, y in zip(xs, ys, strict=True)]


def simpler(line: Sequence[Corner]) -> list[Corner]:
    """Without the corners that lie on the way between others (Douglas and Peucker)."""
    kept = {0, len(line) - 1}
    open_ = [(0, len(line) - 1)]
    while open_:
        first, last = open_.pop()
        between = range(first + 1, last)
        farthest = max(between, key=lambda at: off(line[at], line[first], line[last]), default=None)
        if farthest is not None and off(line[farthest], line[first], line[last]) > SLACK:
            kept.add(farthest)
            open_ += [(first, farthest), (farthest, last)]
    return [line[at] for at in sorted(kept)]


def off(at: Corner, start: Corner, end: Corner) -> float:
    """How far a corner lies from the line between two others."""
    along, up = end[0] - start[0], end[1] - start[1]
    length = hypot(along, up)
    if length == 0:
        return hypot(at[0] - start[0], at[1] - start[1])
    return abs(along * (at[1] - start[1]) - up * (at[0] - start[0])) / length


if __name__ == "__main__":
    main()
