"""Twilio's Messages resource (https://www.twilio.com/docs/messaging/api/message-resource): create,
fetch, list."""

from __future__ import annotations

import hmac
import json
import re
import socket
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, jsonify, request
from werkzeug.datastructures import MultiDict

from bot.messages import Channel
from bot.simulator.address import Address, AddressError
from bot.simulator.approvals import ApprovalStatus, status_of
from bot.simulator.carrier import Carrier, Order
from bot.simulator.errors import MESSAGES, RestError
from bot.simulator.faults import Trouble
from bot.simulator.forms import API_VERSION
from bot.simulator.records import Button, Content, Message

MAX_BODY = 1600
MAX_PAGE = 1000
DEFAULT_PAGE = 50

rest = Blueprint("rest", __name__)


def carrier() -> Carrier:
    """The carrier of the application that answers this request."""
    found: Carrier = current_app.extensions["carrier"]
    return found


@rest.before_request
def check_credentials() -> None:
    """HTTP basic: the account's SID and its auth token."""
    settings = carrier().settings
    given = request.authorization
    known = (
        given is not None
        and given.type == "basic"
        and hmac.compare_digest(given.username or "", settings.account_sid)
        and hmac.compare_digest(given.password or "", settings.auth_token)
    )
    if not known:
        raise RestError(20003)
    if (request.view_args or {}).get("account", settings.account_sid) != settings.account_sid:
        raise RestError(20404, request.path)


@rest.errorhandler(RestError)
def refuse(error: RestError) -> tuple[Response, int]:
    return jsonify(error.body), error.status


@rest.post(f"/{API_VERSION}/Accounts/<account>/Messages.json")
def create(account: str) -> tuple[Response, int]:
    taken = carrier().send(_read_order(request.form))
    if taken.hold is Trouble.SLOW:
        time.sleep(taken.seconds)
    if taken.hold is Trouble.LOST_ANSWER:
        time.sleep(taken.seconds)
        _hang_up(request.environ)
    return jsonify(_resource(taken.message, account)), 201


@rest.get(f"/{API_VERSION}/Accounts/<account>/Messages/<sid>.json")
def fetch(account: str, sid: str) -> Response:
    message = carrier().memory.messages.get(sid)
    if message is None:
        raise RestError(20404, request.path)
    return jsonify(_resource(message, account))


@rest.get(f"/{API_VERSION}/Accounts/<account>/Messages.json")
def list_messages(account: str) -> Response:
    """Newest first. `To`, `From`; `DateSent`, `DateSent>`, `DateSent<` take a day or a moment;
    `PageSize`, `Page`."""
    size = min(_whole_number("PageSize", DEFAULT_PAGE, least=1), MAX_PAGE)
    page = _whole_number("Page", 0, least=0)
    since, before = _sent_between(request.args)
    found = carrier().memory.messages.find(
        to=_address_filter("To"),
        sender=_address_filter("From"),
        since=since,
        before=before,
        offset=page * size,
        limit=size + 1,
    )
    return jsonify(_page([_resource(message, account) for message in found], page, size))


@rest.get(f"/{API_VERSION}/Accounts/<account>/Messages/<message_sid>/Media/<sid>")
def media(account: str, message_sid: str, sid: str) -> Response:
    """The bytes of a picture that a person sent."""
    picture = carrier().memory.messages.picture(sid)
    if picture is None:
        raise RestError(20404, request.path)
    return Response(picture[1], mimetype=picture[0])


def _read_order(form: MultiDict[str, str]) -> Order:
    """Twilio's checks, in an order like Twilio's. Raises RestError."""
    if not form.get("To"):
        raise RestError(21604)
    try:
        to = Address.parse(form["To"])
    except AddressError as error:
        raise RestError(21211, form["To"]) from error
    _check_sender(form, to.channel)
    body, buttons, approved = form.get("Body", ""), tuple[Button, ...](), False
    if content_sid := form.get("ContentSid"):
        content = carrier().memory.contents.get(content_sid)
        if content is None:
            raise RestError(21655, content_sid)
        body, buttons = _fill(content, form.get("ContentVariables", "")), content.buttons
        standing = status_of(content, carrier().memory.clock(), carrier().settings.pace)
        approved = standing is ApprovalStatus.APPROVED
    media_urls = tuple(form.getlist("MediaUrl"))
    if not body and not media_urls:
        raise RestError(21602)
    if len(body) > MAX_BODY:
        raise RestError(21617)
    return Order(
        to=to,
        body=body,
        callback=form.get("StatusCallback") or None,
        service_sid=form.get("MessagingServiceSid") or None,
        content_sid=content_sid or None,
        approved=approved,
        buttons=buttons,
        media_urls=media_urls,
    )


def _check_sender(form: Mapping[str, str], channel: Channel) -> None:
    sender = form.get("From", "")
    if not sender:
        if not form.get("MessagingServiceSid"):
            raise RestError(21603)
        return
    try:
        ours = Address.parse(sender)
    except AddressError as error:
        raise RestError(21606, sender) from error
    if ours.channel is not channel:
        raise RestError(21910)
    if ours != carrier().our_address(channel):
        raise RestError(63007 if channel is Channel.WHATSAPP else 21606, sender)


def _fill(content: Content, variables: str) -> str:
    """A template's text with its variables. Raises RestError when they are no JSON object."""
    try:
        given = json.loads(variables or "{}")
    except ValueError as error:
        raise RestError(21656) from error
    if not isinstance(given, dict):
        raise RestError(21656)
    values = content.defaults | {str(name): str(value) for name, value in given.items()}
    return re.sub(r"\{\{(\w+)\}\}", lambda place: values.get(place[1], place[0]), content.body)


def _resource(message: Message, account: str) -> dict[str, Any]:
    path = f"/{API_VERSION}/Accounts/{account}/Messages/{message.sid}"
    sender, recipient = message.ours, message.person
    if message.inbound:
        sender, recipient = recipient, sender
    unassigned = message.service_sid is not None and message.status == "accepted"
    return {
        "account_sid": account,
        "api_version": API_VERSION,
        "body": message.button.title if message.button else message.body,
        "date_created": _rfc2822(message.created),
        "date_sent": _rfc2822(message.sent),
        "date_updated": _rfc2822(message.updated),
        "direction": message.direction,
        "error_code": message.error_code,
        "error_message": MESSAGES[message.error_code] if message.error_code else None,
        "from": None if unassigned else str(sender),
        "messaging_service_sid": message.service_sid,
        "num_media": str(len(message.media)),
        "num_segments": "0" if unassigned else str(message.segments),
        "price": None if message.price is None else f"-{message.price:.5f}",
        "price_unit": "USD",
        "sid": message.sid,
        "status": message.status,
        "subresource_uris": {"media": f"{path}/Media.json"},
        "to": str(recipient),
        "uri": f"{path}.json",
    }


def _page(found: list[dict[str, Any]], page: int, size: int) -> dict[str, Any]:
    shown = found[:size]

    def uri(number: int) -> str:
        kept = [
            (name, value)
            for name, value in request.args.items(multi=True)
            if name not in ("Page", "PageToken")
        ]
        return f"{request.path}?{urlencode([*kept, ('Page', number)])}"

    return {
        "messages": shown,
        "page": page,
        "page_size": size,
        "start": page * size,
        "end": page * size + max(len(shown) - 1, 0),
        "uri": uri(page),
        "first_page_uri": uri(0),
        "previous_page_uri": uri(page - 1) if page else None,
        "next_page_uri": uri(page + 1) if len(found) > size else None,
    }


def _whole_number(name: str, default: int, *, least: int) -> int:
    written = request.args.get(name, str(default))
    if not re.fullmatch("[0-9]{1,9}", written) or int(written) < least:
        raise RestError(20001, f"{name}={written}")
    return int(written)


def _address_filter(name: str) -> Address | None:
    written = request.args.get(name)
    if not written:
        return None
    try:
        return Address.parse(written)
    except AddressError as error:
        raise RestError(20001, f"{name}={written}") from error


def _sent_between(args: Mapping[str, str]) -> tuple[datetime | None, datetime | None]:
    """From the three filters on DateSent: since (inclusive) and before (exclusive). A day stands for
    all of it."""
    since = before = None
    if written := args.get("DateSent"):
        day = _moment("DateSent", written).replace(hour=0, minute=0, second=0, microsecond=0)
        since, before = day, day + timedelta(days=1)
    if written := args.get("DateSent>"):
        since = _moment("DateSent>", written)
    if written := args.get("DateSent<"):
        moment = _moment("DateSent<", written)
        whole_day = len(written.lstrip("=")) == len("2026-01-01")
        before = moment + (timedelta(days=1) if whole_day else timedelta(seconds=1))
    return since, before


def _moment(name: str, written: str) -> datetime:
    try:
        moment = datetime.fromisoformat(written.lstrip("="))
    except ValueError as error:
        raise RestError(20001, f"{name}={written}") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _rfc2822(moment: datetime | None) -> str | None:
    return format_datetime(moment.astimezone(UTC).replace(microsecond=0)) if moment else None


def _hang_up(environ: Mapping[str, Any]) -> None:
    """Cuts the line before the answer is out, as a time-out does."""
    line = environ.get("werkzeug.socket") or environ.get("gunicorn.socket")
    if isinstance(line, socket.socket):
        line.shutdown(socket.SHUT_RDWR)
