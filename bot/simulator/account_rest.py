"""The account, its numbers and its WhatsApp senders, as Twilio tells of them: to read, not to change.

https://www.twilio.com/docs/iam/api/account, https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource
and https://www.twilio.com/docs/whatsapp/api/senders, which the client reaches with `client.messaging.base_url`.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request

from bot.messages import Channel
from bot.simulator.errors import RestError
from bot.simulator.forms import API_VERSION
from bot.simulator.rest import carrier, check_credentials, refuse

account = Blueprint("account", __name__)
account.before_request(check_credentials)
account.register_error_handler(RestError, refuse)

NUMBER_SID = "PN" + "0" * 31 + "1"
SENDER_SID = "XE" + "0" * 31 + "1"


@account.get(f"/{API_VERSION}/Accounts/<account>.json")
def the_account(account: str) -> Response:
    return jsonify(
        sid=account,
        friendly_name="Simulated carrier",
        status="active",
        type="Full",
        owner_account_sid=account,
        uri=f"/{API_VERSION}/Accounts/{account}.json",
    )


@account.get(f"/{API_VERSION}/Accounts/<account>/IncomingPhoneNumbers.json")
def numbers(account: str) -> Response:
    """The SMS number, unless another was asked for with `PhoneNumber`."""
    ours = _sms_number(account)
    asked = request.args.get("PhoneNumber", ours["phone_number"])
    return jsonify(
        incoming_phone_numbers=[ours] if asked in ours["phone_number"] else [],
        page=0,
        page_size=50,
        uri=request.path,
        first_page_uri=request.path,
        next_page_uri=None,
        previous_page_uri=None,
    )


@account.get("/v2/Channels/Senders")
def senders() -> Response:
    """The WhatsApp sender, when its channel is asked for."""
    settings = carrier().settings
    ours = {
        "sid": SENDER_SID,
        "sender_id": str(carrier().our_address(Channel.WHATSAPP)),
        "status": "ONLINE",
        "webhook": {
            "callback_url": settings.messages_url,
            "callback_method": "POST",
            "fallback_url": settings.fallback_url,
            "fallback_method": "POST",
        },
        "url": f"{request.base_url}/{SENDER_SID}",
    }
    return jsonify(
        senders=[ours] if request.args.get("Channel") == Channel.WHATSAPP else [],
        meta={"key": "senders", "page": 0, "page_size": 50, "url": request.url, "next_page_url": None},
    )


def _sms_number(account: str) -> dict[str, Any]:
    settings = carrier().settings
    return {
        "account_sid": account,
        "sid": NUMBER_SID,
        "phone_number": settings.sms_number,
        "friendly_name": settings.sms_number,
        "capabilities": {"voice": False, "sms": True, "mms": False, "fax": False},
        "sms_url": settings.messages_url,
        "sms_method": "POST",
        "sms_fallback_url": settings.fallback_url,
        "sms_fallback_method": "POST",
        "sms_application_sid": "",
        "status": "in-use",
        "uri": f"/{API_VERSION}/Accounts/{account}/IncomingPhoneNumbers/{NUMBER_SID}.json",
    }
