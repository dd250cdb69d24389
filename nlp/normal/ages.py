"""Ages in months: one child's (`{"months": 24}`) or those a provider takes (`{"min_months": 12, "max_months":
36}`).

A number without a unit is years, unless the unit of a range serves it too (`6 a 9 meses`) or it is too old to
need care. Of a range with one end (`mayores de 2`, `hasta 5 años`) only that end is given. Days and weeks are
the whole months they make.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from nlp.normal.numbers import NUMBER_WORDS, QUECHUA_NUMBERS, join_numbers
from nlp.normal.words import Lexicon, fold

OLDEST_IN_YEARS = 17
"""A bare number above this is months: nobody looks for somebody to mind a child of eighteen."""
OLDEST_IN_MONTHS = 18 * 12

_WORDS = Lexicon(
    {
        "year": "ano anos anito anitos anio anios anyo anyos aa ao aos aito aitos anho anhos ani an ans aniitos "
        "anitito anote anotes anazo anazos wata",
        "month": "mes meses mesecito mesecitos mesesito mesesitos mesito mesitos mese mess ms mss mitos mesazo "
        "mesazos killa",
        "week": "semana semanas semanita semanitas sem",
        "day": "dia dias diita diitas diitos",
        "half": "medio media mitad",
        "newborn": "nacido nacida nacidos nacidas nacidito nacidita naciditos nacio rn reciennacido",
        "baby": "bebe bebes bb bbs bebito bebitos bebitas",
        "upto": "hasta asta hsta menor menores maximo max tope",
        "from": "desde dsd dsde dde mayor mayores partir minimo min",
        "onward": "adelante arriba",
        "of": "de d del los las el la sus",
    },
    NUMBER_WORDS,
    QUECHUA_NUMBERS,
    known="con y e o entre antes mas menos nada tiene hace",
)
_GLUED_UNIT = re.compile(
    r"(\d)a(?=\s*(?:y|i|con|,)?\s*\d+\s?m(?:es|\b))|(\d)\s?a(?=\s+(?:y|i)\s+\d|\s*$|\s*-)|(\d)\s?m\b"
)
_MEASURE = re.compile(
    r"(?P<newborn>\bnewborn\b|\bbaby(?= (?:upto|a)\b))"
    r"|(?P<half_year>\bhalf year\b)"
    r"|(?<![\d.])(?:(?P<n>\d{1,3})(?:[.,](?P<part>\d{1,2}))? ?)?"
    r"\b(?P<unit>year|month|week|day)\b(?P<half>(?: y| con)? half\b)?"
    r"|(?<![\d.])(?P<bare>\d{1,3})(?:[.,](?P<bare_part>5))?(?![\d.])(?P<bare_half> y half\b)?"
)
_RANGE_MARK = re.compile(r"\ba\b|\bal\b|\bupto\b|\bentre\b|-")


@dataclass(frozen=True, slots=True)
class _Measure:
    count: int
    unit: str | None
    half: bool
    start: int
    end: int

    def months(self, unit: str | None = None) -> int:
        match self.unit or unit or ("month" if self.count > OLDEST_IN_YEARS else "year"):
            case "year":
                return self.count * 12 + 6 * self.half
            case "month":
                return self.count
            case "week":
                return self.count * 7 // 30
            case _:
                return self.count // 30


def child_age(span: str, *, after: str = "") -> dict[str, int] | None:
    """The age or ages in the span; `after`, what follows it in the message, may hold its unit."""
    clean = _clean(span)
    ages = _ages(clean, _clean(after[:24]))
    if not ages or max(ages) > OLDEST_IN_MONTHS:
        return None
    if len(ages) > 1:
        return {"min_months": ages[0], "max_months": ages[-1]} if ages[0] <= ages[-1] else None
    if re.search(r"(?<!no )\bupto\b|\bmenos of\b", clean):
        return {"max_months": ages[0]}
    if re.search(r"\bno upto\b|\bfrom\b|\bonward\b|\bmas of\b|\ba mas\b|\by mas\b|\+", clean):
        return {"min_months": ages[0]}
    return {"months": ages[0]}


def _clean(text: str) -> str:
    folded = re.sub(r"\b1 ?/ ?2\b", " y medio ", fold(text))
    glued = _GLUED_UNIT.sub(lambda m: f"{m[3]} mes " if m[3] else f"{m[1] or m[2]} ano ", folded)
    clean = join_numbers(_WORDS.clean(glued))
    return re.sub(r"\b(\d{1,2}) (?:para|pa|a por) \d{1,2}\b", r"\1", clean)  # `5 para 6` is still five


def _ages(clean: str, after: str) -> list[int]:
    """Each age in months, in the order written."""
    measures = _measures(clean)
    ages: list[int] = []
    previous: _Measure | None = None
    for at, measure in enumerate(measures):
        between = clean[previous.end : measure.start] if previous else ""
        if previous and _is_rest_of_age(previous, between, measure, clean):
            years = previous.count * 12 if previous.unit in (None, "year") else 0
            ages[-1] = years + measure.months("month")
        elif not (previous and measure.unit == "newborn" and between.strip() in ("of", "")):
            following = measures[at + 1].unit if at + 1 < len(measures) else _unit_after(after)
            borrowed = following if following in ("month", "year") else None
            ages.append(measure.months(borrowed))
        previous = measure
    first = measures[0] if measures else None
    if first and first.unit is None and len(ages) > 1 and ages[0] > ages[-1]:
        if _RANGE_MARK.search(clean[first.end : measures[1].start]):
            ages[0] = first.count  # `6 a 2 años`: nobody is taken from six years to two
        else:
            ages.sort()  # `5 y 3 años`: two children, the elder first
    return ages


def _measures(clean: str) -> list[_Measure]:
    found = []
    for m in _MEASURE.finditer(clean):
        if m["newborn"]:
            measure = _Measure(0, "newborn", False, *m.span())
        elif m["half_year"]:
            measure = _Measure(6, "month", False, *m.span())
        elif m["unit"] and m["part"] and m["part"] != "5" and m["unit"] == "year":
            # `1.8 años` is how phones are used for one year and eight months.
            measure = _Measure(int(m["n"]) * 12 + int(m["part"]), "month", False, *m.span())
        elif m["unit"]:
            measure = _Measure(int(m["n"] or 1), m["unit"], bool(m["half"] or m["part"]), *m.span())
        else:
            measure = _Measure(int(m["bare"]), None, bool(m["bare_half"] or m["bare_part"]), *m.span())
        found.append(measure)
    return found


def _is_rest_of_age(previous: _Measure, between: str, measure: _Measure, clean: str) -> bool:
    """Whether the measure goes on the age before it: `1 año` + `3 meses`, `2 años con` + `4`, `2 y` + `8 meses`."""
    if (
        previous.half
        or measure.count > 11
        or between.strip() not in ("", "y", "e", "con", ",", "y con", "of")
    ):
        return False
    if previous.unit == "year":
        return measure.unit in ("month", "week", "day") or (measure.unit is None and between.strip() != ",")
    if previous.unit in ("month", "week"):
        return False
    joined = between.strip() in ("y", "con")
    return previous.unit is None and measure.unit == "month" and joined and not _RANGE_MARK.search(clean)


def _unit_after(after: str) -> str | None:
    found = re.match(r"(?:(?:a|upto|-) \d{1,2} )?(month|year)\b", after)
    return found[1] if found else None
