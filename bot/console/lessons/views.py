"""The pages of learning material."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from bot import intake
from bot.console import audit, heard, importing
from bot.console.access import Role, at_least, current
from bot.console.audit import Deed
from bot.console.lessons import form as forms
from bot.console.lessons import trying
from bot.console.page import clock, flash, paged, row_id, services
from bot.dialogue.wording import word
from bot.gsm7 import size
from bot.importers.cells import Cells, resource_cells
from bot.importers.resources import ResourceRow
from bot.messages import Channel
from bot.store import Tx, resources
from bot.store.finding import printable
from bot.store.resources import Kept, State, Wanted
from matching.schema import Level, ResourceKind
from nlp.meaning import Meaning
from nlp.schema import HUB_SERVICES

bp = Blueprint("lessons", __name__, url_prefix="/console/material")
importing.add_to(bp, importing.RESOURCES)

AT_ONCE = 200
"""Rows of an export that are read together."""
STATES: dict[str, State | None] = {"ofrecidos": State.OFFERED, "retirados": State.WITHDRAWN, "todos": None}
STATE_NAMES = {"ofrecidos": "Los que se ofrecen", "retirados": "Retirados", "todos": "Todos"}
CHANNELS = {"sms": Channel.SMS, "whatsapp": Channel.WHATSAPP}
OUTDATED = "Alguien cambió este material mientras usted lo editaba. Revise lo que escribió y guarde otra vez."

Answer = str | Response


@dataclass(frozen=True, slots=True)
class Looked:
    """What the list was asked for, as it stands in its form."""

    q: str
    kind: str
    level: str
    state: str
    wanted: Wanted


@bp.get("")
@at_least(Role.OPERATOR)
def listed() -> Answer:
    looked = _looked()
    with services().store.begin() as tx:
        page = paged(
            lambda after, limit: resources.listed(tx, looked.wanted, after, limit, _with_demo()),
            lambda one: f"{one.id}:{one.row.title}",
            read=_title_and_id,
        )
    return render_template(
        "console/lessons/list.html", page=page, looked=looked, states=STATE_NAMES, **_words()
    )


@bp.get("/exportar.csv")
@at_least(Role.COORDINATOR)
def export() -> Answer:
    """All that the list shows, as the import reads it."""
    store, looked, with_demo = services().store, _looked(), _with_demo()
    with store.begin() as tx:
        audit.note(tx, current().id, Deed.EXPORTED, "resources")

    def rows() -> Iterator[Cells]:
        after: tuple[str, int] | None = None
        while True:
            with store.begin() as tx:
                found = resources.listed(tx, looked.wanted, after, AT_ONCE, with_demo)
            yield from (resource_cells(one.row) for one in found)
            if len(found) < AT_ONCE:
                return
            after = (found[-1].row.title, found[-1].id)

    return importing.csv_answer("material", intake.RESOURCES.columns, rows())


@bp.get("/<int:resource_id>")
@at_least(Role.OPERATOR)
def one(resource_id: int) -> Answer:
    with services().store.begin() as tx:
        resource = _resource(tx, resource_id)
    return render_template(
        "console/lessons/one.html",
        resource=resource,
        bubbles=heard.of_resource(resource.row, services().places, clock()),
        **_words(),
    )


@bp.route("/nuevo", methods=["GET", "POST"])
@at_least(Role.COORDINATOR)
def new() -> Answer:
    if request.method == "GET":
        return _form(forms.blank(), None, None)
    form, row = forms.read(MultiDict(request.form), None)
    if row is None or forms.asks_to_see(request.form):
        return _form(form, None, row)
    with services().store.begin() as tx:
        if resources.id_of(tx, row.key) is None:
            _put(tx, row)
            resource_id = resources.id_of(tx, row.key)
            audit.note(tx, current().id, Deed.ADDED_MATERIAL, f"resource:{resource_id}")
            flash("Material agregado: ya se ofrece.")
            return redirect(url_for("lessons.one", resource_id=resource_id))
    return _form(forms.with_errors(form, {"title": "Ya hay un material con ese título."}), None, row)


@bp.route("/<int:resource_id>/editar", methods=["GET", "POST"])
@at_least(Role.COORDINATOR)
def edit(resource_id: int) -> Answer:
    with services().store.begin() as tx:
        resource = _resource(tx, resource_id, lock=request.method == "POST")
        if request.method == "GET":
            return _form(forms.of(resource.row), resource, None)
        form, row = forms.read(MultiDict(request.form), resource.row)
        if row is None or forms.asks_to_see(request.form):
            return _form(form, resource, row, request.form.get("version"))
        if request.form.get("version") != _version(resource):
            return _form(forms.with_errors(form, {"": OUTDATED}), resource, row)
        changed = [
            field.name
            for field in fields(ResourceRow)
            if getattr(resource.row, field.name) != getattr(row, field.name)
        ]
        if changed:
            _put(tx, row)
            audit.note(
                tx, current().id, Deed.CHANGED_MATERIAL, f"resource:{resource_id}", {"changed": changed}
            )
    flash("Cambios guardados." if changed else "No había nada que cambiar.")
    return redirect(url_for("lessons.one", resource_id=resource_id))


@bp.post("/<int:resource_id>/retirar")
@at_least(Role.COORDINATOR)
def withdraw(resource_id: int) -> Answer:
    """It is offered to nobody any more."""
    with services().store.begin() as tx:
        if _resource(tx, resource_id, lock=True).withdrawn_at is None:
            resources.withdraw(tx, resource_id, clock())
            audit.note(tx, current().id, Deed.WITHDREW_MATERIAL, f"resource:{resource_id}")
    flash("Retirado: ya no se ofrece. Quien lo está siguiendo puede terminarlo.")
    return redirect(url_for("lessons.one", resource_id=resource_id))


@bp.post("/<int:resource_id>/ofrecer")
@at_least(Role.COORDINATOR)
def offer_again(resource_id: int) -> Answer:
    """It is offered as before."""
    with services().store.begin() as tx:
        if _resource(tx, resource_id, lock=True).withdrawn_at is not None:
            resources.offer_again(tx, resource_id, clock())
            audit.note(tx, current().id, Deed.OFFERED_MATERIAL, f"resource:{resource_id}")
    flash("Se ofrece otra vez.")
    return redirect(url_for("lessons.one", resource_id=resource_id))


@bp.route("/probar", methods=["GET", "POST"])
@at_least(Role.OPERATOR)
def try_out() -> Answer:
    """What somebody who writes this would be offered, and why. It is sent and not in the address: who tries with what
    somebody wrote leaves it nowhere."""
    here = services()
    text = printable(request.form.get("texto", ""))[: trying.LONGEST].strip()
    channel = request.form.get("canal", "sms") if request.form.get("canal") in CHANNELS else "sms"
    tried = None
    if text:
        if here.parser is None:
            abort(503)
        with here.store.begin() as tx:
            tried = trying.ask(tx, text, CHANNELS[channel], here.parser, here.places, clock(), _with_demo())
    return render_template(
        "console/lessons/try.html",
        text=text,
        channel=channel,
        longest=trying.LONGEST,
        tried=tried,
        size=size,
        **_words(),
    )


# ---------------------------------------------------------------- what they share


def _form(
    form: forms.Form, resource: Kept | None, row: ResourceRow | None, version: str | None = None
) -> str:
    """The form, with how it is read where that was asked for and can be said."""
    return render_template(
        "console/lessons/form.html",
        form=form,
        resource=resource,
        version=version or (_version(resource) if resource else ""),
        bubbles=heard.of_resource(row, services().places, clock()) if row else [],
        services=[(service, word("services", service)) for service in HUB_SERVICES],
        sees=forms.asks_to_see(request.form),
        **_words(),
    )


def _put(tx: Tx, row: ResourceRow) -> None:
    """Keep it, and find its place among meanings at once, so that the next who asks finds it."""
    resources.put(tx, row, row.demo, clock())
    if parser := services().parser:
        resources.place_among_meanings(tx, Meaning(parser.tagger))


def _resource(tx: Tx, resource_id: int, lock: bool = False) -> Kept:
    found = resources.kept(tx, resource_id, _with_demo(), lock)
    return found if found is not None else abort(404)


def _version(resource: Kept) -> str:
    """Tells the row from what it was before somebody else changed it."""
    return resource.updated_at.isoformat()


def _looked() -> Looked:
    given = request.args
    q = printable(given.get("q", ""))[:80].strip()
    kind = given.get("tipo", "") if given.get("tipo") in list(ResourceKind) else ""
    level = given.get("nivel", "") if given.get("nivel") in list(Level) else ""
    state = given.get("estado", "") if given.get("estado") in STATES else "ofrecidos"
    return Looked(q, kind, level, state, Wanted(q, kind, level, STATES[state]))


def _title_and_id(given: str) -> tuple[str, int]:
    number, _, title = given.partition(":")
    return printable(title), row_id(number)


def _with_demo() -> bool:
    return not services().settings.live


def _words() -> dict[str, dict[str, str]]:
    return {
        "kinds": {kind.value: word("resource_kinds", kind.value) for kind in ResourceKind},
        "levels": {level.value: word("levels", level.value) for level in Level},
    }
