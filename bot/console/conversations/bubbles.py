"""What was said, as bubbles: who said it, on which channel, what it cost, what became of it, what was understood."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from markupsafe import Markup, escape

from bot import forms
from bot.channels.prices import Prices
from bot.channels.way import WINDOW
from bot.console.conversations import words
from bot.console.meanings import INTENTS, SLOTS
from bot.gsm7 import segments
from bot.messages import Channel
from bot.store.tables import MessageStatus
from bot.store.talks import UNSURE, Came, Left, Said
from nlp.places import Gazetteer

BOT = "Asistente"
_STRONG = re.compile(r"(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])")
_TAKEN = (MessageStatus.SENT, MessageStatus.DELIVERED, MessageStatus.READ)
"""What the carrier asks money for."""


@dataclass(frozen=True, slots=True)
class Understood:
    """What the model made of a message. `sure` is its confidence, in percent; `unsure`: too little to act on it;
    `slots` are pairs of what a part of it is, and its words with what they were read as."""

    intent: str
    sure: int
    unsure: bool
    slots: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message. `notes` tell what came beside its text; `steps` are what became of it, each with its time;
    `cost` is in US dollars, None where it cost nothing, or not yet."""

    key: str
    by_us: bool
    by_team: bool
    who: str
    at: datetime
    channel: str
    text: Markup
    notes: tuple[str, ...] = ()
    segments: int | None = None
    cost: Decimal | None = None
    status: str = ""
    status_kind: str = ""
    steps: tuple[tuple[str, datetime], ...] = ()
    trouble: str = ""
    understood: Understood | None = None


@dataclass(frozen=True, slots=True)
class Costs:
    """What is needed to estimate a cost. `templates` are the wordings that have one; `whatsapp_this_month` how many
    messages left by WhatsApp in this month so far; `heard_before` when the person had last written there before all
    that is shown."""

    prices: Prices
    templates: frozenset[str]
    whatsapp_this_month: int
    heard_before: datetime | None = None


def bubbles(said: Iterable[Said], places: Gazetteer, costs: Costs) -> list[Bubble]:
    """In the same order."""
    heard, made = costs.heard_before, []
    for one in said:
        if isinstance(one, Came):
            if one.channel is Channel.WHATSAPP:
                heard = one.at
            made.append(_came(one, places, costs))
        else:
            made.append(_left(one, costs, heard))
    return made


def total(shown: Iterable[Bubble]) -> Decimal:
    """What all of it cost, in US dollars."""
    return sum((one.cost for one in shown if one.cost), Decimal())


def _came(one: Came, places: Gazetteer, costs: Costs) -> Bubble:
    form = forms.read_inbound(one.form)
    parts = segments(form.text) if one.channel is Channel.SMS else 1
    notes = []
    if form.media:
        notes.append(
            "Envió una foto, un audio o un archivo, que Ayllu no guarda."
            if form.media == 1
            else f"Envió {form.media} fotos, audios o archivos, que Ayllu no guarda."
        )
    if form.pin:
        lat, lon = form.pin
        there = places.district_at(lat, lon)
        notes.append(f"Compartió su ubicación: {places.label(there.ubigeo) if there else 'fuera del Perú'}.")
    return Bubble(
        key=f"c{one.id}",
        by_us=False,
        by_team=False,
        who="La persona",
        at=one.at,
        channel=words.CHANNELS[one.channel],
        text=escape(form.text),
        notes=tuple(notes),
        segments=parts if one.channel is Channel.SMS else None,
        cost=costs.prices.received(one.channel, segments=parts),
        status="" if one.handled else "Esperando respuesta",
        understood=_understood(one, places),
    )


def _understood(one: Came, places: Gazetteer) -> Understood | None:
    if one.parse is None:
        return None
    confidence = float(one.parse["confidence"])
    slots = []
    for slot in one.parse["slots"]:
        read = words.value_of(slot["slot"], slot["value"], places)
        said = f"«{slot['text']}»"
        slots.append((SLOTS.get(slot["slot"], slot["slot"]), f"{said}: {read}" if read else said))
    return Understood(
        intent=INTENTS.get(one.parse["intent"], one.parse["intent"]),
        sure=round(confidence * 100),
        unsure=confidence < UNSURE,
        slots=tuple(slots),
    )


def _left(one: Left, costs: Costs, heard: datetime | None) -> Bubble:
    last = one.again[-1] if one.again else one
    status, kind = words.STATUSES[last.status]
    return Bubble(
        key=f"s{one.id}",
        by_us=True,
        by_team=one.written_by is not None,
        who=one.written_by or BOT,
        at=one.at,
        channel=" y luego ".join(dict.fromkeys(words.CHANNELS[each.channel] for each in (one, *one.again))),
        text=marked(last.text),
        segments=_segments(last),
        cost=sum((_cost(each, costs, heard) for each in (one, *one.again)), Decimal()) or None,
        status=status,
        status_kind=kind,
        steps=tuple(step for each in (one, *one.again) for step in _steps(each)),
        trouble=words.trouble(last.error_code, last.error),
    )


def _segments(one: Left) -> int | None:
    return (one.segments or segments(one.text)) if one.channel is Channel.SMS else None


def _cost(one: Left, costs: Costs, heard: datetime | None) -> Decimal:
    if one.status not in _TAKEN:
        return Decimal()
    is_open = heard is not None and one.at - heard < WINDOW + timedelta(minutes=1)
    return costs.prices.sent(
        one.channel,
        segments=_segments(one) or 1,
        template=not is_open and one.wording in costs.templates,
        replies_this_month=costs.whatsapp_this_month,
    )


def _steps(one: Left) -> Iterable[tuple[str, datetime]]:
    channel = words.CHANNELS[one.channel]
    yield f"Escrito, para {channel}", one.created_at
    if one.sent_at is not None:
        yield f"Salió por {channel}", one.sent_at
    if one.status in (MessageStatus.DELIVERED, MessageStatus.READ, MessageStatus.FAILED):
        status, _ = words.STATUSES[one.status]
        why = words.trouble(one.error_code, one.error) if one.status is MessageStatus.FAILED else ""
        yield f"{status} por {channel}{': ' if why else ''}{why}", one.updated_at


def marked(text: str) -> Markup:
    """With what WhatsApp shows in bold as bold."""
    return Markup(_STRONG.sub(r"<strong>\1</strong>", str(escape(text))))  # noqa: S704 - escaped above
