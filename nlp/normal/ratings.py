"""Scores from 1 to 5: `5 estrellas`, `le pongo un 4`, `⭐⭐⭐`, `8 de 10`. Words of praise or blame are no score."""

from __future__ import annotations

import re

from nlp.normal.numbers import NUMBER_WORDS, join_numbers
from nlp.normal.words import Lexicon, fold

_WORDS = Lexicon(
    {
        "star": "estrella estrellas estrellita estrellitas estreyas estreya",
        "all": "todas todos maximo maxima maximas",
        "least": "minimo minima",
        "of": "de sobre",
    },
    NUMBER_WORDS,
)
_HIGHEST = re.compile(
    r"\ball (?:las |los )?(?:star|nota|puntaje|puntuacion)|\b(?:nota|puntaje|puntuacion|calificacion) all"
)
_STARS = "⭐★🌟✨"


def rating(span: str) -> int | None:
    """The score; out of ten or twenty is brought down to five."""
    clean = join_numbers(_WORDS.clean(fold(span).replace("\u20e3", " ")))
    if scaled := re.search(r"\b(\d{1,2}) ?(?:/|of) ?(5|10|20|100)\b", clean):
        score, most = int(scaled[1]), int(scaled[2])
        return max(1, int(score * 5 / most + 0.5)) if 0 < score <= most else None
    if found := re.findall(r"(?<![\d.,])(\d{1,2})(?![.,]?\d)", clean):
        score = int(found[-1])  # of `un cuatro` the first is the article
        return score if 1 <= score <= 5 else None
    if _HIGHEST.search(clean):
        return 5
    drawn = sum(span.count(star) for star in _STARS)
    return drawn if 1 <= drawn <= 5 else None
