"""The words for days of the week and months, as written on phones; shared by what repeats (days) and what comes
once (dates).
"""

from __future__ import annotations

from nlp.normal.words import Lexicon
from nlp.schema import DAYS_OF_WEEK

_DAYS = {
    "mon": "lunes lun lu lns lune lunecito lunees",
    "tue": "martes mart mar ma mrts marte mts",
    "wed": "miercoles mier mierc mie mi mx miercole miercolito mcoles mierco",
    "thu": "jueves jue juev ju jvs jueve",
    "fri": "viernes vier vie vi vrns vierne viernecito viern",
    "sat": "sabado sabados sab saba sa sbdo sabadito sabaditos sabd",
    "sun": "domingo domingos dom domin do dmg domi dominguito domg dgo",
}
_MONTHS = {
    1: "enero ene ener enerito",
    2: "febrero feb febr frebrero",
    3: "marzo mzo",
    4: "abril abr",
    5: "mayo may",
    6: "junio jun",
    7: "julio jul",
    8: "agosto ago agst",
    9: "setiembre septiembre set sep sept setiem",
    10: "octubre oct octu",
    11: "noviembre nov novie",
    12: "diciembre dic dici dicem",
}

WEEKDAYS = Lexicon(_DAYS)
"""Each spelling → the schema's three letters."""

MONTHS = Lexicon({f"month{number}": spellings for number, spellings in _MONTHS.items()})
"""Each spelling → `month1` … `month12`."""

WEEKDAY_NUMBER = {day: number for number, day in enumerate(DAYS_OF_WEEK)}
"""Monday is 0, as in `date.weekday()`."""
