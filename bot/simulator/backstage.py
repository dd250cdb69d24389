"""What the bot tells its simulator of its inside (bot/backstage): the carrier's questions, signed as its calls are."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import urlencode

import requests
from twilio.request_validator import RequestValidator

TIMEOUT_S = 5.0


class BackstageError(Exception):
    """The bot did not answer."""


class Coming(NamedTuple):
    """How much the bot is doing now, and what waits for its time: kind, at (ISO), number of the phone it concerns."""

    busy: int
    events: list[dict[str, Any]]


class Backstage:
    """Questions to the bot. Each raises BackstageError. Safe to share between threads: each question is a line of its
    own."""

    def __init__(self, public_url: str, auth_token: str) -> None:
        self._url = f"{public_url.rstrip('/')}/backstage"
        self._validator = RequestValidator(auth_token)

    def story(self, sid: str) -> dict[str, Any] | None:
        """What became of a message; None for one that never reached the bot."""
        found: dict[str, Any] | None = self._ask("GET", f"story?{urlencode({'sid': sid})}")
        return found

    def coming(self, until: datetime) -> Coming:
        """What the bot does, and what it will do until then, the next first."""
        told = self._ask("GET", f"coming?{urlencode({'until': until.isoformat()})}")
        if told is None:
            raise BackstageError("the bot did not tell what comes")
        return Coming(told["busy"], told["events"])

    def names(self, numbers: Iterable[str]) -> dict[str, str]:
        """What those of them are called who are on file."""
        found: dict[str, str] | None = self._ask(
            "GET", f"names?{urlencode([('number', n) for n in numbers])}"
        )
        return found or {}

    def wake(self) -> None:
        """The time was moved: look for what is due."""
        self._ask("POST", "wake")

    def _ask(self, method: str, path: str) -> Any:
        url = f"{self._url}/{path}"
        try:
            answer = requests.request(
                method,
                url,
                headers={"X-Twilio-Signature": self._validator.compute_signature(url, {})},
                timeout=TIMEOUT_S,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise BackstageError(type(error).__name__) from error
        if answer.status_code == 404:
            return None
        if not answer.ok:
            raise BackstageError(f"the bot answered {answer.status_code}")
        return answer.json() if answer.content else None
