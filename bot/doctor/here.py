"""This machine and its door: the model, the disk, the clock, and whether PUBLIC_URL leads to a web process."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import requests

from bot.doctor.finding import Finding, ok, skipped, wrong
from bot.settings import Settings
from nlp.model_bundle import BundleError
from nlp.parser import Parser
from nlp.places import Gazetteer, NationalTableError

TIMEOUT_S = 5.0
LEAST_FREE_BYTES = 500 * 10**6
CLOCKS_DIFFER_S = 10.0
"""As much as bot/channels/carrier.py allows for when it looks whether a message left."""


def look_at_model(settings: Settings) -> Finding:
    try:
        parser = Parser.load(gazetteer=Gazetteer.load(national=settings.imported_places))
    except (BundleError, NationalTableError) as error:
        return wrong("model", str(error))
    return ok("model", f"loads, and understands a word: {parser.parse('hola').intent.value}")


def look_at_address(settings: Settings) -> Finding:
    """Whether PUBLIC_URL leads to a web process, as Twilio would come: by HTTPS, and led nowhere else."""
    url = settings.public_url
    if settings.live and not url.startswith("https:"):
        return wrong("PUBLIC_URL", f"{url} is not https: what people write would be readable on the way")
    try:
        answer = requests.get(f"{url}/healthz", timeout=TIMEOUT_S, allow_redirects=False)
    except requests.exceptions.SSLError:
        return wrong("PUBLIC_URL", f"the certificate of {url} is not good: renew it, with its chain")
    except requests.RequestException as error:
        told = f"{url} does not answer ({type(error).__name__})"
        return wrong("PUBLIC_URL", f"{told}: start a web process, and let what stands before it lead there")
    if answer.is_redirect:
        return wrong(
            "PUBLIC_URL", f"{url} leads on to {answer.headers['Location']}: set PUBLIC_URL to where it ends"
        )
    if answer.status_code != 200 or '"alive"' not in answer.text:
        told = f"something else answers at {url} ({answer.status_code})"
        return wrong("PUBLIC_URL", f"{told}: let what stands before the web process lead all paths there")
    return ok("PUBLIC_URL", f"{url} leads to a web process")


def look_at_disk(settings: Settings, least_bytes: int = LEAST_FREE_BYTES) -> Finding:
    folder = settings.data_dir.resolve()
    while not folder.exists():
        folder = folder.parent
    if not os.access(folder, os.R_OK | os.W_OK):
        return wrong("disk", f"DATA_DIR {settings.data_dir} cannot be written: give it to who runs Ayllu")
    free = shutil.disk_usage(folder).free
    if free < least_bytes:
        told = f"{_mb(free)} are free in DATA_DIR {settings.data_dir}, and {_mb(least_bytes)} are wanted"
        return wrong("disk", f"{told}: make room, or set DATA_DIR to a larger disk")
    return ok("disk", f"{_mb(free)} are free in DATA_DIR")


def look_at_clock(settings: Settings, ahead_of_database_s: float | None) -> Finding:
    """Whether this clock agrees with PostgreSQL's and with the carrier's."""
    ahead = {"PostgreSQL's": ahead_of_database_s, "the carrier's": _ahead_of_carrier_s(settings)}
    known = {name: seconds for name, seconds in ahead.items() if seconds is not None}
    for name, seconds in known.items():
        if abs(seconds) > CLOCKS_DIFFER_S:
            told = f"is {abs(seconds):.0f} s {'ahead of' if seconds > 0 else 'behind'} {name}"
            return wrong("clock", f"{told}: let every machine take its time from the net (chrony, timesyncd)")
    if not known:
        return skipped("clock", "there is none to compare it with")
    return ok("clock", f"agrees with {' and '.join(known)}")


def _ahead_of_carrier_s(settings: Settings) -> float | None:
    try:
        answer = requests.head(settings.twilio_api_url, timeout=TIMEOUT_S, allow_redirects=False)
        moment = parsedate_to_datetime(answer.headers["Date"])
    except (requests.RequestException, KeyError, ValueError):
        return None
    return (datetime.now(UTC) - moment).total_seconds()


def _mb(size: int) -> str:
    return f"{size / 10**6:,.0f} MB"
