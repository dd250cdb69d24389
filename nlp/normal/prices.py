"""Prices in soles: `hasta 300 al mes`, `S/.25 x dia`, `15 lucas`, `mil quinientos mensual`, `gratis`, `comodo`.

Of a range (`20-25 soles`, `entre 300 y 400`) the upper end counts: it is what a parent can pay at most, and
what a provider may ask. A night, a shift or a working day count as `day`; two weeks are no period the schema
has, so theirs is null. Slang: `luca`, `mango` = 1, `china` = 0.50, `quina` = 50, `ciego` = 100. Other
currencies have no value.
"""

from __future__ import annotations

import re
from typing import Any

from nlp.normal.numbers import NUMBER_WORDS, amount, join_numbers
from nlp.normal.words import Lexicon, fold

_WORDS = Lexicon(
    {
        "sol": "sol soles solcitos solsitos solecitos solesitos solcito soless s luca lucas luquita "
        "luquitas mango mangos manguitos so sls pen nsoles",
        "cent": "centimo centimos centavo centavos cts ctms",
        "china": "china chinas chinita",
        "quina": "quina quinas quinita",
        "ciego": "ciego ciegos gamba gambas",
        "dollar": "dolar dolares usd cocos",
        "hour": "hora horas hr hrs h horita",
        "day": "dia dias diario diaria diarios diarias diariamente jornal jornada jornadas noche noches "
        "turno tarde manana guardia diaro",
        "week": "semana semanas semanal semanales semanalmente sem semanita",
        "month": "mes meses mensual mensuales mensualidad mensualmente mens ms mesual mensualito",
        "fortnight": "quincena quincenal quincenales quincenas",
        "half": "medio media",
        "free": "gratis gratuito gratuita gratuitos gratix gratuitamente gratiz gratisito",
        "cheap": "barato barata baratito baratita baratitos baratos baratas economico economica economicos "
        "economicas economiquito comodo comoda comodos comodito comodita accesible accesibles "
        "asequible modico modica moderado razonable negociable tratar conversable bajo bajito "
        "bajos justo cuenta poco poquito",
        "dear": "caro cara caros caras carito carisimo",
        "without": "sin",
        "cost": "costo pago pagar cobro cobra cobrar cobrarme precio",
        "each": "c cada",
    },
    NUMBER_WORDS,
    known="posible no tan muy por x al la el los las para hasta menos mas de entre y con o a nino ninos persona "
    "bebe paga pagan",
)
_WORTH = {"china": 0.5, "quina": 50, "ciego": 100, "cent": 0.01}
_NUMBER = r"(?<![\w.,])\d[\d.,]*"
_QUALIFIER = re.compile(
    rf"(?<=\d)(?P<sol>(?: sol)?) (?:por|x|las|los|de|en|cada|para) (?:las |los |cada )?(?P<n>{_NUMBER}) "
    r"(?:hour|day|week|month|nino|ninos|persona|bebe|wawa|hijo|bebes|wawas|hijos|clases|veces)s?\b"
)
_TAKEN_AS_FREE = re.compile(
    r"\bfree\b|\bwithout (?:ningun )?cost\b|^no (?:me )?cost\b(?!.*\d)|\bnada de cost\b"
)
_HIGHEST = 100_000


def price(span: str) -> dict[str, Any] | None:
    """`{"amount": 300, "period": "month"}`; the amount is null for `barato` and the like. None: it tells no price."""
    folded = re.sub(r"s ?/ ?\.?|\bs\.(?=\s?\d)|\bs(?=\d)", " sol ", fold(span))
    clean = join_numbers(_WORDS.clean(re.sub(r"(?<=\d)(?=[a-z])", " ", folded)))
    clean = re.sub(r"\bsol (\d[\d.,]*)", r"\1 sol", clean)
    if re.search(r"\$|\bdollar\b|€", clean):
        return None
    period = _period(clean)
    if _TAKEN_AS_FREE.search(clean) and not re.search(r"\bno free\b", clean):
        return {"amount": 0, "period": None}
    amounts = _amounts(clean)
    if amounts:
        highest = max(amounts)
        if highest > _HIGHEST:
            return None
        return {
            "amount": int(highest) if float(highest).is_integer() else round(highest, 2),
            "period": period,
        }
    if period or re.search(r"\bcheap\b|\bdear\b|\bmenos posible\b", clean):
        return {"amount": None, "period": period}
    return None


def _period(clean: str) -> str | None:
    if re.search(r"\bhalf day\b|\bmediodia\b|\bfortnight\b", clean):
        return None
    found = re.search(r"\b(hour|day|week|month)\b", _QUALIFIER.sub("", clean))
    return found[1] if found else None


def _amounts(clean: str) -> list[int | float]:
    plain = _QUALIFIER.sub(r"\g<sol>", clean)
    plain = re.sub(r"\bhalf sol\b", "0.5 sol", plain)
    plain = re.sub(r"(\d+)(?: sol)? y half\b|\b(\d+) half\b", lambda m: f"{m[1] or m[2]}.5", plain)
    plain = re.sub(r"^sol y half\b", "1.5", plain)
    plain = re.sub(r"\b(\d+)(?: sol)? con ([1-9]\d?)(?: cent)?\b", lambda m: f"{m[1]}.{m[2]:0>2}", plain)
    plain = re.sub(r"\b(\d+) sol (?:y )?([1-9]0|[1-9]5)(?: cent)?$", r"\1.\2", plain)
    found: list[int | float] = []
    for m in re.finditer(rf"({_NUMBER})(?: (china|quina|ciego|cent)\b)?|\b(china|quina|ciego)\b", plain):
        count = amount(m[1].rstrip(".,")) if m[1] else 1
        if count is not None:
            found.append(count * _WORTH.get(m[2] or m[3], 1))
    return found
