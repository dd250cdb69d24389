"""The kind of care, from the words people have for it.

Of several kinds in one span (`cuna jardin`) the first counts. `mi casa` is the provider's home when a provider
says it and the child's, so a nanny's work, when a parent does; `a domicilio` is a nanny's. A plain `cuidadora`
is home care, the schema's word for her, unless the message asks her to come.
"""

from __future__ import annotations

import re

from nlp.normal.words import Lexicon, fold
from nlp.schema import Intent

_PROVIDER_INTENTS = {Intent.OFFER_CARE, Intent.UPDATE_AVAILABILITY}
_PARENT_INTENTS = {
    Intent.FIND_CHILDCARE,
    Intent.MORE_OPTIONS,
    Intent.ASK_DETAILS,
    Intent.ASK_PRICE,
    Intent.CHECK_STATUS,
}

_WORDS = Lexicon(
    {
        "daycare": "guarderia guarderias guarde guarderita guarderiita gurderia guarderi guardera wuarderia "
        "cuna cunas cunita cunitas cunamas cunaguarderia wasi wasis huasi guasi wawawasi "
        "wawawasis wawahuasi huahuahuasi guaguahuasi wawasi wawawasy estancia ludoteca salacuna "
        "cunajardin",
        "preschool": "nido nidos nidito niditos jardin jardines jardincito jardinsito kinder kindergarten "
        "kinderjardin prekinder inicial inicialito preescolar pronoei pronoeis pronoe pronoi "
        "pronoey pronei prejardin",
        "nanny": "nnera ninra ninera nineras ninerita nineritas ninero nana nanas nanita nanitas nany nani "
        "babysitter beibisiter baby bebisiter sitter institutriz adentro afuera puertas cangura",
        "carer": "cuidadora cuidadoras cuidadorita cuidador cuidadores cuidora",
        "mother": "madre madres mama mamas mamita mamitas",
        "house": "casa casas casita hogar domicilio ksa kasa caza depa departamento jato vivienda",
        "my": "mi mis nuestra nuestro propia",
        "her": "su sus",
    },
    known="nino nina ninos ninas nene nena cuida cuidar cuidado cuidados en de la el con dia",
)


def care_type(span: str, *, before: str, after: str, intent: Intent) -> str | None:
    """One of the schema's care types. `before` and `after` are the rest of the message."""
    clean = _WORDS.clean(fold(span))
    if named := re.search(r"\b(daycare|preschool|nanny)\b", clean):
        return named[1]
    if re.search(r"\bcama\b", clean):
        return "nanny"
    by_provider = intent in _PROVIDER_INTENTS
    if whose := re.search(r"\b(?:my|her|la|a|of) (?:propi\w+ |misma )?house\b|\bhouse of\b", clean):
        return _at_house(whose[0], clean, by_provider, intent)
    if re.search(r"\bcarer\b|\bmother\b", clean):
        around = _WORDS.clean(f"{fold(before[-60:])} | {fold(after[:60])}")
        comes = re.search(r"\ba house\b|\b(?:venga|vaya|viene|vengan) (?:a|en|hasta)\b", f"{clean} {around}")
        at_childs = re.search(r"\ben my house\b|\ba my house\b", around) and intent in _PARENT_INTENTS
        return "nanny" if "mother" not in clean and not by_provider and (comes or at_childs) else "home"
    return "home" if "house" in clean else None


def _at_house(whose: str, clean: str, by_provider: bool, intent: Intent) -> str:
    if re.search(r"\ba house\b|\bdomicilio\b", clean) and "my" not in clean:
        return "nanny"
    if whose.startswith("my"):
        return "nanny" if intent in _PARENT_INTENTS else "home"
    if whose.startswith("her"):
        return "nanny" if by_provider and not re.search(r"\bcarer\b|\bmother\b", clean) else "home"
    return "home"
