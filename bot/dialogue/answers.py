"""The open question first: whether a message answers it, and what that makes of the message.

An answer to a question about the need becomes details that say it; then it goes the way of all details.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from bot.dialogue import (
    finding,
    keywords,
    offers,
    passing,
    people,
    placing,
    ratings,
    requests,
    topics,
    unclear,
    whereabouts,
    wishes,
)
from bot.dialogue.conversation import Awaiting, Topic
from bot.dialogue.scene import Scene, Turn
from nlp.normal import normalize
from nlp.schema import Intent, Slot, SlotName

_MAY_ANSWER = (Intent.INFORM, Intent.CHOOSE_OPTION, Intent.AFFIRM, Intent.DENY, Intent.OUT_OF_SCOPE, None)
_YES_OR_NO = (Intent.AFFIRM, Intent.DENY)
_NO_NEWS = (SlotName.OPTION,)
_TOPICS = {1: Topic.CARE, 2: Topic.HUBS, 3: Topic.LEARNING}
_A_PERSON = 4
_PUT_FOR_A_DECISION = (
    Awaiting.HUMAN,
    Awaiting.ERASE,
    Awaiting.CONSENT,
    Awaiting.COUNTER,
    Awaiting.RELAY,
    Awaiting.ASK_AGAIN,
    Awaiting.SWITCH,
    Awaiting.QUIT,
)
_SAYS_HOW_IT_WENT = (Intent.RATE_PROVIDER, Intent.REPORT_PROBLEM, Intent.THANK, Intent.OFFER_CARE)
_NEVER_AN_ANSWER = (Intent.TALK_TO_HUMAN, Intent.CANCEL, Intent.HELP, Intent.DELETE_MY_DATA, Intent.OPT_IN)
_MAY_BE_LEARNT = (Intent.FIND_LEARNING, Intent.FIND_TECH_HUB, Intent.FIND_CHILDCARE, Intent.OFFER_CARE)
MOST_WORDS_OF_A_SUBJECT = 4
_ABOUT_THE_NEED = (Awaiting.AGE, Awaiting.WHEN, Awaiting.DAYS, Awaiting.HOURS)
_MY = re.compile(
    r"\bmi (?!(?:[yaeo]|al|lun?|mar?|jue?|vie?|s[aá]b?|dom?|\w+es|s[aá]bados?|domingos?)\b)", re.I
)
"""`depende de mi turno`: alone or among days, `mi` is Wednesday."""
_WEEKDAYS = re.compile(
    r"(?:(?:los|el|solo|y|dia|dias|lunes|martes|miercoles|jueves|viernes|sabados?|domingos?) ?)+"
)
_LONGEST_ANSWER = 60
"""Characters. In a longer text, a number or an hour that rules find may be about something else."""


def answer(scene: Scene) -> Turn | None:
    """The turn that the open question makes of this message; None when it is no answer to it."""
    awaiting = scene.conversation.awaiting
    reader = _READERS.get(awaiting) if awaiting is not None else None
    return reader(scene) if reader is not None and _may_answer(scene) else None


def _may_answer(scene: Scene) -> bool:
    heard = scene.heard
    if _leaves_it_open(scene) or _decides(scene) or _names_a_subject(scene):
        return True
    picks = (
        heard.intent is Intent.CHOOSE_OPTION
        and heard.number is None
        and bool(scene.conversation.listed)
        and scene.conversation.awaiting is not Awaiting.WHICH_PLACE
    )
    return (not heard.sure or heard.intent in _MAY_ANSWER) and not picks


def _decides(scene: Scene) -> bool:
    """`si borren`: a yes or a no to a question that is put for one, whatever else was read."""
    words = keywords.plain(scene.heard.text).split()
    with_a_name = scene.conversation.awaiting is Awaiting.CONSENT and words[:1] == ["si"]
    return (
        scene.conversation.awaiting in _PUT_FOR_A_DECISION
        and (with_a_name or keywords.leading_yes_or_no(scene.heard.text) is not None)
    ) or (scene.conversation.awaiting is Awaiting.COMMENT and scene.heard.intent in _SAYS_HOW_IT_WENT)


def _names_a_subject(scene: Scene) -> bool:
    """`zoom`, `cuidar niños`, in answer to what is to be learnt, whatever it would mean by itself."""
    return (
        scene.conversation.awaiting is Awaiting.SUBJECT
        and scene.heard.intent in _MAY_BE_LEARNT
        and len(scene.heard.text.split()) <= MOST_WORDS_OF_A_SUBJECT
    )


def _leaves_it_open(scene: Scene) -> bool:
    """`CUALQUIERA`, as our own question offers it, however it was read."""
    heard = scene.heard
    return (
        scene.conversation.awaiting in _ABOUT_THE_NEED
        and heard.intent not in _NEVER_AN_ANSWER
        and len(heard.text) <= _LONGEST_ANSWER
        and not any(slot.value is not None and slot.slot not in _NO_NEWS for slot in heard.slots)
        and keywords.says_not_known(heard.text)
    )


def _topic(scene: Scene) -> Turn | None:
    number = scene.heard.number
    if number == _A_PERSON:
        return people.human(scene)
    if number is not None:
        topic = _TOPICS.get(number)
        return finding.take_up(topic, scene.hearing(Intent.INFORM)) if topic else None
    wish = wishes.topic_in(scene.heard.text)
    return finding.take_up(wish, scene) if wish else None


def _subject(scene: Scene) -> Turn | None:
    """Any few words, unless the model saw in them what is to be learnt."""
    if scene.heard.of(SlotName.TOPIC):
        return finding.learning(scene)
    if scene.heard.number is not None or keywords.intent_of(scene.heard.text):
        return unclear.answer(scene)
    words = scene.heard.text
    subject = Slot(SlotName.TOPIC, words, 0, len(words), words)
    return finding.learning(scene.hearing(Intent.FIND_LEARNING, subject))


def _where(scene: Scene) -> Turn | None:
    if scene.heard.of(SlotName.LOCATION, SlotName.LANDMARK):
        return _details(scene)
    if keywords.intent_of(scene.heard.text) in _YES_OR_NO or scene.heard.number is not None:
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
    """A day without more, the model's slots, else what the rules read in the words, else that it is not known."""
    if SlotName.DAYS in wanted and (day := _day_alone(scene)):
        return finding.details(scene.hearing(Intent.INFORM, day))
    if any(slot.value is not None for slot in scene.heard.of(*wanted)):
        return _details(scene)
    if found := _read(scene, *wanted):
        return _details(scene, *found)
    if _leaves_it_open(scene):
        return unclear.go_on_without(scene.conversation) or unclear.answer(scene)
    if scene.heard.slots and scene.heard.intent is not Intent.CHOOSE_OPTION:
        return None
    if keywords.says_not_known(scene.heard.text) or (
        scene.heard.intent is Intent.DENY and scene.heard.certain
    ):
        return unclear.go_on_without(scene.conversation) or unclear.answer(scene)
    return None


def _day_alone(scene: Scene) -> Slot | None:
    """`lunes`, where the model saw a date and we asked for days."""
    text, slots = scene.heard.text, scene.heard.slots
    is_date = bool(slots) and all(slot.slot is SlotName.START_DATE for slot in slots)
    if not is_date or not _WEEKDAYS.fullmatch(keywords.plain(text)):
        return None
    value = normalize(SlotName.DAYS, text, text=text, intent=Intent.INFORM, now=scene.now)
    return Slot(SlotName.DAYS, text, 0, len(text), value) if value else None


def _read(scene: Scene, *wanted: SlotName) -> list[Slot]:
    heard = scene.heard
    if len(heard.text) > _LONGEST_ANSWER or any(slot.slot not in _NO_NEWS for slot in heard.slots):
        return []
    text = _MY.sub("", heard.text)
    values = {name: normalize(name, text, text=text, intent=Intent.INFORM, now=scene.now) for name in wanted}
    return [Slot(name, heard.text, 0, len(heard.text), value) for name, value in values.items() if value]


def _details(scene: Scene, *found: Slot) -> Turn:
    slots = (*(slot for slot in scene.heard.slots if slot.slot not in _NO_NEWS), *found)
    return finding.details(scene.hearing(Intent.INFORM, *slots))


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
    Awaiting.CANCEL: requests.answer_cancel,
    Awaiting.SUBJECT: _subject,
    Awaiting.CONSENT: placing.answer_consent,
    Awaiting.COUNTER: placing.answer_counter,
    Awaiting.RELAY: passing.answer_relay,
    Awaiting.ASK_AGAIN: placing.answer_again,
    Awaiting.SWITCH: placing.answer_switch,
    Awaiting.QUIT: offers.answer_quit,
    Awaiting.RATING: ratings.answer_rating,
    Awaiting.COMMENT: ratings.answer_comment,
}
