"""Twilio's Content resource (https://www.twilio.com/docs/content/content-api-resources): create, fetch, list.

The client reaches it with `client.content.base_url`. Of the content types the phones draw twilio/text and
twilio/quick-reply, whose actions are buttons; every template counts as approved.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.simulator.carrier import new_sid
from bot.simulator.errors import RestError
from bot.simulator.records import Button, Content
from bot.simulator.rest import carrier, check_credentials, refuse

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


@contents.post("/v1/Content")
def create_content() -> tuple[Response, int]:
    try:
        asked = _Template.model_validate(request.get_json(silent=True))
        shape = _Shape.model_validate(
            asked.types.get("twilio/quick-reply") or next(iter(asked.types.values()))
        )
    except ValidationError as error:
        fault = error.errors()[0]
        raise RestError(20001, f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}") from error
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
    content = carrier().memory.contents.get(sid)
    if content is None:
        raise RestError(20404, request.path)
    return jsonify(_resource(content))


@contents.get("/v1/Content")
def list_contents() -> Response:
    found = carrier().memory.contents.all()
    meta = {
        "page": 0,
        "page_size": len(found),
        "first_page_url": request.url,
        "previous_page_url": None,
        "url": request.url,
        "next_page_url": None,
        "key": "contents",
    }
    return jsonify({"contents": [_resource(content) for content in found], "meta": meta})


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
