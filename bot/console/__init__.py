"""The console: what the people who run Ayllu see. Server-rendered pages at /console/, in Spanish."""

from __future__ import annotations

import base64
from threading import BoundedSemaphore

from flask import Blueprint, Flask, Response, abort, g, request
from flask_wtf import CSRFProtect
from werkzeug.wrappers import Response as AnyResponse

from bot.console import navigation, page, static
from bot.console.access import account, entering, guard, sessions
from bot.console.access.lockout import Lockout
from bot.console.conversations import views as conversations
from bot.console.errors import pages_for_errors
from bot.console.lessons import views as lessons
from bot.console.map import views as map_views
from bot.console.numbers import views as numbers
from bot.console.people import views as people
from bot.console.places import views as places
from bot.console.providers import views as providers
from bot.console.queues import views as queues
from bot.console.record import views as record
from bot.console.requests import views as requests
from bot.console.today import views as today
from bot.console.understanding import views as understanding
from bot.headers import OWN_FILES
from bot.services import Services

BLUEPRINTS: tuple[Blueprint, ...] = (
    entering.bp,
    account.bp,
    today.bp,
    requests.bp,
    conversations.bp,
    understanding.bp,
    numbers.bp,
    queues.bp,
    people.bp,
    record.bp,
    map_views.bp,
    places.bp,
    lessons.bp,
    providers.bp,
)
"""Every subject of the console."""

AT_ONCE = 4
"""So many pages of the console are made at once in one process; its other threads are the carrier's."""
PATIENCE_S = 1.0
ROOM_FOR_A_PIECE = 256 * 1024
"""A file is read by pieces of 64 KiB, each together with what was left of the one before: as much as fields that are no
file may take would not hold the two."""


def add_console(app: Flask, services: Services) -> None:
    """Everything at /console/. Nothing outside of it changes."""
    vault = services.store.vault
    keys = [base64.b64encode(key).decode() for key in vault.cookie_keys]
    app.config.update(
        SECRET_KEY=keys[0],
        SECRET_KEY_FALLBACKS=keys[1:],
        SESSION_COOKIE_NAME="ayllu_console",
        SESSION_COOKIE_PATH=guard.CONSOLE,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=services.settings.public_url.startswith("https:"),
        WTF_CSRF_CHECK_DEFAULT=False,  # _guard asks for it, in the console alone
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session
        WTF_CSRF_SSL_STRICT=False,  # browsers are told to send no Referer
    )
    app.extensions["ayllu-lockout"] = Lockout(services.redis, vault)
    sessions.know_visitors(app)
    csrf = CSRFProtect(app)
    turn = BoundedSemaphore(AT_ONCE)

    @app.before_request
    def guarded() -> AnyResponse | None:
        if not request.path.startswith(guard.CONSOLE) or request.endpoint == static.ENDPOINT:
            return None
        if not turn.acquire(timeout=PATIENCE_S):
            abort(503)
        g.has_turn = True
        if (refused := guard.guard_request()) is not None:
            return refused
        view = app.view_functions.get(request.endpoint or "")
        if up_to := getattr(view, "up_to", None):
            request.max_content_length = up_to
            request.max_form_memory_size = ROOM_FOR_A_PIECE
        csrf.protect()
        return None

    @app.teardown_request
    def next_one(_: BaseException | None) -> None:
        if g.pop("has_turn", False):
            turn.release()

    @app.after_request
    def allow_own_files(response: Response) -> Response:
        if request.path.startswith(guard.CONSOLE):
            response.headers.setdefault("Content-Security-Policy", OWN_FILES)
        return response

    app.register_blueprint(static.bp)
    for bp in BLUEPRINTS:
        app.register_blueprint(bp)
    _for_templates(app)
    pages_for_errors(app)


def _for_templates(app: Flask) -> None:
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        moment=page.moment, ago=page.ago, day=page.day, count=page.count, masked=page.masked, span=page.span
    )
    app.jinja_env.globals.update(
        plural=page.plural,
        static_url=static.url,
        operator=guard.loaded,
        navigation=navigation.entries,
        is_current=navigation.is_current,
    )
