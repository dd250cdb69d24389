"""What is shown on a map: points with a name, where they lead and how they look; those too close to tell apart as
one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import hypot
from typing import NamedTuple

from bot.console.map.projection import Spot, View
from matching.schema import Point

FEW = 60
"""So many marks are told apart as long as they do not cover each other; of more, whole neighbourhoods become one."""
APART_OF_FEW, APART_OF_MANY = 22, 38
"""Units: what is closer together becomes one."""
GROWTH = 5
"""Units by which a group is larger than a mark, to each side."""


class Look(StrEnum):
    """How a mark looks. Each has a colour and a shape of its own, for those who do not see the one or the other."""

    OK = "ok"
    """A circle: all is well."""
    WAITING = "waiting"
    """A triangle: something is to be done."""
    ALERT = "alert"
    """A diamond: something is wrong."""
    OFF = "off"
    """A square: out of use."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A point to show. `label` is its name, `detail` what the list beside the map says besides, `link` the page it
    leads to; `key` is how `chosen` names it."""

    at: Point
    label: str
    link: str | None = None
    look: Look = Look.OK
    detail: str = ""
    key: str = ""


class Drawn(NamedTuple):
    """A mark on the paper. `number` is its place in the list."""

    x: float
    y: float
    mark: Mark
    number: int
    chosen: bool


class Group(NamedTuple):
    """Several marks that lie too close to tell apart, and a view that tells more of them apart."""

    x: float
    y: float
    size: int
    closer: View | None


class Gathered(NamedTuple):
    """Marks that are drawn on one spot: that of the first."""

    spot: Spot
    marks: list[Mark]


class Listed(NamedTuple):
    """A mark in the list beside the map. `number` is the one drawn; None within a group. `away` is how far from the
    place the map is drawn about; empty without one."""

    mark: Mark
    number: int | None
    away: str
    chosen: bool


def gathered(marks: Iterable[Mark], view: View, chosen: str | None = None) -> list[Gathered]:
    """Those in view, each alone or together with those too close to it; in the order in which they come. The chosen one
    stays alone."""
    seen = [(mark, spot) for mark in marks if view.shows(spot := view.spot(mark.at))]
    apart = APART_OF_FEW if len(seen) <= FEW else APART_OF_MANY
    each = [Gathered(Spot(round(spot.x, 1), round(spot.y, 1)), [mark]) for mark, spot in seen]
    # Twice: a group is drawn larger than a mark, and may only then come too close to another.
    return _brought_together(_brought_together(each, apart, chosen), apart, chosen)


def _brought_together(some: Iterable[Gathered], apart: float, chosen: str | None) -> list[Gathered]:
    found: list[Gathered] = []
    for one in some:
        near = (other for other in found if _cover(one, other, apart, chosen))
        if other := next(near, None):
            other.marks.extend(one.marks)
        else:
            found.append(Gathered(one.spot, [*one.marks]))
    return found


def _cover(one: Gathered, other: Gathered, apart: float, chosen: str | None) -> bool:
    """Whether the two would be drawn over each other, and neither is the chosen one."""
    if chosen is not None and chosen in (one.marks[0].key, other.marks[0].key):
        return False
    grown = (GROWTH if len(one.marks) > 1 else 0) + (GROWTH if len(other.marks) > 1 else 0)
    return hypot(one.spot.x - other.spot.x, one.spot.y - other.spot.y) < apart + grown


def closer_on(marks: Sequence[Mark], view: View) -> View | None:
    """A closer view of them; None when they lie on one spot and none is close enough."""
    if len({mark.at for mark in marks}) == 1:
        return None
    fitting = View.of_all(mark.at for mark in marks)
    nearer = view.closer()
    if nearer is None:
        return None
    return fitting if fitting.zoom > view.zoom else View(fitting.middle, nearer.zoom)
