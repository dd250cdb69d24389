"""What an operator writes: whether it can leave, which way, in which form, and how much of an SMS it takes."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.channels.way import WINDOW, NoWay, way_of
from bot.dialogue import OPERATOR
from bot.forms import MAX_TEXT
from bot.gsm7 import Size, fold, size
from bot.messages import Channel
from bot.store.contacts import Person

MOST_SEGMENTS = 6
"""An SMS that an operator writes is no longer."""

_TOKEN = re.compile(r"[0-9a-f]{32}")
_UNSTORABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


class WritingError(ValueError):
    """The text cannot be sent. The message tells the operator why."""


@dataclass(frozen=True, slots=True)
class _Draft:
    """What decides the way of a text that is not written down yet."""

    channel: Channel
    number: str | None
    whatsapp_wrote_at: datetime | None
    wording: str = OPERATOR
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HowItLeaves:
    """`channel` is None where nothing reaches the person now. `words` tell the operator; `closed`: WhatsApp takes no
    free text from us any more."""

    channel: Channel | None
    words: str
    closed: bool = False

    @property
    def by_sms(self) -> bool:
        return self.channel is Channel.SMS


@dataclass(frozen=True, slots=True)
class Preview:
    """A text before it is sent, in the form in which it would leave; `sms` is its form for SMS, and what that takes."""

    text: str
    sms: str
    size: Size


def how_it_leaves(person: Person, templates: Mapping[str, str], now: datetime) -> HowItLeaves:
    """Which way an operator's words would go at this moment."""
    wrote = person.whatsapp_wrote_at
    closed = person.channel is Channel.WHATSAPP and (wrote is None or now - wrote >= WINDOW)
    why = (
        "Hace más de 24 horas que no escribe por WhatsApp, que por eso ya no acepta texto libre"
        if wrote
        else "Nunca ha escrito por WhatsApp, que por eso no acepta texto libre"
    )
    try:
        way = way_of(_Draft(person.channel, person.number, wrote), templates, now)
    except NoWay:
        return HowItLeaves(None, f"{why}, y no se conoce su número: espere a que escriba.", closed)
    if closed:
        return HowItLeaves(way.channel, f"{why}. Su mensaje saldrá por SMS, sin tildes ni emojis.", closed)
    if way.channel is Channel.SMS:
        return HowItLeaves(way.channel, "Saldrá por SMS, sin tildes ni emojis.")
    return HowItLeaves(way.channel, "Saldrá por WhatsApp, tal como lo escriba. Si no llega, irá por SMS.")


def tidy(given: str) -> str:
    """The text as it is sent: without what no message can hold, and without empty lines around it."""
    return _UNSTORABLE.sub("", given.replace("\r\n", "\n").replace("\r", "\n")).strip()


def preview(text: str) -> Preview:
    sms = fold(text)
    return Preview(text, sms, size(sms))


def check(text: str, leaves: HowItLeaves) -> None:
    """Raises WritingError."""
    if leaves.channel is None:
        raise WritingError(leaves.words)
    if not text:
        raise WritingError("Escriba el mensaje.")
    if len(text) > MAX_TEXT:
        raise WritingError(f"El mensaje tiene {len(text)} caracteres; caben {MAX_TEXT}. Acórtelo.")
    form = preview(text)
    if not form.sms.strip():
        raise WritingError("Escriba también una palabra: por SMS los emojis no llegan.")
    if leaves.by_sms and form.size.segments > MOST_SEGMENTS:
        raise WritingError(f"Serían {form.size.segments} SMS; que no pasen de {MOST_SEGMENTS}. Acórtelo.")


def new_token() -> str:
    """Tells one form that is sent from another: a second click sends nothing more."""
    return secrets.token_hex(16)


def is_token(given: str) -> bool:
    return bool(_TOKEN.fullmatch(given))
