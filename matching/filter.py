"""The hard conditions: who can take the child at all."""

from __future__ import annotations

from matching.programmes import enrolment_months
from matching.reach import reach_km
from matching.schema import CareQuery, Condition, Provider
from matching.week import is_open


def fits(provider: Provider, query: CareQuery) -> bool:
    """Whether a provider is verified and meets every condition, reach aside; the quickest to look at come first."""
    return (
        provider.verified
        and has_places(provider, query)
        and takes_ages(provider, query)
        and opens_on_days(provider, query)
        and opens_for_hours(provider, query)
    )


def unmet(provider: Provider, query: CareQuery, distance_km: float, city: bool) -> tuple[Condition, ...]:
    """The conditions that a provider does not meet, in the order in which they are relaxed."""
    met = {
        Condition.WITHIN_REACH: is_within_reach(provider, distance_km, city),
        Condition.HOURS: opens_for_hours(provider, query),
        Condition.DAYS: opens_on_days(provider, query),
        Condition.PLACES: has_places(provider, query),
        Condition.AGE: takes_ages(provider, query),
    }
    return tuple(condition for condition in Condition if not met[condition])


def is_within_reach(provider: Provider, distance_km: float, city: bool) -> bool:
    """Whether it is no farther than that kind of provider is proposed."""
    return distance_km <= reach_km(provider.kind, city)


def opens_for_hours(provider: Provider, query: CareQuery) -> bool:
    """Whether it is open all the time that is needed, on those of the days needed on which it opens at
    all."""
    return is_open(provider.days, provider.opens, provider.closes, query.days, query.start, query.end)


def opens_on_days(provider: Provider, query: CareQuery) -> bool:
    """Whether it opens on every day that was named."""
    return set(query.days).issubset(provider.days)


def has_places(provider: Provider, query: CareQuery) -> bool:
    """Whether there is a free place for every child."""
    return provider.places_free >= children(query)


def takes_ages(provider: Provider, query: CareQuery) -> bool:
    """Whether every one of the children may start there today. Both ends of a range are inside."""
    if not query.ages_months:
        return True
    youngest, oldest = enrolment_months(provider)
    return youngest <= min(query.ages_months) and max(query.ages_months) <= oldest


def children(query: CareQuery) -> int:
    """How many places are needed: each age that was said is a child."""
    return max(query.children, len(query.ages_months))
