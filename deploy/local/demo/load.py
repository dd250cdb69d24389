"""Puts the demo data into a database that real people do not write to."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from bot.importers.hubs import read_hubs
from bot.importers.providers import read_providers
from bot.importers.resources import read_resources
from bot.settings import Settings
from bot.store import Store, hubs, providers, resources
from nlp.places import Gazetteer

HERE = Path(__file__).parent


def load_demo(settings: Settings) -> None:
    """Add the demo rows that are not there yet; those that are keep what has happened to them since.

    Raises ValueError on settings for Twilio's own address: no real family is ever shown an invented provider.
    """
    if settings.live:
        raise ValueError("demo data is never loaded where TWILIO_API_URL is Twilio's own")
    places = Gazetteer.load()
    secret, former = settings.secret_key.get_secret_value(), settings.former_secrets
    store = Store(settings.database_url, secret, pool_size=1, former_secrets=former)
    now = datetime.now(UTC)
    with store.begin() as tx:
        known = providers.keys(tx)
        for provider in read_providers(HERE / "providers.csv", places, demo=True).rows:
            if provider.key not in known:
                providers.put(tx, provider, demo=True, now=now)
        known = hubs.keys(tx)
        for hub in read_hubs(HERE / "hubs.csv", places, demo=True).rows:
            if hub.key not in known:
                hubs.put(tx, hub, demo=True, now=now)
        known = resources.keys(tx)
        for resource in read_resources(HERE / "resources.csv", demo=True).rows:
            if resource.key not in known:
                resources.put(tx, resource, demo=True, now=now)
    store.close()
