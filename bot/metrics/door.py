"""`GET /metrics`, and who may read it."""

from __future__ import annotations

import hmac
from ipaddress import ip_address

from flask import Flask, Response, abort, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from bot.metrics.collector import Truth
from bot.metrics.web import measure
from bot.services import Services
from bot.settings import Settings

FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")


def add_metrics(app: Flask, services: Services) -> None:
    """Measure the application's requests, and show this and all other figures at `/metrics`."""
    registry = CollectorRegistry()
    registry.register(Truth(services.store, services.redis))
    measure(app, registry)

    @app.get("/metrics")
    def metrics() -> Response:
        _let_in(services.settings)
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _let_in(settings: Settings) -> None:
    """With METRICS_TOKEN, whoever bears it. Without one nobody where real people write: behind a proxy everybody seems
    to come from a near address. Elsewhere whoever is near."""
    if settings.metrics_token is not None:
        wanted = f"Bearer {settings.metrics_token.get_secret_value()}"
        if not hmac.compare_digest(request.headers.get("Authorization", "").encode(), wanted.encode()):
            abort(401)
    elif settings.live or not _is_near():
        abort(403)


def _is_near() -> bool:
    if any(name in request.headers for name in FORWARDED):
        return False
    try:
        return ip_address(request.remote_addr or "").is_private
    except ValueError:
        return False
