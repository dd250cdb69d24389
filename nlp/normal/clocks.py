"""Hours as they are written: `7:30`, `7 y media`, `cuarto para las 8`, `1730`, `7 de la noche`, `12m`,
`medianoche`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from nlp.normal.numbers import NUMBER_WORDS, join_numbers
from nlp.normal.words import Lexicon, fold

NOON, DAY = 12 * 60, 24 * 60

_WORDS = Lexicon(
    {
        "morning": "manana mananas mananita mananitas mnna manan manhana mnana matinal",
        "afternoon": "tds tarde tardes tardecita tardecitas tard trd vespertino vespertina",
        "night": "noxe noxes noche noches nochecita nochecitas nocturno nocturna nocturnos nche amanecida amanecidas",
        "dawn": "madrugada madrugadas madrugadita",
        "noon": "mediodia mediodias meridiano",
        "midnight": "medianoche",
        "day": "dia dias diurno diurna",
        "half": "media medio",
        "quarter": "cuarto",
        "whole": "tod todo toda todito completo completa entero entera integro full",
        "shift": "turno turnos jornada tiempo horario",
        "fulltime": "fulltime fultime fulltaim",
        "hour": "hora horas hrs hr hs h horitas",
        "from": "desde dsd dsde dde partir despues dspues pasada pasadas",
        "upto": "hasta asta hsta ast",
        "before": "antes ants",
        "enter": "ntro abra abran llevo llevar llevarlo llevarla entro entra entrada entrar entramos entran ingreso "
        "ingresa ingresar empiezo empieza empezar comienzo "
        "comienza comienzan inicio inicia abro abre abren arranco empieso dejo dejarlo dejarla recoja recojan",
        "leave": "salgo salimos termino termina terminar acabo acaba acabar recojo recoge recoger recogo recogerlo "
        "recogerla cierro cierra cierran",
        "exit": "sale salen salida salir salga",
        "return": "vuelvo volvemos vuelve vuelven regreso regresamos regresa regresan retorno retornamos llego llega",
        "school": "colegio cole colejio escuela nido jardin inicial kinder pronoei clases",
        "to": "a al",
        "of": "de d del la las los el en por x",
        "entre": "entre",
        "para": "para pa pal",
    },
    NUMBER_WORDS,
    known="santo mi casa y e menos am pm medico lunes vez cada nina nino",
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
_LENGTH = re.compile(
    r"\b\d{1,2} (?:day|semanas?|mes|meses)\b|(?<!of )(?<!upto )\b\d{1,2} hour\b(?! (?:am|pm))"
)


@dataclass(frozen=True, slots=True)
class Clock:
    """A time as written. `minutes` after midnight; `fixed` when it can't be the other half of the day."""

    minutes: int
    fixed: bool
    mark: str = ""

    def readings(self) -> tuple[int, ...]:
        if self.fixed:
            return (self.minutes % DAY,)
        return (self.minutes % DAY, (self.minutes + NOON) % DAY)


def clean_hours(text: str) -> str:
    """The text with hours, parts of the day and the words about them each in one spelling."""
    folded = fold(text)
    for pattern, plain in _MARKS:
        folded = pattern.sub(plain, folded)
    return join_numbers(_WORDS.clean(folded))


def clocks(clean: str) -> tuple[list[Clock], str]:
    """The times in the text and what is left without them."""
    if re.search(r"\bentre\b", clean):
        clean = re.sub(r"\b(\d{1,2}) y (\d{1,2})\b", r"\1 - \2", clean)
    lengths_out = (
        clean if re.search(r"\bto\b|-|\bhour (?:am|pm)", clean) else _LENGTH.sub(_drop_length, clean)
    )
    found = [clock for m in _CLOCK.finditer(lengths_out) if (clock := _clock(m)) is not None]
    return found, _CLOCK.sub(" ", lengths_out)


def _drop_length(found: re.Match[str]) -> str:
    """`8 horas` is a length; `16 horas` is four in the afternoon."""
    number, unit = found[0].split()
    return found[0] if unit == "hour" and 13 <= int(number) < 24 else " "


def _clock(found: re.Match[str]) -> Clock | None:
    if found["named"]:
        return Clock(NOON if found["named"] == "noon" else 0, fixed=True)
    if found["military"]:
        digits = found["military"].zfill(4)
        hour, minute = int(digits[:2]), int(digits[2:])
        return Clock(hour * 60 + minute, fixed=hour > 12 or len(found["military"]) == 4)
    hour = int(found["hour"])
    minute = int(found["minute"] or 0) + _minutes(found["past"] or found["bare"])
    minute -= _minutes(found["short"] or found["less"])
    clock = Clock(hour * 60 + minute, fixed=hour > 12 or hour == 0)
    return marked(clock, found["mark"] or "")


def _minutes(written: str | None) -> int:
    if not written:
        return 0
    return {"half": 30, "quarter": 15}.get(written) or int(written)


def marked(clock: Clock, mark: str) -> Clock:
    """The clock with `am`, `de la noche` and the like taken into account; a mark that cannot be is left out."""
    if not mark or clock.fixed:
        return clock
    hour = (clock.minutes + 59) // 60  # a quarter to eight at night is before eight
    minutes = clock.minutes % NOON
    if mark in ("pm", "afternoon", "noon") or (mark == "night" and 5 < hour < 12):
        return Clock(minutes + NOON, True, mark)
    return Clock(minutes, True, mark)
