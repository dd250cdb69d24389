"""A person of Ayllu takes a conversation over from the bot, answers in it, and hands it back.

While it is taken over, what the person writes is kept and understood, and answered by whoever has it; danger, and what
the law gives everybody at once, stay the bot's (bot/dialogue/team.py). The exchange with the other side goes on; what
the bot would tell the person of it waits, with whatever else was to be told, and is told after it is handed back
(bot/store/events.py). A search under way is let go, and made anew then. Who stops all messages is nobody's any more.

What is called here works under the person's lock, and leaves `work` to be pushed after the commit.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from enum import StrEnum

from bot import dialogue, pipeline
from bot.dialogue import Turn
from bot.messages import CaseReason, Event, EventKind, Urgency
from bot.services import Services
from bot.store import (
    Tx,
    cases,
    contacts,
    conversations,
    events,
    inbox,
    is_trouble,
    outbox,
    searches,
    takeovers,
)
from bot.store.contacts import Person
from bot.store.takeovers import TakeOver
from bot.work import Work

log = logging.getLogger(__name__)

A_REMINDER_HELPS = timedelta(hours=6)
"""One that was held back for longer is not told any more: its day has come."""


GIVEN_BACK = "given_back"
"""What a case is about in which somebody took over and was not heard of again."""


class Outcome(StrEnum):
    """What came of what an operator wanted."""

    DONE = "done"
    ALREADY = "already"
    """It was so before: a second click."""
    THEIRS = "theirs"
    """Another operator has the conversation."""
    NOBODYS = "nobodys"
    """The bot has it."""
    UNREAD = "unread"
    """The person wrote something that the operator has not seen."""
    OPTED_OUT = "opted_out"
    """The person wants no messages."""


def take(
    services: Services,
    tx: Tx,
    contact_id: int,
    operator_id: int,
    now: datetime,
    work: Work,
    instead_of: int | None = None,
) -> Outcome:
    """The operator answers this person from now on, and the person is told so, once. `instead_of`: the other operator
    who has it, and from whom it is taken knowingly."""
    person = contacts.lock(tx, contact_id)
    if person.opted_out:
        return Outcome.OPTED_OUT
    held = takeovers.of(tx, contact_id)
    if held is None:
        _take(services, tx, person, operator_id, now, work)
        return Outcome.DONE
    if held.operator_id == operator_id:
        return Outcome.ALREADY
    if held.operator_id != instead_of:
        return Outcome.THEIRS
    takeovers.pass_on(tx, contact_id, instead_of, operator_id, now)
    return Outcome.DONE


def _take(services: Services, tx: Tx, person: Person, operator_id: int, now: datetime, work: Work) -> None:
    waiting = inbox.waiting(tx, person.id)
    read_until = waiting[0].id - 1 if waiting else inbox.latest(tx, person.id)
    taken = takeovers.take(tx, person.id, operator_id, read_until, now)
    searches.let_go(tx, person.id, now)
    turn = dialogue.take_over(conversations.load(tx, person))
    pipeline.apply(services, tx, person, turn, taken.cause, now, work)
    _look_again_later(services, tx, taken, now)
    pipeline.serve_waiting(services, tx, contacts.get(tx, person.id), now, work)


def write(
    tx: Tx,
    contact_id: int,
    operator_id: int,
    text: str,
    token: str,
    read_until: int,
    now: datetime,
    work: Work,
) -> Outcome:
    """The operator's words leave as any reply does, once for their `token`. They have read up to the message
    `read_until`."""
    person = contacts.lock(tx, contact_id)
    if person.opted_out:
        return Outcome.OPTED_OUT
    held = takeovers.of(tx, contact_id)
    if held is None or held.operator_id != operator_id:
        return Outcome.THEIRS if held else Outcome.NOBODYS
    turn = dialogue.spoken(conversations.load(tx, person), text, now)
    cause = f"team:{contact_id}:{operator_id}:{token}"
    if not outbox.add(tx, person, cause, turn.replies, now, written_by=operator_id):
        return Outcome.ALREADY
    conversations.save(tx, contact_id, turn.conversation, now)
    takeovers.spoke(tx, contact_id, operator_id, max(read_until, held.read_until), now)
    work.send(contact_id, Urgency.REPLY)
    return Outcome.DONE


def hand_back(
    services: Services,
    tx: Tx,
    contact_id: int,
    operator_id: int,
    read_until: int,
    answers: bool,
    now: datetime,
    work: Work,
) -> Outcome:
    """The bot answers again, and the person is told. It goes on where it stood; with `answers`, with what the person
    wrote since the operator's last word. UNREAD: they wrote after `read_until`, which the operator should see first."""
    person = contacts.lock(tx, contact_id)
    held = takeovers.of(tx, contact_id)
    if held is None:
        return Outcome.ALREADY
    if held.operator_id != operator_id:
        return Outcome.THEIRS
    if inbox.latest(tx, contact_id) > read_until:
        return Outcome.UNREAD
    unanswered = inbox.left_unanswered(tx, contact_id, held.read_until) if answers else []
    inbox.answer_now(tx, unanswered)
    takeovers.give_back(tx, contact_id)
    turn = dialogue.hand_back(conversations.load(tx, person), goes_on=bool(unanswered))
    _go_on(services, tx, person, held, turn, now, work)
    return Outcome.DONE


def give_back_if_forgotten(services: Services, tx: Tx, person: Person, now: datetime, work: Work) -> None:
    """Where the operator has said nothing for long, the bot answers again, and somebody else looks after the person's
    case."""
    held = takeovers.of(tx, person.id)
    if held is None:
        return
    if now < held.last_word_at + services.settings.take_over:
        _look_again_later(services, tx, held, now)
        return
    is_late = bool(inbox.left_unanswered(tx, person.id, held.read_until))
    takeovers.give_back(tx, person.id)
    turn = dialogue.hand_back(conversations.load(tx, person), is_late=is_late)
    _go_on(services, tx, person, held, turn, now, work)
    if not cases.show_again(tx, person.id, held.taken_at):
        told = {"reason": CaseReason.HUMAN.value, "about": GIVEN_BACK}
        cases.open_case(tx, person.id, f"{held.cause}:forgotten", CaseReason.HUMAN, told, now)
    log.info("a conversation went back to the bot: nobody wrote in it for %s", services.settings.take_over)


def held_back(tx: Tx, person: Person, now: datetime) -> list[str]:
    """What the bot would tell the person now if it were handed back, as it reads on WhatsApp; as far as it holds
    then."""
    conversation, said = conversations.load(tx, person), []
    for kept in events.held_back(tx, person.id, now):
        turn = dialogue.happened(conversation, kept.event, now)
        conversation = turn.conversation
        said += [reply.whatsapp for reply in turn.replies]
    return said


def _look_again_later(services: Services, tx: Tx, held: TakeOver, now: datetime) -> None:
    due = held.last_word_at + services.settings.take_over
    cause = f"{held.cause}:until:{due.isoformat()}"
    events.add(tx, held.contact_id, cause, Event(EventKind.GIVE_BACK), due, now)


def _go_on(
    services: Services, tx: Tx, person: Person, held: TakeOver, turn: Turn, now: datetime, work: Work
) -> None:
    """The bot speaks again, answers what waits, and then tells what it held back, each in its order. What was written
    before some news came cannot have been meant for it."""
    pipeline.apply(services, tx, person, turn, f"{held.cause}:back", now, work)
    pipeline.serve_waiting(services, tx, contacts.get(tx, person.id), now, work)
    for kept in events.held_back(tx, person.id, now):
        try:
            with tx.attempt():
                events.handled(tx, kept.id, now)
                if kept.event.kind is not EventKind.REMINDER or now - kept.due_at < A_REMINDER_HELPS:
                    person = contacts.get(tx, person.id)
                    pipeline.let_happen(services, tx, person, kept.event, kept.cause, now, work)
        except Exception as error:
            if is_trouble(error):
                raise
            log.exception("event %s (%s) could not happen yet", kept.id, kept.event.kind.value)
