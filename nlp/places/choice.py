"""Which of the districts that bear a name is meant."""

from __future__ import annotations

from collections.abc import Sequence

from nlp.places.geo import distance_km
from nlp.places.names import ADMINISTRATIVE, LOCAL, MEANING, Names
from nlp.places.schema import Resolution, Sense

CLEARLY_LARGER = 5
"""One bearer of a name is meant when it has this many times the people of the next."""
MOST_CANDIDATES = 6
NEARBY_KM = 40.0
"""Within this distance two districts belong to one daily life, as Callao and Lima do."""


def choose(senses: Sequence[Sense], areas: Sequence[str], names: Names) -> Resolution | None:
    """The district the senses point to, or the candidates. `areas` are codes (two, four or six digits) of where the
    person is likely to be, the likeliest first; they settle what the name alone leaves open."""
    if not senses:
        return None
    usual = by_population(first_tier([sense for sense in senses if sense.tier < LOCAL]), names)
    for area in areas:
        around = by_population(first_tier([s for s in senses if is_around(s.ubigeo, area, names)]), names)
        if around:
            return resolution(around, senses)
        if len(usual) > 1:
            within = by_population(first_tier([s for s in senses if s.ubigeo[:2] == area[:2]]), names)
            if within:
                return resolution(within, senses)
    return resolution(usual, senses) if usual else None


def first_tier(senses: Sequence[Sense]) -> list[Sense]:
    tier = min((sense.tier for sense in senses), default=MEANING)
    return [sense for sense in senses if sense.tier == tier]


def by_population(senses: Sequence[Sense], names: Names) -> list[str]:
    """The rule for a shared name: the one that is at least five times as populous as the next; else all with at least
    a fifth of the largest's people, most populous first, six at most."""
    codes = list(dict.fromkeys(sense.ubigeo for sense in senses))
    if len(codes) < 2:
        return codes
    laid_down = [sense for sense in senses if sense.tier == MEANING]
    if laid_down:
        return codes[:MOST_CANDIDATES]
    codes.sort(key=lambda code: (-names.population(code), code))
    largest = names.population(codes[0])
    if largest >= CLEARLY_LARGER * names.population(codes[1]) and largest > 0:
        return codes[:1]
    # A province of the name whose capital is called otherwise comes after the districts that are called so.
    own = [sense for sense in senses if sense.scope == sense.ubigeo]
    if own and len({sense.ubigeo for sense in own}) < len(codes):
        return by_population(own, names)
    return [code for code in codes if CLEARLY_LARGER * names.population(code) >= largest][:MOST_CANDIDATES]


def is_around(ubigeo: str, area: str, names: Names) -> bool:
    """Whether a district lies in the area's province, or near the area's district."""
    if len(area) < 4:
        return False
    if ubigeo[:4] == area[:4]:
        return True
    here, there = names.districts.get(area), names.districts[ubigeo]
    return here is not None and distance_km(here.lat, here.lon, there.lat, there.lon) <= NEARBY_KM


def resolution(codes: list[str], senses: Sequence[Sense]) -> Resolution:
    if len(codes) > 1:
        return Resolution(None, tuple(codes), None, senses[0].name)
    meant = [sense for sense in senses if sense.ubigeo == codes[0]]
    meant.sort(key=lambda sense: sense.tier)
    # A district's own name means all of it, also where a part of it is called the same.
    whole = any(sense.scope == sense.ubigeo and sense.tier == ADMINISTRATIVE for sense in meant)
    point = None if whole else next((sense.point for sense in meant if sense.point), None)
    return Resolution(codes[0], (), point, meant[0].name)
