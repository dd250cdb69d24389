"""Intents and slots as people of the console read and choose them, in plain Spanish."""

from __future__ import annotations

from nlp.schema import Intent, SlotName

INTENTS: dict[Intent, str] = {
    Intent.FIND_CHILDCARE: "Busca quien cuide a su hija o hijo",
    Intent.INFORM: "Da datos, o corrige uno",
    Intent.CHOOSE_OPTION: "Elige una opción de la lista",
    Intent.MORE_OPTIONS: "Pide otras opciones, o más",
    Intent.AFFIRM: "Dice que sí",
    Intent.DENY: "Dice que no",
    Intent.ASK_PRICE: "Pregunta el precio",
    Intent.ASK_DETAILS: "Pregunta otra cosa de una opción",
    Intent.CHECK_STATUS: "Pregunta qué pasó con su pedido",
    Intent.CANCEL: "Retira su pedido",
    Intent.RATE_PROVIDER: "Opina del cuidado que recibió",
    Intent.REPORT_PROBLEM: "Se queja, sin que haya peligro",
    Intent.EMERGENCY: "Emergencia: alguien puede estar en peligro",
    Intent.TALK_TO_HUMAN: "Quiere hablar con una persona",
    Intent.OFFER_CARE: "Ofrece cuidar niñas y niños",
    Intent.UPDATE_AVAILABILITY: "Dice si tiene cupo (quien cuida)",
    Intent.FIND_TECH_HUB: "Busca internet, computadora o impresora",
    Intent.FIND_LEARNING: "Quiere aprender algo",
    Intent.HELP: "Pregunta qué es esto o cómo se usa",
    Intent.GREET: "Solo saluda",
    Intent.THANK: "Solo agradece o se despide",
    Intent.OPT_OUT: "No quiere más mensajes",
    Intent.OPT_IN: "Quiere mensajes otra vez",
    Intent.DELETE_MY_DATA: "Quiere que se borren sus datos",
    Intent.OUT_OF_SCOPE: "Otra cosa, que no es de aquí",
}
"""In the order in which they are offered."""

USUAL = (
    Intent.FIND_CHILDCARE,
    Intent.INFORM,
    Intent.CHOOSE_OPTION,
    Intent.ASK_DETAILS,
    Intent.AFFIRM,
    Intent.DENY,
    Intent.OFFER_CARE,
    Intent.REPORT_PROBLEM,
    Intent.EMERGENCY,
    Intent.OUT_OF_SCOPE,
)
"""Those that are one click away; the others are two."""

SLOTS: dict[SlotName, str] = {
    SlotName.LOCATION: "Lugar",
    SlotName.LANDMARK: "Referencia",
    SlotName.CHILD_AGE: "Edad",
    SlotName.CHILD_COUNT: "Cuántos niños",
    SlotName.DAYS: "Días",
    SlotName.TIME: "Horas",
    SlotName.START_DATE: "Desde cuándo",
    SlotName.PRICE: "Precio",
    SlotName.CARE_TYPE: "Tipo de cuidado",
    SlotName.SPECIAL_NEED: "Necesidad especial",
    SlotName.LANGUAGE: "Idioma",
    SlotName.AMENITY: "Lo que debe tener",
    SlotName.HUB_SERVICE: "Servicio de un centro",
    SlotName.TOPIC: "Tema que quiere aprender",
    SlotName.OPTION: "Opción de la lista",
    SlotName.PROVIDER: "Nombre de quien cuida",
    SlotName.CAPACITY: "Cupos",
    SlotName.RATING: "Estrellas",
}
