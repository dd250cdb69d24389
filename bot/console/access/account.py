"""One's own account: password and second proof."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from bot.console import audit, navigation
from bot.console.access import passwords, second_proof, sessions
from bot.console.access.entering import lockout
from bot.console.access.guard import at_least, current
from bot.console.access.lockout import PROOF, Try, address_of_request
from bot.console.access.roles import CALLED, Role
from bot.console.page import clock, flash, services, span
from bot.store import operators
from bot.store.operators import Person

bp = Blueprint("account", __name__, url_prefix="/console/cuenta")

Answer = str | Response | tuple[str, int]


@bp.get("")
@at_least(Role.OPERATOR)
def account() -> Answer:
    return _page()


@bp.post("/contrasena")
@at_least(Role.OPERATOR)
def change_password() -> Answer:
    """Change it, end the account's other sessions, and give this one a new token."""
    me = _me()
    now, new, again = (request.form.get(name, "") for name in ("actual", "nueva", "repetida"))
    if refused := _wrong_password(me, now):
        return _page(errors={"actual": refused}), 422
    if fault := passwords.fault_of(new, me.login, me.name):
        return _page(errors={"nueva": passwords.SAID[fault]}), 422
    if new != again:
        return _page(errors={"repetida": "No es igual a la contraseña nueva."}), 422
    if new == now:
        return _page(errors={"nueva": "Es la misma de antes. Escriba otra."}), 422
    hashed = passwords.hash_of(new)
    with services().store.begin() as tx:
        operators.set_password(tx, me.id, hashed, one_time_until=None)
        operators.end_sessions(tx, me.id)
        audit.note(tx, me.id, audit.Deed.CHANGED_PASSWORD, f"operator:{me.id}")
        sessions.log_in(tx, me)
    flash("Su contraseña cambió. Si había entrado en otro aparato, allí tiene que entrar otra vez.")
    return redirect(navigation.first_page() if me.one_time_until else url_for(".account"))


@bp.post("/codigo")
@at_least(Role.OPERATOR)
def begin_second_proof() -> Answer:
    """Make a secret and show it; it counts once they have shown that their phone has it."""
    me = _me()
    if me.totp_since is not None:
        return redirect(url_for(".account"))
    if refused := _wrong_password(me, request.form.get("contrasena", "")):
        return _page(errors={"contrasena": refused}), 422
    with services().store.begin() as tx:
        operators.set_totp(tx, me.id, second_proof.new_secret())
    return redirect(url_for(".second_proof_shown"))


@bp.get("/codigo")
@at_least(Role.OPERATOR)
def second_proof_shown() -> Answer:
    me = _me()
    return _secret(me) if me.totp and me.totp_since is None else redirect(url_for(".account"))


@bp.post("/codigo/confirmar")
@at_least(Role.OPERATOR)
def confirm_second_proof() -> Answer:
    me, now = _me(), clock()
    if me.totp is None or me.totp_since is not None:
        return redirect(url_for(".account"))
    step = second_proof.step_of(me.totp, request.form.get("codigo", ""), 0, now)
    if step is None:
        return _secret(
            me, "Ese código no es correcto. Revise la hora de su teléfono y pruebe con el siguiente."
        ), 422
    codes = second_proof.new_recovery_codes()
    with services().store.begin() as tx:
        operators.confirm_totp(tx, me.id, step, [second_proof.recovery_hash(code) for code in codes], now)
        operators.end_sessions(tx, me.id, but=current_user.session_id)
        audit.note(tx, me.id, audit.Deed.TURNED_SECOND_PROOF_ON, f"operator:{me.id}")
    return render_template("console/access/recovery_codes.html", codes=codes)


@bp.post("/codigo/quitar")
@at_least(Role.OPERATOR)
def end_second_proof() -> Answer:
    me = _me()
    if refused := _wrong_password(me, request.form.get("contrasena", "")):
        return _page(errors={"contrasena": refused}), 422
    with services().store.begin() as tx:
        operators.set_totp(tx, me.id, None)
        audit.note(tx, me.id, audit.Deed.TURNED_SECOND_PROOF_OFF, f"operator:{me.id}")
    flash("Ya no se le pedirá un código al entrar.", "warning")
    return redirect(url_for(".account"))


def _me() -> Person:
    with services().store.begin() as tx:
        me = operators.with_id(tx, current().id)
    if me is None:
        raise RuntimeError("who is logged in is not there")
    return me


def _wrong_password(me: Person, given: str) -> str | None:
    """Why this is not let through as their password; None where it is. Somebody who found their laptop open has few
    tries."""
    tried = f"own password of {me.id}"
    if wait := lockout().seconds_to_wait(Try(tried, address_of_request(services().settings.proxies), PROOF)):
        return f"Hubo demasiados intentos. Espere {span(wait)}."
    if not passwords.is_right(given, me.password_hash):
        return "Esa no es su contraseña actual."
    lockout().forgive(tried, PROOF)
    return None


def _page(errors: dict[str, str] | None = None) -> str:
    me = _me()
    with services().store.begin() as tx:
        left = operators.recovery_codes_left(tx, me.id)
    return render_template(
        "console/access/account.html",
        me=me,
        role=CALLED[Role(me.role)],
        codes_left=left,
        errors=errors or {},
        shortest=passwords.SHORTEST,
    )


def _secret(me: Person, error: str | None = None) -> str:
    secret = me.totp or ""
    return render_template(
        "console/access/second_proof.html",
        picture=second_proof.picture(secret, me.login),
        secret=passwords.grouped(secret),
        error=error,
    )
