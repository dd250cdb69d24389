"""Answers one search: who can help, told to the person who asked."""

from __future__ import annotations

from datetime import UTC, datetime

from bot import dialogue
from bot.dialogue import Conversation, Turn
from bot.messages import JobKind
from bot.pipeline import Work, apply
from bot.store import Tx, contacts, conversations, hubs, providers, searches
from matching.find import find_care, find_hubs
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
        turn, result = _answer(tx, conversation, question, now, include_demo=not here.settings.live)
        searches.answered(tx, search_id, result, now)
        apply(tx, person, turn, f"search:{search_id}", now, work)
    work.push(here.jobs)


def _answer(
    tx: Tx, conversation: Conversation, question: searches.Question, now: datetime, include_demo: bool
) -> tuple[Turn, dict[str, object]]:
    """The dialogue's turn, and what was found, as ids and scores."""
    if question.kind is JobKind.FIND_CARE:
        care = find_care(
            dialogue.care_query(question.data), lambda at, km: providers.near(tx, at, km, include_demo)
        )
        found = [[o.provider.id, round(o.score, 3), round(o.distance_km, 2)] for o in care.options]
        return dialogue.show_care(conversation, care, question.data, now), {
            "options": found,
            "failed": care.failed,
        }
    hub = find_hubs(dialogue.hub_query(question.data), lambda at, km: hubs.near(tx, at, km, include_demo))
    return (
        dialogue.show_hubs(conversation, hub, question.data, now),
        {"options": [[o.hub.id, round(o.distance_km, 2)] for o in hub.options]},
    )
