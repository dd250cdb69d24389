"""How fast each sender may send, over all processes: counted in Redis, in a window that moves with the clock."""

from __future__ import annotations

import logging
import time
from datetime import timedelta

from limits import RateLimitItem, RateLimitItemPerSecond
from limits.storage import RedisStorage
from limits.strategies import MovingWindowRateLimiter
from redis import Redis
from redis.exceptions import RedisError

from bot.messages import Channel

log = logging.getLogger(__name__)

WHATSAPP_PER_SECOND = 80
"""Messages a second that a WhatsApp sender carries: https://www.twilio.com/docs/whatsapp/api. Over it: 63018."""

NOT_URGENT = 0.7
"""The part of a sender's rate that offers, follow-ups and broadcasts may take together: replies and emergencies always
find room."""

WINDOW = timedelta(seconds=1)
A_MOMENT = timedelta(milliseconds=5)


class SenderRates:
    """The rate of each of our two senders. Connects on first use."""

    def __init__(self, redis: Redis, sms_per_second: int) -> None:
        self._window = MovingWindowRateLimiter(
            RedisStorage("redis://", connection_pool=redis.connection_pool, key_prefix="ayllu-rate")
        )
        self._rates: dict[Channel, RateLimitItem] = {
            Channel.WHATSAPP: RateLimitItemPerSecond(WHATSAPP_PER_SECOND),
            Channel.SMS: RateLimitItemPerSecond(sms_per_second),
        }
        self._not_urgent: dict[Channel, RateLimitItem] = {
            channel: RateLimitItemPerSecond(max(1, int(rate.amount * NOT_URGENT)))
            for channel, rate in self._rates.items()
        }
        self._counts = True

    def take(self, channel: Channel, size: int = 1, urgent: bool = True) -> timedelta | None:
        """Count a message of so many segments. None: it may leave now; else how long to wait before asking again.

        A message larger than a whole second's rate takes that second. Without Redis nothing is counted, and all may
        leave.
        """
        try:
            until = (
                None
                if urgent
                else self._count(self._not_urgent[channel], f"{channel.value}-not-urgent", size)
            )
            if until is None:
                until = self._count(self._rates[channel], channel.value, size)
        except RedisError as error:
            if self._counts:
                log.warning("the senders' rates are not kept, Redis is away (%s)", type(error).__name__)
            self._counts = False
            return None
        self._counts = True
        if until is None:
            return None
        # A clock that was set back would have us wait for as long as it was set back by.
        return min(WINDOW, max(timedelta(), timedelta(seconds=until - time.time()))) + A_MOMENT

    def _count(self, rate: RateLimitItem, key: str, size: int) -> float | None:
        """None: counted. Else until when, in seconds of the clock, there is no room."""
        if self._window.hit(rate, key, cost=min(size, rate.amount)):
            return None
        return self._window.get_window_stats(rate, key).reset_time
