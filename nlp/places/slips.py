"""Finding the name behind a slip of the finger.

Precision before recall: how many letters may differ grows with the length of the name, the first must agree, a word
that is itself a known one is not bent into another, and of two names equally near neither is taken for granted.
"""

from __future__ import annotations

from rapidfuzz import process
from rapidfuzz.distance import OSA

from nlp.places.names import Names
from nlp.places.schema import Sense
from nlp.places.text import sound

ALLOWED = ((5, 0), (9, 1), (15, 2))
"""Letters that may differ in a sound shorter than the first number; in a longer one, three."""


def allowed_slips(length: int) -> int:
    """How many letters may differ in a sound of that length."""
    return next((slips for shorter_than, slips in ALLOWED if length < shorter_than), 3)


def nearest(words: list[str], names: Names, ordinary: frozenset[str]) -> list[Sense]:
    """The senses of the names nearest to these words, as far as a slip explains the difference; else none."""
    if all(word in ordinary for word in words):
        return []
    heard = sound(words)
    limit = allowed_slips(len(heard))
    if limit == 0:
        return []
    found = process.extract(heard, names.sounds, scorer=OSA.distance, score_cutoff=limit, limit=40)
    best: list[Sense] = []
    least = limit
    for form, distance, _ in found:
        if distance > least or form[0] != heard[0] or distance > allowed_slips(len(form)):
            continue
        meant = [name for name in names.by_sound[form] if plausible(words, name.split(), names, ordinary)]
        if meant and distance < least:
            best, least = [], int(distance)
        best.extend(sense for name in meant for sense in names.by_key[name])
    return best


def plausible(typed: list[str], name: list[str], names: Names, ordinary: frozenset[str]) -> bool:
    """Whether word by word the one is a slip of the other."""
    if len(typed) != len(name):
        return len(sound(typed)) >= 8 and set(typed).isdisjoint(ordinary)
    for word, meant in zip(typed, name, strict=True):
        heard, wanted = sound(word), sound(meant)
        if heard == wanted:
            continue
        if word in names.words or word in ordinary:
            return False
        slips = 1 if len(wanted) < 8 else 2
        if len(wanted) < 4 or OSA.distance(heard, wanted) > slips:
            return False
    return True
