"""What each figure is called, and what it means, in plain Spanish."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from bot.counting.families import Step
from bot.counting.traffic import State
from bot.messages import Channel
from bot.weeks import WEEK


class Defined(NamedTuple):
    name: str
    meaning: str


FUNNEL: dict[Step, Defined] = {
    Step.ASKED: Defined(
        "Preguntaron", "Familias que escribieron que buscan quien cuide a una niña o un niño."
    ),
    Step.UNDERSTOOD: Defined(
        "Entendimos qué necesitan", "De ellas sabíamos lo suficiente para buscar: al menos, en qué lugar."
    ),
    Step.LISTED: Defined("Vieron opciones", "Recibieron al menos una persona o un centro verificado."),
    Step.CHOSEN: Defined("Eligieron", "Nos pidieron preguntar a una persona o a un centro."),
    Step.ACCEPTED: Defined("Acordaron", "Ambas partes dijeron que sí."),
    Step.STARTED: Defined("Empezaron", "Tres días después del primer día, el acuerdo seguía en pie."),
    Step.RATED: Defined("Calificaron", "Contaron con estrellas cómo les fue."),
}

ONCE = (
    "Cada familia cuenta una sola vez por trimestre: en la semana y el lugar en que preguntó primero, y hasta donde "
    "llegó desde entonces. Una semana es del trimestre de su lunes. Una familia es un número de teléfono; si pide "
    "borrar sus datos y vuelve a preguntar en el mismo trimestre, cuenta otra vez."
)
WAIT = (
    "Desde la primera pregunta de la familia hasta que ambas partes dijeron que sí. La mitad de las familias esperó "
    "menos que la mediana; nueve de cada diez, menos que el percentil 90. Son aproximados, y no se muestran si "
    "hablarían de menos de 5 familias."
)
UNMET = (
    "Familias para quienes no hubo nadie: su última búsqueda no dio ninguna opción, o nadie de quienes preguntamos "
    "dijo que sí; y hasta hoy no acordaron con nadie. Cuentan en el distrito donde buscaban y por la edad de su hija o "
    "hijo menor."
)
MESSAGES = (
    "Mensajes que salieron en el trimestre, a familias y proveedores. Entregados: la operadora confirmó que llegaron. "
    "Sin confirmar: la operadora los aceptó y no dijo más. No llegaron: los rechazó. La región es la de la persona."
)
COST = (
    "Estimado con los precios de lista de Twilio y Meta para Perú, en dólares; su factura es la que vale. Un SMS largo "
    "se paga por segmentos. De los SMS recibidos se cuenta un segmento cada uno. Los que no llegaron se cuentan como "
    "los demás. El costo de todos, o de una semana, se muestra donde se muestra cada canal."
)
FEW = (
    "Detrás de cada cifra hay al menos 5 personas. Donde dice «no se muestra» hay menos, o nadie, o una cifra mayor de "
    "la que, restando, se sabría otra menor: no se dice cuál de las tres."
)

AGES = {
    "0": "Menos de 1 año",
    "1": "1 y 2 años",
    "3": "3 a 5 años",
    "6": "6 años o más",
    "": "No dijo la edad",
}
STATES = {
    State.DELIVERED: "Entregados",
    State.SENT: "Sin confirmar",
    State.FAILED: "No llegaron",
    State.RECEIVED: "Recibidos",
}
CHANNELS = {Channel.WHATSAPP: "WhatsApp", Channel.SMS: "SMS"}
NOWHERE = "Sin lugar conocido"

_MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "setiembre", "octubre", "noviembre",
    "diciembre",
)  # fmt: skip
_SHORT = ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "set", "oct", "nov", "dic")


def quarter(first: date) -> str:
    """
    >>> quarter(date(2026, 10, 1))
    'octubre a diciembre de 2026'
    """
    return f"{_MONTHS[first.month - 1]} a {_MONTHS[first.month + 1]} de {first.year}"


def short_quarter(first: date) -> str:
    """
    >>> short_quarter(date(2026, 10, 1))
    'oct a dic 2026'
    """
    return f"{_SHORT[first.month - 1]} a {_SHORT[first.month + 1]} {first.year}"


def week(monday: date) -> str:
    """
    >>> week(date(2026, 11, 23)), week(date(2026, 11, 30))
    ('23 al 29 nov', '30 nov al 6 dic')
    """
    sunday = monday + WEEK - date.resolution
    if monday.month == sunday.month:
        return f"{monday.day} al {sunday.day} {_SHORT[monday.month - 1]}"
    return f"{monday.day} {_SHORT[monday.month - 1]} al {sunday.day} {_SHORT[sunday.month - 1]}"


def hours(number: float) -> str:
    """A wait, as one would say it.

    >>> hours(0.4), hours(5.2), hours(30), hours(100)
    ('24 minutos', '5 horas', '1 día y 6 horas', '4 días')
    """
    if number < 1:
        return f"{max(1, round(number * 60))} minutos"
    whole = round(number)
    if whole < 24:
        return "1 hora" if whole == 1 else f"{whole} horas"
    days, rest = divmod(whole, 24)
    told = "1 día" if days == 1 else f"{days} días"
    if days > 2 or not rest:
        return told
    return f"{told} y {rest} {'hora' if rest == 1 else 'horas'}"
