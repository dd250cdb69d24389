"""Twilio's Content resource (https://www.twilio.com/docs/content/content-api-resources): create, fetch, list, and
WhatsApp's approval.

The client reaches it with `client.content.base_url`. Of the content types the phones draw twilio/text and
twilio/quick-reply, whose actions are buttons. WhatsApp's review takes a moment, and knows rules of form alone.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.simulator.approvals import ApprovalStatus, fault_in, is_name, status_of
from bot.simulator.carrier import new_sid
from bot.simulator.errors import RestError
from bot.simulator.records import Approval, Button, Content
from bot.simulator.rest import carrier, check_credentials, refuse

DEFAULT_PAGE = 50

contents = Blueprint("contents", __name__)
contents.before_request(check_credentials)
contents.register_error_handler(RestError, refuse)


class _Action(BaseModel):
    title: str
    id: str | None = None


class _Shape(BaseModel):
    """One content type's text and buttons; other fields are for other carriers."""

    model_config = ConfigDict(extra="ignore")

    body: str
    actions: list[_Action] = []


class _Template(BaseModel):
    model_config = ConfigDict(extra="ignore")

    friendly_name: str = ""
    language: str
    variables: dict[str, str] = {}
    types: dict[str, dict[str, Any]] = Field(min_length=1)


class _Request(BaseModel):
    model_config = ConfigDict(extra="ignore")

    name: str
    category: str


@contents.post("/v1/Content")
def create_content() -> tuple[Response, int]:
    try:
        asked = _Template.model_validate(request.get_json(silent=True))
        shape = _Shape.model_validate(
            asked.types.get("twilio/quick-reply") or next(iter(asked.types.values()))
        )
    except ValidationError as error:
        raise RestError(20001, _told(error)) from error
    content = Content(
        sid=new_sid("HX"),
        friendly_name=asked.friendly_name,
        language=asked.language,
        body=shape.body,
        buttons=tuple(Button(action.title, action.id or action.title) for action in shape.actions),
        defaults=asked.variables,
        types=dict(asked.types),
        created=carrier().memory.clock(),
    )
    carrier().memory.contents.add(content)
    return jsonify(_resource(content)), 201


@contents.get("/v1/Content/<sid>")
def fetch_content(sid: str) -> Response:
    return jsonify(_resource(_content(sid)))


@contents.get("/v1/Content")
def list_contents() -> Response:
    return jsonify(_page([_resource(content) for content in carrier().memory.contents.all()]))


@contents.get("/v1/ContentAndApprovals")
def list_contents_and_approvals() -> Response:
    found = carrier().memory.contents.all()
    return jsonify(
        _page([_resource(content) | {"approval_requests": _approval(content)} for content in found])
    )


@contents.post("/v1/Content/<sid>/ApprovalRequests/whatsapp")
def ask_for_approval(sid: str) -> tuple[Response, int]:
    content = _content(sid)
    try:
        asked = _Request.model_validate(request.get_json(silent=True))
    except ValidationError as error:
        raise RestError(20001, _told(error)) from error
    if not is_name(asked.name):
        raise RestError(20001, "name: lowercase letters, numbers and underscores")
    taken = {one.approval.name for one in carrier().memory.contents.all() if one.approval}
    if asked.name in taken:
        raise RestError(20001, f"name: {asked.name} is taken")
    approval = Approval(asked.name, asked.category.upper(), carrier().memory.clock())
    content = carrier().memory.contents.ask_for(content, approval)
    return jsonify(_approval(content) | {"status": ApprovalStatus.RECEIVED}), 201


@contents.get("/v1/Content/<sid>/ApprovalRequests")
def fetch_approval(sid: str) -> Response:
    content = _content(sid)
    return jsonify(
        sid=sid,
        account_sid=carrier().settings.account_sid,
        whatsapp=_approval(content),
        url=request.base_url,
    )


def _content(sid: str) -> Content:
    content = carrier().memory.contents.get(sid)
    if content is None:
        raise RestError(20404, request.path)
    return content


def _page(found: list[dict[str, Any]]) -> dict[str, Any]:
    """A part of what was found: `PageSize`, `Page`."""
    size = request.args.get("PageSize", DEFAULT_PAGE, type=int)
    page = request.args.get("Page", 0, type=int)

    def url(number: int) -> str:
        return f"{request.base_url}?PageSize={size}&Page={number}"

    more = len(found) > (page + 1) * size
    meta = {
        "page": page,
        "page_size": size,
        "first_page_url": url(0),
        "previous_page_url": url(page - 1) if page else None,
        "url": url(page),
        "next_page_url": url(page + 1) if more else None,
        "key": "contents",
    }
    return {"contents": found[page * size : (page + 1) * size], "meta": meta}


def _approval(content: Content) -> dict[str, Any]:
    status = status_of(content, carrier().memory.clock(), carrier().settings.pace)
    asked = content.approval
    return {
        "type": "whatsapp",
        "name": asked.name if asked else "",
        "category": asked.category if asked else "",
        "content_type": next(iter(content.types)),
        "status": status,
        "rejection_reason": fault_in(content.body) if status is ApprovalStatus.REJECTED else "",
        "allow_category_change": True,
    }


def _told(error: ValidationError) -> str:
    fault = error.errors()[0]
    return f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}"


def _resource(content: Content) -> dict[str, Any]:
    url = f"{request.host_url}v1/Content/{content.sid}"
    moment = content.created.strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        "sid": content.sid,
        "account_sid": carrier().settings.account_sid,
        "friendly_name": content.friendly_name,
        "language": content.language,
        "variables": content.defaults,
        "types": content.types,
        "date_created": moment,
        "date_updated": moment,
        "url": url,
        "links": {"approval_fetch": f"{url}/ApprovalRequests"},
    }
