"""The ways this carrier can be told to fail: for everybody, or for one person's phone."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from bot.messages import Channel

EVERYBODY = "*"
"""The target of faults that hold for every number without faults of its own."""


class Trouble(StrEnum):
    """What goes wrong with a message to a person."""

    NONE = "none"
    NOT_ON_WHATSAPP = "not_on_whatsapp"
    NO_WHATSAPP_ADDRESS = "no_whatsapp_address"
    WINDOW_CLOSED = "window_closed"
    CHANNEL_BUSY = "channel_busy"
    UNREACHABLE = "unreachable"
    UNKNOWN_HANDSET = "unknown_handset"
    UNKNOWN_ERROR = "unknown_error"
    OPTED_OUT = "opted_out"
    INVALID_NUMBER = "invalid_number"
    NOT_MOBILE = "not_mobile"
    SLOW = "slow"
    TOO_MANY_REQUESTS = "too_many_requests"
    SERVER_ERROR = "server_error"
    LOST_ANSWER = "lost_answer"


class Manner(StrEnum):
    """When a trouble shows."""

    REFUSED = "refused"
    """The request is answered with an error; no message exists."""
    FAILED = "failed"
    """The message is taken, and fails afterwards."""
    HELD = "held"
    """The message goes its way; the answer to the request is late or never comes."""


@dataclass(frozen=True, slots=True)
class Kind:
    """How a trouble looks from outside. `channel`: where it can happen, None for both."""

    manner: Manner
    code: int | None = None
    final_status: str = "failed"
    channel: Channel | None = None


KINDS: dict[Trouble, Kind] = {
    Trouble.NOT_ON_WHATSAPP: Kind(Manner.FAILED, 63024, "undelivered", Channel.WHATSAPP),
    Trouble.NO_WHATSAPP_ADDRESS: Kind(Manner.FAILED, 63003, "failed", Channel.WHATSAPP),
    Trouble.WINDOW_CLOSED: Kind(Manner.FAILED, 63016, "failed", Channel.WHATSAPP),
    Trouble.CHANNEL_BUSY: Kind(Manner.FAILED, 63018, "failed", Channel.WHATSAPP),
    Trouble.UNREACHABLE: Kind(Manner.FAILED, 30003, "undelivered"),
    Trouble.UNKNOWN_HANDSET: Kind(Manner.FAILED, 30005, "undelivered"),
    Trouble.UNKNOWN_ERROR: Kind(Manner.FAILED, 30008, "undelivered"),
    Trouble.OPTED_OUT: Kind(Manner.REFUSED, 21610),
    Trouble.INVALID_NUMBER: Kind(Manner.REFUSED, 21211),
    Trouble.NOT_MOBILE: Kind(Manner.REFUSED, 21614, channel=Channel.SMS),
    Trouble.SLOW: Kind(Manner.HELD),
    Trouble.TOO_MANY_REQUESTS: Kind(Manner.REFUSED, 20429),
    Trouble.SERVER_ERROR: Kind(Manner.REFUSED, 20500),
    Trouble.LOST_ANSWER: Kind(Manner.HELD),
}


class Faults(BaseModel):
    """The switches of one target.

    `times` is how many more messages are troubled, None for all. `seconds` is how long SLOW waits before it
    answers, and LOST_ANSWER before it hangs up. The status callbacks can be `late_s` seconds late, come
    `twice`, come in the wrong order (`shuffled`: the last first) or not at all (`silent`). While a phone is `off`, what
    its owner writes stays in it, and what is sent to it waits at the carrier.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    trouble: Trouble = Trouble.NONE
    channel: Channel | None = None
    times: Annotated[int, Field(ge=0)] | None = None
    seconds: Annotated[float, Field(ge=0, le=120)] = 5.0
    late_s: Annotated[float, Field(ge=0, le=600)] = 0.0
    twice: bool = False
    shuffled: bool = False
    silent: bool = False
    off: bool = False

    def trouble_on(self, channel: Channel) -> Trouble:
        """The trouble that meets a message on `channel` now."""
        if self.trouble is Trouble.NONE or self.times == 0:
            return Trouble.NONE
        possible_on = self.channel or KINDS[self.trouble].channel
        return self.trouble if possible_on in (None, channel) else Trouble.NONE

    @property
    def any(self) -> bool:
        """Whether anything at all is switched on."""
        return (
            self.trouble is not Trouble.NONE
            or bool(self.late_s)
            or self.twice
            or self.shuffled
            or self.silent
            or self.off
        )

    def one_fewer(self) -> Faults:
        """After one more message was troubled; the last one switches the trouble off."""
        if not self.times or self.times == 1:
            return self.model_copy(update={"trouble": Trouble.NONE, "times": None})
        return self.model_copy(update={"times": self.times - 1})
