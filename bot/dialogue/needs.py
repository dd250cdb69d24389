"""What a message's slots add to what a person needs: a new value takes the place of the old one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from bot.dialogue import keywords, phrases, whereabouts
from bot.dialogue.conversation import Awaiting, CareNeed, Conversation, HubNeed, LearningNeed, Topic
from bot.dialogue.scene import Heard, Scene
from bot.dialogue.wording import phrase, word
from matching.offers import LIMA
from matching.schema import Level, Price, ResourceKind
from nlp.normal.days import days as read_days
from nlp.schema import DAYS_OF_WEEK, Slot, SlotName

OLDEST_MONTHS = 18 * 12
MOST_CHILDREN = 12
MOST_DETAILS = 5
"""Needs, amenities, languages that are kept of each: more would be a slip, or a joke."""

_GIRL = re.compile(
    r"\b(hij(it)?a|ninit?a|nina|bebita|nen(it)?a|niet(it|ecit)?a|sobrin(it)?a|chiquit(it)?a|mujercita|princesa)\b"
)
_BOY = re.compile(
    r"\b(hij(it)?o|ninit?o|nino|bebito|nene|niet(it|ecit)?o|sobrin(it)?o|chiquit(it)?o|varon(cito)?)s?\b"
)
_CARE_ONLY = (SlotName.CHILD_AGE, SlotName.CHILD_COUNT, SlotName.CARE_TYPE, SlotName.SPECIAL_NEED)
_CORRECTS = re.compile(r"^(no|perdon|disculpe|digo|mejor dicho|me equivoque|corrijo)\b")

_NOW = re.compile(
    r"\b(ahora|ahorita|ahoritita|a estas? horas?|en estos? momentos?|(todavia|aun) abiert[oa]s?)\b"
)
_LEVELS = {
    Level.BASIC: re.compile(r"\b(basic[oa]s?|desde (cero|0)|de cero|principiantes?|no se nada|nunca)\b"),
    Level.MIDDLE: re.compile(r"\b(intermedi[oa]s?|medio|regular)\b"),
    Level.ADVANCED: re.compile(r"\b(avansad[oa]s?|avanzad[oa]s?|experto|profesional)\b"),
}
_KINDS = {
    ResourceKind.RADIO: re.compile(r"\b(radio|emisora)\b"),
    ResourceKind.PRINTED: re.compile(r"\b(impres[oa]s?|papel|hojas?)\b"),
    ResourceKind.SMS: re.compile(r"\b(por (mensajes?|sms|texto|aqui|aca))\b"),
    ResourceKind.PAGE: re.compile(r"\b(pagina|por internet|web|en linea|online)\b"),
}
_ADDS = re.compile(r"^[ye] |\b(tambien|tb|tmb|tbn|tambn|ademas|aparte)\b")
_WITHOUT = re.compile(
    r"\b(?:sin|menos|excepto|salvo|ya no)"
    r"((?: (?:los|el|ni|y|o|lunes|martes|miercoles|jueves|viernes|sabados?|domingos?))+)\b"
)
_UNTIL = re.compile(r"^(y )?(a|hasta) (las? )?\d")


def absorb(scene: Scene) -> Conversation:
    """The conversation with everything in the message taken in: the place, and the need of its topic."""
    conversation = whereabouts.take(scene)
    heard = scene.heard
    if conversation.topic in (None, Topic.CARE):
        conversation = replace(conversation, care=read_care(conversation.care, heard))
    if conversation.topic in (None, Topic.HUBS):
        conversation = replace(conversation, hubs=read_hubs(conversation.hubs, heard, scene.now))
    if conversation.topic in (None, Topic.LEARNING):
        conversation = read_learning(conversation, heard)
    return conversation


def topic_of(heard: Heard) -> Topic | None:
    """What a message without a request must be about, by what it speaks of."""
    if heard.of(SlotName.HUB_SERVICE):
        return Topic.HUBS
    if heard.of(*_CARE_ONLY):
        return Topic.CARE
    if heard.of(SlotName.TOPIC):
        return Topic.LEARNING
    return Topic.PROVIDER if heard.of(SlotName.CAPACITY) else None


def read_care(need: CareNeed, heard: Heard) -> CareNeed:
    """The need with the message's facts about the child, the time, the money and what else is asked for."""
    counts = [slot.value for slot in heard.of(SlotName.CHILD_COUNT) if slot.value]
    prices = [slot.value for slot in heard.of(SlotName.PRICE) if slot.value]
    dates = [slot.value for slot in heard.of(SlotName.START_DATE) if slot.value]
    if counts:
        need = replace(need, children=max(1, min(counts[-1], MOST_CHILDREN)))
    if ages := ages_in(heard):
        need = replace(need, ages_months=_with_new_ages(need, ages, heard))
    if prices:
        budget, cheap = read_price(prices[-1])
        need = replace(need, budget=budget or need.budget, cheap=cheap or need.cheap)
    if dates:
        need = replace(need, start_date=date.fromisoformat(dates[-1]))
    days, start, end = read_when(heard, need.days, need.start, need.end)
    return replace(
        need,
        girl=_is_girl(keywords.plain(heard.text), need.girl),
        days=days,
        start=start,
        end=end,
        care_types=_values(heard, SlotName.CARE_TYPE) or need.care_types,
        special_needs=more(need.special_needs, heard, SlotName.SPECIAL_NEED),
        amenities=more(need.amenities, heard, SlotName.AMENITY),
        languages=more(need.languages, heard, SlotName.LANGUAGE),
        settled=_settled(need.settled, heard),
    )


def _is_girl(plain: str, known: bool) -> bool:
    """Whether they speak of a girl and of no boy; as before where they speak of neither."""
    girl, boy = bool(_GIRL.search(plain)), bool(_BOY.search(plain))
    return girl and not boy if girl or boy else known


def read_hubs(need: HubNeed, heard: Heard, now: datetime) -> HubNeed:
    """The need with the services and the time of the message, which was written at `now`."""
    services = _values(heard, SlotName.HUB_SERVICE) or need.services
    today = now.astimezone(LIMA).date()
    if _NOW.search(keywords.plain(heard.text)):
        return HubNeed(services, moment="now")
    dates = [date.fromisoformat(slot.value) for slot in heard.of(SlotName.START_DATE) if slot.value]
    days, start, end = read_when(heard, need.days, need.start, need.end)
    if not dates:
        said = heard.of(SlotName.DAYS, SlotName.TIME)
        return HubNeed(services, days, start, end, None if said else need.moment)
    if dates[-1] <= today:
        return HubNeed(services, (), start, end, "today")
    return HubNeed(services, (DAYS_OF_WEEK[dates[-1].weekday()],), start, end)


def read_when(
    heard: Heard, days: tuple[str, ...], start: str | None, end: str | None
) -> tuple[tuple[str, ...], str | None, str | None]:
    """Days and hours, those said now in the place of those known."""
    for slot in heard.of(SlotName.TIME):
        times = slot.value or {}
        if start and not end and _tells_the_end(heard, times, start):
            end = times["start"]
            continue
        start = times.get("start") or start
        end = times.get("end") or end
    return _days(heard, days), start, end


def read_price(value: dict[str, Any]) -> tuple[Price | None, bool]:
    """A sum, or just that it should be cheap."""
    if value.get("amount") is None:
        return None, True
    return Price(float(value["amount"]), value.get("period")), False


def ages_in(heard: Heard) -> tuple[int, ...]:
    """The ages said, in months; of a range, both its ends."""
    found: list[int] = []
    for slot in heard.of(SlotName.CHILD_AGE):
        value = slot.value or {}
        found += [value[key] for key in ("months", "min_months", "max_months") if value.get(key) is not None]
    return tuple(dict.fromkeys(months for months in found if 0 <= months <= OLDEST_MONTHS))[:MOST_CHILDREN]


def care_need(conversation: Conversation) -> str:
    """`nido para 2 años y 5 meses en Comas, L-V 8am-5pm`: what was understood, in a line; empty for nothing."""
    need = conversation.care
    kinds = phrases.enumeration([word("care_types", kind) for kind in need.care_types[:2]])
    if not kinds and conversation.topic is Topic.CARE:
        kinds = phrase("need_care")
    ages = phrase("for_ages", ages=phrases.ages(need.ages_months[:3], need.girl)) if need.ages_months else ""
    return _line(kinds, ages, conversation, phrases.when(need.days, need.start, need.end, need.start_date))


def hub_need(conversation: Conversation) -> str:
    """`internet e impresiones en Ayacucho`: what was understood, in a line; empty for nothing."""
    need = conversation.hubs
    what = phrases.enumeration([word("services", one) for one in need.services[:3]]) or phrase("need_hub")
    moment = {"now": phrase("open_now"), "today": phrase("today")}.get(need.moment or "", "")
    when = " ".join(part for part in (moment, phrases.when(need.days, need.start, need.end)) if part)
    return _line(what, "", conversation, when)


def learning_need(conversation: Conversation) -> str:
    """`excel`, `excel, avanzado`: what is to be learnt, in a line; empty for nothing."""
    level = conversation.learning.level
    return ", ".join(
        part for part in (conversation.subject or "", word("levels", level.value) if level else "") if part
    )


def read_learning(conversation: Conversation, heard: Heard) -> Conversation:
    """The conversation with the subject, the level and the kind that a message names. A new subject is one at any
    level, of any kind, unless it is said with them."""
    subject = heard.of(SlotName.TOPIC)
    known = LearningNeed() if subject else conversation.learning
    written = keywords.plain(heard.text)
    level = next((one for one, words in _LEVELS.items() if words.search(written)), known.level)
    kind = next((one for one, words in _KINDS.items() if words.search(written)), known.kind)
    named = subject[-1].text if subject else conversation.subject
    return replace(conversation, subject=named, learning=LearningNeed(level, kind))


def _days(heard: Heard, known: tuple[str, ...]) -> tuple[str, ...]:
    """Days said now take the place of those known; `y domingos` adds to them, `sin sábados` takes away."""
    written = keywords.plain(heard.text)
    said = {day for slot in heard.of(SlotName.DAYS) for day in slot.value or ()}
    without = {day for one in _WITHOUT.findall(written) for day in read_days(one) or ()}
    if without:
        said = (said or set(known)) - without
    elif said and _ADDS.search(written):
        said |= set(known)
    return tuple(day for day in DAYS_OF_WEEK if day in said) or known


def _tells_the_end(heard: Heard, times: dict[str, Any], start: str) -> bool:
    """`a 5 de la tarde`, after it was said from when."""
    until = times.get("start")
    alone = until is not None and until > start and not times.get("end")
    return alone and bool(_UNTIL.match(keywords.plain(heard.text)))


def _line(what: str, whom: str, conversation: Conversation, when: str) -> str:
    where = phrase("in_place", place=conversation.place.label) if conversation.place else ""
    first = " ".join(part for part in (what, whom, where) if part)
    return ", ".join(part for part in (first, when) if part)


def _with_new_ages(need: CareNeed, ages: tuple[int, ...], heard: Heard) -> tuple[int, ...]:
    """New ages take the place of the old ones, except where more children were said than ages are known:
    `tengo dos hijos`, `uno de 2 años`, `y otro de 5`."""
    room = (need.children or 0) - len(need.ages_months)
    if len(ages) <= room and need.ages_months and not _CORRECTS.match(keywords.plain(heard.text)):
        return tuple(dict.fromkeys((*need.ages_months, *ages)))
    return ages


def _settled(settled: tuple[Awaiting, ...], heard: Heard) -> tuple[Awaiting, ...]:
    """`tres veces por semana`, `horario rotativo`: said, as well as it can be."""
    vague = [
        awaiting
        for name, awaiting in ((SlotName.DAYS, Awaiting.DAYS), (SlotName.TIME, Awaiting.HOURS))
        if any(slot.value is None for slot in heard.of(name))
    ]
    return tuple(dict.fromkeys((*settled, *vague)))


def _values(heard: Heard, name: SlotName) -> tuple[str, ...]:
    return tuple(dict.fromkeys(slot.value for slot in heard.of(name) if slot.value))


def more(known: Iterable[str], heard: Heard, name: SlotName) -> tuple[str, ...]:
    """Those known, and those said now."""
    said = (_named(slot) for slot in heard.of(name))
    return tuple(dict.fromkeys((*known, *said)))[-MOST_DETAILS:]


def _named(slot: Slot) -> str:
    return str(slot.value or slot.text)
