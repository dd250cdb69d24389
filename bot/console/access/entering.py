"""Logging in and out."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from bot.console import audit, navigation
from bot.console.access import passwords, second_proof, sessions
from bot.console.access.guard import CONSOLE, at_least, current, known
from bot.console.access.lockout import PROOF, Lockout, Try, address_of_request
from bot.console.access.roles import Role
from bot.console.page import clock, flash, services, span
from bot.store import operators
from bot.store.database import Tx
from bot.store.operators import Person

bp = Blueprint("entering", __name__, url_prefix="/console")

WRONG = "El usuario o la contraseña no son correctos."
WRONG_CODE = "Ese código no es correcto o ya se usó."

Answer = str | Response | tuple[str, int]


@bp.get("/entrar")
def enter() -> Answer:
    if known():
        return redirect(_own(request.args.get("next", "")))
    return _form()


@bp.post("/entrar", endpoint="try_to_enter")
def try_to_enter() -> Answer:
    """The same answer, in the same time, whether the account is there or not."""
    login, password = (
        request.form.get("usuario", "").strip().lower()[:100],
        request.form.get("contrasena", ""),
    )
    if wait := lockout().seconds_to_wait(Try(login, _address())):
        return _locked(login, wait)
    with services().store.begin() as tx:
        person = operators.with_login(tx, login)
    open_to = person is not None and person.deactivated_at is None
    right = passwords.is_right(password, person.password_hash if person and open_to else None)
    if person is None or not right:
        with services().store.begin() as tx:
            _note_failure(tx, audit.Deed.LOG_IN_FAILED, person)
        return _form(WRONG), 401
    if person.one_time_until is not None and person.one_time_until < clock():
        return _form("Su contraseña de un solo uso ya venció. Pida otra a quien administra el equipo."), 401
    lockout().forgive(login)
    return _let_in(person, password)


def _let_in(person: Person, password: str) -> Response:
    next_ = _own(request.form.get("next", ""))
    anew = passwords.hash_of(password) if passwords.is_outdated(person.password_hash) else None
    with services().store.begin() as tx:
        if anew:
            operators.renew_hash(tx, person.id, person.password_hash, anew)
        if person.totp_since is not None:
            sessions.await_proof(tx, person, next_)
            return redirect(url_for(".prove"))
        audit.note(tx, person.id, audit.Deed.LOGGED_IN, f"operator:{person.id}")
        sessions.log_in(tx, person)
    return redirect(url_for("account.account") if person.one_time_until else next_)


@bp.get("/entrar/codigo")
def prove() -> Answer:
    with services().store.begin() as tx:
        awaited = sessions.awaited(tx)
    return redirect(url_for(".enter")) if awaited is None else render_template("console/access/prove.html")


@bp.post("/entrar/codigo", endpoint="try_to_prove")
def try_to_prove() -> Answer:
    code, now = request.form.get("codigo", "")[:40], clock()
    with services().store.begin() as tx:
        awaited = sessions.awaited(tx)
    if awaited is None or awaited.person.totp is None:
        flash("Pasó mucho tiempo. Entre otra vez.", "warning")
        return redirect(url_for(".enter"))
    person, tried = awaited.person, f"second proof of {awaited.person.id}"
    if wait := lockout().seconds_to_wait(Try(tried, _address(), PROOF)):
        return _locked(person.login, wait)
    with services().store.begin() as tx:
        step = second_proof.step_of(person.totp or "", code, person.totp_step, now)
        by_step = step is not None and operators.use_step(tx, person.id, step)
        by_paper = not by_step and operators.use_recovery_code(
            tx, person.id, second_proof.recovery_hash(code), now
        )
        if not (by_step or by_paper):
            audit.note(tx, None, audit.Deed.LOG_IN_FAILED, f"operator:{person.id}", {"por": "código"})
        else:
            next_ = _own(sessions.awaited_next())
            operators.end_session(tx, awaited.id)
            deed = audit.Deed.USED_RECOVERY_CODE if by_paper else audit.Deed.LOGGED_IN
            audit.note(tx, person.id, deed, f"operator:{person.id}")
            sessions.log_in(tx, person)
    if not (by_step or by_paper):
        return render_template("console/access/prove.html", error=WRONG_CODE), 401
    lockout().forgive(tried, PROOF)
    if by_paper:
        with services().store.begin() as tx:
            left = operators.recovery_codes_left(tx, person.id)
        flash(f"Usó un código de recuperación. Le quedan {left}. Puede crear otros en su cuenta.", "warning")
    return redirect(url_for("account.account") if person.one_time_until else next_)


@bp.post("/salir")
@at_least(Role.OPERATOR)
def leave() -> Response:
    with services().store.begin() as tx:
        audit.note(tx, current().id, audit.Deed.LOGGED_OUT, f"operator:{current().id}")
        sessions.log_out(tx, current_user.session_id)
    flash("Salió de la consola.")
    return redirect(url_for(".enter"))


def lockout() -> Lockout:
    """What counts the tries of this application."""
    found: Lockout = current_app.extensions["ayllu-lockout"]
    return found


def _form(error: str | None = None) -> str:
    given = {"login": request.form.get("usuario", ""), "next": _wanted()}
    return render_template("console/access/enter.html", error=error, **given)


def _locked(login: str, wait: int) -> Answer:
    with services().store.begin() as tx:
        _note_failure(tx, audit.Deed.LOCKED_OUT, operators.with_login(tx, login))
    return _form(f"Hubo demasiados intentos. Espere {span(wait)} y pruebe de nuevo."), 429


def _note_failure(tx: Tx, deed: audit.Deed, person: Person | None) -> None:
    """Each failure of an account that is there; of others, which anybody makes up, one in an hour. What was typed is
    not noted: it may be a password in the wrong field."""
    if person is not None and deed is audit.Deed.LOG_IN_FAILED:
        audit.note(tx, None, deed, f"operator:{person.id}")
    else:
        audit.note_seen(tx, None, deed, f"operator:{person.id}" if person else "")


def _address() -> str:
    return address_of_request(services().settings.proxies)


def _wanted() -> str:
    return request.form.get("next") or request.args.get("next", "")


def _own(address: str) -> str:
    """The address, if it is of a page of this console; else the console's first page."""
    parts = urlsplit(address)
    strange = "\\" in address or not address.isprintable() or ".." in parts.path
    if strange or parts.scheme or parts.netloc or not parts.path.startswith(CONSOLE):
        return navigation.first_page()
    if parts.path.startswith((url_for(".enter"), url_for(".leave"))):
        return navigation.first_page()
    return address
