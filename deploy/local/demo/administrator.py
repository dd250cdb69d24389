"""Somebody who may use the console of a machine that real people do not write to."""

from __future__ import annotations

from datetime import UTC, datetime

from bot import local
from bot.console.access import Role, passwords
from bot.settings import Settings
from bot.store import Store, operators

LOGIN = "demo"
NAME = "Ada (demo)"


def demo_administrator(settings: Settings) -> str | None:
    """The password of the demo's administrator, who is made where there is none; None where it is another by now.

    Raises ValueError on settings for Twilio's own address: there the first administrator is made by hand.
    """
    if settings.live:
        raise ValueError("no demo administrator is made where TWILIO_API_URL is Twilio's own")
    password = local.kept_secret("console_password", passwords.one_time_password)
    secret, former = settings.secret_key.get_secret_value(), settings.former_secrets
    store = Store(settings.database_url, secret, pool_size=1, former_secrets=former)
    try:
        with store.begin() as tx:
            there = operators.with_login(tx, LOGIN)
            if there is None:
                hashed = passwords.hash_of(password)
                operators.add(tx, LOGIN, NAME, Role.ADMINISTRATOR, hashed, None, datetime.now(UTC))
                return password
        return password if passwords.is_right(password, there.password_hash) else None
    finally:
        store.close()
