"""Where help is wanted: the place taken from a message or a pin, and which one is meant when a name has several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.dialogue import keywords
from bot.dialogue.conversation import Candidate, Conversation, Place
from bot.dialogue.scene import PlacesPort, Scene
from bot.dialogue.wording import Text, listing, text
from nlp.places import titled
from nlp.schema import Slot, SlotName

MOST_CHOICES = 4
"""So many places are asked about at once."""
MOST_WORDS = 6
"""A longer answer is a sentence, in which only the model can find the place."""

MOST_NAME_WORDS = 4
"""The most words of a name that is looked for where no place was asked about."""


def take(scene: Scene) -> Conversation:
    """The conversation with the place that the message names; unchanged when it names none.

    A name that is no place anybody knows is remembered as `unplaced` while no place is known: within a known
    district, it is more likely a corner of it.
    """
    conversation, places = scene.conversation, scene.places
    landmarks = scene.heard.of(SlotName.LANDMARK)
    if landmarks:
        conversation = replace(conversation, landmark=landmarks[-1].text)
    named = scene.heard.of(SlotName.LOCATION)
    known = [slot for slot in named if slot.value]
    if known:
        return _take_named(conversation, _from_the_wider(known, scene.heard.text, places), places)
    if named and conversation.place is None:
        return replace(conversation, unplaced=named[-1].text)
    return conversation


def take_pin(conversation: Conversation, pin: tuple[float, float], places: PlacesPort) -> Conversation | None:
    """The conversation with the place of a pin, (lat, lon); None when it is not in Peru."""
    district = places.district_at(*pin)
    if district is None:
        return None
    return settle(conversation, Place(district.ubigeo, places.label(district.ubigeo), *pin))


def read_place(scene: Scene) -> Slot | None:
    """The whole message as a place, when it is short enough to be the name of one."""
    written = scene.heard.text
    if not 0 < len(written.split()) <= MOST_WORDS:
        return None
    found = scene.places.resolve(written, near_ubigeo=scene.conversation.near_ubigeo)
    if found is None:
        return None
    return Slot(SlotName.LOCATION, written, 0, len(written), found.value(), found.point)


def read_name(scene: Scene) -> Slot | None:
    """The whole message as a place's own name, and nothing else, as people write it: `belén`, `sjl`."""
    written = keywords.plain(scene.heard.text)
    words = set(written.split())
    if not words or len(words) > MOST_NAME_WORDS or "no" in words or keywords.intent_of(written):
        return None
    found = scene.places.resolve(scene.heard.text, near_ubigeo=scene.conversation.near_ubigeo)
    if found is None or not set() < _telling(found.name) <= words:
        return None
    return read_place(scene)


def settle(conversation: Conversation, place: Place) -> Conversation:
    """The conversation at this place, with no doubt left about it."""
    return replace(conversation, place=place, candidates=(), unplaced=None)


def place_of(ubigeo: str, places: PlacesPort, slot: Slot | None = None) -> Place:
    """The district, or the better point that its name told: `Collique (Comas)`."""
    district = places.district(ubigeo)
    label = places.label(ubigeo)
    if slot is None or slot.point is None:
        return Place(ubigeo, label, district.lat, district.lon)
    zone = titled(" ".join(slot.text.lower().split()))
    if keywords.plain(label) in keywords.plain(zone):
        return Place(ubigeo, zone, *slot.point)
    return Place(ubigeo, f"{zone}, {label}" if "(" in label else f"{zone} ({label})", *slot.point)


def pick(candidates: Sequence[Candidate], scene: Scene) -> Conversation | None:
    """The conversation with the candidate that the answer names, by its number, by any part of its name, or by the
    region it is in; with fewer candidates when several are left; None when it names none."""
    number, telling = scene.heard.number, _telling(scene.heard.text)
    if number is not None:
        chosen = _numbered(candidates, number)
    else:
        chosen = [one for one in candidates if telling and telling <= _names(one, scene.places)]
        chosen = chosen or _in_region(candidates, scene) or _numbered(candidates, _option(scene))
    if len(chosen) == 1:
        return settle(scene.conversation, place_of(chosen[0].ubigeo, scene.places))
    if 1 < len(chosen) < len(candidates):
        return replace(scene.conversation, candidates=tuple(chosen))
    return None


def let_go(before: Conversation, after: Conversation) -> Conversation:
    """The conversation without the name that was asked about, once its choice is more than a message ago."""
    return after if before.candidates or after.candidates else replace(after, shared_name=None)


def choices(candidates: Sequence[Candidate]) -> Text:
    """The numbered list of places to choose from."""
    lines = [text("place_line", number=n, place=one.label) for n, one in enumerate(candidates, 1)]
    return listing(lines, Text("\n", "\n"))


_FILLER_WORDS = "en el la los las de del por es soy vivo estoy region departamento provincia distrito ciudad"
_FILLER_WORDS += " pues pue pe ps ese esa esta este creo que queda seria nomas"
_FILLERS = frozenset(_FILLER_WORDS.split())
_LIES_IN = frozenset({"en", "de", "del", "por", "distrito"})
_PLOT = frozenset({"mz", "mza", "manzana", "lt", "lte", "lote", "sector", "etapa", "zona", "piso"})
"""What may stand between the narrow and the wide in an address, beside numbers and letters."""
_CAPITAL = "01"
"""The end of the code of a province's first district and of a region's first province: where its capital is."""


def _take_named(conversation: Conversation, named: Sequence[Slot], places: PlacesPort) -> Conversation:
    """The first place named, with the others to tell which one of its name is meant."""
    first, *others = named
    if meant := _of_shared_name(conversation, first, places):
        return settle(conversation, place_of(meant, places))
    codes = _codes(first.value)
    if len(codes) > 1:
        codes = _around(codes, [code for slot in others for code in _codes(slot.value)[:1]])
    if len(codes) > 1 and conversation.near_ubigeo in codes:
        return conversation
    if len(codes) == 1:
        return settle(conversation, place_of(codes[0], places, first))
    return replace(
        conversation,
        place=None,
        unplaced=None,
        candidates=_candidates(codes[:MOST_CHOICES], places),
        shared_name=first.text,
    )


def _from_the_wider(named: Sequence[Slot], written: str, places: PlacesPort) -> Sequence[Slot]:
    """The places from the one that counts on. An address goes from the narrow to the wide, and of `santa rosa en
    collique` no Santa Rosa is meant that lies elsewhere."""
    if len(named) < 2:
        return named
    narrow, wide, *_ = named
    between = keywords.plain(written[narrow.end : wide.start]).split()
    codes, (around, *others) = _codes(narrow.value), _codes(wide.value)
    is_district = any(
        keywords.plain(places.district(code).name) == keywords.plain(narrow.text) for code in codes
    )
    is_address = all(map(_is_of_an_address, between)) and not (is_district and _LIES_IN.isdisjoint(between))
    is_region = around.endswith(_CAPITAL) and any(code.startswith(around[:2]) for code in codes)
    if others or around in codes or is_region or not is_address:
        return named
    return named[1:]


def _is_of_an_address(word: str) -> bool:
    is_letter = len(word) == 1 and word not in "aeoy"
    return word in _LIES_IN | _PLOT or is_letter or any(sign.isdigit() for sign in word)


def _of_shared_name(conversation: Conversation, named: Slot, places: PlacesPort) -> str | None:
    """The district of the name that was asked about, in the region that is named now: `no, en la de chiclayo`."""
    name, around = conversation.shared_name, _capital(named)
    found = places.resolve(f"{name} {named.text}") if name and around else None
    if not name or not around or found is None or found.ubigeo is None:
        return None
    is_there = found.ubigeo.startswith(around) and _telling(found.name) == _telling(name)
    return found.ubigeo if is_there else None


def _capital(named: Slot) -> str | None:
    """The first digits of the codes in the province or region that the slot names, by itself or by its capital."""
    codes = _codes(named.value) if named.value else []
    if len(codes) != 1 or not codes[0].endswith(_CAPITAL):
        return None
    return codes[0].removesuffix(_CAPITAL).removesuffix(_CAPITAL)


def _in_region(candidates: Sequence[Candidate], scene: Scene) -> list[Candidate]:
    """Those candidates that lie in the province or region which the answer names, the narrower first."""
    named = scene.heard.of(SlotName.LOCATION)
    for slot in named:
        around = _capital(slot)
        if around is None:
            continue
        province = _codes(slot.value)[0][:4]
        for area in (province, around):
            if near := [one for one in candidates if one.ubigeo.startswith(area)]:
                return near
    if named or "no" in keywords.plain(scene.heard.text).split():
        return []
    said = f" {keywords.plain(scene.heard.text)} "
    for part in ("province", "department"):
        areas = [keywords.plain(getattr(scene.places.district(one.ubigeo), part)) for one in candidates]
        near = [one for one, area in zip(candidates, areas, strict=True) if f" {area} " in said]
        if near:
            return near
    return []


def _option(scene: Scene) -> int | None:
    """`la segunda`, which is no number alone."""
    return next((slot.value for slot in scene.heard.of(SlotName.OPTION) if slot.value is not None), None)


def _numbered(candidates: Sequence[Candidate], number: int | None) -> list[Candidate]:
    """The candidate of that number, -1 for the last."""
    if number == -1:
        return list(candidates[-1:])
    return list(candidates[number - 1 : number]) if number and number > 0 else []


def _codes(value: dict[str, Any]) -> list[str]:
    return [value["ubigeo"]] if value.get("ubigeo") else list(value.get("candidates", ()))


def _around(codes: list[str], others: list[str]) -> list[str]:
    """Those of the codes that share a province, or else a region, with one of the others; all when none does."""
    for digits in (4, 2):
        near = [code for code in codes if any(code[:digits] == other[:digits] for other in others)]
        if near:
            return near
    return codes


def _candidates(codes: Sequence[str], places: PlacesPort) -> tuple[Candidate, ...]:
    districts = [places.district(code) for code in codes]
    regions = [district.department for district in districts]
    return tuple(
        Candidate(
            district.ubigeo,
            f"{district.name}, {district.department}"
            if regions.count(district.department) == 1 or district.province == district.department
            else f"{district.name}, {district.province}, {district.department}",
        )
        for district in districts
    )


def _telling(name: str) -> set[str]:
    return set(keywords.plain(name).split()) - _FILLERS


def _names(candidate: Candidate, places: PlacesPort) -> set[str]:
    district = places.district(candidate.ubigeo)
    return set(keywords.plain(f"{district.name} {district.province} {district.department}").split())
