"""What the carrier tells of a message after it left: forward only, and what a failure leads to."""

from __future__ import annotations

import logging
from datetime import datetime

from bot.channels.errors import Outcome, outcome_of
from bot.forms import StatusForm
from bot.messages import Channel
from bot.store import Tx, contacts, outbox
from bot.store.tables import MessageStatus

log = logging.getLogger(__name__)

_STATUSES = {
    "sent": MessageStatus.SENT,
    "delivered": MessageStatus.DELIVERED,
    "read": MessageStatus.READ,
    "undelivered": MessageStatus.FAILED,
    "failed": MessageStatus.FAILED,
    "canceled": MessageStatus.FAILED,
}
"""The carrier's words that mean a step; the others (queued, accepted, sending…) mean none."""


def record_status(tx: Tx, told: StatusForm, message_id: int | None, now: datetime) -> int | None:
    """Move the message forward. The id of its person when something must now be sent to them, else None."""
    status = _STATUSES.get(told.status)
    found = outbox.find(tx, told.sid, message_id)
    if status is None or found is None:
        log.debug("status %s of %s changes nothing", told.status, told.sid if found is None else found)
        return None
    if not outbox.advance(tx, found, status, told.error_code, now):
        return None
    return after_failure(tx, found, told.error_code, now) if status is MessageStatus.FAILED else None


def after_failure(tx: Tx, message_id: int, code: int | None, now: datetime) -> int | None:
    """What follows from a message that failed for good. The id of its person when an SMS now waits for them."""
    channel, contact_id = outbox.route_of(tx, message_id)
    outcome = outcome_of(code, channel is Channel.WHATSAPP)
    log.warning("message %s by %s failed with %s: %s", message_id, channel.value, code, outcome.value)
    if outcome is Outcome.OPTED_OUT:
        contacts.set_opted_out(tx, contact_id, now)
        return None
    if outcome in (Outcome.BY_SMS, Outcome.AGAIN) and outbox.fall_back_to_sms(tx, message_id, now):
        return contact_id
    return None
