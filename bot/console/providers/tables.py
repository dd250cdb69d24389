"""Tables of providers: taken in (bot/console/importing.py), and given out as they were found."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from flask import render_template

from bot.console import audit, importing
from bot.console.access import Role, at_least, current
from bot.console.audit import Deed
from bot.console.page import clock, services
from bot.console.providers.blueprint import bp, with_demo
from bot.console.providers.file import SHORTEST_REASON, Answer, reason_given
from bot.console.providers.finding import Looked, looked
from bot.importers.cells import Cells, provider_cells
from bot.services import Services
from bot.store import found_providers
from bot.store.checks import last_day_before

AT_ONCE = 500
COLUMNS = (
    "key", "name", "kind", "phone", "district", "ubigeo", "lat", "lon", "address", "min_age", "max_age", "days",
    "opens", "closes", "price", "period", "places", "amenities", "languages", "special_needs", "state",
    "checks_until", "demo",
)  # fmt: skip
"""As the importer has them; `state` and `checks_until` are for people, and are not read back."""

importing.add_to(bp, importing.PROVIDERS)


@bp.get("/exportar")
@at_least(Role.COORDINATOR)
def export() -> Answer:
    return _page(looked())


@bp.get("/exportar.csv")
@at_least(Role.COORDINATOR)
def export_file() -> Answer:
    """What was found, without numbers: taken in again, it leaves the numbers as they are."""
    asked = looked()
    _note(asked, {"números": "no"})
    columns = [column for column in COLUMNS if column != "phone"]
    return importing.csv_answer("proveedores", columns, _rows(asked))


@bp.post("/exportar")
@at_least(Role.COORDINATOR)
def export_numbers() -> Answer:
    """What was found, with numbers, and why."""
    asked, reason = looked(), reason_given()
    if len(reason) < SHORTEST_REASON:
        return _page(asked, reason, "Escriba para qué los necesita."), 422
    _note(asked, {"números": "sí", "motivo": reason})
    return importing.csv_answer("proveedores-con-numeros", COLUMNS, _rows(asked))


def _page(asked: Looked, reason: str = "", error: str | None = None) -> str:
    return render_template(
        "console/providers/export.html",
        looked=asked,
        reason=reason,
        error=error,
    )


def _note(asked: Looked, told: dict[str, str]) -> None:
    with services().store.begin() as tx:
        audit.note(tx, current().id, Deed.EXPORTED, "export:providers", {**asked.address, **told})


def _rows(asked: Looked) -> Iterator[Cells]:
    """Some at a time: the answer is sent while they are read."""
    return _read(services(), asked, clock(), with_demo())


def _read(here: Services, asked: Looked, now: datetime, include_demo: bool) -> Iterator[Cells]:
    after = 0
    while True:
        with here.store.begin() as tx:
            some = found_providers.some_rows(tx, asked.wanted, after, AT_ONCE, now, include_demo)
        for after, row, until in some:  # noqa: B007
            last = str(last_day_before(until)) if until else ""
            state = "por verificar" if until is None else "verificado" if until > now else "vencido"
            yield {**provider_cells(row, here.places), "state": state, "checks_until": last}
        if len(some) < AT_ONCE:
            return
