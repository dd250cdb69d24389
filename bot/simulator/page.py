"""The page with the phones, in Spanish."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template
from werkzeug.wrappers import Response

from bot.simulator.examples import EXAMPLES, PLACES, TROUBLES
from bot.simulator.faults import EVERYBODY
from bot.simulator.phones import TROUBLE_CODES
from bot.simulator.rest import carrier

page = Blueprint("page", __name__)


@page.get("/")
def home() -> Response:
    return redirect("simulator/")


@page.get("/simulator/")
def simulator() -> str:
    settings = carrier().settings
    return render_template(
        "simulator/phones.html",
        whatsapp_number=settings.whatsapp_number,
        sms_number=settings.sms_number,
        prices=settings.prices,
        examples=EXAMPLES,
        places=PLACES,
        troubles=TROUBLES,
        codes=TROUBLE_CODES,
        everybody=EVERYBODY,
    )


@page.get("/healthz")
def healthz() -> dict[str, str]:
    return {"status": "ok"}
