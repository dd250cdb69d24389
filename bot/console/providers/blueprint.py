"""The address under which all pages of providers are."""

from __future__ import annotations

from flask import Blueprint, abort

from bot.console.page import clock, services
from bot.exchange import Desk
from bot.store import Tx, found_providers
from bot.work import Work

bp = Blueprint("providers", __name__, url_prefix="/console/proveedores")


def with_demo() -> bool:
    """Whether invented providers are shown: where nobody real is written to."""
    return not services().settings.live


def must_be_there(tx: Tx, provider_id: int) -> None:
    """404 for who is not on file, or not any more."""
    if not found_providers.is_there(tx, provider_id, with_demo()):
        abort(404)


def desk(tx: Tx, work: Work) -> Desk:
    """What the exchange works with in this request's transaction."""
    return Desk(tx, services().settings.offer_rules, clock(), work, with_demo())


def subject(provider_id: int) -> str:
    """How the audit log names a provider."""
    return f"provider:{provider_id}"
