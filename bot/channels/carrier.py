"""Twilio's REST API, or a carrier that speaks as it: one message out, and the look whether one left already."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from requests.exceptions import RequestException
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client
from twilio.rest.api.v2010.account.message import MessageInstance

from bot.channels.errors import NoAnswer, Outcome, SendError, outcome_of
from bot.channels.way import Template
from bot.messages import Channel
from bot.settings import Settings

TIMEOUT = timedelta(seconds=5)
"""Twilio takes a message in well under a second. One that takes longer holds up others, and is looked up later."""

CLOCKS_DIFFER = timedelta(seconds=10)
"""By how much the carrier's clock may differ from ours, and the part of a second that it leaves out."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """The carrier's word that it took a message."""

    sid: str
    segments: int | None


class Carrier:
    """Sends messages. Connects on first use; safe in one thread."""

    def __init__(self, settings: Settings) -> None:
        self._client = Client(
            settings.twilio_account_sid,
            settings.twilio_auth_token.get_secret_value(),
            http_client=TwilioHttpClient(timeout=TIMEOUT.total_seconds()),
        )
        self._client.api.base_url = settings.twilio_api_url
        self._from = {
            Channel.WHATSAPP: f"whatsapp:{settings.twilio_whatsapp_from}",
            Channel.SMS: settings.twilio_sms_from,
        }
        self._status_url = settings.status_url

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
            raise _failure(error, channel) from error
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
            raise _failure(error, channel) from error
        return [
            _accepted(message)
            for message in sent
            if message.date_created >= since and body in (None, message.body) and not message.error_code
        ]


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
    if not isinstance(error, TwilioRestException) or error.status >= 500:
        return NoAnswer(type(error).__name__)
    code = error.code or None
    outcome = Outcome.AGAIN if error.status == 429 else outcome_of(code, channel is Channel.WHATSAPP)
    return SendError(error.msg, code, outcome)
