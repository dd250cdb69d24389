"""What a provider's words say to an offer: yes, no, yes with a condition; and which offer they speak of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from bot.dialogue import keywords
from bot.dialogue.conversation import ChildNeed, PutOffer, Unsettled
from bot.dialogue.scene import Scene
from bot.messages import OfferAnswer
from nlp.schema import Intent, SlotName

EACH = re.compile(r"\b(a )?(los|las) (dos|tres|cuatro)\b|\b(ambos|ambas|todos|todas)\b")
"""`a los dos`: an answer to every offer that is open."""

_CONDITION = re.compile(
    r"\b(pero|sol(o|ito)|unicamente|siempre (que|y cuando)|si es que|con tal|a condicion|nomas hasta|nada mas hasta"
    r"|^si (no|nadie|acaso|me|le|la familia|paga\w*))\b"
)
_FITS_ME = re.compile(r"\b(puedo|podria|recib\w+|atiendo|cuid\w+|seria|hasta|desde|tendria)\b")
_NOT = re.compile(r"\b(no|ya no|imposible|tampoco|ningun[oa]?|llen[oa]|complet[oa])\b")
_YES_ANYHOW = re.compile(
    r"^(no (hay|tengo|existe) (ningun )?(problema|inconveniente|drama)s?|no se preocupe|sin problemas?"
    r"|con (mucho )?gusto|encantada|de todas maneras|por supuesto)\b"
)
_NO_ANYHOW = re.compile(
    r"^no (la |lo |le )?(puedo|podre|podria|voy a poder)\b|^(yo )?paso$"
    r"|\bni hablar\b|\botro dia sera\b|\b(esta vez|por ahora|de momento) no\b"
)
_WAITS = re.compile(
    r"\b((dejeme|dejame|deje|voy a|tengo q(ue)?|necesito|debo) (que )?"
    r"(ver|pensar\w*|consultar\w*|preguntar\w*|conversar\w*|hablar\w*)"
    r"|(le|te|les) (aviso|confirmo|digo|respondo)|no se (todavia|aun)|todavia no se|mas (tarde|rato))\b"
)
_HESITATES = re.compile(r"(([uae]?h?m{2,}|[aeu]h+m*|este+|a ver) ?)+")
"""The whole of a message that says nothing yet; the model takes some of them for a no."""
_HAGGLES = re.compile(
    r"\b\d+ (soles|sol|lucas|solcitos)\b|\b(soles|lucas) mas\b|\b\d+ es (muy )?poco\b|\bpor \d+\b"
)
_MAY_CHANGE = (SlotName.TIME, SlotName.DAYS, SlotName.PRICE, SlotName.START_DATE, SlotName.CHILD_AGE)
_ORDINALS = ("1|primer[oa]?|una?", "2|segund[oa]", "3|tercer[oa]?")


def read(scene: Scene, said: str, need: ChildNeed) -> Unsettled | None:
    """Yes, no, or yes with a condition; None for anything else. Without a plain word it needs a reading that is
    certain: a child depends on it."""
    heard, plain = scene.heard, keywords.plain(said)
    if (
        waits(plain)
        or _HESITATES.fullmatch(plain)
        or (keywords.says_not_known(said) and not _YES_ANYHOW.search(plain))
    ):
        return None
    is_question = said.rstrip().endswith("?")
    decided = _decided(said, plain)
    intent = decided or (heard.intent if heard.certain or (heard.sure and _NOT.search(plain)) else None)
    condition = bool(_CONDITION.search(plain)) or _says_more(scene, said, need)
    if is_question and (condition or decided is None):
        return None
    refuses = decided is Intent.DENY and "pero" not in plain.split() and not _says_more(scene, said, need)
    if _CONDITION.search(plain) and _FITS_ME.search(plain) and not refuses:
        return Unsettled(OfferAnswer.CONDITION, said.strip())
    if _HAGGLES.search(plain) and decided is not Intent.DENY:
        return Unsettled(OfferAnswer.CONDITION, said.strip())
    if intent is Intent.AFFIRM:
        return Unsettled(OfferAnswer.CONDITION if condition else OfferAnswer.YES, said.strip())
    if decided is None and intent is Intent.INFORM and condition:
        return Unsettled(OfferAnswer.CONDITION, said.strip())
    if intent in (Intent.DENY, Intent.CANCEL):
        return Unsettled(OfferAnswer.NO, said.strip())
    if intent is Intent.UPDATE_AVAILABILITY and (_NOT.search(plain) or _is_full(scene)):
        return Unsettled(OfferAnswer.NO, said.strip())
    return None


def waits(plain: str) -> bool:
    """`tengo que preguntar a mi esposo`: an answer will come."""
    return bool(_WAITS.search(plain))


def about_which(
    offers: Sequence[PutOffer], known: Sequence[PutOffer], said: str, all_ways: bool
) -> list[tuple[PutOffer, str]]:
    """The offers that are named, each with the words that go with it: `A2 si, H2 no`. By their codes; with `all_ways`
    also by the family's name, the child's age, or `el segundo`."""
    text = keywords.plain(said)
    found: list[tuple[int, int, PutOffer]] = []
    for place, offer in enumerate(offers):
        pattern = _names(offer, place, all_ways)
        found += [(m.start(), m.end(), offer) for m in re.finditer(pattern, text)]
    for offer in known:
        if offer not in offers:
            found += [(m.start(), m.end(), offer) for m in re.finditer(_code(offer), text)]
    found.sort(key=lambda one: one[:2])
    if len({offer.id for *_, offer in found}) < 2:
        return [(found[0][2], without_names(said, (found[0][2],)))] if found else []
    return _each_with_its_words(text, found)


def without_names(said: str, offers: Sequence[PutOffer]) -> str:
    """The words without the codes."""
    for one in offers:
        said = re.sub(rf"\b(pedido |codigo )?{one.code[0]}\s?{one.code[1:]}\b", " ", said, flags=re.I)
    return " ".join(said.split())


def _decided(said: str, plain: str) -> Intent | None:
    """By plain words: at the beginning, or at the end."""
    if _YES_ANYHOW.search(plain):
        return Intent.AFFIRM
    if _NO_ANYHOW.search(plain):
        return Intent.DENY
    told = keywords.intent_of(said) or keywords.leading_yes_or_no(said)
    if told is not None:
        return told
    last = plain.split()[-1] if plain else ""
    if last in ("si", "no") and len(plain.split()) <= keywords.MOST_WORDS_OF_A_DECISION:
        return Intent.AFFIRM if last == "si" else Intent.DENY
    return None


def _says_more(scene: Scene, said: str, need: ChildNeed) -> bool:
    """Whether these words hold other hours, days, another price than the offer had."""
    return any(
        slot.value is not None and slot.text in said and not _same(slot.slot, slot.value, need)
        for slot in scene.heard.of(*_MAY_CHANGE)
    )


def _same(name: SlotName, value: Any, need: ChildNeed) -> bool:
    """Whether a provider only repeats what they were told."""
    if name is SlotName.TIME:
        return all(value.get(edge) in (None, getattr(need, edge)) for edge in ("start", "end"))
    if name is SlotName.DAYS:
        return tuple(value) == need.days
    if name is SlotName.START_DATE:
        return need.start_date is not None and value == need.start_date.isoformat()
    if name is SlotName.CHILD_AGE:
        return value.get("months") in need.ages_months
    return need.budget is not None and value.get("amount") == need.budget.amount


def _is_full(scene: Scene) -> bool:
    return any(slot.value == 0 for slot in scene.heard.of(SlotName.CAPACITY))


def _names(offer: PutOffer, place: int, all_ways: bool) -> str:
    ways = [_code(offer)]
    if all_ways:
        if offer.need.name:
            family = re.escape(keywords.plain(offer.need.name))
            ways.append(rf"\b(al? |el |la |lo )?(nin[oa] |hij[oa] )?(de )?{family}\b")
        if place < len(_ORDINALS):
            ways.append(rf"\b(al|a la|el|la|numero|opcion) ({_ORDINALS[place]})\b|^({_ORDINALS[place]})$")
        if len(offer.need.ages_months) == 1:
            months = offer.need.ages_months[0]
            age = rf"{months // 12} (an\w+)" if months >= 12 else rf"{months} mes\w*"
            ways.append(rf"\b(al|el|la|del)? ?(nin[oa] )?de {age}\b")
    return "|".join(ways)


def _code(offer: PutOffer) -> str:
    return rf"\b{offer.code[0].lower()} ?{offer.code[1:]}\b"


def _each_with_its_words(text: str, found: list[tuple[int, int, PutOffer]]) -> list[tuple[PutOffer, str]]:
    """The words after each name where a name comes first, else those before it; where there are none, the last said."""
    named_first = not text[: found[0][0]].strip()
    told: dict[int, tuple[PutOffer, str]] = {}
    last = ""
    for i, (start, end, offer) in enumerate(found):
        after = text[end : found[i + 1][0] if i + 1 < len(found) else None]
        before = text[found[i - 1][1] if i else 0 : start]
        words = re.sub(r"^ *(y|e|pero) | (y|e|pero) *$", " ", after if named_first else before).strip(" ,")
        words = "" if words in ("y", "e", "pero") else words
        last = words or last
        told.setdefault(offer.id, (offer, last))
    return list(told.values())
