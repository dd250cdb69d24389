"""Who is logged in: a random token in a signed cookie, and its hash in PostgreSQL, where the session ends."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

import flask
from flask import Flask
from flask_login import AnonymousUserMixin, LoginManager, UserMixin, login_user, logout_user

from bot.console.access.guard import WATCHING
from bot.console.access.roles import Operator, Role
from bot.console.page import clock, services
from bot.store import operators
from bot.store.database import Tx
from bot.store.operators import Person

IDLE = timedelta(hours=2)
"""Who does nothing for so long is logged out: a laptop left open in an office."""
LONGEST = timedelta(hours=12)
"""However busy they are, they log in again after a working day."""
TO_PROVE = timedelta(minutes=10)
"""Between the password and the second proof."""
SEEN_EVERY = timedelta(minutes=1)
"""So seldom it is written down that somebody is still there."""

_HALF = "half"


class Visitor(UserMixin):
    """What Flask-Login keeps of somebody who is logged in: it writes `get_id`, the token, into the cookie."""

    def __init__(self, token: str, session_id: int, person: Person) -> None:
        self._token = token
        self.session_id = session_id
        self.login = person.login
        self.operator = Operator(person.id, person.name, Role(person.role))
        self.has_one_time_password = person.one_time_until is not None

    def get_id(self) -> str:
        return self._token


class Nobody(AnonymousUserMixin):
    """Nobody is logged in."""

    operator = None
    session_id = None
    has_one_time_password = False


def know_visitors(app: Flask) -> None:
    """Let the application know who is logged in."""
    manager = LoginManager()
    manager.anonymous_user = Nobody
    manager.session_protection = None  # addresses change under way, on a phone; the token is what counts
    manager.user_loader(visitor)
    manager.init_app(app, add_context_processor=False)  # templates never ask the database by themselves


def visitor(token: str) -> Visitor | None:
    """Who bears this token, if their session goes on."""
    now = clock()
    with services().store.begin() as tx:
        found = operators.find_session(tx, hashed(token), now, IDLE, proven=True)
        if found is None:
            return None
        if now - found.seen_at >= SEEN_EVERY and flask.request.endpoint not in WATCHING:
            operators.touch_session(tx, found.id, now)
    return Visitor(token, found.id, found.person)


def log_in(tx: Tx, person: Person) -> None:
    """Begin a session of somebody who has proven who they are. The cookie holds nothing from before."""
    now, token = clock(), secrets.token_urlsafe(32)
    operators.open_session(tx, person.id, hashed(token), now, now + LONGEST, proven=True)
    operators.came_in(tx, person.id, now)
    found = operators.find_session(tx, hashed(token), now, IDLE, proven=True)
    if found is None:
        raise RuntimeError("a session that was just begun is not there")
    flask.session.clear()
    login_user(Visitor(token, found.id, found.person))


def log_out(tx: Tx, session_id: int) -> None:
    """End this session, here and in the browser."""
    operators.end_session(tx, session_id)
    logout_user()
    flask.session.clear()


def await_proof(tx: Tx, person: Person, next_: str) -> None:
    """Somebody gave the right password, and is asked for their second proof."""
    now, token = clock(), secrets.token_urlsafe(32)
    operators.open_session(tx, person.id, hashed(token), now, now + TO_PROVE, proven=False)
    flask.session.clear()
    flask.session[_HALF] = {"token": token, "next": next_}


def awaited(tx: Tx) -> operators.Session | None:
    """Who is asked for a second proof in this browser."""
    half = flask.session.get(_HALF)
    if half is None:
        return None
    return operators.find_session(tx, hashed(half["token"]), clock(), TO_PROVE, proven=False)


def awaited_next() -> str:
    """Where they want to go then."""
    return str(flask.session.get(_HALF, {}).get("next", ""))


def hashed(token: str) -> bytes:
    """What is kept of a token or code. Both are random and long, so that a plain hash tells nothing."""
    return hashlib.sha256(token.encode()).digest()
