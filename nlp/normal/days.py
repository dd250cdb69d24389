"""Days of the week that repeat: `lu a vi`, `L-V`, `lunes miercoles y viernes`, `fines de semana`, `todos los
dias menos domingo`.

`interdiario` and `dejando un dia` are Monday, Wednesday and Friday, which is what Peruvian timetables mean by
them; a number of days without their names (`3 veces por semana`) has no value.
"""

from __future__ import annotations

import re

from nlp.normal.calendar_words import WEEKDAY_NUMBER, WEEKDAYS
from nlp.normal.numbers import NUMBER_WORDS, join_numbers
from nlp.normal.words import Lexicon, fold
from nlp.schema import DAYS_OF_WEEK

_WORDS = Lexicon(
    {
        "all": "todos todo toda todas tods cada",
        "daily": "diario diarios diaria diariamente diarito",
        "week": "semana semanas sem semanita semn",
        "weekend": "finde findes finsemana findesemana finesdesemana finde_semana",
        "end": "fin fines finales",
        "within": "entre dentro durante",
        "midweek": "entresemana entresemanas",
        "workday": "laborable laborables laboral laborales util utiles habil habiles particular particulares",
        "alternate": "interdiario interdiarios interdiaria interdiariamente intercalado intercalados",
        "leaving": "dejando saltando",
        "day": "dia dias diitas",
        "but": "menos excepto exepto salvo menus",
        "to": "a al hasta asta hsta",
        "holiday": "feriado feriados",
        "of": "de d del los ls las el la x por",
    },
    NUMBER_WORDS,
    WEEKDAYS,
    known="si no y e o veces vez martillo mama mami mis su mas solo son sin do tarde tardes manana "
    "mananas noche noches",
)
_LETTERS = {"l": "mon", "m": "tue", "x": "wed", "mi": "wed", "j": "thu", "v": "fri", "s": "sat", "d": "sun"}
_LETTER_SPAN = re.compile(r"(?:de? )?([lmxjvsd]) ?(?:a|al|hasta|-|–|/|_) ?([lmxjvsd])")
_LETTER_LIST = re.compile(r"[lmxjvsd](?:(?: ?[-,/.]| y)? ?[lmxjvsd])+")
_DAY = "|".join(DAYS_OF_WEEK)
_SPAN = re.compile(rf"\b({_DAY})s? (?:(?:of )?(?:to|-|–|/|_)(?: of)*) ({_DAY})\b")
_WORKWEEK = ["mon", "tue", "wed", "thu", "fri"]


def days(span: str) -> list[str] | None:
    """The days named in the span, in week order."""
    folded = fold(span)
    if letters := _from_letters(folded):
        return letters
    clean = join_numbers(_WORDS.clean(re.sub(r"[-–/_.]", " - ", folded)))
    stated, _, excluded = clean.partition(" but ")
    chosen = _chosen(stated) - (set(_listed(excluded)) if excluded else set())
    return [day for day in DAYS_OF_WEEK if day in chosen] or None


def _chosen(clean: str) -> set[str]:
    chosen = set(_listed(clean))
    if re.search(r"\bweekend\b|\bend of week\b|\bend week\b", clean):
        chosen |= {"sat", "sun"}
    if re.search(r"\bmidweek\b|\bwithin (?:of )?week\b|\bworkday\b|(?<!\d )\bday of week\b", clean):
        chosen.update(_WORKWEEK)
    if re.search(r"\balternate\b|\bleaving 1 day\b|\b1 day si\b|\bday of medio\b", clean):
        chosen |= {"mon", "wed", "fri"}
    everyday = r"\ball (?:of )*(?:day|week|sant)\b|\bdaily\b|\bday to day\b|\bof 7 day\b"
    if not chosen and re.search(everyday, clean):
        chosen.update(DAYS_OF_WEEK)
    return chosen


def _listed(clean: str) -> list[str]:
    """Days named one by one and from one to another; `domingo a jueves` goes round the end of the week."""
    named = re.findall(rf"\b(?:{_DAY})\b", clean)
    for first, last in _SPAN.findall(clean):
        named += _through(first, last)
    if re.fullmatch(r"mon (?:fri|sat|sun)", clean):
        return _through(named[0], named[1])  # in short messages `lun vie` leaves the `a` out
    return named


def _through(first: str, last: str) -> list[str]:
    start, count = WEEKDAY_NUMBER[first], (WEEKDAY_NUMBER[last] - WEEKDAY_NUMBER[first]) % 7
    if first == last:
        count = 6
    return [DAYS_OF_WEEK[(start + step) % 7] for step in range(count + 1)]


def _from_letters(folded: str) -> list[str] | None:
    """`l-v`, `L a S`, `lmv`; in a list, `m` after `l` and before `v` is Wednesday, as on timetables."""
    if folded in ("lv", "ls", "ld"):
        folded = f"{folded[0]}-{folded[1]}"
    if found := _LETTER_SPAN.fullmatch(folded):
        chosen = set(_through(_LETTERS[found[1]], _LETTERS[found[2]]))
    elif _LETTER_LIST.fullmatch(folded):
        letters = re.findall(r"[lmxjvsd]", folded)
        chosen = {_LETTERS[letter] for letter in letters}
        if letters.count("m") > 1:
            chosen.add("wed")
        elif "m" in letters and "j" not in letters and "x" not in letters:
            chosen = chosen - {"tue"} | {"wed"}
    else:
        return None
    return [day for day in DAYS_OF_WEEK if day in chosen]
