"""The open question first: whether a message answers it, and what that makes of the message.

An answer to a question about the need becomes details that say it; then it goes the way of all details.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.dialogue import finding, keywords, people, topics, unclear, whereabouts
from bot.dialogue.conversation import Awaiting, Topic
from bot.dialogue.scene import Scene, Turn
from nlp.normal import normalize
from nlp.schema import Intent, Slot, SlotName

_MAY_ANSWER = (Intent.INFORM, Intent.CHOOSE_OPTION, Intent.AFFIRM, Intent.DENY, Intent.OUT_OF_SCOPE, None)
_NO_NEWS = (SlotName.OPTION,)
_TOPICS = {1: Topic.CARE, 2: Topic.HUBS, 3: Topic.LEARNING}
_A_PERSON = 4
_LONGEST_ANSWER = 60
"""Characters. In a longer text, a number or an hour that rules find may be about something else."""


def answer(scene: Scene) -> Turn | None:
    """The turn that the open question makes of this message; None when it is no answer to it."""
    awaiting = scene.conversation.awaiting
    return _READERS[awaiting](scene) if awaiting is not None and _may_answer(scene) else None


def _may_answer(scene: Scene) -> bool:
    heard = scene.heard
    picks = heard.intent is Intent.CHOOSE_OPTION and heard.number is None and bool(scene.conversation.listed)
    return (not heard.sure or heard.intent in _MAY_ANSWER) and not picks


def _topic(scene: Scene) -> Turn | None:
    number = scene.heard.number
    if number == _A_PERSON:
        return people.human(scene)
    if number not in _TOPICS:
        return None
    return finding.look_for(_TOPICS[number], scene.hearing(Intent.INFORM))


def _where(scene: Scene) -> Turn | None:
    if scene.heard.of(SlotName.LOCATION, SlotName.LANDMARK):
        return _details(scene)
    if _is_yes_or_no(scene) or scene.heard.number is not None:
        return unclear.answer(scene)
    place = whereabouts.read_place(scene)
    return _details(scene, place) if place else None


def _which_place(scene: Scene) -> Turn | None:
    conversation = scene.conversation
    picked = whereabouts.pick(conversation.candidates, scene)
    if picked is not None:
        return topics.proceed(picked, *finding.noted(conversation, picked))
    if scene.heard.intent is Intent.DENY and scene.heard.sure and not scene.heard.slots:
        return topics.proceed(replace(conversation, candidates=(), awaiting=None))
    if scene.heard.number is not None or scene.heard.intent is Intent.AFFIRM:
        return unclear.answer(scene)
    return _where(scene)


def _age(scene: Scene) -> Turn | None:
    return _fact(scene, SlotName.CHILD_AGE)


def _when(scene: Scene) -> Turn | None:
    return _time(scene, SlotName.DAYS, SlotName.TIME)


def _days(scene: Scene) -> Turn | None:
    return _time(scene, SlotName.DAYS)


def _hours(scene: Scene) -> Turn | None:
    return _time(scene, SlotName.TIME)


def _time(scene: Scene, *wanted: SlotName) -> Turn | None:
    """A number alone tells neither days nor from when until when."""
    return unclear.answer(scene) if scene.heard.number is not None else _fact(scene, *wanted)


def _fact(scene: Scene, *wanted: SlotName) -> Turn | None:
    """The model's slots, else what the rules read in the words themselves, else that it is not known."""
    if any(slot.value is not None for slot in scene.heard.of(*wanted)):
        return _details(scene)
    if found := _read(scene, *wanted):
        return _details(scene, *found)
    if scene.heard.slots and scene.heard.intent is not Intent.CHOOSE_OPTION:
        return None
    if keywords.says_not_known(scene.heard.text) or (
        scene.heard.intent is Intent.DENY and scene.heard.certain
    ):
        return unclear.go_on_without(scene.conversation) or unclear.answer(scene)
    return unclear.answer(scene) if _is_yes_or_no(scene) else None


def _read(scene: Scene, *wanted: SlotName) -> list[Slot]:
    heard = scene.heard
    if len(heard.text) > _LONGEST_ANSWER or any(slot.slot not in _NO_NEWS for slot in heard.slots):
        return []
    values = {
        name: normalize(name, heard.text, text=heard.text, intent=Intent.INFORM, now=scene.now)
        for name in wanted
    }
    return [Slot(name, heard.text, 0, len(heard.text), value) for name, value in values.items() if value]


def _details(scene: Scene, *found: Slot) -> Turn:
    slots = (*(slot for slot in scene.heard.slots if slot.slot not in _NO_NEWS), *found)
    return finding.details(scene.hearing(Intent.INFORM, *slots))


def _is_yes_or_no(scene: Scene) -> bool:
    return scene.heard.intent in (Intent.AFFIRM, Intent.DENY) and scene.heard.sure


_READERS: dict[Awaiting, Callable[[Scene], Turn | None]] = {
    Awaiting.TOPIC: _topic,
    Awaiting.WHERE: _where,
    Awaiting.WHICH_PLACE: _which_place,
    Awaiting.AGE: _age,
    Awaiting.WHEN: _when,
    Awaiting.DAYS: _days,
    Awaiting.HOURS: _hours,
    Awaiting.HUMAN: people.answer_human,
    Awaiting.ERASE: people.answer_erase,
}
