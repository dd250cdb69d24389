"""Where Twilio calls us when somebody writes: set on the SMS number and on the WhatsApp sender."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from twilio.base.exceptions import TwilioException
from twilio.rest import Client
from twilio.rest.api.v2010.account.incoming_phone_number import IncomingPhoneNumberInstance

from bot.channels.account import sms_number, whatsapp_sender
from bot.settings import Settings
from bot.twilio_setup.refusals import why
from bot.twilio_setup.step import Done, Step

SMS, WHATSAPP = "SMS webhook", "WhatsApp webhook"
_NO_SUCH = "is none of this account"


@dataclass(frozen=True, slots=True)
class _Change:
    """The change of a sender: its webhook and nothing else. The client's own class would send an empty profile too."""

    webhook: dict[str, str]

    def to_dict(self) -> dict[str, Any]:
        return {"webhook": self.webhook}


def set_sms(client: Client, settings: Settings, dry_run: bool) -> Step:
    """Raises TwilioException, RequestException."""
    number = sms_number(client, settings)
    if number is None:
        told = f"TWILIO_SMS_FROM {_NO_SUCH}: see Phone Numbers > Manage > Active numbers in Twilio's console"
        return Step(SMS, Done.FAILED, told)
    if number.sms_application_sid:
        told = "a TwiML app answers for TWILIO_SMS_FROM, and webhooks of the number do not count"
        return Step(SMS, Done.FAILED, f"{told}: {_by_hand_sms(settings)}")
    if service := _service_that_answers(client, number):
        told = f"the Messaging Service {service} answers for TWILIO_SMS_FROM: in Messaging > Services > {service}"
        return Step(SMS, Done.FAILED, f"{told} > Integration choose «Defer to sender's webhook»")
    wanted = {
        "sms_url": settings.messages_url,
        "sms_method": "POST",
        "sms_fallback_url": settings.fallback_url,
        "sms_fallback_method": "POST",
    }
    if all(getattr(number, name) == value for name, value in wanted.items()):
        return Step(SMS, Done.OK, f"is {settings.messages_url}")
    if dry_run:
        return Step(SMS, Done.WOULD, f"be set to {settings.messages_url}")
    client.incoming_phone_numbers(number.sid).update(**wanted)
    return Step(SMS, Done.DONE, f"is {settings.messages_url} now, and was {number.sms_url or 'none'}")


def set_whatsapp(client: Client, settings: Settings, dry_run: bool) -> Step:
    """Raises TwilioException, RequestException."""
    try:
        sender = whatsapp_sender(client, settings)
    except TwilioException as error:
        return Step(WHATSAPP, Done.FAILED, f"{why(error)}. {_by_hand_whatsapp(settings)}")
    if sender is None:
        told = f"TWILIO_WHATSAPP_FROM {_NO_SUCH}: register it in Messaging > Senders > WhatsApp senders"
        return Step(WHATSAPP, Done.FAILED, told)
    wanted = {
        "callback_url": settings.messages_url,
        "callback_method": "POST",
        "fallback_url": settings.fallback_url,
        "fallback_method": "POST",
    }
    there: Any = sender.webhook or {}
    if all(there.get(name) == value for name, value in wanted.items()):
        return Step(WHATSAPP, Done.OK, f"is {settings.messages_url}")
    if dry_run:
        return Step(WHATSAPP, Done.WOULD, f"be set to {settings.messages_url}")
    kept = {name: value for name, value in there.items() if value}
    try:
        client.messaging.v2.channels_senders(sender.sid).update(_Change(kept | wanted))
    except TwilioException as error:
        return Step(WHATSAPP, Done.FAILED, f"{why(error)}. {_by_hand_whatsapp(settings)}")
    before = there.get("callback_url") or "none"
    return Step(WHATSAPP, Done.DONE, f"is {settings.messages_url} now, and was {before}")


def _service_that_answers(client: Client, number: IncomingPhoneNumberInstance) -> str | None:
    """The name of the Messaging Service that hears what is written to the number, if one does."""
    for service in client.messaging.v1.services.list(limit=100):
        if service.use_inbound_webhook_on_number:
            continue
        if any(one.sid == number.sid for one in service.phone_numbers.list(limit=400)):
            return str(service.friendly_name)
    return None


def _by_hand_sms(settings: Settings) -> str:
    return (
        "in Phone Numbers > Manage > Active numbers > the number > Messaging, choose «Webhook» for «Configure with», "
        f"«A message comes in»: {settings.messages_url}, HTTP POST; «Primary handler fails»: {settings.fallback_url}, "
        "HTTP POST"
    )


def _by_hand_whatsapp(settings: Settings) -> str:
    return (
        "Set it by hand: Messaging > Senders > WhatsApp senders > the sender, «Webhook URL for incoming messages»: "
        f"{settings.messages_url}, HTTP POST; «Fallback URL for incoming messages»: {settings.fallback_url}, HTTP POST"
    )
