"""Every transcript in this folder, on the real engines, model and carrier."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.services import Services
from tests.support.carrier import LocalCarrier
from tests.support.phone import Town, at
from tests.support.transcript import Hears, Says, read_transcript

TRANSCRIPTS = sorted(Path(__file__).parent.glob("*.txt"))


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_conversation(path: Path, services: Services, carrier: LocalCarrier, demo: None) -> None:
    transcript = read_transcript(path)
    waiting: dict[tuple[str, str], list[str]] = {}
    with at(transcript.now):
        town = Town(services, carrier)
        for step in transcript.steps:
            number = transcript.phones[step.name]
            if isinstance(step, Says):
                assert not any(waiting.values()), f"{path.name}:{step.line}: not told before: {waiting}"
                say(town, number, step)
                waiting = {
                    (name, channel): town.heard(phone, channel)
                    for name, phone in transcript.phones.items()
                    for channel in ("whatsapp", "sms")
                }
            else:
                check(path, step, waiting)
    assert not any(waiting.values()), f"{path.name}: not told at the end: {waiting}"


def say(town: Town, number: str, step: Says) -> None:
    fields: dict[str, str] = {}
    if step.what == "pin":
        lat, lon = step.text.split(",")
        fields = {"Latitude": lat.strip(), "Longitude": lon.strip(), "Body": ""}
    elif step.what == "photo":
        fields = {"NumMedia": "1", "MediaUrl0": "https://example.org/1", "MediaContentType0": "image/jpeg"}
    text = step.text if step.what == "text" else ""
    assert town.write(number, step.channel, text, **fields).status_code == 200
    town.settle()


def check(path: Path, step: Hears, waiting: dict[tuple[str, str], list[str]]) -> None:
    came = waiting.get((step.name, step.channel), [])
    assert came, f"{path.name}:{step.line}: {step.name} got nothing more by {step.channel}"
    text = came.pop(0)
    assert step.fits(text), f"{path.name}:{step.line}: expected\n  {step.pattern}\nbut came\n  {text}"
