"""What the carrier tells of a message after it left: forward only, and what a failure leads to."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from bot import exchange
from bot.channels.errors import Outcome, outcome_of
from bot.forms import StatusForm
from bot.logs import tracing
from bot.messages import Channel
from bot.store import Tx, outbox
from bot.store.tables import MessageStatus

log = logging.getLogger(__name__)

AGAIN_AFTER = timedelta(seconds=30)
"""How long a carrier that is busy is left alone."""

_STATUSES = {
    "sent": MessageStatus.SENT,
    "delivered": MessageStatus.DELIVERED,
    "read": MessageStatus.READ,
    "undelivered": MessageStatus.FAILED,
    "failed": MessageStatus.FAILED,
    "canceled": MessageStatus.FAILED,
}
"""The carrier's words that mean a step; the others (queued, accepted, sending…) mean none."""


_LEVELS = {MessageStatus.DELIVERED: logging.INFO, MessageStatus.FAILED: logging.INFO}
"""What is worth a line. That it was read says no more about the way."""


def record_status(tx: Tx, told: StatusForm, message_id: int | None, now: datetime) -> int | None:
    """Move the message forward. The id of its person when something may now be sent to them, else None."""
    status = _STATUSES.get(told.status)
    found = outbox.find(tx, told.sid, message_id)
    if status is None or found is None:
        log.debug("status %s of %s changes nothing", told.status, told.sid)
        return None
    if not outbox.advance(tx, found.id, status, told.error_code, now) or status is MessageStatus.SENT:
        return None
    with tracing(found.cause):
        log.log(_LEVELS.get(status, logging.DEBUG), "%s: %s", told.sid, status.value, extra={"sid": told.sid})
        again = None
        if status is MessageStatus.FAILED:
            again = _again(tx, found.id, told.error_code, now)
            again = again or after_failure(tx, found.id, told.error_code, now)
    return outbox.release_next(tx, found.id, now) or again


def _again(tx: Tx, message_id: int, code: int | None, now: datetime) -> int | None:
    """One more try, after a while, of a message that the carrier took and could not carry just then. The id of its
    person, else None."""
    channel, contact_id = outbox.route_of(tx, message_id)
    if outcome_of(code, channel is Channel.WHATSAPP) is not Outcome.AGAIN:
        return None
    return contact_id if outbox.send_again(tx, message_id, now + AGAIN_AFTER, now) else None


def after_failure(tx: Tx, message_id: int, code: int | None, now: datetime) -> int | None:
    """What follows from a message that failed for good. The id of its person when an SMS now waits for them."""
    channel, contact_id = outbox.route_of(tx, message_id)
    outcome = outcome_of(code, channel is Channel.WHATSAPP)
    log.warning("message %s by %s failed with %s: %s", message_id, channel.value, code, outcome.value)
    if outcome is Outcome.OPTED_OUT:
        exchange.carrier_opted_out(tx, contact_id, now)
        return None
    if outcome in (Outcome.BY_SMS, Outcome.AGAIN) and outbox.fall_back_to_sms(tx, message_id, now):
        return contact_id
    return None
