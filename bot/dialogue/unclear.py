"""A message that was not understood: asked again in other words, then gone on without, or a person is offered."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue import asking, cases, childcare, topics
from bot.dialogue.conversation import Awaiting, Conversation, Topic
from bot.dialogue.scene import Scene, Turn
from bot.dialogue.wording import say
from bot.messages import CaseReason

_CAN_DO_WITHOUT = (Awaiting.AGE, Awaiting.WHEN, Awaiting.DAYS, Awaiting.HOURS)


def answer(scene: Scene) -> Turn:
    """Ask again; after two tries, go on with what is known where that is possible, or else offer a person."""
    if scene.heard.intent is None and scene.heard.text:
        return _unread(scene)
    conversation = replace(scene.conversation, tries=scene.conversation.tries + 1)
    if conversation.tries >= asking.MOST_TRIES:
        return give_up(conversation)
    awaiting = conversation.awaiting
    return asking.ask(conversation, awaiting) if awaiting else _ask_what(conversation)


def go_on_without(conversation: Conversation) -> Turn | None:
    """Leave the open question unanswered; None when nothing can be done without its answer."""
    awaiting = conversation.awaiting
    if awaiting not in _CAN_DO_WITHOUT or conversation.topic is not Topic.CARE:
        return None
    return topics.proceed(childcare.settle(conversation, awaiting))


def give_up(conversation: Conversation) -> Turn:
    """The question was asked often enough."""
    turn = go_on_without(conversation)
    if turn is not None:
        return replace(turn, replies=(say("without_answer"), *turn.replies))
    return asking.ask(replace(conversation, awaiting=None), Awaiting.HUMAN)


def _ask_what(conversation: Conversation) -> Turn:
    """Nothing was open: with a topic, other words may help; without one, it is asked for."""
    if conversation.topic is not None:
        return Turn(replace(conversation, awaiting=None), (say("unclear"),))
    asked = asking.ask(conversation, Awaiting.TOPIC, say("unclear"))
    return replace(asked, conversation=replace(asked.conversation, tries=conversation.tries))


def _unread(scene: Scene) -> Turn:
    """There is no model to read it now: a person will."""
    case = cases.open_case(CaseReason.HUMAN, scene.conversation, scene.heard.text)
    return Turn(scene.conversation, (say("model_away"),), (case,))
