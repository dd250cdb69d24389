"""What is said by the way: hello, thanks, what Ayllu is, and what it is not. An open question stays open."""

from __future__ import annotations

from bot.dialogue import asking
from bot.dialogue.scene import Scene, Turn
from bot.dialogue.wording import say


def greet(scene: Scene) -> Turn:
    """Hello, and what can be done; in the middle of something, just hello."""
    if scene.conversation.awaiting is None:
        return Turn(scene.conversation, (say("greet"),))
    return asking.with_question(scene.conversation, say("greet_again"))


def thank(scene: Scene) -> Turn:
    """You are welcome."""
    return asking.with_question(scene.conversation, say("thank"))


def help_out(scene: Scene) -> Turn:
    """What Ayllu does, and the words it knows."""
    return asking.with_question(scene.conversation, say("help"))


def out_of_scope(scene: Scene) -> Turn:
    """An honest no."""
    return asking.with_question(scene.conversation, say("out_of_scope"))


def only_text(scene: Scene) -> Turn:
    """A photo or a voice message came without words."""
    return asking.with_question(scene.conversation, say("only_text"))
