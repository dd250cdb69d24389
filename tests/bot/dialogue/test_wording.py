"""Every word that is said: whole, used, plain in SMS, and short enough whatever is put into it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from bot import dialogue
from bot.dialogue.wording import Text, Wording, say, shorten, together, wording
from bot.gsm7 import is_gsm7, size
from matching.schema import CareKind, Condition, ReasonCode
from nlp.schema import CARE_TYPES, DAYS_OF_WEEK, HUB_SERVICES, PRICE_PERIODS

KEYS = sorted(wording().messages)
UNSAID = {ReasonCode.FREE}


@pytest.mark.parametrize("key", KEYS)
def test_every_sms_is_plain_and_fits_with_the_longest_values(key: str) -> None:
    template = wording().messages[key]
    longest = {name: Text("x", "W" * 500) for name in template.fields - {"number"}}
    numbers = {"number": 99} if "number" in template.fields else {}
    reply = say(key, **longest, **numbers)
    assert is_gsm7(template.sms)
    assert size(reply.sms).segments <= template.segments, f"{size(reply.sms).units} characters"
    assert template.segments <= 3


@pytest.mark.parametrize("key", ["emergency", "opted_out"])
def test_what_must_arrive_fits_one_sms_or_two(key: str) -> None:
    assert size(say(key).sms).segments <= 2


def test_three_longest_options_keep_all_their_lines() -> None:
    room = wording().room
    template = wording().messages["care_line"]
    line = template.sms.format(
        number=99, **{name: "W" * room[name] for name in template.fields - {"number", "kind"}}
    )
    assert size(line).units <= room["option"]
    assert 3 * room["option"] + 2 <= room["options"]


def test_the_longest_hub_fits_its_list() -> None:
    room = wording().room
    template = wording().messages["hub_line"]
    line = template.sms.format(number=99, **{name: "W" * room[name] for name in template.fields - {"number"}})
    assert size(line).units <= room["list"]


def test_no_wording_is_missing_and_none_is_unused() -> None:
    strings = _strings_in_the_dialogue()
    words = wording()
    assert set(words.messages) - strings == set()
    named = {phrase for phrase in words.words["phrases"] if phrase in strings}
    assert set(words.words["phrases"]) - named == {f"soles_{period}" for period in PRICE_PERIODS}
    assert _asked_for("say", "text") <= set(words.messages)
    assert _asked_for("phrase") <= set(words.words["phrases"])


def test_every_code_has_its_word() -> None:
    words: Wording = wording()
    assert set(words.words["days"]) == set(DAYS_OF_WEEK)
    assert set(words.words["services"]) == set(HUB_SERVICES)
    assert set(words.words["care_types"]) == set(CARE_TYPES)
    assert set(words.words["kinds"]) == {kind.value for kind in CareKind}
    assert set(words.words["failed"]) == {condition.value for condition in Condition}
    assert set(words.words["reasons"]) == {code.value for code in set(ReasonCode) - UNSAID}


def test_every_gap_has_its_room_and_every_room_its_gap() -> None:
    gaps = {name for template in wording().messages.values() for name in template.fields} - {"number"}
    assert gaps == set(wording().room)


def test_long_values_are_cut_at_a_word() -> None:
    assert shorten("Cuna Más", 20) == "Cuna Mas"
    assert shorten("Biblioteca Municipal de Ayacucho", 24) == "Biblioteca Municipal"
    assert shorten("Supercalifragilístico", 10) == "Supercali."
    assert size(shorten("[" * 50, 10)).units <= 10
    assert shorten("Pamplona Alta (San Juan de Miraflores)", 30) == "Pamplona Alta"
    assert (
        shorten("Mz. C Lt. 4 (frente al mercado grande de la zona)", 40)
        == "Mz. C Lt. 4 (frente al mercado grande)"
    )


def test_short_messages_share_a_bubble_and_long_ones_do_not() -> None:
    assert [reply.key for reply in together(say("thank"), say("ask_age"))] == ["thank+ask_age"]
    assert len(together(say("help"), say("help"))) == 2


def _modules() -> list[ast.Module]:
    folder = Path(dialogue.__file__).parent
    return [ast.parse(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.py"))]


def _strings_in_the_dialogue() -> set[str]:
    return {
        node.value
        for module in _modules()
        for node in ast.walk(module)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def _asked_for(*functions: str) -> set[str]:
    """The keys written out in calls of these functions."""
    return {
        node.args[0].value
        for module in _modules()
        for node in ast.walk(module)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in functions
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    }


def test_the_variables_of_a_template_are_the_gaps_in_order_of_first_appearance() -> None:
    reply = say("answer_address", address="Jr. Lima 1", name="Rosa", distance=Text("1 km", "1km"))
    assert wording().messages["answer_address"].variables == ("name", "distance", "address")
    assert reply.values == ("Rosa", "1 km", "Jr. Lima 1")
    assert say("thank").values == ()


def test_bubbles_that_were_joined_are_no_template() -> None:
    (both,) = together(say("price_one", name="Rosa", price="S/ 20"), say("thank"))
    assert both.values == ()
    assert both.key not in wording().messages
