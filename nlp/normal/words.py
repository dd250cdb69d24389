"""Spelling as it is typed on phones, brought to the few words a subject knows.

`fold` takes away what people leave out or repeat (accents, capitals, drawn-out letters). A `Lexicon` then writes each
word that it knows in its one canonical spelling, so that a subject's rules are plain patterns over clean words:

>>> Lexicon({"year": "ano anos anito anitos", "1": "un uno"}).clean(fold("un AÑIITO!!"))
'1 year ! !'
"""

from __future__ import annotations

import re
import unicodedata

from rapidfuzz import process
from rapidfuzz.distance import OSA

_WORD_OR_SIGN = re.compile(r"[a-z]+|\d+(?:[.,:]\d+)*|[^\sa-z\d]")
_DRAWN_OUT = re.compile(r"([a-z])\1{2,}")
_SOUNDS = (
    (re.compile(r"qu(?=[ei])|[qk]"), "c"),
    (re.compile(r"c(?=[ei])|z|x"), "s"),
    (re.compile(r"^[gw](?=u)|^h?u(?=[aeo])|^w"), "gu"),
    (re.compile(r"(?<!c)h"), ""),
    (re.compile(r"ll"), "y"),
    (re.compile(r"v"), "b"),
    (re.compile(r"g(?=[ei])"), "j"),
    (re.compile(r"m(?=[pb])"), "n"),
    (re.compile(r"y$"), "i"),
    (re.compile(r"guu"), "gu"),
    (re.compile(r"([a-z])\1+"), r"\1"),
)
_VOWELS = re.compile(r"[aeiou]")
_LONGEST_WORD = 24
_LONGEST_TEXT = 400


def fold(text: str) -> str:
    """Lower case, no accents (ñ counts as n), drawn-out letters once, single spaces; long text is cut."""
    bare = unicodedata.normalize("NFKD", text[:_LONGEST_TEXT].replace("½", " 1/2 ").casefold())
    bare = "".join(c for c in bare if not unicodedata.combining(c))
    return " ".join(_DRAWN_OUT.sub(r"\1", bare).split())


def sound(word: str) -> str:
    """A key under which spellings that are said alike in Peru fall together (b/v, s/c/z, ll/y, k/q, silent h).

    >>> sound("juebes") == sound("jueves"), sound("kinse") == sound("quince")
    (True, True)
    """
    for pattern, letter in _SOUNDS:
        word = pattern.sub(letter, word)
    return word


class Lexicon:
    """The words of one subject: canonical form → the spellings it is written in, folded, parted by spaces."""

    def __init__(self, entries: dict[str, str], *others: Lexicon, known: str = "") -> None:
        """`known` lists words that must be left as they are, since a slip of the thumb would make them one of ours."""
        self._forms: dict[str, str] = {}
        for other in others:
            self._forms.update(other._forms)
        for canonical, spellings in entries.items():
            for spelling in spellings.split():
                self._forms[spelling] = canonical
        self._forms.update({word: word for word in known.split()})
        self._sounds = {sound(form): canonical for form, canonical in self._forms.items() if form.isalpha()}
        self._skeletons: dict[str, str | None] = {}
        for form, canonical in self._forms.items():
            if len(form) > 4 and len(key := _VOWELS.sub("", form)) > 2:
                agreed = self._skeletons.setdefault(form[0] + key, canonical)
                if agreed != canonical:
                    self._skeletons[form[0] + key] = None
        self._long_sounds = [key for key in self._sounds if len(key) >= 4]
        self._seen: dict[str, str | None] = {}

    def get(self, word: str) -> str | None:
        """The canonical form of a folded word: as listed, as it sounds, one slip away (two in a long word), or without
        its vowels (`mñnas`, `trnta`)."""
        if word in self._forms:
            return self._forms[word]
        if word not in self._seen:
            if len(self._seen) > 4096:
                self._seen.clear()
            self._seen[word] = self._guess(word)
        return self._seen[word]

    def clean(self, folded: str) -> str:
        """The folded text word by word, each that is known in its canonical form, numbers and signs set apart."""
        words = _WORD_OR_SIGN.findall(folded)
        return " ".join(self.get(word) or ("y" if word == "i" else word) for word in words)

    def _guess(self, word: str) -> str | None:
        if not word.isalpha() or not 3 <= len(word) <= _LONGEST_WORD:
            return None
        key = sound(word)
        if canonical := self._sounds.get(key):
            return canonical
        if len(key) < 4:
            return self._by_bones(word)
        slips = 1 if len(key) < 8 else 2
        near = process.extract(key, self._long_sounds, scorer=OSA.distance, score_cutoff=slips, limit=None)
        best: dict[str, float] = {}
        for form, away, _ in near:
            # In a short word the first letter tells more than the rest: `hora` is no slip for `otra`.
            if len(key) >= 6 or form[0] == key[0]:
                canonical = self._sounds[form]
                best[canonical] = min(away, best.get(canonical, away))
        if not best:
            return self._by_bones(word)
        nearest = min(best.values())
        names = [name for name, away in best.items() if away == nearest]
        return names[0] if len(names) == 1 else None

    def _by_bones(self, word: str) -> str | None:
        """The word whose consonants these are, if next to no vowel is left."""
        bones = _VOWELS.sub("", word)
        return self._skeletons.get(word[0] + bones) if len(bones) >= 2 * (len(word) - len(bones)) else None
