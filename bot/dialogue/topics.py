"""Each topic's module, by its name: how it goes on, and how it finds more."""

from __future__ import annotations

from collections.abc import Callable

from bot.dialogue import asking, childcare, hubs, learning, needs, offering
from bot.dialogue.conversation import Awaiting, Conversation, ListedHub, ListedResource, Topic
from bot.dialogue.scene import Turn
from bot.dialogue.wording import say
from bot.messages import Reply

_PROCEED: dict[Topic, Callable[..., Turn]] = {
    Topic.CARE: childcare.proceed,
    Topic.HUBS: hubs.proceed,
    Topic.LEARNING: learning.proceed,
    Topic.PROVIDER: offering.proceed,
}


def proceed(conversation: Conversation, *lead: Reply) -> Turn:
    """Go on with the conversation's topic: its next question, or its search. Without a topic, ask for it."""
    if conversation.topic is None:
        return asking.ask(conversation, Awaiting.TOPIC, *lead)
    return _PROCEED[conversation.topic](conversation, *lead)


def more(conversation: Conversation) -> Turn:
    """Others like those in the last list."""
    if conversation.listed and isinstance(conversation.listed[-1], ListedHub):
        return hubs.more(conversation)
    if conversation.listed and isinstance(conversation.listed[-1], ListedResource):
        return learning.more(conversation)
    return childcare.more(conversation)


def no_more(conversation: Conversation) -> Turn:
    """There are no others to show."""
    keys = {Topic.CARE: "care_no_more", Topic.LEARNING: "learning_no_more"}
    return Turn(conversation, (say(keys.get(conversation.topic or Topic.HUBS, "hub_no_more")),))


def need(conversation: Conversation) -> str:
    """What was understood so far, in a line; empty for nothing."""
    if conversation.topic is Topic.HUBS:
        return needs.hub_need(conversation)
    if conversation.topic is Topic.LEARNING:
        return needs.learning_need(conversation)
    return needs.care_need(conversation)


def next_question(conversation: Conversation) -> Awaiting | None:
    """What must still be asked before this topic can be answered."""
    if conversation.topic is Topic.CARE:
        return childcare.next_question(conversation)
    if conversation.topic is Topic.HUBS:
        return hubs.next_question(conversation)
    if conversation.topic is Topic.LEARNING:
        return learning.next_question(conversation)
    return Awaiting.TOPIC if conversation.topic is None else None
