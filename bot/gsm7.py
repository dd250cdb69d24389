"""How much of an SMS a text takes, and how to write it so that it takes less.

An SMS carries 140 octets. In the GSM 7-bit alphabet (3GPP TS 23.038) that is 160 characters, or 153 in each
part of a longer message, whose parts need room to say which they are; one single character outside the
alphabet turns the whole message into UCS-2, where it is 70, or 67: more than twice the money. In the alphabet
are é ñ ü ¿ ¡ É Ñ Ü; not in it are á í ó ú and their capitals, typographic quotes and dashes, and emoji.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Encoding(StrEnum):
    """The two alphabets an SMS can be written in, as carriers name them."""

    GSM7 = "GSM-7"
    UCS2 = "UCS-2"


@dataclass(frozen=True, slots=True)
class Size:
    """What a text takes as SMS.

    `units` counts septets (GSM-7; the ten characters of the extension table take two) or 16-bit units (UCS-2;
    emoji take two). `segments` is what is paid for, 1 for an empty text. `left` is how many units still fit
    without paying for another segment.

    >>> size("¿Dónde?")
    Size(encoding=<Encoding.UCS2: 'UCS-2'>, units=7, segments=1, left=63)
    >>> size(fold("¿Dónde?"))
    Size(encoding=<Encoding.GSM7: 'GSM-7'>, units=7, segments=1, left=153)
    """

    encoding: Encoding
    units: int
    segments: int
    left: int


_ONE_SEGMENT = {Encoding.GSM7: 160, Encoding.UCS2: 70}
_EACH_OF_MANY = {Encoding.GSM7: 153, Encoding.UCS2: 67}
BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = "\f^{}\\[~]|€"
"""The two tables of 3GPP TS 23.038, without the character that leads from one to the other."""

# The two tables are all there is to it: the packages that hold them add a codec to the whole process.
_SEPTETS = dict.fromkeys(BASIC, 1) | dict.fromkeys(EXTENSION, 2)

OTHERWISE = {
    **dict.fromkeys("‘’‚‛′´`ʼ", "'"),
    **dict.fromkeys("“”„‟″«»", '"'),
    **dict.fromkeys("‐‑‒–—―−•·●▪", "-"),
    "→": "->",
    "×": "x",
    "÷": "/",
    "⁄": "/",
    "°": "o",
    "\t": " ",
    "\u2028": "\n",
    "\u2029": "\n",
}
"""What is written in another way when it is folded."""
_WRITTEN_OTHERWISE = str.maketrans(OTHERWISE)

_DROPPED = "\0"
_GAP = re.compile(r"(?<=\S) *\0[\0 ]*(?=\S)")
_EDGE = re.compile(r" *\0[\0 ]*")


def is_gsm7(text: str) -> bool:
    """Whether every character is in the GSM 7-bit alphabet or its extension table."""
    return _SEPTETS.keys() >= set(text)


def size(text: str) -> Size:
    """What `text` takes as SMS, as it stands: nothing is folded or trimmed."""
    if is_gsm7(text):
        return _size(Encoding.GSM7, [_SEPTETS[character] for character in text])
    return _size(Encoding.UCS2, [1 if ord(character) <= 0xFFFF else 2 for character in text])


def segments(text: str) -> int:
    """How many SMS are paid for `text`, at least 1."""
    return size(text).segments


def fold(text: str) -> str:
    """`text` in GSM-7: á í ó ú lose their accents (é ñ ü ¿ ¡ É Ñ Ü keep them), quotes and dashes turn plain,
    and what has no likeness in the alphabet, such as emoji, is left out with the space it leaves behind.

    >>> fold("Señora Rosa — “la de Collique” cuida bebés 👶 así")
    'Señora Rosa - "la de Collique" cuida bebés asi'
    """
    plain = unicodedata.normalize("NFC", text).translate(_WRITTEN_OTHERWISE)
    if is_gsm7(plain):
        return plain
    written = "".join(map(_fold_character, plain))
    return _EDGE.sub("", _GAP.sub(_close_gap, written))


def _size(encoding: Encoding, units: list[int]) -> Size:
    total = sum(units)
    if total <= _ONE_SEGMENT[encoding]:
        return Size(encoding, total, 1, _ONE_SEGMENT[encoding] - total)
    count, used = _pack(units, _EACH_OF_MANY[encoding])
    return Size(encoding, total, count, _EACH_OF_MANY[encoding] - used)


def _pack(units: Iterable[int], room: int) -> tuple[int, int]:
    """How many parts of `room` units, and how full the last is: no character is torn between two parts."""
    count, used = 1, 0
    for unit in units:
        if used + unit > room:
            count, used = count + 1, 0
        used += unit
    return count, used


def _fold_character(character: str) -> str:
    if character in _SEPTETS:
        return character
    likeness = unicodedata.normalize("NFKD", character).translate(_WRITTEN_OTHERWISE)
    kept = "".join(part for part in likeness if part in _SEPTETS)
    return kept or ("" if unicodedata.combining(character) else _DROPPED)


def _close_gap(gap: re.Match[str]) -> str:
    return " " if " " in gap.group() else ""
