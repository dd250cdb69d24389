"""Prices made comparable: everything to soles a month, by rules that are written down."""

from __future__ import annotations

from matching.schema import CareKind, Price, Provider

PERIODS = ("hour", "day", "week", "month")

WEEKS_PER_MONTH = 52 / 12
USUAL_DAYS_PER_WEEK = 5
"""Monday to Friday, where the parent named no days."""
USUAL_HOURS_PER_DAY = 8.0
"""The legal working day (Constitución, art. 25), where the parent named no hours."""

HOURLY_BELOW = 12.0
DAILY_BELOW = 100.0
"""A price whose period nobody said: below 12 soles it is an hour's, below 100 a day's, else a month's. By the
prices usual in Peru: a madre cuidadora asks 15 to 35 a day, a nanny 40 to 70 a day, a nido 250 and more a
month."""

FREE = Price(0, None)


def price_of(provider: Provider) -> Price | None:
    """What a provider asks, None where nobody knows. Cuna Más is free for every family (programme rule)."""
    if provider.price is None and provider.kind is CareKind.CUNA_MAS:
        return FREE
    return provider.price


def per_month(period: str, days_per_week: int, hours_per_day: float) -> float:
    """How many of the period go into a month of so many days and hours of care.

    >>> round(30 * per_month("day", days_per_week=5, hours_per_day=8))
    650
    """
    days = days_per_week * WEEKS_PER_MONTH
    return {"month": 1.0, "week": WEEKS_PER_MONTH, "day": days, "hour": days * hours_per_day}[period]


def period_of(price: Price) -> str:
    """The period said, or the likely one."""
    if price.period is not None:
        return price.period
    if price.amount < HOURLY_BELOW:
        return "hour"
    return "day" if price.amount < DAILY_BELOW else "month"
