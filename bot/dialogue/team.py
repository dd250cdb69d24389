"""A person of Ayllu answers instead of the bot: what never waits the bot still answers, all else is theirs."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.dialogue import asking, keywords, known, people, topics
from bot.dialogue.conversation import Awaiting, Conversation
from bot.dialogue.scene import Scene, Turn
from bot.dialogue.wording import say
from bot.gsm7 import fold
from bot.messages import Reply
from nlp.danger import sounds_dangerous
from nlp.schema import Intent

OPERATOR = "operator"
"""In the place of a wording's name, on what a person of Ayllu wrote."""


def listen(scene: Scene) -> Turn:
    """What a message makes of a conversation that is taken over: danger, stopping, coming back, what is known of them
    and being forgotten are the bot's; anything else it leaves as it stood. The question whether to erase everything is
    open for one message only: a later yes is said to somebody else."""
    settled = scene.at(_no_longer_erasing(scene.conversation))
    return (
        _danger(settled)
        or people.silence(settled)
        or _answer_erase(scene)
        or known.tell(settled)
        or people.stop(settled)
        or _erase(settled)
        or _come_back(settled)
        or Turn(settled.conversation)
    )


def take_over(conversation: Conversation) -> Turn:
    """A person of Ayllu answers from now on; said once."""
    return Turn(_no_longer_erasing(conversation), (say("taken_over"),))


def spoken(conversation: Conversation, text: str, now: datetime) -> Turn:
    """They write this: on WhatsApp as it is, by SMS in GSM-7."""
    here = replace(_no_longer_erasing(conversation), last_at=now)
    return Turn(here, (Reply(OPERATOR, text, fold(text)),))


def hand_back(conversation: Conversation, *, is_late: bool = False, goes_on: bool = False) -> Turn:
    """The bot answers again, and goes on where it stood: with its open question, or with the search whose answer was
    not told. `is_late`: nobody answered, so that it excuses itself; `goes_on`: it answers what they wrote at once."""
    said = say("handed_back_late" if is_late else "handed_back")
    if goes_on:
        return Turn(conversation, (said,))
    if conversation.searching is not None:
        return topics.proceed(replace(conversation, topic=conversation.searching, searching=None), said)
    return asking.with_question(conversation, said)


def _danger(scene: Scene) -> Turn | None:
    """The hotlines at once, as ever; where it hardly sounds like danger, a case alone: a person reads it, and is in the
    middle of a talk."""
    turn = people.emergency(scene)
    if turn is None or scene.heard.certain or sounds_dangerous(scene.heard.text):
        return turn
    return replace(turn, replies=())


def _no_longer_erasing(conversation: Conversation) -> Conversation:
    return replace(conversation, awaiting=None) if conversation.awaiting is Awaiting.ERASE else conversation


def _answer_erase(scene: Scene) -> Turn | None:
    return people.answer_erase(scene) if scene.conversation.awaiting is Awaiting.ERASE else None


def _erase(scene: Scene) -> Turn | None:
    heard = scene.heard
    return people.erase(scene) if heard.intent is Intent.DELETE_MY_DATA and heard.sure else None


def _come_back(scene: Scene) -> Turn | None:
    """From somebody who never left. The open question is not put again: who knows what was spoken of meanwhile."""
    if keywords.intent_of(scene.heard.text) is not Intent.OPT_IN:
        return None
    return Turn(scene.conversation, (say("already_in"),))
