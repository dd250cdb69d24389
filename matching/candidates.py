"""Where candidates come from: the port that a store fills, and the same held in memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import product
from math import floor
from typing import Protocol, TypeVar

from matching.geo import KM_PER_DEGREE, bounding_box, distance_km
from matching.schema import CareQuery, Point, Provider


class Placed(Protocol):
    """A provider or a hub."""

    @property
    def id(self) -> int: ...

    @property
    def point(self) -> Point: ...


P = TypeVar("P", bound=Placed)
Found = TypeVar("Found", bound=Placed, covariant=True)


class Near(Protocol[Found]):
    """All there is within `radius_km` of a point. It may give more, never less: distances are measured
    again."""

    def __call__(self, point: Point, radius_km: float, /) -> Iterable[Found]: ...


class Carers(Protocol):
    """Those who care for children, as matching asks for them, so that a store need not hand over a whole city. Each
    may give more than is asked for, never less: everything is looked at again."""

    def fitting(
        self, query: CareQuery, radius_km: float, nanny_radius_km: float, at_most: int
    ) -> Iterable[Provider]:
        """Of those within the radius, which is another for nannies, who meet the hard conditions of the query and are
        not excluded, the nearest `at_most`; of two as near the lower id."""

    def count(self, point: Point, radius_km: float, at_most: int) -> int:
        """How many are verified within the radius; after `at_most` it may stop counting."""

    def missing(self, query: CareQuery, radius_km: float) -> Iterable[Provider]:
        """Of those verified within the radius and not excluded, for each set of conditions that some do not meet,
        reach aside, the nearest who is no nanny and the nearest nanny."""


class CarersNear:
    """Carers from a place that can only tell who is near, and looks at nobody."""

    def __init__(self, near: Near[Provider]) -> None:
        self._near = near

    def fitting(
        self, query: CareQuery, radius_km: float, nanny_radius_km: float, at_most: int
    ) -> Iterable[Provider]:
        return self._near(query.point, max(radius_km, nanny_radius_km))

    def count(self, point: Point, radius_km: float, at_most: int) -> int:
        near = by_distance(point, self._near(point, radius_km), radius_km)
        return sum(provider.verified for provider, _ in near)

    def missing(self, query: CareQuery, radius_km: float) -> Iterable[Provider]:
        return self._near(query.point, radius_km)


def by_distance(point: Point, found: Iterable[P], radius_km: float) -> list[tuple[P, float]]:
    """What lies within the radius, each with its distance in km, nearest first."""
    placed = ((one, distance_km(point, one.point)) for one in found)
    return sorted(
        ((one, away) for one, away in placed if away <= radius_km), key=lambda pair: (pair[1], pair[0].id)
    )


class Surroundings(Iterable[tuple[P, float]]):
    """What is known around a point, each with its distance in km, as the circle is widened step by step."""

    def __init__(self, point: Point, near: Near[P]) -> None:
        self._point = point
        self._near = near
        self._known: dict[int, tuple[P, float]] = {}
        self.radius_km = 0.0

    def widen(self, radius_km: float) -> list[tuple[P, float]]:
        """Look farther. Gives what was not known before."""
        new = []
        for one in self._near(self._point, radius_km):
            if one.id not in self._known:
                away = distance_km(self._point, one.point)
                if away <= radius_km:
                    self._known[one.id] = found = (one, away)
                    new.append(found)
        self.radius_km = radius_km
        return new

    def __iter__(self) -> Iterator[tuple[P, float]]:
        return iter(self._known.values())

    def __len__(self) -> int:
        return len(self._known)


class Grid(Iterable[P]):
    """Many places in memory, in square cells; `near` gives those of the cells that a circle touches."""

    def __init__(self, places: Iterable[P], cell_km: float = 2.0) -> None:
        self._degrees = cell_km / KM_PER_DEGREE
        self._cells: dict[tuple[int, int], list[P]] = defaultdict(list)
        for place in places:
            self._cells[self._row(place.point.lat), self._row(place.point.lon)].append(place)

    def near(self, point: Point, radius_km: float, /) -> list[P]:
        """What lies in the cells around. Fits `Near`."""
        box = bounding_box(point, radius_km)
        rows = range(self._row(box.south), self._row(box.north) + 1)
        columns = range(self._row(box.west), self._row(box.east) + 1)
        return [place for cell in product(rows, columns) for place in self._cells.get(cell, ())]

    def __iter__(self) -> Iterator[P]:
        return (place for cell in self._cells.values() for place in cell)

    def _row(self, degrees: float) -> int:
        return floor(degrees / self._degrees)
