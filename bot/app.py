"""The web process. `create_app` is the only place that puts its parts together."""

from __future__ import annotations

from flask import Flask, redirect
from werkzeug.wrappers import Response

from bot.backstage import add_backstage
from bot.console import add_console
from bot.headers import NOTHING, be_strict, errors_in_words
from bot.health import health
from bot.logs import set_up_logging
from bot.metrics import add_metrics
from bot.services import Services, wire
from bot.settings import Settings
from bot.webhooks import webhooks

MAX_REQUEST_BYTES = 64 * 1024
MAX_FORM_FIELDS = 200


def create_app(services: Services | None = None) -> Flask:
    """The application, wired from the environment unless `services` are given.

    Raises SettingsError or BundleError, whose messages say what to mend.
    """
    if services is None:
        settings = Settings.load()
        set_up_logging(settings.log_level, settings.log_format)
        services = wire(settings)
    app = Flask("bot", static_folder=None)
    app.config.update(
        MAX_CONTENT_LENGTH=MAX_REQUEST_BYTES,
        MAX_FORM_MEMORY_SIZE=MAX_REQUEST_BYTES,
        MAX_FORM_PARTS=MAX_FORM_FIELDS,
    )
    app.extensions["ayllu"] = services
    be_strict(app, NOTHING, https=services.settings.public_url.startswith("https:"))
    errors_in_words(app)
    add_metrics(app, services)
    app.register_blueprint(health)
    app.register_blueprint(webhooks)
    add_console(app, services)
    if services.settings.simulated:
        add_backstage(app)
    if simulator := services.settings.simulator_url:
        app.add_url_rule("/simulator/", "simulator", lambda: _show(simulator))
        app.add_url_rule("/", "home", lambda: _show(simulator))
    return app


def _show(address: str) -> Response:
    return redirect(address)
