"""The page of today, what can be done from it, comments to read, and what was closed."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug.wrappers import Response

from bot.console import audit
from bot.console.access import Role, at_least, current
from bot.console.audit import Deed
from bot.console.page import clock, flash, services
from bot.console.today import lines
from bot.console.today.lines import CALLED, Kind, Today
from bot.messages import CaseReason
from bot.store import attention, care_requests, cases, operators
from bot.store.attention import Shelved

bp = Blueprint("today", __name__, url_prefix="/console")

LONGEST_NOTE = 500
CLOSED_FOR = timedelta(days=7)
MOST_EMERGENCIES, MOST_OF_OTHERS, MOST_OF_ONE = 15, 5, 40
"""Lines that are shown: of emergencies and of each other kind on the page of all, and on the page of one kind. A page
must come over a slow line."""
MOST_COMMENTS = 50

Answer = str | Response


@bp.get("/")
@at_least(Role.OPERATOR)
def today() -> Answer:
    return render_template("console/today/today.html", **_shown())


@bp.get("/hoy/lista", endpoint="fresh")
@at_least(Role.OPERATOR)
def fresh_list() -> Answer:
    """The list alone, for the page that asks for it every half minute."""
    return render_template("console/today/_list.html", **_shown())


@bp.post("/hoy/casos/<int:case_id>/tomar")
@at_least(Role.OPERATOR)
def take(case_id: int) -> Answer:
    """Look after a case; from somebody else it is taken only by who saw that they had it."""
    held = request.form.get("de", "")
    with services().store.begin() as tx:
        had = next((case.taken_by for case in (cases.open_one(tx, case_id),) if case), None)
        seen = int(held) if held.isdecimal() and len(held) < 19 else None
        taken = cases.take(tx, case_id, current().id, seen)
        if taken and had != current().id:
            audit.note(tx, current().id, Deed.TOOK_CASE, f"case:{case_id}")
    if not taken:
        flash("Ese caso ya está cerrado, o lo tomó otra persona.", "warning")
    return _back()


@bp.post("/hoy/casos/<int:case_id>/soltar")
@at_least(Role.OPERATOR)
def leave(case_id: int) -> Answer:
    with services().store.begin() as tx:
        if cases.leave(tx, case_id, current().id):
            audit.note(tx, current().id, Deed.LEFT_CASE, f"case:{case_id}")
    return _back()


@bp.post("/hoy/casos/<int:case_id>/cerrar")
@at_least(Role.OPERATOR)
def close(case_id: int) -> Answer:
    """With what was done; of an emergency that must be told."""
    note = " ".join(request.form.get(f"nota-{case_id}", "").split())[:LONGEST_NOTE]
    with services().store.begin() as tx:
        case = cases.open_one(tx, case_id)
        if case is None:
            flash("Ese caso ya estaba cerrado.", "warning")
        elif case.reason == CaseReason.EMERGENCY and not note:
            flash("Antes de cerrar una emergencia, escriba qué se hizo.", "error")
        elif cases.close(tx, case_id, clock(), current().id, note):
            audit.note(tx, current().id, Deed.CLOSED_CASE, f"case:{case_id}", {"reason": case.reason})
            flash("Caso cerrado.")
    return _back()


@bp.post("/hoy/visto")
@at_least(Role.OPERATOR)
def set_aside() -> Answer:
    """Put off what was looked at, until there is more of it."""
    contact, _, kind = request.form.get("visto", "").partition(":")
    if not (contact.isdecimal() and len(contact) < 19 and kind in set(Shelved)):
        abort(400)
    with services().store.begin() as tx:
        if not attention.set_aside(tx, int(contact), Shelved(kind), clock()):
            abort(404)
        audit.note(tx, current().id, Deed.SET_ASIDE, f"contact:{contact}", {"kind": kind})
    flash("Visto. Vuelve a aparecer si hay algo nuevo.")
    return _back()


@bp.get("/hoy/cerrados")
@at_least(Role.OPERATOR)
def closed() -> Answer:
    """What was looked after lately, by whom, and what was done."""
    with services().store.begin() as tx:
        found = cases.lately_closed(tx, clock() - CLOSED_FOR)
        names = operators.names(tx, {case.closed_by for case in found if case.closed_by is not None})
    return render_template(
        "console/today/closed.html", cases=found, names=names, days=CLOSED_FOR.days, what=lines.what_of
    )


@bp.get("/comentarios")
@at_least(Role.OPERATOR)
def comments() -> Answer:
    """What families say of the care, before other families may read it."""
    with services().store.begin() as tx:
        found = care_requests.unread_comments(tx, MOST_COMMENTS)
    return render_template("console/today/comments.html", comments=found)


@bp.post("/comentarios/<int:offer_id>")
@at_least(Role.OPERATOR)
def read_comment(offer_id: int) -> Answer:
    """Read, and shown beside the provider or not."""
    shown = request.form.get("mostrar")
    if shown not in ("si", "no"):
        abort(400)
    with services().store.begin() as tx:
        if not care_requests.read_comment(tx, offer_id, shown == "si", clock()):
            abort(404)
        audit.note(tx, current().id, Deed.READ_COMMENT, f"offer:{offer_id}", {"shown": shown})
    flash("Las familias lo verán desde ahora." if shown == "si" else "Leído. No se muestra a nadie.")
    return redirect("/console/comentarios")


def _shown() -> dict[str, object]:
    kind = _kind()
    district = request.args.get("distrito", "")
    district = district if district.isdecimal() and len(district) == 6 else ""
    with services().store.begin() as tx:
        found: Today = lines.today(tx, services().places, current().id, clock(), kind, district or None)
    place = request.args.get("desde", "")
    first = min(int(place), lines.MOST_OF_A_KIND) if kind and place.isdecimal() and len(place) < 4 else 0

    def query_from(place: int) -> str:
        asked = {"tipo": kind, "distrito": district, "desde": place}
        given = urlencode({name: value for name, value in asked.items() if value})
        return f"?{given}" if given else ""

    def shown_of(one: Kind) -> int:
        if kind:
            return MOST_OF_ONE
        return MOST_EMERGENCIES if one is Kind.EMERGENCY else MOST_OF_OTHERS

    return {
        "today": found,
        "kind": kind,
        "district": district,
        "query": query_from(first),
        "query_from": query_from,
        "first": first,
        "shown_of": shown_of,
        "called": CALLED,
        "now": clock(),
        "longest_note": LONGEST_NOTE,
    }


def _kind() -> Kind | None:
    given = request.args.get("tipo", "")
    return Kind(given) if given in set(Kind) else None


def _back() -> Response:
    """To the list as it was filtered: its query came with the form."""
    given = request.form.get("lista", "")
    return redirect(f"/console/{given}" if given.startswith("?") and len(given) < 100 else "/console/")
