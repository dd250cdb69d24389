"""What a parent hears of their request: who is asked, who can, who cannot, and that nobody could."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.dialogue import childcare, offer_words, phrases, placing
from bot.dialogue.conversation import Awaiting, Chosen, Conversation, Stage, Topic
from bot.dialogue.scene import Turn
from bot.dialogue.wording import phrase, say, word
from matching.schema import Price

LATER = timedelta(minutes=1)
"""A provider who is asked later than this is asked in the morning."""

_CLOSED = {"cancelled": "closed_by_person", "elsewhere": "closed_elsewhere"}
_SETTLED = (Awaiting.COUNTER, Awaiting.ASK_AGAIN, Awaiting.SWITCH)


def asked_next(conversation: Conversation, data: dict[str, Any], now: datetime) -> Turn:
    """A provider was asked: the one picked, the next after one who could not, or one whom an operator thought of."""
    at = datetime.fromisoformat(data["at"])
    is_later = at - now > LATER
    chosen = Chosen(data["provider"], data["name"], data["offer"], asked_at=at if is_later else None)
    conversation = replace(_moved(conversation), chosen=chosen, stalled=False)
    later = phrase("asked_at", when=placing.moment(at, now)) if is_later else ""
    if "distance_km" not in data:
        return Turn(conversation, (say("asked_later" if later else "asked", name=chosen.name, when=later),))
    price = Price(*data["price"]) if data["price"] else None
    if "before" not in data:
        reply = say(
            "asked_by_person",
            name=chosen.name,
            distance=phrases.distance(data["distance_km"]),
            price=phrases.price(price),
            when=later,
        )
        return Turn(conversation, (reply,))
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
    chosen = Chosen(
        data["provider"], data["name"], data["offer"], Stage.AGREED, data["phone"], data["address"] or ""
    )
    conversation = replace(_moved(conversation), chosen=chosen, stalled=False, tries=0)
    reply = say(
        "agreed",
        name=chosen.name,
        phone=placing.phone_of(chosen),
        need=offer_words.agreement(offer_words.read_need(data["need"])),
        words=phrase("condition", words=data["words"]) if data["words"] else "",
        address=phrase("at_address", address=chosen.address) if chosen.address else "",
    )
    return Turn(conversation, (reply,))


def exhausted(conversation: Conversation, data: dict[str, Any], now: datetime) -> Turn:
    """Nobody could: an honest word; a person looks."""
    conversation = replace(_moved(conversation), chosen=None, stalled=True)
    key = "exhausted_one" if data["asked"] == 1 else "exhausted"
    why = word("why_not", data["why"])
    return Turn(conversation, (say(key, before=data["before"], why=why, number=data["asked"]),))


def lapsed(conversation: Conversation, data: dict[str, Any], now: datetime) -> Turn:
    """The parent did not say whether the provider's condition will do: the place is not held any longer."""
    conversation = replace(_moved(conversation), chosen=None)
    return Turn(conversation, (say("counter_lapsed", name=data["name"]),))


def left_alone(conversation: Conversation, data: dict[str, Any], now: datetime) -> Turn:
    """A provider who had said yes cannot after all; somebody else is being asked already."""
    return Turn(conversation, (say("provider_quit", name=data["name"]),))


def closed(conversation: Conversation, data: dict[str, Any], now: datetime) -> Turn:
    """A person of Ayllu closed the request: it is not needed any more."""
    conversation = replace(_moved(conversation), chosen=None, stalled=False)
    return Turn(conversation, (say(_CLOSED[data["why"]]),))


def look_again(conversation: Conversation, data: dict[str, Any], now: datetime) -> Turn:
    """There may be options by now: what is needed is looked for once more. Nothing, where it is not known where."""
    if conversation.place is None:
        return Turn(conversation)
    return childcare.proceed(replace(_moved(conversation), topic=Topic.CARE), say("looked_again"))


def _moved(conversation: Conversation) -> Conversation:
    """A question about what is over now is not open any more."""
    return replace(conversation, awaiting=None) if conversation.awaiting in _SETTLED else conversation
