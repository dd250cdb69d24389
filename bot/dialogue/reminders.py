"""On the eve of the first day, both are reminded."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.dialogue import placing
from bot.dialogue.conversation import Conversation
from bot.dialogue.scene import Turn
from bot.dialogue.wording import phrase, say


def remind(conversation: Conversation, data: dict[str, Any], now: datetime) -> Turn:
    """Tomorrow is the first day."""
    key = "reminder" if data["to"] == "parent" else "reminder_provider"
    name = data["name"] or phrase("a_family")
    return Turn(conversation, (say(key, name=name, need=placing.agreement(placing.read_need(data["need"]))),))
