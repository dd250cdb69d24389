"""What a provider is told of a parent's need, and in which words the parent agrees to it.

Ley 29733, art. 13: free, prior, express and informed; of health, in writing. Whoever agreed to these words once is not
asked again; when the words change, they are.
"""

from __future__ import annotations

from bot.dialogue import phrases
from bot.dialogue.conversation import Conversation
from bot.dialogue.wording import say, version
from bot.messages import Job, JobKind, Reply


def is_given(conversation: Conversation) -> bool:
    """Whether this parent agreed to what would be told now."""
    return conversation.consent == version(_key(conversation))


def question(conversation: Conversation) -> Reply:
    """The question; health is named where it would be told."""
    name = conversation.chosen.name if conversation.chosen else ""
    care = conversation.care
    child = phrases.yours(max(care.children or 1, len(care.ages_months)), care.girl)
    if not care.special_needs:
        return say(_key(conversation), name=name, child=child)
    return say(_key(conversation), name=name, child=child, thing=phrases.enumeration(care.special_needs))


def given(conversation: Conversation) -> tuple[str, Job]:
    """The version of the words that were agreed to, and the job that writes it down."""
    key = _key(conversation)
    return version(key), Job(JobKind.CONSENT, {"wording": key, "version": version(key)})


def _key(conversation: Conversation) -> str:
    return "consent_ask_health" if conversation.care.special_needs else "consent_ask"
