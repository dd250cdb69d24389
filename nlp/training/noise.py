"""Imitates typing: what thumbs, old phones and hurry do to a message, with its labelled spans kept in place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random

from nlp.features import Span

_TOKEN = re.compile(r"\s+|[^\W\d_]+|\d+|.", re.DOTALL)
_ABBREVIATIONS_FILE = Path(__file__).parent / "data" / "abbreviations.txt"
_KEYS = ("qwertyuiop", "asdfghjklñ", "zxcvbnm")
_SWAPS: tuple[tuple[str, str], ...] = (
    ("b", "v"), ("v", "b"), ("s", "c"), ("ce", "se"), ("ci", "si"), ("z", "s"), ("s", "z"), ("ll", "y"), ("y", "ll"),
    ("ge", "je"), ("gi", "ji"), ("qui", "ki"), ("que", "ke"), ("ca", "ka"), ("co", "ko"), ("gua", "wa"), ("hua", "wa"),
    ("ñ", "n"), ("ñ", "ni"), ("h", ""), ("h", ""), ("rr", "r"), ("x", "cs"), ("mb", "nb"), ("mp", "np"), ("cc", "c"),
)  # fmt: skip
_RARE_SWAPS: tuple[tuple[str, str], ...] = (
    ("i", "y"),
    ("o", "u"),
    ("e", "i"),
    ("i", "e"),
    ("u", "o"),
    ("n", "m"),
)


def without_accents(word: str) -> str:
    """The word without acute accents; ñ stays."""
    bare = unicodedata.normalize("NFD", word)
    return unicodedata.normalize("NFC", re.sub("[\u0301\u0308]", "", bare))


def _misspell(word: str, random: Random) -> str:
    """One swap of letters that sound alike."""
    swaps = _SWAPS if random.random() < 0.9 else _RARE_SWAPS
    fitting = [(a, b) for a, b in swaps if a in word]
    if not fitting:
        return f"h{word}" if word[0] in "aeiou" and random.random() < 0.3 else word
    a, b = random.choice(fitting)
    places = [m.start() for m in re.finditer(re.escape(a), word)]
    at = random.choice(places)
    return (word[:at] + b + word[at + len(a) :]) or word


def _slip(word: str, random: Random) -> str:
    """One slip of the thumb: a neighbouring key, a letter lost, doubled or out of order."""
    if len(word) < 3:
        return word
    at = random.randrange(1, len(word))
    kind = random.random()
    if kind < 0.3:
        return word[:at] + word[at + 1 :]
    if kind < 0.5:
        return word[:at] + word[at] + word[at:]
    if kind < 0.75 and at + 1 < len(word):
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    for row in _KEYS:
        if (place := row.find(word[at])) >= 0:
            near = row[max(0, place - 1) : place + 2].replace(word[at], "")
            return word[:at] + random.choice(near) + word[at + 1 :]
    return word


@cache
def abbreviations() -> dict[str, list[str]]:
    """The short and careless forms of common words, from `data/abbreviations.txt`."""
    lines = _ABBREVIATIONS_FILE.read_text(encoding="utf-8").splitlines()
    pairs = (line.split(": ", 1) for line in lines if line and not line.startswith("#"))
    return {word: forms.split() for word, forms in pairs}


def _abbreviate(word: str, random: Random) -> str:
    short = abbreviations().get(word)
    return random.choice(short) if short else word


def _drop_vowels(word: str, random: Random) -> str:
    """An old phone's saving: a word of five to eight letters without most of its vowels."""
    if not 5 <= len(word) <= 8:
        return word
    return (
        word[0] + "".join(c for c in word[1:-1] if c not in "aeiouáéíóú" or random.random() < 0.2) + word[-1]
    )


def _stretch(word: str, random: Random) -> str:
    return word + word[-1] * random.randint(1, 4) if word[-1] in "aeiousn" else word


_WordNoise = Callable[[str, Random], str]


class Typist:
    """One person's way of typing, drawn at random and held for the whole message.

    `strength` 0 leaves nearly everything, 1 is the usual mixture, more is worse.
    """

    def __init__(self, random: Random, strength: float = 1.0) -> None:
        self.random = random
        self.drops_accents = random.random() < 0.85
        self.case = random.choices(("lower", "same", "upper", "start"), (0.72, 0.16, 0.06, 0.06))[0]
        self.drops_marks = random.random() < 0.6
        clumsy = random.choices((0.0, 0.03, 0.08, 0.18), (0.35, 0.35, 0.2, 0.1))[0] * strength
        self.word_noises: list[tuple[float, _WordNoise]] = [
            (random.choice((0.0, 0.1, 0.6)) * strength, _abbreviate),
            (clumsy * 1.2, _misspell),
            (clumsy, _slip),
            (random.choices((0.0, 0.02, 0.12), (0.85, 0.1, 0.05))[0] * strength, _drop_vowels),
            (random.choices((0.0, 0.05), (0.85, 0.15))[0] * strength, _stretch),
        ]
        self.joins = clumsy * 0.3
        self.splits = clumsy * 0.15

    def type(self, text: str, spans: tuple[Span, ...]) -> tuple[str, tuple[Span, ...]]:
        """The message as this person types it, and where its spans now are."""
        inside: list[int | None] = [None] * len(text)
        edges = {p for s in spans for p in (s.start, s.end)}
        for number, span in enumerate(spans):
            inside[span.start : span.end] = [number] * (span.end - span.start)
        pieces: list[str] = []
        moved = {}
        length = 0
        for match in _TOKEN.finditer(text):
            start, end = match.span()
            moved[start] = length
            typed = self._typed(match[0], text, start, end, edges, inside)
            pieces.append(typed)
            length += len(typed)
            moved[end] = length
        typed_text = "".join(pieces)
        new = []
        for span in spans:
            start, end = moved.get(span.start, -1), moved.get(span.end, -1)
            if start < 0 or end <= start:
                return text, spans
            new.append(Span(span.label, start, end))
        return self._trimmed(typed_text, tuple(new)) or (text, spans)

    def _typed(
        self, word: str, text: str, start: int, end: int, edges: set[int], inside: list[int | None]
    ) -> str:
        random = self.random
        if word.isspace():
            at_edge = start in edges or end in edges
            letters = text[start - 1 : start].isalpha() and text[end : end + 1].isalpha()
            if not at_edge and letters and random.random() < self.joins:
                return ""
            return word
        if not word.isalpha():
            droppable = word in ".,;:¿?¡!\"'()" and inside[start] is None
            spaced = end == len(text) or text[end].isspace() or start == 0 or text[start - 1].isspace()
            return "" if droppable and spaced and self.drops_marks else word
        if self.case != "same":
            word = word.lower()
        if self.drops_accents:
            word = without_accents(word)
        for chance, noise in self.word_noises:
            if chance and random.random() < chance:
                word = noise(word, random)
        if len(word) > 6 and random.random() < self.splits:
            cut = random.randint(3, len(word) - 3)
            word = f"{word[:cut]} {word[cut:]}"
        if self.case == "upper":
            return word.upper()
        return word.capitalize() if self.case == "start" and start == 0 else word

    @staticmethod
    def _trimmed(text: str, spans: tuple[Span, ...]) -> tuple[str, tuple[Span, ...]] | None:
        lead = len(text) - len(text.lstrip())
        text = text.strip()
        if not text:
            return None
        return text, tuple(Span(s.label, s.start - lead, s.end - lead) for s in spans)
