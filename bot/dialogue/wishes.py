"""What somebody looks for, told by a single word: for messages too short or too strangely spelt for the model."""

from __future__ import annotations

import re

from rapidfuzz.fuzz import ratio

from bot.dialogue import keywords
from bot.dialogue.conversation import Topic

SAME_WORD = 84
"""From this likeness on (0 to 100), a word of almost the same length is a slip of the known one."""
SHORTEST_SLIP = 6
"""Letters. A shorter word that is misspelt may be any other."""

_BEGINNINGS = {
    Topic.CARE: r"cunas?$|cunita|nidos?$|nidito|nanas?$|jardin|[ck]uid|bebe|bebit|bbs?$|wawa|guagua",
    Topic.HUBS: r"wi?fi$|guifi$|cabinas?$|[ck]ompu|imprim|impres|(foto)?copias?$",
    Topic.LEARNING: r"aprend|clases?$|cursos?$",
}
_SLIPS = {
    Topic.CARE: ("niñera", "guarderia", "warderia"),
    Topic.HUBS: ("internet",),
    Topic.LEARNING: ("aprender",),
}
_OFFERS = re.compile(r"\b(cuido|cuidamos|ofrezco|me ofrezco)\b")
_OTHERWISE = re.compile(
    r"\b(vend|compr(?:o|ar?|e|amos)\b|alquil|malogr|reclam|arregl|repar|perr[oi]|gat[oi]|mascot|alzheimer|ancian|cremas?\b)"
)


def topic_in(text: str) -> Topic | None:
    """The topic of the first telling word; None where there is none, or where care is offered rather than sought,
    or something is bought, sold, mended or for others than children."""
    written = keywords.plain(text)
    if _OFFERS.search(written) or _OTHERWISE.search(written):
        return None
    return next((topic for word in written.split() if (topic := _topic_of(word)) is not None), None)


def _topic_of(word: str) -> Topic | None:
    return next((topic for topic in _BEGINNINGS if _tells(topic, word)), None)


def _tells(topic: Topic, word: str) -> bool:
    return bool(re.match(_BEGINNINGS[topic], word)) or any(
        _is_slip(word, keywords.plain(known)) for known in _SLIPS[topic]
    )


def _is_slip(word: str, known: str) -> bool:
    return len(word) >= SHORTEST_SLIP and abs(len(word) - len(known)) <= 1 and ratio(word, known) >= SAME_WORD
