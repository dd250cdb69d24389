"""One step of the talk: the rules in the order in which they are tried. The first that answers, answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.dialogue import (
    answers,
    changing,
    finding,
    known,
    learning,
    needs,
    numbers,
    offers,
    options,
    passing,
    people,
    placing,
    providers,
    ratings,
    requests,
    smalltalk,
    team,
    unclear,
    whereabouts,
    wishes,
)
from bot.dialogue.conversation import Awaiting, Conversation, Topic
from bot.dialogue.scene import PlacesPort, Scene, Turn, hear
from bot.dialogue.wording import say
from bot.messages import Incoming
from nlp.schema import Intent, SlotName

FORGOTTEN_AFTER = timedelta(days=14)
"""After so long a silence the talk begins anew: the child is older, and nobody remembers what `la 2` was."""

LOST = (Intent.INFORM, Intent.OUT_OF_SCOPE, Intent.AFFIRM, Intent.DENY)
"""Readings that lead nowhere by themselves when nothing else was found in the message."""

MOST_WORDS_OF_A_WISH = 4
"""In a longer message, within one topic, a word of another one tells only of the day: `salgo a mis clases de noche`."""

Rule = Callable[[Scene], Turn | None]


def step(conversation: Conversation, incoming: Incoming, now: datetime, places: PlacesPort) -> Turn:
    """What a message makes of the conversation: where it stands now, what is said, what is to be done.

    Pure; never fails on what a person may write. There is a reply, or a search whose answer will be one, except for
    whoever opted out, and for what a person of Ayllu answers who has taken over. `now` is timezone-aware.
    """
    here = replace(_remembered(conversation, now), channel=incoming.channel, last_at=now, alarmed_at=None)
    scene = Scene(here, hear(incoming), now, places, alarmed=people.is_alarmed(conversation, now))
    if here.taken_over:
        return team.listen(scene)
    turn = next(turn for rule in RULES if (turn := rule(scene)) is not None)
    after = whereabouts.let_go(here, turn.conversation)
    is_done = after.asked == here.asked and after.awaiting is not Awaiting.RELAY
    return replace(turn, conversation=replace(after, asked=None) if is_done else after)


def _remembered(conversation: Conversation, now: datetime) -> Conversation:
    """The conversation as it was left, or a new one when that was long ago."""
    last = conversation.last_at
    if last is None or now - last < FORGOTTEN_AFTER:
        return conversation
    return Conversation(
        search=conversation.search,
        opted_out=conversation.opted_out,
        taken_over=conversation.taken_over,
        name=conversation.name,
        consent=conversation.consent,
        chosen=conversation.chosen,
        offers=conversation.offers,
        question=conversation.question,
        own=conversation.own,
        draft=conversation.draft,
        lesson=conversation.lesson,
    )


def _place_shared(scene: Scene) -> Turn | None:
    """A pin tells where."""
    pin = scene.heard.pin
    if pin is None:
        return None
    there = whereabouts.take_pin(scene.conversation, pin, scene.places)
    return finding.pin(scene, there) if there else Turn(scene.conversation, (say("pin_unknown"),))


def _no_words(scene: Scene) -> Turn | None:
    """A photo or a voice message, without a word."""
    return smalltalk.only_text(scene) if scene.heard.media and not scene.heard.text else None


def _not_understood(scene: Scene) -> Turn | None:
    """Too unsure to act on. What it says for certain is kept where something was asked, or nothing was known."""
    heard = scene.heard
    if heard.sure:
        return None
    said = any(slot.value is not None and slot.slot is not SlotName.OPTION for slot in heard.slots)
    if not said or (scene.conversation.listed and scene.conversation.awaiting is None):
        return unclear.answer(scene)
    if scene.conversation.topic is None:
        return unclear.answer(scene.at(needs.absorb(scene)))
    return finding.details(scene)


def _place_alone(scene: Scene) -> Turn | None:
    """`belén`, at whatever moment: the name of a place, in which the model saw none."""
    heard = scene.heard
    is_lost = not heard.sure or heard.intent in LOST
    if not is_lost or heard.slots or wishes.topic_in(heard.text):
        return None
    place = whereabouts.read_name(scene)
    return finding.details(scene.hearing(Intent.INFORM, place)) if place else None


def _told_by_a_word(scene: Scene) -> Turn | None:
    """`internet`, `una niñera`: what is looked for, where the reading is unsure or would turn the person away."""
    heard, now = scene.heard, scene.conversation.topic
    if heard.intent is None or (heard.sure and heard.intent is not Intent.OUT_OF_SCOPE):
        return None
    wish = wishes.topic_in(heard.text) or needs.topic_of(heard)
    if wish in (None, now, Topic.PROVIDER) or now is Topic.PROVIDER:
        return None
    if now is not None and len(heard.text.split()) > MOST_WORDS_OF_A_WISH:
        return None
    return finding.take_up(wish, scene)


def _more_than_a_word(scene: Scene) -> Turn | None:
    """`sí, de 2 años`, `no, en Ate`, `hola, en Comas`: what is said beside the word is what counts."""
    polite = (Intent.AFFIRM, Intent.DENY, Intent.GREET, Intent.THANK)
    said = any(slot.value is not None and slot.slot is not SlotName.OPTION for slot in scene.heard.slots)
    return finding.details(scene) if scene.heard.intent in polite and said else None


def _by_intent(scene: Scene) -> Turn | None:
    """What the person wants."""
    intent = scene.heard.intent
    return INTENTS[intent](scene) if intent is not None else unclear.answer(scene)


def _affirm(scene: Scene) -> Turn:
    return unclear.answer(scene) if scene.conversation.awaiting else requests.affirm(scene)


def _deny(scene: Scene) -> Turn:
    return unclear.answer(scene) if scene.conversation.awaiting else requests.deny(scene)


RULES: tuple[Rule, ...] = (
    people.emergency,
    people.silence,
    changing.leave,
    people.stop,
    known.tell,
    numbers.given,
    providers.answer,
    people.stay_with_shared_place,
    _place_shared,
    changing.beside(offers.answer),
    passing.answer,
    offers.reminding(changing.change),
    placing.number_again,
    placing.changed,
    options.plain_choice,
    learning.go_on,
    _no_words,
    answers.answer,
    providers.go_on,
    people.stay_with,
    _place_alone,
    _told_by_a_word,
    _not_understood,
    _more_than_a_word,
    _by_intent,
)

INTENTS: dict[Intent, Callable[[Scene], Turn]] = {
    Intent.FIND_CHILDCARE: finding.care,
    Intent.FIND_TECH_HUB: finding.hub,
    Intent.FIND_LEARNING: finding.learning,
    Intent.INFORM: finding.details,
    Intent.CHOOSE_OPTION: options.choose,
    Intent.MORE_OPTIONS: options.more,
    Intent.AFFIRM: _affirm,
    Intent.DENY: _deny,
    Intent.ASK_PRICE: options.tell_price,
    Intent.ASK_DETAILS: options.tell_details,
    Intent.CHECK_STATUS: requests.tell_status,
    Intent.CANCEL: requests.cancel,
    Intent.OFFER_CARE: providers.offer,
    Intent.UPDATE_AVAILABILITY: providers.update_availability,
    Intent.RATE_PROVIDER: ratings.judge,
    Intent.REPORT_PROBLEM: people.problem,
    Intent.EMERGENCY: lambda scene: people.emergency(scene) or unclear.answer(scene),
    Intent.TALK_TO_HUMAN: people.human,
    Intent.HELP: smalltalk.help_out,
    Intent.GREET: smalltalk.greet,
    Intent.THANK: smalltalk.thank,
    Intent.OPT_OUT: lambda scene: people.stop(scene) or unclear.answer(scene),
    Intent.OPT_IN: people.opt_in,
    Intent.DELETE_MY_DATA: people.erase,
    Intent.OUT_OF_SCOPE: smalltalk.out_of_scope,
}
