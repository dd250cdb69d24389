"""Answers one search: who can help, told to the person who asked."""

from __future__ import annotations

from datetime import UTC, datetime

from bot import dialogue
from bot.dialogue import Conversation, Turn
from bot.messages import JobKind
from bot.pipeline import apply
from bot.services import Services
from bot.store import Tx, contacts, conversations, hubs, providers, resources, searches
from bot.work import Work
from matching.find import find_care, find_hubs
from matching.resources import best
from nlp.meaning import Meaning
from workers.context import services


def answer_search(search_id: int) -> None:
    """Match, and write the answer. A search that was answered, or whose person is gone, is left alone."""
    here = services()
    now = datetime.now(UTC)
    work = Work()
    with here.store.begin() as tx:
        contact_id = searches.contact_of(tx, search_id)
        if contact_id is None:
            return
        person = contacts.lock(tx, contact_id)
        question = searches.unanswered(tx, search_id)
        if question is None:
            return
        if person.opted_out:
            searches.answered(tx, search_id, {"opted_out": True}, now)
            return
        conversation = conversations.load(tx, person)
        turn, result = _answer(
            tx, conversation, question, now, _meaning(here), include_demo=not here.settings.live
        )
        searches.answered(tx, search_id, result, now)
        apply(here, tx, person, turn, f"search:{search_id}", now, work)
    work.push(here.jobs)


def _answer(
    tx: Tx,
    conversation: Conversation,
    question: searches.Question,
    now: datetime,
    meaning: Meaning,
    include_demo: bool,
) -> tuple[Turn, dict[str, object]]:
    """The dialogue's turn, and what was found, as ids and scores."""
    if question.kind is JobKind.FIND_CARE:
        care = find_care(
            dialogue.care_query(question.data), lambda at, km: providers.near(tx, at, km, include_demo, now)
        )
        found = [[o.provider.id, round(o.score, 3), round(o.distance_km, 2)] for o in care.options]
        return dialogue.show_care(conversation, care, question.data, now), {
            "options": found,
            "failed": care.failed,
        }
    if question.kind is JobKind.FIND_RESOURCES:
        return _learn(tx, conversation, question, now, meaning, include_demo)
    hub = find_hubs(dialogue.hub_query(question.data), lambda at, km: hubs.near(tx, at, km, include_demo))
    return (
        dialogue.show_hubs(conversation, hub, question.data, now),
        {"options": [[o.hub.id, round(o.distance_km, 2)] for o in hub.options]},
    )


def _learn(
    tx: Tx,
    conversation: Conversation,
    question: searches.Question,
    now: datetime,
    meaning: Meaning,
    include_demo: bool,
) -> tuple[Turn, dict[str, object]]:
    """What teaches the subject, and where the place is known the closest hub with lessons."""
    query, nearby = dialogue.resource_query(question.data), dialogue.lessons_query(question.data)
    resources.place_among_meanings(tx, meaning)
    found = best(query, resources.known(tx, query.subject, meaning, include_demo))
    hub = None
    if nearby is not None:
        around = find_hubs(nearby, lambda at, km: hubs.near(tx, at, km, include_demo))
        hub = next((option for option in around.options if not option.missing), None)
    turn = dialogue.show_resources(conversation, found, hub, question.data, now)
    return turn, {"options": [one.id for one in found], "hub": hub and hub.hub.id}


def _meaning(here: Services) -> Meaning:
    if here.parser is None:
        raise RuntimeError("a search needs the model: wire the worker with a parser")
    return Meaning(here.parser.tagger)
