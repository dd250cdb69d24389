"""Why an option is in the list, and what speaks against it, in the order in which it is worth saying."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from matching import score
from matching.filter import children
from matching.money import period_of, price_of
from matching.reach import CITY_REACH_KM
from matching.schema import CareKind, CareQuery, Price, Provider, Reason, ReasonCode
from matching.terms import offered
from matching.week import DAY, WEEKEND, minutes, shift_minutes

WALKING_KM = 1.2
"""As the crow flies: a way of about 1.6 km, some 25 minutes with a small child."""
WAY_PER_CROW_KM = 1.3
"""How much longer the way is than the straight line, in towns with mostly square blocks."""
WALKING_KM_PER_HOUR = 4.0
"""With a small child by the hand or on the arm."""
EARLY = "07:00"
LATE = "18:00"
"""From these hours on most cunas and nidos are closed (Cuna Más: 8:00 to 16:00), so that being open is worth
saying."""
BABY_MONTHS = 12

CAUTIONS = frozenset(
    {
        ReasonCode.LACKS_SPECIAL_NEED,
        ReasonCode.LACKS_LANGUAGE,
        ReasonCode.LACKS_AMENITY,
        ReasonCode.OTHER_CARE_TYPE,
        ReasonCode.OVER_BUDGET,
        ReasonCode.PRICE_UNKNOWN,
        ReasonCode.LACKS_SERVICE,
        ReasonCode.CLOSED_THEN,
        ReasonCode.FAR,
    }
)
STRENGTH = {code: place for place, code in enumerate(ReasonCode)}
"""The strongest reason is what was asked for and is rare, then money, then the way, then what more there is:
the order of ReasonCode."""


def in_order(reasons: Iterator[Reason]) -> tuple[Reason, ...]:
    """What speaks for it first, then the cautions, each strongest first."""
    return tuple(sorted(reasons, key=lambda reason: (reason.caution, STRENGTH[ReasonCode(reason.code)])))


def reason(code: ReasonCode, **facts: object) -> Reason:
    """A reason with its facts."""
    return Reason(code, facts, code in CAUTIONS)


def explain(
    provider: Provider,
    query: CareQuery,
    distance_km: float,
    among: Sequence[tuple[Provider, float]],
    is_fitting: bool = True,
) -> tuple[Reason, ...]:
    """The reasons for one option. `among` are all that are listed with their distances, itself too. With
    `is_fitting` false it is one that fails a hard condition, of which nothing is claimed about ages and
    hours."""
    found = [
        *_asked(provider, query),
        *_money(provider, query, among),
        *_way(provider, distance_km, among),
        *_more(provider),
    ]
    if is_fitting:
        found += _care(provider, query)
    return in_order(iter(found))


def _asked(provider: Provider, query: CareQuery) -> Iterator[Reason]:
    for need in query.special_needs:
        found = offered(need, provider.special_needs)
        if found is None:
            yield reason(ReasonCode.LACKS_SPECIAL_NEED, need=need)
        else:
            yield reason(ReasonCode.SPECIAL_NEED, need=need, offered=found)
    for language in query.languages:
        has = offered(language, provider.languages) is not None
        yield reason(ReasonCode.LANGUAGE if has else ReasonCode.LACKS_LANGUAGE, language=language)
    for amenity in query.amenities:
        has = offered(amenity, provider.amenities) is not None
        yield reason(ReasonCode.AMENITY if has else ReasonCode.LACKS_AMENITY, amenity=amenity)
    if query.care_types:
        own = provider.kind.care_type
        is_asked = own in query.care_types
        yield reason(ReasonCode.CARE_TYPE if is_asked else ReasonCode.OTHER_CARE_TYPE, care_type=own)


def _money(provider: Provider, query: CareQuery, among: Sequence[tuple[Provider, float]]) -> Iterator[Reason]:
    price = price_of(provider)
    if price is None:
        if query.budget is not None or query.cheap:
            yield reason(ReasonCode.PRICE_UNKNOWN)
        return
    if price.amount == 0:
        yield reason(ReasonCode.FREE)
        return
    asked = score.monthly(price, query)
    if query.budget is not None:
        over = asked - score.monthly(query.budget, query)
        if over > 0:
            yield _over_budget(price, query.budget, over, query)
        else:
            yield reason(ReasonCode.WITHIN_BUDGET, amount=price.amount, period=period_of(price))
    if query.cheap:
        others = (score.monthly(p, query) for one, _ in among if (p := price_of(one)) is not None)
        if asked <= min(others, default=asked):
            yield reason(ReasonCode.CHEAPEST, amount=price.amount, period=period_of(price))


def _over_budget(price: Price, budget: Price, over_per_month: float, query: CareQuery) -> Reason:
    period = period_of(budget if budget.amount else price)
    over = over_per_month / score.periods_per_month(period, query)
    return reason(
        ReasonCode.OVER_BUDGET,
        amount=price.amount,
        period=period_of(price),
        over=round(over, 2),
        over_period=period,
    )


def _way(provider: Provider, distance_km: float, among: Sequence[tuple[Provider, float]]) -> Iterator[Reason]:
    away = round(distance_km, 2)
    if provider.kind is CareKind.NANNY:
        yield reason(ReasonCode.COMES_HOME)
    else:
        if distance_km <= min((km for _, km in among), default=0):
            yield reason(ReasonCode.CLOSEST, distance_km=away)
        if distance_km <= WALKING_KM:
            way = distance_km * WAY_PER_CROW_KM / WALKING_KM_PER_HOUR * 60
            yield reason(ReasonCode.WALKING, distance_km=away, minutes=max(1, round(way)))
    if distance_km > CITY_REACH_KM:
        yield reason(ReasonCode.FAR, distance_km=away)


def _care(provider: Provider, query: CareQuery) -> Iterator[Reason]:
    yield reason(ReasonCode.FITS)
    is_overnight = (
        query.start is not None and query.end is not None and minutes(query.end) <= minutes(query.start)
    )
    is_early = query.start is not None and query.start <= EARLY
    is_late = query.end is not None and query.end >= LATE
    if is_overnight or ((is_early or is_late) and _stays_overnight(provider)):
        yield reason(ReasonCode.OVERNIGHT, opens=provider.opens, closes=provider.closes)
    elif (is_early or is_late) and _is_open_all_day(provider):
        yield reason(ReasonCode.ALL_DAY)
    else:
        if is_early:
            yield reason(ReasonCode.OPENS_EARLY, opens=provider.opens)
        if is_late:
            yield reason(ReasonCode.CLOSES_LATE, closes=provider.closes)
    weekend = tuple(day for day in query.days if day in WEEKEND)
    if weekend:
        yield reason(ReasonCode.WEEKEND, days=weekend)
    if any(age < BABY_MONTHS for age in query.ages_months):
        yield reason(ReasonCode.TAKES_BABY, min_months=provider.min_months)
    if children(query) > 1:
        yield reason(ReasonCode.TOGETHER, children=children(query))


def _is_open_all_day(provider: Provider) -> bool:
    return shift_minutes(provider.opens, provider.closes) == DAY


def _stays_overnight(provider: Provider) -> bool:
    """Whether it closes on the morning after; midnight is no morning."""
    return 0 < minutes(provider.closes) < minutes(provider.opens)


def _more(provider: Provider) -> Iterator[Reason]:
    if provider.rating is not None and provider.ratings > 0:
        yield reason(ReasonCode.RATING, rating=provider.rating, ratings=provider.ratings)
