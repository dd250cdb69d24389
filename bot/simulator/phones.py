"""The phones' side of the carrier, as JSON: what the page in the browser and the terminal phone talk to.

`GET api/news?after=N` waits until something changed after revision N and tells it; everything else is a
change. Addresses are relative to `/simulator/`.
"""

from __future__ import annotations

import base64
import binascii
import secrets
from dataclasses import asdict
from typing import Annotated, Any, TypeVar

from flask import Blueprint, Response, jsonify, request
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, model_validator

from bot import clock, gsm7
from bot.messages import Channel
from bot.simulator.address import Address, AddressError
from bot.simulator.backstage import BackstageError
from bot.simulator.carrier import Said
from bot.simulator.conversations import CONVERSATIONS
from bot.simulator.faults import EVERYBODY, KINDS, Faults
from bot.simulator.records import Button, Call, Message, Person, Pin
from bot.simulator.rest import carrier
from bot.simulator.travel import Travel, TravelError

LONGEST_WAIT_S = 25.0
AT_MOST = 400
MAX_PICTURE = 5 * 1024 * 1024
"""Bytes; WhatsApp's own bound on a picture."""

phones = Blueprint("phones", __name__, url_prefix="/simulator/api")


class PhoneError(ValueError):
    """What the phone asked for cannot be. The message says what is wrong."""


class _Said(BaseModel):
    """One of text, button, pin or picture (a data: address)."""

    model_config = ConfigDict(extra="forbid")

    number: str
    channel: Channel
    text: Annotated[str, Field(max_length=4096)] = ""
    button: Button | None = None
    pin: Pin | None = None
    picture: str | None = None

    @model_validator(mode="after")
    def check(self) -> _Said:
        if not (self.text or self.button or self.pin or self.picture):
            raise ValueError("nothing to send")
        if self.channel is Channel.SMS and (self.button or self.pin or self.picture):
            raise ValueError("an SMS carries text only")
        if self.pin and not (abs(self.pin.latitude) <= 90 and abs(self.pin.longitude) <= 180):
            raise ValueError("the pin is not on earth")
        return self


class _NewPerson(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(max_length=60)] = ""
    number: str = ""


class _Going(BaseModel):
    model_config = ConfigDict(extra="forbid")

    until: AwareDatetime | None = None


Body = TypeVar("Body", bound=BaseModel)


@phones.errorhandler(PhoneError)
def explain(error: PhoneError) -> tuple[Response, int]:
    return jsonify({"error": str(error)}), 400


@phones.get("/news")
def news() -> Response:
    """`after`: a revision; `wait`: seconds, 25 at most; `number`, `channel`: only this phone's messages;
    `looking`, any times: the number of a WhatsApp phone that somebody has in front of them."""
    memory = carrier().memory
    after = _number("after", -1)
    wait = min(float(_number("wait", 0)), LONGEST_WAIT_S)
    looking = request.args.getlist("looking")[:20]
    for seen in looking:
        carrier().look(seen)
    revision = memory.database.wait_beyond(after, wait) if wait else memory.database.revision
    for seen in looking:
        carrier().look(seen)
    changed = memory.messages.changed_since(after, AT_MOST)
    number, channel = request.args.get("number"), request.args.get("channel")
    mine = [
        message
        for message in changed
        if number in (None, message.person.number) and channel in (None, message.channel.value)
    ]
    return jsonify(
        {
            "revision": revision,
            "now": memory.clock().isoformat(),
            "clock": _clock(),
            "messages": [_message(message) for message in mine],
            "people": [_person(person) for person in memory.people.all()],
            "faults": {target: faults.model_dump() for target, faults in memory.switches.all().items()},
            "totals": {
                channel.value: {
                    "sent": total.sent,
                    "segments": total.segments,
                    "received": total.received,
                    "cost": str(total.cost),
                }
                for channel, total in memory.messages.totals().items()
            },
        }
    )


@phones.post("/messages")
def write() -> tuple[Response, int]:
    """A person sends something from a phone."""
    said = _body(_Said)
    try:
        person = Address.parse(f"whatsapp:{said.number}" if said.channel is Channel.WHATSAPP else said.number)
    except AddressError as error:
        raise PhoneError(f"{said.number} is no number for {said.channel}") from error
    message = carrier().write(
        person, Said(said.text, said.button, said.pin, _picture(said.picture)), request.host_url
    )
    return jsonify(_message(message)), 201


@phones.post("/people")
def new_person() -> tuple[Response, int]:
    """Somebody with a new phone. Without a number, one that nobody here has."""
    asked = _body(_NewPerson)
    number = asked.number.strip() or _unused_number()
    try:
        address = Address.parse(f"whatsapp:{number}")
    except AddressError as error:
        raise PhoneError(f"{number} is no number: write it like +51987654321") from error
    person = carrier().memory.people.meet(address.number, asked.name.strip() or address.number)
    return jsonify(_person(person)), 201


@phones.put("/faults/<target>")
def set_faults(target: str) -> Response:
    """The switches of a number, or of everybody (`*`). All at their defaults takes them away."""
    if target != EVERYBODY:
        try:
            target = Address.parse(f"whatsapp:{target}").number
        except AddressError as error:
            raise PhoneError(f"{target} is no number") from error
    faults = _body(Faults)
    carrier().switch(target, faults, request.host_url)
    return jsonify(faults.model_dump())


@phones.get("/messages/<sid>/calls")
def calls(sid: str) -> Response:
    """What the carrier asked of the bot about a message, in order."""
    return jsonify([_call(call) for call in carrier().memory.calls.about(sid)])


@phones.get("/messages/<sid>/story")
def story(sid: str) -> Response:
    """What the bot tells of a message from the inside; null without a backstage, or where it knows nothing of it."""
    backstage = carrier().backstage
    try:
        told = backstage.story(sid) if backstage else None
    except BackstageError as error:
        raise PhoneError(f"the bot does not tell: {error}") from error
    return jsonify(told)


@phones.get("/coming")
def coming() -> Response:
    """What the bot will do and when, the next first."""
    try:
        return jsonify(_travel().coming().events)
    except BackstageError as error:
        raise PhoneError(f"the bot does not tell: {error}") from error


@phones.post("/clock")
def set_clock() -> tuple[Response, int]:
    """Go ahead in time, to `until`; back to the machine's time without it."""
    until = _body(_Going).until
    try:
        if until is None:
            _travel().back()
        else:
            _travel().start(until)
    except TravelError as error:
        raise PhoneError(str(error)) from error
    return jsonify(_clock()), 202


@phones.get("/conversations")
def conversations() -> Response:
    """Conversations that can be played: their titles, and what is said, on which phone."""
    return jsonify([asdict(one) for one in CONVERSATIONS])


@phones.get("/size")
def size() -> Response:
    """What `text` takes as SMS."""
    measured = gsm7.size(request.args.get("text", ""))
    return jsonify(
        {
            "encoding": measured.encoding,
            "units": measured.units,
            "segments": measured.segments,
            "left": measured.left,
        }
    )


@phones.get("/pictures/<sid>")
def picture(sid: str) -> Response:
    found = carrier().memory.messages.picture(sid)
    if found is None:
        return Response("There is no such picture.", 404, mimetype="text/plain")
    return Response(found[1], mimetype=found[0], headers={"Cache-Control": "max-age=86400"})


def _travel() -> Travel:
    travel = carrier().travel
    if travel is None:
        raise PhoneError("the bot goes by its own clock")
    return travel


def _clock() -> dict[str, Any]:
    """By how much the time is ahead, and where it goes; `movable` says whether it can be moved at all."""
    travel = carrier().travel
    goes_to = travel.goes_to if travel else None
    return {
        "movable": travel is not None,
        "ahead_s": int(clock.ahead().total_seconds()),
        "goes_to": goes_to.isoformat() if goes_to else None,
    }


def _message(message: Message) -> dict[str, Any]:
    return {
        "sid": message.sid,
        "from_person": message.inbound,
        "channel": message.channel,
        "number": message.person.number,
        "text": message.button.title if message.button else message.body,
        "segments": message.segments,
        "encoding": gsm7.size(message.body).encoding if message.channel is Channel.SMS else None,
        "status": message.status,
        "error_code": message.error_code,
        "price": None if message.price is None else str(message.price),
        "template": message.content_sid is not None,
        "at": message.created.isoformat(),
        "revision": message.revision,
        "answer": message.answer,
        "buttons": [{"title": button.title, "id": button.id} for button in message.buttons],
        "pin": message.pin
        and {
            "latitude": message.pin.latitude,
            "longitude": message.pin.longitude,
            "label": message.pin.label,
            "address": message.pin.address,
        },
        "pictures": [media.url or f"api/pictures/{media.sid}" for media in message.media],
    }


def _person(person: Person) -> dict[str, Any]:
    return {
        "number": person.number,
        "name": person.name or person.number,
        "stopped": sorted(person.stopped),
        "wrote": {channel.value: at.isoformat() for channel, at in person.wrote.items()},
        "window_open": carrier().window_open(person),
    }


def _call(call: Call) -> dict[str, Any]:
    return {
        "kind": call.kind,
        "status": call.status,
        "answer": call.answer,
        "error": call.error,
        "took_ms": call.took_ms,
        "at": call.at.isoformat(),
    }


def _body(shape: type[Body]) -> Body:
    """The request's JSON in a shape. Raises PhoneError."""
    try:
        return shape.model_validate(request.get_json(silent=True))
    except ValidationError as error:
        fault = error.errors()[0]
        raise PhoneError(f"{'.'.join(map(str, fault['loc'])) or 'the body'}: {fault['msg']}") from error


def _picture(written: str | None) -> tuple[str, bytes] | None:
    """Content type and bytes from a data: address. Raises PhoneError."""
    if written is None:
        return None
    head, comma, data = written.partition(",")
    kind = head.removeprefix("data:").removesuffix(";base64")
    try:
        picture = base64.b64decode(data, validate=True)
    except binascii.Error as error:
        raise PhoneError("the picture is not base64") from error
    if not comma or kind not in ("image/jpeg", "image/png", "image/webp"):
        raise PhoneError("a picture is JPEG, PNG or WebP")
    if len(picture) > MAX_PICTURE:
        raise PhoneError("a picture holds 5 MB at most")
    return kind, picture


def _unused_number() -> str:
    known = {person.number for person in carrier().memory.people.all()}
    while True:
        number = f"+51000{secrets.randbelow(10**6):06d}"
        if number not in known:
            return number


def _number(name: str, default: int) -> int:
    written = request.args.get(name, str(default))
    try:
        return int(written)
    except ValueError:
        raise PhoneError(f"{name} is no number: {written}") from None


TROUBLE_CODES = {trouble.value: kind.code for trouble, kind in KINDS.items()}
"""The error code of each trouble, None where it has none, for the page."""
