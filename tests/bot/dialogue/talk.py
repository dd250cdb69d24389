"""A talk with the dialogue, as a transcript: what a person writes, and what they must read next.

    talk = Talk()
    talk.says("busco cuna en collique", "find_childcare", care_type="daycare", location="collique")
    talk.hears("Collique (Comas)", "edad")

What a message means is given by hand; places are read by the real gazetteer, and searches are answered by the real
matching among a few providers and hubs. After every message the conversation goes through JSON and back, and every
SMS is counted.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from bot import dialogue
from bot.dialogue import Conversation, Turn
from bot.dialogue.conversation import OwnFile
from bot.dialogue.wording import wording
from bot.gsm7 import is_gsm7, size
from bot.messages import CaseReason, Channel, Event, EventKind, Incoming, Job, JobKind, Reply
from matching.candidates import CarersNear
from matching.find import find_care, find_hubs
from matching.geo import distance_km
from matching.resources import Known, best
from matching.schema import CareKind, Hub, Level, Point, Price, Provider, Resource, ResourceKind
from nlp.places import Gazetteer
from nlp.schema import Intent, Parse, Slot, SlotName

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("America/Lima"))
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")
COLLIQUE = Point(-11.915, -77.02)
AYACUCHO = Point(-13.1604, -74.2259)


@lru_cache(maxsize=1)
def places() -> Gazetteer:
    return Gazetteer.load()


def provider(id: int, name: str, north_km: float = 1.0, **facts: Any) -> Provider:
    """A verified provider north of Collique."""
    usual: dict[str, Any] = {
        "kind": CareKind.DAYCARE,
        "point": Point(COLLIQUE.lat + north_km / 111.2, COLLIQUE.lon),
        "ubigeo": "150110",
        "address": "Jr. Los Claveles 123",
        "min_months": 6,
        "max_months": 48,
        "days": WEEKDAYS,
        "opens": "07:00",
        "closes": "18:00",
        "price": Price(300, "month"),
        "places_free": 3,
        "verified": True,
    }
    return Provider(id=id, name=name, **{**usual, **facts})


PROVIDERS = (
    provider(
        11,
        "Cuna Más Collique",
        0.4,
        kind=CareKind.CUNA_MAS,
        price=Price(0, None),
        opens="08:00",
        closes="16:00",
    ),
    provider(12, "Los Pollitos", 0.8, amenities=("almuerzo", "patio")),
    provider(13, "Señora Rosa", 1.1, kind=CareKind.HOME, price=Price(20, "day"), rating=4.5, ratings=8),
    provider(14, "Mi Pequeño Mundo", 1.9, price=Price(450, "month"), address=""),
    provider(15, "Estrellita de Belén", 2.4, price=None),
)
HUBS = (
    Hub(
        21,
        "CAD Huamanga",
        Point(AYACUCHO.lat + 0.004, AYACUCHO.lon),
        "050101",
        "Jr. Asamblea 280",
        ("internet", "computer", "printing"),
        {**dict.fromkeys(WEEKDAYS, ("08:00", "18:00")), "sat": ("09:00", "13:00")},
        True,
    ),
    Hub(
        22,
        "Biblioteca Municipal de Ayacucho",
        Point(AYACUCHO.lat + 0.012, AYACUCHO.lon),
        "050101",
        "Portal Constitución 15",
        ("wifi", "computer", "training"),
        dict.fromkeys(WEEKDAYS, ("09:00", "17:00")),
        True,
    ),
)


def resource(id: int, title: str, topics: str, **facts: Any) -> Resource:
    """Something to learn from; a lesson of three messages unless said otherwise."""
    usual: dict[str, Any] = {
        "level": Level.BASIC,
        "kind": ResourceKind.SMS,
        "language": "castellano",
        "minutes": 15,
        "summary": "Lo que hay que saber para empezar.",
    }
    if facts.get("kind", ResourceKind.SMS) is ResourceKind.SMS:
        usual["parts"] = ("Abra el programa.", "Escriba en una casilla.", "Guarde su hoja.")
    return Resource(id=id, title=title, topics=tuple(topics.split("; ")), **{**usual, **facts})


RESOURCES = (
    resource(31, "Excel desde cero", "excel; hoja de calculo"),
    resource(32, "Excel: fórmulas", "excel; formulas", level=Level.MIDDLE),
    resource(
        33,
        "Excel: tablas dinámicas",
        "excel; tablas dinamicas",
        level=Level.ADVANCED,
        kind=ResourceKind.PAGE,
        where="https://aprende.ayllu.example/excel",
        kb=180,
    ),
    resource(34, "Excel: ejercicios", "excel; ejercicios", kind=ResourceKind.PRINTED, where="printing"),
    resource(
        35,
        "Inglés por radio",
        "ingles; idiomas",
        kind=ResourceKind.RADIO,
        where="Radio Barrio 1080 AM, sabado 8am",
    ),
    resource(36, "Inglés: primeras frases", "ingles; idiomas"),
)


def said(
    text: str, intent: str, confidence: float = 0.98, near_ubigeo: str | None = None, **slots: Any
) -> Parse:
    """A reading made by hand. A slot's value stands by its name, several as a list; a location's is its name."""
    found = [
        _slot(SlotName(name), value, text, near_ubigeo)
        for name, values in slots.items()
        for value in (values if isinstance(values, list) and name != "days" else [values])
    ]
    return Parse(text, Intent(intent), confidence, tuple(found))


def _slot(name: SlotName, value: Any, text: str, near_ubigeo: str | None) -> Slot:
    if name is not SlotName.LOCATION:
        words = value if isinstance(value, str) else text
        return Slot(name, words, 0, len(words), value)
    place = places().resolve(value, message=text, near_ubigeo=near_ubigeo)
    start = max(text.find(value), 0)
    return Slot(
        name,
        value,
        start,
        start + len(value),
        place.value() if place else None,
        place.point if place else None,
    )


class Talk:
    """One person's talk."""

    def __init__(
        self,
        channel: Channel = Channel.WHATSAPP,
        providers: Iterable[Provider] = PROVIDERS,
        hubs: Iterable[Hub] = HUBS,
        resources: Iterable[Resource] = RESOURCES,
    ) -> None:
        self.conversation = Conversation()
        self.channel = channel
        self.now = NOW
        self.replies: tuple[Reply, ...] = ()
        self.jobs: tuple[Job, ...] = ()
        self.holding = False
        self._providers = tuple(providers)
        self._hubs = tuple(hubs)
        self._resources = tuple(resources)

    def says(self, text: str, intent: str | None = None, confidence: float = 0.98, **slots: Any) -> None:
        """A text; with no intent, nobody could read it."""
        near = self.conversation.near_ubigeo
        parse = said(text, intent, confidence, near, **slots) if intent else None
        self._step(Incoming(self.channel, self.now, text, parse))

    def shares(self, lat: float, lon: float) -> None:
        """A pin."""
        self._step(Incoming(self.channel, self.now, pin=(lat, lon)))

    def sends_photo(self) -> None:
        self._step(Incoming(self.channel, self.now, media=1))

    def waits(self, **time: float) -> None:
        self.now += timedelta(**time)

    def hears(self, *parts: str) -> None:
        """What is read next holds all of these, in this order."""
        text, start = self.text, 0
        for part in parts:
            found = text.find(part, start)
            assert found >= 0, f"no {part!r} (in this place) in what was said:\n{text}"
            start = found + len(part)

    def hears_nothing(self) -> None:
        assert not self.replies, self.text

    @property
    def text(self) -> str:
        """All that was said after the last message, as this person's phone shows it."""
        return "\n---\n".join(
            reply.whatsapp if self.channel is Channel.WHATSAPP else reply.sms for reply in self.replies
        )

    def deeds(self, kind: JobKind) -> list[dict[str, Any]]:
        """What the last message has done about the other side, of this kind: the data of each."""
        return [job.data for job in self.jobs if job.kind is kind]

    def learns(self, kind: EventKind, **data: Any) -> None:
        """Something happened elsewhere."""
        turn = dialogue.happened(self.conversation, Event(kind, data), self.now)
        self.conversation = through_json(turn.conversation)
        self.replies, self.jobs = turn.replies, turn.jobs
        for reply in self.replies:
            check(reply)

    @property
    def cases(self) -> list[CaseReason]:
        """The cases that the last message opened."""
        return [CaseReason(job.data["reason"]) for job in self.jobs if job.kind is JobKind.OPERATOR]

    def answer_search(self, job: Job) -> None:
        """The worker's part, for a search that was held back."""
        turn = self._search(job)
        self.conversation = turn.conversation
        self.replies, self.jobs = turn.replies, turn.jobs

    def _step(self, incoming: Incoming) -> None:
        turn = dialogue.step(self.conversation, incoming, self.now, places())
        replies, jobs = list(turn.replies), list(turn.jobs)
        self.conversation = turn.conversation
        for job in turn.jobs:
            if (job.kind.is_search or job.kind is JobKind.REGISTER) and not self.holding:
                found = self._search(job) if job.kind.is_search else self._register(job)
                self.conversation = found.conversation
                replies += found.replies
                jobs += found.jobs
        self.replies, self.jobs = tuple(replies), tuple(jobs)
        self.conversation = through_json(self.conversation)
        for reply in self.replies:
            check(reply)

    def _search(self, job: Job) -> Turn:
        data = json.loads(json.dumps(job.data))
        if job.kind is JobKind.FIND_CARE:
            care = find_care(
                dialogue.care_query(data), CarersNear(lambda at, km: _within(self._providers, at, km))
            )
            return dialogue.show_care(self.conversation, care, data, self.now)
        if job.kind is JobKind.FIND_RESOURCES:
            return self._learn(data)
        hubs = find_hubs(dialogue.hub_query(data), lambda at, km: _within(self._hubs, at, km))
        return dialogue.show_hubs(self.conversation, hubs, data, self.now)

    def _register(self, job: Job) -> Turn:
        """What the exchange does with it, and the person hears."""
        data = json.loads(json.dumps(job.data))
        own = replace(OwnFile.from_json(data["file"]), id=1)
        kept = Event(EventKind.FILE_KEPT, {"result": "registered", "file": data["file"]})
        return dialogue.happened(replace(self.conversation, own=own), kept, self.now)

    def _learn(self, data: dict[str, Any]) -> Turn:
        """What the words alone find: the meaning needs the model."""
        found = best(dialogue.resource_query(data), (Known(one, None) for one in self._resources))
        nearby = dialogue.lessons_query(data)
        hubs = find_hubs(nearby, lambda at, km: _within(self._hubs, at, km)).options if nearby else ()
        hub = next((option for option in hubs if not option.missing), None)
        return dialogue.show_resources(self.conversation, found, hub, data, self.now)


def through_json(conversation: Conversation) -> Conversation:
    """The conversation as it comes back from where it is kept: the same."""
    again = Conversation.from_json(json.loads(json.dumps(conversation.to_json())))
    assert again == conversation
    return again


def check(reply: Reply) -> None:
    """Both forms say something, and the SMS is plain and no longer than its wording may be."""
    assert reply.whatsapp.strip(), reply
    assert reply.sms.strip(), reply
    assert is_gsm7(reply.sms), reply.sms
    most = max(wording().messages[key].segments for key in reply.key.split("+"))
    assert size(reply.sms).segments <= most, f"{size(reply.sms).units} characters: {reply.sms}"


def _within(all_of_them: tuple[Any, ...], at: Point, radius_km: float) -> list[Any]:
    return [one for one in all_of_them if distance_km(at, one.point) <= radius_km]
