"""What is said by the way: hello, thanks, what Ayllu is, and what it is not. An open question stays open."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue import asking, trust, unclear, wishes
from bot.dialogue.conversation import Awaiting
from bot.dialogue.scene import Scene, Turn
from bot.dialogue.wording import say, together


def greet(scene: Scene) -> Turn:
    """Hello, and what can be done; in the middle of something, just hello."""
    conversation = scene.conversation
    if conversation.awaiting is None and conversation.topic is None and not conversation.listed:
        return Turn(replace(conversation, awaiting=Awaiting.TOPIC, tries=0), (say("greet"),))
    if conversation.awaiting is None:
        return Turn(conversation, (say("greet"),))
    return Turn(conversation, together(say("greet_again"), *asking.words(conversation)))


def thank(scene: Scene) -> Turn:
    """You are welcome."""
    return asking.with_question(scene.conversation, say("thank"))


def help_out(scene: Scene) -> Turn:
    """What Ayllu does, and the words it knows."""
    return asking.with_question(scene.conversation, say("help"))


def out_of_scope(scene: Scene) -> Turn:
    """An honest no, where it is certain that it is one."""
    if told := trust.tell(scene):
        return told
    if not scene.heard.certain or wishes.topic_in(scene.heard.text):
        return unclear.answer(scene)
    return asking.with_question(scene.conversation, say("out_of_scope"))


def only_text(scene: Scene) -> Turn:
    """A photo or a voice message came without words."""
    return asking.with_question(scene.conversation, say("only_text"))
