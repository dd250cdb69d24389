"""Every door is signed, or harmless. A new one must be put in its place here."""

from __future__ import annotations

from bot.app import create_app
from bot.services import Services

SIGNED = {"/twilio/messages", "/twilio/status"}
HARMLESS = {"/healthz", "/readyz"}


def test_every_route_is_signed_or_harmless(services: Services) -> None:
    routes = {rule.rule for rule in create_app(services).url_map.iter_rules()}
    assert routes == SIGNED | HARMLESS


def test_a_signed_route_refuses_whoever_does_not_sign(services: Services) -> None:
    client = create_app(services).test_client()
    for route in SIGNED:
        assert client.post(route, data={"MessageSid": "SM1"}).status_code == 403
