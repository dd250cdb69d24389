"""What a parent hears of their request: who is asked, who can, who cannot, and that nobody could."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.dialogue import offer_words, phrases, placing
from bot.dialogue.conversation import Awaiting, Chosen, Conversation, Stage
from bot.dialogue.scene import Turn
from bot.dialogue.wording import phrase, say, word
from matching.schema import Price

LATER = timedelta(minutes=1)
"""A provider who is asked later than this is asked in the morning."""

_SETTLED = (Awaiting.COUNTER, Awaiting.ASK_AGAIN, Awaiting.SWITCH)


def asked_next(conversation: Conversation, data: dict[str, Any], now: datetime) -> Turn:
    """A provider was asked: the one picked, or the next after one who could not."""
    at = datetime.fromisoformat(data["at"])
    is_later = at - now > LATER
    chosen = Chosen(data["provider"], data["name"], data["offer"], asked_at=at if is_later else None)
    conversation = replace(_moved(conversation), chosen=chosen, stalled=False)
    later = phrase("asked_at", when=placing.moment(at, now)) if is_later else ""
    if "before" not in data:
        return Turn(conversation, (say("asked_later" if later else "asked", name=chosen.name, when=later),))
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


def _moved(conversation: Conversation) -> Conversation:
    """A question about what is over now is not open any more."""
    return replace(conversation, awaiting=None) if conversation.awaiting in _SETTLED else conversation
