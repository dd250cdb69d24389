"""The team's page."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from bot.console.access import Role, at_least, current
from bot.console.access.entering import lockout
from bot.console.access.roles import CALLED
from bot.console.page import clock, flash, services
from bot.console.people import team
from bot.console.people.team import Given, Problem, TeamError
from bot.store import operators

bp = Blueprint("people", __name__, url_prefix="/console/equipo")

Answer = str | Response | tuple[str, int]


@bp.get("")
@at_least(Role.ADMINISTRATOR)
def people() -> Answer:
    return _page()


@bp.post("")
@at_least(Role.ADMINISTRATOR)
def add() -> Answer:
    try:
        with services().store.begin() as tx:
            given = team.add(
                tx,
                current().id,
                request.form.get("usuario", ""),
                request.form.get("nombre", ""),
                _role(),
                clock(),
            )
    except TeamError as error:
        return _page({error.field: error.said}), 422
    return _handed_over(given)


@bp.post("/<int:operator_id>/contrasena")
@at_least(Role.ADMINISTRATOR)
def reset(operator_id: int) -> Answer:
    try:
        with services().store.begin() as tx:
            given = team.reset(tx, current().id, operator_id, clock())
    except TeamError as error:
        return _refused(error)
    lockout().forgive(given.person.login)
    return _handed_over(given)


@bp.post("/<int:operator_id>/rol")
@at_least(Role.ADMINISTRATOR)
def change_role(operator_id: int) -> Answer:
    try:
        role = _role()
        with services().store.begin() as tx:
            person = team.change_role(tx, current().id, operator_id, role)
    except TeamError as error:
        return _refused(error)
    flash(f"Rol nuevo de {person.name}: {CALLED[role]}.")
    return redirect(url_for(".people"))


@bp.post("/<int:operator_id>/desactivar")
@at_least(Role.ADMINISTRATOR)
def deactivate(operator_id: int) -> Answer:
    try:
        with services().store.begin() as tx:
            person = team.deactivate(tx, current().id, operator_id, clock())
    except TeamError as error:
        return _refused(error)
    flash(f"{person.name} ya no puede entrar.")
    return redirect(url_for(".people"))


def _role() -> Role:
    try:
        return Role(request.form.get("rol", ""))
    except ValueError:
        raise TeamError(Problem.ROLE) from None


def _refused(error: TeamError) -> Response:
    flash(error.said, "error")
    return redirect(url_for(".people"))


def _handed_over(given: Given) -> str:
    """The one page on which a one-time password is ever seen."""
    return render_template("console/people/handed_over.html", given=given, days=team.ONE_TIME.days)


def _page(errors: dict[str, str] | None = None) -> str:
    with services().store.begin() as tx:
        everybody = operators.listed(tx)
    return render_template(
        "console/people/people.html",
        everybody=everybody,
        roles=[(role.value, words) for role, words in CALLED.items()],
        called={role.value: words for role, words in CALLED.items()},
        me_id=current().id,
        given=request.form,
        errors=errors or {},
    )
