"""Where there is a computer, and whether it is open."""

from __future__ import annotations

from matching.find import find_hubs
from matching.schema import HubResult, ReasonCode
from tests.matching.neighbourhood import ask_hub, hub, near_hubs


def ids(result: HubResult) -> list[int]:
    return [option.hub.id for option in result.options]


def test_the_nearest_hub_comes_first():
    result = find_hubs(ask_hub(), near_hubs(hub(1, km=3), hub(2, km=0.4)))
    assert ids(result) == [2, 1]
    assert round(result.options[0].distance_km, 1) == 0.4
    assert ReasonCode.CLOSEST in [reason.code for reason in result.options[0].reasons]


def test_who_wants_to_print_is_sent_past_the_hub_without_a_printer_and_told_what_it_lacks():
    result = find_hubs(
        ask_hub(services=("internet", "printing")),
        near_hubs(hub(1, km=0.4), hub(2, km=2, services=("wifi", "printing"))),
    )
    assert ids(result) == [2, 1]
    assert [option.missing for option in result.options] == [(), ("printing",)]
    assert result.options[1].reasons[-1].code == ReasonCode.LACKS_SERVICE


def test_on_saturday_only_what_is_open_on_saturday_comes_first():
    weekdays = hub(1, km=0.4)
    saturdays = hub(2, km=2, hours={"sat": ("09:00", "13:00")})

    at_ten = find_hubs(ask_hub(days=("sat",), start="10:00"), near_hubs(weekdays, saturdays))
    at_two = find_hubs(ask_hub(days=("sat",), start="14:00"), near_hubs(weekdays, saturdays))

    assert ids(at_ten) == [2, 1]
    assert at_ten.options[0].reasons[0].facts == {"day": "sat", "opens": "09:00", "closes": "13:00"}
    assert [option.reasons[-1].code for option in at_two.options] == [ReasonCode.CLOSED_THEN] * 2


def test_a_hub_that_is_far_says_so_and_one_too_far_to_help_is_none():
    result = find_hubs(ask_hub(), near_hubs(hub(1, km=25), hub(2, km=70)))
    assert ids(result) == [1]
    assert result.options[0].reasons[-1].code == ReasonCode.FAR


def test_hubs_that_were_shown_are_not_shown_again():
    assert ids(find_hubs(ask_hub(exclude=(1,)), near_hubs(hub(1), hub(2)))) == [2]
    assert find_hubs(ask_hub(), near_hubs()).options == ()
