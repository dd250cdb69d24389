"""One part after the other, in the order in which one would mend them."""

from __future__ import annotations

from collections.abc import Iterator

from bot.doctor.carrier import look_at_carrier
from bot.doctor.engines import look_at_database, look_at_queue
from bot.doctor.finding import Finding, ok, wrong
from bot.doctor.here import look_at_address, look_at_clock, look_at_disk, look_at_model
from bot.settings import Settings, SettingsError


def examine() -> Iterator[Finding]:
    """A finding for each part, as it is looked at; the settings alone where they are wrong. Every call that goes out
    has a time-out, and nothing is changed."""
    try:
        settings = Settings.load()
    except SettingsError as error:
        yield wrong("settings", str(error))
        return
    yield ok("settings", "are all there")
    yield look_at_model(settings)
    database, ahead_s = look_at_database(settings)
    yield from database
    yield from look_at_queue(settings)
    yield from look_at_carrier(settings)
    yield look_at_address(settings)
    yield look_at_clock(settings, ahead_s)
    yield look_at_disk(settings)
