"""A provider is asked to take a child: what they hear, and what their answers mean."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from typing import Any

from bot.dialogue import keywords, phrases, placing
from bot.dialogue.conversation import Awaiting, ChildNeed, Conversation, PutOffer, Stage, Unsettled
from bot.dialogue.scene import Scene, Turn
from bot.dialogue.wording import Text, listing, phrase, say, text
from bot.messages import Job, JobKind, OfferAnswer, Reply
from nlp.schema import Intent, SlotName

MOST_KEPT = 12
"""So many offers are remembered for one provider; the oldest go first."""

_CONDITION = re.compile(
    r"\b(pero|sol(o|ito)|unicamente|siempre (que|y cuando)|si es que|con tal|a condicion|nomas hasta|nada mas hasta)\b"
)
_NOT = re.compile(r"\b(no|ya no|imposible|tampoco|ningun[oa]?|llen[oa]|complet[oa])\b")
_MAY_CHANGE = (SlotName.TIME, SlotName.DAYS, SlotName.PRICE, SlotName.START_DATE, SlotName.CHILD_AGE)
_FITS_ME = re.compile(r"\b(puedo|podria|recibo|atiendo|cuido|seria|hasta|desde|de|a)\b")
_ALL = re.compile(r"\b(a )?(los|las) (dos|tres|cuatro)\b|\b(ambos|ambas|todos|todas)\b")
_RESULTS = {
    "countered": "offer_countered",
    "declined": "offer_declined",
    "too_late": "offer_too_late",
    "no_place": "offer_no_place",
    "gone": "offer_gone",
    "agreed_before": "offer_agreed_before",
    "ended": "offer_ended",
}
_NOT_FOR_AN_OFFER = (
    Intent.TALK_TO_HUMAN,
    Intent.HELP,
    Intent.DELETE_MY_DATA,
    Intent.OPT_IN,
    Intent.FIND_CHILDCARE,
    Intent.FIND_TECH_HUB,
    Intent.FIND_LEARNING,
    Intent.REPORT_PROBLEM,
    Intent.CHECK_STATUS,
    Intent.GREET,
    Intent.THANK,
    Intent.MORE_OPTIONS,
)
_PHOTO = re.compile(r"\b(foto|fotos|fotito|imagen)\b")
_CHILD_WORDS = re.compile(
    r"\b(edad|años|anos|anitos|meses|grande|chiquit\w*|niñ[oa]|nin[oa]|varon\w*|mujercita)\b"
)
_WHEN_WORDS = re.compile(r"\b(hora|horas|horario|dias|dia|cuando|desde cuando|empieza)\b")
_WHERE_WORDS = re.compile(r"\b(donde|vive|viven|distrito|zona|barrio|lejos)\b")


def answer(scene: Scene) -> Turn | None:
    """What a provider's message says to the offers made to them; None where it says nothing to any."""
    conversation = scene.conversation
    known = conversation.offers
    if not known or conversation.awaiting not in (None, Awaiting.TOPIC):
        return None
    named = _named(known, scene.heard.text)
    if conversation.unsettled and (named or _ALL.search(keywords.plain(scene.heard.text))):
        return _settle(conversation, named or _at(known, Stage.ASKED), conversation.unsettled)
    asked = named or _at(known, Stage.ASKED)
    said = _said(scene, asked or known)
    if said is None:
        return _about(scene, asked, bool(named))
    if _ALL.search(keywords.plain(scene.heard.text)):
        return _settle(conversation, asked, said)
    if not asked:
        return _after_all(conversation, known, said)
    if len(asked) > 1:
        return _which(conversation, asked, said)
    return _settle(conversation, asked, said)


def offered(conversation: Conversation, data: dict[str, Any], now: datetime) -> Turn:
    """A request reaches the provider."""
    need = placing.read_need(data["need"])
    offer = PutOffer(data["offer"], data["code"], need)
    kept = [one for one in conversation.offers if one.id != offer.id]
    conversation = replace(conversation, offers=(*kept, offer)[-MOST_KEPT:], question=None, unsettled=None)
    return Turn(conversation, (_words(offer),))


def withdrawn(conversation: Conversation, data: dict[str, Any], now: datetime) -> Turn:
    """No answer is needed any more. Said, unless it is for want of one."""
    offer = _by_id(conversation, data["offer"])
    if offer is None:
        return Turn(conversation)
    if data["late"]:
        return Turn(_with(conversation, replace(offer, stage=Stage.LATE)))
    conversation = _without(conversation, offer.id)
    if offer.stage is Stage.LATE:
        return Turn(conversation)
    return Turn(conversation, (say("offer_withdrawn", code=offer.code),))


def answered(conversation: Conversation, data: dict[str, Any], now: datetime) -> Turn:
    """What became of the provider's answer."""
    offer, result = _by_id(conversation, data["offer"]), data["result"]
    code = data.get("code", "")
    if result == "agreed":
        need = placing.read_need(data["need"])
        if offer is not None:
            conversation = _with(conversation, replace(offer, stage=Stage.AGREED))
        reply = say(
            "offer_agreed",
            name=data["name"] or phrase("a_family"),
            phone=phrases.phone(data["phone"]) if data["phone"] else phrase("phone_unknown"),
            need=placing.agreement(need),
            words=phrase("condition", words=data["words"]) if data.get("words") else "",
        )
        return Turn(conversation, (reply,))
    if result == "countered" and offer is not None:
        conversation = _with(conversation, replace(offer, stage=Stage.COUNTERED))
    elif offer is not None and result != "agreed_before":
        conversation = _without(conversation, offer.id)
    return Turn(conversation, (say(_RESULTS[result], code=code),))


def ended(conversation: Conversation, data: dict[str, Any], now: datetime) -> Turn:
    """The family takes back what was agreed."""
    need = placing.read_need(data["need"])
    reply = say(
        "offer_ended_by_parent", name=data["name"] or phrase("a_family"), need=placing.agreement(need)
    )
    return Turn(_without(conversation, data["offer"]), (reply,))


def take_back(conversation: Conversation) -> tuple[PutOffer, ...]:
    """What this provider agreed to, and may take back."""
    return _at(conversation.offers, Stage.AGREED)


# ---------------------------------------------------------------- what a message says


def _said(scene: Scene, offers: tuple[PutOffer, ...]) -> Unsettled | None:
    """Yes, no, or yes with a condition; None for anything else. Without a plain word it needs a reading that is
    certain: a child depends on it."""
    heard, words = scene.heard, _without_codes(scene.heard.text, offers)
    plain = keywords.plain(words)
    decided = keywords.intent_of(words) or keywords.leading_yes_or_no(words)
    intent = decided or (heard.intent if heard.certain or (heard.sure and _NOT.search(plain)) else None)
    condition = _has_condition(scene, plain, offers)
    if intent is Intent.AFFIRM:
        return Unsettled(OfferAnswer.CONDITION if condition else OfferAnswer.YES, words.strip())
    if intent in (Intent.DENY, Intent.CANCEL):
        offers_something = condition and _CONDITION.search(plain) and _FITS_ME.search(plain)
        return Unsettled(OfferAnswer.CONDITION if offers_something else OfferAnswer.NO, words.strip())
    if intent is Intent.UPDATE_AVAILABILITY:
        full = any(slot.value == 0 for slot in heard.of(SlotName.CAPACITY))
        room = any(slot.value for slot in heard.of(SlotName.CAPACITY))
        if full or (not room and _NOT.search(plain)):
            return Unsettled(OfferAnswer.NO, words.strip())
        if not room:
            return None
        return Unsettled(OfferAnswer.CONDITION if condition else OfferAnswer.YES, words.strip())
    if intent in (Intent.INFORM, Intent.OFFER_CARE) and condition:
        return Unsettled(OfferAnswer.CONDITION, words.strip())
    return None


def _has_condition(scene: Scene, plain: str, offers: tuple[PutOffer, ...]) -> bool:
    """Whether it says more than the offer did: other hours, days, another price, `pero`, `solo`."""
    if _CONDITION.search(plain):
        return True
    need = offers[-1].need
    return any(
        slot.value is not None and not _same(slot.slot, slot.value, need)
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


def _about(scene: Scene, asked: tuple[PutOffer, ...], named: bool) -> Turn | None:
    """A question about an offer, or words that say nothing clear to it."""
    heard, conversation = scene.heard, scene.conversation
    if not asked or (heard.sure and heard.intent in _NOT_FOR_AN_OFFER):
        return None
    if len(asked) > 1:
        is_question = heard.intent in (Intent.ASK_DETAILS, Intent.ASK_PRICE)
        return _ask_which(conversation, asked) if is_question else None
    (offer,) = asked
    if named and not _without_codes(heard.text, asked).strip():
        return Turn(conversation, (_words(offer),))
    if _PHOTO.search(keywords.plain(heard.text)) or (heard.media and not heard.text):
        return Turn(conversation, (say("offer_no_photos", code=offer.code),))
    if heard.intent is Intent.ASK_PRICE and heard.sure:
        return Turn(conversation, (_about_price(offer),))
    if (heard.intent is Intent.ASK_DETAILS and heard.sure) or heard.text.rstrip().endswith("?"):
        return _about_child(conversation, offer, heard.text)
    if conversation.listed or (
        heard.sure and heard.intent in (Intent.UPDATE_AVAILABILITY, Intent.OFFER_CARE)
    ):
        return None
    return Turn(conversation, (say("offer_unclear", code=offer.code),))


def _about_price(offer: PutOffer) -> Reply:
    budget = offer.need.budget
    if budget is None:
        return say("offer_no_budget", code=offer.code)
    return say("offer_budget", price=phrases.price(budget), code=offer.code)


def _about_child(conversation: Conversation, offer: PutOffer, question: str) -> Turn:
    """What was told already is told again; anything else the family is asked."""
    plain = keywords.plain(question)
    if _CHILD_WORDS.search(plain) or _WHEN_WORDS.search(plain) or _WHERE_WORDS.search(plain):
        known = offer.need
        if (
            (_WHEN_WORDS.search(plain) and (known.days or known.start))
            or (_WHERE_WORDS.search(plain) and known.place)
            or (re.search(r"\b(edad|años|anos|meses)\b", plain) and known.ages_months)
        ):
            return Turn(conversation, (_words(offer),))
    job = Job(JobKind.RELAY, {"offer": offer.id, "words": question, "question": True})
    return Turn(conversation, (say("offer_question_passed", code=offer.code),), (job,))


# ---------------------------------------------------------------- what follows


def _settle(conversation: Conversation, offers: tuple[PutOffer, ...], said: Unsettled) -> Turn:
    jobs = tuple(
        Job(JobKind.ANSWER_OFFER, {"offer": one.id, "answer": said.answer.value, "words": said.words})
        for one in offers
    )
    return Turn(replace(conversation, unsettled=None, tries=0), (), jobs)


def _after_all(conversation: Conversation, known: tuple[PutOffer, ...], said: Unsettled) -> Turn | None:
    """A late yes is still brought to the family; nothing else is an answer any more."""
    late = _at(known, Stage.LATE)
    if said.answer is OfferAnswer.NO or not late:
        return None
    return _settle(conversation, late[-1:], said)


def _which(conversation: Conversation, asked: tuple[PutOffer, ...], said: Unsettled) -> Turn:
    return _ask_which(replace(conversation, unsettled=said), asked)


def _ask_which(conversation: Conversation, asked: tuple[PutOffer, ...]) -> Turn:
    lines = [text("offer_line", code=one.code, need=placing.agreement(one.need)) for one in asked[-3:]]
    return Turn(
        conversation, (say("which_offer", options=listing(lines, Text("\n", "\n")), code=asked[-1].code),)
    )


def _words(offer: PutOffer) -> Reply:
    need = offer.need
    budget = phrase("family_offers", price=phrases.price(need.budget)) if need.budget else ""
    special = phrase("child_has", needs=phrases.enumeration(need.special_needs)) if need.special_needs else ""
    return say(
        "offer_put",
        name=need.name or phrase("a_family"),
        child=phrases.whom(need.ages_months, need.children),
        place=need.place,
        when=phrases.when(need.days, need.start, need.end, need.start_date) or phrase("days_to_agree"),
        budget=" ".join(part for part in (special, budget) if part),
        code=offer.code,
    )


def _named(offers: tuple[PutOffer, ...], said: str) -> tuple[PutOffer, ...]:
    """The offers whose code stands in the message."""
    words = keywords.plain(said).upper().split()
    joined = {first + second for first, second in pairwise(words)}
    return tuple(one for one in offers if one.code in words or one.code in joined)


def _without_codes(said: str, offers: tuple[PutOffer, ...]) -> str:
    for one in offers:
        letter, digit = one.code[0], one.code[1:]
        said = re.sub(rf"\b(pedido )?{letter}\s?{digit}\b", " ", said, flags=re.I)
    return " ".join(said.split())


def _at(offers: tuple[PutOffer, ...], stage: Stage) -> tuple[PutOffer, ...]:
    return tuple(one for one in offers if one.stage is stage)


def _by_id(conversation: Conversation, offer_id: int) -> PutOffer | None:
    return next((one for one in conversation.offers if one.id == offer_id), None)


def _with(conversation: Conversation, changed: PutOffer) -> Conversation:
    offers = tuple(changed if one.id == changed.id else one for one in conversation.offers)
    return replace(conversation, offers=offers)


def _without(conversation: Conversation, offer_id: int) -> Conversation:
    return replace(conversation, offers=tuple(one for one in conversation.offers if one.id != offer_id))
