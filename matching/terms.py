"""Whether what a parent asks for is what a provider has, both in their own words.

People write `almuercito`, `que le den de comer`, `TEA`; providers `almuerzo`, `autismo`. Words are compared
without accents and by their beginnings, and words for one thing are brought together below.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

ALIKE = (
    # what a place has
    "almuer comid comer aliment menu papilla",
    "desayun",
    "lonch refriger",
    "camar video vigilan",
    "patio patie jardin verde aire libre",
    "jueg jugu ludo recre",
    "siest dorm cunita camita",
    "bano higien",
    "enferm salud medic topico",
    "estimul temprana",
    "movilid transporte recoj",
    "tarea refuerz",
    "limpi",
    "leche lactan biberon mamader",
    "pañal",
    # what a child needs
    "autis tea asperger espectro",
    "down trisomia",
    "rueda motor paralisis caminar camina muleta ortoped",
    "sord sorder oye oir auditiv hipoacus audifono señas",
    "cieg ceguera visual vision vista ve",
    "alerg intoleran celiac",
    "asma bronq respira nebuliz",
    "epilep convuls",
    "diabet insulin",
    "habla hablar lenguaje tartamud",
    "tdah hiperactiv deficit",
    "prematur sietemesin",
    "anemia anemic desnutri hierro",
    # languages
    "quechua runasimi quichua",
    "aymara aimara",
    "ashaninka ashaninca campa",
    "shipib",
    "awajun aguarun",
)
"""Words for the same thing, by how they begin (a word of three letters or fewer must be the same)."""

_EMPTY = """
    a al bebe bebes bien con cuando cuidado de del den dan discapacidad el en enfermedad es especial
    especiales hay hija hijo la las le les lo los me mi muy necesidad necesidades niña niñas niño niños no o
    para por problema problemas que retraso se sepa si silla sin sindrome su tenga tiene un una y
"""
EMPTY_WORDS = frozenset(_EMPTY.split())
"""Words that name nothing by themselves: two syndromes are not the same need."""


def offered(asked: str, offers: Iterable[str]) -> str | None:
    """The first of what is offered that is what was asked for, or None.

    >>> offered("que den almuercito", ("patio", "almuerzo"))
    'almuerzo'
    >>> offered("TEA", ("alergias",))
    """
    wanted = meanings(asked)
    return next((offer for offer in offers if wanted & meanings(offer)), None)


@lru_cache(maxsize=4096)
def meanings(text: str) -> frozenset[str]:
    """The things that a text is about: the groups of the words that are known, else its own telling words."""
    words = re.findall(r"[a-zñ]+", plain(text))
    groups = {group for group in ALIKE for word in words if _is_in(word, group)}
    telling = [word for word in words if word not in EMPTY_WORDS] or words
    return frozenset(groups or (word.removesuffix("s") for word in telling))


def plain(text: str) -> str:
    """Small letters without accents; ñ stays."""
    kept = unicodedata.normalize("NFD", text.lower()).replace("n\N{COMBINING TILDE}", "ñ")
    return "".join(letter for letter in kept if not unicodedata.combining(letter))


def _is_in(word: str, group: str) -> bool:
    return any(word == start or (len(start) > 3 and word.startswith(start)) for start in group.split())
