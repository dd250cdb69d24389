"""Somebody wants to care for children: what is missing is asked, one thing at a time; all is read back, and kept
when they say that it is right."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.dialogue import asking, keywords, offering, ownfile, unclear, whereabouts
from bot.dialogue.conversation import Awaiting, Conversation, OwnFile, Topic
from bot.dialogue.scene import Heard, Scene, Turn
from bot.dialogue.wording import say
from bot.messages import Job, JobKind, Reply
from nlp.normal import normalize
from nlp.schema import Intent, Slot, SlotName

LONGEST_ANSWER = 60
"""Characters. In a longer text, a number that rules find may be about something else."""

_SOMETHING_ELSE = (
    Intent.TALK_TO_HUMAN,
    Intent.HELP,
    Intent.DELETE_MY_DATA,
    Intent.OPT_IN,
    Intent.GREET,
    Intent.THANK,
    Intent.CHECK_STATUS,
    Intent.ASK_PRICE,
    Intent.REPORT_PROBLEM,
    Intent.EMERGENCY,
)
_ASKS = (Intent.ASK_DETAILS, Intent.OUT_OF_SCOPE)
_SEARCHES = (Intent.FIND_CHILDCARE, Intent.FIND_TECH_HUB, Intent.FIND_LEARNING)
_SEEKS = re.compile(
    r"\b(busco|buscando|necesito|nesecito|me urge|(quisiera|quiero) (una|un|encontrar|aprender)|quien (me )?cuid\w+"
    r"|donde (hay|queda|encuentro)|hay (alguna?|internet|wifi))\b"
)
_STOPS = re.compile(
    r"\b(ya no quiero|mejor no|dejalo|dejemoslo|olvidalo|otro dia|mas tarde|despues sigo|luego sigo)\b"
)
_NONE = re.compile(
    r"^(no|nada|ningun[oa]?|ningun[oa]? en especial|no tengo|nada mas|eso es todo|no hay|nop|no gracias)\b"
)
_ALL_AGES = re.compile(r"\btodas las edades\b|\bcualquier edad\b|^(a )?(tod[ao]s|de todo)$")
_NUMERIC = (
    SlotName.OPTION,
    SlotName.CHILD_AGE,
    SlotName.CHILD_COUNT,
    SlotName.TIME,
    SlotName.PRICE,
    SlotName.CAPACITY,
    SlotName.RATING,
    SlotName.START_DATE,
)
_ASKED_FOR: dict[Awaiting, tuple[SlotName, ...]] = {
    Awaiting.PROVIDER_AGES: (SlotName.CHILD_AGE,),
    Awaiting.PROVIDER_WHEN: (SlotName.DAYS, SlotName.TIME),
    Awaiting.PROVIDER_PRICE: (SlotName.PRICE,),
    Awaiting.PROVIDER_PLACES: (SlotName.CAPACITY,),
    Awaiting.PROVIDER_AGAIN: (SlotName.CAPACITY,),
}
_UNITS: dict[SlotName, str] = {
    SlotName.CHILD_AGE: r"\b(an(o|it)s?\w*|(?<!al )(?<!por )(?<!x )mes(es)?|mesecitos?|bebes?|edad)\b|año",
    SlotName.TIME: r"\b(am|pm|horas?|hrs?|mananas?|tardes?|noches?)\b|\d[ap]m\b",
    SlotName.PRICE: r"\b(s|sol(es)?|lucas?|cobr\w+|precio|gratis|tarifa|mensual|diario|(al|por|x) (dia|mes))\b",
    SlotName.CAPACITY: r"\b(cup\w+|sitios?|vacantes?|espacios?|camp\w+|lugar(es)?|ninos?)\b",
}
_PLAINLY = {
    SlotName.PRICE: r"\b(cobr\w+|precio|tarifa)\b\D*\d|\d (sol(es)?|lucas?)\b",
    SlotName.CAPACITY: r"\d (cup\w+|sitios?|vacantes?|espacios?|camp\w+|ninos?)\b",
}
_NUMBER = re.compile(
    r"\b(\d+|ningun[oa]?|cero|un[oa]?|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|quince|veinte)\b"
)
_ONE_NUMBER = (Awaiting.PROVIDER_PRICE, Awaiting.PROVIDER_PLACES, Awaiting.PROVIDER_AGAIN)
_MOST_NAME_WORDS = 8
_NOT_IN_NAMES = "en por cerca vivo cobro cuido no quiero tengo atiendo recibo para que como porque"
_NOT_A_NAME = frozenset(_NOT_IN_NAMES.split())
_NOT_IN_CORNERS = "no quiero que como porque cuando cuanto quien puedo cobro cuido recibo atiendo"
_NOT_A_CORNER = frozenset(_NOT_IN_CORNERS.split())
_READ_IN_NAMES = (SlotName.PROVIDER, SlotName.LOCATION, SlotName.LANDMARK, SlotName.CARE_TYPE)
_NOTHING_SPECIAL = re.compile(r"^no (doy|tengo|hay|cuento con|hablo|ofrezco)\b")
_CORRECTS = re.compile(r"^(no|perdon|mejor|disculpe|digo)\b")


_TOO_YOUNG = re.compile(r"\btengo (1[0-7]|trece|catorce|quince|dieciseis|diecisiete) (anos|anitos)\b")
"""Who answers for other people's children is of age."""


def _too_young(conversation: Conversation) -> Turn:
    gone = replace(conversation, topic=None, awaiting=None, tries=0, draft=OwnFile())
    return Turn(gone, (say("too_young"),))


def begin(scene: Scene, *lead: Reply) -> Turn:
    """Somebody offers care, or goes on to: what the message tells is kept, and what is missing is asked."""
    if _TOO_YOUNG.search(keywords.plain(scene.heard.text)):
        return _too_young(scene.conversation)
    draft = ownfile.tell(scene.conversation.draft, scene)
    return offering.proceed(replace(scene.conversation, topic=Topic.PROVIDER, draft=draft), *lead)


def answer(scene: Scene, awaiting: Awaiting) -> Turn | None:
    """The turn that an answer makes of a question to somebody who registers; None when they want something else."""
    heard = scene.heard
    if _TOO_YOUNG.search(keywords.plain(heard.text)):
        return _too_young(scene.conversation)
    nobody_there = heard.pin is not None and scene.places.district_at(*heard.pin) is None
    if nobody_there or not (heard.text or heard.pin):
        return None
    is_stop = (heard.intent is Intent.CANCEL and heard.sure) or _STOPS.search(keywords.plain(heard.text))
    if is_stop and not _tells(heard):
        return _stop(scene.conversation)
    if _wants_something_else(scene, awaiting):
        return None
    before = scene.conversation.draft
    after = _told(before, awaiting, scene)
    if after != before:
        return offering.proceed(replace(scene.conversation, draft=after, tries=0))
    if awaiting is Awaiting.PROVIDER_CONFIRM:
        return _decided(scene)
    if any(slot.value is not None and slot.slot is not SlotName.OPTION for slot in heard.slots):
        return offering.proceed(replace(scene.conversation, tries=0))
    return _unclear(scene)


def in_light_of(awaiting: Awaiting, scene: Scene) -> Scene:
    """The message with a bare answer read as what was asked: `20` is a price, `3` are places, `de 1 a 5` are years."""
    text, wanted = scene.heard.text, _ASKED_FOR.get(awaiting, ())
    plain = keywords.plain(text)
    missing = [name for name in wanted if not any(slot.value is not None for slot in scene.heard.of(name))]
    others = [name for name in _UNITS if name not in wanted]
    if len(text) > LONGEST_ANSWER or any(re.search(_UNITS[name], plain) for name in others):
        return scene
    if awaiting in _ONE_NUMBER and len(_NUMBER.findall(plain)) != 1:
        return scene
    if awaiting is Awaiting.PROVIDER_WHEN and scene.heard.number is not None:
        return scene
    values = {name: _value(name, text, scene) for name in missing}
    found = [Slot(name, text, 0, len(text), value) for name, value in values.items() if value is not None]
    if not found:
        return scene
    kept = [slot for slot in scene.heard.slots if slot.slot in wanted or slot.slot not in _NUMERIC]
    return scene.hearing(Intent.INFORM, *kept, *found)


def by_its_words(scene: Scene) -> Scene:
    """The message with a price or places that its words tell, where the model saw none: `el precio es 25`."""
    text, plain = scene.heard.text, keywords.plain(scene.heard.text)
    if len(text) > LONGEST_ANSWER:
        return scene
    found = [
        Slot(name, text, 0, len(text), value)
        for name, plainly in _PLAINLY.items()
        if not scene.heard.of(name)
        and re.search(plainly, plain)
        and len(_NUMBER.findall(plain)) == 1
        and (value := _value(name, text, scene)) is not None
    ]
    return replace(scene, heard=replace(scene.heard, slots=(*scene.heard.slots, *found))) if found else scene


def _value(name: SlotName, text: str, scene: Scene) -> object:
    bare = re.sub(r"^(no|perdon|mejor|digo)[ ,]+", "", text, flags=re.I)
    if name is SlotName.DAYS:
        bare = re.sub(r"(las )?24 ?horas|d[ií]a y noche", "", bare, flags=re.I)
    value = normalize(name, bare, text=bare, intent=Intent.INFORM, now=scene.now)
    if name is SlotName.PRICE:
        return value if value and value.get("amount") is not None else None
    return value if name is not SlotName.CAPACITY or value in range(ownfile.MOST_PLACES + 1) else None


def _wants_something_else(scene: Scene, awaiting: Awaiting) -> bool:
    heard = scene.heard
    unsure = not heard.certain and heard.intent is not Intent.EMERGENCY
    if awaiting is Awaiting.PROVIDER_NAME and unsure and _is_name_alone(scene):
        return False
    if not heard.sure or _tells(heard):
        return heard.intent in _SEARCHES and bool(_SEEKS.search(keywords.plain(heard.text)))
    if heard.intent in _ASKS:
        return heard.text.rstrip().endswith("?")
    return heard.intent in _SEARCHES or heard.intent in _SOMETHING_ELSE


def _tells(heard: Heard) -> bool:
    return any(slot.slot is not SlotName.OPTION for slot in heard.slots)


def _told(before: OwnFile, awaiting: Awaiting, scene: Scene) -> OwnFile:
    """What the answer makes of the file, read in the light of the question."""
    plain = keywords.plain(scene.heard.text)
    if awaiting is Awaiting.PROVIDER_WHICH_PLACE:
        picked = whereabouts.pick(before.candidates, scene.at(Conversation()))
        if picked is not None:
            return replace(before, place=picked.place, candidates=picked.candidates)
    if awaiting is Awaiting.PROVIDER_PERIOD and before.price and (period := _period(scene)):
        return replace(before, price=replace(before.price, period=period))
    if awaiting is Awaiting.PROVIDER_AGES and _ALL_AGES.search(plain):
        return replace(before, min_months=0, max_months=ownfile.OLDEST_MONTHS)
    if awaiting is Awaiting.PROVIDER_NAME and _is_name_alone(scene):
        return replace(before, name=ownfile.written_name(scene.heard.text))
    if awaiting is Awaiting.PROVIDER_SPECIAL and _NOTHING_SPECIAL.match(plain):
        return replace(before, settled=(*before.settled, awaiting))
    read = by_its_words(in_light_of(awaiting, _with_place(awaiting, scene)))
    after = ownfile.tell(before, read)
    after = _in_own_words(awaiting, before, after, read)
    if (
        awaiting is Awaiting.PROVIDER_PRICE
        and after.price
        and after.price.amount
        and after.price.period is None
    ):
        after = replace(after, price=replace(after.price, period="day"))  # as the question says
    return after


def _in_own_words(awaiting: Awaiting, before: OwnFile, after: OwnFile, scene: Scene) -> OwnFile:
    """What only the words of the answer tell: a name, a corner, something special, or that there is nothing to tell."""
    text, plain = scene.heard.text.strip(), keywords.plain(scene.heard.text)
    is_short = 0 < len(text) <= LONGEST_ANSWER and bool(plain) and not text.endswith("?")
    if awaiting in (Awaiting.PROVIDER_NEAR, Awaiting.PROVIDER_SPECIAL) and after == before:
        if _NONE.match(plain):
            return replace(after, settled=(*after.settled, awaiting))
        is_short = is_short and not _NOT_A_CORNER & set(plain.split())
        if is_short and scene.heard.number is None and awaiting is Awaiting.PROVIDER_NEAR:
            return replace(after, reference=_NEAR.sub("", text))
        if is_short and awaiting is Awaiting.PROVIDER_SPECIAL:
            return replace(after, amenities=(*after.amenities, text))
    if awaiting is Awaiting.PROVIDER_NEAR and after.place != before.place and not _CORRECTS.match(plain):
        return _corner(before, after, text)
    return after


def _corner(before: OwnFile, after: OwnFile, text: str) -> OwnFile:
    """The name of a place, told as what it is near to: a better point in the same district, else a street's name."""
    told = after.reference if after.reference != before.reference else _NEAR.sub("", text)[:LONGEST_ANSWER]
    same = before.place and after.place and before.place.ubigeo == after.place.ubigeo
    place = after.place if same else before.place
    return replace(after, place=place, candidates=(), reference=told)


_NEAR = re.compile(
    r"^(queda |esta |estoy |vivo |es )?(muy )?"
    r"(cerca(nit[oa])? (de el|del|de la|de|a la|al|a)|por el|por la|por) ",
    re.I,
)


def _is_name_alone(scene: Scene) -> bool:
    """`Rosa Lima Quispe`, whatever the model saw in it: some words, none of which says anything else."""
    heard = scene.heard
    words = keywords.plain(heard.text).split()
    if heard.number is not None or heard.text.rstrip().endswith("?") or keywords.intent_of(heard.text):
        return False
    if not 0 < len(words) <= _MOST_NAME_WORDS or any(word.isdigit() or word in _NOT_A_NAME for word in words):
        return False
    is_place = any(len(slot.text.split()) == len(words) for slot in heard.of(SlotName.LOCATION))
    others = [slot for slot in heard.slots if slot.slot not in _READ_IN_NAMES]
    return not others and not is_place and bool(ownfile.written_name(heard.text))


def _with_place(awaiting: Awaiting, scene: Scene) -> Scene:
    """`el milagro`, where the district was asked and the model saw none."""
    if awaiting is not Awaiting.PROVIDER_WHERE or scene.heard.of(SlotName.LOCATION):
        return scene
    place = whereabouts.read_place(scene)
    return scene.hearing(Intent.INFORM, *scene.heard.slots, place) if place else scene


def _period(scene: Scene) -> str | None:
    value = normalize(
        SlotName.PRICE,
        f"20 soles {scene.heard.text}",
        text=scene.heard.text,
        intent=Intent.INFORM,
        now=scene.now,
    )
    period: str | None = (value or {}).get("period")
    return period


def _decided(scene: Scene) -> Turn:
    """Yes keeps the file; no asks what is wrong."""
    conversation, heard = scene.conversation, scene.heard
    said = keywords.intent_of(heard.text) or keywords.leading_yes_or_no(heard.text)
    said = said or (heard.intent if heard.sure else None)
    if said is Intent.AFFIRM:
        file = conversation.draft.to_json()
        kept = replace(conversation, draft=OwnFile(), topic=None, awaiting=None, tries=0)
        return Turn(kept, (), (Job(JobKind.REGISTER, {"file": file}),))
    if said is Intent.DENY:
        return Turn(conversation, (say("provider_what_wrong"),))
    return _unclear(scene)


def _unclear(scene: Scene) -> Turn:
    """Ask again, and say why; a person is offered when that did not help."""
    conversation = replace(scene.conversation, tries=scene.conversation.tries + 1)
    if scene.heard.intent is None or conversation.awaiting is None:
        return unclear.answer(scene)
    if conversation.tries >= asking.MOST_TRIES:
        return unclear.give_up(conversation)
    return asking.ask(conversation, conversation.awaiting, say("unclear"))


def _stop(conversation: Conversation) -> Turn:
    """What was told is kept, and asked no second time."""
    return Turn(replace(conversation, topic=None, awaiting=None, tries=0), (say("provider_stopped"),))
