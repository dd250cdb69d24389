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
        self._counts = True

    def take(self, channel: Channel, size: int = 1) -> timedelta | None:
        """Count a message of so many segments. None: it may leave now; else how long to wait before asking again.

        A message larger than a whole second's rate takes that second. Without Redis nothing is counted, and all may
        leave.
        """
        rate = self._rates[channel]
        try:
            free = self._window.hit(rate, channel.value, cost=min(size, rate.amount))
            until = None if free else self._window.get_window_stats(rate, channel.value).reset_time
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
