"""On with a registration: the next question to somebody who offers care."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue import asking, ownfile
from bot.dialogue.conversation import Conversation, Topic
from bot.dialogue.scene import Turn
from bot.messages import Reply


def proceed(conversation: Conversation, *lead: Reply) -> Turn:
    """What is still missing is asked; with all told, everything is read back."""
    here = replace(conversation, topic=Topic.PROVIDER, listed=())
    return asking.ask(here, ownfile.next_question(conversation.draft), *lead)
