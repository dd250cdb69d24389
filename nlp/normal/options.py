"""Which of the listed options: `la 2`, `segunda`, `nro 3`, `dos`, `el ultimo` (-1). What no number tells has no
value.
"""

from __future__ import annotations

import re

from nlp.normal.numbers import NUMBER_WORDS, integers, join_numbers
from nlp.normal.words import Lexicon, fold

MOST_OPTIONS = 50

_WORDS = Lexicon(
    {
        "#1": "primero primera primer primeros primerito primerita 1ra 1ro 1era 1ero 1er un uno una unito "
        "unita",
        "#2": "segundo segunda segundito segundita 2da 2do sgda sgdo",
        "#3": "tercero tercera tercer tercerito tercerita 3ra 3ro 3era 3ero 3er",
        "#4": "cuarto cuarta cuartito cuartita 4ta 4to",
        "#5": "quinto quinta quintita quintito 5ta 5to",
        "#6": "sexto sexta 6ta 6to",
        "#7": "septimo septima setimo setima 7ma 7mo",
        "#8": "octavo octava 8va 8vo",
        "#9": "noveno novena 9na 9no",
        "#10": "decimo decima 10ma 10mo",
        "last": "ultimo ultima ultimito ultimita ultimos final",
        "butlast": "penultimo penultima antepenultimo antepenultima",
    },
    NUMBER_WORDS,
)
_ORDINAL = re.compile(r"\b(\d{1,2}) ?(?:ra|ro|da|do|era|ero|er|ta|to|ma|mo|va|vo|na|no|a|o|°|º|ª)(?![a-z])")


def option(span: str) -> int | None:
    """The option's number from 1, -1 for the last."""
    folded = _ORDINAL.sub(r"\1 ", fold(span).replace("\u20e3", " "))
    clean = join_numbers(_WORDS.clean(folded))
    numbers = [n for n in integers(clean) if 1 <= n <= MOST_OPTIONS]
    if numbers:
        return numbers[0]
    return -1 if "last" in clean.split() else None
