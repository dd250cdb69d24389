"""Puts the demo data into a database that real people do not write to."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zlib import crc32

from bot.importers.hubs import read_hubs
from bot.importers.providers import ProviderRow, read_providers
from bot.importers.resources import read_resources
from bot.settings import Settings
from bot.store import Store, Tx, checks, hubs, providers, resources
from nlp.places import Gazetteer

HERE = Path(__file__).parent
CHECKED_AGO = timedelta(days=25)
LONG_AGO = timedelta(days=345)
"""A check holds for a year: of these somebody must look again within the month, so that one can see who it is."""
ONE_IN = 40
"""So many were checked long ago."""


def load_demo(settings: Settings, places: Gazetteer | None = None) -> None:
    """Add the demo rows that are not there yet; those that are keep what has happened to them since. `places` spares
    loading the gazetteer once more.

    Raises ValueError on settings for Twilio's own address: no real family is ever shown an invented provider.
    """
    if settings.live:
        raise ValueError("demo data is never loaded where TWILIO_API_URL is Twilio's own")
    places = places or Gazetteer.load()
    secret, former = settings.secret_key.get_secret_value(), settings.former_secrets
    store = Store(settings.database_url, secret, pool_size=1, former_secrets=former)
    now = datetime.now(UTC)
    with store.begin() as tx:
        known = providers.keys(tx)
        rows = read_providers(HERE / "providers.csv", places, demo=True).rows
        providers.add_all(tx, [_checked_lately(row, now) for row in rows if row.key not in known], True, now)
        _renew(tx, now)
        known = hubs.keys(tx)
        for hub in read_hubs(HERE / "hubs.csv", places, demo=True).rows:
            if hub.key not in known:
                hubs.put(tx, hub, demo=True, now=now)
        known = resources.keys(tx)
        for resource in read_resources(HERE / "resources.csv", demo=True).rows:
            if resource.key not in known:
                resources.put(tx, resource, demo=True, now=now)
    store.close()


def _checked_lately(row: ProviderRow, now: datetime) -> ProviderRow:
    """As if the demo had been made these days: whenever it is loaded, its providers are verified."""
    if row.verified_at is None:
        return row
    ago = LONG_AGO if crc32(row.key.encode()) % ONE_IN == 0 else CHECKED_AGO
    return replace(row, verified_at=now - ago)


def _renew(tx: Tx, now: datetime) -> None:
    """Nobody looks after invented providers: those whose checks are over by now are checked anew."""
    for provider_id, by in checks.demo_over(tx, now):
        checks.attest(tx, provider_id, by, now, now)
