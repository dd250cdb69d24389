"""Answers one search: who can help, told to the person who asked."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from sqlalchemy.exc import OperationalError

from bot import dialogue, pipeline
from bot.dialogue import Conversation, Turn
from bot.messages import CaseReason, Job, JobKind
from bot.points import Point, passed
from bot.services import Services
from bot.store import Tx, contacts, conversations, hubs, resources, searches
from bot.store.carers import Carers
from bot.work import Work
from matching.find import find_care, find_hubs
from matching.resources import best
from nlp.meaning import Meaning
from workers.context import services
from workers.send_job import send_to

log = logging.getLogger(__name__)


def answer_search(search_id: int) -> None:
    """Match, and write the answer. A search that was answered, or whose person is gone, is left alone; one that cannot
    be answered is tried again, and in the end apologised for."""
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
        passed(Point.SEARCH_BEGUN)
        try:
            with tx.session.begin_nested():
                _tell(here, tx, person, question, now, work)
        except OperationalError:
            raise
        except Exception:
            log.exception("search %s could not be answered", search_id)
            if searches.failed(tx, search_id) >= searches.MAX_ATTEMPTS:
                _apologise(here, tx, person, search_id, now, work)
        passed(Point.SEARCH_ANSWERED)
    passed(Point.SEARCH_COMMITTED)
    answers = work.send_to.pop(contact_id, None) is not None
    work.push(here.jobs)
    if answers:  # at once: another way over the queue would cost as much as the sending
        send_to(contact_id)


def _tell(
    here: Services,
    tx: Tx,
    person: contacts.Person,
    question: searches.Question,
    now: datetime,
    work: Work,
) -> None:
    conversation = conversations.load(tx, person)
    if person.opted_out:
        searches.answered(tx, question.id, {"opted_out": True}, now)
        turn = Turn(conversation)
    else:
        demo = not here.settings.live
        turn, result = _answer(tx, conversation, question, now, _meaning(here), include_demo=demo)
        searches.answered(tx, question.id, result, now)
    pipeline.found(here, tx, person, turn, f"search:{question.id}", now, work)


def _apologise(
    here: Services, tx: Tx, person: contacts.Person, search_id: int, now: datetime, work: Work
) -> None:
    searches.answered(tx, search_id, {"failed": True}, now)
    case = Job(JobKind.OPERATOR, {"reason": CaseReason.PROBLEM.value, "search": search_id})
    turn = Turn(conversations.load(tx, person), (dialogue.apology(),), (case,))
    pipeline.found(here, tx, contacts.get(tx, person.id), turn, f"search:{search_id}", now, work)


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
        care = find_care(dialogue.care_query(question.data), Carers(tx, include_demo, now))
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
