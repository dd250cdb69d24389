"""How many: children (`mellizos` = 2, `los tres`) and the places a provider has left (`un campito` = 1, `lleno`
= 0).
"""

from __future__ import annotations

import re

from nlp.normal.numbers import NUMBER_WORDS, QUECHUA_NUMBERS, integers, join_numbers
from nlp.normal.words import Lexicon, fold

MOST_CHILDREN = 20
MOST_PLACES = 500

_CHILDREN = Lexicon(
    {
        "#2": "mellizos mellizas mellicitos mellicitas mellis mellizitos gemelos gemelas gemelitos "
        "gemelitas cuates parejita pareja ambos ambas par",
        "#3": "trillizos trillizas trillicitos",
        "#4": "cuatrillizos cuatrillizas",
        "#1": "un uno una unico unica unito unita solito solita",
    },
    NUMBER_WORDS,
    QUECHUA_NUMBERS,
)
_PLACES = Lexicon(
    {
        "place": "cupo cupos cupito cupitos campo campos campito campitos vacante vacantes vacantitas lugar "
        "lugares lugarcito lugarcitos espacio espacios espacito espacitos sitio sitios sitiecito "
        "plaza plazas camita camitas cupon puesto puestos capacidad disponibilidad disponible "
        "disponibles libre libres",
        "full": "lleno llena llenos llenas llenito llenita llenitos full ful completo completa copado "
        "copada ocupado ocupada saturado saturada repleto cerrado cerrada",
        "none": "no sin ningun ninguno ninguna nada ni tampoco ya_no nop agotado agotados agotadas acabaron "
        "acabo",
        "#1": "un uno una unito unita otro otra otrito otrita",
        "half": "media medio",
        "dozen": "docena docenas",
    },
    NUMBER_WORDS,
    known="para hasta nino ninos nina ninas mas queda quedan tengo hay sola solo con",
)


def child_count(span: str) -> int | None:
    """How many children: at least 1."""
    numbers = [n for n in integers(join_numbers(_CHILDREN.clean(fold(span)))) if 1 <= n <= MOST_CHILDREN]
    return numbers[0] if numbers else None


def capacity(span: str) -> int | None:
    """How many places. Of `2 o 3 cupos` the lower counts: what is promised must be there."""
    clean = join_numbers(_PLACES.clean(fold(span))).replace("half dozen", "6").replace("1 dozen", "12")
    only_so_many = re.search(r"\bnone mas\b", clean) and integers(clean)
    if re.search(r"\bfull\b|\bnone\b", clean) and not only_so_many:
        return 0
    numbers = integers(clean)
    return min(numbers) if numbers and max(numbers) <= MOST_PLACES else None
