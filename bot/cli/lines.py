"""JSON lines in, JSON lines out."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import click

LIMA = ZoneInfo("America/Lima")


class LineError(ValueError):
    """A line of input that cannot be read. The message says why."""


def each_line(answer: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Answer each line of standard input with a line of standard output. A wrong line is told on standard error;
    the others are answered all the same, and the exit status says whether all were."""
    wrong = 0
    for number, line in _lines():
        try:
            click.echo(json.dumps(answer(_asked(line)), ensure_ascii=False))
        except LineError as error:
            wrong += 1
            click.echo(f"line {number}: {error}", err=True)
    if wrong:
        sys.exit(1)


def _lines() -> Iterator[tuple[int, str]]:
    for number, line in enumerate(sys.stdin.buffer, 1):
        if line.strip():
            yield number, line.decode("utf-8", "replace")


def _asked(line: str) -> dict[str, Any]:
    try:
        asked = json.loads(line)
    except ValueError:
        raise LineError('is not JSON: write {"text": "…"}') from None
    if not isinstance(asked, dict) or not isinstance(asked.get("text"), str):
        raise LineError('has no "text": write {"text": "…"}')
    return asked


def now_of(asked: dict[str, Any]) -> datetime | None:
    now = asked.get("now")
    if now is None:
        return None
    try:
        moment = datetime.fromisoformat(now)
    except (TypeError, ValueError):
        raise LineError(f'"now" is no ISO time: {now!r}; write 2026-03-02T09:00:00-05:00') from None
    return moment if moment.tzinfo else moment.replace(tzinfo=LIMA)
