"""From what people type to a district of Peru, and from a point to its district."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from nlp.places.choice import choose
from nlp.places.geo import distance_km
from nlp.places.lookup import Lookup, strip_joint
from nlp.places.marks import PlaceMarks
from nlp.places.names import ADMINISTRATIVE, Names, word_set
from nlp.places.national import NationalTable
from nlp.places.phrase import Phrase, phrase, without_fine_address, without_kinds
from nlp.places.schema import District, NamedPoint, Resolution, Sense
from nlp.places.slips import nearest
from nlp.places.surroundings import areas_in
from nlp.places.text import CONNECTORS, key, words
from nlp.places.villages import Villages

MOST_WORDS = 12
"""A longer text is no name; only its first words are looked at."""
SURE_POPULATION = 50_000
"""A slip may lead to a district this large although a hamlet somewhere is called just as it was typed."""
LARGE_POPULATION = 100_000
"""People in a district that is meant although what is said to be in it is not known."""
BEGINS_A_NAME = frozenset(
    {"san", "santa", "santo", "nuevo", "nueva", "alto", "alta", "bajo", "baja", "villa", "puerto", "union", "cerro",
     "rio", "valle", "pampa", "nuestra", "virgen", "vista"}
)  # fmt: skip
"""Words that are never a name's last: what follows belongs to them."""
ROMAN = re.compile("[ivx]{2,}", re.IGNORECASE)
FAR_KM = 60.0
"""Farther than this from every known place, a point is not in Peru, or nobody lives there."""


class Gazetteer:
    """Peru's places by name and by point. Works offline, holds no open connection of its own but to the imported
    table, and may be shared between threads."""

    def __init__(self, names: Names, national: NationalTable | None = None) -> None:
        self._names = names
        self._national = national
        self._ordinary = word_set("ordinary.txt")
        self._abroad = word_set("abroad.txt")
        self._lookup = Lookup(names, self._ordinary)
        self._villages = Villages(national, names, self._lookup) if national else None
        self._points = tuple(known_points(names))
        self._by_population = tuple(
            NamedPoint(district.name, district.lat, district.lon, district.ubigeo)
            for district in sorted(
                names.districts.values(), key=lambda one: (-names.population(one.ubigeo), one.ubigeo)
            )
        )
        self._parts = tuple(named_parts(names))
        self._named: dict[str, list[District]] = defaultdict(list)
        for district in names.districts.values():
            self._named[district.name].append(district)
        self._labels: dict[str, str] = {}
        self.marks = PlaceMarks.of(names)

    @classmethod
    def load(cls, national: Path | None = None) -> Gazetteer:
        """The shipped districts and names; `national` is a file that `import_national` wrote, read only.

        Raises NationalTableError when that file cannot be read or was written for another version.
        """
        table = NationalTable(national) if national is not None else None
        return cls(Names.load(table.populations() if table else None), table)

    def district(self, ubigeo: str) -> District:
        """The district of that INEI code. Raises KeyError for a code that is none."""
        return self._names.districts[ubigeo]

    def districts(self) -> Iterator[District]:
        """All districts, by code."""
        return iter(self._names.districts.values())

    def named_points(self, *, with_parts: bool = False) -> Iterator[NamedPoint]:
        """Every district by its centre, the most populous first; then, if wanted, the parts of districts whose place is
        known."""
        yield from self._by_population
        if with_parts:
            yield from self._parts

    def label(self, ubigeo: str) -> str:
        """A short name for people: `Comas`, and where the bare name would mean another or none, `Comas (Junín)`.

        Raises KeyError for a code that is no district's.
        """
        if ubigeo not in self._labels:
            self._labels[ubigeo] = self._told_apart(self.district(ubigeo))
        return self._labels[ubigeo]

    def _told_apart(self, district: District) -> str:
        bearers = [other for other in self._named[district.name] if other is not district]
        if not bearers:
            return district.name
        meant = self.resolve(district.name)
        if meant is not None and meant.ubigeo == district.ubigeo:
            return district.name
        shared_region = any(other.department == district.department for other in bearers)
        return f"{district.name} ({district.province if shared_region else district.department})"

    def resolve(self, text: str, *, message: str = "", near_ubigeo: str | None = None) -> Resolution | None:
        """What place the text names; None when it is no place in Peru that is known here.

        `message` is the whole message the text was taken from, `near_ubigeo` the district the person spoke of
        before: they settle which of several places of one name is meant.
        """
        asked = phrase(text)
        asked = replace(asked, words=asked.words[:MOST_WORDS])
        if not asked.words or self._is_abroad(asked.words):
            return None
        areas = areas_in(message, text, self._names, self._ordinary) if message else []
        if near_ubigeo is not None and near_ubigeo in self._names.districts:
            areas.append(near_ubigeo)
        whole = words(text)[:MOST_WORDS]
        if found := self._choose_exact(whole, "", areas):
            return found
        for typed in variants(asked.words):
            found = self._find(typed, asked.kind, areas)
            if found is not None:
                return found
        return self._only_the_wider(asked, areas)

    def district_at(self, lat: float, lon: float) -> District | None:
        """The district a point lies in, judged by the nearest known place; None when far outside Peru."""
        if not (-20.0 < lat < 2.0 and -84.0 < lon < -66.0):
            return None
        shrink = 0.95  # a degree of longitude is a little shorter than one of latitude over all of Peru
        best = min(self._points, key=lambda p: (p[0] - lat) ** 2 + ((p[1] - lon) * shrink) ** 2)
        distance = distance_km(lat, lon, best[0], best[1])
        code = best[2]
        if self._national is not None:
            village = self._national.nearest(lat, lon, distance)
            if village is not None:
                code, distance = village.ubigeo, distance_km(lat, lon, village.lat, village.lon)
        return self._names.districts[code] if distance <= FAR_KM else None

    # The stages of a look-up, surest first.

    def _find(self, typed: list[str], kind: str, areas: list[str]) -> Resolution | None:
        names = self._names
        villages = self._villages
        if villages and kind == "village" and (village := villages.around(typed, areas)):
            return village
        if found := self._choose_exact(typed, kind, areas):
            return found
        if villages and (village := villages.qualified(typed)):
            return village
        heard = [] if all(word in self._ordinary for word in typed) else names.sounding(typed)
        if found := choose(of_kind(heard, kind), areas, names):
            return found
        if villages and (village := villages.around(typed, areas)):
            return village
        slipped = self._lookup.qualified(typed, exact_only=False) or nearest(typed, names, self._ordinary)
        village = villages.anywhere(typed) if villages else None
        if slipped and village and max(names.population(sense.ubigeo) for sense in slipped) < SURE_POPULATION:
            return village
        return choose(slipped, areas, names) or village

    def _choose_exact(self, typed: list[str], kind: str, areas: list[str]) -> Resolution | None:
        found = choose(of_kind(self._lookup.exact(typed), kind), areas, self._names)
        if found is None or self._villages is None:
            return found
        return self._villages.instead_of(found, typed, areas) or found

    def _only_the_wider(self, asked: Phrase, areas: list[str]) -> Resolution | None:
        """The district that an unknown name is said to be in: `asociacion los jazmines, comas` is in Comas.

        Without a comma or a word for the kind of place, only a large district's name is taken to be one: `nuevo
        san martin` is a village, and in no San Martín.
        """
        typed = asked.words
        for start in range(1, len(typed)):
            rest = strip_joint(typed[start:])
            if (len(rest) == 1 and rest[0] in self._ordinary) or typed[start - 1] in BEGINS_A_NAME:
                continue
            senses = self._names.senses(" ".join(rest))
            qualified = not senses
            senses = senses or self._lookup.qualified(rest, exact_only=True)
            meant = choose([sense for sense in senses if len(sense.scope) == 6], areas, self._names)
            if meant is None:
                continue
            set_apart = qualified or asked.kind == "part" or " ".join(rest) in asked.after_commas
            large = meant.ubigeo is not None and self._names.population(meant.ubigeo) >= LARGE_POPULATION
            if set_apart or (large and senses[0].tier <= ADMINISTRATIVE):
                return meant
        return None

    def _is_abroad(self, typed: list[str]) -> bool:
        return any(" ".join(typed[-length:]) in self._abroad for length in (1, 2) if length <= len(typed))


def known_points(names: Names) -> Iterator[tuple[float, float, str]]:
    """(lat, lon, ubigeo) of every capital and zone."""
    for district in names.districts.values():
        yield district.lat, district.lon, district.ubigeo
    for senses in names.by_key.values():
        for sense in senses:
            if sense.point is not None:
                yield sense.point[0], sense.point[1], sense.ubigeo


def named_parts(names: Names) -> Iterator[NamedPoint]:
    """Parts of districts whose place is known, each by the shortest of its names."""
    found: dict[tuple[float, float, str], str] = {}
    for senses in names.by_key.values():
        for sense in senses:
            if sense.point is not None:
                name = within(sense.name, names.districts[sense.ubigeo].name)
                place = (*sense.point, sense.ubigeo)
                found[place] = min(name, found.get(place, name), key=lambda one: (len(one), one))
    for (lat, lon, ubigeo), name in found.items():
        yield NamedPoint(name, lat, lon, ubigeo)


def within(name: str, district: str) -> str:
    """The name of a part as it is said in its district: without the district's name or letters at its end.

    >>> within("Tambopata Juliaca", "Juliaca"), within("Juan Pablo Ii Sjl", "San Juan de Lurigancho")
    ('Tambopata', 'Juan Pablo II')
    """
    typed, last = name.split(), words(district)
    main = [word for word in last if word not in CONNECTORS]
    for end in (last, ["".join(word[0] for word in last)], ["".join(word[0] for word in main)]):
        inner, outer = typed[: -len(end)], typed[-len(end) :]
        if inner and [key(word) for word in outer] == end and key(inner[-1]) not in CONNECTORS:
            typed = inner
            break
    return " ".join(word.upper() if ROMAN.fullmatch(word) else word for word in typed)


def variants(typed: list[str]) -> Iterator[list[str]]:
    """The words as they are, then without words of kind among them, then without the fine address that follows."""
    yield typed
    for shorter in (without_kinds(typed), without_fine_address(typed)):
        if len(shorter) < len(typed):
            yield shorter


def of_kind(senses: list[Sense], kind: str) -> list[Sense]:
    """Those senses that are of the kind that was said, where any are."""
    width = {"district": 6, "province": 4, "region": 2}.get(kind)
    fitting = [sense for sense in senses if width is None or len(sense.scope) == width]
    return fitting or senses
