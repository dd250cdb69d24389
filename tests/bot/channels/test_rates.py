"""The senders' rates, counted in the real Valkey."""

from __future__ import annotations

import time
from datetime import timedelta

from redis import Redis

from bot.channels.rates import WHATSAPP_PER_SECOND, SenderRates
from bot.messages import Channel
from bot.services import Services


def test_what_is_over_the_rate_waits_less_than_the_second_it_is_counted_in(services: Services) -> None:
    rates = SenderRates(services.redis, sms_per_second=3)
    assert [rates.take(Channel.SMS) for _ in range(3)] == [None] * 3
    wait = rates.take(Channel.SMS)
    assert wait is not None
    assert timedelta(seconds=0.5) < wait < timedelta(seconds=1.1)
    time.sleep(wait.total_seconds())
    assert rates.take(Channel.SMS) is None


def test_all_processes_count_together(services: Services) -> None:
    one = SenderRates(services.redis, sms_per_second=2)
    other = SenderRates(Redis.from_url(services.settings.redis_url), sms_per_second=2)
    assert [one.take(Channel.SMS), other.take(Channel.SMS)] == [None, None]
    assert one.take(Channel.SMS)
    assert other.take(Channel.SMS)


def test_the_two_senders_do_not_hold_each_other_up(services: Services) -> None:
    rates = SenderRates(services.redis, sms_per_second=1)
    assert rates.take(Channel.SMS) is None
    assert rates.take(Channel.SMS)
    assert rates.take(Channel.WHATSAPP) is None


def test_whatsapp_takes_eighty_messages_in_a_second_and_no_more(services: Services) -> None:
    rates = SenderRates(services.redis, sms_per_second=1)
    started = time.monotonic()
    sent = 0
    while rates.take(Channel.WHATSAPP) is None:
        sent += 1
    assert sent == WHATSAPP_PER_SECOND == 80 or time.monotonic() - started > 1


def test_an_sms_counts_by_its_segments_and_the_longest_still_leaves(services: Services) -> None:
    rates = SenderRates(services.redis, sms_per_second=3)
    assert rates.take(Channel.SMS, size=2) is None
    assert rates.take(Channel.SMS, size=2)
    slow = SenderRates(services.redis, sms_per_second=1)
    services.redis.flushdb()
    assert slow.take(Channel.SMS, size=3) is None


def test_without_redis_all_may_leave() -> None:
    rates = SenderRates(Redis.from_url("redis://127.0.0.1:1/0"), sms_per_second=1)
    assert [rates.take(Channel.SMS) for _ in range(3)] == [None] * 3
