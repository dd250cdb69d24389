"""Whole dialogues as text that anybody can read.

    # A mother in Collique looks for a cuna
    now: 2026-11-23 10:00
    maria = +51900000011
    rosa = +51900000012
    rosa cuida: name=Sra. Rosa; kind=home; district=Collique; min_age=6m; max_age=4a; days=lun-sab; opens=06:00; …

    maria (whatsapp): busco quien cuide a mi bebe en collique
    ayllu → maria (whatsapp): …edad…
    now: 2026-11-24 07:00

    the team takes maria
    the team → maria: Buenos días, le ayudo.
    the team gives maria back

lets a person of Ayllu take over from the bot, write, and hand back; with `… back, answered`, the bot then answers what
was written since the team's last word. `the carrier: maria not_on_whatsapp` lets a trouble of bot/simulator/faults.py
befall a phone from then on.

A line that begins with `#` is a comment. `… cuida:` puts a verified provider on file, in the columns of
bot/importers/providers.py; without any, the demo's are there. A later `now:` lets the time pass until then, with all
that happens meanwhile. `ayllu → NAME (channel)` expects the next message on that phone; `…` stands
for anything, capitals do not count. `maria (whatsapp) pin: -11.91, -77.02` shares a place, `maria (whatsapp) photo`
sends a picture. At the end no phone may hold a message that the transcript does not tell.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from bot.simulator.faults import Trouble

LIMA = ZoneInfo("America/Lima")

_TEAM = re.compile(
    r"the team (?:(?P<takes>takes )|(?P<gives>gives )|→ )(?P<name>\w+)"
    r"(?:(?P<back> back)(?P<answered>, answered)?|: (?P<text>.+))?"
)
_FAILS = re.compile(r"the carrier: (?P<name>\w+) (?P<trouble>[a-z_]+)")
_CARES = re.compile(r"(?P<name>\w+) cuida: (?P<cells>.+)")
_PHONE = re.compile(r"(?P<name>\w+) = (?P<number>\+?\S+)")
_NOW = re.compile(r"now: (?P<now>\d{4}-\d\d-\d\d \d\d:\d\d)")
_SAYS = re.compile(
    r"(?P<name>\w+) \((?P<channel>whatsapp|sms)\)(?: (?P<what>pin|photo))?(?:: ?(?P<text>.*))?"
)
_HEARS = re.compile(r"ayllu → (?P<name>\w+) \((?P<channel>whatsapp|sms)\): (?P<text>.+)")


class TranscriptError(ValueError):
    """A line that is none of a transcript's."""


@dataclass(frozen=True, slots=True)
class Says:
    """A person writes."""

    name: str
    channel: str
    what: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Hears:
    """A person gets a message like this."""

    name: str
    channel: str
    pattern: str
    line: int

    def fits(self, text: str) -> bool:
        parts = [re.escape(" ".join(part.split())) for part in self.pattern.split("…")]
        return re.fullmatch(".*".join(parts), " ".join(text.split()), re.IGNORECASE | re.DOTALL) is not None


@dataclass(frozen=True, slots=True)
class Waits:
    """Time passes."""

    until: datetime
    line: int


@dataclass(frozen=True, slots=True)
class Fails:
    """From now on, messages to this phone fail like this."""

    name: str
    trouble: Trouble
    line: int


@dataclass(frozen=True, slots=True)
class TeamActs:
    """A person of Ayllu takes a conversation over (`take`), writes in it (`write`), or hands it back (`give`, or
    `give_answered`: the bot answers what was left)."""

    name: str
    deed: Literal["take", "write", "give", "give_answered"]
    text: str
    line: int


@dataclass(slots=True)
class Transcript:
    """Who takes part, when it begins, and what happens. `carers` are cells of the providers' table, by name."""

    phones: dict[str, str] = field(default_factory=dict)
    now: datetime = datetime(2026, 11, 23, 10, 0, tzinfo=LIMA)
    carers: dict[str, dict[str, str]] = field(default_factory=dict)
    steps: list[Says | Hears | Waits | Fails | TeamActs] = field(default_factory=list)


def read_transcript(path: Path) -> Transcript:
    """Raises TranscriptError."""
    found = Transcript()
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        if match := _HEARS.fullmatch(line):
            found.steps.append(Hears(match["name"], match["channel"], match["text"], number))
        elif match := _TEAM.fullmatch(line):
            found.steps.append(_of_the_team(match, number))
        elif match := _PHONE.fullmatch(line):
            found.phones[match["name"]] = match["number"]
        elif match := _NOW.fullmatch(line):
            moment = datetime.strptime(match["now"], "%Y-%m-%d %H:%M").replace(tzinfo=LIMA)
            if found.steps:
                found.steps.append(Waits(moment, number))
            else:
                found.now = moment
        elif match := _FAILS.fullmatch(line):
            found.steps.append(Fails(match["name"], Trouble(match["trouble"]), number))
        elif match := _CARES.fullmatch(line):
            cells = (cell.split("=", 1) for cell in match["cells"].split(";"))
            found.carers[match["name"]] = {name.strip(): value.strip() for name, value in cells}
        elif match := _SAYS.fullmatch(line):
            found.steps.append(
                Says(match["name"], match["channel"], match["what"] or "text", match["text"] or "", number)
            )
        else:
            raise TranscriptError(f"{path}:{number}: cannot be read: {line}")
    named = {step.name for step in found.steps if not isinstance(step, Waits)} | found.carers.keys()
    unknown = named - found.phones.keys()
    if unknown:
        raise TranscriptError(f"{path}: no number is given for {', '.join(sorted(unknown))}")
    return found


def _of_the_team(match: re.Match[str], line: int) -> TeamActs:
    if match["takes"]:
        return TeamActs(match["name"], "take", "", line)
    if match["gives"]:
        return TeamActs(match["name"], "give_answered" if match["answered"] else "give", "", line)
    return TeamActs(match["name"], "write", match["text"] or "", line)
