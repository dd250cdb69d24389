"""Villages of the imported table, by name."""

from __future__ import annotations

from nlp.places.choice import MOST_CANDIDATES, is_around
from nlp.places.lookup import Lookup, strip_joint
from nlp.places.names import WELL_KNOWN, Names
from nlp.places.national import NationalTable, Village
from nlp.places.schema import Resolution


class Villages:
    """What the imported table knows of a name."""

    def __init__(self, table: NationalTable, names: Names, lookup: Lookup) -> None:
        self._national = table
        self._names = names
        self._lookup = lookup

    def qualified(self, typed: list[str]) -> Resolution | None:
        """A village named with its district, province or region."""
        for split in range(len(typed) - 1, 0, -1):
            inner, outer = strip_joint(typed[:split]), strip_joint(typed[split:])
            for name, place in ((inner, outer), (outer, inner)):
                wider = self._lookup.senses(place, exact_only=True)
                scopes = sorted({sense.scope for sense in wider}, key=len, reverse=True)
                for scope in scopes:
                    if found := self._as_resolution(self._national.named(" ".join(name), scope)):
                        return found
        return None

    def around(self, typed: list[str], areas: list[str]) -> Resolution | None:
        """A village of that name where the person is likely to be."""
        for area in areas:
            for scope in dict.fromkeys((area, area[:4])):
                if len(scope) >= 4 and (found := self._national.named(" ".join(typed), scope)):
                    return self._as_resolution(found)
        return None

    def instead_of(self, found: Resolution, typed: list[str], areas: list[str]) -> Resolution | None:
        """A village of the district that the person spoke of, where the name means several districts or a small one
        far from there."""
        if not areas or len(areas[0]) < 6:
            return None
        if found.ubigeo is not None:
            small = self._names.population(found.ubigeo) < WELL_KNOWN
            if not small or is_around(found.ubigeo, areas[0], self._names):
                return None
        return self._as_resolution(self._national.named(" ".join(typed), areas[0]))

    def anywhere(self, typed: list[str]) -> Resolution | None:
        """A village of that name in all the country."""
        if all(word in self._lookup.ordinary for word in typed):
            return None
        return self._as_resolution(self._national.named(" ".join(typed), ""))

    def _as_resolution(self, villages: list[Village]) -> Resolution | None:
        """One district when all of that name lie in it; up to six to ask about; none when there are more, since six
        picked out of a hundred San Pedros would mislead."""
        codes = list(dict.fromkeys(village.ubigeo for village in villages))
        codes = [code for code in codes if code in self._names.districts]
        if not codes or len(codes) > MOST_CANDIDATES:
            return None
        name = villages[0].name
        if len(codes) > 1:
            codes.sort(key=lambda code: (-self._names.population(code), code))
            return Resolution(None, tuple(codes), None, name)
        return Resolution(codes[0], (), (villages[0].lat, villages[0].lon), name)
