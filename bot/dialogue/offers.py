"""A provider is asked to take a child: what they hear, and what follows from what they say."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.dialogue import cases, keywords, offer_words, passing, phrases
from bot.dialogue.conversation import Awaiting, Conversation, PutOffer, Stage, Unsettled
from bot.dialogue.offer_answers import EACH, about_which, read, waits, without_names
from bot.dialogue.scene import Scene, Turn
from bot.dialogue.wording import phrase, say
from bot.messages import CaseReason, Job, JobKind, OfferAnswer
from nlp.schema import Intent

MOST_KEPT = 12
"""So many offers are remembered for one provider; the oldest go first."""
MOST_UNCLEAR = 2
"""So many messages about an offer that nobody understands; then a person looks."""

_OPEN_TO_OFFERS = (None, Awaiting.TOPIC, Awaiting.WHICH_OFFER)
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
_QUITS = re.compile(
    r"\b(ya no (puedo|podre|voy|va|la|lo|le|recib\w+|cuid\w+|atiend\w+)"
    r"|no (la |lo |le )?(voy a |vamos a )?(poder|puedo|podre|podria|podremos)"
    r"|me (enferme|puse mal|accidente|lesione)|estoy (enferma|mal|hospitalizada)|se me presento|tengo que viajar"
    r"|que ya no)\b"
)
_PHOTO = re.compile(r"\b(foto|fotos|fotito|imagen)\b")
_WHO = re.compile(
    r"\b(quien (es|eres|son)|de donde (sac|consig|tien)\w+|como consig\w+|que es (esto|ayllu))\b"
)
_AGE_WORDS = re.compile(r"\b(edad|años|anos|anitos|meses|cuanto tiene|grande|chiquit\w*)\b")
_WHEN_WORDS = re.compile(r"\b(hora|horas|horario|dias|dia|cuando|empieza)\b")
_WHERE_WORDS = re.compile(r"\b(donde|vive|viven|distrito|zona|barrio|lejos)\b")


def answer(scene: Scene) -> Turn | None:
    """What a provider's message says to the offers made to them; None where it says nothing to any."""
    conversation, said = scene.conversation, scene.heard.text
    known = conversation.offers
    if not known:
        return None
    asked = _at(known, Stage.ASKED)
    mentions = about_which(known if len(asked) < 2 else asked, known, said, all_ways=len(asked) > 1)
    if not mentions and conversation.awaiting not in _OPEN_TO_OFFERS:
        return None
    if EACH.search(keywords.plain(said)) and asked:
        whole = read(scene, said, asked[-1].need) or conversation.unsettled
        return _settle(conversation, [(one, whole) for one in asked], surely=True) if whole else None
    if mentions:
        return _about_named(scene, mentions)
    if not asked:
        return _nothing_open(scene)
    whole = read(scene, said, asked[-1].need)
    if whole is None:
        return _unclear_or_question(scene, asked)
    if len(asked) > 1:
        return _ask_which(replace(conversation, unsettled=whole), asked)
    return _settle(conversation, [(asked[0], whole)])


def reminding(rule: Callable[[Scene], Turn | None]) -> Callable[[Scene], Turn | None]:
    """The rule, and beside it a word of the offer that still waits for an answer; or, to whoever will be away, the
    question whether the family that counts on them is to be told."""

    def both(scene: Scene) -> Turn | None:
        turn = rule(scene)
        if turn is None or turn.conversation.awaiting is not None:
            return turn
        agreed = take_back(turn.conversation)
        if agreed and any(job.data.get("changes", {}).get("paused_until") for job in turn.jobs):
            asked_about = quit_agreed(scene.at(turn.conversation))
            if asked_about is not None:
                return Turn(asked_about.conversation, (*turn.replies, *asked_about.replies), turn.jobs)
        asked = _at(turn.conversation.offers, Stage.ASKED)
        if not asked or any(job.kind is JobKind.ANSWER_OFFER for job in turn.jobs):
            return turn
        return replace(turn, replies=(*turn.replies, say("offer_still_open", code=asked[-1].code)))

    return both


def quit_agreed(scene: Scene) -> Turn | None:
    """Somebody who agreed takes it back, in whatever words: asked once, for a child depends on it."""
    agreed = take_back(scene.conversation)
    if not agreed:
        return None
    named = [one for one, _ in about_which(agreed, agreed, scene.heard.text, all_ways=True)]
    if len(agreed) > 1 and len(named) != 1:
        waiting = replace(scene.conversation, unsettled=Unsettled(OfferAnswer.NO, scene.heard.text))
        return _ask_which(waiting, agreed)
    offer = named[0] if named else agreed[0]
    conversation = replace(scene.conversation, awaiting=Awaiting.QUIT, focus=offer.id, tries=0)
    name = offer.need.name or phrase("a_family")
    return Turn(conversation, (say("quit_ask", name=name, need=offer_words.agreement(offer.need)),))


def answer_quit(scene: Scene) -> Turn | None:
    """Yes takes it back, and the family is told; no keeps it."""
    said = keywords.intent_of(scene.heard.text) or keywords.leading_yes_or_no(scene.heard.text)
    said = said or (scene.heard.intent if scene.heard.certain else None)
    conversation = replace(scene.conversation, awaiting=None, tries=0)
    if said in (Intent.AFFIRM, Intent.CANCEL):
        return Turn(conversation, (), (Job(JobKind.END, {"offer": conversation.focus}),))
    return Turn(conversation, (say("quit_kept"),)) if said is Intent.DENY else None


def take_back(conversation: Conversation) -> tuple[PutOffer, ...]:
    """What this provider agreed to, and may take back."""
    return _at(conversation.offers, Stage.AGREED)


# ---------------------------------------------------------------- what happens


def offered(conversation: Conversation, data: dict[str, Any], now: datetime) -> Turn:
    """A request reaches the provider."""
    offer = PutOffer(data["offer"], data["code"], offer_words.read_need(data["need"]))
    kept = [one for one in conversation.offers if one.id != offer.id]
    conversation = replace(conversation, offers=(*kept, offer)[-MOST_KEPT:], unsettled=None)
    return Turn(conversation, (offer_words.put(offer),))


def withdrawn(conversation: Conversation, data: dict[str, Any], now: datetime) -> Turn:
    """No answer is needed any more. Said, unless it is for want of one."""
    offer = _by_id(conversation, data["offer"])
    if offer is None or offer.stage is Stage.GONE:
        return Turn(conversation)
    after = _with(conversation, replace(offer, stage=Stage.LATE if data["late"] else Stage.GONE))
    if data["late"] or offer.stage is Stage.LATE:
        return Turn(after)
    return Turn(after, (say("offer_withdrawn", code=offer.code),))


def answered(conversation: Conversation, data: dict[str, Any], now: datetime) -> Turn:
    """What became of the provider's answer."""
    offer, result = _by_id(conversation, data["offer"]), data["result"]
    if result == "agreed":
        if offer is not None:
            conversation = _with(conversation, replace(offer, stage=Stage.AGREED))
        reply = say(
            "offer_agreed",
            name=data["name"] or phrase("a_family"),
            phone=phrases.phone(data["phone"]) if data["phone"] else phrase("phone_unknown"),
            need=offer_words.agreement(offer_words.read_need(data["need"])),
            words=phrase("condition", words=data["words"]) if data.get("words") else "",
        )
        return Turn(conversation, (reply,))
    if offer is not None and result != "agreed_before":
        stage = Stage.COUNTERED if result == "countered" else Stage.GONE
        conversation = _with(conversation, replace(offer, stage=stage))
    return Turn(conversation, (say(_RESULTS[result], code=data.get("code", "")),))


def ended(conversation: Conversation, data: dict[str, Any], now: datetime) -> Turn:
    """The family takes back what was agreed."""
    need = offer_words.read_need(data["need"])
    offer = _by_id(conversation, data["offer"])
    if offer is not None:
        conversation = _with(conversation, replace(offer, stage=Stage.GONE))
    name = phrases.sentence(data["name"] or phrase("a_family"))
    return Turn(conversation, (say("offer_ended_by_parent", name=name, need=offer_words.agreement(need)),))


# ---------------------------------------------------------------- one way or another


def _about_named(scene: Scene, mentions: list[tuple[PutOffer, str]]) -> Turn | None:
    """Offers that are named, by code or else, each with the words that go with it."""
    conversation = replace(scene.conversation, awaiting=_answered_by(scene), tries=0)
    answers = [(one, read(scene, words, one.need) or conversation.unsettled) for one, words in mentions]
    decided = [(one, said) for one, said in answers if said is not None]
    if not decided:
        return _unclear_or_question(scene.at(conversation), tuple(one for one, _ in mentions))
    quits = [one for one, said in decided if one.stage is Stage.AGREED and said.answer is OfferAnswer.NO]
    if quits:
        jobs = tuple(Job(JobKind.END, {"offer": one.id}) for one in quits)
        return Turn(replace(conversation, unsettled=None), (), jobs)
    return _settle(conversation, decided)


def _nothing_open(scene: Scene) -> Turn | None:
    """Of a late answer a yes is still brought to the family; what was agreed may be taken back."""
    conversation, plain = scene.conversation, keywords.plain(scene.heard.text)
    known = conversation.offers
    heard = scene.heard
    if _at(known, Stage.AGREED) and _QUITS.search(plain) and not heard.text.rstrip().endswith("?"):
        return quit_agreed(scene)
    said = read(scene, heard.text, known[-1].need)
    if said is None or conversation.listed or conversation.chosen:
        return None
    countered = _at(known, Stage.COUNTERED)
    if countered and said.answer is not OfferAnswer.CONDITION:
        return _settle(conversation, [(countered[-1], said)])
    late = _at(known, Stage.LATE)
    if late and said.answer is not OfferAnswer.NO:
        return _settle(conversation, [(late[-1], said)])
    yes = keywords.intent_of(heard.text) or keywords.leading_yes_or_no(heard.text)
    if known[-1].stage is Stage.GONE and yes is Intent.AFFIRM:
        return Turn(conversation, (say("offer_gone"),))
    return None


def _unclear_or_question(scene: Scene, asked: tuple[PutOffer, ...]) -> Turn | None:
    """A question about an offer, or words that say nothing clear to it."""
    heard, conversation = scene.heard, scene.conversation
    plain = keywords.plain(heard.text)
    if _WHO.search(plain) or (heard.sure and heard.intent is Intent.HELP and not waits(plain)):
        return Turn(conversation, (say("offer_who", code=asked[-1].code),))
    if heard.sure and heard.intent in _NOT_FOR_AN_OFFER:
        return None
    if len(asked) > 1:
        return _ask_which(conversation, asked)
    (offer,) = asked
    if not without_names(heard.text, asked).strip():
        return Turn(conversation, (offer_words.put(offer),))
    if _PHOTO.search(plain) or (heard.media and not heard.text):
        return Turn(conversation, (say("offer_no_photos", code=offer.code),))
    if waits(plain):
        return Turn(conversation, (say("offer_waits", code=offer.code),))
    if heard.sure and heard.intent is Intent.ASK_PRICE:
        return _about_price(conversation, offer)
    if (heard.sure and heard.intent is Intent.ASK_DETAILS) or heard.text.rstrip().endswith("?"):
        return _about_child(conversation, offer, heard.text)
    if conversation.listed or (
        heard.sure and heard.intent in (Intent.UPDATE_AVAILABILITY, Intent.OFFER_CARE)
    ):
        return None
    return _unclear(scene, offer)


def _unclear(scene: Scene, offer: PutOffer) -> Turn:
    """Asked again; then a person looks, and the offer waits on."""
    conversation = replace(scene.conversation, tries=scene.conversation.tries + 1)
    if conversation.tries <= MOST_UNCLEAR:
        return Turn(conversation, (say("offer_unclear", code=offer.code),))
    case = cases.open_case(CaseReason.HUMAN, conversation, scene.heard.text, offer=offer.id)
    return Turn(replace(conversation, tries=0), (say("offer_to_human", code=offer.code),), (case,))


def _about_price(conversation: Conversation, offer: PutOffer) -> Turn:
    budget = offer.need.budget
    if budget is None:
        return Turn(conversation, (say("offer_no_budget", code=offer.code),))
    return Turn(conversation, (say("offer_budget", price=phrases.price(budget), code=offer.code),))


def _about_child(conversation: Conversation, offer: PutOffer, question: str) -> Turn:
    """What was told already is told again; anything else the family is asked."""
    plain, need = keywords.plain(question), offer.need
    is_known = (
        (_WHEN_WORDS.search(plain) and (need.days or need.start))
        or (_WHERE_WORDS.search(plain) and need.place)
        or (_AGE_WORDS.search(plain) and need.ages_months)
    )
    if is_known:
        return Turn(conversation, (offer_words.put(offer),))
    words = passing.without_numbers(without_names(question, (offer,)))
    job = Job(JobKind.RELAY, {"offer": offer.id, "words": words, "question": True})
    return Turn(conversation, (say("offer_question_passed", code=offer.code),), (job,))


def _settle(
    conversation: Conversation, answers: list[tuple[PutOffer, Unsettled]], surely: bool = False
) -> Turn:
    """Each offer gets its answer. `surely`: they know how many they take, whatever is on file."""
    jobs = tuple(
        Job(
            JobKind.ANSWER_OFFER,
            {"offer": one.id, "answer": said.answer.value, "words": said.words, "surely": surely},
        )
        for one, said in answers
    )
    awaiting = None if conversation.awaiting is Awaiting.WHICH_OFFER else conversation.awaiting
    return Turn(replace(conversation, unsettled=None, awaiting=awaiting, tries=0), (), jobs)


def _ask_which(conversation: Conversation, offers: tuple[PutOffer, ...]) -> Turn:
    conversation = replace(conversation, awaiting=Awaiting.WHICH_OFFER)
    return Turn(conversation, (offer_words.which(offers),))


def _answered_by(scene: Scene) -> Awaiting | None:
    awaiting = scene.conversation.awaiting
    return None if awaiting in _OPEN_TO_OFFERS else awaiting


def _at(offers: tuple[PutOffer, ...], stage: Stage) -> tuple[PutOffer, ...]:
    return tuple(one for one in offers if one.stage is stage)


def _by_id(conversation: Conversation, offer_id: int) -> PutOffer | None:
    return next((one for one in conversation.offers if one.id == offer_id), None)


def _with(conversation: Conversation, changed: PutOffer) -> Conversation:
    offers = tuple(changed if one.id == changed.id else one for one in conversation.offers)
    return replace(conversation, offers=offers)
