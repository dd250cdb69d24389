"""Finding rows by what somebody types: any case, with or without accents, all words in any order."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_
from sqlalchemy.orm import InstrumentedAttribute

from bot.importers.values import plain

MOST_WORDS = 6
ACCENTED, BARE = "áéíóúü", "aeiouu"


def holds(text: str, *columns: ColumnElement[Any] | InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    """Whether every word of the text is in one of the columns."""
    words = plain(text[:120]).split()[:MOST_WORDS]
    folded = [func.translate(func.lower(column), ACCENTED, BARE) for column in columns]
    return and_(*(or_(*(column.contains(word, autoescape=True) for column in folded)) for word in words))


def printable(text: str) -> str:
    """Without what no database takes and nobody sees."""
    return "".join(letter for letter in text if letter.isprintable())
