"""Numbers, in digits or words, with the slips of the thumb: `quinse`, `veinti cinco`, `treintaicinco`, `mil quinientos`.

`text2num` (3.1) was tried: it is fast, but leaves `quinse`, `diesiseis`, `trecientos`, `treintaicinco` and `un` as they
are and reads `dos cientos` as two numbers, so every slip would need our own list of words all the same.
"""

from __future__ import annotations

import re

from nlp.normal.words import Lexicon

_UNITS = "cero un dos tres cuatro cinco seis siete ocho nueve".split()
_TENS = {30: "treinta", 40: "cuarenta", 50: "cincuenta", 60: "sesenta", 70: "setenta", 80: "ochenta", 90: "noventa"}
_WORDS = {
    0: "cero", 1: "un uno una unito unita 1o", 2: "dos dositos par", 3: "tres trecitos tresitos", 4: "cuatro cuatrito",
    5: "cinco cinquito cinco", 6: "seis", 7: "siete", 8: "ocho ochito", 9: "nueve", 10: "diez", 11: "once",
    12: "doce", 13: "trece", 14: "catorce", 15: "quince", 16: "dieciseis", 17: "diecisiete", 18: "dieciocho",
    19: "diecinueve", 20: "veinte veinti", 30: "treinta treintai", 40: "cuarenta cuarentai",
    50: "cincuenta cincuentai", 60: "sesenta sesentai", 70: "setenta setentai", 80: "ochenta ochentai",
    90: "noventa noventai", 100: "cien ciento cientos", 200: "doscientos", 300: "trescientos trecientos",
    400: "cuatrocientos", 500: "quinientos", 600: "seiscientos", 700: "setecientos", 800: "ochocientos",
    900: "novecientos", 1000: "mil",
}  # fmt: skip


def _spellings() -> dict[str, str]:
    forms = {str(value): spellings for value, spellings in _WORDS.items()}
    for unit, name in enumerate(_UNITS[1:], 1):
        forms[str(20 + unit)] = f"veinti{name} veinte{name}"
        if unit > 5:
            forms[str(10 + unit)] += f" dieci{name} diez{name}"
        for ten, word in _TENS.items():
            forms[str(ten + unit)] = f"{word}i{name} {word}y{name}"
    return forms


NUMBER_WORDS = Lexicon(_spellings(), known="cuarto cuarta cada dosis noche sesion mes tarde quincena cientificos")
"""Each number word → its digits."""

_GROUPED = re.compile(r"\d{1,3}(?:[.,]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?")
_TEN_AND_UNIT = re.compile(r"\b([2-9]0) (?:(?:y|i|e) )?([1-9])\b")
_TIMES_HUNDRED = re.compile(r"\b([2-9]) 100\b")
_HUNDRED_AND_REST = re.compile(r"\b([1-9]00) ([1-9]\d?)\b")
_TIMES_THOUSAND = re.compile(r"\b([2-9]|[1-9]\d{1,2}) 1000\b")
_THOUSAND_AND_REST = re.compile(r"\b([1-9]\d{0,2}000) ([1-9]\d{0,2})\b")


def join_numbers(clean: str) -> str:
    """Number words that were made digits one by one, put together where they belong: `30 y 5` → `35`, `2 100` → `200`."""
    clean = _TEN_AND_UNIT.sub(lambda m: str(int(m[1]) + int(m[2])), clean)
    clean = _TIMES_HUNDRED.sub(lambda m: m[1] + "00", clean)
    clean = _HUNDRED_AND_REST.sub(lambda m: str(int(m[1]) + int(m[2])), clean)
    clean = _TIMES_THOUSAND.sub(lambda m: m[1] + "000", clean)
    return _THOUSAND_AND_REST.sub(lambda m: str(int(m[1]) + int(m[2])), clean)


def amount(written: str) -> int | float | None:
    """A number as money is written: `1,500` and `1.500` are fifteen hundred, `2.50` and `2,5` are two and a half."""
    if not (found := _GROUPED.fullmatch(written)) or not written.isascii() or len(written) > 12:
        return None
    digits = found[0]
    whole, mark, rest = digits.rpartition(digits[-3]) if digits[-3:-2] in (".", ",") else (digits, "", "")
    if not mark and digits[-2:-1] in (".", ","):
        whole, rest = digits[:-2], digits[-1:]
    value = float(re.sub(r"[.,]", "", whole) + "." + (rest or "0"))
    return int(value) if value.is_integer() else value


def integers(clean: str) -> list[int]:
    """Every whole number of a cleaned text, in order."""
    return [int(digits) for digits in re.findall(r"(?<![\d.,:])[0-9]{1,6}(?![\d:]|[.,]\d)", clean)]
