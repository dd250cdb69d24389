"""Labelling, and how well the model reads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from bot import labelling
from bot.console import audit
from bot.console.access import Role, at_least, current
from bot.console.meanings import INTENTS, SLOTS, USUAL
from bot.console.page import LIMA, clock, flash, services
from bot.console.understanding import form
from bot.console.understanding.figures import figures_of
from bot.store import labels
from bot.store.labels import Item, Left, Opinion, Pile, Verdict
from bot.weeks import WEEK, begins, week_of
from nlp.labelling import Shown
from nlp.schema import Intent

bp = Blueprint("understanding", __name__, url_prefix="/console/comprension")

PILES = {"": None, "dudosos": Pile.UNSURE, "azar": Pile.SAMPLE}
"""What stands in the address, for each pile; nothing for both."""
WEEKS = 26
OWN = "propia"


class Asked(NamedTuple):
    """A message as an operator is asked about it: with the model's reading, or with what they said before."""

    item: Item
    shown: Shown
    intent: Intent
    before: Opinion | None


@bp.get("")
@at_least(Role.OPERATOR)
def label() -> str:
    """The next message to label."""
    pile = PILES.get(request.args.get("cola", ""))
    with services().store.begin() as tx:
        left = labels.left(tx, current().id, labelling.UNSURE_BELOW)
        item = labels.next_for(tx, current().id, labelling.UNSURE_BELOW, pile)
    return _page(Asked(item, item.shown, item.intent, None) if item else None, left)


@bp.get("/<int:item_id>")
@at_least(Role.OPERATOR)
def label_again(item_id: int) -> str:
    """One message, with what was said of it before."""
    asked = _asked(item_id, own=True)
    with services().store.begin() as tx:
        left = labels.left(tx, current().id, labelling.UNSURE_BELOW)
    return _page(asked, left)


@bp.post("/<int:item_id>")
@at_least(Role.OPERATOR)
def save(item_id: int) -> Response | tuple[str, int]:
    """Keep what was said, and go on to the next."""
    asked = _asked(item_id, own=request.form.get("base") == OWN)
    try:
        opinion = form.read(request.form, asked.shown, current().id)
    except form.FormError as error:
        with services().store.begin() as tx:
            left = labels.left(tx, current().id, labelling.UNSURE_BELOW)
        return _page(asked, left, str(error), request.form), 400
    with services().store.begin() as tx:
        if not labels.save(tx, item_id, opinion, clock()):
            abort(404)
        if opinion.verdict is not Verdict.SKIPPED:
            detail = {"veredicto": opinion.verdict.value}
            audit.note(tx, current().id, audit.Deed.LABELLED_MESSAGE, f"label:{item_id}", detail)
    return redirect(url_for(".label", cola=request.args.get("cola") or None, antes=item_id))


@bp.get("/resultados")
@at_least(Role.OPERATOR)
def results() -> str:
    """How well the model reads, week by week, and how far people agree."""
    until = begins(week_of(clock()) + WEEK)
    with services().store.begin() as tx:
        found = labels.readings(tx, until - WEEK * WEEKS, until)
    figures = figures_of(found)
    return render_template(
        "console/understanding/results.html",
        figures=figures,
        intents=INTENTS,
        slots=SLOTS,
        weeks=WEEKS,
        may_export=current().role.includes(Role.COORDINATOR),
    )


@bp.post("/exportar")
@at_least(Role.COORDINATOR)
def export() -> Response:
    """What was labelled, as a file of training rows."""
    now = clock()
    with services().store.begin() as tx:
        rows = labelling.labelled_rows(tx, now)
        count = sum("\t" in line for line in rows.splitlines())
        audit.note(tx, current().id, audit.Deed.EXPORTED_LABELS, "labels", {"filas": count})
    if not rows:
        flash("Todavía no hay mensajes etiquetados que se puedan exportar.", "warning")
        return redirect(url_for(".results"))
    name = f"ayllu-etiquetas-{now.astimezone(LIMA):%Y-%m-%d}.txt"
    answer = Response(rows, mimetype="text/plain")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _asked(item_id: int, *, own: bool) -> Asked:
    with services().store.begin() as tx:
        item = labels.item(tx, item_id)
        before = labels.opinion_of(tx, item_id, current().id) if own else None
    if item is None:
        abort(404)
    if before is None or before.verdict is not Verdict.LABELLED or before.intent is None:
        return Asked(item, item.shown, item.intent, before)
    return Asked(item, Shown(item.shown.text, before.spans), before.intent, before)


def _page(
    asked: Asked | None,
    left: Left,
    error: str | None = None,
    sent: Mapping[str, str] | None = None,
) -> str:
    pile = request.args.get("cola", "")
    intents = [intent for intent in INTENTS if asked is None or intent is not asked.intent]
    own = asked is not None and asked.before is not None and asked.before.verdict is Verdict.LABELLED
    return render_template(
        "console/understanding/label.html",
        asked=asked,
        own=own,
        pieces=form.pieces(asked.shown) if asked else [],
        marked=form.marked(asked.shown) if asked else [],
        units=form.units(asked.shown.text) if asked else [],
        words=INTENTS,
        slots=SLOTS,
        usual=[intent for intent in intents if intent in USUAL],
        others=[intent for intent in intents if intent not in USUAL],
        most_added=form.MOST_ADDED,
        pile=pile if pile in PILES else "",
        left=left,
        before=_id(request.args.get("antes")),
        error=error,
        sent=sent or {},
        unsure_below=labelling.UNSURE_BELOW,
    )


def _id(given: str | None) -> int | None:
    return int(given) if given and given.isdecimal() and len(given) < 18 else None
