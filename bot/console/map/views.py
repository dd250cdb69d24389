"""The map in a form, asked for again: what a click on it, or the name of a district, makes of it."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from bot.console.access import Role, at_least
from bot.console.map.placing import read_placing

bp = Blueprint("map", __name__, url_prefix="/console")


@bp.post("/lugar")
@at_least(Role.OPERATOR)
def place_again() -> str:
    """The part of a form that says where something is, as what was sent makes it. Saves nothing."""
    return render_template("console/map/placing.html", placing=read_placing(request.form))
