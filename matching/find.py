"""Finding care, and hubs: the steps, in order."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from matching import hubs, reach
from matching.candidates import Near, Surroundings
from matching.clean import clean_care, clean_hubs
from matching.explain import explain
from matching.filter import fits, unmet
from matching.schema import (
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


def find_care(query: CareQuery, near: Near[Provider], limit: int = reach.ENOUGH) -> CareResult:
    """Those who can take the child, best first, `limit` at most; or, when nobody can, what stands in the way.

    Looks no farther than it must: `near` is asked for a small circle first. Raises QueryError for a point
    that is not on earth.
    """
    query, problems = clean_care(query)
    around = Surroundings(query.point, near)
    fitting = _fitting(query, around)
    best = _ranked(fitting)[:limit]
    if not best:
        return _nearest_miss(query, around, problems)
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


def _fitting(query: CareQuery, around: Surroundings[Provider]) -> list[Scored]:
    """Everybody who fits, from a circle that is widened until enough of them have all that was asked for."""
    found: list[Scored] = []
    for radius_km in reach.STEPS_KM:
        found += _judge(query, around.widen(radius_km), city=True)
        complete = sum(one.score.complete for one in found)
        if complete >= reach.ENOUGH or (len(found) >= reach.ENOUGH and len(around) >= reach.PLENTY):
            return found
    city = _is_city(around)
    return found + _judge(query, around.widen(reach.widest_km(city)), city)


def _judge(query: CareQuery, candidates: Iterable[tuple[Provider, float]], city: bool) -> list[Scored]:
    excluded = set(query.exclude)
    return [
        Scored(provider, away, score(provider, query, away))
        for provider, away in candidates
        if provider.id not in excluded and fits(provider, query, away, city)
    ]


def _is_city(around: Surroundings[Provider]) -> bool:
    near = sum(provider.verified and away <= reach.CITY_REACH_KM for provider, away in around)
    return near >= reach.CITY_PROVIDERS


def _ranked(found: list[Scored]) -> list[Scored]:
    """Best first; of two alike the nearer, of two as near the one known longer. Nobody twice: the same name
    at the same place is one provider, whatever their rows."""
    ordered = sorted(found, key=lambda one: (-one.score.value, one.distance_km, one.provider.id))
    unique: dict[tuple[str, float, float], Scored] = {}
    for one in ordered:
        lat, lon = one.provider.point
        unique.setdefault((one.provider.name.casefold(), round(lat, 4), round(lon, 4)), one)
    return list(unique.values())


def _nearest_miss(query: CareQuery, around: Surroundings[Provider], problems: tuple[str, ...]) -> CareResult:
    """Who comes closest to fitting: fails the fewest conditions, those that are relaxed first, and is the
    nearest, not too far to be any help."""
    city = _is_city(around)
    around.widen(reach.FARTHEST_KM)
    excluded = set(query.exclude)
    misses = [
        (unmet(provider, query, away, city), away, provider)
        for provider, away in around
        if provider.verified and provider.id not in excluded and away <= reach.FARTHEST_KM
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
