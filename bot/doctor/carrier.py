"""The account at Twilio, or at a carrier like it: does it let us in, has it our two senders, does it call us?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from requests.exceptions import RequestException
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from bot.doctor.finding import Finding, Verdict, ok, skipped, wrong
from bot.logs import mask
from bot.settings import Settings

TIMEOUT_S = 10.0
ONLINE = ("ONLINE", "ONLINE:UPDATING")


def look_at_carrier(settings: Settings) -> list[Finding]:
    """What there is to say of the account and the two senders."""
    client = Client(
        settings.twilio_account_sid,
        settings.twilio_auth_token.get_secret_value(),
        http_client=TwilioHttpClient(timeout=TIMEOUT_S),
    )
    client.api.base_url = settings.twilio_api_url
    if not settings.live:
        client.messaging.base_url = settings.twilio_api_url
    account = _asked("account", settings, lambda: _account(client))
    if account.verdict is Verdict.WRONG:
        return [
            account,
            *(skipped(part, "not looked at without the account") for part in ("SMS", "WhatsApp")),
        ]
    return [
        account,
        _asked("SMS", settings, lambda: _sms(client, settings)),
        _asked("WhatsApp", settings, lambda: _whatsapp(client, settings)),
    ]


def _account(client: Client) -> Finding:
    status = client.api.v2010.account.fetch().status
    if status != "active":
        return wrong("account", f"is {status}: see https://console.twilio.com why, and make it active")
    return ok("account", "lets us in, and is active")


def _sms(client: Client, settings: Settings) -> Finding:
    number = settings.twilio_sms_from
    found = [
        one
        for one in client.incoming_phone_numbers.list(phone_number=number, limit=20)
        if one.phone_number == number
    ]
    if not found:
        return wrong(
            "SMS", "TWILIO_SMS_FROM is no number of this account: see Phone Numbers in Twilio's console"
        )
    if not _capabilities(found[0]).get("sms"):
        return wrong("SMS", "TWILIO_SMS_FROM carries no SMS: buy a number that does")
    if found[0].sms_application_sid:
        return wrong(
            "SMS",
            f"a TwiML app answers for TWILIO_SMS_FROM: take it off, and set {_messages_url(settings)} instead",
        )
    return _called("SMS", settings, found[0].sms_url, found[0].sms_method)


def _whatsapp(client: Client, settings: Settings) -> Finding:
    ours = f"whatsapp:{settings.twilio_whatsapp_from}"
    senders = client.messaging.v2.channels_senders.list(channel="whatsapp", limit=500)
    found = [one for one in senders if one.sender_id == ours]
    if not found:
        return wrong(
            "WhatsApp",
            "TWILIO_WHATSAPP_FROM is no WhatsApp sender of this account: register it in Twilio's console",
        )
    if found[0].status not in ONLINE:
        return wrong(
            "WhatsApp", f"the sender is {found[0].status}: see WhatsApp senders in Twilio's console why"
        )
    webhook: Any = found[0].webhook or {}
    return _called("WhatsApp", settings, webhook.get("callback_url"), webhook.get("callback_method"))


def _called(part: str, settings: Settings, url: str | None, method: str | None) -> Finding:
    """Whether what people write there comes here."""
    if url != _messages_url(settings) or (method or "POST") != "POST":
        told = f"what comes in goes to {method or ''} {url or 'nowhere'}".replace("  ", " ")
        return wrong(part, f"{told}: set it to POST {_messages_url(settings)} in Twilio's console")
    return ok(part, "the sender is there, and what comes in goes to PUBLIC_URL")


def _asked(part: str, settings: Settings, look: Callable[[], Finding]) -> Finding:
    try:
        return look()
    except TwilioRestException as error:
        return _refused(part, settings, error)
    except (TwilioException, RequestException) as error:
        told = f"{settings.twilio_api_url} does not answer ({type(error).__name__})"
        return wrong(part, f"{told}: let this machine reach it by HTTPS, or mend TWILIO_API_URL")


def _refused(part: str, settings: Settings, error: TwilioRestException) -> Finding:
    if error.status == 404 and not settings.live:
        return skipped(part, "this carrier does not tell of it")
    if error.status in (401, 403, 404):
        return wrong(part, "the carrier does not let us in: mend TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN")
    return wrong(part, f"the carrier answered {error.status}: {mask(error.msg)}. Try again in a while")


def _capabilities(number: Any) -> dict[str, bool]:
    found = number.capabilities
    return found if isinstance(found, dict) else {}


def _messages_url(settings: Settings) -> str:
    return f"{settings.public_url}/twilio/messages"
