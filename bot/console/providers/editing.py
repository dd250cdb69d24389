"""The form of a provider's file: each field checked as the importer checks a cell of that column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from flask import redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict

from bot.console import audit
from bot.console.access import Role, at_least, current
from bot.console.audit import Deed
from bot.console.map.placing import Placing, asks_for_map, placed_at, read_placing
from bot.console.page import clock, flash, services
from bot.console.providers.blueprint import bp, desk, must_be_there, subject
from bot.console.providers.file import Answer
from bot.console.providers.words import KINDS
from bot.dialogue.wording import word
from bot.exchange import files
from bot.importers import cells
from bot.importers.providers import ProviderRow, read_provider
from bot.store import Tx, checks, own_files, providers
from bot.work import Work
from matching.week import DAYS
from nlp.places import Gazetteer

TYPED = (
    "name", "kind", "phone", "address", "min_age", "max_age", "opens", "closes", "price", "period", "places",
    "amenities", "languages", "special_needs",
)  # fmt: skip
PLACED = ("district", "lat", "lon")
PERIODS = (("", "—"), ("hora", "por hora"), ("dia", "por día"), ("semana", "por semana"), ("mes", "por mes"))
OUTDATED = "Alguien cambió esta ficha mientras usted la editaba. Revise lo que escribió y guarde otra vez."


@dataclass(frozen=True, slots=True)
class Form:
    """The form as it stands: what was typed by column, the days that are marked, where it is, what is wrong."""

    typed: Mapping[str, str]
    days: frozenset[str]
    placing: Placing
    errors: Mapping[str, str] = field(default_factory=dict)


@bp.route("/<int:provider_id>/editar", methods=["GET", "POST"])
@at_least(Role.OPERATOR)
def edit(provider_id: int) -> Answer:
    here, work = services(), Work()
    with here.store.begin() as tx:
        must_be_there(tx, provider_id)
        before = providers.row_of(tx, provider_id)
        version = own_files.version_of(tx, provider_id)
        if request.method == "GET":
            return _page(tx, provider_id, before, _form_of(before, here.places), version)
        form, row = _read(request.form, here.places, before)
        if asks_for_map(request.form):
            return _page(tx, provider_id, before, replace(form, errors={}), request.form.get("version", ""))
        if row is None:
            return _page(tx, provider_id, before, form, request.form.get("version", "")), 422
        if request.form.get("version") != version:
            return _page(tx, provider_id, before, replace(form, errors={"": OUTDATED}), version), 409
        changed = _changed(before, row, here.places)
        if not changed:
            flash("No había nada que cambiar.")
            return redirect(url_for(".one", provider_id=provider_id), 303)
        is_correction = bool(request.form.get("correccion")) and current().role.includes(Role.COORDINATOR)
        was_shown = checks.standing(tx, provider_id, clock()).verified
        is_told = files.edit(desk(tx, work), provider_id, row, current().name, correction=is_correction)
        hidden = was_shown and not checks.standing(tx, provider_id, clock()).verified
        told = {"columnas": ", ".join(changed)} | ({"corrección": "sí"} if is_correction else {})
        audit.note(tx, current().id, Deed.CHANGED_PROVIDER, subject(provider_id), told)
    work.push(here.jobs)
    flash("Cambios guardados." + (" Se le avisa por mensaje." if is_told else ""))
    if hidden:
        flash(
            "Cambió lo que se había revisado: las familias no lo ven hasta que se verifique otra vez.",
            "warning",
        )
    return redirect(url_for(".one", provider_id=provider_id), 303)


def _page(tx: Tx, provider_id: int, row: ProviderRow, form: Form, version: str) -> str:
    verified = checks.standing(tx, provider_id, clock()).verified
    return render_template(
        "console/providers/edit.html",
        provider_id=provider_id,
        row=row,
        form=form,
        version=version,
        kinds=[(kind.value, name) for kind, name in KINDS.items()],
        periods=PERIODS,
        days=[(day, word("days", day)) for day in DAYS],
        may_correct=verified and current().role.includes(Role.COORDINATOR),
    )


def _form_of(row: ProviderRow, places: Gazetteer) -> Form:
    as_cells = cells.provider_cells(row, places)
    typed = {name: as_cells[name] for name in TYPED} | {"kind": row.kind.value, "phone": ""}
    return Form(typed, frozenset(row.days), placed_at(row.ubigeo, row.point))


def _read(
    sent: MultiDict[str, str], places: Gazetteer, before: ProviderRow
) -> tuple[Form, ProviderRow | None]:
    """What was filled in, and the row it makes; None where something is wrong, which the form then says."""
    typed = {name: sent.get(name, "").strip() for name in TYPED}
    days = frozenset(sent.getlist("days")) & frozenset(DAYS)
    placing = read_placing(sent)
    errors = {name: text for name, text in placing.errors.items() if name in PLACED}
    lat, lon = _point(placing, before)
    filled = {
        **typed,
        "phone": typed["phone"] or before.phone or "",
        "days": "; ".join(day for day in DAYS if day in days),
        "ubigeo": placing.ubigeo,
        "lat": lat,
        "lon": lon,
        "key": before.key,
        "demo": "si" if before.demo else "",
    }
    report = read_provider(filled, places)
    for problem in report.errors:
        column = problem.column if problem.column in (*TYPED, "days", *PLACED) else ""
        errors.setdefault(column, _sentence(problem.spanish))
    form = Form(typed, days, placing, errors)
    return form, report.rows[0] if report.rows and not errors else None


def _point(placing: Placing, before: ProviderRow) -> tuple[str, str]:
    """The point as typed; the exact one that is on file where the form only shows it less exactly."""
    shown = placed_at(before.ubigeo, before.point)
    if (placing.ubigeo, placing.lat, placing.lon) == (shown.ubigeo, shown.lat, shown.lon):
        return repr(before.point.lat), repr(before.point.lon)
    return placing.lat, placing.lon


def _changed(before: ProviderRow, after: ProviderRow, places: Gazetteer) -> list[str]:
    """The columns that differ."""
    old, new = (cells.provider_cells(row, places) for row in (before, after))
    return [column for column in old if old[column] != new[column] and column != "ubigeo"]


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}".removesuffix(".") + "."
