"""Numbers, in digits or words, with the slips of the thumb: `quinse`, `veinti cinco`, `treintaicinco`, `mil
quinientos`.

`text2num` (3.1) was tried: it is fast, but leaves `quinse`, `diesiseis`, `trecientos`, `treintaicinco` and `un`
as they are and reads `dos cientos` as two numbers, so every slip would need our own list of words all the same.
"""

from __future__ import annotations

import re

from nlp.normal.words import Lexicon

_VALUES = {
    "un": 1,
    "uno": 1,
    "dos": 2,
    "tres": 3,
    "cuatro": 4,
    "cinco": 5,
    "seis": 6,
    "siete": 7,
    "ocho": 8,
    "nueve": 9,
}
_TENS = {
    30: "treinta",
    40: "cuarenta",
    50: "cincuenta",
    60: "sesenta",
    70: "setenta",
    80: "ochenta",
    90: "noventa",
}
_WORDS = {
    0: "cero ceritos", 1: "un uno una unito unita", 2: "dos dositos par parcito", 3: "tres tresitos", 4: "cuatro",
    5: "cinco", 6: "seis", 7: "siete", 8: "ocho", 9: "nueve", 10: "diez", 11: "once", 12: "doce", 13: "trece",
    14: "catorce", 15: "quince", 20: "veinte veinti", 100: "cien ciento cientos", 200: "doscientos",
    300: "trescientos trecientos", 400: "cuatrocientos", 500: "quinientos", 600: "seiscientos",
    700: "setecientos sietecientos", 800: "ochocientos", 900: "novecientos nuevecientos", 1000: "mil",
}  # fmt: skip


def _spellings() -> dict[str, str]:
    """Canonical `#21` → its spellings. The sign tells number words from digits typed as such until they are joined."""
    forms = {value: spellings.split() for value, spellings in _WORDS.items()}
    for name, unit in _VALUES.items():
        forms.setdefault(20 + unit, []).extend((f"veinti{name}", f"veinte{name}", f"veintey{name}"))
        if unit > 5:
            forms.setdefault(10 + unit, []).extend((f"dieci{name}", f"diez{name}", f"diezy{name}"))
        for ten, word in _TENS.items():
            forms.setdefault(ten, []).extend((word, f"{word}i"))
            forms.setdefault(ten + unit, []).extend((f"{word}i{name}", f"{word}y{name}", f"{word}{name}"))
    return {f"#{value}": " ".join(dict.fromkeys(spellings)) for value, spellings in forms.items()}


NUMBER_WORDS = Lexicon(
    _spellings(),
    known="cuarto cuarta cada dia dias noche noches sesion mes meses tarde tardes hora horas quincena "
    "quincenal nuevo nueva nuevos nino nina ninos ninas menos media medio casi doy dar mi mis pal por "
    "con ultimo ultima seria padres desde donde",
)
"""Each number word → its digits behind a `#`; `join_numbers` takes the sign away."""

QUECHUA_NUMBERS = Lexicon(
    {
        "#1": "huk",
        "#2": "iskay",
        "#3": "kimsa",
        "#4": "tawa",
        "#5": "pichqa pisqa",
        "#6": "soqta suqta",
        "#7": "qanchis",
        "#8": "pusaq",
    }
)
"""For children and their ages (`iskay wata`), where people slip into Quechua; `NUMBER_WORDS` are Spanish alone."""

_TEN_AND_UNIT = re.compile(r"#([2-9]0|10) (?:(?:y|i|e) )?#([1-9])\b")
_TIMES_HUNDRED = re.compile(r"#?\b([2-9]) #100\b")
_HUNDRED_AND_REST = re.compile(r"#([1-9]00) (?:y )?#([1-9]\d?)\b")
_TIMES_THOUSAND = re.compile(r"#?\b([2-9]|[1-9]\d{1,2}) #1000\b")
_THOUSAND_AND_REST = re.compile(r"#([1-9]\d{0,2}000) #?([1-9]\d{0,2})\b")
_MONEY = re.compile(r"(?P<whole>\d{1,3}(?:[.,]\d{3})+|\d+)(?:[.,](?P<rest>\d{1,2}))?")


def join_numbers(clean: str) -> str:
    """Number words that became digits one by one, put together: `#30 y #5` → `35`, `#2 #100` → `200`."""
    if "#" not in clean:
        return clean
    clean = _TEN_AND_UNIT.sub(lambda m: f"#{int(m[1]) + int(m[2])}", clean)
    clean = _TIMES_HUNDRED.sub(lambda m: f"#{m[1]}00", clean)
    clean = _HUNDRED_AND_REST.sub(lambda m: f"#{int(m[1]) + int(m[2])}", clean)
    clean = _TIMES_THOUSAND.sub(lambda m: f"#{m[1]}000", clean)
    clean = _THOUSAND_AND_REST.sub(lambda m: f"#{int(m[1]) + int(m[2])}", clean)
    return re.sub(r"# ?(?=\d)", "", clean)


def amount(written: str) -> int | float | None:
    """A number as money is written: `1,500` and `1.500` are fifteen hundred, `2.50` and `2,5` two and a half."""
    if len(written) > 10 or not (found := _MONEY.fullmatch(written)):
        return None
    value = float(re.sub(r"[.,]", "", found["whole"]) + "." + (found["rest"] or "0"))
    return int(value) if value.is_integer() else value


def integers(clean: str) -> list[int]:
    """Every whole number of a cleaned text, in order; parts of decimals, hours and dates do not count."""
    return [int(digits) for digits in re.findall(r"(?<![\d.,:])[0-9]{1,6}(?![\d:]|[.,]\d)", clean)]
