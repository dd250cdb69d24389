"""Builds the carrier's web application: the only place that wires its parts."""

from __future__ import annotations

from flask import Flask
from flask.json.provider import DefaultJSONProvider

from bot.headers import OWN_FILES, be_strict
from bot.simulator.account_rest import account
from bot.simulator.agenda import Agenda
from bot.simulator.carrier import Carrier
from bot.simulator.content_rest import contents
from bot.simulator.database import Clock
from bot.simulator.examples import PEOPLE
from bot.simulator.memory import Memory, machine_clock
from bot.simulator.page import page
from bot.simulator.phones import MAX_PICTURE, phones
from bot.simulator.rest import rest
from bot.simulator.settings import CarrierSettings
from bot.simulator.thin import be_thin


class _PlainJSON(DefaultJSONProvider):
    """Letters as they are, fields in the order they are given: as Twilio writes them."""

    ensure_ascii = False
    sort_keys = False


def create_simulator(settings: CarrierSettings, clock: Clock = machine_clock) -> Flask:
    """The application, with its database open and what was on its way taken up again.

    `clock` gives the carrier's time: when a message was sent, whether 24 hours have passed. Raises OSError or
    sqlite3.Error when the database cannot be opened.
    """
    app = Flask(
        __name__, static_folder="static", static_url_path="/simulator/static", template_folder="templates"
    )
    app.json = _PlainJSON(app)
    app.config["MAX_CONTENT_LENGTH"] = MAX_PICTURE * 2
    be_strict(app, OWN_FILES)
    be_thin(app)
    memory = Memory.open(settings.database, clock)
    if not memory.people.all():
        for number, name in PEOPLE:
            memory.people.meet(number, name)
    agenda = Agenda()
    app.extensions["carrier"] = Carrier(settings, memory, agenda)
    app.register_blueprint(rest)
    app.register_blueprint(contents)
    app.register_blueprint(account)
    app.register_blueprint(phones)
    app.register_blueprint(page)
    return app


def close_simulator(app: Flask) -> None:
    """Stops what is on its way and closes the database. A new application over the same file takes both
    up."""
    carrier: Carrier = app.extensions["carrier"]
    carrier.close()
