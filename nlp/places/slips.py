"""Finding the name behind a slip of the finger.

Precision before recall: a name is only bent into a well-known place, how many letters may differ grows with its
length, the first must agree, one letter is exchanged only for a neighbour on the keyboard or one that sounds near,
and a word that is itself a known one is not bent into another.
"""

from __future__ import annotations

from itertools import pairwise

from rapidfuzz import process
from rapidfuzz.distance import OSA

from nlp.places.names import ADMINISTRATIVE, Names
from nlp.places.schema import Sense
from nlp.places.text import sound

ONE_SLIP_FROM, TWO_SLIPS_FROM, THREE_SLIPS_FROM = 6, 11, 16
"""Letters a sound must have for one, two or three of them to differ."""
QUARTER_ONE_SLIP_FROM = 8
"""The same for the first slip in what is no district's own name."""
SMALL_PLACE_ONE_SLIP_FROM = 10

_ROWS = ("qwertyuiop", "asdfghjklñ", "zxcvbnm")
_LIKE = ("ei", "ou", "mn", "sC", "jC", "dt", "bp", "lr", "kj")
_BESIDE = [row[at : at + 2] for row in _ROWS for at in range(len(row) - 1)]
_BELOW = [above + below for up, down in pairwise(_ROWS) for above, below in zip(up, down, strict=False)]
NEIGHBOURS = frozenset(frozenset(pair) for pair in (*_BESIDE, *_BELOW, *_LIKE))


def nearest(words: list[str], names: Names, ordinary: frozenset[str]) -> list[Sense]:
    """The senses of the names nearest to these words, as far as a slip explains the difference; else none."""
    if all(word in ordinary for word in words):
        return []
    heard = sound(words)
    limit = allowed_slips(len(heard) + 1)
    if limit == 0:
        return []
    best: list[Sense] = []
    for form, distance, _ in process.extract(
        heard, names.sounds, scorer=OSA.distance, score_cutoff=limit, limit=40
    ):
        if form[0] != heard[0] or distance > allowed_slips(min(len(form), len(heard) + 1)):
            continue
        if distance > limit:
            break
        meant = [
            sense
            for name in names.by_sound[form]
            if is_slip(words, name.split(), names, ordinary)
            for sense in names.by_key[name]
            if may_be_meant(sense, form, names)
        ]
        if meant:
            limit = int(distance)
            best.extend(meant)
    return best


def allowed_slips(length: int) -> int:
    """How many letters may differ in a sound of that length."""
    return sum(length >= enough for enough in (ONE_SLIP_FROM, TWO_SLIPS_FROM, THREE_SLIPS_FROM))


def may_be_meant(sense: Sense, form: str, names: Names) -> bool:
    """Whether the place is well known enough for its name to be recognised in another."""
    if not names.well_known([sense]):
        return len(form) >= SMALL_PLACE_ONE_SLIP_FROM and sense.tier <= ADMINISTRATIVE
    return sense.tier <= ADMINISTRATIVE or len(form) >= QUARTER_ONE_SLIP_FROM


def is_slip(typed: list[str], name: list[str], names: Names, ordinary: frozenset[str]) -> bool:
    """Whether word by word the one is a slip of the other."""
    if len(typed) != len(name):
        return len(sound(typed)) >= QUARTER_ONE_SLIP_FROM and ordinary.isdisjoint(typed)
    for word, meant in zip(typed, name, strict=True):
        heard, wanted = sound(word), sound(meant)
        if heard == wanted:
            continue
        if word in names.words or word in ordinary or len(wanted) < 4:
            return False
        distance = OSA.distance(heard, wanted)
        if distance > 1 + (len(wanted) >= TWO_SLIPS_FROM - 2) or (
            distance == 1 and not is_likely(heard, wanted)
        ):
            return False
    return True


def is_likely(heard: str, wanted: str) -> bool:
    """Whether the one letter that differs is one that fingers or ears confuse."""
    if len(heard) != len(wanted):
        return True
    differing = [(a, b) for a, b in zip(heard, wanted, strict=True) if a != b]
    return len(differing) == 2 or frozenset(differing[0]) in NEIGHBOURS
