"""Which figures may be shown, so that none tells of fewer than five people, neither by itself nor by what can be worked
out from the others.

A figure with one to four people behind it is a secret. It is not shown; and of figures that are bound together by sums,
so many others are held back that no sum or difference of what is shown gives a secret away, or a part of a total with
fewer than five behind it. What is worked out here are whole tables, whatever part of them a page shows: two pages with
other filters are two parts of the same table.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

FEWEST = 5
"""People behind each figure that is shown."""
_PRIME = 2_147_483_647

Key = TypeVar("Key", bound=Hashable)


class Figure(NamedTuple):
    """A figure, and how many people are behind it, at least. `rest`: it stands nowhere, but is what is left between two
    that do, and must not be told by them."""

    value: int
    people: int
    rest: bool = False


@dataclass(frozen=True, slots=True)
class Sum(Generic[Key]):
    """The total is what its parts add up to."""

    total: Key
    parts: tuple[Key, ...]


class Table(Generic[Key]):
    """Figures that are bound together by sums. `disjoint`: the people behind the parts of a total are all different
    ones, and the figures count them; else they may be the same ones."""

    def __init__(self, figures: Mapping[Key, Figure], sums: Iterable[Sum[Key]], *, disjoint: bool) -> None:
        self._figures = {key: one for key, one in figures.items() if one.value}
        self._disjoint = disjoint
        self._sums = [
            Sum(one.total, parts)
            for one in sums
            if one.total in self._figures and (parts := tuple(p for p in one.parts if p in self._figures))
        ]
        self._of: defaultdict[Key, list[Sum[Key]]] = defaultdict(list)
        for one in self._sums:
            for key in (one.total, *one.parts):
                self._of[key].append(one)
        self._totals = {one.total for one in self._sums}
        self.secrets = {key for key, one in self._figures.items() if one.people < FEWEST}
        self.held_back: set[Key] = set()
        """What could be shown, but for what it would tell of others."""
        self._released: set[Key] = set()
        """What was held back in vain, since it follows from what is shown: it is shown then."""
        self._guarded = set(self.secrets)
        """What must not follow from what is shown."""
        self._protect()

    def value(self, key: Key) -> int | None:
        """The figure, where it may be shown."""
        if key not in self._figures or key in self.secrets or key in self.held_back:
            return None
        return self._figures[key].value

    def _protect(self) -> None:
        """Comes to an end: a figure is held back once, shown again at most once, and held back for good after that."""
        waiting = list(self._sums)
        while True:
            while waiting:
                one = waiting.pop()
                if self._tells_too_much(one) and (held := self._hold_back(one)) is not None:
                    waiting += self._of[held]
            found = self._worked_out()
            if not found:
                return
            if found[0] in self._guarded:
                held = self._hold_back_near(found[0])
                if held is None:
                    return
                waiting += self._of[held]
            else:
                for key in found:
                    self.held_back.discard(key)
                    self._released.add(key)
                    waiting += self._of[key]

    def _unknown(self, key: Key) -> bool:
        return key in self.secrets or key in self.held_back or self._figures[key].rest

    def _tells_too_much(self, one: Sum[Key]) -> bool:
        unknown = [key for key in one.parts if self._unknown(key)]
        if self._unknown(one.total):
            return not unknown and one.total in self._guarded
        if not unknown:
            return False
        if self._people(unknown) < FEWEST:
            return True
        return self._disjoint and self._is_narrow(unknown)

    def _people(self, keys: Sequence[Key]) -> int:
        counts = [self._figures[key].people for key in keys]
        return sum(counts) if self._disjoint else max(counts)

    def _is_narrow(self, unknown: Sequence[Key]) -> bool:
        """Whether the unknown parts leave a secret hardly any room for somebody who could tell secrets (four at most)
        from what is held back (five at least). The page has one word for both; this does not rest on it."""
        secrets = [key for key in unknown if key in self.secrets]
        if not secrets:
            return False
        told = sum(self._figures[key].value for key in unknown)
        others = len(unknown) - len(secrets)
        if not others:
            return told - (FEWEST - 1) * (len(secrets) - 1) > 1
        held_back = sum(not self._figures[key].rest for key in unknown if key not in self.secrets)
        return told - FEWEST * held_back < FEWEST - 1

    def _hold_back(self, one: Sum[Key]) -> Key | None:
        """Hold one more figure of the sum back: the smallest part that is shown, a total only where no part is."""
        shown = self._can_hold_back(one)
        return self._hold(min(shown, key=self._worth)) if shown else None

    def _can_hold_back(self, one: Sum[Key]) -> list[Key]:
        parts = [key for key in one.parts if not self._unknown(key)]
        return parts or ([] if self._unknown(one.total) else [one.total])

    def _hold(self, key: Key) -> Key:
        self.held_back.add(key)
        if key in self._released:
            self._guarded.add(key)
        return key

    def _worth(self, key: Key) -> tuple[bool, bool, int, str]:
        return key in self._released, key in self._totals, self._figures[key].value, repr(key)

    def _hold_back_near(self, key: Key) -> Key | None:
        """Hold back a figure that this one is worked out with: one of its own sums, or of those bound to it."""
        seen, edge = {key}, [key]
        while edge:
            near = [other for one in edge for sum_ in self._of[one] for other in (sum_.total, *sum_.parts)]
            shown = [other for other in near if not self._unknown(other)]
            if shown:
                return self._hold(min(shown, key=self._worth))
            edge = [other for other in dict.fromkeys(near) if other not in seen]
            seen.update(edge)
        return None

    def _worked_out(self) -> list[Key]:
        """What is not shown and follows from what is, by whatever sums and differences; what must not, first."""
        found: list[Key] = []
        for sums in self._bound_together():
            columns = list(
                dict.fromkeys(k for one in sums for k in (one.total, *one.parts) if self._unknown(k))
            )
            place = {key: at for at, key in enumerate(columns)}
            matrix = np.zeros((len(sums), len(columns)), dtype=np.int64)
            for row, one in enumerate(sums):
                for key in one.parts:
                    if key in place:
                        matrix[row, place[key]] += 1
                if one.total in place:
                    matrix[row, place[one.total]] -= 1
            found += [columns[at] for at in _determined(matrix)]
        return sorted(found, key=lambda key: key not in self._guarded)

    def _bound_together(self) -> list[list[Sum[Key]]]:
        """The sums with something unknown in them, those apart that have nothing unknown in common. A sum with a rest
        that need not be kept secret tells nothing: it may be anything."""
        parent: dict[Key, Key] = {}

        def root(key: Key) -> Key:
            while parent.setdefault(key, key) != key:
                parent[key] = parent[parent[key]]
                key = parent[key]
            return key

        telling = []
        for one in self._sums:
            unknown = [key for key in (one.total, *one.parts) if self._unknown(key)]
            if not unknown or any(self._figures[k].rest and k not in self.secrets for k in unknown):
                continue
            telling.append((unknown[0], one))
            for key in unknown[1:]:
                parent[root(key)] = root(unknown[0])
        groups: defaultdict[Key, list[Sum[Key]]] = defaultdict(list)
        for key, one in telling:
            groups[root(key)].append(one)
        return list(groups.values())


def _determined(matrix: NDArray[np.int64]) -> list[int]:
    """The unknowns (columns) that the equations (rows) leave only one value: those that stand alone in a row of the
    reduced echelon form, which is worked out exactly, in the field of a large prime."""
    rows = matrix % _PRIME
    done = 0
    for column in range(rows.shape[1]):
        found = np.flatnonzero(rows[done:, column])
        if not len(found):
            continue
        pivot = done + int(found[0])
        rows[[done, pivot]] = rows[[pivot, done]]
        rows[done] = rows[done] * pow(int(rows[done, column]), -1, _PRIME) % _PRIME
        others = np.flatnonzero(rows[:, column])
        others = others[others != done]
        rows[others] = (rows[others] - rows[others, column, None] * rows[done]) % _PRIME
        done += 1
        if done == rows.shape[0]:
            break
    alone = np.flatnonzero(np.count_nonzero(rows[:done], axis=1) == 1)
    return [int(np.flatnonzero(rows[at])[0]) for at in alone]
