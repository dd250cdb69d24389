"""The way of a message, on one page: kept, understood, answered, all in one transaction; then ids onto queues."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from bot import dialogue, exchange, forms, reading, searching
from bot.dialogue import Turn
from bot.exchange import Desk
from bot.logs import tracing
from bot.messages import CaseReason, Event, Incoming, Job, JobKind, Reply, Urgency
from bot.pace import Pace
from bot.points import Point, passed
from bot.services import Services
from bot.store import (
    StoreBusy,
    StoreUnavailable,
    Tx,
    cases,
    contacts,
    conversations,
    events,
    inbox,
    is_trouble,
    outbox,
    searches,
)
from bot.work import Work

log = logging.getLogger(__name__)


def receive(services: Services, form: Mapping[str, str], now: datetime) -> None:
    """Keep a message and answer it. When it returns, the message is in the database, once.

    Raises FormError for a form that is no message, StoreUnavailable when nothing could be kept.
    """
    message = forms.read_inbound(form)
    passed(Point.MESSAGE_READ)
    try:
        work = _keep_and_answer(services, message, form, now)
    except StoreBusy as error:
        log.warning("message %s could not be served at once (%s): keeping it", message.sid, error)
        work = _only_keep(services, message, form, now)
    passed(Point.MESSAGE_COMMITTED)
    work.push(services.jobs)
    passed(Point.MESSAGE_QUEUED)


def _keep_and_answer(
    services: Services, message: forms.InboundForm, form: Mapping[str, str], now: datetime
) -> Work:
    """Boldly first: nearly every message can be answered. What fails undoes it all, and it is done again with care."""
    try:
        return _keep_and_serve(services, message, form, now, boldly=True)
    except StoreUnavailable:
        raise
    except Exception as error:
        log.warning("message %s is answered again, with care (%s)", message.sid, type(error).__name__)
        return _keep_and_serve(services, message, form, now, boldly=False)


def _keep_and_serve(
    services: Services, message: forms.InboundForm, form: Mapping[str, str], now: datetime, boldly: bool
) -> Work:
    work = Work()
    with services.store.begin() as tx:
        visitor = contacts.meet(tx, message.address, message.channel, now)
        is_new = inbox.add(tx, message.sid, visitor.id, message.channel, dict(form), now)
        passed(Point.MESSAGE_KEPT)
        if is_new and visitor.person is not None:
            serve_waiting(services, tx, visitor.person, now, work, boldly)
        elif is_new:
            # Somebody serves this person now. To wait would let one who writes much take every thread there is.
            work.serve.add(visitor.id)
        passed(Point.MESSAGE_ANSWERED)
    return work


def _only_keep(
    services: Services, message: forms.InboundForm, form: Mapping[str, str], now: datetime
) -> Work:
    """Keep the message without an answer: the database is slow."""
    with services.store.begin() as tx:
        contact_id = contacts.arrive(tx, message.address, message.channel, now)
        inbox.add(tx, message.sid, contact_id, message.channel, dict(form), now)
    return Work(serve={contact_id})


def serve_waiting(
    services: Services, tx: Tx, person: contacts.Person, now: datetime, work: Work, boldly: bool = False
) -> None:
    """Answer the person's waiting messages, oldest first. Call it under the person's lock. `boldly`: an answer that
    fails raises what it failed with, and the whole transaction is lost.

    A message whose answer fails stays for another try. Those behind it wait, as they do behind a search that is not
    answered yet, so that answers come in order; but danger, and who wants no more messages, never wait.
    """
    waiting = inbox.waiting(tx, person.id)
    must_wait = any(stored.behind_a_search for stored in waiting)
    for number, stored in enumerate(waiting):
        if must_wait and not dialogue.cannot_wait(forms.read_inbound(stored.form).text):
            continue
        with tracing(f"in:{stored.id}"):
            person = contacts.get(tx, person.id) if number else person
            if boldly:
                _answer(services, tx, person, stored, work)
            elif not _try_to_answer(services, tx, person, stored, now, work):
                must_wait = True
        must_wait = must_wait or bool(work.searches)


def _try_to_answer(
    services: Services, tx: Tx, person: contacts.Person, stored: inbox.Stored, now: datetime, work: Work
) -> bool:
    """Answer one message. False: that failed, and is to be tried again before what came after it."""
    try:
        with tx.attempt():
            _answer(services, tx, person, stored, work)
    except Exception as error:
        if is_trouble(error):
            raise
        log.exception("inbound message %s could not be answered", stored.id)
        inbox.failed(tx, stored.id)
        if stored.attempts + 1 < inbox.MAX_ATTEMPTS:
            return False
        _apologise(tx, person, stored, now, work)
    return True


def _answer(services: Services, tx: Tx, person: contacts.Person, stored: inbox.Stored, work: Work) -> None:
    now, form = stored.received_at, forms.read_inbound(stored.form)
    text = form.text
    conversation = conversations.load(tx, person)
    taken_over = conversation.taken_over  # who talks with a person may write as they like
    pace = person.pace if taken_over else person.pace.heard(now)
    if not taken_over and pace.too_much and not pace.is_paused(now) and not dialogue.cannot_wait(text):
        pace = pace.paused(now)
        turn, parse = dialogue.enough(conversation), None
    elif not taken_over and pace.is_paused(now) and (pace.hears_the_same or not dialogue.cannot_wait(text)):
        turn, parse = Turn(conversation), None
    else:
        incoming = understand(services, stored, conversation.near_ubigeo, has_number=not person.hides_number)
        turn, parse = dialogue.step(conversation, incoming, now, services.places), incoming.parse
        demo = not services.settings.live
        turn = searching.at_once(tx, person.id, turn, f"in:{stored.id}", stored.received_at, demo)
        pace = _answered(tx, pace, turn.replies, now)
    person = contacts.wrote(tx, person, stored.channel, now, pace)
    inbox.handled(tx, stored.id, parse, now)
    keys = apply(services, tx, person, turn, f"in:{stored.id}", now, work)
    _log_answer(form, turn, keys)


def _log_answer(form: forms.InboundForm, turn: Turn, keys: list[str]) -> None:
    """One line for each message, with what an operator looks for: the carrier's id, what was said, what was begun."""
    said = "+".join(keys)
    begun = ", ".join(job.kind.value for job in turn.jobs)
    log.info(
        "%s by %s answered: %s; to do: %s",
        form.sid,
        form.channel.value,
        said or "nothing",
        begun or "nothing",
        extra={"sid": form.sid, "channel": form.channel.value, "wording": said or None},
    )


def _answered(tx: Tx, pace: Pace, replies: Iterable[Reply], now: datetime) -> Pace:
    said = "\n".join(reply.whatsapp for reply in replies)
    return pace.answered(tx.vault.look_up_key(said).hex()[:16], now) if said else pace


def found(
    services: Services, tx: Tx, person: contacts.Person, turn: Turn, cause: str, now: datetime, work: Work
) -> None:
    """Write down the answer to a search, and go on to what the person wrote meanwhile. Call it under the person's
    lock."""
    contacts.keep_pace(tx, person, _answered(tx, person.pace, turn.replies, now))
    apply(services, tx, person, turn, cause, now, work)
    serve_waiting(services, tx, person, now, work)


def understand(
    services: Services, stored: inbox.Stored, near_ubigeo: str | None, has_number: bool = True
) -> Incoming:
    """The message as the dialogue sees it. Without the model, its text is still there for buttons and keywords."""
    form = forms.read_inbound(stored.form)
    parse = None
    if form.text.strip():
        parse = reading.read(services.parser, form.text, stored.received_at, near_ubigeo)
    return Incoming(
        channel=form.channel,
        at=stored.received_at,
        text=form.text,
        parse=parse,
        pin=form.pin,
        media=form.media,
        payload=form.payload,
        has_number=has_number,
    )


def let_happen(
    services: Services, tx: Tx, person: contacts.Person, event: Event, cause: str, now: datetime, work: Work
) -> None:
    """Let an event reach the person's conversation, where it still holds. Call it under the person's lock."""
    here = desk(services, tx, now, work)
    for number, held in enumerate(exchange.happen(here, person.id, event)):
        _tell(services, tx, person, held, f"{cause}:e{number}", now, work, event.kind.urgency)


def by_hand(
    services: Services,
    tx: Tx,
    person: contacts.Person,
    deed: Callable[[Desk], list[Event]],
    cause: str,
    now: datetime,
    work: Work,
) -> None:
    """Let an operator do something in a person's exchange (bot/exchange/by_hand.py), of which that person hears at
    once. Call it under the person's lock. Raises what the deed raises."""
    for number, event in enumerate(deed(desk(services, tx, now, work))):
        _tell(services, tx, contacts.get(tx, person.id), event, f"{cause}:h{number}", now, work)


def apply(
    services: Services,
    tx: Tx,
    person: contacts.Person,
    turn: Turn,
    cause: str,
    now: datetime,
    work: Work,
    urgency: Urgency = Urgency.REPLY,
) -> list[str]:
    """Write down what a turn of the dialogue decided: what is to be done, the conversation, the replies; then what the
    person hears at once of what was done. The names of the wordings in all that is said."""
    here = desk(services, tx, now, work)
    heard: list[Event] = []
    for number, job in enumerate(turn.jobs):
        heard += _start(here, person, job, f"{cause}:{number}")
    conversations.save(tx, person.id, turn.conversation, now)
    if turn.conversation.opted_out != person.opted_out:
        contacts.set_opted_out(tx, person.id, now if turn.conversation.opted_out else None)
        if turn.conversation.opted_out:
            exchange.leave(here, person.id)
    if any(job.data.get("reason") == CaseReason.EMERGENCY for job in turn.jobs):
        urgency = Urgency.EMERGENCY
    if outbox.add(tx, person, cause, turn.replies, now, urgency):
        work.send(person.id, urgency)
    keys = [reply.key for reply in turn.replies]
    for number, event in enumerate(heard):
        keys += _tell(services, tx, contacts.get(tx, person.id), event, f"{cause}:h{number}", now, work)
    return keys


def _tell(
    services: Services,
    tx: Tx,
    person: contacts.Person,
    event: Event,
    cause: str,
    now: datetime,
    work: Work,
    urgency: Urgency = Urgency.REPLY,
) -> list[str]:
    if person.opted_out:
        return []
    conversation = conversations.load(tx, person)
    if conversation.taken_over:  # they hear of it when the bot speaks to them again
        events.add(tx, person.id, cause, event, now, now)
        return []
    turn = dialogue.happened(conversation, event, now)
    return apply(services, tx, person, turn, cause, now, work, urgency)


def _start(desk: Desk, person: contacts.Person, job: Job, cause: str) -> list[Event]:
    """Do a job, or write down that it is to be done; what the person hears of it at once."""
    tx, now = desk.tx, desk.now
    if job.kind.is_search:
        desk.work.searches.append(searches.add(tx, person.id, cause, job.kind, job.data, now))
    elif job.kind is JobKind.OPERATOR:
        cases.open_case(tx, person.id, cause, str(job.data["reason"]), job.data, now)
    elif job.kind is JobKind.KEEP_NUMBER:
        contacts.keep_number(tx, person, str(job.data["number"]))
    else:
        return exchange.perform(desk, person, job, cause)
    return []


def desk(services: Services, tx: Tx, now: datetime, work: Work) -> Desk:
    """What the exchange works with in this transaction."""
    settings = services.settings
    return Desk(tx, settings.offer_rules, now, work, include_demo=not settings.live)


def _apologise(tx: Tx, person: contacts.Person, stored: inbox.Stored, now: datetime, work: Work) -> None:
    """A message that cannot be answered is not met with silence: a kind word, and a person looks at it."""
    inbox.handled(tx, stored.id, None, now)
    person = contacts.wrote(tx, person, stored.channel, stored.received_at, person.pace)
    cases.open_case(
        tx,
        person.id,
        f"in:{stored.id}",
        CaseReason.PROBLEM,
        {"reason": CaseReason.PROBLEM, "inbound": stored.id},
        now,
    )
    if outbox.add(tx, person, f"in:{stored.id}", [dialogue.apology()], now):
        work.send(person.id, Urgency.REPLY)
