"""The talk with one person, as pure functions: `step` for what they write, `show_…` for what matching found.

Each topic has its module (childcare, hubs, providers, people…); engine.py has the rules in their order; every word
that is said is in wording.toml.
"""

from bot.dialogue.childcare import show as show_care
from bot.dialogue.conversation import Conversation, ConversationError
from bot.dialogue.engine import step
from bot.dialogue.happenings import happened
from bot.dialogue.hubs import show as show_hubs
from bot.dialogue.learning import show as show_resources
from bot.dialogue.scene import PlacesPort, Turn
from bot.dialogue.searches import care_query, hub_query, lessons_query, resource_query
from bot.dialogue.wording import say
from bot.messages import Reply

__all__ = [
    "Conversation",
    "ConversationError",
    "PlacesPort",
    "Turn",
    "apology",
    "care_query",
    "happened",
    "hub_query",
    "lessons_query",
    "resource_query",
    "show_care",
    "show_hubs",
    "show_resources",
    "step",
]


def apology() -> Reply:
    """What is said when a message could not be answered."""
    return say("apology")
