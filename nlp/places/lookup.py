"""Looking a name up: alone, or together with the place that contains it."""

from __future__ import annotations

from nlp.places.names import CALLED, LOCAL, Names
from nlp.places.schema import Sense
from nlp.places.slips import nearest

MOST_NESTED_WORDS = 5
"""Words in a part of a name that is itself looked at as a place and what contains it: the work doubles with each."""

JOINTS = frozenset(
    {"de", "del", "en", "por", "distrito", "provincia", "region", "departamento", "prov", "dpto", "dist"}
)  # fmt: skip


class Lookup:
    """Names and their senses; `ordinary` are words that no slip turns into a place."""

    def __init__(self, names: Names, ordinary: frozenset[str]) -> None:
        self._names = names
        self.ordinary = ordinary

    def exact(self, typed: list[str]) -> list[Sense]:
        """The senses of a name as it is written, alone or with the place that contains it."""
        known = self._names.senses(" ".join(typed))
        if any(sense.tier < LOCAL for sense in known):
            return known
        return self.qualified(typed, exact_only=True) or known

    def qualified(self, typed: list[str], *, exact_only: bool) -> list[Sense]:
        """The senses of a name given with the place that contains it, in either order."""
        best: list[Sense] = []
        narrowest = -6
        for split in range(1, len(typed)):
            for inner, outer in ((typed[:split], typed[split:]), (typed[split:], typed[:split])):
                containing = [s for s in self.senses(strip_joint(outer), exact_only) if s.tier < LOCAL]
                if not containing:
                    continue
                contained = self.senses(strip_joint(inner), exact_only)
                if inner == outer:  # `yauli, yauli` is the district Yauli in the province Yauli
                    containing = [sense for sense in containing if len(sense.scope) == 4]
                width, fitting = within([sense for sense in contained if sense.tier < LOCAL], containing)
                if not fitting:
                    width, fitting = within(contained, containing)
                    width -= 6
                if fitting and width > narrowest:
                    best, narrowest = fitting, width
        return best or self._turned(typed)

    def _turned(self, typed: list[str]) -> list[Sense]:
        """The senses of a name that is listed the other way round: `trujillo california`."""
        for split in range(1, len(typed)):
            turned = self._names.senses(" ".join([*strip_joint(typed[split:]), *strip_joint(typed[:split])]))
            if any(sense.tier == CALLED for sense in turned):
                return turned
        return []

    def senses(self, typed: list[str], exact_only: bool) -> list[Sense]:
        """The senses of a part of a name, as written or (unless `exact_only`) as near as it comes."""
        if not typed:
            return []
        found = self._names.senses(" ".join(typed))
        if not found and 1 < len(typed) <= MOST_NESTED_WORDS:
            found = self.qualified(typed, exact_only=True)
        if found or exact_only:
            return found
        if all(word in self.ordinary for word in typed):
            return []
        return self._names.sounding(typed) or nearest(typed, self._names, self.ordinary)


def strip_joint(typed: list[str]) -> list[str]:
    """Without the words that join a name to the place that contains it."""
    start, end = 0, len(typed)
    while start < end - 1 and typed[start] in JOINTS:
        start += 1
    while end - 1 > start and typed[end - 1] in ("de", "del", "en", "por"):
        end -= 1
    return typed[start:end]


def within(contained: list[Sense], containing: list[Sense]) -> tuple[int, list[Sense]]:
    """Those of the one that lie within the other, and how narrow the container is (0: nothing fits).

    A city stands for its province, whose first district it is, and a region's capital for the region.
    """
    for width, capital in ((6, "-"), (4, "01"), (2, "0101")):
        scopes = {sense.scope for sense in containing if len(sense.scope) == width}
        scopes |= {sense.ubigeo[:width] for sense in containing if sense.ubigeo.endswith(capital)}
        inside = [sense for sense in contained if sense.ubigeo[:width] in scopes]
        if width == 6:
            fitting = [sense for sense in inside if sense.point is not None] or inside
        else:
            fitting = [sense for sense in inside if sense.scope not in scopes]
        if fitting:
            return width, [sense._replace(tier=min(sense.tier, CALLED)) for sense in fitting]
    return 0, []
