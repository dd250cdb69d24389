"""How good an option is, from 0 to 1: a weighted mean of parts, each from 0 to 1.

    part          weight  counts when         1 is                 0 is
    distance      0.35    always              next door            far (half at 2 km)
    price         0.20    always              free                 1.5 x budget, or a minimum wage
    care type     0.15    one was asked for   that one             another (0.5: a like one)
    special need  0.12    one was asked for   experience with all  with none
    language      0.06    one was asked for   speaks all           none
    amenity       0.06    one was asked for   has all              none
    rating        0.06    always              5 of 5               1 of 5 (no ratings yet: 0.6)

Parts that do not count leave the mean. Hard conditions are no part of it: whoever fails one is not in the
list.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from matching.money import USUAL_DAYS_PER_WEEK, USUAL_HOURS_PER_DAY, per_month, period_of, price_of
from matching.schema import CareKind, CareQuery, Price, Provider
from matching.terms import offered
from matching.week import shift_minutes

DISTANCE_WEIGHT = 0.35
NEAR_WEIGHT = 0.80
"""Instead of the distance's usual weight when somebody nearer was asked for."""
PRICE_WEIGHT = 0.20
CHEAP_WEIGHT = 0.40
"""Instead of the price's usual weight when something cheap was asked for."""
CARE_TYPE_WEIGHT = 0.15
SPECIAL_NEED_WEIGHT = 0.12
LANGUAGE_WEIGHT = 0.06
AMENITY_WEIGHT = 0.06
RATING_WEIGHT = 0.06

HALF_AT_KM = 2.0
"""At this distance an option is worth half of one next door, by distance: half an hour's walk with a
child."""
NANNY_DISTANCE = 0.5
"""A nanny makes the way, not the child: her kilometres count half."""

MINIMUM_WAGE = 1130.0
"""Soles a month since January 2025 (D.S. 006-2024-TR). Without a budget, care that costs as much is worth
nothing by price: nobody who earns it could pay."""
AT_BUDGET = 0.6
"""By price, what costs just the budget; the rest up to 1 is for what costs less."""
TOO_DEAR = 1.5
"""Times the budget, from where an option is worth nothing by price. Up to there a price may be talked
about."""
UNKNOWN_PRICE = 0.3
"""Somewhat below the middle: it will cost something, and asking takes time."""

SIMILAR_TYPES = frozenset({frozenset({"daycare", "preschool"}), frozenset({"nanny", "home"})})
"""Care types that parents take one for the other: a place with a group of children, a person who cares for
few."""

PRIOR_RATING = 0.6
PRIOR_RATINGS = 3
"""Until there are more ratings than these, an average is drawn towards the middle: one friend's 5 is not a
reputation."""

CARE_TYPE = {kind: kind.care_type for kind in CareKind}


class Score(NamedTuple):
    """The whole, and whether everything asked for is there (for a budget: the price is known and inside
    it)."""

    value: float
    complete: bool


def score(provider: Provider, query: CareQuery, distance_km: float) -> Score:
    """How good this option is for this query."""
    near = distance_part(provider, distance_km)
    price = price_part(provider, query)
    price_weight = CHEAP_WEIGHT if query.cheap else PRICE_WEIGHT
    near_weight = NEAR_WEIGHT if query.near else DISTANCE_WEIGHT
    total = near * near_weight + price * price_weight + rating_part(provider) * RATING_WEIGHT
    weights = near_weight + price_weight + RATING_WEIGHT
    complete = query.budget is None or price >= AT_BUDGET
    if query.care_types:
        part = care_type_part(provider, query.care_types)
        total += part * CARE_TYPE_WEIGHT
        weights += CARE_TYPE_WEIGHT
        complete = complete and part == 1
    for asked, offers, weight in (
        (query.special_needs, provider.special_needs, SPECIAL_NEED_WEIGHT),
        (query.languages, provider.languages, LANGUAGE_WEIGHT),
        (query.amenities, provider.amenities, AMENITY_WEIGHT),
    ):
        if asked:
            part = share_part(asked, offers)
            total += part * weight
            weights += weight
            complete = complete and part == 1
    return Score(total / weights, complete)


def distance_part(provider: Provider, distance_km: float) -> float:
    """1 at the door, a half at 2 km, a fifth at 8 km."""
    effort = distance_km * NANNY_DISTANCE if provider.kind is CareKind.NANNY else distance_km
    return HALF_AT_KM / (HALF_AT_KM + effort)


def price_part(provider: Provider, query: CareQuery) -> float:
    """By the budget if there is one, else by the minimum wage, both for a month of the care that is
    needed."""
    price = price_of(provider)
    if price is None:
        return UNKNOWN_PRICE
    if price.amount == 0:
        return 1.0
    asked = monthly(price, query)
    if query.budget is None:
        return max(0.0, 1 - asked / MINIMUM_WAGE)
    budget = monthly(query.budget, query)
    if budget == 0:
        return 0.0
    ratio = asked / budget
    if ratio <= 1:
        return 1 - (1 - AT_BUDGET) * ratio
    return max(0.0, AT_BUDGET * (TOO_DEAR - ratio) / (TOO_DEAR - 1))


def monthly(price: Price, query: CareQuery) -> float:
    """What a price comes to in a month, for the days and hours that the query asks for."""
    return price.amount * periods_per_month(period_of(price), query)


def periods_per_month(period: str, query: CareQuery) -> float:
    """How many of the period (hour, day, …) go into a month of the care that the query asks for."""
    return _periods_per_month(period, len(query.days), query.start, query.end)


@lru_cache(maxsize=4096)
def _periods_per_month(period: str, days: int, start: str | None, end: str | None) -> float:
    hours = shift_minutes(start, end) / 60 if start and end else USUAL_HOURS_PER_DAY
    return per_month(period, days or USUAL_DAYS_PER_WEEK, hours)


def care_type_part(provider: Provider, care_types: tuple[str, ...]) -> float:
    """1 for a type that was asked for, a half for one like it."""
    own = CARE_TYPE[provider.kind]
    if own in care_types:
        return 1.0
    return 0.5 if any(frozenset({own, asked}) in SIMILAR_TYPES for asked in care_types) else 0.0


@lru_cache(maxsize=16384)
def share_part(asked: tuple[str, ...], offers: tuple[str, ...]) -> float:
    """How much of what was asked for is offered."""
    return sum(offered(one, offers) is not None for one in asked) / len(asked) if offers else 0.0


def rating_part(provider: Provider) -> float:
    """The average, from 1..5 to 0..1, drawn to the middle while there are few."""
    if provider.rating is None or provider.ratings < 1:
        return PRIOR_RATING
    own = (provider.rating - 1) / 4
    return (own * provider.ratings + PRIOR_RATING * PRIOR_RATINGS) / (provider.ratings + PRIOR_RATINGS)
