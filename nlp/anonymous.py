"""Takes out of a message what tells who wrote it, so that others can read and label it: names, numbers, addresses.

Names are replaced by invented ones, digits of numbers by zeros, so that a message stays one that a person could have
written, with its slots in place. It errs on the side of taking out too much; a person still looks before it is shared.
The lists of names are those of Faker (MIT), for five Spanish-speaking countries.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from functools import cache
from importlib import import_module
from random import Random

from nlp.features import Span
from nlp.normal.words import fold
from nlp.schema import SlotName


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_COUNTRIES = ("es_AR", "es_CL", "es_CO", "es_ES", "es_MX")

_ALSO_WORDS = _words(
    """
    abril adora alba alma alta amor anita belen blanca campo candela celeste cielo clara consuelo corona
    cruz custodia dan del domingo dulce emperatriz esperanza estrella felicidad flor gracia ida iban justo
    leon linda luna luz mar maximo mercedes mia milagros nacio nel nieves nina paz pastor pastora pilar pio
    reina rico rosario salud segundo severo socorro sol uma vera violeta
    """
)
"""Given names that are words too: names only after `sra`, `me llamo` and the like, or capital inside a sentence."""

_ANNOUNCED = re.compile(
    r"\b(?:me llamo|mi nombre es|se llama|nombre|de parte de|atte|soy(?: la| el)?|don|doña|dona|señora|senora|sra|srta|"
    r"señorita|señor|sr|seño|tia|tía|tio|mami|prof(?:e|esora)?|miss|dr|dra|doctora?|hermana)\.?:? +(?=[^\W\d_])",
    re.IGNORECASE,
)
_NO_NAME_AFTER = _words(
    """
    a acepta ahi ahorita al alguien anoteme apunte aqui asi atiende ayer ayudeme buen buena buenas buenos
    busco cobra como con contesto cuando cuanto cuantos cuida cuidadora da de deja deje dejo del desde
    dice digame dije dijo dio disculpe dise donde el ella en entra entre entro es esa ese eso espera esta
    estaba este esto estoy estudia fallecio fue gracias grita ha habla hablo hasta hay hola hoy kiere
    kiero la las le limpia llega llegan llego lo los madre mama mamita manana manda mande mandeme mas me
    mejor mi mire mis muchas muy nadie necesito nesecito nesesito ni niñera no nos nueva nunca o otra
    paga para pasa pero pide podria por porque pregunta pregunto profesora pue puede puedo pues que quede
    quien quiere quiero quisiera recibe sabe sale salio se seria si sin sobre sola solo soltera somos son
    soy su tambien tampoco tan te tengo tiene toma trabaja trabajo tres tuvo un una urgente usted vende
    viene vino viuda vive vivo volvio voy y ya yo
    """
)

_TITLES = _words(
    "don dona senora senor senorita sra srta casa cuna nido jardin guarderia wawa wasi centro los las"
)
"""Words of providers' names that name nobody."""

_ANDEAN = _words(
    """
    apaza aquino arapa atauchi auccapuclla ayala calla callo canahuire canaza capcha catari ccahuana ccama
    ccopa ccori ccorimanya chambi champi chata chipana choque choquehuanca churata chuquimamani coila colque
    condori coaquira cusi cutipa guaman huachaca hualpa huallpa huaman huamani huanca huancahuari huaraca
    huarcaya huayhua huayta humpire illa inga ito laura layme limachi lima llacsa llamocca mamani maquera
    medrano mayta nina ninaquispe paccha pacco pachari palomino pari paucar ponce poma pumacahua puma quilla
    quilca quispe ramos rimac saire sulca supo sucasaire suca tacuri taipe tapara ticona tintaya tito tola
    tupa turpo uchuari umasi usca vilca vilcapoma yana yanqui yapura yauri yucra yupanqui zapana zavala zea
    ampush antuash chumpi kukush nampin shawit tsamaren wajajay yampis
    """
)
"""Surnames of the Peruvian highlands and jungle, which Faker's countries lack; as heard, from no register."""

_LINK = re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE)
_MAIL = re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b|(?<!\w)@\w{3,}")
_LONG_NUMBER = re.compile(r"\+?\d(?:[ .\-/]?\d){5,}")
_ADDRESS_NUMBER = re.compile(
    r"\b(?:mz|mza|manzana|lt|lte|lote|nro|num|n°|dpto|depa|interior|int|piso|block|puerta|casa|km|kilometro)\b\.? *"
    r"(?P<mark>(?:[a-zñ]\d*|\d+ *[a-zñ]?)'?)(?!\w)",
    re.IGNORECASE,
)
_STREET_NUMBER = re.compile(
    r"\b(?:av|avenida|jr|jiron|jirón|calle|ca|psje|psj|pasaje|prolongacion)\b\.?(?: +[^\W\d_]+\.?){1,5} *"
    r"(?:n°|nro|#)? *(?P<mark>\d+)",
    re.IGNORECASE,
)
_COUNTED = frozenset({SlotName.START_DATE, SlotName.TIME, SlotName.PRICE})
"""Slots whose digits tell a date, an hour or an amount, and nobody's number."""
_WORD = re.compile(r"[^\W\d_]+")
_KEPT = frozenset({SlotName.LOCATION, SlotName.LANDMARK})
"""Slots in whose words a name is that of a place."""


def without_identity(
    text: str,
    spans: Sequence[Span],
    random: Random,
    places: Sequence[Span] | None = None,
    known: Collection[str] = (),
) -> tuple[str, tuple[Span, ...]]:
    """The message without names of people, numbers of six digits or more, links, and the numbers of an address; and its
    spans, moved to where their words now are. A name within one of `places` (all locations and landmarks, if not given)
    is that of the place and stays. `known` are names of people who may be meant, on any list or none: each word of
    theirs goes wherever it stands.

    >>> without_identity("soy Yesica, 987 654 321", (), Random(1))
    ('soy Marleny, 000 000 000', ())
    """
    named = [s for s in spans if s.label in _KEPT] if places is None else places
    taken: list[tuple[int, int, str]] = []
    for start, end, new in [
        *_numbers(text, spans),
        *_known(text, known, random),
        *_names(text, spans, named, random),
    ]:
        if all(end <= a or start >= b for a, b, _ in taken):
            taken.append((start, end, new))
    return _replaced(text, spans, sorted(taken))


def _numbers(text: str, spans: Sequence[Span]) -> Iterator[tuple[int, int, str]]:
    for pattern, word in ((_LINK, "enlace"), (_MAIL, "correo")):
        for match in pattern.finditer(text):
            yield match.start(), match.end(), word
    for match in _LONG_NUMBER.finditer(text):
        if not any(s.start <= match.start() and match.end() <= s.end and s.label in _COUNTED for s in spans):
            yield match.start(), match.end(), re.sub(r"\d", "0", match[0])
    for pattern in (_ADDRESS_NUMBER, _STREET_NUMBER):
        for match in pattern.finditer(text):
            yield match.start("mark"), match.end("mark"), re.sub(r"\w", "0", match["mark"])


def _known(text: str, known: Collection[str], random: Random) -> Iterator[tuple[int, int, str]]:
    """The words of names that are known to be somebody's."""
    words = (
        {word for name in known for word in fold(name).split() if len(word) > 2} - _NO_NAME_AFTER - _TITLES
    )
    for match in _WORD.finditer(text):
        if fold(match[0]) in words:
            yield match.start(), match.end(), _as_typed(random.choice(_FIRSTS), match[0])


def _names(
    text: str, spans: Sequence[Span], places: Sequence[Span], random: Random
) -> Iterator[tuple[int, int, str]]:
    """The words that name a person, each with an invented name in their place."""
    first, last = _known_names()
    announced = {match.end() for match in _ANNOUNCED.finditer(text)}
    after_name = -1
    for match in _WORD.finditer(text):
        start, end = match.span()
        word = fold(match[0])
        gap = text[after_name:start] if after_name >= 0 else ""
        follows = after_name >= 0 and bool(re.fullmatch(r" +(?:de (?:la |los )?)?", gap))
        is_first = word in first and (
            word not in _ALSO_WORDS or start in announced or follows or (start > 0 and match[0].istitle())
        )
        is_named = (
            start in announced
            and len(word) > 2
            and word not in _NO_NAME_AFTER
            and not _has_slot(start, spans)
        )
        is_last = follows and (word in last or word in first)
        if any(p.start <= start < p.end for p in places) or not (is_first or is_named or is_last):
            continue
        pool = _LASTS if is_last and not is_first else _FIRSTS
        yield start, end, _as_typed(random.choice(pool), match[0])
        after_name = end


def _has_slot(at: int, spans: Sequence[Span]) -> bool:
    return any(s.start <= at < s.end and s.label != SlotName.PROVIDER for s in spans)


_FIRSTS = (
    "Fernanda",
    "Julissa",
    "Marleny",
    "Rosmery",
    "Elvira",
    "Jhonatan",
    "Wilmer",
    "Edgar",
    "Nilda",
    "Karla",
)
_LASTS = ("Quispe", "Huaman", "Rojas", "Mamani", "Chavez", "Vargas", "Tello", "Paredes")


def _as_typed(name: str, like: str) -> str:
    if like.isupper() and len(like) > 1:
        return name.upper()
    return name if like[0].isupper() else name.lower()


def _replaced(
    text: str, spans: Sequence[Span], taken: Sequence[tuple[int, int, str]]
) -> tuple[str, tuple[Span, ...]]:
    pieces: list[str] = []
    moved: list[tuple[int, int]] = []
    """Where a replacement ended in the old text, and by how much all behind it moves."""
    at = shift = 0
    for start, end, new in taken:
        pieces += [text[at:start], new]
        at, shift = end, shift + len(new) - (end - start)
        moved.append((end, shift))
    pieces.append(text[at:])

    def place(position: int) -> int:
        return position + next((by for end, by in reversed(moved) if end <= position), 0)

    return "".join(pieces), tuple(Span(s.label, place(s.start), place(s.end)) for s in spans)


@cache
def _known_names() -> tuple[frozenset[str], frozenset[str]]:
    """Given names and surnames, folded."""
    return _listed("first_names"), _listed("last_names") | _ANDEAN


def _listed(kind: str) -> frozenset[str]:
    """All names of a kind in Faker's lists, each part of a double name by itself; without `de`, `la` and the like."""
    found: set[str] = set()
    for country in _COUNTRIES:
        for attribute, listed in vars(import_module(f"faker.providers.person.{country}").Provider).items():
            if attribute.startswith(kind) and isinstance(listed, (tuple, list, dict)):
                found |= {fold(part) for name in listed for part in name.split()}
    return frozenset(name for name in found if len(name) > 2)
