"""What the page offers to click: messages to try, places to share, things that go wrong, people to be."""

from __future__ import annotations

from dataclasses import dataclass

from bot.messages import Channel
from bot.simulator.faults import Trouble


@dataclass(frozen=True, slots=True)
class Example:
    """A message to try, on the phone it suits. `title` says what it shows."""

    channel: Channel
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Place:
    """A spot that a pin can be dropped on; degrees, to about 300 m."""

    label: str
    district: str
    latitude: float
    longitude: float


EXAMPLES = (
    Example(
        Channel.WHATSAPP,
        "Mamá que entra a trabajar",
        "señorita entro a trabajar el lunes a la fabrica y no tengo con quien dejar a mi hijita de 2 añitos, "
        "vivo por collique",
    ),
    Example(Channel.WHATSAPP, "Pide una cuna barata", "una cuna barata x sjl pa mi bb de 8 meses, de 7 a 4"),
    Example(Channel.WHATSAPP, "Quiere ofrecer cuidado", "yo cuido niños en mi casa en ves, cobro 20 al dia"),
    Example(Channel.WHATSAPP, "Quiere estudiar", "quiero aprender excel para conseguir trabajo"),
    Example(Channel.WHATSAPP, "Una emergencia", "ayuda mi vecino le esta pegando a su hijito"),
    Example(Channel.SMS, "Busca internet", "dnd ay internet x ayacucho"),
    Example(Channel.SMS, "Imprimir una tarea", "donde puedo imprimir x villa el savador"),
    Example(Channel.SMS, "Niñera por horas", "nesesito una niñera pa mis mellizos de 3 en comas los sabados"),
    Example(Channel.SMS, "¿Cómo funciona?", "ayuda"),
)

PLACES = (
    Place("Collique", "Comas, Lima", -11.9176, -77.0214),
    Place("Canto Grande", "San Juan de Lurigancho, Lima", -11.9752, -77.0026),
    Place("Sector 2", "Villa El Salvador, Lima", -12.2136, -76.9386),
    Place("Plaza de Armas", "Ayacucho, Huamanga", -13.1604, -74.2257),
    Place("San Sebastián", "Cusco", -13.5306, -71.9378),
    Place("Cayma", "Arequipa", -16.3785, -71.5430),
    Place("Belén", "Iquitos, Maynas", -3.7640, -73.2480),
    Place("Castilla", "Piura", -5.1987, -80.6196),
    Place("El Tambo", "Huancayo", -12.0570, -75.2170),
    Place("Salcedo", "Puno", -15.8720, -70.0030),
)

TROUBLES: dict[Trouble, str] = {
    Trouble.NONE: "Todo funciona",
    Trouble.NOT_ON_WHATSAPP: "El número no tiene WhatsApp",
    Trouble.NO_WHATSAPP_ADDRESS: "WhatsApp no encuentra la dirección",
    Trouble.WINDOW_CLOSED: "Pasaron 24 horas: solo plantillas",
    Trouble.CHANNEL_BUSY: "WhatsApp dice: demasiados mensajes",
    Trouble.UNREACHABLE: "Teléfono apagado o sin señal",
    Trouble.UNKNOWN_HANDSET: "El número ya no existe",
    Trouble.UNKNOWN_ERROR: "No llegó, no se sabe por qué",
    Trouble.OPTED_OUT: "La persona pidió no recibir más",
    Trouble.INVALID_NUMBER: "Número mal escrito",
    Trouble.NOT_MOBILE: "Es un teléfono fijo",
    Trouble.SLOW: "El operador responde lento",
    Trouble.TOO_MANY_REQUESTS: "El operador pide ir más despacio (429)",
    Trouble.SERVER_ERROR: "El operador falla (500)",
    Trouble.LOST_ANSWER: "El mensaje sale, la respuesta se pierde",
}

PEOPLE = (
    ("+51000000101", "Rosa Quispe"),
    ("+51000000102", "Nely Huamán"),
    ("+51000000103", "Don Jorge"),
    ("+51000000104", "Maruja Flores"),
)
"""Who has a phone on the first day. The numbers end at this carrier, whoever may bear them outside."""
