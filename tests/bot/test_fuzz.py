"""Whatever bytes come to the doors: never a failure of ours; and what is not signed changes nothing."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask, request
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis import Redis
from sqlalchemy import func, select
from twilio.request_validator import RequestValidator
from werkzeug.exceptions import HTTPException

from bot.app import create_app
from bot.services import Services
from bot.store.tables import Base

PATHS = ("/twilio/messages", "/twilio/status", "/twilio/fallback")
FIELDS = (
    "MessageSid", "SmsSid", "From", "To", "Body", "NumMedia", "Latitude", "Longitude", "ButtonText", "ButtonPayload",
    "ListId", "ListTitle", "MessageStatus", "SmsStatus", "ErrorCode", "bodySHA256", "MediaUrl0", "ProfileName",
)  # fmt: skip
GOOD = {
    "MessageSid": "SM1",
    "From": "whatsapp:+51987654321",
    "Body": "hola",
    "NumMedia": "0",
    "MessageStatus": "sent",
}
ODD = st.sampled_from([
    "", " ", "\x00", "+51987654321", "whatsapp:+51987654321", "whatsapp:PE.1", "SM1", "nan", "inf", "1e999", "-12",
    "9" * 400, "٣", "½", "delivered", "FAILED", "Ⅷ", "\u202e", "si", "1", "BAJA", "%00", "{}", "a" * 1700, "😀" * 900,
])  # fmt: skip
VALUES = st.one_of(ODD, st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
FORMS = st.dictionaries(st.one_of(st.sampled_from(FIELDS), VALUES), VALUES, max_size=8)
TYPES = st.sampled_from([
    "application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=utf-16", "application/json",
    "multipart/form-data", "multipart/form-data; boundary=b", "multipart/form-data; boundary=\x7f", "text/plain", "",
])  # fmt: skip
QUERIES = st.one_of(
    st.sampled_from(
        ["", "id=1", "id=-1", "id=" + "9" * 30, "id=" + "9" * 5000, "id=1_0", "id=%FF", "bodySHA256=x"]
    ),
    st.binary(max_size=30).map(lambda raw: raw.decode("latin-1")),
)
HEADERS = st.dictionaries(
    st.sampled_from(
        ["Host", "X-Forwarded-Host", "Content-Length", "Transfer-Encoding", "Expect", "Cookie", "Range"]
    ),
    st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=20),
    max_size=3,
)
MANY = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def app(services: Services) -> Flask:
    return create_app(services)


def kept(services: Services) -> int:
    """How much there is, in every table and in Redis."""
    with services.store.begin() as tx:
        rows = [
            tx.session.scalar(select(func.count()).select_from(t)) or 0 for t in Base.metadata.sorted_tables
        ]
    return sum(rows) + len(Redis.from_url(services.settings.redis_url).keys())


def environ(path: str, query: str, **fields: Any) -> dict[str, Any]:
    """A request with exactly this in its query, as it would come from the network."""
    return {"path": path, "environ_overrides": {"QUERY_STRING": query}, **fields}


@MANY
@given(
    st.sampled_from(PATHS),
    st.sampled_from(["POST", "GET", "PUT", "HEAD", "OPTIONS", "DELETE", "BREW"]),
    QUERIES,
    TYPES,
    st.binary(max_size=300),
    HEADERS,
    st.one_of(st.none(), st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=40)),
)
def test_what_is_not_signed_is_refused_and_changes_nothing(
    app: Flask, services: Services, path: str, method: str, query: str, content: str, body: bytes,
    headers: dict[str, str], signature: str | None,
) -> None:  # fmt: skip
    if signature is not None:
        headers = headers | {"X-Twilio-Signature": signature}
    answer = app.test_client().open(
        **environ(path, query, method=method, data=body, content_type=content, headers=headers)
    )
    assert 400 <= answer.status_code < 500 or (method == "OPTIONS" and answer.status_code == 200)
    assert kept(services) == 0


def knock(app: Flask, services: Services, **asked: Any) -> int:
    """The same request, signed as the carrier would sign whatever it is that comes through; the answer's status."""
    with app.test_request_context(**asked):
        query = request.environ["QUERY_STRING"].encode("latin-1").decode(errors="replace")
        signer = RequestValidator(services.settings.twilio_auth_token.get_secret_value())
        address = f"{services.settings.public_url}{request.path}{f'?{query}' if query else ''}"
        try:
            signature = signer.compute_signature(address, request.form)
        except HTTPException as refused:
            return refused.code or 500
    answer = app.test_client().open(**asked, headers={"X-Twilio-Signature": signature})
    return answer.status_code


@MANY
@given(st.sampled_from(PATHS), QUERIES, FORMS, st.booleans())
def test_any_fields_that_are_signed_are_taken_or_refused_in_words(
    app: Flask, services: Services, path: str, query: str, form: dict[str, str], whole: bool
) -> None:
    fields = GOOD | form if whole else form
    assert knock(app, services, **environ(path, query, method="POST", data=fields)) in (200, 400, 403, 413)


@MANY
@given(st.sampled_from(PATHS), QUERIES, TYPES, st.binary(max_size=400))
def test_any_bytes_that_are_signed_are_taken_or_refused_in_words(
    app: Flask, services: Services, path: str, query: str, content: str, body: bytes
) -> None:
    status = knock(app, services, **environ(path, query, method="POST", data=body, content_type=content))
    assert status in (200, 400, 403, 413)


@MANY
@given(st.lists(st.tuples(st.sampled_from(FIELDS), VALUES), max_size=8))
def test_fields_that_come_several_times_are_signed_as_one_and_taken_once(
    app: Flask, services: Services, twice: list[tuple[str, str]]
) -> None:
    fields: dict[str, list[str]] = {name: [value] for name, value in GOOD.items()}
    for name, value in twice:
        fields.setdefault(name, []).append(value)
    assert knock(app, services, **environ("/twilio/messages", "", method="POST", data=fields)) in (
        200,
        400,
        403,
    )
