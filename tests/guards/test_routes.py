"""Every door is signed, logged in with a role, or harmless, and stands here with the reason. A new one must be put in
its place, and prove it."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pydantic import SecretStr
from twilio.request_validator import RequestValidator

from bot.app import create_app
from bot.services import Services

SIGNED = {
    ("POST", "/twilio/messages"): "takes in what people write",
    ("POST", "/twilio/status"): "moves messages forward",
    ("POST", "/twilio/fallback"): "takes in what people write, where the first address failed",
    ("GET", "/twilio/fallback"): "the same",
}
HARMLESS = {
    ("GET", "/healthz"): "says that the process lives",
    ("GET", "/readyz"): "says a word for each of database, queue and model",
}
BEARS_A_TOKEN = {
    ("GET", "/metrics"): "counts and ages of nobody in particular, for who bears METRICS_TOKEN",
}
ONLY_WITH_A_SIMULATOR = {
    ("GET", "/"): "leads to the simulator's page, which runs beside on a developer's machine",
    ("GET", "/simulator/"): "the same",
}
BACKSTAGE = {
    ("GET", "/backstage/story"): "shows a simulator's page what became of a message",
    ("GET", "/backstage/coming"): "what waits for its time",
    ("GET", "/backstage/names"): "what invented people are called",
    ("POST", "/backstage/wake"): "looks for what is due, after the simulator moved the time",
}
"""Signed as well, and not there at all where real people write."""
FORM = {"MessageSid": "SM1", "From": "+51987654321", "Body": "hola", "MessageStatus": "sent"}


def doors(app: Flask) -> set[tuple[str, str]]:
    """All of them but the console's, which tests/guards/test_console_routes.py walks through."""
    return {
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if not rule.rule.startswith("/console/")
    }


@pytest.fixture
def client(services: Services) -> FlaskClient:
    return create_app(services).test_client()


def test_every_door_stands_here_with_its_reason(services: Services) -> None:
    assert doors(create_app(services)) == SIGNED.keys() | HARMLESS.keys() | BEARS_A_TOKEN.keys()


def test_with_a_simulator_two_doors_more_lead_to_it_and_nowhere_else(services: Services) -> None:
    settings = services.settings.model_copy(update={"simulator_url": "http://127.0.0.1:8001/simulator/"})
    app = create_app(replace(services, settings=settings))
    always = SIGNED.keys() | HARMLESS.keys() | BEARS_A_TOKEN.keys()
    assert doors(app) == always | ONLY_WITH_A_SIMULATOR.keys() | BACKSTAGE.keys()
    for method, path in ONLY_WITH_A_SIMULATOR:
        answer = app.test_client().open(path, method=method)
        assert (answer.status_code, answer.location) == (302, settings.simulator_url)


def test_the_backstage_opens_to_the_simulators_signature_alone(services: Services) -> None:
    settings = services.settings.model_copy(update={"simulator_url": "http://127.0.0.1:8001/simulator/"})
    beside = replace(services, settings=settings)
    for door in sorted(BACKSTAGE):
        for forged in ("", "x", "A" * 27 + "="):
            assert knock(beside, door, signature=forged) == 403
        assert knock(beside, door) in (200, 204, 400, 404)


def test_where_real_people_write_there_is_no_backstage_whatever_the_settings_say(services: Services) -> None:
    live = {"simulator_url": "http://127.0.0.1:8001/simulator/", "twilio_api_url": "https://api.twilio.com"}
    app = create_app(replace(services, settings=services.settings.model_copy(update=live)))
    assert not doors(app) & BACKSTAGE.keys()


def knock(
    services: Services,
    door: tuple[str, str],
    headers: dict[str, str] | None = None,
    base: str | None = None,
    signature: str | None = None,
) -> int:
    """Knock at a door as the carrier would that calls the bot at `base`; the answer's status."""
    method, path = door
    query = f"?{urlencode(FORM)}" if method == "GET" else ""
    fields = {} if method == "GET" else FORM
    signer = RequestValidator(services.settings.twilio_auth_token.get_secret_value())
    good = signer.compute_signature(f"{base or services.settings.public_url}{path}{query}", fields)
    told = {"X-Twilio-Signature": good if signature is None else signature} | (headers or {})
    client = create_app(services).test_client()
    return client.open(f"{path}{query}", method=method, data=fields or None, headers=told).status_code


@pytest.mark.parametrize("door", sorted(SIGNED))
def test_a_signed_door_opens_to_the_carrier_alone(services: Services, door: tuple[str, str]) -> None:
    for forged in ("", "x", "A" * 27 + "=", "ñ" * 40):
        assert knock(services, door, signature=forged) == 403
    assert knock(services, door) == 200


@pytest.mark.parametrize("door", sorted(SIGNED))
@pytest.mark.parametrize(
    "forged",
    [
        {"Host": "evil.example"},
        {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"},
        {"Forwarded": "host=evil.example;proto=https"},
        {"X-Original-URL": "/twilio/status", "X-Rewrite-URL": "/healthz"},
        {"X-Forwarded-Prefix": "/evil", "X-Script-Name": "/evil"},
    ],
    ids=lambda headers: next(iter(headers)),
)
def test_the_signature_is_for_the_address_that_is_set_whatever_headers_say(
    services: Services, door: tuple[str, str], forged: dict[str, str]
) -> None:
    for base in ("https://evil.example", "http://evil.example", f"{services.settings.public_url}/evil"):
        assert knock(services, door, forged, base) == 403
    assert knock(services, door, forged) == 200


@pytest.mark.parametrize(("method", "path"), sorted(HARMLESS))
def test_a_harmless_door_takes_nothing_in_and_tells_only_words(
    client: FlaskClient, method: str, path: str
) -> None:
    answer = client.open(path, method=method, query_string={"Body": "sollozo"})
    assert all(
        word in {"alive", "ready", "not ready", "ok", "away"} for word in (answer.get_json() or {}).values()
    )
    assert client.post(path, data=FORM).status_code == 405


def status_of(services: Services, door: tuple[str, str], *, near: bool = True, **headers: str) -> int:
    """What somebody hears who knocks from this machine, or from far away."""
    client = create_app(services).test_client()
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    where = {"REMOTE_ADDR": "127.0.0.1" if near else "190.12.80.1"}
    return client.open(door[1], method=door[0], headers=told, environ_base=where).status_code


@pytest.mark.parametrize("door", sorted(BEARS_A_TOKEN))
def test_with_a_token_set_who_bears_it_comes_in_from_anywhere_and_nobody_else(
    services: Services, door: tuple[str, str]
) -> None:
    token = SecretStr("a token for figures")
    set_ = replace(services, settings=services.settings.model_copy(update={"metrics_token": token}))
    assert status_of(set_, door, near=False, Authorization="Bearer a token for figures") == 200
    assert status_of(set_, door) == 401
    for forged in ("", "Bearer ", "Bearer a token for figure", "Basic a token for figures", "Bearer \u00f1"):
        assert status_of(set_, door, Authorization=forged) == 401


@pytest.mark.parametrize("door", sorted(BEARS_A_TOKEN))
def test_without_a_token_only_who_is_near_comes_in_and_nobody_where_real_people_write(
    services: Services, door: tuple[str, str]
) -> None:
    assert status_of(services, door) == 200
    assert status_of(services, door, near=False) == 403
    assert status_of(services, door, X_Forwarded_For="127.0.0.1") == 403
    live = services.settings.model_copy(update={"twilio_api_url": "https://api.twilio.com"})
    assert status_of(replace(services, settings=live), door) == 403


@pytest.mark.parametrize(
    "path", ["/twilio/messages", "/twilio/status", "/healthz", "/readyz", "/metrics", "/nowhere", "/twilio/"]
)
def test_every_answer_tells_a_browser_that_nothing_is_allowed(client: FlaskClient, path: str) -> None:
    for answer in (client.get(path), client.post(path, data=FORM)):
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.mimetype != "text/html"
        assert "Strict-Transport-Security" not in answer.headers


def test_under_https_a_browser_is_told_to_stay_there(services: Services) -> None:
    settings = services.settings.model_copy(update={"public_url": "https://ayllu.example.pe"})
    answer = create_app(replace(services, settings=settings)).test_client().get("/healthz")
    assert "max-age" in answer.headers["Strict-Transport-Security"]


def test_what_is_too_large_is_refused_before_it_is_read(client: FlaskClient) -> None:
    assert client.post("/twilio/messages", data={"Body": "a" * 70_000}).status_code == 413
    many = {f"field{number}": (None, "x") for number in range(300)}
    parts = "".join(f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\nx\r\n' for name in many)
    answer = client.post(
        "/twilio/messages", data=f"{parts}--b--\r\n", content_type="multipart/form-data; boundary=b"
    )
    assert answer.status_code == 413
