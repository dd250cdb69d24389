"""Spans as people type them and what they mean, through the one door the parser uses."""

from __future__ import annotations

import doctest
import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp import normal
from nlp.normal import normalize, words
from nlp.schema import CARE_TYPES, DAYS_OF_WEEK, HUB_SERVICES, Intent, SlotName
from tests.nlp.normal.forms import is_in_form

LIMA = timezone(timedelta(hours=-5))
WEDNESDAY = datetime(2026, 2, 18, 16, 20, tzinfo=LIMA)
SPANISH_DAYS = dict(
    zip(DAYS_OF_WEEK, ("lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo"), strict=True)
)
SLOTS = [slot for slot in SlotName if slot is not SlotName.LOCATION]


def cases(name: str) -> list[Any]:
    rows = []
    for line in (Path(__file__).parent / name).read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            slot, span, value, message, intent = [*line.split("\t"), "", ""][:5]
            name = f"{slot}: {span}" + (f" | {message}" if message else "")
            rows.append(
                pytest.param(slot, span, json.loads(value), message or span, intent or "inform", id=name)
            )
    return rows


def value_of(slot: SlotName, span: str, now: datetime = WEDNESDAY) -> Any:
    return normalize(slot, span, text=span, intent=Intent.INFORM, now=now)


@pytest.mark.parametrize(
    ("slot", "span", "value", "message", "intent"), [*cases("cases.tsv"), *cases("unseen.tsv")]
)
def test_span_means_what_people_mean_by_it(
    slot: str, span: str, value: Any, message: str, intent: str
) -> None:
    assert normalize(SlotName(slot), span, text=message, intent=Intent(intent), now=WEDNESDAY) == value


def test_the_day_is_the_day_in_lima() -> None:
    late_on_tuesday_in_lima = datetime(2026, 2, 18, 3, 30, tzinfo=UTC)
    assert value_of(SlotName.START_DATE, "mañana", late_on_tuesday_in_lima) == "2026-02-18"


def test_the_same_hour_twice_in_a_message_is_told_apart_by_where_it_stands() -> None:
    message = "entro 7 salgo 7"

    def value(start: int) -> Any:
        return normalize(SlotName.TIME, "7", text=message, intent=Intent.INFORM, now=WEDNESDAY, start=start)

    assert (value(6), value(14)) == ({"start": "07:00"}, {"end": "19:00"})


def test_a_moment_without_timezone_is_refused() -> None:
    with pytest.raises(ValueError, match="timezone"):
        value_of(SlotName.START_DATE, "mañana", WEDNESDAY.replace(tzinfo=None))


def test_a_location_is_refused() -> None:
    with pytest.raises(ValueError, match="Gazetteer"):
        value_of(SlotName.LOCATION, "comas")


_PIECES = """
1 2 7 12 15 30 99 2.5 7:30 1/12 31/2 s/ soles al dia mes año años meses y medio a hasta desde las la de el noche
tarde mañana pasado lunes viernes fin semana marzo dos quince mil cien - , / + # % ½ ² ٣ ⭐ cupos lleno ultimo
99999999999 29 febrero 2026 9999 pm am recien nacido menos mayores todos dias 24 horas salgo entro primer 29/2
"""
TYPED = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(_PIECES.split()), max_size=9).map(" ".join))


@given(
    span=TYPED, before=TYPED, after=TYPED, slot=st.sampled_from(SLOTS), intent=st.sampled_from(list(Intent))
)
def test_whatever_is_typed_gives_a_value_in_the_form_of_the_schema(
    span: str, before: str, after: str, slot: SlotName, intent: Intent
) -> None:
    value = normalize(slot, span, text=before + span + after, intent=intent, now=WEDNESDAY, start=len(before))
    assert is_in_form(slot, value), value
    assert json.loads(json.dumps(value)) == value


@given(st.integers(0, 60))
def test_months_written_out_come_back(months: int) -> None:
    assert value_of(SlotName.CHILD_AGE, f"{months} meses") == {"months": months}


@given(st.integers(1, 15), st.integers(1, 11))
def test_years_and_months_add_up(years: int, months: int) -> None:
    assert value_of(SlotName.CHILD_AGE, f"{years} años y {months} meses") == {"months": 12 * years + months}


@given(st.sets(st.sampled_from(DAYS_OF_WEEK), min_size=1))
def test_days_listed_in_any_order_come_back_in_week_order(days: set[str]) -> None:
    span = ", ".join(SPANISH_DAYS[day] for day in days)
    assert value_of(SlotName.DAYS, span) == [day for day in DAYS_OF_WEEK if day in days]


@given(st.integers(13 * 60, 24 * 60 - 1), st.integers(13 * 60, 24 * 60 - 1))
def test_hours_of_the_24_hour_clock_come_back(first: int, last: int) -> None:
    start, end = (f"{minutes // 60}:{minutes % 60:02}" for minutes in (first, last))
    assert value_of(SlotName.TIME, f"{start} - {end}") == {"start": start, "end": end}


@given(st.dates(WEDNESDAY.date(), WEDNESDAY.date() + timedelta(days=3650)))
def test_a_full_date_comes_back(day: Any) -> None:
    assert value_of(SlotName.START_DATE, f"{day:%d/%m/%Y}") == day.isoformat()


@given(
    st.integers(0, 9999),
    st.sampled_from([("hora", "hour"), ("dia", "day"), ("semana", "week"), ("mes", "month")]),
)
def test_a_price_comes_back_with_its_period(amount: int, period: tuple[str, str]) -> None:
    spanish, english = period
    assert value_of(SlotName.PRICE, f"{amount} soles por {spanish}") == {"amount": amount, "period": english}


@pytest.mark.parametrize("service", HUB_SERVICES)
def test_every_hub_service_can_be_said(service: str) -> None:
    said = ["internet", "compu", "wifi", "imprimir", "escanear", "cargar", "taller", "videollamada"]
    assert service in {value_of(SlotName.HUB_SERVICE, word) for word in said}


@pytest.mark.parametrize("care_type", CARE_TYPES)
def test_every_care_type_can_be_said(care_type: str) -> None:
    said = ["cuna", "nido", "nana", "madre cuidadora"]
    assert care_type in {value_of(SlotName.CARE_TYPE, word) for word in said}


@pytest.mark.parametrize("module", [normal, words])
def test_the_examples_in_the_documentation_are_true(module: Any) -> None:
    assert doctest.testmod(module).failed == 0
