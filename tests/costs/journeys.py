"""What people write to and hear from Ayllu in whole dialogues, counted by channel, as a carrier charges for it.

The dialogues are those of tests/conversations, replayed twice: everybody on WhatsApp, and everybody by SMS.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from bot.gsm7 import size
from bot.messages import Channel
from bot.services import Services
from bot.twilio_setup import set_up
from tests.conversations.test_conversations import say
from tests.support.carers import put_on_file
from tests.support.carrier import LocalCarrier
from tests.support.demo import put_demo_on_file
from tests.support.phone import Town, at
from tests.support.tables import start_over
from tests.support.transcript import Says, Transcript, Waits, read_transcript

CONVERSATIONS = Path(__file__).parent.parent / "conversations"

JOURNEYS = {
    "rosa_says_yes": "asks, agrees with the first who is asked, is reminded, says how it went",
    "rosa_asks_before_she_says_yes": "the same, with questions back and forth, no reminder",
    "nobody_can_this_time": "asks, two are asked and neither can, a person looks",
    "nobody_answers": "asks, one is asked and does not answer, a person looks",
    "mother_in_collique": "asks, looks at two lists, picks nobody",
    "internet_in_ayacucho_by_sms": "asks for a hub",
    "excel_by_sms": "takes a lesson of six parts",
    "she_registers_in_twelve_sms": "a provider registers, a question at a time",
}
"""Transcripts, and what happens in them."""

LONG_AGO = timedelta(days=2)
"""When a provider last wrote before the dialogue begins: WhatsApp's 24 hours are over."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What one side wrote and heard. WhatsApp in messages, free or as templates; SMS in segments."""

    whatsapp_in: int = 0
    whatsapp_free: int = 0
    whatsapp_templates: int = 0
    sms_in: int = 0
    sms_out: int = 0

    def __add__(self, other: Counted) -> Counted:
        return Counted(*(one + two for one, two in zip(self.cells, other.cells, strict=True)))

    @property
    def cells(self) -> tuple[int, ...]:
        return (self.whatsapp_in, self.whatsapp_free, self.whatsapp_templates, self.sms_in, self.sms_out)


@dataclass(frozen=True, slots=True)
class Journey:
    """Both sides of a dialogue, on each channel."""

    name: str
    seekers: dict[Channel, Counted]
    providers: dict[Channel, Counted]


def measure(services: Services, carrier: LocalCarrier, folder: Path) -> list[Journey]:
    """Replay every journey on both channels."""
    found = []
    for name in JOURNEYS:
        transcript = read_transcript(CONVERSATIONS / f"{name}.txt")
        sides = {channel: _replay(services, carrier, folder, transcript, channel) for channel in Channel}
        seekers = {channel: seeker for channel, (seeker, _) in sides.items()}
        found.append(Journey(name, seekers, {channel: provider for channel, (_, provider) in sides.items()}))
    return found


def _replay(
    services: Services, carrier: LocalCarrier, folder: Path, transcript: Transcript, channel: Channel
) -> tuple[Counted, ...]:
    """What the seekers' side came to, and the providers'."""
    start_over(services, carrier)
    with at(transcript.now - LONG_AGO) as clock:
        town = Town(with_templates(services), carrier)
        if transcript.carers:
            rows = {
                name: {**cells, "phone": transcript.phones[name]} for name, cells in transcript.carers.items()
            }
            put_on_file(services, rows, folder / "providers.csv", transcript.now - LONG_AGO)
            for name in transcript.carers:
                town.ask(transcript.phones[name], channel.value, "hola")
        else:
            put_demo_on_file(services)
        clock.move_to(transcript.now)
        for step in transcript.steps:
            if isinstance(step, Waits):
                town.pass_time(clock, step.until)
            elif isinstance(step, Says):
                say(town, transcript.phones[step.name], replace(step, channel=channel.value))
        town.settle()
    carers = transcript.carers.keys()
    return tuple(
        _heard(carrier, {transcript.phones[name] for name in names}, transcript.now)
        + _written(transcript, names, channel)
        for names in (transcript.phones.keys() - carers, carers)
    )


def with_templates(services: Services) -> Services:
    """The same bot, with every template registered and approved."""
    list(set_up(services.settings, dry_run=False))
    templates = {step.part: step.sid for step in set_up(services.settings, dry_run=False) if step.sid}
    return replace(services, settings=services.settings.model_copy(update={"twilio_templates": templates}))


def _heard(carrier: LocalCarrier, numbers: set[str], since: datetime) -> Counted:
    """What the carrier took for these numbers."""
    total = Counted()
    for message in carrier.inside.memory.messages.changed_since(-1, 10_000):
        if message.person.number not in numbers or message.created < since or message.status == "failed":
            continue
        if message.channel is Channel.SMS:
            total += Counted(sms_out=message.segments)
        elif message.content_sid:
            total += Counted(whatsapp_templates=1)
        else:
            total += Counted(whatsapp_free=1)
    return total


def _written(transcript: Transcript, names: Set[str], channel: Channel) -> Counted:
    """What these people wrote."""
    said = [step.text for step in transcript.steps if isinstance(step, Says) and step.name in names]
    if channel is Channel.WHATSAPP:
        return Counted(whatsapp_in=len(said))
    return Counted(sms_in=sum(size(words).segments for words in said))
