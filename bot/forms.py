"""The carrier's form fields, read. Fields come and go without notice: what is not needed is ignored."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.messages import Channel

MAX_TEXT = 1600
"""Twilio's own bound on a message's text, in characters."""

_SID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")
_WHATSAPP_ID = re.compile(r"[A-Z]{2}\.[A-Za-z0-9._-]{1,128}")
_TEXT_FIELDS = ("Body", "ButtonText", "ListTitle", "ButtonPayload", "ListId")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class FormError(ValueError):
    """Fields are missing or absurd. The message names them."""


@dataclass(frozen=True, slots=True)
class InboundForm:
    """A message as the carrier tells it. `address` is "+51…" or a WhatsApp id that hides the number ("PE.…")."""

    sid: str
    address: str
    channel: Channel
    text: str
    pin: tuple[float, float] | None
    media: int
    payload: str | None


@dataclass(frozen=True, slots=True)
class StatusForm:
    """What became of a message we sent."""

    sid: str
    status: str
    error_code: int | None


def read_inbound(form: Mapping[str, str]) -> InboundForm:
    """Raises FormError."""
    channel, address = _sender(form)
    return InboundForm(
        sid=_sid(form),
        address=address,
        channel=channel,
        text=_text(form),
        pin=_pin(form),
        media=_count(form, "NumMedia"),
        payload=form.get("ButtonPayload") or form.get("ListId") or None,
    )


def read_status(form: Mapping[str, str]) -> StatusForm:
    """Raises FormError."""
    status = form.get("MessageStatus") or form.get("SmsStatus") or ""
    if not status.isalpha():
        raise FormError("MessageStatus is missing or is no word")
    return StatusForm(_sid(form), status.lower(), _count(form, "ErrorCode") or None)


def _sid(form: Mapping[str, str]) -> str:
    sid = form.get("MessageSid") or form.get("SmsSid") or ""
    if not _SID.fullmatch(sid):
        raise FormError("MessageSid is missing or is no identifier")
    return sid


def _sender(form: Mapping[str, str]) -> tuple[Channel, str]:
    sender = form.get("From", "").strip()
    bare = sender.removeprefix("whatsapp:")
    if bare != sender and (_NUMBER.fullmatch(bare) or _WHATSAPP_ID.fullmatch(bare)):
        return Channel.WHATSAPP, bare
    if _NUMBER.fullmatch(sender):
        return Channel.SMS, sender
    raise FormError("From is missing or is no number")


def _text(form: Mapping[str, str]) -> str:
    """What the person wrote; for a button or a list, what they tapped, or its id where nothing tells its text. Cut at
    what a message can hold."""
    found = (_UNSTORABLE.sub("", form.get(field) or "")[:MAX_TEXT] for field in _TEXT_FIELDS)
    return next((text for text in found if text.strip()), "")


def _pin(form: Mapping[str, str]) -> tuple[float, float] | None:
    if not form.get("Latitude") and not form.get("Longitude"):
        return None
    try:
        lat, lon = float(form.get("Latitude", "")), float(form.get("Longitude", ""))
    except ValueError:
        raise FormError("Latitude and Longitude are not numbers") from None
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise FormError("Latitude and Longitude are not a place on earth")
    return lat, lon


def _count(form: Mapping[str, str], field: str) -> int:
    value = form.get(field) or "0"
    if not re.fullmatch("[0-9]{1,6}", value):
        raise FormError(f"{field} is no number")
    return int(value)
