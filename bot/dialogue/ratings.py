"""Afterwards: how it went, in stars and in a few words."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.dialogue import asking, cases, keywords
from bot.dialogue.conversation import Awaiting, Chosen, Conversation, Stage
from bot.dialogue.scene import Scene, Turn
from bot.dialogue.wording import say
from bot.messages import CaseReason, Job, JobKind
from nlp.schema import Intent, SlotName

LOW_RATING = 2
"""Of 5: up to here a person looks at what went wrong."""
BEST_RATING = 5
LONGEST_COMMENT = 300

_LEADING = re.compile(r"^(?:un |le (?:doy|pongo) (?:un )?|nota )?([1-5])(?: |$)")


def follow_up(conversation: Conversation, data: dict[str, Any], now: datetime) -> Turn:
    """How did it go?"""
    chosen = conversation.chosen
    kept = chosen if chosen and chosen.offer == data["offer"] else None
    chosen = kept or Chosen(data["provider"], data["name"], data["offer"], Stage.AGREED)
    conversation = replace(conversation, chosen=chosen, awaiting=Awaiting.RATING, tries=0)
    return Turn(conversation, (say("follow_up", name=data["name"]),))


def answer_rating(scene: Scene) -> Turn | None:
    """A number of stars; a judgement in words is kept, and the number asked for."""
    rating = _rating(scene)
    if rating is not None:
        return _rate(scene, rating)
    if scene.heard.intent is not Intent.RATE_PROVIDER or not scene.heard.sure:
        return None
    asked = asking.ask(replace(scene.conversation, tries=0), Awaiting.RATING)
    return replace(asked, jobs=_kept(scene.conversation, None, scene.heard.text))


def judge(scene: Scene) -> Turn:
    """A parent judges the care without being asked."""
    rating = _rating(scene)
    if rating is None and _offer(scene.conversation) is not None:
        asked = asking.ask(scene.conversation, Awaiting.RATING)
        return replace(asked, jobs=_kept(scene.conversation, None, scene.heard.text))
    return _rate(scene, rating)


def answer_comment(scene: Scene) -> Turn | None:
    """A few words about it, or none. Of care that was bad, a person reads them at once."""
    heard = scene.heard
    conversation = replace(scene.conversation, awaiting=None, tries=0)
    chosen = conversation.chosen
    is_low = bool(chosen and chosen.rated is not None and chosen.rated <= LOW_RATING)
    if heard.intent is Intent.DENY and keywords.intent_of(heard.text):
        return Turn(conversation, (say("comment_low" if is_low else "rated"),))
    if not heard.text or heard.intent in (Intent.FIND_CHILDCARE, Intent.HELP):
        return None
    jobs = _kept(conversation, None, heard.text)
    if not is_low:
        return Turn(conversation, (say("rated"),), jobs)
    case = cases.open_case(CaseReason.PROBLEM, conversation, heard.text, about="rating", **_about(chosen))
    return Turn(conversation, (say("comment_low"),), (*jobs, case))


def _rate(scene: Scene, rating: int | None) -> Turn:
    """The stars are kept and a few words asked for; a bad one is looked at, and so is one of nobody we know."""
    conversation = scene.conversation
    chosen, offer = conversation.chosen, _offer(conversation)
    is_low = rating is not None and rating <= LOW_RATING
    jobs = _kept(conversation, rating, None)
    if is_low or offer is None:
        facts = _about(chosen)
        if named := [slot.text for slot in scene.heard.of(SlotName.PROVIDER)]:
            facts["provider"] = named[-1]
        reason = CaseReason.PROBLEM if is_low else CaseReason.PROVIDER
        case = cases.open_case(reason, conversation, scene.heard.text, about="rating", rating=rating, **facts)
        jobs = (*jobs, case)
    if offer is None or chosen is None:
        return replace(asking.with_question(conversation, say("rated_low" if is_low else "rated")), jobs=jobs)
    rated = replace(conversation, chosen=replace(chosen, rated=rating), awaiting=Awaiting.COMMENT, tries=0)
    return Turn(rated, (say("rated_low" if is_low else "rated_why"),), jobs)


def _kept(conversation: Conversation, rating: int | None, comment: str | None) -> tuple[Job, ...]:
    offer = _offer(conversation)
    if offer is None:
        return ()
    words = comment[:LONGEST_COMMENT] if comment else None
    return (Job(JobKind.RATE, {"offer": offer, "rating": rating, "comment": words}),)


def _offer(conversation: Conversation) -> int | None:
    chosen = conversation.chosen
    return chosen.offer if chosen and chosen.stage is Stage.AGREED else None


def _about(chosen: Chosen | None) -> dict[str, Any]:
    return {"provider_id": chosen.id, "offer": chosen.offer} if chosen else {}


def _rating(scene: Scene) -> int | None:
    told = [slot.value for slot in scene.heard.of(SlotName.RATING) if slot.value]
    leading = _LEADING.match(keywords.plain(scene.heard.text))
    number = told[-1] if told else scene.heard.number
    if number is None and leading:
        number = int(leading[1])
    return number if number is not None and 1 <= number <= BEST_RATING else None
