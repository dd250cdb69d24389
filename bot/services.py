"""What a process works with, wired once from the settings and passed on as an argument."""

from __future__ import annotations

import gc
import logging
from dataclasses import dataclass

from redis import Redis

from bot import clock, jobs
from bot.channels.carrier import Carrier
from bot.channels.rates import SenderRates
from bot.settings import Settings
from bot.store import Store
from nlp.parser import Parser
from nlp.places import Gazetteer

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Services:
    """The rooms' doors. `parser` is None in a process that understands no messages."""

    settings: Settings
    store: Store
    redis: Redis
    jobs: jobs.Jobs
    carrier: Carrier
    rates: SenderRates
    places: Gazetteer
    parser: Parser | None

    def close(self) -> None:
        self.store.close()
        self.redis.close()


def wire(settings: Settings, pool_size: int = 8) -> Services:
    """Everything a process needs. Raises BundleError for a model that does not fit; connects to nothing yet."""
    if settings.simulated:
        clock.follow(settings.data_dir / clock.FILE)
    redis = jobs.connect(settings.redis_url)
    places = Gazetteer.load(national=settings.imported_places)
    parser = Parser.load(gazetteer=places)
    # What is loaded lives as long as the process. Left to the collector, it looks through it all every few hundred
    # messages, and somebody waits a tenth of a second.
    gc.collect()
    gc.freeze()
    return Services(
        settings=settings,
        store=Store(
            settings.database_url,
            settings.secret_key.get_secret_value(),
            pool_size,
            settings.former_secrets,
        ),
        redis=redis,
        jobs=jobs.Jobs(redis),
        carrier=Carrier(settings),
        rates=SenderRates(redis, settings.sms_per_second),
        places=places,
        parser=parser,
    )
