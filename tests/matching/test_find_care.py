"""What parents ask for, and whom they are told of."""

from __future__ import annotations

import pytest

from matching.candidates import CarersNear, Grid
from matching.clean import QueryError
from matching.find import find_care
from matching.reach import FIRST_LOOK_KM
from matching.schema import CareKind, Condition, Point, Price, Provider, ReasonCode
from tests.matching.neighbourhood import ALL_WEEK, WEEKDAYS, ask, cuna_mas, ids, near, north, provider


def codes(option):  # type: ignore[no-untyped-def]
    return [reason.code for reason in option.reasons]


def test_a_factory_worker_with_a_two_year_old_gets_the_free_cuna_round_the_corner_first():
    cuna = cuna_mas(1, km=0.5)
    nido = provider(2, km=0.6)
    far_nido = provider(3, km=3)

    result = find_care(
        ask(ages_months=(24,), days=WEEKDAYS, start="08:00", end="16:00"), near(nido, far_nido, cuna)
    )

    assert ids(result) == [1, 2, 3]
    assert codes(result.options[0])[:3] == [ReasonCode.FREE, ReasonCode.CLOSEST, ReasonCode.WALKING]
    assert not any(reason.caution for reason in result.options[0].reasons)
    assert result.failed is None


@pytest.mark.parametrize(
    ("age", "is_taken"), [(5, False), (6, True), (24, True), (30, True), (31, False), (36, False)]
)
def test_cuna_mas_takes_new_children_from_six_to_thirty_months(age: int, is_taken: bool):
    result = find_care(ask(ages_months=(age,)), near(cuna_mas(1)))
    assert bool(result.options) is is_taken


def test_a_nurse_on_night_shift_gets_only_who_stays_through_the_night():
    by_day = provider(1, km=0.2)
    until_ten = provider(2, closes="22:00")
    nanny = provider(3, kind=CareKind.NANNY, days=ALL_WEEK, opens="18:00", closes="08:00")
    round_the_clock = provider(4, days=ALL_WEEK, opens="00:00", closes="00:00", km=2)

    result = find_care(
        ask(ages_months=(24,), days=("fri", "sun"), start="19:00", end="07:00"),
        near(by_day, until_ten, nanny, round_the_clock),
    )

    assert sorted(ids(result)) == [3, 4]
    assert all(ReasonCode.OVERNIGHT in codes(option) for option in result.options)


def test_somebody_open_day_and_night_on_weekdays_cannot_keep_a_child_until_saturday_morning():
    weekdays_only = provider(1, opens="00:00", closes="24:00")

    thursday = find_care(ask(days=("thu",), start="19:00", end="07:00"), near(weekdays_only))
    friday = find_care(ask(days=("fri",), start="19:00", end="07:00"), near(weekdays_only))

    assert ids(thursday) == [1]
    assert friday.failed is Condition.HOURS


def test_siblings_need_a_place_each_and_an_age_each():
    one_place = provider(1, places_free=1)
    toddlers_only = provider(2, max_months=36)
    both = provider(3, km=4)

    result = find_care(ask(ages_months=(24, 48), children=2), near(one_place, toddlers_only, both))

    assert ids(result) == [3]
    assert ReasonCode.TOGETHER in codes(result.options[0])


def test_what_a_child_needs_weighs_more_than_a_kilometre_and_is_never_claimed_falsely():
    nearer = provider(1, km=0.8, special_needs=("síndrome de Down",))
    experienced = provider(2, km=1.5, special_needs=("alergias", "autismo"))

    result = find_care(ask(ages_months=(40,), special_needs=("TEA",)), near(nearer, experienced))

    assert ids(result) == [2, 1]
    assert result.options[0].reasons[0].code == ReasonCode.SPECIAL_NEED
    assert result.options[0].reasons[0].facts == {"need": "TEA", "offered": "autismo"}
    assert result.options[1].reasons[-1].code == ReasonCode.LACKS_SPECIAL_NEED
    assert result.options[1].reasons[-1].caution


def test_two_syndromes_are_not_the_same_need():
    known = near(provider(1, special_needs=("síndrome de Down",)))
    result = find_care(ask(special_needs=("síndrome de Rett",)), known)
    assert ReasonCode.LACKS_SPECIAL_NEED in codes(result.options[0])


def test_a_budget_by_the_month_is_compared_with_a_price_by_the_day():
    by_the_day = provider(1, price=Price(12, "day"))  # 260 a month
    dear = provider(2, price=Price(20, "day"))  # 433 a month

    result = find_care(ask(days=WEEKDAYS, budget=Price(300, "month")), near(by_the_day, dear))

    assert ids(result) == [1, 2]
    assert ReasonCode.WITHIN_BUDGET in codes(result.options[0])
    over = result.options[1].reasons[-1]
    assert over.code == ReasonCode.OVER_BUDGET
    assert over.facts == {"amount": 20, "period": "day", "over": 133.33, "over_period": "month"}


def test_whoever_asks_for_something_cheap_hears_which_is_cheapest():
    result = find_care(
        ask(cheap=True), near(provider(1, price=Price(350, "month")), provider(2, price=None), provider(3))
    )
    assert ids(result)[0] == 3
    assert ReasonCode.CHEAPEST in codes(result.options[0])
    assert ReasonCode.PRICE_UNKNOWN in codes(next(o for o in result.options if o.provider.id == 2))


def test_a_nanny_was_asked_for_and_the_nido_next_door_says_that_it_is_none():
    result = find_care(
        ask(care_types=("nanny",)), near(provider(1, km=0.1), provider(2, km=3, kind=CareKind.NANNY))
    )
    assert set(ids(result)) == {1, 2}
    nido = next(option for option in result.options if option.provider.id == 1)
    assert ReasonCode.OTHER_CARE_TYPE in codes(nido)


def test_more_options_are_others():
    here = near(*(provider(number, km=number / 10) for number in range(1, 7)))
    first = find_care(ask(), here, limit=3)
    then = find_care(ask(exclude=tuple(ids(first))), here, limit=3)
    assert ids(first) == [1, 2, 3]
    assert ids(then) == [4, 5, 6]


def test_a_provider_with_two_rows_is_listed_once():
    result = find_care(ask(), near(provider(1, name="Nido Luna"), provider(2, name="NIDO LUNA")))
    assert ids(result) == [1]


@pytest.mark.parametrize(
    ("need", "who", "failed"),
    [
        ({"days": ("sat",)}, provider(1), Condition.DAYS),
        ({"start": "08:00", "end": "19:00"}, provider(1), Condition.HOURS),
        ({"ages_months": (3,)}, provider(1), Condition.AGE),
        ({"children": 4}, provider(1), Condition.PLACES),
        ({}, provider(1, km=22), Condition.WITHIN_REACH),
    ],
)
def test_when_nothing_fits_it_says_which_condition_failed_and_what_is_nearest_without_it(need, who, failed):  # type: ignore[no-untyped-def]
    result = find_care(ask(**need), near(who))
    assert result.options == ()
    assert result.failed is failed
    assert result.nearest is not None
    assert result.nearest.provider == who
    assert result.also_failed == ()
    assert ReasonCode.FITS not in codes(result.nearest)


def test_who_fails_one_condition_is_nearer_to_the_need_than_who_fails_two():
    next_door = provider(1, km=0.1, opens="13:00", max_months=24)
    farther = provider(2, km=3, opens="13:00")
    result = find_care(ask(ages_months=(40,), start="08:00"), near(next_door, farther))
    assert result.nearest is not None
    assert (result.failed, result.nearest.provider.id) == (Condition.HOURS, 2)


def test_when_all_fail_two_both_are_said():
    result = find_care(ask(ages_months=(3,), days=("sun",)), near(provider(1)))
    assert (result.failed, result.also_failed) == (Condition.DAYS, (Condition.AGE,))


def test_where_there_is_nobody_it_says_so():
    assert find_care(ask(), near()) == find_care(ask(), near(provider(1, verified=False)))
    assert find_care(ask(), near()).nearest is None


def test_who_is_too_far_to_help_is_nobody():
    assert find_care(ask(), near(provider(1, km=66))).nearest is None


def test_who_is_open_day_and_night_is_said_to_be_so():
    always = provider(1, days=ALL_WEEK, opens="00:00", closes="24:00")
    nights = provider(2, days=ALL_WEEK, opens="18:00", closes="08:00")
    result = find_care(ask(start="06:00", end="07:30"), near(always, nights))
    said = {option.provider.id: codes(option) for option in result.options}
    assert ReasonCode.ALL_DAY in said[1]
    assert ReasonCode.OVERNIGHT in said[2]
    assert ReasonCode.OPENS_EARLY not in (*said[1], *said[2])


def test_the_way_and_the_money_are_cautions_before_the_kind_of_care():
    dear = provider(1, km=15, price=Price(900, "month"))
    result = find_care(ask(care_types=("nanny",), budget=Price(500, "month")), near(dear))
    cautions = [reason.code for reason in result.options[0].reasons if reason.caution]
    assert cautions == [ReasonCode.FAR, ReasonCode.OVER_BUDGET, ReasonCode.OTHER_CARE_TYPE]


def test_in_the_country_the_next_town_is_proposed_and_said_to_be_far():
    result = find_care(ask(), near(provider(1, km=15)))
    assert ids(result) == [1]
    assert ReasonCode.FAR in codes(result.options[0])


def test_in_a_city_nobody_is_sent_across_it():
    full = [provider(number, km=2, places_free=0, name=f"{number}") for number in range(30)]
    result = find_care(ask(), near(*full, provider(99, km=15)))
    assert (result.failed, result.nearest and result.nearest.provider.id) == (Condition.WITHIN_REACH, 99)


def test_what_cannot_be_meant_is_left_out_and_said():
    result = find_care(ask(ages_months=(24, -3), days=("lunes",), start="8am"), near(provider(1)))
    assert ids(result) == [1]
    assert result.problems == (
        "start left out: not a time of day: '8am' (write HH:MM, 00:00 to 24:00)",
        "age left out: -3",
        "day left out: 'lunes'",
    )


def test_a_point_that_is_nowhere_is_refused():
    with pytest.raises(QueryError, match="latitude nan"):
        find_care(ask(point=Point(float("nan"), 0)), near())


def test_the_circle_is_not_widened_once_there_is_enough():
    asked: list[float] = []
    many = Grid(provider(number, km=0.5, name=f"{number}") for number in range(20))

    def store(point: Point, radius_km: float) -> list[Provider]:
        asked.append(radius_km)
        return many.near(point, radius_km)

    find_care(ask(point=north(0)), CarersNear(store))

    assert asked == [FIRST_LOOK_KM]
