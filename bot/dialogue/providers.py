"""People who care for children, or want to: what they say is noted and handed to a person who registers them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from bot.dialogue import asking, cases, keywords, needs, phrases, whereabouts
from bot.dialogue.conversation import Conversation, Offer, Place, Topic
from bot.dialogue.scene import Heard, Scene, Turn
from bot.dialogue.wording import phrase, say, together
from bot.messages import CaseReason, Reply
from nlp.schema import SlotName

LOW_RATING = 2
"""Of 5: up to here a person looks at what went wrong."""

_REGISTERS = re.compile(r"\b(registrar\w*|inscribir\w*|inscripcion|registro)\b")


def offer(scene: Scene) -> Turn:
    """Somebody offers care, or adds to what they offered."""
    conversation = take(scene)
    said = summary(conversation.offer)
    is_new = scene.conversation.topic is not Topic.PROVIDER
    key = "offer_noted" if is_new else "offer_more"
    reply = say(key, need=said) if said else say("offer_welcome")
    return _hand_over(scene, conversation, reply, "offer")


def update_availability(scene: Scene) -> Turn:
    """A provider says what places they have, or changes what is on file; in the middle of an offer, a part of it."""
    if scene.conversation.topic is Topic.PROVIDER and scene.conversation.offer != Offer():
        return offer(scene)
    return _hand_over(scene, take(scene), say("availability_noted"), "availability")


def rate(scene: Scene) -> Turn:
    """A parent judges the care that was given."""
    ratings = [slot.value for slot in scene.heard.of(SlotName.RATING) if slot.value]
    is_low = bool(ratings) and ratings[-1] <= LOW_RATING
    named = [slot.text for slot in scene.heard.of(SlotName.PROVIDER)]
    case = cases.open_case(
        CaseReason.PROBLEM if is_low else CaseReason.PROVIDER,
        scene.conversation,
        scene.heard.text,
        about="rating",
        rating=ratings[-1] if ratings else None,
        provider=named[-1] if named else None,
    )
    turn = asking.with_question(scene.conversation, say("rated_low" if is_low else "rated"))
    return replace(turn, jobs=(case,))


def about(scene: Scene) -> Turn | None:
    """What comes of registering, and what it costs; None unless somebody who offers care, or speaks of registering,
    asks."""
    is_registering = _REGISTERS.search(keywords.plain(scene.heard.text))
    if scene.conversation.topic is not Topic.PROVIDER and not is_registering:
        return None
    return asking.with_question(scene.conversation, say("offer_next"))


def proceed(conversation: Conversation, *lead: Reply) -> Turn:
    """What is known of the offer so far."""
    said = summary(conversation.offer)
    return Turn(conversation, together(*lead, say("offer_more", need=said) if said else say("offer_welcome")))


def take(scene: Scene) -> Conversation:
    """The conversation with what the message says of the care that is offered. Where the provider is, is no place
    where help is wanted, but it tells which places are meant next."""
    heard, before = scene.heard, scene.conversation.offer
    numbers = [slot.value for slot in heard.of(SlotName.CAPACITY) if slot.value is not None]
    prices = [slot.value for slot in heard.of(SlotName.PRICE) if slot.value]
    dates = [slot.value for slot in heard.of(SlotName.START_DATE) if slot.value]
    youngest, oldest = _ages(heard)
    days, start, end = needs.read_when(heard, before.days, before.start, before.end)
    known = Offer(
        place=_place(scene) or before.place,
        min_months=youngest if youngest is not None else before.min_months,
        max_months=oldest if oldest is not None else before.max_months,
        days=days,
        start=start,
        end=end,
        start_date=date.fromisoformat(dates[-1]) if dates else before.start_date,
        price=(needs.read_price(prices[-1])[0] if prices else None) or before.price,
        capacity=numbers[-1] if numbers else before.capacity,
    )
    return replace(scene.conversation, topic=Topic.PROVIDER, offer=known, awaiting=None, tries=0)


def summary(offered: Offer) -> str:
    """What is offered, in a line; empty for nothing."""
    parts = [
        offered.place.label if offered.place else "",
        phrases.age_range(offered.min_months, offered.max_months),
        phrases.when(offered.days, offered.start, offered.end, offered.start_date),
        phrases.price(offered.price) if offered.price else "",
        phrase("capacity", capacity=offered.capacity) if offered.capacity is not None else "",
    ]
    return ", ".join(part for part in parts if part)


def _hand_over(scene: Scene, conversation: Conversation, reply: Reply, about: str) -> Turn:
    offered = conversation.to_json()["offer"]
    case = cases.open_case(CaseReason.PROVIDER, conversation, scene.heard.text, about=about, offer=offered)
    return Turn(conversation, (reply,), (case,))


def _ages(heard: Heard) -> tuple[int | None, int | None]:
    values = [slot.value for slot in heard.of(SlotName.CHILD_AGE) if slot.value]
    ages = needs.ages_in(heard)
    open_below = any("min_months" not in value and "max_months" in value for value in values)
    open_above = any("max_months" not in value and "min_months" in value for value in values)
    return (
        None if open_below or not ages else min(ages),
        None if open_above or not ages else max(ages),
    )


def _place(scene: Scene) -> Place | None:
    there = whereabouts.take(scene.at(replace(scene.conversation, place=None, candidates=())))
    return there.place
