"""What was understood, what became of a message and why it failed, in words that people read."""

from __future__ import annotations

from typing import Any

from bot.dialogue import phrases
from bot.dialogue.wording import word
from bot.messages import CaseReason, Channel
from bot.store.outbox import MAYBE_SENT
from bot.store.tables import MessageStatus
from matching.schema import Price
from nlp.places import Gazetteer
from nlp.schema import SlotName

CHANNELS = {Channel.WHATSAPP: "WhatsApp", Channel.SMS: "SMS"}

CASES = {
    CaseReason.EMERGENCY: "Emergencia",
    CaseReason.HUMAN: "Pide una persona",
    CaseReason.PROBLEM: "Problema o queja",
    CaseReason.NO_MATCH: "Sin opciones",
    CaseReason.CHOSEN: "Eligió y espera",
    CaseReason.PROVIDER: "Aviso de su ficha",
    CaseReason.TOO_MUCH: "Escribe muchísimo",
    CaseReason.ERASE: "Borrar sus datos",
    CaseReason.LEARNING: "Tema sin material",
}
"""What is open for a person to look at, in two or three words."""

STATUSES: dict[MessageStatus, tuple[str, str]] = {
    MessageStatus.QUEUED: ("Por salir", ""),
    MessageStatus.SENDING: ("Saliendo", ""),
    MessageStatus.SENT: ("Enviado", ""),
    MessageStatus.DELIVERED: ("Entregado", "ok"),
    MessageStatus.READ: ("Leído", "ok"),
    MessageStatus.FAILED: ("No llegó", "alert"),
}
"""Each with the kind of its chip."""

_TROUBLES = {
    20429: "La operadora recibió demasiados mensajes a la vez.",
    20500: "La operadora tuvo un problema suyo.",
    20503: "La operadora no respondía.",
    21211: "El número no es válido.",
    21610: "La persona pidió a la operadora no recibir más mensajes (STOP).",
    21611: "La cola de SMS de nuestro número estaba llena.",
    21614: "El número no es de un celular.",
    30001: "La cola de la operadora estaba llena.",
    30003: "El teléfono está apagado o sin señal.",
    30004: "La red bloqueó el mensaje.",
    30005: "El número no existe o ya no está en uso.",
    30006: "El número es fijo, o su red no recibe SMS.",
    30007: "La red lo tomó por publicidad y lo filtró.",
    30008: "La red no lo entregó, y no dice por qué.",
    63003: "Ese número no tiene WhatsApp.",
    63016: "Pasaron más de 24 horas desde que escribió por WhatsApp, que entonces ya no acepta texto libre.",
    63018: "Nuestro número de WhatsApp envió demasiado a la vez.",
    63024: "Ese número no tiene WhatsApp.",
    63032: "WhatsApp no entrega mensajes a esta persona.",
    63049: "WhatsApp decidió no entregarlo.",
    63051: "Nuestro número de WhatsApp está bloqueado: avise a quien administra el sistema.",
}
"""By Twilio's codes (https://www.twilio.com/docs/api/errors); what follows from each: bot/channels/errors.py."""
_NO_NUMBER = "No se conoce su número de celular."
_SAID = {
    "too old to be of use": "Esperó más de 12 horas: ya no servía, y no se envió.",
    "no phone number is known": _NO_NUMBER,
    MAYBE_SENT: "La operadora no respondió: se revisa si salió.",
}
"""By what stands with the message where the carrier gave no code."""


def trouble(code: int | None, error: str | None) -> str:
    """Why a message failed, or waits; empty where nothing is wrong."""
    if code in _TROUBLES:
        return _TROUBLES[code]
    if code is not None:
        return f"La operadora lo rechazó (código {code})."
    if not error:
        return ""
    if "24 hours" in error:
        return f"{_TROUBLES[63016]} {_NO_NUMBER}"
    return next((words for begins, words in _SAID.items() if error.startswith(begins)), "No se pudo enviar.")


def value_of(slot: str, value: Any, places: Gazetteer) -> str:
    """What a span was read as; empty where its own words say it, or nothing was made of it."""
    if slot == SlotName.LOCATION and isinstance(value, dict):
        codes = [value["ubigeo"]] if "ubigeo" in value else value.get("candidates", [])
        return " o ".join(_district(places, code) for code in codes[:3])
    if slot == SlotName.CHILD_AGE and isinstance(value, dict):
        months = [
            value[name] for name in ("months", "min_months", "max_months") if value.get(name) is not None
        ]
        return " a ".join(phrases.age(one) for one in months)
    if slot == SlotName.DAYS and isinstance(value, list):
        return ", ".join(word("days", day) for day in value)
    if slot == SlotName.TIME and isinstance(value, dict):
        return " a ".join(value.get(name) or "…" for name in ("start", "end"))
    if slot == SlotName.PRICE and isinstance(value, dict):
        amount = value.get("amount")
        return "económico" if amount is None else phrases.price(Price(amount, value.get("period")))
    if slot == SlotName.CARE_TYPE:
        return word("care_types", str(value))
    if slot == SlotName.HUB_SERVICE:
        return word("services", str(value))
    return str(value) if isinstance(value, int) else ""


def _district(places: Gazetteer, code: str) -> str:
    try:
        return places.label(code)
    except KeyError:
        return code
