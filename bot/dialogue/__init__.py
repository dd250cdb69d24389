"""The talk with one person, as pure functions: `step` for what they write, `show_…` for what matching found.

Each topic has its module (childcare, hubs, providers, people…); engine.py has the rules in their order; every word
that is said is in wording.toml.
"""

from bot.dialogue import keywords
from bot.dialogue.childcare import show as show_care
from bot.dialogue.conversation import Conversation, ConversationError
from bot.dialogue.engine import step
from bot.dialogue.happenings import happened
from bot.dialogue.hubs import show as show_hubs
from bot.dialogue.learning import show as show_resources
from bot.dialogue.scene import PlacesPort, Turn
from bot.dialogue.searches import care_query, hub_query, lessons_query, resource_query
from bot.dialogue.team import OPERATOR, hand_back, spoken, take_over
from bot.dialogue.wording import say
from bot.messages import CaseReason, Job, JobKind, Reply
from nlp.danger import speaks_of_danger
from nlp.schema import Intent

__all__ = [
    "OPERATOR",
    "Conversation",
    "ConversationError",
    "PlacesPort",
    "Turn",
    "apology",
    "cannot_wait",
    "care_query",
    "enough",
    "hand_back",
    "happened",
    "hub_query",
    "lessons_query",
    "resource_query",
    "show_care",
    "show_hubs",
    "show_resources",
    "spoken",
    "step",
    "take_over",
]


def apology() -> Reply:
    """What is said when a message could not be answered."""
    return say("apology")


def cannot_wait(text: str) -> bool:
    """Whether a message is answered before those that came earlier, however much its writer writes."""
    return keywords.intent_of(text) in _AT_ONCE or speaks_of_danger(text)


_AT_ONCE = (Intent.EMERGENCY, Intent.OPT_OUT, Intent.DELETE_MY_DATA)


def enough(conversation: Conversation) -> Turn:
    """The one word to somebody who writes more than can be answered; a person looks whether it is a machine."""
    if conversation.opted_out:
        return Turn(conversation)
    case = Job(JobKind.OPERATOR, {"reason": CaseReason.TOO_MUCH.value})
    return Turn(conversation, (say("too_much"),), (case,))
