"""People who care for children, or want to: whether they are on file, where that stands, and what is done with it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from bot.dialogue import asking, cases, changing, keywords, ownfile, phrases, registering
from bot.dialogue.conversation import Awaiting, Conversation, OwnFile, Topic
from bot.dialogue.scene import Scene, Turn
from bot.dialogue.wording import phrase, say, together
from bot.messages import CaseReason, Job, JobKind, Reply

_REGISTERS = re.compile(r"\b(registrar\w*|inscribir\w*|inscripcion|registro)\b")
_GOES_ON = re.compile(
    r"\b(seguir|continuar|sigamos|sigo|terminar) (con )?(el |mi |la )?(registro|inscripcion)\b|^registro$"
)
_WANTS_TO = re.compile(
    r"\b(quiero|quisiera|deseo|como|puedo|me gustaria) (puedo )?(registrar|inscribir)(me|nos|la|lo)?"
    r"( gratis| por favor| aqui| (como|de) (cuidadora|ninera|nana)| para (cuidar|trabajar).*)?$"
)


def answer(scene: Scene) -> Turn | None:
    """The turn that an open question to somebody who offers care makes of the message; None when it is no answer."""
    awaiting = scene.conversation.awaiting
    if awaiting is Awaiting.PROVIDER_LEAVE:
        return changing.answer_leave(scene)
    if awaiting is Awaiting.PROVIDER_AGAIN:
        return changing.answer_again(scene)
    if awaiting is None or not ownfile.is_asked(awaiting):
        return None
    return registering.answer(scene, awaiting)


def go_on(scene: Scene) -> Turn | None:
    """`seguir registro`, `quiero registrarme`: on with what was begun, or to a beginning."""
    plain = keywords.plain(scene.heard.text)
    is_begun = scene.conversation.draft != OwnFile()
    if _WANTS_TO.search(plain):
        return offer(scene)
    return registering.begin(scene) if is_begun and _GOES_ON.search(plain) else None


def offer(scene: Scene) -> Turn:
    """Somebody offers care. Whoever is on file hears what is there, for what they changed was taken in before."""
    conversation = scene.conversation
    if conversation.own is not None:
        return Turn(conversation, (on_file(ownfile.current(conversation.own, scene)),))
    is_new = conversation.draft == OwnFile()
    return registering.begin(scene, *([say("provider_welcome")] if is_new else []))


def update_availability(scene: Scene) -> Turn:
    """What somebody says of their places, where it was not plain what it changes; or of whom we know nothing yet."""
    conversation = scene.conversation
    if conversation.own is not None:
        said = cases.open_case(CaseReason.PROVIDER, conversation, scene.heard.text, about="availability")
        return Turn(replace(conversation, tries=0), (say("availability_noted"),), (said,))
    is_new = conversation.draft == OwnFile()
    return registering.begin(scene, *([say("provider_unknown")] if is_new else []))


def about(scene: Scene) -> Turn | None:
    """What comes of registering, and what it costs; None unless somebody who offers care, or speaks of registering,
    asks."""
    conversation = scene.conversation
    is_registering = _REGISTERS.search(keywords.plain(scene.heard.text))
    if conversation.own is not None and (is_registering or conversation.topic in (None, Topic.PROVIDER)):
        return asking.with_question(conversation, on_file(ownfile.current(conversation.own, scene)))
    if conversation.topic is not Topic.PROVIDER and not is_registering:
        return None
    return asking.with_question(conversation, say("offer_next"))


def on_file(own: OwnFile) -> Reply:
    """All that is on file, and whether families see it."""
    return say("own_file", **ownfile.facts(own), standing=standing(own))


def standing(own: OwnFile) -> str:
    """Whether they are shown to families, and if not, why."""
    if not own.verified:
        return phrase("not_verified")
    if own.paused_until == ownfile.UNTIL_THEY_SAY:
        return phrase("paused")
    if own.paused_until is not None:
        return phrase("paused_until", when=phrases.weekday_and_date(own.paused_until))
    return phrase("verified")


def file_kept(conversation: Conversation, data: dict[str, Any], now: datetime) -> Turn:
    """What became of their file. result: `registered`; `no_number` (then `file` is what could not be kept); or what an
    operator did: `verified`; `hidden`; `paused` (`until` that day); `resumed`; `edited` (`changes` of `file`;
    `reviewed`: they must be looked at again); `removed`."""
    result = data["result"]
    if result == "registered":
        case = cases.open_case(CaseReason.PROVIDER, conversation, about="register", file=data["file"])
        return Turn(conversation, (say("provider_registered", name=data["file"]["name"]),), (case,))
    if result == "no_number":
        draft = OwnFile.from_json(data["file"])
        waiting = replace(
            conversation, topic=Topic.PROVIDER, draft=draft, awaiting=Awaiting.PROVIDER_CONFIRM, tries=0
        )
        return Turn(waiting, (say("provider_no_number"),))
    return Turn(conversation, _told_by_hand(data))


def _told_by_hand(data: dict[str, Any]) -> tuple[Reply, ...]:
    """What somebody hears of what an operator did with their file."""
    if data["result"] == "paused":
        until = date.fromisoformat(data["until"])
        if until == ownfile.UNTIL_THEY_SAY:
            return (say("provider_paused_by_us"),)
        return (say("provider_paused_by_us_until", when=phrases.weekday_and_date(until)),)
    if data["result"] == "edited":
        news = ownfile.news(data["changes"], OwnFile.from_json(data["file"])) or phrase("noted_all")
        edited = say("provider_edited", need=news)
        return together(edited, say("provider_reviewed")) if data["reviewed"] else (edited,)
    return (say(_BY_HAND[data["result"]]),)


_BY_HAND = {
    "verified": "provider_verified",
    "hidden": "provider_hidden",
    "resumed": "provider_resumed",
    "removed": "provider_removed",
}


def available_again(conversation: Conversation, data: dict[str, Any], now: datetime) -> Turn:
    """The day has come on which they said that there would be places. With `places` in the data, so many are free now;
    else they are asked. A question that is open to them stays open."""
    own, places = conversation.own, data.get("places")
    if own is None:
        return Turn(conversation)
    conversation = replace(
        conversation, last_at=now
    )  # their answer is to this, however long they were silent
    if places is not None:
        change = Job(JobKind.CHANGE_FILE, {"changes": {"capacity": places}})
        reply = say("provider_places_now", thing=phrases.places(places))
        return Turn(replace(conversation, own=replace(own, capacity=places)), (reply,), (change,))
    if conversation.awaiting not in (None, Awaiting.TOPIC):
        return Turn(conversation, (say("provider_again"),))
    return asking.ask(conversation, Awaiting.PROVIDER_AGAIN)
