"""Figures by district as circles: the larger and darker, the more."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from math import sqrt

from bot.console.map import context, outline
from bot.console.map.drawing import Map, Shade, address_of, asked_view, steps_from, tiles_here
from bot.console.map.projection import View
from bot.console.page import services
from matching.schema import Point
from nlp.places import District

LEVELS = 5
SMALLEST, LARGEST = 6.0, 34.0
"""Units: the radius of a figure close to nothing, and of the highest where there are few."""
CLOSEST_FIT = 11
"""A figure is its whole district's: closer up its circle would seem to tell of the streets it lies on."""
FEW = 20
"""Of more districts in view than these, the circles are so much smaller that they cover no more of the paper."""


def shades_of(
    values: Mapping[str, float | None],
    *,
    title: str,
    told: Callable[[float], str] = lambda value: f"{value:,.0f}",
    too_few: str = "muy pocos para mostrar",
    link: Callable[[str], str] | None = None,
    view: View | None = None,
) -> Map:
    """Figures by ubigeo, each at its district's centre, for `shades_figure` of console/_map.html.

    None is a figure that must not be told: a hollow circle, `too_few` in words. `told` writes a figure, `link` makes
    the address of a district's page. Codes that are no district's are left out.
    """
    places = services().places
    districts = {district.ubigeo: district for district in places.districts()}
    known = {code: value for code, value in values.items() if code in districts}
    fitting = View.of_all(_centre(districts[code]) for code in known)
    shown = view or asked_view() or fitting._replace(zoom=min(fitting.zoom, CLOSEST_FIT))
    highest = max((value for value in known.values() if value is not None), default=0.0)
    edges = _edges(value for value in known.values() if value is not None)
    in_order = sorted(known.items(), key=lambda one: (-(one[1] if one[1] is not None else -1.0), one[0]))
    seen = [
        (code, value, spot)
        for code, value in in_order
        if shown.shows(spot := shown.spot(_centre(districts[code])))
    ]
    largest = max(2 * SMALLEST, LARGEST * min(1.0, sqrt(FEW / max(1, len(seen)))))
    shades = [
        Shade(
            round(spot.x, 1),
            round(spot.y, 1),
            round(_radius(value, highest, largest), 1),
            0 if value is None else bisect_left(edges, value) + 1,
            too_few if value is None else told(value),
            places.label(code),
            link(code) if link else None,
        )
        for code, value, spot in seen
    ]
    tiles = tiles_here()
    return Map(
        title=title,
        view=shown,
        bar=context.bar(shown),
        steps=steps_from(shown, address_of),
        whole=address_of(None),
        names=tuple(context.names_in(shown, places)),
        shades=tuple(shades),
        shade_legend=tuple(_legend(known.values(), edges, told, too_few)),
        out_of_view=len(known) - len(seen),
        pictures=tuple(tiles.beneath(shown)) if tiles else (),
        attribution=tiles.attribution if tiles else "",
        land="" if tiles else outline.drawn(shown),
    )


def _centre(district: District) -> Point:
    return Point(district.lat, district.lon)


def _radius(value: float | None, highest: float, largest: float) -> float:
    """The area of the circle, not its width, is the figure."""
    if value is None or highest <= 0:
        return SMALLEST
    return max(SMALLEST, largest * sqrt(max(0.0, value) / highest))


def _edges(values: Iterable[float]) -> list[float]:
    """The highest figure of each level: as many districts in each, as far as equal figures allow."""
    found = sorted(values)
    if not found:
        return []
    last = [found[min(len(found) - 1, round(len(found) * part / LEVELS))] for part in range(1, LEVELS + 1)]
    return sorted(set(last))


def _legend(
    values: Iterable[float | None], edges: list[float], told: Callable[[float], str], too_few: str
) -> Iterable[tuple[int, str]]:
    of_level: dict[int, list[float]] = {}
    hidden = False
    for value in values:
        if value is None:
            hidden = True
        else:
            of_level.setdefault(bisect_left(edges, value) + 1, []).append(value)
    if hidden:
        yield 0, too_few
    for level, found in sorted(of_level.items()):
        low, high = told(min(found)), told(max(found))
        yield level, low if low == high else f"{low} a {high}"
