"""What surrounds a place name in what people type: prepositions, kinds of place, where else the message points."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nlp.places.text import key, words

BEFORE = frozenset(
    {
        "por", "x", "en", "de", "del", "desde", "a", "al", "hacia", "para", "pa", "cerca", "cerquita",
        "cercano", "cercana", "lado", "costado", "aca", "aqui", "alla", "ahi", "vivo", "vivimos",
        "estoy", "estamos", "soy", "somos", "frente", "mi", "zona", "zonas", "alrededores", "parte",
        "partes", "altura", "alt", "toda", "todo",
    }
)  # fmt: skip
"""Words before a name that are not of it. Articles are left alone: many names begin with one."""
AFTER = frozenset(
    {
        "peru", "nomas", "pe", "pues", "pes", "porfa", "porfavor", "gracias", "señorita", "seño",
        "amiga", "amigo", "aca", "aqui", "cerca", "vraem",
    }
)  # fmt: skip
FROM_HERE_ON = frozenset(
    {
        "cerca", "cerquita", "frente", "costado", "espalda", "altura", "alt", "paradero", "km",
        "kilometro", "mz", "manzana", "lote", "lt", "cuadra", "cdra", "cdr", "etapa", "sector", "grupo",
        "comite", "parcela", "entre", "pasando", "atras", "detras", "media", "bajando", "subiendo",
        "referencia", "ref", "av", "avenida",
    }
)  # fmt: skip
"""Words after a name that begin its fine address: the place is settled before them."""
PARTS = frozenset(
    {
        "zona", "ampliacion", "parte", "sectores", "barrio", "1ra", "2da", "3ra", "4ta", "5ta",
        "primera", "segunda", "tercera",
    }
)  # fmt: skip

KINDS: dict[str, str] = {
    "distrito": "district", "dist": "district", "dtto": "district", "distr": "district", "dto": "district",
    "provincia": "province", "prov": "province", "pcia": "province",
    "region": "region", "departamento": "region", "dpto": "region", "depto": "region", "dep": "region", "reg": "region",
    "ciudad": "city", "pueblo": "city", "balneario": "city",
    "urb": "part", "urbanizacion": "part", "aahh": "part", "pj": "part", "ppjj": "part", "aa": "part", "hh": "part",
    "asentamiento": "part", "humano": "part", "asent": "part", "asoc": "part", "asociacion": "part", "coop": "part",
    "cooperativa": "part", "upis": "part", "joven": "part", "barrio": "part", "sector": "part", "residencial": "part",
    "conjunto": "part", "habitacional": "part", "invasion": "part", "ampliacion": "part", "ah": "part",
    "caserio": "village", "anexo": "village", "cp": "village", "ccpp": "village", "cpm": "village",
    "poblado": "village", "centro": "village", "comunidad": "village", "nativa": "village", "campesina": "village",
    "ccnn": "village", "cccc": "village", "cn": "village", "cc": "village", "caleta": "village", "villorrio": "village",
}  # fmt: skip

SEPARATOR = re.compile(r"[,;:()/\n]|\s-+\s")
NOT_HERE = re.compile(
    r"\b(soy|vengo|vine|era|somos|natural|naci|nacida|nacido|familia|trabajaba|vivia|mude|mudamos)(\s+\w+)?\s+(de|en)\s*$"
)
"""What goes before a place that is not where help is wanted."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A place name as typed: its words, and what kind of place was said (`district`, `province`, `region`, `city`,
    `part`, `village` or nothing), and the keys of what stands behind a comma, a dash or a bracket."""

    words: list[str]
    kind: str
    after_commas: frozenset[str] = frozenset()


def phrase(text: str) -> Phrase:
    """The name in the text, without what surrounds it."""
    typed = words(text)
    while len(typed) > 1 and typed[-1] in AFTER:
        typed.pop()
    while len(typed) > 1 and typed[0] in BEFORE:
        typed.pop(0)
    kind = ""
    while len(typed) > 1 and typed[0] in KINDS:
        said = KINDS[typed.pop(0)]
        kind = kind or said
        while len(typed) > 1 and typed[0] in ("de", "del", "la", "el") and typed[1] in KINDS:
            typed.pop(0)
    if kind and len(typed) > 1 and typed[0] in ("de", "del"):
        typed.pop(0)
    return Phrase(typed, kind, frozenset(key(part) for part in SEPARATOR.split(text)[1:]))


def without_kinds(typed: list[str]) -> list[str]:
    """The words without those in the middle that only say what kind of place follows: `trujillo urb california`."""
    return [
        word
        for position, word in enumerate(typed)
        if position == 0 or KINDS.get(word) not in ("part", "village")
    ]


def without_fine_address(typed: list[str]) -> list[str]:
    """The words before the first that begins a street, a block, a zone of the place."""
    for position, word in enumerate(typed[1:], start=1):
        if word in FROM_HERE_ON or (word in PARTS and position < len(typed)):
            return typed[:position]
    return typed
