"""What is looked for: a request begins or changes, or details are given to it."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue import asking, needs, providers, topics, unclear
from bot.dialogue import learning as learning_material
from bot.dialogue.conversation import Awaiting, Conversation, HubNeed, Topic
from bot.dialogue.scene import Scene, Turn
from bot.dialogue.wording import say
from bot.messages import Reply
from nlp.schema import Intent, SlotName


def care(scene: Scene) -> Turn:
    """Somebody to look after a child."""
    return look_for(Topic.CARE, scene)


def hub(scene: Scene) -> Turn:
    """A place with internet or computers."""
    return look_for(Topic.HUBS, scene)


def learning(scene: Scene) -> Turn:
    """Something to learn: by message, radio, on paper, on a page; or a place with lessons, where that is asked for."""
    if not learning_material.asks_for_a_place(scene.heard):
        return look_for(Topic.LEARNING, scene)
    conversation = replace(scene.conversation, hubs=HubNeed(services=("training",)))
    return look_for(Topic.HUBS, scene.at(conversation))


def take_up(topic: Topic, scene: Scene) -> Turn:
    """The topic that a single word told, with all that is said beside it."""
    slots = tuple(slot for slot in scene.heard.slots if slot.slot is not SlotName.OPTION)
    return _REQUESTS[topic](scene.hearing(Intent.INFORM, *slots))


def look_for(topic: Topic, scene: Scene, *lead: Reply) -> Turn:
    """Take up the topic with what the message says, and go on with it. What was said before still holds."""
    before = scene.conversation
    after = needs.absorb(scene.at(replace(before, topic=topic)))
    if after == before and before.awaiting is not None:
        return _again(scene) if scene.heard.slots else unclear.answer(scene)
    return topics.proceed(after, *(lead or noted(before, after)))


def _again(scene: Scene) -> Turn:
    """The same request once more, word for word: it was understood, and so the question is put as before."""
    return asking.with_question(replace(scene.conversation, tries=0))


_REQUESTS = {Topic.CARE: care, Topic.HUBS: hub, Topic.LEARNING: learning}


def details(scene: Scene) -> Turn:
    """Details of a request, without one: they belong to the topic at hand, or tell which it is."""
    before = scene.conversation
    topic = _topic(scene)
    if topic is Topic.PROVIDER:
        return providers.offer(scene) if scene.heard.slots else unclear.answer(scene)
    after = needs.absorb(scene.at(replace(before, topic=topic)))
    is_new_place = after.unplaced is not None or after.candidates != before.candidates
    same = replace(before, topic=topic, care=replace(before.care, girl=after.care.girl))
    if after == same and topic == before.topic and not is_new_place:
        return unclear.answer(scene)
    return topics.proceed(after, *noted(before, after))


def pin(scene: Scene, there: Conversation) -> Turn:
    """The place was shared; whatever was written beside it is taken in too."""
    after = needs.absorb(scene.at(there)) if scene.heard.slots else there
    return topics.proceed(replace(after, place=there.place, candidates=()), *noted(scene.conversation, after))


def _topic(scene: Scene) -> Topic | None:
    """An age is about care, also after a talk about hubs."""
    now, spoken_of = scene.conversation.topic, needs.topic_of(scene.heard)
    if now is None or (now in (Topic.HUBS, Topic.LEARNING) and spoken_of is Topic.CARE):
        return spoken_of
    return now


def noted(before: Conversation, after: Conversation) -> tuple[Reply, ...]:
    """What was understood, said back while something is still to be asked: a list says it itself."""
    missing, line = topics.next_question(after), topics.need(after)
    is_new = _facts(after) != _facts(before) or (after.topic != before.topic and after.place is not None)
    if missing in (None, Awaiting.WHICH_PLACE) or not is_new or not line:
        return ()
    return (say("noted", need=line),)


def _facts(conversation: Conversation) -> tuple[object, ...]:
    """What is worth saying back: more than the kind of help."""
    care, hubs = conversation.care, conversation.hubs
    return conversation.place, replace(care, care_types=(), girl=False), replace(hubs, services=())
