"""Each of the carrier's codes means one thing, on either channel."""

from __future__ import annotations

import pytest

from bot.channels.errors import Outcome, outcome_of

AGAIN = [20429, 20500, 20503, 21611, 30001, 63018]
BY_SMS = [63003, 63016, 63024, 63032, 63049, 63051]
OPTED_OUT = [21610]
GIVE_UP = [21211, 21614]


@pytest.mark.parametrize("is_whatsapp", [True, False])
@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        *((code, Outcome.AGAIN) for code in AGAIN),
        *((code, Outcome.BY_SMS) for code in BY_SMS),
        *((code, Outcome.OPTED_OUT) for code in OPTED_OUT),
        *((code, Outcome.GIVE_UP) for code in GIVE_UP),
    ],
)
def test_a_known_code_has_its_outcome(code: int, outcome: Outcome, is_whatsapp: bool) -> None:
    assert outcome_of(code, is_whatsapp) is outcome


@pytest.mark.parametrize("code", [None, 30003, 30005, 63013, 99999])
def test_what_else_fails_on_whatsapp_is_worth_an_sms_and_by_sms_is_final(code: int | None) -> None:
    assert outcome_of(code, True) is Outcome.BY_SMS
    assert outcome_of(code, False) is Outcome.GIVE_UP
