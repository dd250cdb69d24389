"""The answer to a search: what was found, and what the dialogue makes of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot import dialogue
from bot.dialogue import Conversation, Turn
from bot.messages import Job, JobKind
from bot.store import Tx, hubs, resources, searches
from bot.store.carers import Carers
from matching.find import find_care, find_hubs
from matching.resources import best
from nlp.meaning import Meaning

Found = tuple[Turn, dict[str, Any]]
"""The dialogue's turn, and what was found, as ids and scores."""


def at_once(tx: Tx, contact_id: int, turn: Turn, cause: str, now: datetime, include_demo: bool) -> Turn:
    """The turn with its searches answered, those that take a few milliseconds. The others remain among its jobs: they
    need the model once more, and a worker answers them."""
    for number, job in enumerate(turn.jobs):
        if job.kind in _QUICK:
            shown, result = _QUICK[job.kind](tx, turn.conversation, job.data, now, include_demo)
            searches.add_answered(tx, contact_id, f"{cause}:{number}", job.kind, job.data, result, now)
            turn = Turn(
                shown.conversation, (*turn.replies, *shown.replies), (*_without(turn.jobs, job), *shown.jobs)
            )
    return turn


def answer(
    tx: Tx,
    conversation: Conversation,
    question: searches.Question,
    now: datetime,
    meaning: Meaning,
    include_demo: bool,
) -> Found:
    """The answer to a search of any kind."""
    if question.kind in _QUICK:
        return _QUICK[question.kind](tx, conversation, question.data, now, include_demo)
    return _learning(tx, conversation, question.data, now, meaning, include_demo)


def _without(jobs: tuple[Job, ...], done: Job) -> tuple[Job, ...]:
    return tuple(job for job in jobs if job is not done)


def _care(
    tx: Tx, conversation: Conversation, data: dict[str, Any], now: datetime, include_demo: bool
) -> Found:
    care = find_care(dialogue.care_query(data), Carers(tx, include_demo, now))
    found = [[o.provider.id, round(o.score, 3), round(o.distance_km, 2)] for o in care.options]
    return dialogue.show_care(conversation, care, data, now), {"options": found, "failed": care.failed}


def _hubs(
    tx: Tx, conversation: Conversation, data: dict[str, Any], now: datetime, include_demo: bool
) -> Found:
    hub = find_hubs(dialogue.hub_query(data), lambda at, km: hubs.near(tx, at, km, include_demo))
    found = [[option.hub.id, round(option.distance_km, 2)] for option in hub.options]
    return dialogue.show_hubs(conversation, hub, data, now), {"options": found}


_QUICK = {JobKind.FIND_CARE: _care, JobKind.FIND_HUBS: _hubs}


def _learning(
    tx: Tx,
    conversation: Conversation,
    data: dict[str, Any],
    now: datetime,
    meaning: Meaning,
    include_demo: bool,
) -> Found:
    """What teaches the subject, and where the place is known the closest hub with lessons."""
    query, nearby = dialogue.resource_query(data), dialogue.lessons_query(data)
    resources.place_among_meanings(tx, meaning)
    found = best(query, resources.known(tx, query.subject, meaning, include_demo))
    hub = None
    if nearby is not None:
        around = find_hubs(nearby, lambda at, km: hubs.near(tx, at, km, include_demo))
        hub = next((option for option in around.options if not option.missing), None)
    turn = dialogue.show_resources(conversation, found, hub, data, now)
    return turn, {"options": [one.id for one in found], "hub": hub and hub.hub.id}
