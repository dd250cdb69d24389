"""The forms that the bot gets: as Twilio's real ones, field for field."""

from __future__ import annotations

import json

from bot.messages import Channel
from bot.simulator.errors import MESSAGES
from bot.simulator.records import Message

API_VERSION = "2010-04-01"


def message_form(message: Message, *, account_sid: str, name: str, media_base: str) -> dict[str, str]:
    """A message from a person. `name` is their WhatsApp profile's; `media_base` where pictures are,
    without a slash."""
    fields = {
        "MessageSid": message.sid,
        "SmsSid": message.sid,
        "SmsMessageSid": message.sid,
        "AccountSid": account_sid,
        "From": str(message.person),
        "To": str(message.ours),
        "Body": message.button.title if message.button else message.body,
        "NumMedia": str(len(message.media)),
        "NumSegments": str(message.segments),
        "SmsStatus": "received",
        "ApiVersion": API_VERSION,
    }
    for number, picture in enumerate(message.media):
        fields[f"MediaUrl{number}"] = f"{media_base}/Messages/{message.sid}/Media/{picture.sid}"
        fields[f"MediaContentType{number}"] = picture.content_type
    return fields | (_whatsapp_fields(message, name) if message.channel is Channel.WHATSAPP else _SMS_FIELDS)


def status_form(message: Message, status: str, *, account_sid: str) -> dict[str, str]:
    """What became of a message to a person."""
    fields = {
        "MessageSid": message.sid,
        "MessageStatus": status,
        "SmsSid": message.sid,
        "SmsStatus": status,
        "AccountSid": account_sid,
        "From": str(message.ours),
        "To": str(message.person),
        "ApiVersion": API_VERSION,
    }
    if status in ("failed", "undelivered") and message.error_code:
        fields["ErrorCode"] = str(message.error_code)
        fields["ErrorMessage"] = MESSAGES[message.error_code]
    if message.channel is Channel.WHATSAPP:
        fields |= {
            "ChannelPrefix": "whatsapp",
            "ChannelInstallSid": "XE" + account_sid[2:],
            "ChannelToAddress": message.person.number,
            "StructuredMessage": "false",
        }
        if status in ("delivered", "read", "undelivered"):
            fields["EventType"] = status.upper()
    return fields


_SMS_FIELDS = {
    "FromCountry": "PE",
    "FromState": "",
    "FromCity": "",
    "FromZip": "",
    "ToCountry": "PE",
    "ToState": "",
    "ToCity": "",
    "ToZip": "",
}


def _whatsapp_fields(message: Message, name: str) -> dict[str, str]:
    about = {"ProfileName": name}
    if message.person.has_number:
        about["WaId"] = message.person.number.removeprefix("+")
    else:
        about["ExternalUserId"] = str(message.person)
    extra: dict[str, str] = {"MessageType": "text"}
    if message.media:
        extra["MessageType"] = "image"
    if message.button:
        extra = {
            "MessageType": "button",
            "ButtonText": message.button.title,
            "ButtonPayload": message.button.id,
            "OriginalRepliedMessageSender": str(message.ours),
        }
    if message.pin:
        extra = {
            "MessageType": "location",
            "Latitude": f"{message.pin.latitude:.7f}",
            "Longitude": f"{message.pin.longitude:.7f}",
            "Label": message.pin.label,
            "Address": message.pin.address,
        }
        extra = {field: value for field, value in extra.items() if value}
    context = {"type": "whatsapp", "data": {"context": about}}
    return about | extra | {"ReferralNumMedia": "0", "ChannelMetadata": json.dumps(context)}
