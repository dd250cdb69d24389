"""Which words of a message are the name of a place in Peru: a hint for the model, which decides by the rest whether
they are meant as one (`la victoria` may be a girl)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import IntEnum
from functools import lru_cache

from nlp.places.names import LOCAL, SHORTEST_SURE_SOUND, Names, word_set
from nlp.places.text import CONNECTORS, sound, words

MOST_WORDS = 5
"""Words of a name that are looked at together."""
INITIALS = 3
"""Letters of an abbreviation that people use as a name: `sjl`, `ves`."""

_sound_of = lru_cache(1 << 14)(sound)


@lru_cache(1 << 14)
def _words_of(unit: str) -> tuple[str, ...]:
    return tuple(words(unit))


class Mark(IntEnum):
    """What a word is among the names of places: how a name begins and goes on, as it is written or as it sounds."""

    NONE = 0
    BEGINS = 1
    GOES_ON = 2
    BEGINS_BY_SOUND = 3
    GOES_ON_BY_SOUND = 4


class PlaceMarks:
    """Marks words. `written` are keys of names, words apart by spaces, `heard` their sounds (`nlp/places/text.py`);
    `ordinary` are words that alone are none."""

    def __init__(
        self, written: Iterable[str] = (), heard: Iterable[str] = (), ordinary: Iterable[str] = ()
    ) -> None:
        self._written, self._heard = frozenset(written), frozenset(heard)
        self._ordinary = frozenset(ordinary) | CONNECTORS

    @classmethod
    def of(cls, names: Names) -> PlaceMarks:
        """By the names of districts, provinces, regions and their well-known parts."""
        written = {name for name, senses in names.by_key.items() if any(s.tier < LOCAL for s in senses)}
        heard = {sound(name) for name in written}
        return cls(
            written, (one for one in heard if len(one) >= SHORTEST_SURE_SOUND), word_set("ordinary.txt")
        )

    def mark(self, text: str, units: Sequence[tuple[int, int]]) -> list[int]:
        """The mark of each unit, given by its characters. The longest name goes first.

        >>> PlaceMarks({"comas", "nuevo chimbote"}).mark("en nvo. chimbote", [(0, 2), (3, 6), (6, 7), (8, 16)])
        [0, 1, 2, 2]
        """
        marks = [int(Mark.NONE)] * len(units)
        if not self._written:
            return marks
        typed = [_words_of(text[start:end]) for start, end in units]
        at = 0
        while at < len(units):
            length, begins = self._name_at(typed, text, units, at)
            if length:
                marks[at : at + length] = [begins] + [begins + 1] * (length - 1)
            at += length or 1
        return marks

    def _name_at(
        self, typed: Sequence[tuple[str, ...]], text: str, units: Sequence[tuple[int, int]], at: int
    ) -> tuple[int, int]:
        """How many units from `at` on are a name, and the mark it begins with; (0, 0) where none begins."""
        if not typed[at]:
            return 0, 0
        ends: list[tuple[int, tuple[str, ...]]] = []
        said: tuple[str, ...] = ()
        for end in range(at, len(units)):
            if typed[end]:
                said += typed[end]
                ends.append((end + 1 - at, said))
            elif text[units[end][0] : units[end][1]] != ".":
                break
            if len(ends) == MOST_WORDS:
                break
        for length, name in reversed(ends):
            if self._means_nothing(name):
                continue
            if " ".join(name) in self._written:
                return length, Mark.BEGINS
            if _sound_of(name) in self._heard:
                return length, Mark.BEGINS_BY_SOUND
        return 0, 0

    def _means_nothing(self, name: Sequence[str]) -> bool:
        return all(word in self._ordinary or len(word) < INITIALS for word in name)
