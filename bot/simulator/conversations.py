"""Conversations that the page can play: invented people write, the bot answers as it does today.

Whoever is called `*` is whoever got the latest message without having a phone in the conversation: the provider whom
the bot has just asked.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.messages import Channel

WHOEVER_WAS_ASKED = "*"
UNTIL_THE_NEXT = "next"
"""Let the time pass until the next thing that is to happen."""


@dataclass(frozen=True, slots=True)
class Line:
    """Somebody writes; or, with `later`, time passes: seconds, or UNTIL_THE_NEXT."""

    who: str = ""
    channel: Channel | None = None
    text: str = ""
    later: str | int | None = None


@dataclass(frozen=True, slots=True)
class Conversation:
    """`key` is its address on the page; `title` and `about` what a visitor reads of it."""

    key: str
    title: str
    about: str
    lines: tuple[Line, ...]


def _whatsapp(who: str, text: str) -> Line:
    return Line(who, Channel.WHATSAPP, text)


def _sms(who: str, text: str) -> Line:
    return Line(who, Channel.SMS, text)


_NEXT = Line(later=UNTIL_THE_NEXT)

CONVERSATIONS = (
    Conversation(
        "de-la-lista-al-primer-dia",
        "Del mensaje al primer día",
        "Una mamá elige, aceptan por SMS, y pasan los días: recordatorio, y cómo le fue.",
        (
            _whatsapp(
                "Maribel",
                "busco quien cuide a mi hijita de 2 años en collique, de lunes a viernes de 8 a 4 desde el lunes",
            ),
            _whatsapp("Maribel", "la primera"),
            _whatsapp("Maribel", "si, soy maribel"),
            _sms("*", "si mamita, con gusto"),
            _NEXT,
            _NEXT,
            _sms("Maribel", "5"),
            _sms("Maribel", "muy cariñosa con mi hijita"),
        ),
    ),
    Conversation(
        "nadie-contesta",
        "La primera no contesta",
        "Pasan dos horas sin respuesta, y se pregunta a la siguiente.",
        (
            _whatsapp(
                "Yesenia",
                "quien cuida a mi bebe de 9 meses en villa el salvador de lunes a viernes de 7 a 5",
            ),
            _whatsapp("Yesenia", "1"),
            _whatsapp("Yesenia", "si, yesenia"),
            _NEXT,
            _NEXT,
        ),
    ),
    Conversation(
        "internet-por-sms",
        "Internet desde un celular básico",
        "Sin datos: dónde hay internet, y cómo llegar.",
        (
            _sms("Don Eulogio", "dnd ay internet x ayacucho"),
            _sms("Don Eulogio", "el primero, como llego?"),
            _sms("Don Eulogio", "gracias joven"),
        ),
    ),
    Conversation(
        "se-inscribe-una-cuidadora",
        "Se inscribe una cuidadora",
        "Por SMS y a su manera; alguien la verifica antes de que la vean.",
        (
            _sms("Sra. Hilda", "yo cuido niños en mi casa en comas"),
            _sms("Sra. Hilda", "hilda rojas"),
            _sms("Sra. Hilda", "cerca del mercado unicachi"),
            _sms("Sra. Hilda", "de 1 a 5 años, de lunes a viernes de 7 a 6, 15 soles el dia, tengo 3 sitios"),
            _sms("Sra. Hilda", "doy almuerzo y tengo patio"),
            _sms("Sra. Hilda", "si"),
        ),
    ),
    Conversation(
        "una-emergencia",
        "Una emergencia",
        "Nada espera: los números de ayuda van primero, y una persona lo ve.",
        (_whatsapp("Vecina", "ayuda mi vecino le esta pegando a su hijito"),),
    ),
)
