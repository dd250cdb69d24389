"""What people write comes out as intent, spans and values."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from nlp.features import Span
from nlp.parser import Parser
from nlp.schema import Intent, Parse, SlotName

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("America/Lima"))


@pytest.fixture(scope="module")
def parser() -> Parser:
    return Parser.load()


def test_the_message_of_the_schema_is_read_to_the_letter(parser: Parser) -> None:
    text = "busco guarderia en comas pa mi hijita de 2 añitos de lunes a viernes 8 a 5"
    wire = parser.parse(text, NOW).to_wire()
    assert wire["intent"] == "find_childcare"
    assert wire["confidence"] > 0.8
    assert wire["slots"] == [
        {"slot": "care_type", "text": "guarderia", "start": 6, "end": 15, "value": "daycare"},
        {"slot": "location", "text": "comas", "start": 19, "end": 24, "value": {"ubigeo": "150110"}},
        {"slot": "child_age", "text": "2 añitos", "start": 41, "end": 49, "value": {"months": 24}},
        {
            "slot": "days",
            "text": "lunes a viernes",
            "start": 53,
            "end": 68,
            "value": ["mon", "tue", "wed", "thu", "fri"],
        },
        {
            "slot": "time",
            "text": "8 a 5",
            "start": 69,
            "end": 74,
            "value": {"start": "08:00", "end": "17:00"},
        },
    ]


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("dnd ay internet x ayacucho", Intent.FIND_TECH_HUB),
        ("quiero aprender a usar excel", Intent.FIND_LEARNING),
        ("mi hijito vino todo golpeado de donde la señora que hago", Intent.EMERGENCY),
        ("la señora quedo en venir y hasta ahora nada, ni contesta", Intent.REPORT_PROBLEM),
        ("borren todo lo que tienen de mi por favor", Intent.DELETE_MY_DATA),
        ("a cuanto esta el kilo de pollo", Intent.OUT_OF_SCOPE),
    ],
)
def test_intents(parser: Parser, text: str, intent: Intent) -> None:
    assert parser.parse(text, NOW).intent == intent


def test_a_zone_comes_with_its_own_point(parser: Parser) -> None:
    (place,) = parser.parse("busco niñera por collique", NOW).of(SlotName.LOCATION)
    assert place.value == {"ubigeo": "150110"}
    assert place.point is not None


def test_what_is_known_of_the_person_settles_a_shared_name(parser: Parser) -> None:
    text = "busco niñera en miraflores"
    (unknown,) = parser.parse(text, NOW).of(SlotName.LOCATION)
    (known,) = parser.parse(text, NOW, near_ubigeo="040101").of(SlotName.LOCATION)
    assert "candidates" in unknown.value
    assert known.value == {"ubigeo": "040110"}


def test_the_day_is_counted_from_when_the_message_was_sent(parser: Parser) -> None:
    (day,) = parser.parse("necesito niñera desde mañana", NOW).of(SlotName.START_DATE)
    assert day.value == "2026-11-24"


def test_a_moment_without_timezone_is_refused(parser: Parser) -> None:
    with pytest.raises(ValueError, match="timezone"):
        parser.parse("hola", datetime(2026, 11, 23))  # noqa: DTZ001


@pytest.mark.parametrize(
    "text", ["", "🙏🙏", "x" * 1600, "en \x00 comas", "12345678901234567890", "[comas](location)"]
)
def test_the_parse_of_anything_goes_over_the_wire_and_back(parser: Parser, text: str) -> None:
    parse = parser.parse(text, NOW)
    wire = parse.to_wire()
    assert all(text[s["start"] : s["end"]] == s["text"] for s in wire["slots"])
    assert Parse.from_wire(wire).slots == parse.slots


def test_a_place_is_whole_where_the_model_saw_its_article_alone(parser: Parser) -> None:
    whole = parser._whole_place(Span("location", 9, 12), "no es en los olivos")
    assert whole == Span("location", 9, 19)
    assert parser._whole_place(Span("location", 3, 8), "en comas los sabados") == Span("location", 3, 8)


@pytest.mark.parametrize("text", ["no es en los olivos", "No era por los olivos.", "no, es en los olivos"])
def test_a_correction_needs_no_comma(parser: Parser, text: str) -> None:
    (slot,) = parser.parse(text, NOW).of(SlotName.LOCATION)
    assert (slot.text, slot.value) == ("los olivos", {"ubigeo": "150117"})


def test_a_denial_that_names_no_place_is_none(parser: Parser) -> None:
    assert parser.parse("no es en serio", NOW).of(SlotName.LOCATION) == ()
