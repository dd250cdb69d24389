"""What operators read of providers: kinds, checks and how they stand."""

from __future__ import annotations

from bot.store.found_providers import State
from bot.store.tables import CheckEnd, OfferStatus
from matching.checks import CheckKind
from matching.schema import CareKind

KINDS: dict[CareKind, str] = {
    CareKind.CUNA_MAS: "Cuna Más",
    CareKind.MUNICIPAL: "Cuna municipal",
    CareKind.DAYCARE: "Guardería",
    CareKind.PRESCHOOL: "Nido o jardín",
    CareKind.HOME: "Cuidadora en su casa",
    CareKind.NANNY: "Niñera",
}

CHECKS: dict[CheckKind, str] = {
    CheckKind.IDENTITY: "Identidad",
    CheckKind.BACKGROUND: "Antecedentes",
    CheckKind.VISIT: "Visita al lugar",
    CheckKind.INTERVIEW: "Entrevista y referencias",
    CheckKind.LICENCE: "Licencia",
}

_HOW: dict[CheckKind, str] = {
    CheckKind.IDENTITY: "Vio el DNI, vigente y de la persona que responde por el cuidado.",
    CheckKind.BACKGROUND: (
        "Sin antecedentes policiales, judiciales ni penales de cada adulto que está con los niños: Certificado Único "
        "Laboral (gratis en Empleos Perú) de no más de 3 meses."
    ),
    CheckKind.VISIT: "Fue al lugar: quién más vive o trabaja ahí, qué es peligroso, dónde comen y duermen los niños.",
    CheckKind.INTERVIEW: "Habló con ella en persona, y con dos familias para las que trabajó.",
    CheckKind.LICENCE: "Los papeles que la ley pide, vigentes. Ponga en «Vale hasta» la fecha del que vence primero.",
}
_LICENCES: dict[CareKind, str] = {
    CareKind.PRESCHOOL: "Resolución de la UGEL o DRE que lo autoriza o lo crea, y certificado ITSE vigente.",
    CareKind.DAYCARE: "Licencia municipal de funcionamiento, y certificado ITSE vigente.",
}

ENDS: dict[CheckEnd, str] = {
    CheckEnd.REPLACED: "se hizo otra",
    CheckEnd.TAKEN_BACK: "anulada",
    CheckEnd.OVERTURNED: "cambió lo que se revisó",
}

OFFERS: dict[OfferStatus, str] = {
    OfferStatus.WAITING: "Por preguntarle",
    OfferStatus.SENT: "Sin responder todavía",
    OfferStatus.COUNTERED: "Respondió con una condición",
    OfferStatus.AGREED: "Aceptados",
    OfferStatus.DECLINED: "Dijo que no",
    OfferStatus.EXPIRED: "No contestó a tiempo",
    OfferStatus.WITHDRAWN: "La familia ya no lo necesitó",
    OfferStatus.ENDED: "Terminaron después de aceptar",
}

STATES: dict[str, State | None] = {
    "todos": None,
    "por-verificar": State.TO_VERIFY,
    "por-confirmar": State.READY,
    "verificados": State.VERIFIED,
    "por-vencer": State.EXPIRING,
    "vencidos": State.OVER,
    "en-pausa": State.PAUSED,
    "sin-cupo": State.FULL,
}
"""As they stand in the address of a page."""
STATE_NAMES: dict[str, str] = {
    "todos": "Todos",
    "por-verificar": "Por verificar",
    "por-confirmar": "Por confirmar",
    "verificados": "Verificados",
    "por-vencer": "Revisiones por vencer",
    "vencidos": "Revisiones vencidas",
    "en-pausa": "En pausa",
    "sin-cupo": "Sin cupo",
}


def how(check: CheckKind, kind: CareKind) -> str:
    """What one does to check it."""
    return _LICENCES.get(kind, _HOW[check]) if check is CheckKind.LICENCE else _HOW[check]
