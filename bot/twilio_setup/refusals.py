"""What the carrier's refusal means, in a line."""

from __future__ import annotations

import json

from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.response import Response

from bot.logs import mask


def why(error: Exception) -> str:
    """No number is shown."""
    if isinstance(error, TwilioRestException):
        return _told(error.status, error.code, error.msg)
    # Of a list that could not be had the client raises this one, with the answer beside the words.
    if isinstance(error, TwilioException) and isinstance(error.args[-1], Response):
        answer = error.args[-1]
        return _told(answer.status_code, *_said(answer.text))
    return f"the carrier does not answer ({type(error).__name__})"


def _said(text: str) -> tuple[int | None, str]:
    try:
        told = json.loads(text)
        return told.get("code"), str(told.get("message", ""))
    except (ValueError, AttributeError):
        return None, ""


def _told(status: int, code: int | None, message: str) -> str:
    told = f"the carrier answered {status}" + (f", error {code}" if code else "")
    return f"{told}: {mask(message).rstrip('.')}" if message else told
