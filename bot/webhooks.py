"""The two doors Twilio knocks on. Every request is signed; every answer is an empty TwiML response."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from functools import wraps

from flask import Blueprint, Response, current_app, request
from twilio.request_validator import RequestValidator

from bot import clock, forms, jobs
from bot.channels.status import record_status
from bot.pipeline import receive
from bot.points import Point, passed
from bot.services import Services
from bot.store import StoreUnavailable

log = logging.getLogger(__name__)

webhooks = Blueprint("webhooks", __name__, url_prefix="/twilio")

EMPTY_TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response/>'

RETRY_AFTER_S = 5

View = Callable[[], Response]


def services() -> Services:
    found: Services = current_app.extensions["ayllu"]
    return found


def signed(view: View) -> View:
    """Lets in only what the carrier signed, for the public address as configured: never for one in a header."""

    @wraps(view)
    def guarded() -> Response:
        settings = services().settings
        query = f"?{request.query_string.decode('latin-1')}" if request.query_string else ""
        # A carrier writes an address in ASCII; other bytes are nobody's signature, and no text either.
        valid = query.isascii() and RequestValidator(settings.twilio_auth_token.get_secret_value()).validate(
            f"{settings.public_url}{request.path}{query}",
            request.form,
            request.headers.get("X-Twilio-Signature", ""),
        )
        if not valid:
            log.warning("refused a request to %s: its signature is not the carrier's", request.path)
            return Response("The signature does not match.", 403, mimetype="text/plain")
        return view()

    return guarded


def answering(view: Callable[[], None]) -> View:
    """Turns what may go wrong into what the carrier should hear: 400 for a form that cannot be mended by a retry,
    503 when a retry will help."""

    @wraps(view)
    def answered() -> Response:
        try:
            view()
        except forms.FormError as error:
            log.warning("refused a form sent to %s: %s", request.path, error)
            return Response(str(error), 400, mimetype="text/plain")
        except StoreUnavailable as error:
            log.error("%s could not be kept: %s", request.path, error)
            return Response("Try again.", 503, {"Retry-After": str(RETRY_AFTER_S)}, mimetype="text/plain")
        return Response(EMPTY_TWIML, 200, mimetype="text/xml")

    return answered


@webhooks.post("/messages")
@signed
@answering
def inbound_message() -> None:
    """A person wrote, on either channel."""
    receive(services(), request.form, clock.now())


@webhooks.route("/fallback", methods=["GET", "POST"])
@signed
@answering
def inbound_message_again() -> None:
    """The same, where the first address gave no good answer. The carrier may come with a GET, all in the query."""
    receive(services(), request.form or request.args, clock.now())


@webhooks.post("/status")
@signed
@answering
def delivery_status() -> None:
    """What became of a message we sent. Late, repeated or unknown is no error: a retry would mend nothing."""
    status = forms.read_status(request.form)
    message_id = request.args.get("id", type=_row_id)
    with services().store.begin() as tx:
        contact_id = record_status(tx, status, message_id, clock.now())
        passed(Point.STATUS_RECORDED)
    passed(Point.STATUS_COMMITTED)
    if contact_id is not None:
        services().jobs.push(jobs.SEND_TO, contact_id)


def _row_id(given: str) -> int:
    """An id as the database has them. Raises ValueError."""
    if not re.fullmatch("[0-9]{1,18}", given):
        raise ValueError("is no id")
    return int(given)
