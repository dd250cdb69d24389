"""Answers one search: who can help, told to the person who asked."""

from __future__ import annotations

import logging
from datetime import datetime

from bot import clock, dialogue, pipeline, searching
from bot.dialogue import Turn
from bot.logs import tracing
from bot.messages import CaseReason, Job, JobKind
from bot.points import Point, passed
from bot.services import Services
from bot.store import Tx, contacts, conversations, is_trouble, searches
from bot.work import Work
from nlp.meaning import Meaning
from workers.context import services
from workers.send_job import send_to

log = logging.getLogger(__name__)


def answer_search(search_id: int) -> None:
    """Match, and write the answer. A search that was answered, or whose person is gone, is left alone; one that cannot
    be answered is tried again, and in the end apologised for."""
    here = services()
    now = clock.now()
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
        with tracing(question.cause):
            try:
                with tx.attempt():
                    _tell(here, tx, person, question, now, work)
            except Exception as error:
                if is_trouble(error):
                    raise
                log.exception("search %s could not be answered", search_id)
                if searches.failed(tx, search_id) >= searches.MAX_ATTEMPTS:
                    _apologise(here, tx, person, question, now, work)
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
        turn, result = searching.answer(
            tx, conversation, question, now, _meaning(here), include_demo=not here.settings.live
        )
        searches.answered(tx, question.id, result, now)
    pipeline.found(here, tx, person, turn, f"{question.cause}:found", now, work)
    said = "+".join(reply.key for reply in turn.replies)
    log.info("%s answered: %s", question.kind.value, said or "nothing", extra={"wording": said or None})


def _apologise(
    here: Services,
    tx: Tx,
    person: contacts.Person,
    question: searches.Question,
    now: datetime,
    work: Work,
) -> None:
    searches.answered(tx, question.id, {"failed": True}, now)
    case = Job(JobKind.OPERATOR, {"reason": CaseReason.PROBLEM.value, "search": question.id})
    turn = Turn(conversations.load(tx, person), (dialogue.apology(),), (case,))
    pipeline.found(here, tx, contacts.get(tx, person.id), turn, f"{question.cause}:found", now, work)


def _meaning(here: Services) -> Meaning:
    if here.parser is None:
        raise RuntimeError("a search needs the model: wire the worker with a parser")
    return Meaning(here.parser.tagger)
