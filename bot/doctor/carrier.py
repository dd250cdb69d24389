"""The account at Twilio, or at a carrier like it: does it let us in, has it our two senders, does it call us?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from requests.exceptions import RequestException
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.rest import Client

from bot.channels.account import client_of, sms_number, whatsapp_sender
from bot.doctor.finding import Finding, Verdict, ok, skipped, wrong
from bot.logs import mask
from bot.settings import Settings

ONLINE = ("ONLINE", "ONLINE:UPDATING")


def look_at_carrier(settings: Settings) -> list[Finding]:
    """What there is to say of the account and the two senders."""
    client = client_of(settings)
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
    found = sms_number(client, settings)
    if found is None:
        return wrong(
            "SMS", "TWILIO_SMS_FROM is no number of this account: see Phone Numbers in Twilio's console"
        )
    if not _capabilities(found).get("sms"):
        return wrong("SMS", "TWILIO_SMS_FROM carries no SMS: buy a number that does")
    if found.sms_application_sid:
        return wrong(
            "SMS",
            f"a TwiML app answers for TWILIO_SMS_FROM: take it off, and set {settings.messages_url} instead",
        )
    return _called("SMS", settings, found.sms_url, found.sms_method)


def _whatsapp(client: Client, settings: Settings) -> Finding:
    found = whatsapp_sender(client, settings)
    if found is None:
        return wrong(
            "WhatsApp",
            "TWILIO_WHATSAPP_FROM is no WhatsApp sender of this account: register it in Twilio's console",
        )
    if found.status not in ONLINE:
        return wrong(
            "WhatsApp", f"the sender is {found.status}: see WhatsApp senders in Twilio's console why"
        )
    webhook: Any = found.webhook or {}
    return _called("WhatsApp", settings, webhook.get("callback_url"), webhook.get("callback_method"))


def _called(part: str, settings: Settings, url: str | None, method: str | None) -> Finding:
    """Whether what people write there comes here."""
    if url != settings.messages_url or (method or "POST") != "POST":
        told = f"what comes in goes to {method or ''} {url or 'nowhere'}".replace("  ", " ")
        return wrong(part, f"{told}: set it to POST {settings.messages_url} (`ayllu twilio setup` does)")
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
