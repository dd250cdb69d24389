"""The way of a message, on one page: kept, understood, answered, all in one transaction; then ids onto queues."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.exc import OperationalError

from bot import dialogue, exchange, forms
from bot.dialogue import Turn
from bot.exchange import Desk
from bot.messages import CaseReason, Event, Incoming, Job, JobKind
from bot.services import Services
from bot.store import StoreUnavailable, Tx, cases, contacts, conversations, inbox, outbox, searches
from bot.work import Work
from nlp.schema import Parse

log = logging.getLogger(__name__)


def receive(services: Services, form: Mapping[str, str], now: datetime) -> None:
    """Keep a message and answer it. When it returns, the message is in the database, once.

    Raises FormError for a form that is no message, StoreUnavailable when nothing could be kept.
    """
    message = forms.read_inbound(form)
    work = Work()
    try:
        with services.store.begin() as tx:
            contact_id = contacts.arrive(tx, message.address, message.channel, now)
            person = contacts.lock(tx, contact_id)
            if inbox.add(tx, message.sid, contact_id, message.channel, dict(form), now):
                serve_waiting(services, tx, person, now, work)
    except StoreUnavailable as error:
        log.warning("message %s could not be served at once (%s): keeping it", message.sid, error)
        work = _only_keep(services, message, form, now)
    work.push(services.jobs)


def _only_keep(
    services: Services, message: forms.InboundForm, form: Mapping[str, str], now: datetime
) -> Work:
    """Keep the message without an answer: another process is serving this person, or the database is slow."""
    with services.store.begin() as tx:
        contact_id = contacts.arrive(tx, message.address, message.channel, now)
        inbox.add(tx, message.sid, contact_id, message.channel, dict(form), now)
    return Work(serve={contact_id})


def serve_waiting(services: Services, tx: Tx, person: contacts.Person, now: datetime, work: Work) -> None:
    """Answer the person's waiting messages, oldest first. Call it under the person's lock.

    A message whose answer fails stays for another try, and those behind it wait, so that order is kept.
    """
    for stored in inbox.waiting(tx, person.id):
        try:
            with tx.session.begin_nested():
                _answer(services, tx, person, stored, work)
        except OperationalError:
            raise
        except Exception:
            log.exception("inbound message %s could not be answered", stored.id)
            inbox.failed(tx, stored.id)
            if stored.attempts + 1 < inbox.MAX_ATTEMPTS:
                return
            _apologise(tx, person, stored, now, work)


def _answer(services: Services, tx: Tx, person: contacts.Person, stored: inbox.Stored, work: Work) -> None:
    conversation = conversations.load(tx, person)
    incoming = understand(services, stored, conversation.near_ubigeo, has_number=not person.hides_number)
    turn = dialogue.step(conversation, incoming, stored.received_at, services.places)
    contacts.wrote(tx, person, stored.channel, stored.received_at)
    inbox.handled(tx, stored.id, incoming.parse, stored.received_at)
    apply(services, tx, contacts.get(tx, person.id), turn, f"in:{stored.id}", stored.received_at, work)


def understand(
    services: Services, stored: inbox.Stored, near_ubigeo: str | None, has_number: bool = True
) -> Incoming:
    """The message as the dialogue sees it. Without the model, its text is still there for buttons and keywords."""
    form = forms.read_inbound(stored.form)
    parse: Parse | None = None
    if form.text.strip() and services.parser is not None:
        parse = services.parser.parse(form.text, stored.received_at, near_ubigeo=near_ubigeo)
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
    desk = _desk(services, tx, now, work)
    for number, held in enumerate(exchange.happen(desk, person.id, event)):
        _tell(services, tx, person, held, f"{cause}:e{number}", now, work)


def apply(
    services: Services, tx: Tx, person: contacts.Person, turn: Turn, cause: str, now: datetime, work: Work
) -> None:
    """Write down what a turn of the dialogue decided: what is to be done, the conversation, the replies; then what the
    person hears at once of what was done."""
    desk = _desk(services, tx, now, work)
    heard: list[Event] = []
    for number, job in enumerate(turn.jobs):
        heard += _start(desk, person, job, f"{cause}:{number}")
    conversations.save(tx, person.id, turn.conversation, now)
    if turn.conversation.opted_out != person.opted_out:
        contacts.set_opted_out(tx, person.id, now if turn.conversation.opted_out else None)
        if turn.conversation.opted_out:
            exchange.leave(desk, person.id)
    if outbox.add(tx, person, cause, turn.replies, now):
        work.send_to.add(person.id)
    for number, event in enumerate(heard):
        _tell(services, tx, contacts.get(tx, person.id), event, f"{cause}:h{number}", now, work)


def _tell(
    services: Services, tx: Tx, person: contacts.Person, event: Event, cause: str, now: datetime, work: Work
) -> None:
    if not person.opted_out:
        turn = dialogue.happened(conversations.load(tx, person), event, now)
        apply(services, tx, person, turn, cause, now, work)


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


def _desk(services: Services, tx: Tx, now: datetime, work: Work) -> Desk:
    settings = services.settings
    return Desk(tx, settings.offer_rules, now, work, include_demo=not settings.live)


def _apologise(tx: Tx, person: contacts.Person, stored: inbox.Stored, now: datetime, work: Work) -> None:
    """A message that cannot be answered is not met with silence: a kind word, and a person looks at it."""
    inbox.handled(tx, stored.id, None, now)
    cases.open_case(
        tx,
        person.id,
        f"in:{stored.id}",
        CaseReason.PROBLEM,
        {"reason": CaseReason.PROBLEM, "inbound": stored.id},
        now,
    )
    if outbox.add(tx, person, f"in:{stored.id}", [dialogue.apology()], now):
        work.send_to.add(person.id)
