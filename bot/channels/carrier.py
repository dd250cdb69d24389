"""Twilio's REST API, or a carrier that speaks as it: one message out, and the look whether one left already."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from requests.exceptions import RequestException
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client
from twilio.rest.api.v2010.account.message import MessageInstance

from bot.channels.errors import NoAnswer, Outcome, SendError, outcome_of
from bot.channels.way import Template
from bot.forms import StatusForm
from bot.messages import Channel
from bot.settings import Settings

TIMEOUT = timedelta(seconds=5)
"""Twilio takes a message in well under a second. One that takes longer holds up others, and is looked up later."""

CLOCKS_DIFFER = timedelta(seconds=10)
"""By how much the carrier's clock may differ from ours, and the part of a second that it leaves out."""


AWAY_AFTER = 3
AWAY_FOR_S = 5.0
"""When it did not answer so often in a row, it is left alone for so long: a worker that waits for it in vain does
nothing else meanwhile."""

PAGE = 500


@dataclass(frozen=True, slots=True)
class Accepted:
    """The carrier's word that it took a message."""

    sid: str
    segments: int | None


@dataclass(frozen=True, slots=True)
class Arrived:
    """A message to us, as the carrier lists it: what its webhook tells, less buttons, pins and pictures."""

    sid: str
    form: dict[str, str]
    at: datetime


class Carrier:
    """Sends messages. Connects on first use; safe in one thread."""

    def __init__(self, settings: Settings) -> None:
        self._client = Client(
            settings.twilio_account_sid,
            settings.twilio_auth_token.get_secret_value(),
            http_client=_http_client(settings.twilio_api_url),
        )
        self._client.api.base_url = settings.twilio_api_url
        self._from = {
            Channel.WHATSAPP: f"whatsapp:{settings.twilio_whatsapp_from}",
            Channel.SMS: settings.twilio_sms_from,
        }
        self._status_url = settings.status_url
        self._unanswered = 0
        self._away_until = 0.0

    def is_away(self) -> bool:
        """Whether it did not answer lately, and is not to be asked now."""
        return time.monotonic() < self._away_until

    def _hear(self, failure: SendError | NoAnswer | None) -> None:
        """Remember whether it answered."""
        reached = not isinstance(failure, NoAnswer) or failure.reached
        self._unanswered = 0 if reached else self._unanswered + 1
        if self._unanswered >= AWAY_AFTER:
            self._away_until = time.monotonic() + AWAY_FOR_S

    def send(
        self, message_id: int, address: str, channel: Channel, body: str, template: Template | None = None
    ) -> Accepted:
        """Hand one message over, as free text or as a template. Raises SendError when it is refused, NoAnswer when
        that cannot be told."""
        try:
            message = self._client.messages.create(
                to=_to(address, channel),
                from_=self._from[channel],
                status_callback=f"{self._status_url}?id={message_id}",
                **_content(body, template),
            )
        except (TwilioException, RequestException) as error:
            failure = _failure(error, channel)
            self._hear(failure)
            raise failure from error
        self._hear(None)
        if message.error_code:
            code = int(message.error_code)
            raise SendError(
                message.error_message or "refused", code, outcome_of(code, channel is Channel.WHATSAPP)
            )
        return _accepted(message)

    def find(self, address: str, channel: Channel, body: str | None, since: datetime) -> list[Accepted]:
        """The messages with this text (None: with any) that were taken for this address since then, the latest first.
        Raises as `send`."""
        since = since - CLOCKS_DIFFER
        try:
            sent = self._client.messages.list(
                to=_to(address, channel),
                from_=self._from[channel],
                date_sent_after=since,
                limit=50,
            )
        except (TwilioException, RequestException) as error:
            failure = _failure(error, channel)
            self._hear(failure)
            raise failure from error
        return [
            _accepted(message)
            for message in sent
            if message.date_created >= since and body in (None, message.body) and not message.error_code
        ]

    def arrived(self, channel: Channel, since: datetime) -> Iterator[Arrived]:
        """What people wrote to us on this channel since then, the latest first. Raises as `send`."""
        try:
            for message in self._client.messages.stream(
                to=self._from[channel], date_sent_after=since, page_size=PAGE
            ):
                if message.direction == "inbound":
                    yield Arrived(
                        str(message.sid), _form_of(message), message.date_sent or message.date_created
                    )
        except (TwilioException, RequestException) as error:
            raise _failure(error, channel) from error

    def status_of(self, sid: str) -> StatusForm:
        """What became of a message that it took. Raises as `send`."""
        try:
            message = self._client.messages(sid).fetch()
        except (TwilioException, RequestException) as error:
            raise _failure(error, Channel.SMS) from error
        return StatusForm(sid, str(message.status), int(message.error_code) if message.error_code else None)


def _http_client(api_url: str) -> TwilioHttpClient:
    """One that keeps its connection, and looks up once which proxy lies on the way, not for every message."""
    host = urlsplit(api_url).hostname or ""
    proxies = {} if proxy_bypass(host) else getproxies()
    client = TwilioHttpClient(timeout=TIMEOUT.total_seconds(), proxy=proxies)
    client.session.trust_env = False
    return client


def _form_of(message: MessageInstance) -> dict[str, str]:
    return {
        "MessageSid": str(message.sid),
        "From": str(message.from_),
        "To": str(message.to),
        "Body": message.body or "",
        "NumMedia": str(message.num_media or 0),
    }


def _content(body: str, template: Template | None) -> dict[str, str]:
    if template is None:
        return {"body": body}
    return {
        "content_sid": template.content_sid,
        "content_variables": json.dumps(template.variables, ensure_ascii=False),
    }


def _accepted(message: MessageInstance) -> Accepted:
    return Accepted(str(message.sid), int(message.num_segments) if message.num_segments else None)


def _to(address: str, channel: Channel) -> str:
    return f"whatsapp:{address}" if channel is Channel.WHATSAPP else address


def _failure(error: Exception, channel: Channel) -> SendError | NoAnswer:
    """A refusal says so with a status below 500; whatever else went wrong, the message may have been taken."""
    if not isinstance(error, TwilioRestException):
        return NoAnswer(type(error).__name__, reached=False)
    if error.status >= 500:
        return NoAnswer(type(error).__name__, reached=True)
    code = error.code or None
    outcome = Outcome.AGAIN if error.status == 429 else outcome_of(code, channel is Channel.WHATSAPP)
    return SendError(error.msg, code, outcome)
