"""A parent picks a provider: agrees to what is told, hears what comes of it, and afterwards says how it went."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter

from bot.dialogue import asking, cases, consent, keywords, people, phrases, searches
from bot.dialogue.conversation import (
    Awaiting,
    ChildNeed,
    Chosen,
    Conversation,
    ListedCare,
    Stage,
)
from bot.dialogue.scene import Scene, Turn
from bot.dialogue.wording import phrase, say, word
from bot.messages import CaseReason, Job, JobKind
from matching.offers import LIMA
from matching.schema import Price
from nlp.schema import Intent, SlotName

LOW_RATING = 2
"""Of 5: up to here a person looks at what went wrong."""
BEST_RATING = 5
LATER = timedelta(minutes=1)
"""A provider who is asked later than this is asked in the morning."""
LONGEST_COMMENT = 300

_NO_NAMES = (
    "claro por favor porfa porfavor gracias señorita senorita seño seno de acuerdo esta bien acepto ok okey pe pues ya"
    " dale listo bueno pregunte pregunta preguntele puede puedes quiero autorizo confirmo todo conforme nomas adelante"
    " si sii no soy mi nombre es me llamo con la el a ella y estoy doy permiso hagalo bien mamita amiga joven"
)
_NOT_A_NAME = frozenset(_NO_NAMES.split())
_WORD = re.compile(r"[^\W\d_]{2,20}")


def take(scene: Scene, picked: ListedCare) -> Turn:
    """This one: ask her, when the parent agreed before to what she is told; else ask for that first."""
    chosen = scene.conversation.chosen
    if chosen and chosen.id == picked.id and chosen.offer is not None:
        return tell(scene.conversation, chosen)
    conversation = replace(
        scene.conversation, awaiting=None, tries=0, focus=picked.id, chosen=Chosen(picked.id, picked.name)
    )
    if consent.is_given(conversation):
        return _request(conversation)
    return asking.ask(conversation, Awaiting.CONSENT)


def answer_consent(scene: Scene) -> Turn | None:
    """Yes, perhaps with a name: the provider is asked. No: nobody is."""
    conversation = replace(scene.conversation, awaiting=None, tries=0)
    said = _decision(scene)
    if said is Intent.AFFIRM:
        name = first_name(scene.heard.text) or conversation.name
        version, given = consent.given(conversation)
        turn = _request(replace(conversation, name=name, consent=version))
        return replace(turn, jobs=(given, *turn.jobs))
    if said is Intent.DENY:
        return Turn(replace(conversation, chosen=None), (say("consent_refused"),))
    return None


def first_name(text: str) -> str | None:
    """The name in `si, soy María`, `SI ROSA`; None where there is none."""
    words = [word for word in _WORD.findall(text) if keywords.plain(word) not in _NOT_A_NAME]
    return words[0].capitalize() if 0 < len(words) <= 3 else None


def tell(conversation: Conversation, chosen: Chosen) -> Turn:
    """How far it is with the provider who was asked."""
    if chosen.stage is Stage.AGREED:
        return Turn(conversation, (say("status_agreed", name=chosen.name, phone=_phone(chosen.phone)),))
    if chosen.stage is Stage.COUNTERED:
        return asking.ask(conversation, Awaiting.COUNTER)
    return Turn(conversation, (say("status_chosen", name=chosen.name),))


def answer_counter(scene: Scene) -> Turn | None:
    """The parent takes the provider's condition, or does not."""
    conversation = replace(scene.conversation, awaiting=None, tries=0)
    chosen, said = conversation.chosen, _decision(scene)
    if chosen is None or said is None:
        return None
    return Turn(
        conversation,
        (),
        (Job(JobKind.ANSWER_COUNTER, {"offer": chosen.offer, "yes": said is Intent.AFFIRM}),),
    )


# ---------------------------------------------------------------- what happens


def asked_next(conversation: Conversation, data: dict[str, Any], now: datetime) -> Turn:
    """A provider was asked: the one picked, or the next after one who could not."""
    chosen = Chosen(data["provider"], data["name"], data["offer"])
    conversation = replace(conversation, chosen=chosen, awaiting=_without(conversation, Awaiting.COUNTER))
    at = datetime.fromisoformat(data["at"])
    later = phrase("asked_at", when=_moment(at, now)) if at - now > LATER else ""
    if "before" not in data:
        reply = say("asked_later" if later else "asked", name=chosen.name, when=later)
        return Turn(conversation, (reply,))
    price = Price(*data["price"]) if data["price"] else None
    reply = say(
        "asked_next",
        before=data["before"],
        why=word("why_not", data["why"]),
        name=chosen.name,
        distance=phrases.distance(data["distance_km"]),
        price=phrases.price(price),
        when=later,
    )
    return Turn(conversation, (reply,))


def countered(conversation: Conversation, data: dict[str, Any], now: datetime) -> Turn:
    """Yes, but: the parent decides."""
    chosen = Chosen(data["provider"], data["name"], data["offer"], Stage.COUNTERED)
    conversation = replace(conversation, chosen=chosen, awaiting=Awaiting.COUNTER, tries=0)
    return Turn(conversation, (say("countered", name=chosen.name, words=data["words"]),))


def agreed(conversation: Conversation, data: dict[str, Any], now: datetime) -> Turn:
    """She can: her name and number, and what was agreed."""
    chosen = Chosen(data["provider"], data["name"], data["offer"], Stage.AGREED, data["phone"])
    conversation = replace(
        conversation, chosen=chosen, awaiting=_without(conversation, Awaiting.COUNTER), tries=0
    )
    need = read_need(data["need"])
    reply = say(
        "agreed",
        name=chosen.name,
        phone=_phone(chosen.phone),
        need=agreement(need),
        words=phrase("condition", words=data["words"]) if data["words"] else "",
        address=phrase("at_address", address=data["address"]) if data["address"] else "",
    )
    return Turn(conversation, (reply,))


def exhausted(conversation: Conversation, data: dict[str, Any], now: datetime) -> Turn:
    """Nobody could: an honest word; a person looks."""
    conversation = replace(conversation, chosen=None, awaiting=_without(conversation, Awaiting.COUNTER))
    key = "exhausted_one" if data["asked"] == 1 else "exhausted"
    why = word("why_not", data["why"])
    return Turn(conversation, (say(key, before=data["before"], why=why, number=data["asked"]),))


def lapsed(conversation: Conversation, data: dict[str, Any], now: datetime) -> Turn:
    """The parent did not say whether the provider's condition will do: the place is not held any longer."""
    conversation = replace(conversation, chosen=None, awaiting=_without(conversation, Awaiting.COUNTER))
    return Turn(conversation, (say("counter_lapsed", name=data["name"]),))


def left_alone(conversation: Conversation, data: dict[str, Any], now: datetime) -> Turn:
    """A provider who had said yes cannot after all; somebody else is being asked already."""
    return Turn(conversation, (say("provider_quit", name=data["name"]),))


def follow_up(conversation: Conversation, data: dict[str, Any], now: datetime) -> Turn:
    """How did it go?"""
    chosen = conversation.chosen
    kept = chosen if chosen and chosen.offer == data["offer"] else None
    chosen = kept or Chosen(data["provider"], data["name"], data["offer"], Stage.AGREED)
    conversation = replace(conversation, chosen=chosen, awaiting=Awaiting.RATING, tries=0)
    return Turn(conversation, (say("follow_up", name=data["name"]),))


# ---------------------------------------------------------------- how it went


def answer_rating(scene: Scene) -> Turn | None:
    """A number of stars."""
    rating = _rating(scene)
    return rate(scene, rating) if rating is not None else None


def judge(scene: Scene) -> Turn:
    """A parent judges the care without being asked."""
    return rate(scene, _rating(scene))


def rate(scene: Scene, rating: int | None) -> Turn:
    """What the parent says of the care: the stars are kept, and a few words asked for; a bad one is looked at."""
    conversation = scene.conversation
    chosen = conversation.chosen
    offer = chosen.offer if chosen else None
    job = Job(JobKind.RATE, {"offer": offer, "rating": rating, "comment": None})
    low = rating is not None and rating <= LOW_RATING
    facts: dict[str, Any] = {"provider_id": chosen.id, "offer": offer} if chosen else {}
    named = [slot.text for slot in scene.heard.of(SlotName.PROVIDER)]
    if named:
        facts |= {"provider": named[-1]}
    jobs = (job,) if offer is not None else ()
    if low or offer is None:
        reason = CaseReason.PROBLEM if low else CaseReason.PROVIDER
        case = cases.open_case(reason, conversation, scene.heard.text, about="rating", rating=rating, **facts)
        jobs = (*jobs, case)
    if low:
        return Turn(replace(conversation, awaiting=_comment(offer), tries=0), (say("rated_low"),), jobs)
    if offer is None:
        return replace(asking.with_question(conversation, say("rated")), jobs=jobs)
    return Turn(replace(conversation, awaiting=Awaiting.COMMENT, tries=0), (say("rated_why"),), jobs)


def answer_comment(scene: Scene) -> Turn | None:
    """A few words about it, or none."""
    conversation = replace(scene.conversation, awaiting=None, tries=0)
    if scene.heard.intent is Intent.DENY and keywords.intent_of(scene.heard.text):
        return Turn(conversation, (say("rated"),))
    if not scene.heard.text or scene.heard.intent in (Intent.FIND_CHILDCARE, Intent.HELP):
        return None
    chosen = conversation.chosen
    comment = scene.heard.text[:LONGEST_COMMENT]
    job = Job(JobKind.RATE, {"offer": chosen.offer if chosen else None, "rating": None, "comment": comment})
    return Turn(conversation, (say("rated"),), (job,))


# ---------------------------------------------------------------- words


def agreement(need: ChildNeed) -> str:
    """`niño de 2 años, lunes a viernes 8am-5pm desde 30/11`: what was agreed, in a line."""
    parts = [phrases.whom(need.ages_months), phrases.when(need.days, need.start, need.end, need.start_date)]
    return ", ".join(part for part in parts if part)


def read_need(data: dict[str, Any]) -> ChildNeed:
    """The need in an event's data."""
    return _needs().validate_python(data)


@lru_cache(maxsize=1)
def _needs() -> TypeAdapter[ChildNeed]:
    return TypeAdapter(ChildNeed)


def _request(conversation: Conversation) -> Turn:
    chosen, need, place = conversation.chosen, conversation.care, conversation.place
    if chosen is None or place is None:
        raise ValueError("nobody is asked without a provider who was picked, and a place")
    told = ChildNeed(
        ages_months=need.ages_months,
        children=max(need.children or 1, len(need.ages_months)),
        place=place.label,
        days=need.days,
        start=need.start,
        end=need.end,
        start_date=need.start_date,
        budget=need.budget,
        special_needs=need.special_needs,
        name=conversation.name,
    )
    data = {
        "provider": chosen.id,
        "provider_name": chosen.name,
        "query": searches.care_data(conversation),
        "need": _needs().dump_python(told, mode="json"),
    }
    return Turn(conversation, (), (Job(JobKind.ASK_PROVIDER, data),))


def _decision(scene: Scene) -> Intent | None:
    """A yes or a no, by its first word or as it was read."""
    said = keywords.leading_yes_or_no(scene.heard.text) or people.decision(scene)
    if said is None and scene.heard.sure and scene.heard.intent in (Intent.AFFIRM, Intent.DENY):
        return scene.heard.intent
    return said


def _rating(scene: Scene) -> int | None:
    told = [slot.value for slot in scene.heard.of(SlotName.RATING) if slot.value]
    number = told[-1] if told else scene.heard.number
    return number if number is not None and 1 <= number <= BEST_RATING else None


def _comment(offer: int | None) -> Awaiting | None:
    return Awaiting.COMMENT if offer is not None else None


def _without(conversation: Conversation, awaiting: Awaiting) -> Awaiting | None:
    """The open question, unless it is this one, which is answered now."""
    return None if conversation.awaiting is awaiting else conversation.awaiting


def _phone(phone: str | None) -> str:
    return phrases.phone(phone) if phone else phrase("phone_unknown")


def _moment(at: datetime, now: datetime) -> str:
    """`mañana a las 7am`."""
    there, here = at.astimezone(LIMA), now.astimezone(LIMA)
    hour = phrases.clock(f"{there.hour:02}:{there.minute:02}")
    return phrase("today_at" if there.date() == here.date() else "tomorrow_at", hour=hour)
