"""The open question: its words, asking it, and knowing when it was asked often enough."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from bot.dialogue import consent, needs, offer_words, ownfile, whereabouts
from bot.dialogue.conversation import Awaiting, Conversation
from bot.dialogue.scene import Turn
from bot.dialogue.wording import phrase, say, together
from bot.messages import Job, Reply

MOST_TRIES = 2
"""So many answers in a row may go by without being understood; then we go on without, or offer a person."""

_WORDS = {
    Awaiting.TOPIC: "ask_topic",
    Awaiting.WHERE: "ask_where",
    Awaiting.WHICH_PLACE: "which_place",
    Awaiting.AGE: "ask_age",
    Awaiting.WHEN: "ask_when",
    Awaiting.DAYS: "ask_days",
    Awaiting.HOURS: "ask_hours",
    Awaiting.HUMAN: "offer_human",
    Awaiting.ERASE: "erase_ask",
    Awaiting.CANCEL: "cancel_ask",
    Awaiting.SUBJECT: "ask_subject",
    Awaiting.COUNTER: "counter_ask",
    Awaiting.RELAY: "relay_ask",
    Awaiting.RATING: "rating_ask",
    Awaiting.COMMENT: "rated_why",
}
_OTHER_WORDS = {
    Awaiting.WHERE: "ask_where_again",
    Awaiting.WHICH_PLACE: "which_place_again",
    Awaiting.AGE: "ask_age_again",
    Awaiting.WHEN: "ask_when_again",
    Awaiting.DAYS: "ask_days_again",
    Awaiting.HOURS: "ask_hours_again",
    Awaiting.SUBJECT: "ask_subject_again",
}


def ask(conversation: Conversation, awaiting: Awaiting, *lead: Reply) -> Turn:
    """Put the question, after what else is to be said. A search that was under way is no longer waited for."""
    tries = conversation.tries if awaiting == conversation.awaiting else 0
    conversation = replace(conversation, awaiting=awaiting, tries=tries, searching=None)
    question = words(conversation)
    return Turn(replace(conversation, unplaced=None), together(*lead, *question))


class Search(Protocol):
    """Sends a question to matching; `more`: for others than those shown."""

    def __call__(self, conversation: Conversation, more: bool = False) -> tuple[Conversation, Job]: ...


def ask_or(
    search: Search, missing: Awaiting | None, conversation: Conversation, *lead: Reply, more: bool = False
) -> Turn:
    """Put the question whose answer is missing, or else search."""
    if missing is not None:
        return ask(conversation, missing, *lead)
    conversation, job = search(conversation, more)
    return Turn(conversation, lead, (job,))


def words(conversation: Conversation) -> tuple[Reply, ...]:
    """The open question, in other words when the first did not help; nothing when none is open."""
    awaiting = conversation.awaiting
    if awaiting is None:
        return ()
    if ownfile.is_asked(awaiting):
        return (ownfile.question(conversation),)
    if awaiting is Awaiting.CONSENT:
        return (consent.question(conversation),)
    if awaiting is Awaiting.WHICH_OFFER:
        return (offer_words.which(conversation.offers),)
    if awaiting in (Awaiting.ASK_AGAIN, Awaiting.SWITCH, Awaiting.QUIT):
        return (_about_the_match(conversation, awaiting),)
    if awaiting is Awaiting.WHERE and conversation.unplaced:
        return (say("ask_where_unknown", thing=conversation.unplaced),)
    if awaiting is Awaiting.WHERE and conversation.landmark and not conversation.tries:
        return (say("ask_where_landmark", thing=conversation.landmark),)
    key = _OTHER_WORDS.get(awaiting, _WORDS[awaiting]) if conversation.tries else _WORDS[awaiting]
    if awaiting is Awaiting.WHICH_PLACE:
        return (say(key, choices=whereabouts.choices(conversation.candidates)),)
    return (say(key),)


def _about_the_match(conversation: Conversation, awaiting: Awaiting) -> Reply:
    name = conversation.chosen.name if conversation.chosen else ""
    if awaiting is Awaiting.ASK_AGAIN:
        return say("ask_again", name=name, need=needs.care_need(conversation))
    if awaiting is Awaiting.SWITCH:
        other = next((one.name for one in conversation.listed if one.id == conversation.focus), "")
        return say("switch_ask", before=name, name=other)
    offer = next((one for one in conversation.offers if one.id == conversation.focus), None)
    family = (offer.need.name if offer else None) or phrase("a_family")
    return say("quit_ask", name=family, need=offer_words.agreement(offer.need) if offer else "")


def with_question(conversation: Conversation, *said: Reply) -> Turn:
    """Say something by the way, and remind of the question that is open; not of what they look for, which nobody
    forgets, and which costs an SMS."""
    reminder = () if conversation.awaiting is Awaiting.TOPIC else words(conversation)
    return Turn(conversation, together(*said, *reminder))
