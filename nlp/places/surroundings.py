"""What the rest of a message says about where the person is."""

from __future__ import annotations

from nlp.places.choice import choose
from nlp.places.names import WELL_KNOWN, Names
from nlp.places.phrase import NOT_HERE
from nlp.places.text import fold, words

LONGEST_NAME = 6
"""Words in the longest name that is looked for inside a message."""


def areas_in(message: str, text: str, names: Names, ordinary: frozenset[str]) -> list[str]:
    """Codes of the areas that the message names besides the text itself, narrowest first."""
    if not message:
        return []
    around = fold(message).replace(fold(text), " | ", 1)
    areas: list[str] = []
    for part in around.split("|"):
        typed = words(part)
        position = 0
        while position < len(typed):
            taken = 1
            if not NOT_HERE.search(" ".join(typed[max(0, position - 4) : position])):
                for length in range(min(LONGEST_NAME, len(typed) - position), 0, -1):
                    scope = sure_scope(typed[position : position + length], names, ordinary)
                    if scope:
                        areas.append(scope)
                        taken = length
                        break
            position += taken
    return sorted(dict.fromkeys(areas), key=len, reverse=True)


def sure_scope(typed: list[str], names: Names, ordinary: frozenset[str]) -> str:
    """The code of what these words name beyond doubt; empty when they name nothing, or might be said of anything."""
    name = " ".join(typed)
    if len(typed) == 1 and name in ordinary:
        return ""
    senses = names.senses(name)
    meant = choose(senses, [], names) if senses else None
    if meant is None or meant.ubigeo is None:
        return ""
    if len(typed) == 1 and (len(name) < 3 or names.population(meant.ubigeo) < WELL_KNOWN):
        return ""
    return max((sense.scope for sense in senses if sense.ubigeo == meant.ubigeo), key=len)
