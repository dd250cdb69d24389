"""Whether this process lives, and whether it can serve."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, current_app, jsonify
from redis.exceptions import RedisError

from bot.services import Services
from bot.store import StoreUnavailable

health = Blueprint("health", __name__)


@health.get("/healthz")
def alive() -> Response:
    return jsonify(status="alive")


@health.get("/readyz")
def ready() -> tuple[Response, int]:
    """200 when database, queue and model answer; else 503. Each part says "ok" or what is wrong, in one word."""
    services: Services = current_app.extensions["ayllu"]
    parts = {
        "database": _ask(services.store.check),
        "queue": _ask(lambda: services.redis.ping()),
        "model": _ask(lambda: services.parser and services.parser.parse("hola")),
    }
    well = all(word == "ok" for word in parts.values())
    return jsonify(status="ready" if well else "not ready", **parts), 200 if well else 503


def _ask(question: Callable[[], object]) -> str:
    try:
        question()
    except (StoreUnavailable, RedisError):
        return "away"
    return "ok"
