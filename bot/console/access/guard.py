"""Who is let in where. Every view says the least role it wants; one that says nothing is shown to nobody."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import abort, current_app, g, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from bot.console.access.roles import Operator, Role

CONSOLE = "/console/"

OPEN = {
    "console.static",
    "entering.enter",
    "entering.try_to_enter",
    "entering.prove",
    "entering.try_to_prove",
}
"""Endpoints for who is not logged in."""
WITH_A_ONE_TIME_PASSWORD = {"entering.leave", "account.account", "account.change_password"}
"""What somebody may do whose password was given to them: change it."""

WATCHING = {"today.fresh", "conversations.news"}
"""What an open page asks for by itself: it does not tell that somebody is there."""

View = TypeVar("View", bound=Callable[..., Any])


def at_least(role: Role) -> Callable[[View], View]:
    """The view is for who has this role, or one above it. Others come to the log-in, or see that they may not."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(*arguments: Any, **named: Any) -> Any:
            refused = refusal(role)
            return view(*arguments, **named) if refused is None else refused

        guarded.least = role  # type: ignore[attr-defined]
        return cast(View, guarded)

    return guard


def current() -> Operator:
    """Who is logged in. Only for views that bear `at_least`; others raise RuntimeError where nobody is."""
    operator = known()
    if operator is None:
        raise RuntimeError("nobody is logged in")
    return operator


def known() -> Operator | None:
    """Who is logged in, if somebody is."""
    return current_user.operator if current_user and current_user.is_authenticated else None


def loaded() -> Operator | None:
    """The same, for what is shown when something went wrong: who was found before, without asking the database."""
    return known() if "_login_user" in g else None


def refusal(role: Role) -> Response | None:
    """What somebody is answered who may not see this, None for who may. Aborts with 403 for a role too low."""
    operator = known()
    if operator is None:
        next_ = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("entering.enter", next=next_))
    if current_user.has_one_time_password and request.endpoint not in WITH_A_ONE_TIME_PASSWORD:
        return redirect(url_for("account.account"))
    if not operator.role.includes(role):
        abort(403)
    return None


def guard_request() -> Response | None:
    """Before a request of the console: refuse who may not, before anything of what they sent is read; fail closed
    where a view forgot to say its role."""
    if request.endpoint is None or request.endpoint in OPEN:
        return None
    least = getattr(current_app.view_functions[request.endpoint], "least", None)
    return abort(403) if least is None else refusal(least)
