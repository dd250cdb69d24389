"""What people read of a hub or of something to learn from, word for word: the dialogue itself says it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.dialogue import Conversation, PlacesPort, Turn, show_hubs, show_resources
from bot.dialogue import learning as talk_of_learning
from bot.dialogue.conversation import ListedResource, Place, Topic
from bot.dialogue.scene import Heard, Scene
from bot.gsm7 import Size, size
from bot.importers.hubs import HubRow
from bot.importers.resources import ResourceRow
from bot.messages import Channel, Reply
from matching.schema import Hub, HubOption, HubResult, Resource, ResourceKind

EXAMPLE_KM = 0.8
"""How far away the hub is in the example."""


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message in both its forms, and what the SMS takes."""

    title: str
    whatsapp: str
    sms: str
    size: Size


def of_hub(row: HubRow, places: PlacesPort, now: datetime) -> list[Bubble]:
    """The list that somebody reads who is close to it, and looks for what it has."""
    hub = Hub(0, row.name, row.point, row.ubigeo, row.address, row.services, row.hours, row.free)
    result = HubResult((HubOption(hub, EXAMPLE_KM),))
    place = Place(row.ubigeo, places.label(row.ubigeo), row.point.lat, row.point.lon)

    def told(channel: Channel) -> Turn:
        return show_hubs(_waiting(Topic.HUBS, channel, place=place), result, {"search": 1}, now)

    return _bubbles("Cuando alguien busca cerca", told)


def of_resource(row: ResourceRow, places: PlacesPort, now: datetime) -> list[Bubble]:
    """How it stands in a list, then what is read once it is chosen: each part of a lesson, or where to find it."""
    resource = Resource(
        id=1,
        title=row.title,
        topics=row.topics,
        level=row.level,
        kind=row.kind,
        language=row.language,
        minutes=row.minutes,
        summary=row.summary,
        where=row.where,
        kb=row.kb,
        parts=row.parts,
    )

    def told(channel: Channel) -> Turn:
        waiting = _waiting(Topic.LEARNING, channel, subject=next(iter(row.topics), row.title))
        return show_resources(waiting, (resource,), None, {"search": 1}, now)

    listed = told(Channel.SMS).conversation
    return [*_bubbles("En la lista", told), *_chosen(listed, places, now)]


def _chosen(listed: Conversation, places: PlacesPort, now: datetime) -> Iterable[Bubble]:
    picked = next(one for one in listed.listed if isinstance(one, ListedResource))
    turn = talk_of_learning.take(listed, picked)
    if picked.kind is not ResourceKind.SMS:
        yield _bubble("Cuando lo escoge", turn.replies[0], turn.replies[0])
        return
    parts = len(picked.parts)
    for step in range(1, parts + 1):
        first = turn.replies[0]
        yield _bubble(f"Parte {step} de {parts}", first, first)
        for after in turn.replies[1:]:
            yield _bubble("Al terminar", after, after)
        asked = Scene(turn.conversation, Heard("sigue", None, sure=True), now, places)
        turn = talk_of_learning.go_on(asked) or turn


def _waiting(
    topic: Topic, channel: Channel, place: Place | None = None, subject: str | None = None
) -> Conversation:
    """A talk in which the answer to a search is awaited."""
    return Conversation(topic=topic, place=place, subject=subject, search=1, searching=topic, channel=channel)


def _bubbles(title: str, told: Callable[[Channel], Turn]) -> list[Bubble]:
    """What is said on each channel, message by message: a list is shorter on a basic phone."""
    whatsapp, sms = told(Channel.WHATSAPP).replies, told(Channel.SMS).replies
    return [_bubble(title, one, other) for one, other in zip(whatsapp, sms, strict=True)]


def _bubble(title: str, whatsapp: Reply, sms: Reply) -> Bubble:
    return Bubble(title, whatsapp.whatsapp, sms.sms, size(sms.sms))
