"""Somebody wants to learn: what is asked first, then material that works on their phone is listed; a lesson by message
comes part by part."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.dialogue import asking, cases, hubs, keywords, needs, phrases, searches
from bot.dialogue.conversation import (
    Awaiting,
    Conversation,
    HubNeed,
    Lesson,
    Listed,
    ListedResource,
    Topic,
)
from bot.dialogue.scene import Heard, Scene, Turn
from bot.dialogue.searches import MOST_LISTED, OPTIONS_AT_ONCE
from bot.dialogue.wording import Text, listing, phrase, say, text, together, word
from bot.messages import CaseReason, Channel, Reply
from matching.schema import HubOption, Resource, ResourceKind
from nlp.schema import SlotName

_GO_ON = frozenset(
    ("sigue", "sigues", "siga", "seguir", "sigo", "siguiente", "continuar", "continua", "continue", "prosiga")
)
"""These ask for the next part wherever the talk is."""
_GO_ON_AT_ONCE = frozenset(
    ["mas", "ok", "okey", "ya", "si", "dale", "listo", "bueno", "otro", "otra", "gracias sigue"]
)
"""These do so while the talk is about the lesson."""
_A_PLACE = re.compile(
    r"\b(donde|presencial\w*|local|sitio|lugar|academia|instituto|cerca|cerquita|en persona|clases de verdad)\b"
)


def proceed(conversation: Conversation, *lead: Reply) -> Turn:
    """Ask what they want to learn, or else look for it."""
    return asking.ask_or(searches.search_resources, next_question(conversation), conversation, *lead)


def next_question(conversation: Conversation) -> Awaiting | None:
    """What; nothing else is needed."""
    return None if conversation.subject else Awaiting.SUBJECT


def more(conversation: Conversation) -> Turn:
    """Others than those that were shown."""
    return asking.ask_or(searches.search_resources, next_question(conversation), conversation, more=True)


def asks_for_a_place(heard: Heard) -> bool:
    """`¿dónde enseñan computación?`: lessons in person rather than on the phone."""
    return bool(_A_PLACE.search(keywords.plain(heard.text))) and not heard.of(SlotName.LANDMARK)


def show(
    conversation: Conversation,
    found: tuple[Resource, ...],
    nearby: HubOption | None,
    data: dict[str, Any],
    now: datetime,
) -> Turn:
    """What was found, three at most and as many as an SMS holds, and the closest hub with lessons. An answer that comes
    too late says nothing."""
    if not searches.is_awaited(conversation, data):
        return Turn(conversation)
    is_more = bool(data.get("more"))
    conversation = replace(conversation, searching=None, lesson=conversation.lesson if is_more else None)
    lessons = _lessons_nearby(nearby)
    if not found:
        return _show_nothing(conversation, is_more, lessons)
    _, listed = _list(conversation, found[:OPTIONS_AT_ONCE], is_more)
    lines = [_line(one) for one in listed]
    if conversation.channel is Channel.SMS:
        lines = lines[: hubs.fit(lines)]
    conversation, _ = _list(conversation, found[: len(lines)], is_more)
    key = "learning_list" if len(found) > len(lines) else "learning_list_last"
    shown = say(key, thing=needs.learning_need(conversation), list=listing(lines, Text("\n\n", "\n")))
    return Turn(conversation, together(shown, *lessons))


def take(conversation: Conversation, picked: ListedResource) -> Turn:
    """This one it is: a lesson begins, or it is told where to find it."""
    if picked.kind is ResourceKind.SMS:
        return _next_part(replace(conversation, lesson=Lesson(picked.id, picked.name, picked.parts)))
    told = say(_TOLD[picked.kind], title=picked.name, **_details(picked))
    if picked.kind is not ResourceKind.PRINTED:
        return Turn(conversation, (told,))
    need = HubNeed(services=tuple(picked.where.split("; ")))
    return hubs.proceed(replace(conversation, topic=Topic.HUBS, hubs=need), told)


_TOLD = {
    ResourceKind.PAGE: "resource_page",
    ResourceKind.RADIO: "resource_radio",
    ResourceKind.PRINTED: "resource_printed",
}


def go_on(scene: Scene) -> Turn | None:
    """The next part of the lesson, where that is what the message asks for."""
    conversation, said = scene.conversation, keywords.plain(scene.heard.text)
    if conversation.lesson is None or conversation.opted_out:
        return None
    is_at_it = conversation.topic is Topic.LEARNING and conversation.awaiting is None
    if said in _GO_ON or (is_at_it and said in _GO_ON_AT_ONCE):
        return _next_part(replace(conversation, topic=Topic.LEARNING, awaiting=None, tries=0))
    return None


def known(one: ListedResource) -> Text:
    """All that is known of it."""
    return text("resource_known", title=one.name, **_details(one))


def _next_part(conversation: Conversation) -> Turn:
    lesson = conversation.lesson
    if lesson is None:
        raise ValueError("there is no lesson to go on with")
    step, steps = lesson.next + 1, len(lesson.parts)
    part = lesson.parts[lesson.next]
    key = "lesson_part" if step < steps else "lesson_last"
    said = say(key, title=lesson.name, step=str(step), steps=str(steps), part=Text(part, part))
    if step < steps:
        return Turn(replace(conversation, lesson=replace(lesson, next=step)), (said,))
    return Turn(replace(conversation, lesson=None), together(said, say("lesson_done", title=lesson.name)))


def _show_nothing(conversation: Conversation, is_more: bool, lessons: tuple[Reply, ...]) -> Turn:
    if is_more:
        return Turn(conversation, (say("learning_no_more"),))
    case = cases.open_case(CaseReason.LEARNING, conversation, subject=conversation.subject)
    said = say("learning_nothing", thing=conversation.subject or "")
    return Turn(replace(conversation, subject=None), together(said, *lessons), (case,))


def _lessons_nearby(option: HubOption | None) -> tuple[Reply, ...]:
    if option is None:
        return ()
    hub = option.hub
    distance = phrases.distance(option.distance_km)
    return (say("lessons_nearby", name=hub.name, distance=distance, week=phrases.opening(hub.hours)),)


def _list(
    conversation: Conversation, shown: tuple[Resource, ...], is_more: bool
) -> tuple[Conversation, tuple[ListedResource, ...]]:
    before: tuple[Listed, ...] = ()
    if is_more and all(isinstance(one, ListedResource) for one in conversation.listed):
        before = conversation.listed
    first = before[-1].number + 1 if before else 1
    added = tuple(_remember(number, resource) for number, resource in enumerate(shown, first))
    seen = tuple(dict.fromkeys((*conversation.seen_resources, *(one.id for one in added))))
    listed = (*before, *added)[-MOST_LISTED:]
    return replace(conversation, topic=Topic.LEARNING, listed=listed, seen_resources=seen, focus=None), added


def _remember(number: int, resource: Resource) -> ListedResource:
    return ListedResource(
        number=number,
        id=resource.id,
        name=resource.title,
        level=resource.level,
        kind=resource.kind,
        minutes=resource.minutes,
        summary=resource.summary,
        where=resource.where,
        kb=resource.kb,
        parts=resource.parts,
    )


def _line(one: ListedResource) -> Text:
    return text("resource_line", number=one.number, title=one.name, **_details(one))


def _details(one: ListedResource) -> dict[str, Text]:
    """What is told of it beside its title. The address of a page is whole in either form."""
    level = word("levels", one.level.value)
    time = phrase("minutes", minutes=one.minutes)
    costs = phrase("kilobytes", kb=one.kb) if one.kb else phrase("no_internet")
    kind = phrase("parts", parts=len(one.parts)) if one.parts else word("resource_kinds", one.kind.value)
    short = [word("resource_kinds_sms", one.kind.value), level, time, *([costs] if one.kb else [])]
    return {
        "facts": Text(f"{kind} · {level} · {time} · {costs}", ", ".join(short)),
        "summary": Text(one.summary, one.summary),
        "where": Text(one.where, one.where),
    }
