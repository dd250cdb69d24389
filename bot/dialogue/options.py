"""The options that were shown: choosing one, asking about one, seeing others."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from rapidfuzz.fuzz import partial_token_set_ratio

from bot.dialogue import (
    asking,
    finding,
    hubs,
    keywords,
    learning,
    needs,
    phrases,
    placing,
    providers,
    topics,
    trust,
)
from bot.dialogue.conversation import (
    Awaiting,
    Conversation,
    Listed,
    ListedCare,
    ListedHub,
    ListedResource,
    Stage,
    Topic,
)
from bot.dialogue.scene import Scene, Turn
from bot.dialogue.wording import Text, listing, phrase, say, text, word
from bot.messages import Reply
from matching.money import USUAL_DAYS_PER_WEEK, USUAL_HOURS_PER_DAY, per_month, period_of
from matching.schema import CareKind
from matching.terms import offered
from nlp.schema import Intent, Slot, SlotName

SAME_NAME = 85
"""From this likeness on (0 to 100), a name that was typed is the name that was listed."""
LAST = -1
MOST_NAMED = 3
"""So many numbers are named one by one; more are told by the first and the last."""

_CHEAPEST = re.compile(r"\b(mas (barat|economic|comod)\w*|(menos|menor) (precio|costo|cuesta|cobra))\b")
_FREE = re.compile(r"\b(gratis|gratuit[oa])\b")
_ASKS_CHEAP = re.compile(r"\b(gratis|gratuit[oa]s?|barat\w*|economic[oa]s?|menos precio)\b")
_NEAREST = re.compile(r"\b(mas (cerca|cercan[oa]|cerquita|proxim[oa])|menos lejos)\b")
_LAST = re.compile(r"\b(ultim[oa]|(de|del) (abajo|final))\b")

_ASKS_ADDRESS = re.compile(
    r"\b(donde|direccion|queda|ubica\w*|como llego|lejos|cerca|distancia|calle|referencia)\b"
)
_ASKS_WAY = re.compile(
    r"\b(c[ou]?mo (llego|voy|llegar|se llega|se va|hago para llegar|le hago)|ruta|camino)\b"
)
_ASKS_HOURS = re.compile(
    r"\b(hora|horas|horario|horarios|abren?|cierran?|atienden?|dias|sabados?|domingos?|feriados?)\b"
)
_ASKS_AGES = re.compile(r"\b(edad|edades|desde que edad|bebes|recien nacidos)\b")
_PRIVATE = (CareKind.HOME, CareKind.NANNY)
"""They work in a home, their own or the family's: the address is theirs to give."""


_TWO_NUMBERS = re.compile(r"((la|el|opcion) )?\d (y |o |e )?((la|el|opcion) )?\d")
_ASKS_ALL = re.compile(r"\b(cuestan|cobran|valen|salen|precios|todas|todos|cada un[ao])\b")


def choose(scene: Scene) -> Turn:
    """One of the options is wanted."""
    conversation = scene.conversation
    if not conversation.listed:
        return (
            finding.details(scene)
            if scene.heard.slots and not _names_option(scene)
            else _nothing_listed(scene)
        )
    picked = pick(scene)
    if picked is None:
        key = "choose_unknown" if _names_option(scene) else "choose_which"
        return Turn(replace(conversation, asked=None), (say(key, choices=numbers(conversation)),))
    if conversation.asked:
        return _tell_about(scene, picked, conversation.asked)
    return take(scene, picked)


def take(scene: Scene, picked: Listed) -> Turn:
    """This option it is."""
    conversation = replace(scene.conversation, awaiting=None, tries=0, focus=picked.id)
    if isinstance(picked, ListedResource):
        return learning.take(conversation, picked)
    if isinstance(picked, ListedHub):
        return Turn(conversation, (say("chosen_hub", list=known(picked, scene.now)),))
    return placing.take(scene.at(conversation), picked)


def plain_choice(scene: Scene) -> Turn | None:
    """`si` to the only option there is; `1 y 2`, where one is asked at a time."""
    listed, plain = scene.conversation.listed, keywords.plain(scene.heard.text)
    if not listed or scene.conversation.awaiting is not None or scene.conversation.chosen is not None:
        return None
    if _TWO_NUMBERS.fullmatch(plain):
        return Turn(scene.conversation, (say("choose_one_first", choices=numbers(scene.conversation)),))
    is_yes = keywords.leading_yes_or_no(scene.heard.text) is Intent.AFFIRM and not scene.heard.slots
    return take(scene, listed[0]) if is_yes and len(listed) == 1 else None


def more(scene: Scene) -> Turn:
    """Others; with a change (`más barato`, `en Ate`) it is a new search, and so it is after one was agreed with."""
    before = scene.conversation
    if before.chosen and before.chosen.stage is Stage.AGREED and before.listed:
        before = replace(before, seen_care=(before.chosen.id,), listed=before.listed[-1:])
        return topics.more(before)
    if not before.listed:
        return finding.details(scene) if scene.heard.slots else _nothing_listed(scene)
    after = needs.absorb(scene) if before.topic is not Topic.PROVIDER else before
    if after.topic is Topic.CARE:
        asked = keywords.plain(scene.heard.text)
        cheap, near = bool(_ASKS_CHEAP.search(asked)), bool(_NEAREST.search(asked))
        care = after.care
        after = replace(after, care=replace(care, cheap=cheap or care.cheap, near=near or care.near))
    if _said(after) != _said(before):
        return topics.proceed(after)
    return topics.more(after)


def _said(conversation: Conversation) -> tuple[object, ...]:
    """What a search is made of."""
    need = conversation.care, conversation.hubs, conversation.subject, conversation.learning
    return conversation.candidates, conversation.place, *need


def tell_price(scene: Scene) -> Turn:
    """What an option costs, or all of them; with none shown, what is true of all."""
    conversation = scene.conversation
    if not conversation.listed:
        return providers.about(scene) or _about_nothing(scene, say("price_general"))
    picked = None if _ASKS_ALL.search(keywords.plain(scene.heard.text)) else pick(scene)
    if picked is not None:
        conversation = replace(conversation, focus=picked.id)
        return asking.with_question(conversation, say("price_one", name=picked.name, price=_price(picked)))
    lines = [
        text("price_line", number=one.number, name=one.name, price=_price(one)) for one in conversation.listed
    ]
    return asking.with_question(conversation, say("price_list", prices=listing(lines[-4:], Text("\n", "\n"))))


def tell_details(scene: Scene) -> Turn:
    """Anything else about an option, from what is known of it; what is not known, a person can ask."""
    conversation = scene.conversation
    if not _names_option(scene) and (told := trust.tell(scene)):
        return told
    if not conversation.listed:
        return providers.about(scene) or _about_nothing(scene, say("out_of_scope"))
    picked = pick(scene)
    if picked is None:
        conversation = replace(conversation, asked=scene.heard.text)
        return Turn(conversation, (say("choose_which", choices=numbers(conversation)),))
    return _tell_about(scene, picked, scene.heard.text)


def _tell_about(scene: Scene, picked: Listed, question: str) -> Turn:
    """What is known of one option, in answer to a question about it."""
    conversation = replace(scene.conversation, focus=picked.id, asked=None)
    reply = _asked_thing(scene, picked)
    if reply is None:
        reply = _asked_aspect(scene, picked, question) or say("known_only", list=known(picked, scene.now))
    if reply.key == "answer_unknown":
        awaiting = Awaiting.RELAY if isinstance(picked, ListedCare) else Awaiting.HUMAN
        return Turn(replace(conversation, awaiting=awaiting, asked=question, tries=0), (reply,))
    return asking.with_question(conversation, reply)


def pick(scene: Scene) -> Listed | None:
    """The option that is meant: by number, by name, by what it is beside the others, the one spoken of last, the one
    chosen before, or the only one."""
    listed = scene.conversation.listed
    number = option_number(scene)
    if number is not None:
        return listed[-1] if number == LAST else next((one for one in listed if one.number == number), None)
    for slot in scene.heard.of(SlotName.PROVIDER):
        likeness = {one.number: _likeness(slot.text, one.name) for one in listed}
        best = [one for one in listed if likeness[one.number] == max(likeness.values())]
        return best[0] if len(best) == 1 and likeness[best[0].number] >= SAME_NAME else None
    compared = _compared(scene) or _described(scene)
    if compared is not None:
        return compared
    focus, chosen = scene.conversation.focus, scene.conversation.chosen
    spoken_of = next((one for one in listed if one.id == focus), None)
    before = next(
        (one for one in listed if chosen and isinstance(one, ListedCare) and one.id == chosen.id), None
    )
    return spoken_of or before or (listed[0] if len(listed) == 1 else None)


def _compared(scene: Scene) -> Listed | None:
    """`la más barata`, `la gratis`, `la más cerca`, `la de abajo`; None when no one is, or more than one."""
    listed, said = scene.conversation.listed, keywords.plain(scene.heard.text)
    if listed and _LAST.search(said):
        return listed[-1]
    if _FREE.search(said):
        return _only([one for one in listed if _cost(one, scene) == 0])
    if _CHEAPEST.search(said):
        return _least(listed, lambda one: _cost(one, scene))
    return _least(listed, _distance) if _NEAREST.search(said) else None


def _described(scene: Scene) -> Listed | None:
    """`la que da almuerzo`, `la niñera`, `la que abre sábado`: the only one like it."""
    options = [one for one in scene.conversation.listed if isinstance(one, ListedCare)]
    told = scene.heard.of(
        SlotName.AMENITY, SlotName.LANGUAGE, SlotName.SPECIAL_NEED, SlotName.CARE_TYPE, SlotName.DAYS
    )
    fitting = [one for one in options if all(_is_so(one, slot) for slot in told)]
    return _only(fitting) if told else None


def _is_so(one: ListedCare, slot: Slot) -> bool:
    has = {
        SlotName.AMENITY: one.amenities,
        SlotName.LANGUAGE: one.languages,
        SlotName.SPECIAL_NEED: one.special_needs,
    }
    if slot.slot in has:
        return bool(offered(str(slot.value or slot.text), has[slot.slot]))
    if slot.slot is SlotName.CARE_TYPE:
        return one.kind.care_type == slot.value
    return bool(slot.value) and set(slot.value) <= set(one.days)


def _distance(one: Listed) -> float | None:
    return None if isinstance(one, ListedResource) else one.distance_km


def _least(listed: Sequence[Listed], measure: Callable[[Listed], float | None]) -> Listed | None:
    known = [(value, one) for one in listed if (value := measure(one)) is not None]
    least = min((value for value, _ in known), default=None)
    return _only([one for value, one in known if value == least])


def _only(listed: Sequence[Listed]) -> Listed | None:
    return listed[0] if len(listed) == 1 else None


def _cost(one: Listed, scene: Scene) -> float | None:
    """Soles a month for the days that are needed; None when nobody knows."""
    if isinstance(one, ListedResource):
        return 0.0
    if isinstance(one, ListedHub):
        return 0.0 if one.free else None
    if one.price is None:
        return 0.0 if one.kind is CareKind.CUNA_MAS else None
    days = len(scene.conversation.care.days) or USUAL_DAYS_PER_WEEK
    return one.price.amount * per_month(period_of(one.price), days, USUAL_HOURS_PER_DAY)


def option_number(scene: Scene) -> int | None:
    """The number said, LAST for the last; None when none was."""
    values = [slot.value for slot in scene.heard.of(SlotName.OPTION) if slot.value is not None]
    return values[0] if values else scene.heard.number


def known(one: Listed, now: datetime) -> Text:
    """All that is known of an option."""
    if isinstance(one, ListedResource):
        return learning.known(one)
    if isinstance(one, ListedHub):
        return text(
            "hub_line",
            number=one.number,
            name=one.name,
            away=hubs.away(one),
            state=hubs.state(one, now),
            week=hubs.opening(one),
            address=one.address or phrase("address_unknown"),
            services=Text(hubs.services(one), hubs.services(one, most=3)),
        )
    return text(
        "care_known",
        name=one.name,
        kind=word("kinds", one.kind.value),
        price=phrases.price(one.price),
        hours=_hours(one),
        ages=phrases.age_range(one.min_months, one.max_months),
        distance=phrases.distance(one.distance_km),
        address=_address(one),
        amenities=_extras(one),
    )


def _asked_thing(scene: Scene, picked: Listed) -> Reply | None:
    """Whether it has the thing asked about; None when the question is about no such thing."""
    if isinstance(picked, ListedCare):
        has = {
            SlotName.AMENITY: picked.amenities,
            SlotName.SPECIAL_NEED: picked.special_needs,
            SlotName.LANGUAGE: picked.languages,
        }
        for slot in scene.heard.of(*has):
            asked = str(slot.value or slot.text)
            found = offered(asked, has[slot.slot])
            key, thing = ("answer_yes", found) if found else ("answer_unknown", asked)
            return say(key, name=picked.name, thing=thing)
        return None
    for slot in scene.heard.of(SlotName.HUB_SERVICE):
        if slot.value and isinstance(picked, ListedHub):
            key = "answer_yes" if slot.value in picked.services else "answer_unknown"
            return say(key, name=picked.name, thing=word("services", slot.value))
    return None


def _asked_aspect(scene: Scene, picked: Listed, question: str) -> Reply | None:
    """Where, when, for whom; None when the question is about something else."""
    asked = keywords.plain(question)
    if isinstance(picked, ListedResource):
        return None
    if isinstance(picked, ListedHub) and _ASKS_WAY.search(asked):
        return hubs.way(picked, scene.conversation)
    if _ASKS_ADDRESS.search(asked):
        distance = phrases.distance(picked.distance_km)
        return say("answer_address", name=picked.name, distance=distance, address=_address(picked))
    if _ASKS_HOURS.search(asked) or scene.heard.of(SlotName.DAYS, SlotName.TIME):
        week = _hours(picked) if isinstance(picked, ListedCare) else hubs.opening(picked)
        return say("answer_hours", name=picked.name, week=week)
    if isinstance(picked, ListedCare) and (_ASKS_AGES.search(asked) or scene.heard.of(SlotName.CHILD_AGE)):
        ages = phrases.age_range(picked.min_months, picked.max_months)
        return say("answer_ages", name=picked.name, ages=ages)
    return None


def _about_nothing(scene: Scene, otherwise: Reply) -> Turn:
    """A question about care or hubs before anything was shown is a request for them, when it says enough."""
    topic = needs.topic_of(scene.heard) or scene.conversation.topic
    is_request = topic in (Topic.CARE, Topic.HUBS) and scene.heard.slots
    if is_request and topic is not None:
        lead = (otherwise,) if otherwise.key == "price_general" else ()
        return finding.look_for(topic, scene, *lead)
    return asking.with_question(scene.conversation, otherwise)


def _nothing_listed(scene: Scene) -> Turn:
    """There is no list yet: on to it."""
    conversation = scene.conversation
    if conversation.searching is not None:
        return Turn(conversation, (say("status_searching"),))
    if conversation.topic in (None, Topic.PROVIDER):
        return asking.ask(conversation, Awaiting.TOPIC)
    if topics.next_question(conversation) is None:
        return topics.no_more(conversation)
    return topics.proceed(conversation)


def _names_option(scene: Scene) -> bool:
    return option_number(scene) is not None or bool(scene.heard.of(SlotName.PROVIDER))


def numbers(conversation: Conversation) -> Text:
    """The numbers that can be chosen."""
    of_all = [one.number for one in conversation.listed]
    if len(of_all) > MOST_NAMED and of_all[-1] - of_all[0] == len(of_all) - 1:
        shown = phrase("numbers_through", first=of_all[0], last=of_all[-1])
    else:
        shown = phrases.enumeration([str(number) for number in of_all])
    return Text(shown, shown)


def _likeness(typed: str, name: str) -> float:
    return partial_token_set_ratio(_bare(typed), _bare(name))


def _bare(name: str) -> str:
    """A name without the words that any name may have."""
    words = keywords.plain(name).split()
    return " ".join(one for one in words if one not in _TITLES) or " ".join(words)


_TITLE_WORDS = "sra señora sr senora seño seno señorita senorita srta doña dona con la el los las de del"
_TITLES = frozenset(_TITLE_WORDS.split())


def _price(one: Listed) -> str:
    if isinstance(one, ListedCare):
        return phrases.price(one.price)
    is_free = isinstance(one, ListedResource) or one.free
    return phrase("free") if is_free else phrase("price_unknown")


def _hours(one: ListedCare) -> str:
    return phrases.when(one.days, one.opens, one.closes) or phrase("hours_unknown")


def _address(one: ListedCare | ListedHub) -> str:
    if isinstance(one, ListedCare) and one.kind in _PRIVATE:
        return phrase("private_address")
    return one.address or phrase("address_unknown")


def _extras(one: ListedCare) -> str:
    """What more there is: what it has, whom it knows to care for, how others found it."""
    has = phrases.enumeration(one.amenities)
    cares = phrases.enumeration(one.special_needs)
    stars = phrase("rated", rating=f"{one.rating:.1f}") if one.rating else ""
    quote = phrase("quoted", words=one.quote) if one.quote else ""
    parts = [
        phrase("has", things=has) if has else "",
        phrase("cares", needs=cares) if cares else "",
        stars,
        quote,
    ]
    said = "; ".join(part for part in parts if part)
    return phrases.sentence(f"{said}.") if said else ""
