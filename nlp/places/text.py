"""How a place name is brought into one form, however it was typed.

Three forms, each looser than the one before: the key (no accents, capitals, dots or abbreviations), the sound (what
is left when letters that sound alike in Peru are one), and the core (the sound without articles and prepositions).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

FORM_VERSION = 1
"""Raised when a key changes for any name: keys stored in an imported table are then out of date."""

ABBREVIATIONS = {
    "nvo": "nuevo", "nva": "nueva", "nuev": "nuevo", "sta": "santa", "sto": "santo", "sn": "san", "snta": "santa",
    "stgo": "santiago", "sgto": "sargento", "pte": "puente", "pto": "puerto", "vlla": "villa", "gral": "general",
    "crnl": "coronel", "cnel": "coronel", "cnl": "coronel", "mcal": "mariscal", "mscal": "mariscal",
    "fco": "francisco", "sr": "señor", "ntra": "nuestra", "cdad": "ciudad", "d": "de", "dl": "del", "jr": "jiron",
    "cte": "comandante", "cmdte": "comandante", "tte": "teniente", "cap": "capitan", "hnos": "hermanos",
    "pblo": "pueblo", "ma": "maria",
}  # fmt: skip
CONNECTORS = frozenset({"de", "del", "la", "el", "los", "las", "y", "e", "da", "do"})

_PLAIN = str.maketrans("áéíóúüñàèìòùâêîôûäëïöç", "aeiouunaeiouaeiouaeioc")
_WORD = re.compile(r"[a-z0-9]+")
_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        ("[cs]h", "C"),
        ("h", ""),
        ("ll", "y"),
        ("[gk]u(?=[aeo])", "u"),
        ("qu(?=[ei])", "k"),
        ("gu(?=i)", "g"),
        ("g(?=[ei])", "j"),
        ("c(?=[ei])", "s"),
        ("[cq]", "k"),
        ("[zx]", "s"),
        ("v", "b"),
        ("w", "u"),
        ("y", "i"),
        ("n(?=[pb])", "m"),
        (r"(.)\1+", r"\1"),
    )
)


def fold(text: str) -> str:
    """Lower case without accents, ñ as n."""
    folded = text.lower().translate(_PLAIN)
    if folded.isascii():
        return folded
    return "".join(mark for mark in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(mark))


_PLAIN_ABBREVIATIONS = {short: fold(full) for short, full in ABBREVIATIONS.items()}


def words(text: str) -> list[str]:
    """The words of a name, folded, abbreviations written out, initials joined.

    >>> words("S.J.L."), words("Sta. Anita"), words("s. juan d Miraflores")
    (['sjl'], ['santa', 'anita'], ['san', 'juan', 'de', 'miraflores'])
    """
    found = _WORD.findall(fold(text))
    joined: list[str] = []
    position = 0
    while position < len(found):
        end = position
        while end < len(found) and len(found[end]) == 1 and found[end].isalpha():
            end += 1
        if end - position >= 2:
            joined.append("".join(found[position:end]))
            position = end
            continue
        word = found[position]
        following = found[position + 1] if position + 1 < len(found) else ""
        if word == "s" and following.isalpha():
            word = "san"
        elif word == "v" and following in ("el", "maria", "salvador"):
            word = "villa"
        joined.append(_PLAIN_ABBREVIATIONS.get(word, word))
        position += 1
    return joined


def key(text: str) -> str:
    """The form under which a name is looked up first."""
    return " ".join(words(text))


def sound(name: Sequence[str] | str) -> str:
    """What a name sounds like, spaces out: h, b/v, s/c/z/x, ll/y/i, q/k/c, j/g, hua/gua/wa are one.

    >>> sound(["guaycan"]) == sound(["huaycan"]), sound("billa el salbador") == sound("villaelsalvador")
    (True, True)
    """
    form = name.replace(" ", "") if isinstance(name, str) else "".join(name)
    for pattern, replacement in _SOUNDS:
        form = pattern.sub(replacement, form)
    return form


def core(name: Sequence[str]) -> str:
    """The sound of a name without its articles and prepositions; empty when nothing else is in it."""
    return sound([word for word in name if word not in CONNECTORS])
