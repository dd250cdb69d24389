"""Cells as people fill them in, read into the values they stand for. Each function raises ValueError with
what is wrong and how to write it (`Wrong`, in two languages)."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.importers.wrong import Wrong
from matching.schema import CareKind
from matching.week import DAYS
from nlp.schema import HUB_SERVICES

T = TypeVar("T")

LIMA = ZoneInfo("America/Lima")
OLDEST_MONTHS = 215
MOST_SOLES = 10_000
MOST_PLACES = 500
LONGEST_TEXT = 120

KINDS = {
    "cuna_mas": CareKind.CUNA_MAS,
    "cuna mas": CareKind.CUNA_MAS,
    "cunamas": CareKind.CUNA_MAS,
    "municipal": CareKind.MUNICIPAL,
    "cuna municipal": CareKind.MUNICIPAL,
    "daycare": CareKind.DAYCARE,
    "guarderia": CareKind.DAYCARE,
    "cuna": CareKind.DAYCARE,
    "preschool": CareKind.PRESCHOOL,
    "nido": CareKind.PRESCHOOL,
    "jardin": CareKind.PRESCHOOL,
    "pronoei": CareKind.PRESCHOOL,
    "home": CareKind.HOME,
    "madre cuidadora": CareKind.HOME,
    "cuidadora": CareKind.HOME,
    "nanny": CareKind.NANNY,
    "niñera": CareKind.NANNY,
    "nana": CareKind.NANNY,
}
PERIODS = {
    "hour": "hour",
    "hora": "hour",
    "day": "day",
    "dia": "day",
    "week": "week",
    "semana": "week",
    "month": "month",
    "mes": "month",
}
SERVICES = {service: service for service in HUB_SERVICES} | {
    "computadora": "computer",
    "computadoras": "computer",
    "impresion": "printing",
    "impresiones": "printing",
    "escaner": "scanning",
    "escaneo": "scanning",
    "carga": "charging",
    "carga de celular": "charging",
    "clases": "training",
    "cursos": "training",
    "videollamadas": "video_call",
}
DAY_NAMES = {
    **dict.fromkeys(("mon", "l", "lu", "lun", "lunes"), "mon"),
    **dict.fromkeys(("tue", "ma", "mar", "martes"), "tue"),
    **dict.fromkeys(("wed", "mi", "mie", "miercoles"), "wed"),
    **dict.fromkeys(("thu", "j", "ju", "jue", "jueves"), "thu"),
    **dict.fromkeys(("fri", "v", "vi", "vie", "viernes"), "fri"),
    **dict.fromkeys(("sat", "s", "sa", "sab", "sabado"), "sat"),
    **dict.fromkeys(("sun", "d", "do", "dom", "domingo"), "sun"),
}
YES = frozenset({"yes", "si", "true", "1", "x"})
NO = frozenset({"no", "false", "0"})

_CLOCK = re.compile(r"(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d\d))?\s*(?P<half>[ap]\.?m\.?)?")
_AGE = re.compile(r"(?P<number>\d{1,3})\s*(?:(?P<months>m|meses|mes|months?)|(?:a|años?|y|years?))")
_SOLES = re.compile(
    r"(?:s/\.?\s*)?(?P<whole>\d{1,3}(?:[, ]\d{3})+|\d+)(?:[.,](?P<cents>\d{1,2}))?(?:\s*soles)?"
)


def plain(text: str) -> str:
    """Small letters, single blanks, no accents; ñ stays."""
    kept = unicodedata.normalize("NFD", " ".join(text.lower().split())).replace("n\N{COMBINING TILDE}", "ñ")
    return "".join(letter for letter in kept if not unicodedata.combining(letter))


def read_text(cell: str) -> str:
    """A name or an address, on one line."""
    text = " ".join(cell.split())
    if len(text) > LONGEST_TEXT:
        raise Wrong(
            f"has {len(text)} characters; {LONGEST_TEXT} are the most",
            f"tiene {len(text)} caracteres; lo más son {LONGEST_TEXT}",
        )
    return visible(text)


def visible(text: str) -> str:
    """The text, unless something in it is seen by nobody."""
    if any(unicodedata.category(letter) == "Cc" for letter in text):
        raise Wrong("holds a control character; remove it", "tiene un carácter que no se ve; bórrelo")
    return text


def read_kind(cell: str) -> CareKind:
    """`Cuna Más`, `nido`, `madre cuidadora`, `niñera`, or a code of CareKind."""
    return one_of(
        cell,
        KINDS,
        "cuna_mas, municipal, daycare, preschool, home, nanny",
        "cuna más, cuna municipal, guardería, nido, cuidadora, niñera",
    )


def read_age(cell: str) -> int:
    """`6m`, `3a`, `3 años`: in months."""
    found = _AGE.fullmatch(plain(cell))
    if not found:
        raise Wrong(
            f"{cell!r} is no age: write months as 6m, years as 3a",
            f"«{cell}» no es una edad: ponga meses como 6m, años como 3a",
        )
    months = int(found["number"]) * (1 if found["months"] else 12)
    if months > OLDEST_MONTHS:
        raise Wrong(
            f"{cell!r} is no child's age: {OLDEST_MONTHS // 12}a is the most",
            f"«{cell}» no es edad de un niño: lo más es {OLDEST_MONTHS // 12}a",
        )
    return months


def read_days(cell: str) -> tuple[str, ...]:
    """`lun-vie`, `L-V`, `lunes a viernes`, `lun, mie y sab`, `todos`, `mon-fri`: in week order."""
    text = plain(cell)
    if text in ("todos", "todos los dias", "all"):
        return DAYS
    chosen: set[str] = set()
    for part in re.split(r"\s*[,;/|]\s*|\s+y\s+", text):
        ends = [DAYS.index(_day(name, cell)) for name in re.split(r"\s*-\s*|\s+a\s+", part)]
        if len(ends) > 2 or ends[0] > ends[-1]:
            raise Wrong(
                f"{cell!r}: a range goes from an earlier to a later day, as in lun-vie",
                f"«{cell}»: se va de un día a otro posterior, como lun-vie",
            )
        chosen.update(DAYS[ends[0] : ends[-1] + 1])
    return tuple(day for day in DAYS if day in chosen)


def _day(name: str, cell: str) -> str:
    if name == "m":
        raise Wrong(
            f"{cell!r}: write Ma for martes, Mi for miércoles",
            f"«{cell}»: ponga Ma por martes, Mi por miércoles",
        )
    if name not in DAY_NAMES:
        raise Wrong(
            f"{cell!r} names no day {name!r}: write lun-vie or lun,mie,sab",
            f"«{name}» no es un día: ponga lun-vie o lun,mie,sab",
        )
    return DAY_NAMES[name]


def read_time(cell: str) -> str:
    """`8:00`, `08:00`, `8am`, `5:30 pm`: as "HH:MM"; 24:00 is 00:00."""
    found = _CLOCK.fullmatch(plain(cell))
    if not found:
        raise Wrong(
            f"{cell!r} is no time of day: write 08:00 or 17:30",
            f"«{cell}» no es una hora: ponga 08:00 o 17:30",
        )
    hour, minute, half = int(found["hour"]), int(found["minute"] or 0), found["half"]
    if half:
        if not 1 <= hour <= 12:
            raise Wrong(
                f"{cell!r} is no time of day: with am or pm the hour is 1 to 12",
                f"«{cell}» no es una hora: con am o pm va de 1 a 12",
            )
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        raise Wrong(
            f"{cell!r} is no time of day: write 00:00 to 24:00",
            f"«{cell}» no es una hora: ponga de 00:00 a 24:00",
        )
    return f"{hour % 24:02}:{minute:02}"


def read_hours(cell: str) -> dict[str, tuple[str, str]]:
    """`lun-vie 09:00-18:00; sab 09:00-13:00`: by day."""
    hours: dict[str, tuple[str, str]] = {}
    for part in re.split(r"\s*[;|]\s*", cell.strip(" ;|")):
        found = re.fullmatch(
            r"(?P<days>\D+?)\s+(?P<opens>\d\S*(?:\s*[ap]m)?)\s*(?:-|\ba\b)\s*(?P<closes>\d.*)", part
        )
        if not found:
            raise Wrong(
                f"{part!r} are no opening hours: write lun-vie 09:00-18:00; sab 09:00-13:00",
                f"«{part}» no es un horario: ponga lun-vie 09:00-18:00; sab 09:00-13:00",
            )
        opens, closes = read_time(found["opens"]), read_time(found["closes"])
        for day in read_days(found["days"]):
            if day in hours:
                raise Wrong(f"{cell!r} names {day} twice", f"«{cell}»: un mismo día está dos veces")
            hours[day] = (opens, closes)
    return hours


def read_soles(cell: str) -> float:
    """`350`, `S/ 350.50`, `1,200`, `gratis`."""
    text = plain(cell)
    if text in ("gratis", "free", "gratuito"):
        return 0.0
    found = _SOLES.fullmatch(text)
    if not found:
        raise Wrong(
            f"{cell!r} is no price: write soles as 350 or 350.50, or gratis",
            f"«{cell}» no es un precio: ponga soles como 350 o 350.50, o gratis",
        )
    amount = float(re.sub(r"\D", "", found["whole"]) + "." + (found["cents"] or "0"))
    if amount > MOST_SOLES:
        raise Wrong(f"{cell!r} is more than {MOST_SOLES} soles", f"«{cell}» es más de {MOST_SOLES} soles")
    return amount


def read_period(cell: str) -> str:
    """`hora`, `día`, `semana`, `mes`, or hour, day, week, month."""
    bare = cell.removeprefix("por ").removeprefix("al ")
    return one_of(bare, PERIODS, "hour, day, week, month", "hora, día, semana, mes")


def read_places(cell: str) -> int:
    """How many children more."""
    if not cell.isascii() or not cell.isdigit() or int(cell) > MOST_PLACES:
        raise Wrong(
            f"{cell!r} is no number of places: write 0 to {MOST_PLACES}",
            f"«{cell}» no es un número de cupos: ponga de 0 a {MOST_PLACES}",
        )
    return int(cell)


def read_number(cell: str, most: int) -> int:
    """A whole number from 1 to `most`."""
    if not cell.isascii() or not cell.isdigit() or not 1 <= int(cell) <= most:
        raise Wrong(f"{cell!r} is no number from 1 to {most}", f"«{cell}» no es un número de 1 a {most}")
    return int(cell)


def read_list(cell: str) -> tuple[str, ...]:
    """`almuerzo; patio`: short texts between semicolons, bars or commas, each once, as first written."""
    items: dict[str, str] = {}
    for item in re.split(r"[;|,]", cell):
        if item.strip():
            items.setdefault(plain(item), read_text(item))
    return tuple(items.values())


def read_services(cell: str) -> tuple[str, ...]:
    """`internet; computadoras; impresiones`, or the codes of HUB_SERVICES."""
    named = "internet, computadoras, wifi, impresiones, escáner, carga, clases, videollamadas"
    chosen = [one_of(item, SERVICES, ", ".join(HUB_SERVICES), named) for item in read_list(cell)]
    return tuple(dict.fromkeys(chosen))


def read_phone(cell: str) -> str:
    """A Peruvian mobile number, as +51 and nine digits. Those that begin with 0 belong to nobody: for demo
    rows."""
    digits = re.sub(r"[\s().-]", "", cell)
    found = re.fullmatch(r"(?:\+?51)?(9\d{8}|000\d{6})", digits)
    if not found:
        raise Wrong(
            f"{cell!r} is no Peruvian mobile number: write +51987654321 or 987654321",
            f"«{cell}» no es un celular del Perú: ponga +51987654321 o 987654321",
        )
    return f"+51{found[1]}"


def read_ubigeo(cell: str) -> str:
    """INEI's six digits; a spreadsheet takes a leading 0 away, and it is put back."""
    if not re.fullmatch(r"\d{5,6}", cell):
        raise Wrong(
            f"{cell!r} is no ubigeo: write INEI's six digits, such as 150110",
            f"«{cell}» no es un ubigeo: ponga los seis dígitos del INEI, como 150110",
        )
    return cell.zfill(6)


def read_degrees(cell: str) -> float:
    """`-11.9572`, with a point or a comma."""
    try:
        return float(cell.replace(",", "."))
    except ValueError:
        raise Wrong(
            f"{cell!r} are no degrees: write -11.9572", f"«{cell}» no son grados: ponga -11.9572"
        ) from None


def read_yes(cell: str) -> bool:
    """`sí`, `no`, `true`, `false`, `1`, `0`."""
    word = plain(cell)
    if word in YES or word in NO:
        return word in YES
    raise Wrong(f"{cell!r} is neither yes nor no", f"«{cell}» no es ni sí ni no")


def read_moment(cell: str) -> datetime:
    """`2026-11-20` or `20/11/2026` (that day's first minute in Lima), or an ISO date and time."""
    try:
        if found := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", cell):
            day, month, year = (int(part) for part in found.groups())
            moment = datetime.combine(date(year, month, day), datetime.min.time())
        else:
            moment = datetime.fromisoformat(cell)
    except ValueError:
        raise Wrong(
            f"{cell!r} is no date: write 2026-11-20", f"«{cell}» no es una fecha: ponga 2026-11-20"
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=LIMA)


def one_of(cell: str, values: dict[str, T], choices: str, in_spanish: str) -> T:
    """The value that a word stands for. Raises Wrong with what may be chosen."""
    found = values.get(plain(cell))
    if found is None:
        raise Wrong(f"{cell!r} is none of {choices}", f"«{cell}» no es ninguno de estos: {in_spanish}")
    return found
