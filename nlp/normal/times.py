"""Hours of the day: `8 a 5`, `7am-4pm`, `de 7 y media a 5 y 30`, `hasta las 6`, `7 de la noche a 7 de la mañana`, `tardes`.

Hours without am or pm are read as those who look for care mean them: the pair that is least odd for a working day wins
(`_oddness`), one hour alone begins in the morning and ends in the afternoon. Whether one hour alone is a start or an end is
told by the span (`hasta`, `desde`), else by the words about it (`entro`, `salgo`).

Parts of the day have the schema's hours; besides, `madrugada` is 00:00–06:00, `24 horas` 00:00–23:59, `tiempo completo` as
`todo el dia`. Half a day without saying which half, and lengths of time (`8 horas`), have no value.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from nlp.normal.numbers import NUMBER_WORDS, join_numbers
from nlp.normal.words import Lexicon, fold

_NOON, _DAY = 12 * 60, 24 * 60
_PARTS = {
    "morning": (8 * 60, 13 * 60),
    "afternoon": (13 * 60, 18 * 60),
    "night": (18 * 60, 23 * 60),
    "dawn": (0, 6 * 60),
    "workday": (8 * 60, 18 * 60),
}
_WORDS = Lexicon(
    {
        "morning": "manana mananas mananita mananitas mnna manan manhana mnana matinal",
        "afternoon": "tarde tardes tardecita tardecitas tard trd vespertino vespertina",
        "night": "noche noches nochecita nochecitas nocturno nocturna nocturnos nche amanecida amanecidas",
        "dawn": "madrugada madrugadas madrugadita",
        "noon": "mediodia mediodias meridiano",
        "midnight": "medianoche",
        "day": "dia dias diurno diurna",
        "half": "media medio",
        "quarter": "cuarto",
        "whole": "todo toda todito completo completa entero entera integro full",
        "shift": "turno turnos jornada tiempo horario",
        "fulltime": "fulltime fultime fulltaim",
        "hour": "hora horas hrs hr hs h horitas",
        "from": "desde dsd dsde partir despues dspues pasada pasadas",
        "upto": "hasta asta hsta ast",
        "before": "antes ants",
        "enter": "entro entra entrada entrar entramos ingreso ingresa ingresar empiezo empieza empezar comienzo comienza "
        "comienzan inicio inicia abre abren entrando arranco empieso dejo dejarlo dejarla",
        "leave": "salgo sale salida salir salimos saliendo termino termina terminar acabo acaba acabar recojo recoge recoger "
        "recogo recogerlo recogerla cierra cierran vuelvo regreso retorno llego",
        "to": "a al",
        "of": "de d del la las los el en por x",
        "entre": "entre",
        "para": "para pa pal",
    },
    NUMBER_WORDS,
    known="santo mi casa y e menos am pm medico lunes vez cada nina nino dos",
)
_MARKS = (
    (re.compile(r"(?<![a-z])a ?\. ?m\b\.?|(?<=\d) ?a ?m\b|\bam\b"), " am "),
    (re.compile(r"(?<![a-z])p ?\. ?m\b\.?|(?<=\d) ?p ?m\b|\bpm\b"), " pm "),
    (re.compile(r"(?<=12) ?m\b"), " noon "),
    (re.compile(r"(?<=\d)[;'´](?=\d\d\b)"), ":"),
    (re.compile(r"(?<=\d)\s?(?:hrs?|hs|h)\b\.?"), " hour "),
    (re.compile(r"medio ?dia"), "mediodia"),
    (re.compile(r"media ?noche"), "medianoche"),
)
_MARK = r"am|pm|morning|afternoon|night|dawn|noon"
_CLOCK = re.compile(
    r"(?:\b(?P<short>5|10|15|20|25|quarter) (?:minutos )?para (?:of )?)?"
    r"(?<![\d:.,])\b(?P<hour>[01]?\d|2[0-4])(?:[:.,](?P<minute>[0-5]\d))?\b(?![:.,]\d)"
    r"(?: hour)?"
    r"(?: y (?P<past>half|quarter|[1-5]?\d)\b| (?P<bare>00|15|30|45|half)\b| menos (?P<less>5|10|15|20|25|quarter)\b)?"
    rf"(?: hour)?(?: (?:of )*(?P<mark>{_MARK})\b| of day\b)?"
    r"|\b(?P<military>[01]?\d[0-5][05]|2[0-3][0-5][05])\b(?: hour)?"
    r"|\b(?P<named>noon|midnight)\b"
)
_LENGTH = re.compile(r"(?<!of )(?<!upto )\b\d{1,2} hour\b(?! (?:am|pm))")
_NIGHT_WORK = re.compile(
    r"\bshift (?:of )*night|\b(?:guardia|trabajo|trabaja|trabajar) (?:of )*night|\b(?<!\d )of night\b|whole (?:of )*night"
)
_LEAVES_FOR_WORK = re.compile(
    r"\bleave (?:to(?: trabajar| chambear| chamba)|to of (?:trabajo|chamba|casa)|of (?:mi |of )*casa)"
)


@dataclass(frozen=True, slots=True)
class _Clock:
    """A time as written. `minutes` after midnight; `fixed` when it can't be the other half of the day."""

    minutes: int
    fixed: bool
    mark: str = ""

    def readings(self) -> tuple[int, ...]:
        if self.fixed:
            return (self.minutes % _DAY,)
        return (self.minutes % _DAY, (self.minutes + _NOON) % _DAY)


def time_of_day(span: str, *, before: str = "", after: str = "") -> dict[str, str] | None:
    """`{"start": "08:00", "end": "17:00"}`, one of them maybe missing. `before` and `after`: the rest of the message."""
    clean, lead, tail = _clean(span), _clean(before[-160:]), _clean(after[:80])
    clocks, rest = _clocks(clean)
    at_night = bool(_NIGHT_WORK.search(f"{lead} {clean} {tail}"))
    parts = [name for name in re.findall(r"[a-z]+", rest) if name in _PARTS]
    if len(clocks) > 1:
        start, end = _likeliest(clocks[0], clocks[-1], at_night)
        return {"start": _written(start), "end": _written(end)}
    if clocks:
        clock = clocks[0]
        if not clock.fixed and (mark := re.match(rf"(?:of )+(am|pm|morning|afternoon|night|dawn)\b|(?:am|pm)\b", tail)):
            clock = _marked(clock, mark[1] or mark[0])
        return _one_end(clock, _role(clean, lead, tail), parts, at_night, lead)
    return _of_parts(clean, parts, lead)


def _clean(text: str) -> str:
    folded = fold(text)
    for pattern, plain in _MARKS:
        folded = pattern.sub(plain, folded)
    return join_numbers(_WORDS.clean(folded))


def _clocks(clean: str) -> tuple[list[_Clock], str]:
    """The times in the text and what is left without them."""
    if re.search(r"\bentre\b", clean):
        clean = re.sub(r"\b(\d{1,2}) y (\d{1,2})\b", r"\1 - \2", clean)
    lengths_out = clean if re.search(r"\bto\b|-|\bhour (?:am|pm)", clean) else _LENGTH.sub(_drop_length, clean)
    found = [clock for m in _CLOCK.finditer(lengths_out) if (clock := _clock(m)) is not None]
    return found, _CLOCK.sub(" ", lengths_out)


def _drop_length(found: re.Match[str]) -> str:
    """`8 horas` is a length; `16 horas` is four in the afternoon."""
    return found[0] if 13 <= int(found[0].split()[0]) < 24 else " "


def _clock(found: re.Match[str]) -> _Clock | None:
    if found["named"]:
        return _Clock(_NOON if found["named"] == "noon" else 0, fixed=True)
    if found["military"]:
        digits = found["military"].zfill(4)
        hour, minute = int(digits[:2]), int(digits[2:])
        return _Clock(hour * 60 + minute, fixed=hour > 12 or len(found["military"]) == 4)
    hour = int(found["hour"])
    minute = int(found["minute"] or 0) + _minutes(found["past"] or found["bare"])
    minute -= _minutes(found["short"] or found["less"])
    clock = _Clock(hour * 60 + minute, fixed=hour > 12 or hour == 0)
    return _marked(clock, found["mark"] or "")


def _minutes(written: str | None) -> int:
    return {"half": 30, "quarter": 15}.get(written or "") or int(written if written and written.isdigit() else 0)


def _marked(clock: _Clock, mark: str) -> _Clock:
    """The clock with `am`, `de la noche` and the like taken into account; a mark that cannot be is left out."""
    if not mark or clock.fixed:
        return clock
    hour = (clock.minutes + 59) // 60  # a quarter to eight at night is before eight
    minutes = clock.minutes % _NOON
    if mark in ("pm", "afternoon", "noon") or (mark == "night" and 5 < hour < 12):
        return _Clock(minutes + _NOON, True, mark)
    return _Clock(minutes, True, mark)


def _likeliest(first: _Clock, last: _Clock, at_night: bool) -> tuple[int, int]:
    """Start and end in minutes, the reading of the two that is least odd."""
    pairs = [(start, end) for start in first.readings() for end in last.readings()]
    if last.mark == "am" and last.minutes % _DAY == 0:
        pairs += [(start, _NOON) for start in first.readings()]  # `8 a 12 am` is said of noon
    return min(pairs, key=lambda pair: _oddness(*pair, first, last, at_night))


def _oddness(start: int, end: int, first: _Clock, last: _Clock, at_night: bool) -> float:
    length = (end - start) % _DAY
    if length == 0:
        return 99
    overnight = end < start
    odd = 3.0 * (length > 13 * 60) + 0.5 * (length < 60)
    if at_night:
        return odd + 4 * (not first.fixed and 4 * 60 <= start < _NOON) + (not overnight and end < 18 * 60) * 2
    odd += 5 * overnight
    if not first.fixed:
        odd += 4 * (start < 5 * 60) + 1 * (5 * 60 <= start < 6 * 60) + 2 * (start >= 18 * 60)
        if last.mark == "night" and start < _NOON and _NOON + 5 * 60 < start + _NOON < end:
            odd += 2.5  # `7 a 11 de la noche`: the night is said of both
    return odd


def _role(clean: str, lead: str, tail: str) -> str:
    """Whether one hour alone is a `start`, an `end`, or one to be there `before`."""
    if re.search(r"\bupto\b|\bleave\b", clean) and not _LEAVES_FOR_WORK.search(clean):
        return "end"
    if re.search(r"\bbefore\b", clean):
        return "before"
    if re.search(r"\bfrom\b|\benter\b", clean):
        return "start"
    clause = re.split(r"\d|,| y | pero |;|\.|\n", lead)[-1]
    for words in (clause, " ".join(tail.split()[:1]), lead):
        words = _LEAVES_FOR_WORK.sub("enter", words)
        if cues := re.findall(r"\b(?:upto|leave|from|enter|before)\b", words):
            return {"upto": "end", "leave": "end", "before": "before"}.get(cues[-1], "start")
    return "start"


def _one_end(clock: _Clock, role: str, parts: list[str], at_night: bool, lead: str) -> dict[str, str]:
    early, late = clock.minutes % _NOON, clock.minutes % _NOON + _NOON
    hour = early / 60
    if clock.fixed:
        minutes = clock.minutes
    elif 12 * 60 <= clock.minutes < 13 * 60:
        minutes = 0 if at_night else clock.minutes
    elif role == "end":
        night_before = re.search(r"(?:enter|from) (?:\w+ )*\d+ (?:(?:of )*night|pm)\b", lead)
        minutes = early if (at_night or night_before) and hour < 10 else late
    elif role == "before":
        minutes = early if hour >= 5 else late
    elif at_night:
        minutes = late if hour >= 5 else early
    else:
        minutes = late if hour < 5 else early
    if role == "start":
        value = {"start": _written(minutes)}
        ends = [_PARTS[part][1] for part in parts if _PARTS[part][1] > minutes]
        return value | ({"end": _written(ends[-1])} if ends else {})
    starts = [_PARTS[part][0] for part in parts if _PARTS[part][0] < minutes]
    return ({"start": _written(starts[0])} if starts else {}) | {"end": _written(minutes)}


def _of_parts(clean: str, parts: list[str], lead: str) -> dict[str, str] | None:
    if re.search(r"\b24 hour\b|\b24 / 7\b|\b24 x 7\b|\bday y (?:of )*night\b|\bnight y (?:of )*day\b", clean):
        return {"start": "00:00", "end": "23:59"}
    if re.search(r"\bwhole (?:of |santo )*(?:day|shift)\b|\b(?:day|shift) whole\b|\bfulltime\b|\bwhole (?:time|tiempo)\b", clean):
        parts = ["workday"]
    elif not parts and (re.search(r"\bshift (?:of )*day\b", clean) or (clean == "day" and lead.endswith("shift"))):
        parts = ["workday"]
    if not parts:
        return None
    if re.search(r"\bfrom\b", clean) and "night" not in parts and len(parts) == 1:
        return {"start": _written(_PARTS[parts[0]][0])}
    return {"start": _written(_PARTS[parts[0]][0]), "end": _written(_PARTS[parts[-1]][1])}


def _written(minutes: int) -> str:
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"
