"""From what people type to a district of Peru, and from a point to its district."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from nlp.places.choice import choose, is_around
from nlp.places.geo import distance_km
from nlp.places.names import ADMINISTRATIVE, CALLED, LOCAL, WELL_KNOWN, Names, word_set
from nlp.places.national import NationalTable, Village
from nlp.places.phrase import NOT_HERE, Phrase, phrase, without_fine_address, without_kinds
from nlp.places.schema import District, Resolution, Sense
from nlp.places.slips import nearest
from nlp.places.text import fold, words

MOST_WORDS = 12
"""A longer text is no name; only its first words are looked at."""
MOST_NESTED_WORDS = 5
"""Words in a part of a name that is itself looked at as a place and what contains it: the work doubles with each."""
LONGEST_NAME = 6
"""Words in the longest name that is looked for inside a message."""
SURE_POPULATION = 50_000
"""A slip may lead to a district this large although a hamlet somewhere is called just as it was typed."""
LARGE_POPULATION = 100_000
BEGINS_A_NAME = frozenset(
    "san santa santo nuevo nueva alto alta bajo baja villa puerto union cerro rio valle pampa nuestra virgen vista".split()
)
"""Words that are never a name's last: what follows belongs to them."""
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
        self._points = tuple(known_points(names))

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

    def label(self, ubigeo: str) -> str:
        """A short name for people: `Comas`, and where the bare name would mean another or none, `Comas (Junín)`.

        Raises KeyError for a code that is no district's.
        """
        district = self.district(ubigeo)
        bearers = [
            other
            for other in self._names.districts.values()
            if other.name == district.name and other.ubigeo != ubigeo
        ]
        if not bearers:
            return district.name
        meant = self.resolve(district.name)
        if meant is not None and meant.ubigeo == ubigeo:
            return district.name
        shared_region = any(other.department == district.department for other in bearers)
        return f"{district.name} ({district.province if shared_region else district.department})"

    def resolve(
        self, text: str, *, message: str = "", near_ubigeo: str | None = None
    ) -> Resolution | None:
        """What place the text names; None when it is no place in Peru that is known here.

        `message` is the whole message the text was taken from, `near_ubigeo` the district the person spoke of
        before: they settle which of several places of one name is meant.
        """
        asked = phrase(text)
        asked = replace(asked, words=asked.words[:MOST_WORDS])
        if not asked.words or self._is_abroad(asked.words):
            return None
        areas = [*self._areas_in(message, text), *([near_ubigeo] if near_ubigeo in self._names.districts else [])]
        whole = words(text)[:MOST_WORDS]
        if found := choose(self._exact(whole), areas, self._names):
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
        if kind == "village" and (village := self._village_around(typed, areas)):
            return village
        if found := choose(of_kind(self._exact(typed), kind), areas, names):
            return self._hamlet_instead(found, typed, areas) or found
        if village := self._village_qualified(typed):
            return village
        if not all(word in self._ordinary for word in typed):
            if found := choose(of_kind(names.sounding(typed), kind), areas, names):
                return found
        if village := self._village_around(typed, areas):
            return village
        slipped = self._qualified(typed, exact_only=False) or nearest(typed, names, self._ordinary)
        village = self._village_anywhere(typed)
        if slipped and village and max(names.population(sense.ubigeo) for sense in slipped) < SURE_POPULATION:
            return village
        return choose(slipped, areas, names) or village

    def _exact(self, typed: list[str]) -> list[Sense]:
        known = self._names.senses(" ".join(typed))
        if any(sense.tier < LOCAL for sense in known):
            return known
        return self._qualified(typed, exact_only=True) or known

    def _qualified(self, typed: list[str], *, exact_only: bool) -> list[Sense]:
        """The senses of a name given with the place that contains it, in either order."""
        best: list[Sense] = []
        narrowest = -6
        for split in range(1, len(typed)):
            for inner, outer in ((typed[:split], typed[split:]), (typed[split:], typed[:split])):
                containing = self._senses(strip_joint(outer), exact_only)
                if not containing:
                    continue
                contained = self._senses(strip_joint(inner), exact_only)
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

    def _senses(self, typed: list[str], exact_only: bool) -> list[Sense]:
        if not typed:
            return []
        found = self._names.senses(" ".join(typed))
        if not found and 1 < len(typed) <= MOST_NESTED_WORDS:
            found = self._qualified(typed, exact_only=True)
        if found or exact_only:
            return found
        if all(word in self._ordinary for word in typed):
            return []
        return self._names.sounding(typed) or nearest(typed, self._names, self._ordinary)

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
            senses = senses or self._qualified(rest, exact_only=True)
            meant = choose([sense for sense in senses if len(sense.scope) == 6], areas, self._names)
            if meant is None:
                continue
            set_apart = qualified or asked.kind == "part" or " ".join(rest) in asked.after_commas
            large = meant.ubigeo is not None and self._names.population(meant.ubigeo) >= LARGE_POPULATION
            if set_apart or (large and senses[0].tier <= ADMINISTRATIVE):
                return meant
        return None

    # The imported table.

    def _village_qualified(self, typed: list[str]) -> Resolution | None:
        """A village named with its district, province or region."""
        if self._national is None:
            return None
        for split in range(len(typed) - 1, 0, -1):
            inner, outer = strip_joint(typed[:split]), strip_joint(typed[split:])
            for name, place in ((inner, outer), (outer, inner)):
                wider = self._senses(place, exact_only=True)
                scopes = sorted({sense.scope for sense in wider}, key=len, reverse=True)
                for scope in scopes:
                    if found := self._as_resolution(self._national.named(" ".join(name), scope)):
                        return found
        return None

    def _village_around(self, typed: list[str], areas: list[str]) -> Resolution | None:
        """A village of that name where the person is likely to be."""
        if self._national is None:
            return None
        for area in areas:
            for scope in dict.fromkeys((area, area[:4])):
                if len(scope) >= 4 and (found := self._national.named(" ".join(typed), scope)):
                    return self._as_resolution(found)
        return None

    def _hamlet_instead(self, found: Resolution, typed: list[str], areas: list[str]) -> Resolution | None:
        """A village of the district that the person spoke of, where the name means several districts or a small one
        far from there."""
        if self._national is None or not areas or len(areas[0]) < 6:
            return None
        if found.ubigeo is not None:
            small = self._names.population(found.ubigeo) < WELL_KNOWN
            if not small or is_around(found.ubigeo, areas[0], self._names):
                return None
        return self._as_resolution(self._national.named(" ".join(typed), areas[0]))

    def _village_anywhere(self, typed: list[str]) -> Resolution | None:
        if self._national is None or all(word in self._ordinary for word in typed):
            return None
        return self._as_resolution(self._national.named(" ".join(typed), ""))

    def _as_resolution(self, villages: list[Village]) -> Resolution | None:
        """One district when all of that name lie in it; up to six to ask about; none when there are more, since six
        picked out of a hundred San Pedros would mislead."""
        codes = list(dict.fromkeys(village.ubigeo for village in villages))
        codes = [code for code in codes if code in self._names.districts]
        if not codes or len(codes) > 6:
            return None
        name = villages[0].name
        if len(codes) > 1:
            codes.sort(key=lambda code: (-self._names.population(code), code))
            return Resolution(None, tuple(codes), None, name)
        return Resolution(codes[0], (), (villages[0].lat, villages[0].lon), name)

    # What the rest of the message says.

    def _areas_in(self, message: str, text: str) -> list[str]:
        """Codes of the areas that the message names besides the text itself, narrowest first."""
        if not message:
            return []
        around = fold(message).replace(fold(text), " | ", 1)
        areas: list[str] = []
        for part in around.split("|"):
            typed = words(part)
            position = 0
            while position < len(typed):
                taken = 1
                if not NOT_HERE.search(" ".join(typed[max(0, position - 4) : position])):
                    for length in range(min(LONGEST_NAME, len(typed) - position), 0, -1):
                        scope = self._sure_scope(typed[position : position + length])
                        if scope:
                            areas.append(scope)
                            taken = length
                            break
                position += taken
        return sorted(dict.fromkeys(areas), key=len, reverse=True)

    def _sure_scope(self, typed: list[str]) -> str:
        name = " ".join(typed)
        if len(name) < 3 or (len(typed) == 1 and name in self._ordinary):
            return ""
        senses = self._names.senses(name)
        meant = choose(senses, [], self._names) if senses else None
        if meant is None or meant.ubigeo is None:
            return ""
        if len(name) < 4 and senses[0].tier > ADMINISTRATIVE:
            return ""
        return max((sense.scope for sense in senses if sense.ubigeo == meant.ubigeo), key=len)

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


def variants(typed: list[str]) -> Iterator[list[str]]:
    """The words as they are, then without words of kind among them, then without the fine address that follows."""
    yield typed
    for shorter in (without_kinds(typed), without_fine_address(typed)):
        if len(shorter) < len(typed):
            yield shorter


def strip_joint(typed: list[str]) -> list[str]:
    """Without the words that join a name to the place that contains it."""
    start, end = 0, len(typed)
    joints = ("de", "del", "en", "por", "distrito", "provincia", "region", "departamento", "prov", "dpto", "dist")
    while start < end - 1 and typed[start] in joints:
        start += 1
    while end - 1 > start and typed[end - 1] in ("de", "del", "en", "por"):
        end -= 1
    return typed[start:end]


def of_kind(senses: list[Sense], kind: str) -> list[Sense]:
    """Those senses that are of the kind that was said, where any are."""
    width = {"district": 6, "province": 4, "region": 2}.get(kind)
    fitting = [sense for sense in senses if width is None or len(sense.scope) == width]
    return fitting or senses


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
