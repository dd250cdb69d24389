"""The account, its numbers, its WhatsApp senders and its Messaging Services (it has none), as Twilio tells of them; of
numbers and senders the webhooks can be changed.

https://www.twilio.com/docs/iam/api/account, https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource,
https://www.twilio.com/docs/whatsapp/api/senders and https://www.twilio.com/docs/messaging/api/service-resource; the
client reaches the last two with `client.messaging.base_url`.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request

from bot.messages import Channel
from bot.simulator.errors import RestError
from bot.simulator.forms import API_VERSION
from bot.simulator.hooks import Hook
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


@account.route(f"/{API_VERSION}/Accounts/<account>/IncomingPhoneNumbers/<sid>.json", methods=["GET", "POST"])
def number(account: str, sid: str) -> Response:
    """The SMS number, changed by what is posted: `SmsUrl`, `SmsMethod`, `SmsFallbackUrl`, `SmsFallbackMethod`."""
    if sid != NUMBER_SID:
        raise RestError(20404, request.path)
    before = carrier().hook(Channel.SMS)
    after = Hook(
        request.form.get("SmsUrl", before.url),
        request.form.get("SmsMethod", before.method),
        request.form.get("SmsFallbackUrl", before.fallback_url),
        request.form.get("SmsFallbackMethod", before.fallback_method),
    )
    if after != before:
        carrier().memory.hooks.set(Channel.SMS, after)
    return jsonify(_sms_number(account))


@account.get("/v2/Channels/Senders")
def senders() -> Response:
    """The WhatsApp sender, when its channel is asked for."""
    return jsonify(
        senders=[_sender()] if request.args.get("Channel") == Channel.WHATSAPP else [],
        meta={"key": "senders", "page": 0, "page_size": 50, "url": request.url, "next_page_url": None},
    )


@account.route("/v2/Channels/Senders/<sid>", methods=["GET", "POST"])
def sender(sid: str) -> tuple[Response, int]:
    """The WhatsApp sender, changed by the `webhook` that is posted."""
    if sid != SENDER_SID:
        raise RestError(20404, request.path)
    if request.method == "GET":
        return jsonify(_sender()), 200
    asked = request.get_json(silent=True)
    webhook = asked.get("webhook") if isinstance(asked, dict) else None
    if not isinstance(webhook, dict):
        raise RestError(20001, "webhook")
    before = carrier().hook(Channel.WHATSAPP)
    after = Hook(
        webhook.get("callback_url") or before.url,
        webhook.get("callback_method") or before.method,
        webhook.get("fallback_url") or before.fallback_url,
        webhook.get("fallback_method") or before.fallback_method,
    )
    carrier().memory.hooks.set(Channel.WHATSAPP, after)
    return jsonify(_sender()), 202


@account.get("/v1/Services")
def services() -> Response:
    return jsonify(
        services=[],
        meta={"key": "services", "page": 0, "page_size": 50, "url": request.url, "next_page_url": None},
    )


def _sender() -> dict[str, Any]:
    hook = carrier().hook(Channel.WHATSAPP)
    return {
        "sid": SENDER_SID,
        "sender_id": str(carrier().our_address(Channel.WHATSAPP)),
        "status": "ONLINE",
        "webhook": {
            "callback_url": hook.url,
            "callback_method": hook.method,
            "fallback_url": hook.fallback_url,
            "fallback_method": hook.fallback_method,
            "status_callback_url": "",
            "status_callback_method": "POST",
        },
        "url": f"{request.host_url}v2/Channels/Senders/{SENDER_SID}",
    }


def _sms_number(account: str) -> dict[str, Any]:
    settings, hook = carrier().settings, carrier().hook(Channel.SMS)
    return {
        "account_sid": account,
        "sid": NUMBER_SID,
        "phone_number": settings.sms_number,
        "friendly_name": settings.sms_number,
        "capabilities": {"voice": False, "sms": True, "mms": False, "fax": False},
        "sms_url": hook.url,
        "sms_method": hook.method,
        "sms_fallback_url": hook.fallback_url,
        "sms_fallback_method": hook.fallback_method,
        "sms_application_sid": "",
        "status": "in-use",
        "uri": f"/{API_VERSION}/Accounts/{account}/IncomingPhoneNumbers/{NUMBER_SID}.json",
    }
