"""What becomes of a message to a person: which statuses it passes, and when. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.messages import Channel
from bot.simulator.faults import KINDS, Manner, Trouble

WINDOW = timedelta(hours=24)
"""How long after a person wrote WhatsApp takes free-form messages to them."""

TO_NETWORK_S = 0.15
TO_PHONE_S = 0.45
TO_EYES_S = 0.6


@dataclass(frozen=True, slots=True)
class Step:
    """`status` is reached `after_s` seconds after the step before it."""

    after_s: float
    status: str
    error_code: int | None = None


def plan(
    channel: Channel, trouble: Trouble, *, template: bool, window_open: bool, over_rate: bool
) -> list[Step]:
    """The journey of a message that the carrier has taken. `read` is not part of it: that is up to the
    person."""
    met = _what_meets_it(channel, trouble, template=template, window_open=window_open, over_rate=over_rate)
    kind = KINDS.get(met)
    if kind is None or kind.manner is not Manner.FAILED:
        return [Step(0, "queued"), Step(TO_NETWORK_S, "sent"), Step(TO_PHONE_S, "delivered")]
    failure = Step(TO_PHONE_S, kind.final_status, kind.code)
    if kind.final_status == "undelivered":
        return [Step(0, "queued"), Step(TO_NETWORK_S, "sent"), failure]
    return [Step(0, "queued"), failure]


def window_is_open(wrote: datetime | None, now: datetime) -> bool:
    """Whether a person who last wrote at `wrote` (None: never) may get free-form WhatsApp messages at
    `now`."""
    return wrote is not None and now - wrote < WINDOW


def _what_meets_it(
    channel: Channel, trouble: Trouble, *, template: bool, window_open: bool, over_rate: bool
) -> Trouble:
    if trouble is not Trouble.NONE:
        return trouble
    if channel is Channel.SMS:
        return Trouble.NONE
    if over_rate:
        return Trouble.CHANNEL_BUSY
    return Trouble.NONE if template or window_open else Trouble.WINDOW_CLOSED
