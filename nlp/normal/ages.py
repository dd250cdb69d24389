"""Ages in months: one child's (`{"months": 24}`) or those a provider takes (`{"min_months": 12, "max_months": 36}`).

A number without a unit is years, unless a unit further on serves it too (`6 a 9 meses`) or nobody that old needs care.
Of a range with one end only (`mayores de 2`, `hasta 5 años`) only that end is given. Days and weeks count as the whole
months they make.
"""

from __future__ import annotations

import re

from nlp.normal.numbers import NUMBER_WORDS, join_numbers
from nlp.normal.words import Lexicon, fold

OLDEST_IN_YEARS = 17
"""A bare number above this is months: nobody looks for somebody to mind a child of eighteen."""

_LEXICON = Lexicon(
    {
        "year": "ano anos anito anitos anio anios anyo anyos aa aos aito aitos anho anhos ani aniitos aniito a",
        "month": "mes meses mesecito mesecitos mesesito mesesitos mesito mesitos mese mess m ms mss mecesito",
        "week": "semana semanas semanita semanitas sem",
        "day": "dia dias diita diitas d",
        "half": "medio media mitad",
        "newborn": "nacido nacida nacidos nacidas nacidito nacidita nacio",
        "just": "recien resien ricien rn reciencito",
        "upto": "hasta asta hsta menores menor ante maximo max",
        "from": "desde dsd dsde mayores mayor partir minimo",
        "more": "mas adelante arriba delante",
        "to": "al hasta",
        "of": "de d del los las el la sus tiene",
    },
    NUMBER_WORDS,
    known="con y e o entre antes",
)
_QUANTITY = r"(?:(?P<n{0}>\d{{1,3}}(?:[.,]5)?) ?)?(?P<u{0}>year|month|week|day)?"
_ONE = re.compile(
    r"(?:(?P<years>\d{1,2}(?:[.,]5)?) )?year(?P<half> y half| half)?"
    r"(?: (?:y|e|con|,|of) )?(?: ?(?P<months>\d{1,2}(?! year)) ?(?P<unit>month)?)?\b"
)
_MONTHS = re.compile(r"(?:(?P<months>\d{1,3}) ?)?month(?: y half)?")
_SMALL = re.compile(r"(?P<n>\d{1,3}) ?(?P<unit>day|week)")
_BARE_AND_HALF = re.compile(r"(?P<years>\d{1,2}) y half")
_BARE = re.compile(r"(?P<n>\d{1,3}(?:[.,]5)?)\b(?! ?/)")
_NEWBORN = re.compile(r"just newborn|newborn|\bjust\b")


def child_age(span: str, *, text: str = "") -> dict[str, int] | None:
    """The age or range of ages in the span; `text`, the whole message, lends a unit to a bare number."""
    clean = _clean(span)
    ages = _ages(clean, _unit_after(span, text))
    if not ages:
        return None
    if len(ages) >= 2:
        low, high = ages[0], ages[-1]
        return {"min_months": low, "max_months": high} if low <= high else None
    only = ages[0]
    if re.search(r"\bupto\b|\bto \d|^to\b|\bhasta\b", clean):
        return {"max_months": only}
    if re.search(r"\bfrom\b|\bmore\b|\+|\ba more\b", clean):
        return {"min_months": only}
    return {"months": only}
