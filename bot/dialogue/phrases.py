"""Facts as people say them: `S/ 300 al mes`, `800 m`, `lunes a viernes 8am-5pm`, `2 años y medio`.

The words are in wording.toml.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from bot.dialogue.wording import phrase, word
from matching.schema import Price
from nlp.schema import DAYS_OF_WEEK


def distance(km: float) -> str:
    """`800 m`, `1.2 km`, `14 km`: by steps of 50 m, 100 m, 1 km."""
    metres = max(50, round(km * 20) * 50)
    if metres < 1000:
        return phrase("metres", metres=metres)
    rounded = f"{km:.1f}".removesuffix(".0") if km < 10 else f"{km:.0f}"
    return phrase("kilometres", kilometres=rounded)


def price(asked: Price | None) -> str:
    """`S/ 300 al mes`, `gratis`; says so when nobody knows."""
    if asked is None:
        return phrase("price_unknown")
    if asked.amount == 0:
        return phrase("free")
    whole = float(asked.amount).is_integer()
    amount = f"{asked.amount:.0f}" if whole else f"{asked.amount:.2f}"
    return phrase(f"soles_{asked.period}" if asked.period else "soles", amount=amount)


def age(months: int) -> str:
    """`recién nacido`, `8 meses`, `1 año y medio`, `2 años`, `2 años 3 meses`."""
    years, rest = divmod(months, 12)
    if months == 0:
        return phrase("newborn")
    if years == 0 or (years == 1 and rest not in (0, 6)):
        return _months(months)
    whole = phrase("one_year") if years == 1 else phrase("years", years=years)
    if rest == 0:
        return whole
    if rest == 6:
        return phrase("and_a_half", years=whole)
    return phrase("and_months", years=whole, months=_months(rest))


def _months(months: int) -> str:
    return phrase("one_month") if months == 1 else phrase("months", months=months)


def ages(months: Sequence[int], girl: bool = False) -> str:
    """Whom it is for: `su niño de 2 años`, `niños de 1 y 6 años`, `niños de 5 meses y 2 años y medio`; empty for
    none."""
    if not months:
        return ""
    if len(months) == 1:
        return phrase("one_girl" if girl else "one_child", age=age(months[0]))
    if months[-1] > 12 and all(one and one % 12 == 0 for one in months):
        years = [str(one // 12) for one in months]
        return phrase("many_children", ages=phrase("years", years=enumeration(years)))
    return phrase("many_children", ages=enumeration([age(one) for one in months]))


def yours(children: int = 1, girl: bool = False) -> str:
    """Whose care it is about: `su niño`, `su niña`, `sus niños`."""
    if children > 1:
        return phrase("your_children")
    return phrase("your_girl" if girl else "your_child")


def whom(months: Sequence[int], children: int = 1, girl: bool = False) -> str:
    """Whom it is for, as somebody else hears it: `un niño de 2 años`, `2 niños de 1 y 6 años`."""
    if not months:
        return (
            phrase("a_girl" if girl else "a_child") if children < 2 else phrase("children", children=children)
        )
    if len(months) == 1 and children < 2:
        return phrase("a_girl_of" if girl else "a_child_of", age=age(months[0]))
    return phrase(
        "children_of", children=max(children, len(months)), ages=enumeration([age(one) for one in months])
    )


def phone(number: str) -> str:
    """`987 654 321` for "+51987654321"; a foreign number stays as it is."""
    if not number.startswith("+519") or len(number) != 12:
        return number
    local = number.removeprefix("+51")
    return f"{local[:3]} {local[3:6]} {local[6:]}"


def places(free: int) -> str:
    """`3 cupos`, `1 cupo`, `sin cupos`."""
    if free == 0:
        return phrase("no_places")
    return phrase("one_place") if free == 1 else phrase("capacity", capacity=free)


def weekday_and_date(day: date) -> str:
    """`lunes 30/11`."""
    return phrase(
        "day_and_date", day=word("days", DAYS_OF_WEEK[day.weekday()]), date=f"{day.day}/{day.month}"
    )


def age_range(low: int | None, high: int | None) -> str:
    """`6 meses a 3 años`, `desde 1 año`, `hasta 5 años`; empty when neither is known."""
    if low is not None and high is not None:
        return age(low) if low == high else phrase("age_range", low=age(low), high=age(high))
    if low is not None:
        return phrase("from_age", age=age(low))
    return phrase("to_age", age=age(high)) if high is not None else ""


def clock(time: str) -> str:
    """`8am`, `5:30pm` for "08:00", "17:30"."""
    hour, minute = (int(part) for part in time.split(":"))
    half = "am" if hour % 24 < 12 else "pm"
    shown = hour % 12 or 12
    return f"{shown}:{minute:02}{half}" if minute else f"{shown}{half}"


def hours(start: str | None, end: str | None) -> str:
    """`8am-5pm`, `desde 8am`, `hasta 5pm`; empty when neither is known."""
    if start and end:
        is_all_day = start == end or (start, end) == ("00:00", "24:00")
        return phrase("all_hours") if is_all_day else f"{clock(start)}-{clock(end)}"
    if start:
        return phrase("from_hour", hour=clock(start))
    return phrase("to_hour", hour=clock(end)) if end else ""


def days(of_week: Iterable[str]) -> str:
    """`lunes a viernes`, `lunes, miércoles y viernes`, `todos los días`; empty for none."""
    chosen = [day for day in DAYS_OF_WEEK if day in set(of_week)]
    if len(chosen) == len(DAYS_OF_WEEK):
        return phrase("every_day")
    named = [word("days", day) for day in chosen]
    first = DAYS_OF_WEEK.index(chosen[0]) if chosen else 0
    unbroken = tuple(chosen) == DAYS_OF_WEEK[first : first + len(chosen)]
    if unbroken and len(named) > 2:
        return phrase("days_through", first=named[0], last=named[-1])
    return enumeration(named)


def when(of_week: Iterable[str], start: str | None, end: str | None, begins: date | None = None) -> str:
    """`lunes a viernes 8am-5pm desde 24/11`; empty when nothing is known."""
    begin = phrase("from_date", date=f"{begins.day}/{begins.month}") if begins else ""
    return " ".join(part for part in (days(of_week), hours(start, end), begin) if part)


def opening(by_day: Mapping[str, tuple[str, str]]) -> str:
    """`lunes a viernes 8am-6pm, sábado 9am-1pm`: days with the same hours together."""
    alike: dict[tuple[str, str], list[str]] = {}
    for day in DAYS_OF_WEEK:
        if day in by_day:
            alike.setdefault(tuple(by_day[day]), []).append(day)  # type: ignore[arg-type]
    return ", ".join(when(group, *times) for times, group in alike.items()) or phrase("hours_unknown")


def sentence(line: str) -> str:
    """The line with a capital at its head."""
    return line[:1].upper() + line[1:]


def enumeration(items: Sequence[str]) -> str:
    """`a, b y c`; `wifi e internet`."""
    if len(items) < 2:
        return "".join(items)
    joint = "and_before_i" if items[-1].lower().startswith(("i", "hi")) else "and"
    return ", ".join(items[:-1]) + phrase(joint) + items[-1]
