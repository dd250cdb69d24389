"""After repeated failures, a while of rest: for the account that is tried, and for the address that tries.

Every try counts before it is looked at, so that many at once are no more than one after the other; a good one takes its
account's back. Counted in Redis, under keyed hashes; where that is away, in this process alone.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass

from flask import request
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import MovingWindowRateLimiter
from redis import Redis
from redis.exceptions import RedisError

from bot.store.crypto import Vault

log = logging.getLogger(__name__)

ACCOUNT = parse("10 per 15 minutes")
PROOF = parse("6 per 15 minutes")
"""Of a code of six digits."""
ADDRESS = parse("60 per 15 minutes")
"""A whole office may come from one address."""


@dataclass(frozen=True, slots=True)
class Try:
    """Somebody tries to prove something. `account` names what is tried: a login, or whose second proof."""

    account: str
    address: str
    limit: RateLimitItem = ACCOUNT


class Lockout:
    """Counts tries on one Redis."""

    def __init__(self, redis: Redis, vault: Vault) -> None:
        self._vault = vault
        shared = RedisStorage("redis://", connection_pool=redis.connection_pool, key_prefix="ayllu:console")
        self._shared = MovingWindowRateLimiter(shared)
        self._own = MovingWindowRateLimiter(MemoryStorage())

    def seconds_to_wait(self, one: Try) -> int:
        """Count a try, and say how long they must wait before it is looked at: 0 for not at all."""
        return max(
            self._count(one.limit, "account", one.account), self._count(ADDRESS, "address", one.address)
        )

    def forgive(self, account: str, limit: RateLimitItem = ACCOUNT) -> None:
        """A good try, or an administrator, takes the account's failures back."""
        key = self._key("account", account)
        self._own.clear(limit, *key)
        try:
            self._shared.clear(limit, *key)
        except RedisError as error:
            log.warning("failures to log in could not be taken back (%s)", type(error).__name__)

    def _count(self, limit: RateLimitItem, what: str, tried: str) -> int:
        key = self._key(what, tried)
        try:
            return _seconds(self._shared, limit, key)
        except RedisError as error:
            log.warning("tries to log in are counted here alone (%s)", type(error).__name__)
            return _seconds(self._own, limit, key)

    def _key(self, what: str, tried: str) -> tuple[str, str]:
        return what, self._vault.look_up_key(f"console {what} {tried}").hex()


def _seconds(limiter: MovingWindowRateLimiter, limit: RateLimitItem, key: tuple[str, str]) -> int:
    if limiter.hit(limit, *key):
        return 0
    return max(1, int(limiter.get_window_stats(limit, *key).reset_time - time.time()) + 1)


def address_of_request(proxies: int) -> str:
    """Where the request comes from: what the outermost of our own proxies saw. Nothing that somebody else wrote into
    the header is believed."""
    seen = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    hops = [*seen, request.remote_addr or ""]
    return hops[max(0, len(hops) - 1 - proxies)]
