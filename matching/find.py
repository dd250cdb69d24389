"""Finding care, and hubs: the steps, in order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from typing import NamedTuple

from matching import hubs, reach
from matching.candidates import Carers, Near, by_distance
from matching.clean import clean_care, clean_hubs
from matching.explain import explain
from matching.filter import fits, unmet
from matching.schema import (
    CareKind,
    CareOption,
    CareQuery,
    CareResult,
    Condition,
    Hub,
    HubQuery,
    HubResult,
    Provider,
)
from matching.score import Score, score


class Scored(NamedTuple):
    """A provider who can take the child."""

    provider: Provider
    distance_km: float
    score: Score


class Look(NamedTuple):
    """How far is looked at once, for nannies too, and at how many."""

    radius_km: float
    nanny_radius_km: float
    at_most: int


def find_care(query: CareQuery, carers: Carers, limit: int = reach.ENOUGH) -> CareResult:
    """Those who can take the child, best first, `limit` at most; or, when nobody can, what stands in the way.

    Looks no farther than it must: for a small circle first, and at the nearest who fit. Raises QueryError for a
    point that is not on earth.
    """
    query, problems = clean_care(query)

    @cache
    def is_city() -> bool:
        return carers.count(query.point, reach.CITY_REACH_KM, reach.CITY_PROVIDERS) >= reach.CITY_PROVIDERS

    best = _ranked(_fitting(query, carers, is_city))[:limit]
    if not best:
        return _nearest_miss(query, carers, is_city(), problems)
    listed = [(one.provider, one.distance_km) for one in best]
    return CareResult(
        tuple(
            CareOption(
                one.provider,
                one.distance_km,
                one.score.value,
                explain(one.provider, query, one.distance_km, listed),
            )
            for one in best
        ),
        problems=problems,
    )


def find_hubs(query: HubQuery, near: Near[Hub], limit: int = hubs.LIMIT) -> HubResult:
    """The nearest hubs, `limit` at most: first those with all that is asked and open then, then the others.

    Raises QueryError for a point that is not on earth.
    """
    query, problems = clean_hubs(query)
    return HubResult(hubs.nearest(query, near)[:limit], problems)


def _fitting(query: CareQuery, carers: Carers, is_city: Callable[[], bool]) -> list[Scored]:
    """Everybody who fits, from a circle that is widened until enough of them have all that was asked for."""
    first, second = reach.FIRST_LOOK_KM, reach.SECOND_LOOK_KM
    found = _look(query, carers, Look(first, first, reach.PLENTY))
    if _is_enough(found):
        return _within_a_step(found)
    if found:  # where there is nobody at all, twice as far there are few
        if len(found) == reach.PLENTY:  # in a crowd: twice as far there are several times as many
            second = min(second, max(reach.STEPS_KM[0], 2 * found[-1].distance_km))
        found = _look(query, carers, Look(second, second, reach.PLENTY_MORE), found)
        if _is_enough(found) or len(found) >= reach.SOME:
            return _within_a_step(found)
    city = is_city()
    widest, widest_for_nannies = reach.reach_km(CareKind.HOME, city), reach.reach_km(CareKind.NANNY, city)
    return _within_a_step(_look(query, carers, Look(widest, widest_for_nannies, reach.PLENTY_MORE), found))


def _within_a_step(found: list[Scored]) -> list[Scored]:
    """Those within the first step that holds enough of them; all, where none does."""
    for radius_km in reach.STEPS_KM:
        inside = [one for one in found if one.distance_km <= radius_km]
        if _is_enough(inside):
            return inside
    return found


def _is_enough(found: list[Scored]) -> bool:
    return sum(one.score.complete for one in found) >= reach.ENOUGH


def _look(query: CareQuery, carers: Carers, look: Look, known: Sequence[Scored] = ()) -> list[Scored]:
    """The nearest in sight who fit, nearest first: those `known` from a look less far, and others beside them."""
    others = replace(query, exclude=(*query.exclude, *(one.provider.id for one in known)))
    wanted = look.at_most - len(known)
    around = by_distance(
        query.point,
        carers.fitting(others, look.radius_km, look.nanny_radius_km, wanted),
        look.nanny_radius_km,
    )
    excluded = set(others.exclude)
    new = [
        Scored(provider, away, score(provider, query, away))
        for provider, away in around
        if (away <= look.radius_km or provider.kind is CareKind.NANNY)
        and provider.id not in excluded
        and fits(provider, query)
    ]
    return sorted((*known, *new[:wanted]), key=lambda one: (one.distance_km, one.provider.id))


def _ranked(found: list[Scored]) -> list[Scored]:
    """Best first; of two alike the nearer, of two as near the one known longer. Nobody twice: the same name
    at the same place is one provider, whatever their rows."""
    ordered = sorted(found, key=lambda one: (-one.score.value, one.distance_km, one.provider.id))
    unique: dict[tuple[str, float, float], Scored] = {}
    for one in ordered:
        lat, lon = one.provider.point
        unique.setdefault((one.provider.name.casefold(), round(lat, 4), round(lon, 4)), one)
    return list(unique.values())


def _nearest_miss(query: CareQuery, carers: Carers, city: bool, problems: tuple[str, ...]) -> CareResult:
    """Who comes closest to fitting: fails the fewest conditions, those that are relaxed first, and is the
    nearest, not too far to be any help."""
    excluded = set(query.exclude)
    around = by_distance(query.point, carers.missing(query, reach.FARTHEST_KM), reach.FARTHEST_KM)
    misses = [
        (unmet(provider, query, away, city), away, provider)
        for provider, away in around
        if provider.verified and provider.id not in excluded
    ]
    if not misses:
        return CareResult((), problems=problems)
    order = {condition: place for place, condition in enumerate(Condition)}
    failed, away, provider = min(
        misses,
        key=lambda miss: (len(miss[0]), [order[one] for one in miss[0]], miss[1], miss[2].id),
    )
    nearest = CareOption(
        provider,
        away,
        score(provider, query, away).value,
        explain(provider, query, away, [(provider, away)], is_fitting=False),
    )
    return CareResult((), failed[0], nearest, failed[1:], problems)
