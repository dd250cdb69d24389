"""Sends what waits for one person, in the order it was written.

Each message is claimed with a lease and sent outside any transaction. Whoever finds a claim that ran out, or a send
that got no answer, first asks the carrier whether the message left.
"""

from __future__ import annotations

import logging
import random
from datetime import UTC, datetime, timedelta

from bot.channels.carrier import Accepted
from bot.channels.errors import NoAnswer, Outcome, SendError
from bot.channels.status import after_failure
from bot.services import Services
from bot.settings import SEND_LEASE, SEND_TOO_OLD
from bot.store import outbox
from bot.store.tables import MessageStatus
from workers.context import services

log = logging.getLogger(__name__)

FIRST_DELAY = timedelta(seconds=2)
LONGEST_DELAY = timedelta(minutes=10)


def send_to(contact_id: int) -> None:
    """Send the person's waiting messages until none is due."""
    while send_next(services(), contact_id, datetime.now(UTC)):
        pass


def send_next(here: Services, contact_id: int, now: datetime) -> bool:
    """Send the person's next message. False: none is due, or another process is at it."""
    with here.store.begin() as tx:
        message = outbox.claim(tx, contact_id, now, SEND_LEASE)
    if message is None:
        return False
    if now - message.created_at > SEND_TOO_OLD:
        _give_up(here, message, None, "too old to be of use")
        return True
    try:
        accepted = _found_at_carrier(here, message) or here.carrier.send(
            message.id, message.address, message.channel, message.body
        )
    except NoAnswer:
        return _later(here, message, None, outbox.MAYBE_SENT)
    except SendError as refusal:
        if refusal.outcome is Outcome.AGAIN:
            return _later(here, message, refusal.code, str(refusal))
        _give_up(here, message, refusal.code, str(refusal))
        return True
    with here.store.begin() as tx:
        outbox.sent(tx, message.id, accepted.sid, accepted.segments, datetime.now(UTC))
    return True


def _found_at_carrier(here: Services, message: outbox.Leaving) -> Accepted | None:
    """The message, if an earlier try did send it."""
    if not message.look_first:
        return None
    matches = here.carrier.find(message.address, message.channel, message.body, message.created_at)
    with here.store.begin() as tx:
        return next((found for found in matches if not outbox.knows(tx, found.sid)), None)


def _later(here: Services, message: outbox.Leaving, code: int | None, error: str) -> bool:
    if message.attempts >= outbox.MAX_ATTEMPTS:
        _give_up(here, message, code, f"{error} ({message.attempts} tries)")
        return True
    now = datetime.now(UTC)
    with here.store.begin() as tx:
        outbox.try_again(tx, message.id, now + delay_after(message.attempts), code, error, now)
    return False


def _give_up(here: Services, message: outbox.Leaving, code: int | None, error: str) -> None:
    now = datetime.now(UTC)
    with here.store.begin() as tx:
        if outbox.advance(tx, message.id, MessageStatus.FAILED, code, now, error):
            after_failure(tx, message.id, code, now)


def delay_after(attempts: int) -> timedelta:
    """How long to wait after so many tries: doubling, with jitter, so that those who failed together come apart."""
    full = min(LONGEST_DELAY, FIRST_DELAY * 2 ** (attempts - 1))
    return full * random.uniform(0.5, 1.0)  # noqa: S311 - spreads load, guards nothing
