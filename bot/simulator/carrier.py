"""The carrier itself: takes messages from the bot to people, and from people to the bot."""

from __future__ import annotations

import uuid
from collections import defaultdict, deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from time import monotonic

from bot import gsm7
from bot.messages import Channel
from bot.simulator.address import Address
from bot.simulator.agenda import Agenda
from bot.simulator.backstage import Backstage
from bot.simulator.caller import Caller, Outcome
from bot.simulator.delivery import Delivery
from bot.simulator.errors import RestError
from bot.simulator.faults import EVERYBODY, KINDS, Faults, Manner, Trouble
from bot.simulator.forms import API_VERSION, message_form
from bot.simulator.hooks import Hook
from bot.simulator.journey import plan, window_is_open
from bot.simulator.lines import Lines
from bot.simulator.memory import Memory
from bot.simulator.records import Button, Direction, Media, Message, Person, Pin
from bot.simulator.settings import CarrierSettings
from bot.simulator.travel import Travel

STOP_WORDS = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "OPTOUT", "REVOKE"})
START_WORDS = frozenset({"START", "YES", "UNSTOP"})
"""Twilio's own words for opting out and in, which it obeys before the bot hears of them."""

EYES_STAY = timedelta(seconds=30)
"""How long a phone counts as looked at after its page last asked for news."""


@dataclass(frozen=True, slots=True)
class Order:
    """A message the bot wants sent, checked. One with `content_sid` is a template; one that WhatsApp `approved` may
    leave at any time."""

    to: Address
    body: str
    callback: str | None = None
    service_sid: str | None = None
    content_sid: str | None = None
    approved: bool = False
    buttons: tuple[Button, ...] = ()
    media_urls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Taken:
    """A message that was taken, and what is wrong with the line to the bot while it is told so."""

    message: Message
    hold: Trouble
    seconds: float


@dataclass(frozen=True, slots=True)
class Said:
    """What a person sends from their phone: words, a tapped button, a place, or a picture (type, bytes)."""

    body: str = ""
    button: Button | None = None
    pin: Pin | None = None
    picture: tuple[str, bytes] | None = None


class Carrier:
    """Takes messages both ways. `own_url` is where the bot can fetch pictures from."""

    def __init__(self, settings: CarrierSettings, memory: Memory, agenda: Agenda) -> None:
        self.settings = settings
        self.memory = memory
        self._agenda = agenda
        self._lines = Lines(agenda)
        self._caller = Caller(settings.auth_token, settings.webhook_timeout_s, memory.calls)
        self._delivery = Delivery(settings, memory, agenda, self._caller, self.is_looking)
        self._lately: deque[float] = deque()
        self._lately_lock = Lock()
        self._looking: dict[str, datetime] = {}
        self._in_phones: dict[str, list[Message]] = defaultdict(list)
        for message in memory.messages.unheard():
            if memory.switches.is_off(message.person.number):
                self._in_phones[message.person.number].append(message)
        self.backstage: Backstage | None = None
        self.travel: Travel | None = None
        if settings.backstage:
            self.backstage = Backstage(settings.public_url, settings.auth_token)
            self.travel = Travel(self.backstage, self._is_quiet, memory.database.touch)
        self._delivery.resume()

    def close(self) -> None:
        """Stops what is on its way and closes the database."""
        if self.travel:
            self.travel.close()
        self._agenda.close()
        self.memory.database.close()

    # From the bot to a person

    def send(self, order: Order) -> Taken:
        """Takes a message on its way. Raises RestError where the carrier refuses it."""
        faults = self.memory.switches.meet(order.to)
        trouble = faults.trouble_on(order.to.channel)
        kind = KINDS.get(trouble)
        person = self.memory.people.get(order.to.number)
        if kind and kind.manner is Manner.REFUSED and kind.code:
            raise RestError(kind.code, str(order.to))
        if person and order.to.channel in person.stopped:
            raise RestError(21610)
        message = self.memory.messages.add(self._outgoing(order))
        if person is None and self.backstage:
            self._agenda.after(0, lambda: self._learn_name(order.to.number))
        journey = plan(
            order.to.channel,
            trouble,
            template=order.approved,
            window_open=self.window_open(person),
            over_rate=order.to.channel is Channel.WHATSAPP and self._is_over_rate(),
        )
        self._delivery.start(message, journey, faults)
        held = kind is not None and kind.manner is Manner.HELD
        return Taken(message, trouble if held else Trouble.NONE, faults.seconds)

    def _outgoing(self, order: Order) -> Message:
        now = self.memory.clock()
        by_sms = order.to.channel is Channel.SMS
        return Message(
            sid=new_sid("MM" if order.media_urls else "SM"),
            direction=Direction.OUTBOUND,
            person=order.to,
            ours=self.our_address(order.to.channel),
            body=order.body,
            segments=gsm7.segments(order.body) if by_sms else 1,
            status="accepted" if order.service_sid else "queued",
            created=now,
            updated=now,
            revision=0,
            callback=order.callback,
            service_sid=order.service_sid,
            content_sid=order.content_sid,
            buttons=order.buttons,
            media=tuple(Media(new_sid("ME"), "image/*", url) for url in order.media_urls),
        )

    def our_address(self, channel: Channel) -> Address:
        """The bot's own on a channel."""
        by_sms = channel is Channel.SMS
        return Address(channel, self.settings.sms_number if by_sms else self.settings.whatsapp_number)

    def _is_over_rate(self) -> bool:
        """Whether the WhatsApp sender has used up this second. A message that is over does not count."""
        now = monotonic()
        with self._lately_lock:
            while self._lately and now - self._lately[0] >= 1:
                self._lately.popleft()
            if len(self._lately) >= self.settings.whatsapp_a_second:
                return True
            self._lately.append(now)
            return False

    # From a person to the bot

    def write(self, person: Address, said: Said, own_url: str) -> Message:
        """A person sends something. The bot hears of it in another thread: at once, or when it has answered what this
        phone sent before; if the phone is off, when it is on again."""
        now = self.memory.clock()
        picture = said.picture and Media(new_sid("ME"), said.picture[0])
        segments = gsm7.segments(said.body) if person.channel is Channel.SMS else 1
        message = self.memory.messages.add(
            Message(
                sid=new_sid("MM" if picture else "SM"),
                direction=Direction.INBOUND,
                person=person,
                ours=self.our_address(person.channel),
                body=said.body,
                segments=segments,
                price=self.settings.prices.received(person.channel, segments=segments),
                status="received",
                created=now,
                updated=now,
                sent=now,
                revision=0,
                button=said.button,
                pin=said.pin,
                media=(picture,) if picture else (),
            ),
            pictures=[(picture, said.picture[1])] if picture and said.picture else (),
        )
        if self.memory.switches.is_off(person.number):
            self._in_phones[person.number].append(message)
        else:
            self._hand_over(message, own_url)
        return message

    def _hand_over(self, message: Message, own_url: str) -> None:
        word = message.body.strip().upper()
        stopped = True if word in STOP_WORDS else False if word in START_WORDS else None
        self.memory.people.wrote(message.person, stopped=stopped)
        self._lines.after_the_others(message.person, lambda: self._tell_bot(message, own_url))

    def _tell_bot(self, message: Message, own_url: str) -> None:
        person = self.memory.people.get(message.person.number)
        media_base = f"{own_url.rstrip('/')}/{API_VERSION}/Accounts/{self.settings.account_sid}"
        form = message_form(
            message,
            account_sid=self.settings.account_sid,
            name=person.name if person else "",
            media_base=media_base,
        )
        hook = self.hook(message.channel)
        outcome = self._call(hook.method, hook.url, form, about=message, kind="message")
        if outcome.worth_another_try and hook.fallback_url:
            why = {"ErrorCode": "11200", "ErrorUrl": hook.url}
            fallback = hook.fallback_url
            outcome = self._call(hook.fallback_method, fallback, form | why, about=message, kind="fallback")
        self.memory.messages.set_answer(message.sid, outcome.answer or 0)

    def _call(self, method: str, url: str, form: dict[str, str], *, about: Message, kind: str) -> Outcome:
        call = self._caller.get if method == "GET" else self._caller.post
        return call(url, form, about=about, kind=kind)

    def hook(self, channel: Channel) -> Hook:
        """Where the bot is called when somebody writes on this channel."""
        first = Hook(self.settings.messages_url, "POST", self.settings.fallback_url, "GET")
        return self.memory.hooks.get(channel) or first

    # Phones

    def switch(self, target: str, faults: Faults, own_url: str) -> None:
        """Sets the switches of a number, or of everybody. What waited in a phone, or for it, leaves when it is on."""
        self.memory.switches.set(target, faults)
        for number in [person.number for person in self.memory.people.all()]:
            if target in (number, EVERYBODY) and not self.memory.switches.is_off(number):
                for message in self._in_phones.pop(number, []):
                    self._hand_over(message, own_url)
                self._delivery.switched_on(number)

    def _learn_name(self, number: str) -> None:
        """Somebody to whom the bot writes first is called as it says."""
        if self.backstage and (name := self.backstage.names([number]).get(number)):
            self.memory.people.meet(number, name)

    def _is_quiet(self) -> bool:
        """Whether nothing is on its way, but for what waits for a phone to be switched on."""
        return self._lines.are_free and len(self.memory.messages.unfinished()) <= self._delivery.held()

    def look(self, number: str) -> None:
        """A person has WhatsApp open in front of them: what was delivered is read, and what comes will be."""
        self._looking[number] = self.memory.clock()
        for message in self.memory.messages.delivered_unread(number):
            self._delivery.read(message)

    def is_looking(self, number: str) -> bool:
        looked = self._looking.get(number)
        return looked is not None and self.memory.clock() - looked < EYES_STAY

    def window_open(self, person: Person | None) -> bool:
        """Whether free-form WhatsApp messages may go to a person (None: a stranger) now."""
        return window_is_open(person.wrote.get(Channel.WHATSAPP) if person else None, self.memory.clock())


def new_sid(prefix: str) -> str:
    return prefix + uuid.uuid4().hex
