"""The second proof: a code of six digits that a phone shows for half a minute (TOTP, RFC 6238), or one of some codes
on paper for who has lost the phone."""

from __future__ import annotations

import re
from datetime import datetime

import pyotp
import segno

from bot.console.access.passwords import one_time_password
from bot.console.access.sessions import hashed

STEP_S = 30
RECOVERY_CODES = 8
_DRIFT = 1
"""A phone's clock may be so many half minutes off."""


def new_secret() -> str:
    return pyotp.random_base32()


def step_of(secret: str, code: str, used: int, now: datetime) -> int | None:
    """The half minute whose code this is, counted since 1970; None where it is none of now, or one not after `used`."""
    digits = re.sub(r"\s", "", code)
    if not re.fullmatch("[0-9]{6}", digits):
        return None
    today = int(now.timestamp()) // STEP_S
    codes = pyotp.TOTP(secret)
    for step in range(today - _DRIFT, today + _DRIFT + 1):
        if step > used and pyotp.utils.strings_equal(codes.at(step * STEP_S), digits):
            return step
    return None


def picture(secret: str, login: str) -> str:
    """The secret as a QR code that authenticator apps read: an address of an SVG picture, all in itself."""
    address = pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name="Ayllu")
    return segno.make(address, error="m").svg_data_uri(scale=4, border=4, light="#fff")


def new_recovery_codes() -> list[str]:
    return [one_time_password() for _ in range(RECOVERY_CODES)]


def recovery_hash(code: str) -> bytes:
    """What is kept of a code, however its letters are spaced or written."""
    return hashed(re.sub(r"[^a-z0-9]", "", code.lower()))
