"""One step of the talk: the rules in the order in which they are tried. The first that answers, answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.dialogue import (
    answers,
    finding,
    needs,
    options,
    people,
    providers,
    requests,
    smalltalk,
    unclear,
    whereabouts,
)
from bot.dialogue.conversation import Conversation
from bot.dialogue.scene import PlacesPort, Scene, Turn, hear
from bot.dialogue.wording import say
from bot.messages import Incoming
from nlp.schema import Intent, SlotName

FORGOTTEN_AFTER = timedelta(days=14)
"""After so long a silence the talk begins anew: the child is older, and nobody remembers what `la 2` was."""

Rule = Callable[[Scene], Turn | None]


def step(conversation: Conversation, incoming: Incoming, now: datetime, places: PlacesPort) -> Turn:
    """What a message makes of the conversation: where it stands now, what is said, what is to be done.

    Pure; never fails on what a person may write. There is a reply, or a search whose answer will be one, except for
    whoever opted out. `now` is timezone-aware.
    """
    here = replace(_remembered(conversation, now), channel=incoming.channel, last_at=now)
    scene = Scene(here, hear(incoming), now, places)
    return next(turn for rule in RULES if (turn := rule(scene)) is not None)


def _remembered(conversation: Conversation, now: datetime) -> Conversation:
    """The conversation as it was left, or a new one when that was long ago."""
    last = conversation.last_at
    if last is None or now - last < FORGOTTEN_AFTER:
        return conversation
    return Conversation(
        search=conversation.search, opted_out=conversation.opted_out, chosen=conversation.chosen
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
    people.stop,
    _place_shared,
    _no_words,
    answers.answer,
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
    Intent.RATE_PROVIDER: providers.rate,
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
