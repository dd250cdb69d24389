"""Counts as the upkeep writes them, for pages of figures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from bot.counting.families import UNMET, WAIT, Step, bucket
from bot.services import Services
from bot.store import looks, tallies
from bot.store.tallies import Traffic
from bot.weeks import quarter_of


def count_families(
    services: Services,
    week: date,
    ubigeo: str,
    reached: Sequence[int],
    age: str = "1",
    unmet: int = 0,
    wait_hours: float = 5,
) -> None:
    """So many families of a week took each step, the first first; so many found nobody."""
    counts = {step.value: families for step, families in zip(Step, reached, strict=False)}
    if accepted := counts.get(Step.ACCEPTED, 0):
        counts[f"{WAIT}{bucket(wait_hours)}"] = accepted
    counts[UNMET] = unmet
    quarter = quarter_of(week)
    with services.store.begin() as tx:
        tallies.change(tx, {(quarter, week, ubigeo, age, what): n for what, n in counts.items()})


def count_messages(services: Services, week: date, rows: Sequence[tuple[str, str, str, int, int]]) -> None:
    """Messages of a week: region, channel, status, how many, of how many people. SMS have two segments each."""
    with services.store.begin() as tx:
        tallies.put_traffic(
            tx,
            week,
            [
                Traffic(
                    week,
                    region,
                    channel,
                    status,
                    messages,
                    2 * messages if channel == "sms" else 0,
                    people,
                    0,
                    messages * (150_000 if channel == "sms" else 5_000),
                )
                for region, channel, status, messages, people in rows
            ],
        )


def counted_until(services: Services, moment: datetime) -> None:
    with services.store.begin() as tx:
        looks.looked(tx, "families", moment)


def last_mondays(now: date, weeks: int) -> list[date]:
    """The Mondays of that many weeks until now, of one quarter; the earliest first."""
    this = now - timedelta(days=now.weekday())
    mondays = [this - timedelta(days=7 * number) for number in range(weeks)]
    return sorted(monday for monday in mondays if quarter_of(monday) == quarter_of(this))
