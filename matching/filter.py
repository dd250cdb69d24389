"""The hard conditions: who can take the child at all."""

from __future__ import annotations

from collections.abc import Iterator

from matching.programmes import enrolment_months
from matching.reach import reach_km
from matching.schema import CareQuery, Condition, Provider
from matching.week import is_open


def fits(provider: Provider, query: CareQuery, distance_km: float, city: bool) -> bool:
    """Whether a provider is verified and meets every condition."""
    return provider.verified and next(unmet(provider, query, distance_km, city), None) is None


def unmet(provider: Provider, query: CareQuery, distance_km: float, city: bool) -> Iterator[Condition]:
    """The conditions that a provider does not meet, in the order in which they are relaxed."""
    if distance_km > reach_km(provider.kind, city):
        yield Condition.WITHIN_REACH
    if not is_open(provider.days, provider.opens, provider.closes, query.days, query.start, query.end):
        yield Condition.HOURS
    if not all(day in provider.days for day in query.days):
        yield Condition.DAYS
    if provider.places_free < children(query):
        yield Condition.PLACES
    if query.ages_months and not takes_ages(provider, query.ages_months):
        yield Condition.AGE


def takes_ages(provider: Provider, ages_months: tuple[int, ...]) -> bool:
    """Whether every one of the children may start there today. Both ends of a range are inside."""
    youngest, oldest = enrolment_months(provider)
    return all(youngest <= age <= oldest for age in ages_months)


def children(query: CareQuery) -> int:
    """How many places are needed: each age that was said is a child."""
    return max(query.children, len(query.ages_months))
