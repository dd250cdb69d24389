"""What a machine that was given no settings works with: embedded engines, secrets made once, a simulated carrier."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bot.engines import embedded_postgres, embedded_valkey
from bot.settings import PLACES_FILE, TWILIO_API_URL, SettingsError, given, secrets_in
from bot.store import Store
from bot.store.migrate import migrate

DEMO_ACCOUNT = "AC" + "0" * 31 + "1"
DEMO_WHATSAPP = "+510000000100"
DEMO_SMS = "+510000000200"
"""Numbers that belong to nobody: after +51, none in Peru begins with 0."""


def data_dir() -> Path:
    return Path(os.environ.get("DATA_DIR") or "var").resolve()


def kept_secret(name: str, make: Callable[[], str] = lambda: secrets.token_urlsafe(32)) -> str:
    """The secret of this name, made at the first start, the same at every later one, readable by its owner alone."""
    path = data_dir() / f"{name}.secret"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(make(), encoding="ascii")
    return path.read_text(encoding="ascii").strip()


def environment(stack: ExitStack) -> dict[str, str]:
    """All settings of this machine: those given, and for the rest embedded engines (which stop with `stack`), kept
    secrets, a simulated carrier where none was given, and numbers that belong to nobody where it is not Twilio.

    Raises EngineError, SettingsError.
    """
    here = data_dir()
    port = _port()
    found = {
        "DATA_DIR": str(here),
        "PORT": str(port),
        "PUBLIC_URL": given("public_url") or f"http://127.0.0.1:{port}",
        "DATABASE_URL": given("database_url") or stack.enter_context(embedded_postgres(here)),
        "REDIS_URL": given("redis_url") or stack.enter_context(embedded_valkey(here)),
        "SECRET_KEY": given("secret_key") or kept_secret("secret_key"),
    }
    if is_live():
        return found
    found |= {
        "TWILIO_ACCOUNT_SID": given("twilio_account_sid") or DEMO_ACCOUNT,
        "TWILIO_WHATSAPP_FROM": given("twilio_whatsapp_from") or DEMO_WHATSAPP,
        "TWILIO_SMS_FROM": given("twilio_sms_from") or DEMO_SMS,
    }
    if given("twilio_api_url"):
        return found
    return found | {
        "TWILIO_API_URL": f"http://127.0.0.1:{port + 1}",
        "TWILIO_AUTH_TOKEN": kept_secret("carrier_token"),
        "SIMULATOR_URL": f"http://127.0.0.1:{port + 1}/simulator/",
    }


@contextmanager
def open_database() -> Iterator[tuple[str, str, list[str]]]:
    """The database given, or the embedded one, as it is: its URL, and today's and the former secrets.

    Raises EngineError, SettingsError.
    """
    with ExitStack() as stack:
        url = given("database_url") or stack.enter_context(embedded_postgres(data_dir()))
        yield (
            url,
            given("secret_key") or kept_secret("secret_key"),
            secrets_in(given("secret_keys_old") or ""),
        )


@contextmanager
def open_store() -> Iterator[Store]:
    """The store for a command: the database given, or the embedded one, with today's tables.

    Raises EngineError, SettingsError.
    """
    with ExitStack() as stack:
        url, secret, former = stack.enter_context(open_database())
        migrate(url)
        store = Store(url, secret, 1, former)
        stack.callback(store.close)
        yield store


def is_live() -> bool:
    """Whether the settings given are for Twilio itself."""
    return (given("twilio_api_url") or "").rstrip("/") == TWILIO_API_URL


def _port() -> int:
    port = given("port") or "8000"
    if not port.isdigit() or not 1 <= int(port) <= 65534:
        raise SettingsError(f"PORT: must be a number from 1 to 65534, not {port!r}")
    return int(port)


def places_file() -> Path:
    """Where `ayllu import places` writes, and every process reads."""
    return data_dir() / PLACES_FILE


def imported_places() -> Path | None:
    """The table that was imported on this machine, if one was."""
    return places_file() if places_file().exists() else None


def simulator_url() -> str:
    """Where the simulator of this machine is."""
    return f"http://127.0.0.1:{_port() + 1}"
