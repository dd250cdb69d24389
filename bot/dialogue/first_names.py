"""The name that somebody gives beside a yes: `si, soy María`."""

from __future__ import annotations

import re

from bot.dialogue import keywords

_NO_NAMES = (
    "claro por favor porfa porfavor gracias señorita senorita seño seno de del acuerdo esta bien acepto ok okey pe pues"
    " ya dale listo bueno pregunte pregunta preguntele puede puedes quiero autorizo confirmo todo conforme nomas"
    " adelante"
    " si sii no soy mi nombre es me llamo con la el las los a ella y estoy doy permiso hagalo bien mamita amiga joven"
    " mama mami papa papi madre padre abuela abuelita abuelo abuelito tia tio hermana señora senora sra señor sr doña"
    " dona don urgente pero que le diga ni su hijo hija bebe niño nina nieto nieta rapido ahora mismo hoy mañana manana"
    " buenas buenos dias tardes hola apure apurese correcto exacto perfecto excelente genial vale va este esa ese eso"
    " cuanto antes lo mas pronto posible como dice usted ustedes sin problema necesito trabajo para por"
)
_NOT_A_NAME = frozenset(keywords.plain(_NO_NAMES).split())
_WORD = re.compile(r"[^\W\d_]{2,20}")
_SAYS = re.compile(
    r"\b(?:me llamo|mi nombre es|soy|habla|de parte de)\s+(?:(?:la|el)\s+\w+\s+)?([^\W\d_]{2,20})",
    re.IGNORECASE,
)
MOST_WORDS = 3
"""So many words that could be a name; more are a story."""


def first_name(text: str) -> str | None:
    """The name in `si, soy María`, `SI ROSA`; None where there is none."""
    for said in _SAYS.findall(text)[::-1]:
        if keywords.plain(said) not in _NOT_A_NAME:
            return str(said).capitalize()
    words = [word for word in _WORD.findall(text) if keywords.plain(word) not in _NOT_A_NAME]
    return words[0].capitalize() if 0 < len(words) <= MOST_WORDS else None
