"""The care that somebody offers: what a message tells of it, what is missing, and its words."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

from bot.dialogue import keywords, needs, phrases, whereabouts
from bot.dialogue.conversation import Awaiting, Conversation, OwnFile
from bot.dialogue.scene import Heard, Scene
from bot.dialogue.wording import Text, phrase, say, text, word
from bot.messages import Reply
from matching.offers import LIMA
from matching.schema import CareKind, Price
from nlp.schema import SlotName

OLDEST_MONTHS = 12 * 12
"""`desde 1 año`, `todas las edades`: the end of primary school, after which nobody asks for care."""
MOST_PLACES = 60
LONGEST_NAME = 60
"""Characters."""
UNTIL_THEY_SAY = date(9000, 1, 1)
"""A pause without an end."""

_KIND_BY_NAME = {
    "nido": CareKind.PRESCHOOL,
    "jardin": CareKind.PRESCHOOL,
    "pronoei": CareKind.PRESCHOOL,
    "cuna": CareKind.DAYCARE,
    "guarderia": CareKind.DAYCARE,
    "wawa": CareKind.DAYCARE,
}
"""`Nido Mi Angelito` says what it is."""
REVIEWED = ("name", "kind", "place", "reference")
"""What an operator looked at: whoever changes it is looked at again."""

_HOMEBOUND = re.compile(
    r"\b(cama adentro|cama afuera|a domicilio|(voy|ir|vaya) a (su|la|las|tu) casas?"
    r"|en (la )?casa de (la familia|las familias|los padres|ustedes|los ninos))\b"
)
_AT_ANY_HOUR = re.compile(r"\b(cama adentro|24 horas|las 24|dia y noche)\b")
_NAMES = re.compile(
    r"^(?:(?:no|hola|ya|si|buenas|perdon|mejor) )*"
    r"(?:me (?:ll|y|l)amo|mi nombre(?: completo)? es|soy|me dicen|nombre|a nombre de)"
    r"(?: la| el)?(?: senora| senorita| senor| sra| srta| sr| sita)? "
)
_NAMED_FIRST = re.compile(r"\b(me (?:ll|y|l)amo|mi nombre|soy|me dicen)\b")
_LOOSE_END = re.compile(r"( (de|del|en|y|vivo|soy|por|cobro|cuido|la))+$", re.I)
_TITLE = re.compile(r"^(la |el )?(señora|señorita|señor|senora|senorita|senor|sra|srta|sr)\b\.? ", re.I)


def tell(file: OwnFile, scene: Scene, moving: bool = True) -> OwnFile:
    """The file with what the message tells of the care. `moving`: whether a name, place or kind in it is theirs."""
    heard = scene.heard
    if moving:
        file = _identity(file, scene)
    days, start, end = needs.read_when(heard, file.days, file.start, file.end)
    if _AT_ANY_HOUR.search(keywords.plain(heard.text)):
        start = end = "00:00"
    youngest, oldest = _ages(heard, file)
    numbers = [slot.value for slot in heard.of(SlotName.CAPACITY) if slot.value in range(MOST_PLACES + 1)]
    dates = [slot.value for slot in heard.of(SlotName.START_DATE) if slot.value]
    return replace(
        file,
        min_months=youngest,
        max_months=oldest,
        days=days,
        start=_hour(start),
        end=_hour(end),
        start_date=date.fromisoformat(dates[-1]) if dates else file.start_date,
        price=_price(heard, file.price),
        capacity=numbers[-1] if numbers else file.capacity,
        amenities=_amenities(file, heard),
        languages=needs.more(file.languages, heard, SlotName.LANGUAGE),
        special_needs=needs.more(file.special_needs, heard, SlotName.SPECIAL_NEED),
    )


def _amenities(file: OwnFile, heard: Heard) -> tuple[str, ...]:
    """What there is; `no tengo cámaras` takes it off, and never puts it on: parents rely on it."""
    plain = keywords.plain(heard.text)
    lacking = [
        keywords.plain(slot.text)
        for slot in heard.of(SlotName.AMENITY)
        if re.search(rf"\b(no|sin|tampoco|falta)\b[^.]*\b{re.escape(keywords.plain(slot.text))}", plain)
    ]
    told = needs.more(file.amenities, heard, SlotName.AMENITY)
    return tuple(one for one in told if keywords.plain(one) not in lacking)


def current(file: OwnFile, scene: Scene) -> OwnFile:
    """What is on file as people read it today: its place by its name, and no pause that is over."""
    if file.place is not None and not file.place.label:
        file = replace(file, place=replace(file.place, label=scene.places.label(file.place.ubigeo)))
    over = file.paused_until is not None and file.paused_until <= scene.now.astimezone(LIMA).date()
    return replace(file, paused_until=None) if over else file


def written_name(words: str) -> str:
    """A name out of an answer, as it is written down: `me llamo rosa quispe` is `Rosa Quispe`; empty for what is
    none."""
    said = " ".join(words.replace(",", " ").split())
    lead = _NAMES.match(f"{keywords.plain(said)} ")
    if lead:
        said = " ".join(said.split()[len(lead[0].split()) :])
    said = _LOOSE_END.sub("", _TITLE.sub("", said).strip(" .,;:!¡¿?"))
    if not said or len(said) > LONGEST_NAME or not re.search(r"[^\W\d_]{2}", said):
        return ""
    return said.title() if said in (said.lower(), said.upper()) else said


# ---------------------------------------------------------------- what is missing


def next_question(file: OwnFile) -> Awaiting:
    """What must still be told; when all is, whether it is right."""
    if not file.name:
        return Awaiting.PROVIDER_NAME
    if file.candidates:
        return Awaiting.PROVIDER_WHICH_PLACE
    if file.place is None:
        return Awaiting.PROVIDER_WHERE
    goes_there = file.kind is CareKind.NANNY
    if not file.reference and not goes_there and Awaiting.PROVIDER_NEAR not in file.settled:
        return Awaiting.PROVIDER_NEAR
    if file.min_months is None or file.max_months is None:
        return Awaiting.PROVIDER_AGES
    if not (file.days and file.start and file.end):
        return Awaiting.PROVIDER_WHEN
    if file.price is None:
        return Awaiting.PROVIDER_PRICE
    if file.price.amount and file.price.period is None:
        return Awaiting.PROVIDER_PERIOD
    if file.capacity is None:
        return Awaiting.PROVIDER_PLACES
    special = file.amenities or file.languages or file.special_needs
    if not special and Awaiting.PROVIDER_SPECIAL not in file.settled:
        return Awaiting.PROVIDER_SPECIAL
    return Awaiting.PROVIDER_CONFIRM


def is_asked(awaiting: Awaiting | None) -> bool:
    """Whether this is a question to somebody who offers care."""
    return awaiting is not None and awaiting.value.startswith("provider_")


def question(conversation: Conversation) -> Reply:
    """The words of the open question."""
    awaiting, file = conversation.awaiting, conversation.draft
    if awaiting is Awaiting.PROVIDER_WHICH_PLACE:
        return say("which_place", choices=whereabouts.choices(file.candidates))
    if awaiting is Awaiting.PROVIDER_AGES and file.min_months is not None:
        return say("provider_oldest")
    if awaiting is Awaiting.PROVIDER_AGES and file.max_months is not None:
        return say("provider_youngest")
    if awaiting is Awaiting.PROVIDER_WHEN and file.days:
        return say("provider_hours")
    if awaiting is Awaiting.PROVIDER_WHEN and (file.start or file.end):
        return say("provider_days")
    if awaiting is Awaiting.PROVIDER_PERIOD and file.price:
        return say("provider_period", price=phrases.price(file.price))
    if awaiting is Awaiting.PROVIDER_CONFIRM:
        return say("provider_confirm", **facts(file))
    return say(_WORDS[awaiting]) if awaiting in _WORDS else say("provider_name")


_WORDS = {
    Awaiting.PROVIDER_NAME: "provider_name",
    Awaiting.PROVIDER_WHERE: "provider_where",
    Awaiting.PROVIDER_NEAR: "provider_near",
    Awaiting.PROVIDER_AGES: "provider_ages",
    Awaiting.PROVIDER_WHEN: "provider_when",
    Awaiting.PROVIDER_PRICE: "provider_price",
    Awaiting.PROVIDER_PLACES: "provider_places",
    Awaiting.PROVIDER_SPECIAL: "provider_special",
    Awaiting.PROVIDER_AGAIN: "provider_again",
    Awaiting.PROVIDER_LEAVE: "provider_leave_ask",
}

# ---------------------------------------------------------------- its words


def facts(file: OwnFile) -> dict[str, str | int | Text]:
    """All of it, as the messages `provider_confirm` and `own_file` have it."""
    special = [*file.amenities, *file.languages, *file.special_needs]
    places = phrases.places(file.capacity or 0)
    return {
        "name": file.name,
        "kind": word("kinds", (file.kind or CareKind.HOME).value),
        "place": file.place.label if file.place else phrase("address_unknown"),
        "address": text("near_by", address=file.reference) if file.reference else Text("", ""),
        "ages": phrases.age_range(file.min_months, file.max_months),
        "hours": phrases.when(file.days, file.start, file.end, file.start_date),
        "price": phrases.price(file.price),
        "rest": text("with_special", thing=places, amenities=phrases.enumeration(special))
        if special
        else places,
    }


def differences(before: OwnFile, after: OwnFile) -> dict[str, Any]:
    """The fields of `after` that are not as before, in JSON."""
    old, new = before.to_json(), after.to_json()
    return {name: new[name] for name in new if new[name] != old[name]}


def news(changed: dict[str, Any], file: OwnFile) -> str:
    """What a change makes of the file, in a line: `S/ 25 al día, 2 cupos`."""
    parts = {
        "name": file.name,
        "kind": word("kinds", (file.kind or CareKind.HOME).value),
        "place": file.place.label if file.place else "",
        "reference": file.reference,
        "ages": phrases.age_range(file.min_months, file.max_months),
        "when": phrases.when(file.days, file.start, file.end),
        "price": phrases.price(file.price),
        "capacity": phrases.places(file.capacity or 0),
        "special": phrases.enumeration([*file.amenities, *file.languages, *file.special_needs]),
    }
    told = dict.fromkeys(_PART_OF.get(name, name) for name in changed)
    return ", ".join(parts[name] for name in told if parts.get(name))


_PART_OF = {
    "min_months": "ages",
    "max_months": "ages",
    "days": "when",
    "start": "when",
    "end": "when",
    "amenities": "special",
    "languages": "special",
    "special_needs": "special",
}


# ---------------------------------------------------------------- reading


def _identity(file: OwnFile, scene: Scene) -> OwnFile:
    """Who and where: the name, the kind of care, the district and what it is near to."""
    heard = scene.heard
    written = keywords.plain(heard.text)
    named = [slot.text for slot in heard.of(SlotName.PROVIDER)]
    if named and (
        not file.name or _NAMED_FIRST.search(written) or len(written.split()) <= len(named[-1].split()) + 1
    ):
        file = replace(file, name=written_name(named[-1]) or file.name)
    types = [slot.value for slot in heard.of(SlotName.CARE_TYPE) if slot.value]
    if _HOMEBOUND.search(written):
        file = replace(file, kind=CareKind.NANNY)
    elif types and (file.kind is None or file.kind.care_type != types[-1]):
        file = replace(file, kind=CareKind(types[-1]))
    elif file.kind is None and file.name:
        file = replace(file, kind=_KIND_BY_NAME.get(keywords.plain(file.name).split()[0]))
    landmarks = [slot.text for slot in heard.of(SlotName.LANDMARK)]
    if landmarks:
        file = replace(file, reference=landmarks[-1])
    return _where(file, scene)


def _where(file: OwnFile, scene: Scene) -> OwnFile:
    pin = scene.heard.pin
    empty = Conversation()
    there = whereabouts.take_pin(empty, pin, scene.places) if pin else whereabouts.take(scene.at(empty))
    if there is None:
        return file
    if there.place is not None:
        return replace(file, place=there.place, candidates=())
    return replace(file, place=None, candidates=there.candidates) if there.candidates else file


def _ages(heard: Heard, file: OwnFile) -> tuple[int | None, int | None]:
    """The youngest and the oldest, those said now in the place of those known."""
    youngest, oldest = file.min_months, file.max_months
    for slot in heard.of(SlotName.CHILD_AGE):
        value = slot.value or {}
        if "months" in value:
            return _one_age(value["months"], file)
        youngest = value.get("min_months", youngest)
        oldest = value.get(
            "max_months", oldest if "min_months" not in value or _fits(value, oldest) else None
        )
    return _capped(youngest), _capped(oldest)


def _fits(value: dict[str, int], oldest: int | None) -> bool:
    """Whether a new beginning leaves the end that is known standing."""
    return oldest is None or value["min_months"] <= oldest


def _one_age(months: int, file: OwnFile) -> tuple[int | None, int | None]:
    """One age alone: the end of the range that is missing, or else a year of children."""
    if file.min_months is not None and file.max_months is None and months >= file.min_months:
        return file.min_months, _capped(months)
    if file.max_months is not None and file.min_months is None and months <= file.max_months:
        return _capped(months), file.max_months
    return _capped(months), _capped(months + 11)


def _capped(months: int | None) -> int | None:
    return None if months is None else min(months, OLDEST_MONTHS)


def _price(heard: Heard, known: Price | None) -> Price | None:
    """A sum said without its period keeps the period that is known."""
    said = [needs.read_price(slot.value)[0] for slot in heard.of(SlotName.PRICE) if slot.value]
    prices = [price for price in said if price is not None]
    if not prices:
        return known
    price = prices[-1]
    return replace(price, period=known.period) if known and price.amount and price.period is None else price


def _hour(clock: str | None) -> str | None:
    return "00:00" if clock == "24:00" else clock
