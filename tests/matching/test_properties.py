"""What holds for every parent and every set of providers."""

from __future__ import annotations

import random
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from matching.find import find_care
from matching.programmes import enrolment_months
from matching.schema import CareKind, CareQuery, Point, Price, Provider
from matching.week import DAYS, minutes
from tests.matching.neighbourhood import COLLIQUE, near

times = st.sampled_from([f"{hour:02}:{minute:02}" for hour in range(24) for minute in (0, 30)])
days = st.sets(st.sampled_from(DAYS)).map(lambda chosen: tuple(sorted(chosen, key=DAYS.index)))
amounts = st.sampled_from([0, 8, 25, 300, 900])
prices = st.builds(Price, amounts, st.sampled_from(["hour", "day", "month", None]))
words = st.sampled_from(["almuerzo", "patio", "autismo", "quechua"])


@st.composite
def providers(draw: st.DrawFn) -> list[Provider]:
    found = []
    for number in range(draw(st.integers(0, 12))):
        youngest = draw(st.integers(0, 40))
        found.append(
            Provider(
                id=number,
                name=f"P{number}",
                kind=draw(st.sampled_from(CareKind)),
                point=Point(
                    COLLIQUE.lat + draw(st.floats(-0.3, 0.3)), COLLIQUE.lon + draw(st.floats(-0.3, 0.3))
                ),
                ubigeo="150110",
                address="",
                min_months=youngest,
                max_months=youngest + draw(st.integers(0, 100)),
                days=draw(days),
                opens=draw(times),
                closes=draw(times),
                price=draw(st.none() | prices),
                places_free=draw(st.integers(0, 4)),
                verified=draw(st.booleans()),
                amenities=tuple(draw(st.sets(words))),
                special_needs=tuple(draw(st.sets(words))),
                rating=draw(st.none() | st.floats(1, 5)),
                ratings=draw(st.integers(0, 9)),
            )
        )
    return found


queries = st.builds(
    CareQuery,
    point=st.just(COLLIQUE),
    ages_months=st.lists(st.integers(0, 120), max_size=2).map(tuple),
    children=st.integers(1, 3),
    days=days,
    start=st.none() | times,
    end=st.none() | times,
    budget=st.none() | prices,
    cheap=st.booleans(),
    care_types=st.sets(st.sampled_from(["daycare", "preschool", "nanny", "home"])).map(tuple),
    special_needs=st.lists(words, max_size=1).map(tuple),
    amenities=st.lists(words, max_size=2).map(tuple),
)


@settings(max_examples=60, deadline=None)
@given(providers(), queries)
def test_nobody_is_proposed_who_is_unverified_or_cannot_take_the_child(
    known: list[Provider], query: CareQuery
) -> None:
    result = find_care(query, near(*known))
    for option in result.options:
        one = option.provider
        youngest, oldest = enrolment_months(one)
        assert one.verified
        assert all(youngest <= age <= oldest for age in query.ages_months)
        assert one.places_free >= max(query.children, len(query.ages_months))
        assert set(query.days) <= set(one.days)
        assert all(_is_there(one, day, query) for day in query.days)
    assert result.nearest is None or result.nearest.provider.verified


def _is_there(one: Provider, day: str, query: CareQuery) -> bool:
    """Minute by minute: is the provider open all the time that is needed on that day?"""
    if query.start is None or query.end is None:
        return True
    first = DAYS.index(day) * 1440 + minutes(query.start)
    length = (minutes(query.end) - minutes(query.start)) % 1440 or 1440
    return all(_is_open_at(one, minute % 10080) for minute in range(first, first + length, 30))


def _is_open_at(one: Provider, minute: int) -> bool:
    opens, closes = minutes(one.opens), minutes(one.closes)
    today, yesterday = DAYS[minute // 1440], DAYS[minute // 1440 - 1]
    time = minute % 1440
    if closes > opens:
        return today in one.days and opens <= time < closes
    return (today in one.days and time >= opens) or (yesterday in one.days and time < closes)


@settings(max_examples=60, deadline=None)
@given(providers(), queries, queries)
def test_asking_for_more_never_brings_in_somebody_new(
    known: list[Provider], query: CareQuery, more: CareQuery
) -> None:
    narrower = replace(
        query,
        ages_months=query.ages_months + more.ages_months,
        children=max(query.children, more.children),
        days=tuple(sorted({*query.days, *more.days}, key=DAYS.index)),
        start=query.start or more.start,
        end=query.end or more.end,
    )
    everybody = find_care(query, near(*known))
    some = find_care(narrower, near(*known))
    assert {option.provider.id for option in some.options} <= {
        option.provider.id for option in everybody.options
    }


@settings(max_examples=60, deadline=None)
@given(providers(), queries, st.randoms(use_true_random=False))
def test_the_order_does_not_depend_on_the_order_of_the_rows(
    known: list[Provider], query: CareQuery, chance: random.Random
) -> None:
    shuffled = known[:]
    chance.shuffle(shuffled)
    assert find_care(query, near(*known)) == find_care(query, near(*shuffled))


@settings(max_examples=60, deadline=None)
@given(providers(), queries)
def test_every_option_is_scored_from_0_to_1_in_order_with_a_reason_and_misses_are_explained(
    known: list[Provider], query: CareQuery
) -> None:
    result = find_care(query, near(*known))
    scores = [option.score for option in result.options]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= one <= 1 for one in scores)
    assert all(not option.reasons[0].caution for option in result.options)
    assert (result.failed is None) == (result.nearest is None)
    assert not (result.options and result.failed)
