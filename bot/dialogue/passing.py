"""What one side asks or answers, passed on to the other in their own words, before they have each other's number."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.dialogue import keywords, phrases
from bot.dialogue.conversation import Awaiting, Conversation, ListedCare, Question, Stage
from bot.dialogue.scene import Scene, Turn
from bot.dialogue.wording import phrase, say, together
from bot.messages import Job, JobKind
from nlp.schema import Intent

LONGEST = 200
"""Characters of what is passed on."""

_OPTION = re.compile(r"^(y )?(la|el|opcion) \d+,? ", re.IGNORECASE)
_NUMBERS = re.compile(r"\+?\d(?:[\s.-]?\d){6,}")
_NOT_AN_ANSWER = (
    Intent.TALK_TO_HUMAN,
    Intent.HELP,
    Intent.DELETE_MY_DATA,
    Intent.CANCEL,
    Intent.FIND_CHILDCARE,
    Intent.FIND_TECH_HUB,
    Intent.FIND_LEARNING,
    Intent.REPORT_PROBLEM,
    Intent.CHECK_STATUS,
    Intent.MORE_OPTIONS,
)


def answer_relay(scene: Scene) -> Turn | None:
    """Whether a question that nothing is known of is to be put to the provider."""
    conversation = replace(scene.conversation, awaiting=None, tries=0)
    said = keywords.leading_yes_or_no(scene.heard.text) or (
        scene.heard.intent
        if scene.heard.sure and scene.heard.intent in (Intent.AFFIRM, Intent.DENY)
        else None
    )
    asked = next(
        (one for one in conversation.listed if isinstance(one, ListedCare) and one.id == conversation.focus),
        None,
    )
    if said is None or asked is None:
        return None
    if said is Intent.DENY or not conversation.asked:
        return Turn(replace(conversation, asked=None), (say("list_declined"),))
    job = Job(
        JobKind.RELAY,
        {
            "provider": asked.id,
            "name": conversation.name,
            "words": without_numbers(_OPTION.sub("", conversation.asked)),
            "question": True,
        },
    )
    turn = Turn(
        _back_to_the_condition(replace(conversation, asked=None)), (say("question_sent", name=asked.name),)
    )
    return replace(turn, jobs=(job,))


def answer(scene: Scene) -> Turn | None:
    """The answer to what the other side asked; None where nobody asked, or the message is about something else."""
    question, heard = scene.conversation.question, scene.heard
    if question is None or not heard.text or scene.conversation.awaiting not in (None, Awaiting.TOPIC):
        return None
    if heard.sure and heard.intent in _NOT_AN_ANSWER:
        return None
    job = Job(
        JobKind.RELAY,
        {
            "to": question.asker,
            "name": scene.conversation.name,
            "words": without_numbers(heard.text),
            "question": False,
        },
    )
    left = replace(question, pending=question.pending - 1) if question.pending > 1 else None
    conversation = _back_to_the_condition(replace(scene.conversation, question=left, tries=0))
    return Turn(conversation, (say("answer_sent", name=question.name),), (job,))


def told(conversation: Conversation, data: dict[str, Any], now: datetime) -> Turn:
    """The other side's words. A question waits for this person's."""
    if data["words"] is None:
        return Turn(conversation, (say("question_not_sent"),))
    name = phrases.sentence(data["name"] or phrase("a_family"))
    if not data["question"]:
        conversation = _back_to_the_condition(conversation)
        counter = (say("counter_ask"),) if conversation.awaiting is Awaiting.COUNTER else ()
        return Turn(conversation, together(say("answer_passed", name=name, words=data["words"]), *counter))
    before = conversation.question
    pending = before.pending + 1 if before and before.asker == data["from"] else 1
    conversation = replace(conversation, question=Question(data["from"], name, pending))
    return Turn(conversation, (say("question_passed", name=name, words=data["words"]),))


def _back_to_the_condition(conversation: Conversation) -> Conversation:
    """What a provider set as a condition still waits for the parent's answer."""
    chosen = conversation.chosen
    waits = chosen is not None and chosen.stage is Stage.COUNTERED and conversation.awaiting is None
    return replace(conversation, awaiting=Awaiting.COUNTER) if waits else conversation


def without_numbers(said: str) -> str:
    """The words without phone numbers: those are given when both have said yes."""
    return _NUMBERS.sub("…", " ".join(said.split()))[:LONGEST]
