"""Sends what waits for one person, in the order it was written.

Each message is claimed with a lease and sent outside any transaction. Whoever finds a claim that ran out, or a send
that got no answer, first asks the carrier whether the message left.
"""

from __future__ import annotations

import logging
import random
import time
from datetime import datetime, timedelta

from bot import clock
from bot.channels.carrier import Accepted
from bot.channels.errors import NoAnswer, Outcome, SendError
from bot.channels.status import after_failure
from bot.channels.way import NoWay, Template, way_of
from bot.gsm7 import size
from bot.logs import tracing
from bot.messages import Channel, Urgency
from bot.points import Point, passed
from bot.services import Services
from bot.settings import SEND_LEASE, SEND_TOO_OLD
from bot.store import outbox
from workers.context import services

log = logging.getLogger(__name__)

FIRST_DELAY = timedelta(seconds=2)
LONGEST_DELAY = timedelta(minutes=1)
"""So soon after the carrier is back the last reply leaves."""
LONGEST_WAIT = timedelta(seconds=1.1)
"""How long a worker stands still for the sender's rate: once round the second that the rate looks back on."""


def send_to(contact_id: int) -> None:
    """Send the person's waiting messages until none is due."""
    while send_next(services(), contact_id, clock.now()):
        pass


def send_next(here: Services, contact_id: int, now: datetime) -> bool:
    """Send the person's next message. False: none is due after it, or another process is at it."""
    if here.carrier.is_away():
        return False
    begun = time.monotonic()
    with here.store.begin() as tx:
        message = outbox.claim(tx, contact_id, now, SEND_LEASE)
    if message is None:
        return False
    passed(Point.SEND_CLAIMED)
    with tracing(message.cause):
        return _send(here, message, now, begun)


def _send(here: Services, message: outbox.Leaving, now: datetime, begun: float) -> bool:
    """Send a claimed message. False: nothing more can be sent to this person now."""
    if now - message.created_at > SEND_TOO_OLD:
        _give_up(here, message, None, "too old to be of use")
        return True
    try:
        accepted = _found_at_carrier(here, message)
        if accepted is None:
            message, template = _on_its_way(here, message, now)
            if not _has_its_turn(here, message) or time.monotonic() - begun > SEND_LEASE.total_seconds() / 2:
                return False
            accepted = here.carrier.send(message.id, message.address, message.channel, message.body, template)
    except NoWay as reason:
        _give_up(here, message, None, str(reason))
        return True
    except NoAnswer:
        return _later(here, message, None, outbox.MAYBE_SENT)
    except SendError as refusal:
        if refusal.outcome is Outcome.AGAIN:
            told = outbox.MAYBE_SENT if message.look_first else str(refusal)
            return _later(here, message, refusal.code, told)
        _give_up(here, message, refusal.code, str(refusal))
        return True
    passed(Point.SEND_TAKEN)
    with here.store.begin() as tx:
        outbox.sent(tx, message, accepted.sid, accepted.segments, clock.now())
        goes_on = outbox.is_one_due(tx, message.contact_id, clock.now())
    passed(Point.SEND_RECORDED)
    channel, wording = message.channel.value, message.wording
    along = {"sid": accepted.sid, "channel": channel, "wording": wording}
    log.info("%s sent by %s as %s", wording, channel, accepted.sid, extra=along)
    return goes_on


def _found_at_carrier(here: Services, message: outbox.Leaving) -> Accepted | None:
    """The message, if an earlier try did send it: one that was taken since the first try, and is none of the others.

    A template's text is not known here; but what was sent to this person before bears an id that we know. Raises
    NoAnswer where the carrier does not let us look: that says nothing of the message.
    """
    if not message.look_first:
        return None
    if message.sid is not None:
        return Accepted(message.sid, None)
    may_be_template = message.channel is Channel.WHATSAPP and message.wording in _templates(here)
    try:
        matches = here.carrier.find(
            message.address,
            message.channel,
            None if may_be_template else message.body,
            message.first_tried_at,
        )
    except SendError as refusal:
        raise NoAnswer(str(refusal), reached=True) from refusal
    with here.store.begin() as tx:
        return next((found for found in matches if not outbox.knows(tx, found.sid)), None)


def _on_its_way(
    here: Services, message: outbox.Leaving, now: datetime
) -> tuple[outbox.Leaving, Template | None]:
    """The message as it leaves now, on the channel that takes it. Raises NoWay."""
    way = way_of(message, _templates(here), now)
    if way.channel is not message.channel:
        with here.store.begin() as tx:
            message = outbox.turn_to_sms(tx, message.id, now)
    return message, way.template


def _templates(here: Services) -> dict[str, str]:
    return here.settings.twilio_templates


def _has_its_turn(here: Services, message: outbox.Leaving) -> bool:
    """Keep the sender's rate: a short wait is waited out, a longer one is left to the sweeper."""
    segments = size(message.body).segments if message.channel is Channel.SMS else 1
    waited = timedelta()
    urgent = message.urgency <= Urgency.REPLY
    while wait := here.rates.take(message.channel, segments, urgent):
        if waited + wait > LONGEST_WAIT:
            now = clock.now()
            with here.store.begin() as tx:
                outbox.put_off(tx, message, now + wait, now)
            return False
        time.sleep(wait.total_seconds())
        waited += wait
    return True


def _later(here: Services, message: outbox.Leaving, code: int | None, error: str) -> bool:
    """Another try after a while; none when the trouble is this message's alone."""
    now = clock.now()
    with here.store.begin() as tx:
        alone = message.attempts >= outbox.MAX_ATTEMPTS and outbox.carrier_takes_others(
            tx, message.first_tried_at, now
        )
    if alone:
        _give_up(here, message, code, f"{error} ({message.attempts} tries)")
        return True
    log.info("not taken by the carrier (%s), try %s: again later", error, message.attempts)
    with here.store.begin() as tx:
        outbox.try_again(tx, message, now + delay_after(message.attempts), code, error, now)
    return False


def _give_up(here: Services, message: outbox.Leaving, code: int | None, error: str) -> None:
    now = clock.now()
    with here.store.begin() as tx:
        if outbox.give_up(tx, message, code, error, now):
            after_failure(tx, message.id, code, now)


def delay_after(attempts: int) -> timedelta:
    """How long to wait after so many tries: doubling, with jitter, so that those who failed together come apart."""
    full = min(LONGEST_DELAY, FIRST_DELAY * 2 ** min(attempts - 1, 10))
    return full * random.uniform(0.5, 1.0)  # noqa: S311 - spreads load, guards nothing
