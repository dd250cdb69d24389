"""The account at Twilio, or at a carrier like it, for what is not a message: senders, templates, where it calls us."""

from __future__ import annotations

from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client
from twilio.rest.api.v2010.account.incoming_phone_number import IncomingPhoneNumberInstance
from twilio.rest.messaging.v2.channels_sender import ChannelsSenderInstance

from bot.settings import Settings

TIMEOUT_S = 10.0


def client_of(settings: Settings) -> Client:
    """Twilio's own client for the account. Connects on first use."""
    client = Client(
        settings.twilio_account_sid,
        settings.twilio_auth_token.get_secret_value(),
        http_client=TwilioHttpClient(timeout=TIMEOUT_S),
    )
    client.api.base_url = settings.twilio_api_url
    if not settings.live:
        # Twilio has a host for each of these; another carrier has one for all.
        client.messaging.base_url = client.content.base_url = settings.twilio_api_url
    return client


def sms_number(client: Client, settings: Settings) -> IncomingPhoneNumberInstance | None:
    """The number SMS leave from, as the account has it. Raises TwilioException, RequestException."""
    found = client.incoming_phone_numbers.list(phone_number=settings.twilio_sms_from, limit=20)
    return next((one for one in found if one.phone_number == settings.twilio_sms_from), None)


def whatsapp_sender(client: Client, settings: Settings) -> ChannelsSenderInstance | None:
    """The WhatsApp sender, as the account has it. Raises TwilioException, RequestException."""
    ours = f"whatsapp:{settings.twilio_whatsapp_from}"
    found = client.messaging.v2.channels_senders.list(channel="whatsapp", limit=500)
    return next((one for one in found if one.sender_id == ours), None)
