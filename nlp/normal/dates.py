"""The day it begins, as an ISO date, from the day the message was sent in Lima.

A weekday is the next one after today, a month or a day of the month its next occurrence. `quincena` is the
15th, `fin de mes` the last day; a feast has its day, after a feast (`despues de fiestas patrias`) is the day
that follows it. What names no day (`en verano`, `lo antes posible`) has no value.

`dateparser` (1.5) was tried: 0.27 s to the first date and 0.27 ms each, no answer to `el 15`, `pasado mañana`,
`15 de marso` or `fin de mes`, and `lunes 15` read without the Monday.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from nlp.normal.calendar_words import MONTHS, WEEKDAY_NUMBER, WEEKDAYS
from nlp.normal.numbers import NUMBER_WORDS, join_numbers
from nlp.normal.words import Lexicon, fold

LIMA = "America/Lima"

_WORDS = Lexicon(
    {
        "today": "hoy hoi oy hoydia hoyd ahora ahorita ahoritita ya yaya altoque",
        "tomorrow": "manana mnna mnana manhana mannana mnn manan mana",
        "dayafter": "pasadomanana pasadomanhana",
        "past": "pasado pasao psado pasda pasada",
        "next": "proximo proxima prox proximos otro otra siguiente sgte sgnte sigte viene entrante entra "
        "subsiguiente",
        "this": "este esta ese esa presente",
        "week": "semana semanita sem semanas semanitas semna",
        "weekend": "finde finsemana findesemana",
        "month": "mes meses mesecito",
        "year": "ano anos anio anito",
        "day": "dia dias diitas",
        "end": "fin fines final finales finalizando finalizar ultimo ultimos ultima",
        "begin": "principio principios inicio inicios comienzo comienzos inicial primeros empezando "
        "iniciando",
        "middle": "mediados mediado quincena quincenita qincena",
        "after": "despues dspues despue despuesito pasando pasadas luego posterior acabando terminando",
        "inside": "dentro dntro",
        "first": "primero primer primera 1ro 1ero 1era primerito",
        "of": "de d del los las el la al a",
        "in": "en",
        "from": "desde dsd dsde dde partir",
        "christmas": "navidad navidades nabidad noche_buena nochebuena",
        "new": "nuevo",
        "patrias": "patrias patria fiestaspatrias",
        "half": "medio media",
    },
    NUMBER_WORDS,
    WEEKDAYS,
    MONTHS,
    known="mas tarde noche temprano mi ma si lo que q hora horas vez veces fiestas verano clases mayor "
    "menor semestre ju do sa marcha mario julia julian santa martir medico viaje",
)
_DAY = "|".join(WEEKDAY_NUMBER)
_MONTH_AND_YEAR = r"month(?P<month>\d{1,2})\b(?: (?:of )*(?P<year>20\d\d|next year|year next)\b)?"
_FEASTS = {
    r"\bchristmas\b": ((12, 25), (12, 26)),
    r"\byear new\b": ((1, 1), (1, 2)),
    r"\bpatrias\b": ((7, 28), (7, 30)),
}


def start_date(span: str, now: datetime, *, before: str = "") -> str | None:
    """The date of the span as ISO text. `now`, aware: when the message came; `before`: the message up to the span."""
    today = now.astimezone(ZoneInfo(LIMA)).date()
    folded = fold(span)
    folded = re.sub(r"(?<=\d )(?:de )?mar\b", "marzo", folded)
    clean = join_numbers(_WORDS.clean(re.sub(r"(\d)(?:ro|ero|er|o|°|º)\b", r"\1 ", folded)))
    if fold(before[-12:]).split()[-1:] == ["pasado"] and clean.startswith("tomorrow"):
        clean = f"past {clean}"
    for rule in _RULES:
        try:
            found = rule(folded, today) if rule is _in_figures else rule(clean, today)
        except (ValueError, OverflowError):  # the 31st of June, the year 9999
            return None
        if found:
            return found.isoformat()
    return None


def _in_figures(folded: str, today: date) -> date | None:
    """`1/12`, `15-03-2026`, `15.3.26`, `2026-03-15`."""
    if iso := re.search(r"\b(20\d\d)-(\d{1,2})-(\d{1,2})\b", folded):
        return date(*map(int, iso.groups()))
    found = re.search(r"(?<![\d/])(\d{1,2}) ?[/.-] ?(\d{1,2})(?: ?[/.-] ?(20\d\d|\d\d))?(?![\d/])", folded)
    if not found:
        return None
    day, month = int(found[1]), int(found[2])
    if found[3]:
        return date(int(found[3]) % 2000 + 2000, month, day)
    return _next_on(today, month, day)


def _feast(clean: str, today: date) -> date | None:
    for pattern, (on, after) in _FEASTS.items():
        if re.search(pattern, clean):
            return _next_on(today, *(after if re.search(r"\bafter\b|\bpast\b", clean) else on))
    return None


def _part_of_month(clean: str, today: date) -> date | None:
    """`fin de mes`, `mediados de marzo`, `la quincena`, `fin de año`."""
    found = re.search(r"\b(?P<part>begin|middle|end)\b", clean)
    if not found or re.search(r"\bend (?:of )*week\b", clean):
        return None
    if re.search(r"\bend (?:of )*year\b", clean):
        return date(today.year, 12, 31)
    if re.search(r"\bbegin (?:of )*(?:year|\w+ year)\b", clean):
        return date(today.year + 1, 1, 1)
    named = re.search(_MONTH_AND_YEAR, clean)
    if found["part"] != "middle" and not named and not re.search(r"\bmonth\b", clean):
        return None
    if named:
        first = _first_of(named, today, may_be_past=True)
    elif re.search(r"\bnext month\b|\bmonth (?:que |q )?next\b", clean):
        first = _months_on(today.replace(day=1), 1)
    else:
        first = today.replace(day=1)
    while (day := _day_in(first, found["part"])) < today:
        first = _months_on(first, 12 if named else 1)
    return day


def _day_in(first: date, part: str) -> date:
    if part == "end":
        return first.replace(day=calendar.monthrange(first.year, first.month)[1])
    return first.replace(day=15 if part == "middle" else 1)


def _day_of_month(clean: str, today: date) -> date | None:
    """`15 de marzo`, `primero de abril del 2027`."""
    found = re.search(rf"\b(?P<day>\d{{1,2}}|first) (?:day )?(?:of )*{_MONTH_AND_YEAR}", clean)
    if not found:
        return None
    day, month = 1 if found["day"] == "first" else int(found["day"]), int(found["month"])
    if found["year"]:
        return date(_year(found["year"], today), month, day)
    return _next_on(today, month, day)


def _near_today(clean: str, today: date) -> date | None:
    if re.search(r"\bdayafter\b|\b(?:past|after) (?:of )*tomorrow\b|^past$", clean):
        return today + timedelta(days=2)
    if re.search(r"(?<!in of )(?<!in )\btomorrow\b", clean) and not re.search(
        rf"\b(?:{_DAY}) (?:of |in |por |x )*tomorrow", clean
    ):
        return today + timedelta(days=1)
    if re.search(r"\btoday\b|\bthis (?:tarde|noche)\b", clean):
        return today
    return None


def _nth_weekday(clean: str, today: date) -> date | None:
    """`el primer lunes de octubre`."""
    found = re.search(rf"\b(?P<nth>first|segundo|tercer) (?P<day>{_DAY}) (?:of )*{_MONTH_AND_YEAR}", clean)
    if not found:
        return None
    weeks = {"first": 0, "segundo": 1, "tercer": 2}[found["nth"]]
    first = _first_of(found, today, may_be_past=True)
    if (day := _nth_from(first, found["day"], weeks)) < today:
        day = _nth_from(_months_on(first, 12), found["day"], weeks)
    return day


def _nth_from(first: date, weekday: str, weeks: int) -> date:
    return first + timedelta(days=(WEEKDAY_NUMBER[weekday] - first.weekday()) % 7, weeks=weeks)


def _weekday(clean: str, today: date) -> date | None:
    """`lunes`, `el viernes de la otra semana`, `lunes 23`."""
    found = re.search(rf"\b({_DAY})\b(?: (?:of )?(\d{{1,2}})\b(?! hora| [ap]m))?", clean)
    if not found:
        return None
    weekday = WEEKDAY_NUMBER[found[1]]
    if found[2] and 1 <= int(found[2]) <= 31:
        days = (today + timedelta(days=ahead) for ahead in range(400))
        matching = (day for day in days if day.day == int(found[2]) and day.weekday() == weekday)
        sooner = _next_day(today, int(found[2]))
        both = next(matching, sooner)
        return both if (both - sooner).days < 62 else sooner
    if re.search(r"\bnext week\b|\bweek (?:que |q )?next\b", clean):
        return _monday_after(today) + timedelta(days=weekday)
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def _after_a_while(clean: str, today: date) -> date | None:
    """`en 15 dias`, `dentro de 2 semanas`, `un mes`."""
    found = re.search(r"\b(\d{1,3}) (day|week|month|year)\b", clean)
    if not found:
        return None
    count = int(found[1])
    match found[2]:
        case "day":
            return today + timedelta(days=count)
        case "week":
            return today + timedelta(weeks=count)
        case "month":
            return _months_on(today, count)
        case _:
            return _months_on(today, 12 * count)


def _coming_year(clean: str, today: date) -> date | None:
    """`2027`, like a month, is its first day."""
    found = re.fullmatch(r"(?:of |in |from |year )*(20\d\d)", clean)
    return date(int(found[1]), 1, 1) if found and int(found[1]) > today.year else None


def _next_period(clean: str, today: date) -> date | None:
    if re.search(r"\bweekend\b|\bend (?:of )*week\b", clean):
        return today + timedelta(days=(5 - today.weekday() - 1) % 7 + 1)
    found = re.search(r"\bnext (week|month|year)\b|\b(week|month|year) (?:(?:que|q|k) )?next\b", clean)
    match found and (found[1] or found[2]):
        case "week":
            return _monday_after(today)
        case "month":
            return _months_on(today.replace(day=1), 1)
        case "year":
            return date(today.year + 1, 1, 1)
    return None


def _month(clean: str, today: date) -> date | None:
    found = re.search(rf"\b{_MONTH_AND_YEAR}", clean)
    return _first_of(found, today) if found else None


def _bare_day(clean: str, today: date) -> date | None:
    found = re.fullmatch(
        r"(?:(?:of|from|in|day|this|next|como|para) )*(\d{1,2}|first)(?: (?:of )?(?:this )?month)?\W*", clean
    )
    if not found:
        return None
    return _next_day(today, 1 if found[1] == "first" else int(found[1]))


_RULES: tuple[Callable[[str, date], date | None], ...] = (
    _in_figures,
    _feast,
    _day_of_month,
    _part_of_month,
    _near_today,
    _nth_weekday,
    _weekday,
    _after_a_while,
    _next_period,
    _coming_year,
    _month,
    _bare_day,
)


def _first_of(found: re.Match[str], today: date, *, may_be_past: bool = False) -> date:
    """The first of the month that was named. Raises ValueError for month 13 and the like."""
    month = int(found["month"])
    if found["year"]:
        return date(_year(found["year"], today), month, 1)
    return date(today.year, month, 1) if may_be_past else _next_on(today, month, 1)


def _year(written: str, today: date) -> int:
    return int(written) if written.isdigit() else today.year + 1


def _next_on(today: date, month: int, day: int) -> date:
    """The next such day, today included. Raises ValueError when there is none."""
    if (month, day) == (2, 29):
        year = next(
            y for y in range(today.year, today.year + 9) if calendar.isleap(y) and date(y, 2, 29) >= today
        )
        return date(year, 2, 29)
    this_year = date(today.year, month, day)
    return this_year if this_year >= today else date(today.year + 1, month, day)


def _next_day(today: date, day: int) -> date:
    """The next month, this one included, that has such a day not yet past. Raises ValueError above 31."""
    if not 1 <= day <= 31:
        raise ValueError(f"no month has a day {day}")
    month = today.replace(day=1)
    while day > calendar.monthrange(month.year, month.month)[1] or month.replace(day=day) < today:
        month = _months_on(month, 1)
    return month.replace(day=day)


def _months_on(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _monday_after(today: date) -> date:
    return today + timedelta(days=7 - today.weekday())
