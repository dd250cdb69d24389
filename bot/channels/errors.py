"""What the carrier's refusals mean for a message. One table, for answers to a send and for status callbacks alike.

Codes: https://www.twilio.com/docs/api/errors
"""

from __future__ import annotations

from enum import StrEnum

from bot.logs import mask


class Outcome(StrEnum):
    """What to do about a refusal."""

    AGAIN = "again"
    BY_SMS = "by_sms"
    OPTED_OUT = "opted_out"
    GIVE_UP = "give_up"


_OUTCOMES = {
    20429: Outcome.AGAIN,  # too many requests
    20500: Outcome.AGAIN,  # the carrier's own trouble
    20503: Outcome.AGAIN,  # the carrier is away for a moment
    21611: Outcome.AGAIN,  # the SMS number's queue is full
    30001: Outcome.AGAIN,  # the account's queue is full
    63018: Outcome.AGAIN,  # the WhatsApp sender's rate
    63003: Outcome.BY_SMS,  # no such recipient on the channel
    63016: Outcome.BY_SMS,  # outside WhatsApp's 24 hours, and no template
    63024: Outcome.BY_SMS,  # not a WhatsApp user
    63032: Outcome.BY_SMS,  # WhatsApp will not deliver to this user
    63049: Outcome.BY_SMS,  # Meta chose not to deliver
    63051: Outcome.BY_SMS,  # the WhatsApp sender is locked
    21610: Outcome.OPTED_OUT,  # the person sent STOP to the carrier
    21211: Outcome.GIVE_UP,  # invalid number
    21614: Outcome.GIVE_UP,  # not a mobile number
}


def outcome_of(code: int | None, channel_is_whatsapp: bool = False) -> Outcome:
    """What this code asks for. An unknown failure on WhatsApp is worth an SMS; an unknown one by SMS is final."""
    if code in _OUTCOMES:
        return _OUTCOMES[code]
    return Outcome.BY_SMS if channel_is_whatsapp else Outcome.GIVE_UP


class SendError(Exception):
    """A message was refused. `code` is the carrier's; `outcome` says what to do. Its text is kept with the message, and
    shows no number."""

    def __init__(self, message: str, code: int | None, outcome: Outcome) -> None:
        super().__init__(mask(message))
        self.code = code
        self.outcome = outcome


class NoAnswer(Exception):
    """The carrier did not answer, or with trouble of its own: the message may have been sent. Look before sending
    again. `reached`: it did answer."""

    def __init__(self, message: str, reached: bool) -> None:
        super().__init__(message)
        self.reached = reached
