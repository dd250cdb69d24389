"""The pages of hubs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from bot import intake
from bot.console import audit, heard, importing, whereabouts
from bot.console.access import Role, at_least, current
from bot.console.audit import Deed
from bot.console.map import Look, Mark, View, asked_view, map_of
from bot.console.map.placing import asks_for_map
from bot.console.page import clock, flash, paged, row_id, services
from bot.console.places import form as forms
from bot.dialogue import phrases
from bot.dialogue.phrases import enumeration
from bot.dialogue.wording import word
from bot.importers.cells import Cells, hub_cells
from bot.importers.hubs import HubRow
from bot.store import Tx, hubs
from bot.store.finding import printable
from bot.store.hubs import Kept, State, Wanted
from matching.week import DAYS
from nlp.schema import HUB_SERVICES

bp = Blueprint("places", __name__, url_prefix="/console/centros")

importing.add_to(bp, importing.HUBS)

MOST_ON_MAP = 3000
AT_ONCE = 500
"""Rows of an export that are read together."""
MOST_AROUND = 40
CLOSE = 14
"""The zoom of a hub's own map: some two kilometres each way."""
STATES: dict[str, State | None] = {
    "abiertos": State.OPEN,
    "por-confirmar": State.UNSURE,
    "cerrados": State.CLOSED,
    "todos": None,
}
STATE_NAMES = {
    "abiertos": "Abiertos",
    "por-confirmar": "Por confirmar",
    "cerrados": "Cerrados",
    "todos": "Todos",
}
LOOKS = {Look.OK: "confirmado", Look.WAITING: "por confirmar", Look.OFF: "cerrado"}
OUTDATED = "Alguien cambió este centro mientras usted lo editaba. Revise lo que escribió y guarde otra vez."

Answer = str | Response


@dataclass(frozen=True, slots=True)
class Looked:
    """What the list was asked for, as it stands in its form."""

    q: str
    district: str
    service: str
    state: str
    unknown_district: bool
    wanted: Wanted


@bp.get("")
@at_least(Role.OPERATOR)
def listed() -> Answer:
    looked, now = _looked(), clock()
    with services().store.begin() as tx:
        page = paged(
            lambda after, limit: hubs.listed(tx, looked.wanted, after, limit, now, _with_demo()),
            lambda one: f"{one.id}:{one.row.name}",
            read=_name_and_id,
        )
    return render_template(
        "console/places/list.html",
        page=page,
        looked=looked,
        states=STATE_NAMES,
        services=_service_names(),
        label=_label,
        services_of=_services_of,
        week=phrases.opening,
        now=now,
    )


@bp.get("/mapa")
@at_least(Role.OPERATOR)
def on_map() -> Answer:
    """The same hubs where they are."""
    looked, now, view = _looked(), clock(), asked_view()
    with services().store.begin() as tx:
        found = hubs.in_box(tx, looked.wanted, view.box() if view else None, MOST_ON_MAP, now, _with_demo())
    marks = [_mark(one) for one in found]
    return render_template(
        "console/places/map.html",
        map=map_of(marks, title="Centros en el mapa", looks=LOOKS),
        looked=looked,
        states=STATE_NAMES,
        services=_service_names(),
        cut=len(found) == MOST_ON_MAP,
    )


@bp.get("/exportar.csv")
@at_least(Role.COORDINATOR)
def export() -> Answer:
    """All that the list shows, as the import reads it."""
    here, looked, now, with_demo = services(), _looked(), clock(), _with_demo()
    with here.store.begin() as tx:
        audit.note(tx, current().id, Deed.EXPORTED, "hubs")

    def rows() -> Iterator[Cells]:
        after: tuple[str, int] | None = None
        while True:
            with here.store.begin() as tx:
                found = hubs.listed(tx, looked.wanted, after, AT_ONCE, now, with_demo)
            yield from (hub_cells(one.row, here.places) for one in found)
            if len(found) < AT_ONCE:
                return
            after = (found[-1].row.name, found[-1].id)

    return importing.csv_answer("centros", intake.HUBS.columns, rows())


@bp.get("/<int:hub_id>")
@at_least(Role.OPERATOR)
def one(hub_id: int) -> Answer:
    now = clock()
    with services().store.begin() as tx:
        hub = _hub(tx, hub_id)
        view = asked_view() or View(hub.row.point, CLOSE)
        around = hubs.in_box(tx, Wanted(), view.box(), MOST_AROUND, now, _with_demo())
    marks = [_mark(other) for other in {other.id: other for other in (hub, *around)}.values()]
    return render_template(
        "console/places/one.html",
        hub=hub,
        unsure=hub.is_unsure(now),
        week=[(word("days", day), _span(hub.row, day)) for day in DAYS],
        services=_services_of(hub.row),
        place=_label(hub.row.ubigeo),
        bubbles=heard.of_hub(hub.row, services().places, now),
        map=map_of(
            marks,
            title="Dónde queda, y otros centros cerca",
            chosen=str(hub.id),
            around=hub.row.point,
            looks=LOOKS,
            view=view,
        ),
    )


@bp.route("/nuevo", methods=["GET", "POST"])
@at_least(Role.COORDINATOR)
def new() -> Answer:
    if request.method == "GET":
        return _form(forms.blank(), None)
    form, row = forms.read(_sent(), services().places, None)
    if _only_asks(request.form):
        return _form(form.unjudged(), None)
    if row is None:
        return _form(form, None)
    now = clock()
    with services().store.begin() as tx:
        if hubs.id_of(tx, row.key) is None:
            hubs.put(tx, row, demo=False, now=now)
            hub_id = hubs.id_of(tx, row.key)
            if hub_id is None:
                raise LookupError("a hub that was put is not there")
            hubs.seen(tx, hub_id, current().name, now)
            audit.note(tx, current().id, Deed.ADDED_HUB, f"hub:{hub_id}")
            return _saved(hub_id, row, "Centro agregado.")
    taken = {
        "name": "Ya hay un centro con ese nombre en ese distrito. Póngale otro nombre, o edite el que hay."
    }
    return _form(forms.with_errors(form, taken), None)


@bp.route("/<int:hub_id>/editar", methods=["GET", "POST"])
@at_least(Role.COORDINATOR)
def edit(hub_id: int) -> Answer:
    now = clock()
    with services().store.begin() as tx:
        hub = _hub(tx, hub_id, lock=request.method == "POST")
        if request.method == "GET":
            return _form(forms.of(hub.row), hub)
        form, row = forms.read(_sent(), services().places, hub.row)
        if _only_asks(request.form):
            return _form(form.unjudged(), hub, request.form.get("version"))
        if row is None:
            return _form(form, hub, request.form.get("version"))
        if request.form.get("version") != _version(hub):
            return _form(forms.with_errors(form, {"": OUTDATED}), hub)
        changed = _changes(hub.row, row)
        if changed:
            hubs.put(tx, row, row.demo, now)
            audit.note(tx, current().id, Deed.CHANGED_HUB, f"hub:{hub_id}", {"changed": changed})
        if request.form.get("seen"):
            hubs.seen(tx, hub_id, current().name, now)
            audit.note(tx, current().id, Deed.MADE_SURE_OF_HUB, f"hub:{hub_id}")
    return _saved(hub_id, row, "Cambios guardados." if changed else "No había nada que cambiar.")


@bp.post("/<int:hub_id>/confirmar")
@at_least(Role.OPERATOR)
def make_sure(hub_id: int) -> Answer:
    """Somebody called or went there, and all of it is so."""
    with services().store.begin() as tx:
        _hub(tx, hub_id, lock=True)
        hubs.seen(tx, hub_id, current().name, clock())
        audit.note(tx, current().id, Deed.MADE_SURE_OF_HUB, f"hub:{hub_id}")
    flash("Anotado: los datos están confirmados hoy.")
    return redirect(url_for("places.one", hub_id=hub_id))


@bp.post("/<int:hub_id>/cerrar")
@at_least(Role.COORDINATOR)
def close(hub_id: int) -> Answer:
    """Nobody is sent there any more."""
    with services().store.begin() as tx:
        if _hub(tx, hub_id, lock=True).closed_at is None:
            hubs.close(tx, hub_id, clock())
            audit.note(tx, current().id, Deed.CLOSED_HUB, f"hub:{hub_id}")
    flash("Centro cerrado: ya no se le ofrece a nadie.")
    return redirect(url_for("places.one", hub_id=hub_id))


@bp.post("/<int:hub_id>/reabrir")
@at_least(Role.COORDINATOR)
def reopen(hub_id: int) -> Answer:
    """People are sent there again."""
    with services().store.begin() as tx:
        if _hub(tx, hub_id, lock=True).closed_at is not None:
            hubs.reopen(tx, hub_id, clock())
            audit.note(tx, current().id, Deed.REOPENED_HUB, f"hub:{hub_id}")
    flash("Centro abierto: se ofrece otra vez.")
    return redirect(url_for("places.one", hub_id=hub_id))


# ---------------------------------------------------------------- what they share


def _form(form: forms.Form, hub: Kept | None, version: str | None = None) -> str:
    return render_template(
        "console/places/form.html",
        form=form,
        hub=hub,
        services=_service_names(),
        version=version or (_version(hub) if hub else ""),
    )


def _saved(hub_id: int, row: HubRow, text: str) -> Response:
    flash(text)
    if days := forms.closes_next_day(row):
        flash(f"Revise {enumeration(days)}: cierra antes de abrir, o sea al día siguiente.", "warning")
    return redirect(url_for("places.one", hub_id=hub_id))


def _sent() -> MultiDict[str, str]:
    return MultiDict(request.form)


def _only_asks(sent: MultiDict[str, str] | Any) -> bool:
    return asks_for_map(sent) or forms.asks_to_copy(sent)


def _hub(tx: Tx, hub_id: int, lock: bool = False) -> Kept:
    found = hubs.kept(tx, hub_id, _with_demo(), lock)
    return found if found is not None else abort(404)


def _version(hub: Kept) -> str:
    """Tells the row from what it was before somebody else changed it."""
    return hub.updated_at.isoformat()


def _changes(before: HubRow, after: HubRow) -> list[str]:
    return [
        field.name for field in fields(HubRow) if getattr(before, field.name) != getattr(after, field.name)
    ]


def _looked() -> Looked:
    given = request.args
    q, district = (printable(given.get(name, ""))[:80].strip() for name in ("q", "distrito"))
    service = given.get("servicio", "") if given.get("servicio") in HUB_SERVICES else ""
    state = given.get("estado", "") if given.get("estado") in STATES else "abiertos"
    ubigeo = whereabouts.typed(services().places, district) or ""
    return Looked(
        q, district, service, state, bool(district) and not ubigeo, Wanted(q, ubigeo, service, STATES[state])
    )


def _name_and_id(given: str) -> tuple[str, int]:
    number, _, name = given.partition(":")
    return printable(name), row_id(number)


def _with_demo() -> bool:
    return not services().settings.live


def _mark(hub: Kept) -> Mark:
    look = Look.OFF if hub.closed_at else Look.WAITING if hub.is_unsure(clock()) else Look.OK
    return Mark(
        hub.row.point,
        hub.row.name,
        url_for("places.one", hub_id=hub.id),
        look,
        phrases.opening(hub.row.hours),
        str(hub.id),
    )


def _span(row: HubRow, day: str) -> str:
    return phrases.hours(*row.hours[day]) if day in row.hours else ""


def _label(ubigeo: str) -> str:
    return whereabouts.label(services().places, ubigeo) or ubigeo


def _services_of(row: HubRow) -> str:
    return enumeration([word("services", one) for one in row.services])


def _service_names() -> Iterable[tuple[str, str]]:
    return [(service, word("services", service)) for service in HUB_SERVICES]
