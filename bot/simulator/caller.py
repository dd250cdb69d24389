"""Calls to the bot, as Twilio makes them: a signed form, a time limit, one more try when there was no
good answer."""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

import requests
from twilio.request_validator import RequestValidator

from bot.simulator.calls import Calls
from bot.simulator.records import Message

log = logging.getLogger(__name__)

TRIES = 2
CONNECT_S = 5.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """An HTTP status, or None with why there was none."""

    answer: int | None
    error: str = ""

    @property
    def worth_another_try(self) -> bool:
        return self.answer is None or self.answer >= 500


class Caller:
    """Posts to the bot and keeps a record of it. Safe to share between threads."""

    def __init__(self, auth_token: str, timeout_s: float, calls: Calls) -> None:
        self._validator = RequestValidator(auth_token)
        self._timeout_s = timeout_s
        self._calls = calls
        self._own = threading.local()

    def post(self, url: str, fields: Mapping[str, str], *, about: Message, kind: str) -> Outcome:
        """Signed for `url`. `kind` names the call in the record: "message" or "status"."""
        return self._call("POST", url, fields, about, kind)

    def get(self, url: str, fields: Mapping[str, str], *, about: Message, kind: str) -> Outcome:
        """The fields in the address, which is signed as it is."""
        return self._call("GET", f"{url}?{urlencode(fields)}", {}, about, kind)

    def _call(self, method: str, url: str, fields: Mapping[str, str], about: Message, kind: str) -> Outcome:
        headers = {
            "X-Twilio-Signature": self._validator.compute_signature(url, dict(fields)),
            "I-Twilio-Idempotency-Token": str(uuid.uuid4()),
            "User-Agent": "TwilioProxy/1.1",
        }
        for _ in range(TRIES):
            started = time.monotonic()
            outcome = self._try(method, url, fields, headers)
            self._calls.add(
                message_sid=about.sid,
                kind=kind,
                status=fields.get("MessageStatus") or about.status,
                answer=outcome.answer,
                error=outcome.error,
                took_ms=round((time.monotonic() - started) * 1000),
            )
            if not outcome.worth_another_try:
                break
            log.warning("the bot did not take %s of %s: %s", kind, about.sid, outcome)
        return outcome

    def _try(self, method: str, url: str, fields: Mapping[str, str], headers: Mapping[str, str]) -> Outcome:
        try:
            answer = self._session().request(
                method,
                url,
                data=fields,
                headers=headers,
                timeout=(CONNECT_S, self._timeout_s),
                allow_redirects=False,
            )
        except requests.Timeout:
            return Outcome(None, f"no answer in {self._timeout_s:g} s")
        except requests.RequestException as error:
            return Outcome(None, type(error).__name__)
        return Outcome(answer.status_code)

    def _session(self) -> requests.Session:
        """One for each thread: requests does not promise that a session may be shared."""
        if not hasattr(self._own, "session"):
            self._own.session = requests.Session()
            # A proxy from the environment must not stand between two programs of one machine.
            self._own.session.trust_env = False
        session: requests.Session = self._own.session
        return session
