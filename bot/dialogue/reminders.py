"""On the eve of the first day, both are reminded."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.dialogue import offer_words, phrases
from bot.dialogue.conversation import Conversation
from bot.dialogue.scene import Turn
from bot.dialogue.wording import phrase, say


def remind(conversation: Conversation, data: dict[str, Any], now: datetime) -> Turn:
    """Tomorrow is the first day."""
    key = "reminder" if data["to"] == "parent" else "reminder_provider"
    name = phrases.sentence(data["name"] or phrase("a_family"))
    return Turn(
        conversation, (say(key, name=name, need=offer_words.agreement(offer_words.read_need(data["need"]))),)
    )
