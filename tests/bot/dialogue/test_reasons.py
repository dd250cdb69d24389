"""Why an option is shown, and what speaks against it."""

from __future__ import annotations

import pytest

from bot.dialogue import reasons
from bot.dialogue.wording import wording
from bot.gsm7 import fold, size
from matching.explain import reason
from matching.schema import ReasonCode
from nlp.schema import CARE_TYPES

OTHER = reason(ReasonCode.OTHER_CARE_TYPE, care_type="daycare")
FITS = reason(ReasonCode.FITS)


def test_what_is_not_as_it_was_asked_for_is_not_said_to_fit() -> None:
    said = reasons.why((FITS, OTHER))
    assert said.whatsapp == "⚠️ Ojo: es cuna o guardería"
    assert said.sms == "Ojo: es cuna o guarderia"
    assert reasons.why((FITS,)).whatsapp == "✅ cumple lo que pidió"


def test_the_kind_of_care_is_a_reason_only_where_there_is_no_other() -> None:
    asked = reason(ReasonCode.CARE_TYPE, care_type="daycare")
    assert reasons.why((asked, FITS)).whatsapp == "✅ es cuna o guardería"
    closest = reason(ReasonCode.CLOSEST, distance_km=1)
    assert reasons.why((asked, closest, FITS)).whatsapp == "✅ la más cercana"


def test_two_cautions_are_read_on_whatsapp_the_first_one_by_sms() -> None:
    far = reason(ReasonCode.FAR, distance_km=15)
    said = reasons.why((FITS, far, OTHER))
    assert said.whatsapp == "⚠️ Ojo: queda lejos, es cuna o guardería"
    assert said.sms == "Ojo: queda lejos"


@pytest.mark.parametrize("care_type", CARE_TYPES)
def test_no_caution_about_the_kind_is_cut_in_an_sms(care_type: str) -> None:
    said = reasons.why((reason(ReasonCode.OTHER_CARE_TYPE, care_type=care_type),))
    assert size(fold(said.sms)).units <= wording().room["reason"]
