"""Every transcript in this folder, on the real engines, model and carrier."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.services import Services
from bot.takeover import Outcome
from tests.support.carers import put_on_file
from tests.support.carrier import LocalCarrier
from tests.support.demo import put_demo_on_file
from tests.support.phone import Town, at
from tests.support.team import Team
from tests.support.transcript import Fails, Hears, Says, TeamActs, Waits, read_transcript

TRANSCRIPTS = sorted(Path(__file__).parent.glob("*.txt"))


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_conversation(path: Path, services: Services, carrier: LocalCarrier, tmp_path: Path) -> None:
    transcript = read_transcript(path)
    if transcript.carers:
        rows = {
            name: {**cells, "phone": transcript.phones[name]} for name, cells in transcript.carers.items()
        }
        put_on_file(services, rows, tmp_path / "providers.csv", transcript.now)
    else:
        put_demo_on_file(services)
    waiting: dict[tuple[str, str], list[str]] = {}
    with at(transcript.now) as clock:
        town = Town(services, carrier)
        team = Team(town)
        for step in transcript.steps:
            if isinstance(step, Hears):
                check(path, step, waiting)
                continue
            assert not any(waiting.values()), f"{path.name}:{step.line}: not told before: {waiting}"
            if isinstance(step, Fails):
                carrier.fail(transcript.phones[step.name], trouble=step.trouble)
            elif isinstance(step, Waits):
                town.pass_time(clock, step.until)
            elif isinstance(step, TeamActs):
                act(team, transcript.phones[step.name], step)
            else:
                say(town, transcript.phones[step.name], step)
            waiting = {
                (name, channel): town.heard(phone, channel)
                for name, phone in transcript.phones.items()
                for channel in ("whatsapp", "sms")
            }
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


def act(team: Team, number: str, step: TeamActs) -> None:
    if step.deed == "take":
        done = team.take(number)
    elif step.deed == "write":
        done = team.write(number, step.text, token=str(step.line))
    else:
        done = team.hand_back(number, answers=step.deed == "give_answered")
    assert done is Outcome.DONE, (step, done)


def check(path: Path, step: Hears, waiting: dict[tuple[str, str], list[str]]) -> None:
    came = waiting.get((step.name, step.channel), [])
    assert came, f"{path.name}:{step.line}: {step.name} got nothing more by {step.channel}"
    text = came.pop(0)
    assert step.fits(text), f"{path.name}:{step.line}: expected\n  {step.pattern}\nbut came\n  {text}"
