"""Facts as people say them."""

from __future__ import annotations

from datetime import date

import pytest

from bot.dialogue import phrases
from bot.dialogue.wording import shorter
from matching.schema import Price


@pytest.mark.parametrize(
    ("km", "said"),
    [
        (0.01, "50 m"),
        (0.8, "800 m"),
        (0.97, "950 m"),
        (0.98, "1 km"),
        (1.24, "1.2 km"),
        (3.0, "3 km"),
        (14.4, "14 km"),
    ],
)
def test_distance(km: float, said: str) -> None:
    assert phrases.distance(km) == said


@pytest.mark.parametrize(
    ("price", "said"),
    [
        (Price(300, "month"), "S/ 300 al mes"),
        (Price(12.5, "hour"), "S/ 12.50 la hora"),
        (Price(20, "day"), "S/ 20 al día"),
        (Price(90, "week"), "S/ 90 a la semana"),
        (Price(300, None), "S/ 300"),
        (Price(0, "month"), "gratis"),
        (None, "precio por preguntar"),
    ],
)
def test_price(price: Price | None, said: str) -> None:
    assert phrases.price(price) == said


@pytest.mark.parametrize(
    ("months", "said"),
    [
        (0, "recién nacido"),
        (1, "1 mes"),
        (8, "8 meses"),
        (12, "1 año"),
        (15, "15 meses"),
        (18, "1 año y medio"),
        (24, "2 años"),
        (27, "2 años 3 meses"),
        (30, "2 años y medio"),
    ],
)
def test_age(months: int, said: str) -> None:
    assert phrases.age(months) == said


def test_times_of_day_and_week() -> None:
    weekdays = ("mon", "tue", "wed", "thu", "fri")
    assert phrases.when(weekdays, "08:00", "17:30") == "lunes a viernes 8am-5:30pm"
    assert phrases.when(("fri", "mon", "wed"), None, "12:00") == "lunes, miércoles y viernes hasta 12pm"
    assert phrases.when((), "00:00", None, date(2026, 11, 30)) == "desde 12am desde 30/11"
    assert phrases.days(("sat", "sun")) == "sábado y domingo"
    week = {**dict.fromkeys(weekdays, ("08:00", "18:00")), "sat": ("09:00", "13:00")}
    assert phrases.opening(week) == "lunes a viernes 8am-6pm, sábado 9am-1pm"
    assert phrases.opening({}) == "horario por preguntar"


def test_enumerations_are_spanish() -> None:
    assert phrases.enumeration(["wifi", "computadoras", "internet"]) == "wifi, computadoras e internet"


@pytest.mark.parametrize(
    ("months", "said"),
    [
        ((24,), "su niño de 2 años"),
        ((12, 72), "niños de 1 y 6 años"),
        ((5, 24), "niños de 5 meses y 2 años"),
        ((), ""),
    ],
)
def test_an_age_is_that_of_a_child(months: tuple[int, ...], said: str) -> None:
    assert phrases.ages(months) == said


def test_an_sms_says_days_and_children_in_fewer_letters() -> None:
    assert (
        shorter("para su niño de 2 años en Comas, lunes a sábado 8am-5pm")
        == "niño de 2 años en Comas, L-S 8am-5pm"
    )
    assert shorter("lunes, miércoles y viernes") == "L, Mi y V"
    assert shorter("Santo Domingo, todos los días") == "Santo Domingo, L-D"
