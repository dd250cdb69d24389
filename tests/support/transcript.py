"""Whole dialogues as text that anybody can read.

    # A mother in Collique looks for a cuna
    now: 2026-11-23 10:00
    maria = +510000000011

    maria (whatsapp): busco cuna en collique
    ayllu → maria (whatsapp): …edad…

A line that begins with `#` is a comment. `ayllu → NAME (channel)` expects the next message on that phone; `…` stands
for anything, capitals do not count. `maria (whatsapp) pin: -11.91, -77.02` shares a place, `maria (whatsapp) photo`
sends a picture. At the end no phone may hold a message that the transcript does not tell.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

LIMA = ZoneInfo("America/Lima")

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


@dataclass(slots=True)
class Transcript:
    """Who takes part, when it begins, and what happens."""

    phones: dict[str, str] = field(default_factory=dict)
    now: datetime = datetime(2026, 11, 23, 10, 0, tzinfo=LIMA)
    steps: list[Says | Hears] = field(default_factory=list)


def read_transcript(path: Path) -> Transcript:
    """Raises TranscriptError."""
    found = Transcript()
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        if match := _HEARS.fullmatch(line):
            found.steps.append(Hears(match["name"], match["channel"], match["text"], number))
        elif match := _PHONE.fullmatch(line):
            found.phones[match["name"]] = match["number"]
        elif match := _NOW.fullmatch(line):
            found.now = datetime.strptime(match["now"], "%Y-%m-%d %H:%M").replace(tzinfo=LIMA)
        elif match := _SAYS.fullmatch(line):
            found.steps.append(
                Says(match["name"], match["channel"], match["what"] or "text", match["text"] or "", number)
            )
        else:
            raise TranscriptError(f"{path}:{number}: cannot be read: {line}")
    unknown = {step.name for step in found.steps} - found.phones.keys()
    if unknown:
        raise TranscriptError(f"{path}: no number is given for {', '.join(sorted(unknown))}")
    return found
