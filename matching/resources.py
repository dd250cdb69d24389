"""What there is to learn from about a subject: by its words, and by what they mean."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz.fuzz import ratio

from matching.schema import Level, Resource, ResourceKind, ResourceQuery

LIMIT = 12
MEANING = 0.5
"""How much the meaning counts beside the words (1). Of 0.15 to 3 it does best on the queries it was chosen by (see
tests/bot/test_learning_search.py), and no worse than the words alone on others."""
ENOUGH = 0.3
"""Below this score a resource is about something else."""
SAME_LEVEL, SAME_KIND = 0.3, 0.5
"""What a level or a kind that was asked for adds."""
STEP = 0.04
"""Who said no level gets the basic before the middle, and that before the advanced; who said no kind, first what begins
at once, here."""
NEEDS_INTERNET = 0.3
"""What a page loses for who may not be able to open it."""
SHORTEST_SLIP = 4
"""Letters. A shorter word is itself or another one."""

_EMPTY_WORDS = """
a al de del la el los las un una unos unas mi mis su sus me te se lo le les en con sin por para pa x que q como cmo y o
si no es soy ser hay algo quiero kiero quisiera deseo necesito aprender enseñen ensenar clases curso cursos sobre usar
hacer saber estudiar mas basico basica desde cero principiante intermedio avanzado avanzada radio mensaje mensajes sms
impreso papel
"""
_EMPTY = frozenset(_EMPTY_WORDS.split())


@dataclass(frozen=True, slots=True)
class Known:
    """A resource, and how close its meaning is to what was asked: a cosine, or None where it is not known."""

    resource: Resource
    closeness: float | None


@dataclass(frozen=True, slots=True)
class Judged:
    """A resource, and what speaks for it: `words` that it shares with the subject, 0 to 1; how close its `meaning` is,
    0 to MEANING; what was `wanted` besides, a level, a kind, no internet."""

    resource: Resource
    words: float
    meaning: float
    wanted: float

    @property
    def is_about(self) -> bool:
        """Whether it is about the subject at all."""
        return self.words + self.meaning >= ENOUGH

    @property
    def score(self) -> float:
        """What it is sorted by."""
        return self.words + self.meaning + self.wanted


def best(query: ResourceQuery, known: Iterable[Known]) -> tuple[Resource, ...]:
    """Those about the subject, best first."""
    return tuple(one.resource for one in judged(query, known) if one.is_about)[:LIMIT]


def judged(query: ResourceQuery, known: Iterable[Known]) -> list[Judged]:
    """All of them, whatever they are about, best first."""
    asked = _telling(query.subject)
    found = [_judge(asked, one, query) for one in known if one.resource.id not in query.exclude]
    return sorted(found, key=lambda one: (-one.score, one.resource.id))


def _judge(asked: list[str], one: Known, query: ResourceQuery) -> Judged:
    words = _share(asked, _telling(" ".join((one.resource.title, *one.resource.topics))))
    return Judged(one.resource, words, MEANING * max(0.0, one.closeness or 0.0), _wanted(one.resource, query))


def _wanted(resource: Resource, query: ResourceQuery) -> float:
    level = SAME_LEVEL if resource.level is query.level else 0.0
    if query.level is None:
        level = {Level.BASIC: STEP, Level.MIDDLE: 0.0, Level.ADVANCED: -STEP}[resource.level]
    kind = SAME_KIND if resource.kind is query.kind else 0.0
    if query.kind is None and resource.kind is ResourceKind.SMS:
        kind = STEP
    return level + kind - (NEEDS_INTERNET if query.offline and resource.kind is ResourceKind.PAGE else 0.0)


def _share(asked: list[str], held: list[str]) -> float:
    if not asked or not held:
        return 0.0
    return sum(max(_same(word, other) for other in held) for word in asked) / len(asked)


def _same(word: str, other: str) -> float:
    """1 for the same word, near it for a slip of it, close to 0 for any other."""
    if min(len(word), len(other)) < SHORTEST_SLIP:
        return float(word == other)
    return float((ratio(word, other) / 100) ** 4)


def _telling(text: str) -> list[str]:
    bare = unicodedata.normalize("NFKD", text.lower())
    bare = "".join(letter for letter in bare if not unicodedata.combining(letter))
    words = re.sub(r"[\W_]+", " ", bare).split()
    return [word for word in words if word not in _EMPTY] or words
