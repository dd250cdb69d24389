"""The shipped tables in memory: districts by code, and what every name can mean."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from io import StringIO

from nlp.places.schema import District, Sense
from nlp.places.text import core, key, sound

MEANING, ADMINISTRATIVE, CALLED, LOCAL = range(4)
TIERS = {"meaning": MEANING, "short": ADMINISTRATIVE, "capital": CALLED, "zone": CALLED}
"""A short name counts as the district's own: `surco` is Santiago de Surco before the small Surco in the hills."""
SHORTEST_SOUND = 4
"""A shorter name than this is found only as it is written: three letters sound like too much."""
SHORTEST_SURE_SOUND = 6
WELL_KNOWN = 20_000
"""People in a district that is likely to be meant by what is not quite its name."""


class Names:
    """Names of places and their senses, under their three forms."""

    def __init__(self, districts: Mapping[str, District], named: Iterable[tuple[str, Sense]]) -> None:
        self.districts = districts
        self.by_key: dict[str, list[Sense]] = defaultdict(list)
        self.by_sound: dict[str, list[str]] = defaultdict(list)
        self.by_core: dict[str, list[str]] = defaultdict(list)
        for name, sense in named:
            self.by_key[name].append(sense)
        for name, sense in list(self.local_names()):
            self.by_key[name].append(sense)
        self.by_key.default_factory = None
        for name in self.by_key:
            heard = sound(name)
            if len(heard) >= SHORTEST_SOUND:
                self.by_sound[heard].append(name)
                stripped = core(name.split())
                if stripped != heard and len(stripped) >= SHORTEST_SOUND:
                    self.by_core[stripped].append(name)
        self.sounds = list(self.by_sound)
        self.words = frozenset(word for name in self.by_key for word in name.split())

    def local_names(self) -> Iterator[tuple[str, Sense]]:
        """Quarters that are listed with their city, without it: `california trujillo` as `california`. Such a name
        says something only to who knows the city already."""
        for name, senses in self.by_key.items():
            parts = name.split()
            for sense in senses:
                if sense.tier != CALLED:
                    continue
                for end in range(1, len(parts)):
                    wider = self.by_key.get(" ".join(parts[end:]), ())
                    if any(
                        sense.ubigeo.startswith(s.scope) or sense.ubigeo[:4] == s.ubigeo[:4] for s in wider
                    ):
                        yield " ".join(parts[:end]), sense._replace(tier=LOCAL)
                        break

    @classmethod
    def load(cls, populations: Mapping[str, int] | None = None) -> Names:
        """The shipped tables; `populations` by ubigeo go before those shipped."""
        districts = {district.ubigeo: district for district in shipped_districts(populations or {})}
        return cls(districts, [*administrative_names(districts.values()), *shipped_names()])

    def senses(self, name: str) -> list[Sense]:
        """What the name means, by its key; empty when it is not known."""
        return self.by_key.get(name, [])

    def sounding(self, words: list[str]) -> list[Sense]:
        """What sounds like these words, or does so but for articles; empty when nothing does.

        A short sound, and one that lacks an article, means a well-known place or none.
        """
        heard = sound(words)
        same = self.sounded(self.by_sound.get(heard))
        if len(heard) < SHORTEST_SURE_SOUND:
            same = [
                s for s in same if s.tier == ADMINISTRATIVE and len(heard) > SHORTEST_SOUND
            ] or self.well_known(same)
        if same:
            return same
        stripped = core(words)
        keys = self.by_core.get(heard) or self.by_sound.get(stripped) or self.by_core.get(stripped)
        found = self.sounded(keys)
        if len(stripped) >= 9:
            return found
        own = [s for s in self.sounded(self.by_sound.get(stripped)) if s.tier == ADMINISTRATIVE]
        return own if len(stripped) >= SHORTEST_SURE_SOUND and own else self.well_known(found)

    def sounded(self, keys: Iterable[str] | None) -> list[Sense]:
        return [sense for name in keys or () for sense in self.by_key[name]]

    def well_known(self, senses: Iterable[Sense]) -> list[Sense]:
        """Those in districts of many people."""
        return [sense for sense in senses if self.population(sense.ubigeo) >= WELL_KNOWN]

    def population(self, ubigeo: str) -> int:
        """People in the district, 0 when not known."""
        return self.districts[ubigeo].population or 0


def shipped_districts(populations: Mapping[str, int]) -> Iterator[District]:
    for row in table("districts.csv"):
        code, name, province, department, lat, lon, people = row
        known = populations.get(code, int(people) if people else None)
        yield District(code, name, province, department, float(lat), float(lon), known)


def administrative_names(districts: Iterable[District]) -> Iterator[tuple[str, Sense]]:
    """Names of districts, provinces and regions. A province's capital is its first district, by INEI's numbering,
    and a region's that of its first province."""
    for district in districts:
        code, name = district.ubigeo, district.name
        yield key(name), Sense(ADMINISTRATIVE, name, code, code)
        if code.endswith("01"):
            yield key(district.province), Sense(ADMINISTRATIVE, district.province, code, code[:4])
        if code.endswith("0101"):
            yield key(district.department), Sense(ADMINISTRATIVE, district.department, code, code[:2])


def shipped_names() -> Iterator[tuple[str, Sense]]:
    for kind, name, codes, lat, lon in table("names.csv"):
        point = (float(lat), float(lon)) if lat else None
        tier = TIERS[kind]
        for code in codes.split():
            yield key(name), Sense(tier, titled(name), code, code, point)


def titled(name: str) -> str:
    """`año nuevo` as a name: `Año Nuevo`."""
    if not name.islower():
        return name
    small = {"de", "del", "la", "las", "los", "el", "y"}
    first, *rest = name.split()
    return " ".join([first.title(), *(word if word in small else word.title() for word in rest)])


def table(name: str) -> Iterator[list[str]]:
    rows = csv.reader(StringIO(shipped(name)))
    next(rows)
    yield from rows


def word_set(name: str) -> frozenset[str]:
    return frozenset(shipped(name).split("\n")) - {""}


def shipped(name: str) -> str:
    return files("nlp.places").joinpath("data", name).read_text(encoding="utf-8")
