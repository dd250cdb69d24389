"""The audit log's page."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from flask import Blueprint, render_template, request

from bot.console.access import Role, at_least
from bot.console.audit import WORDS, Deed
from bot.console.page import LIMA, paged, row_id, services
from bot.store import audit_log, operators
from bot.store.audit_log import Wanted

bp = Blueprint("record", __name__, url_prefix="/console/registro")


SUBJECTS = {
    "operator": "equipo",
    "contact": "persona",
    "provider": "proveedor(a)",
    "request": "pedido",
    "case": "caso",
    "hub": "centro",
    "resource": "material",
    "queue": "cola",
    "search": "búsqueda",
    "offer": "respuesta de proveedor(a)",
    "label": "mensaje etiquetado",
    "import": "importación",
}
"""What people read of the first half of a subject; of one that is not here, the half itself."""


DETAILS = {
    "reason": "motivo",
    "changed": "cambió",
    "new": "nuevas",
    "wrong": "con errores",
    "kind": "tipo",
    "shown": "visible",
    "from_operator": "antes la tenía",
}
"""What people read of a detail's name; of one that is not here, the name itself."""


@bp.get("")
@at_least(Role.ADMINISTRATOR)
def record() -> str:
    """Entries, the latest first, by operator, deed, subject and day."""
    wanted = _wanted()
    with services().store.begin() as tx:
        page = paged(lambda after, limit: audit_log.listed(tx, wanted, after, limit), key=lambda one: one.id)
        people = operators.listed(tx)
    names = {f"operator:{one.id}": one.name for one in people}
    return render_template(
        "console/record/record.html",
        page=page,
        words=dict(WORDS),
        deeds=[("", "Todo"), *((deed.value, words) for deed, words in WORDS.items())],
        people=[("", "Todas las personas"), *((one.id, one.name) for one in people)],
        subject=lambda named: names.get(named) or _subject(named),
        detail=_detail,
        given=request.args,
    )


def _subject(named: str) -> str:
    """
    >>> _subject("provider:12"), _subject("queue:replies")
    ('proveedor(a) n.º 12', 'cola replies')
    """
    kind, _, which = named.partition(":")
    return f"{SUBJECTS.get(kind, kind)} {'n.º ' if which.isdigit() else ''}{which}".strip()


def _detail(detail: dict[str, Any]) -> str:
    """
    >>> _detail({"reason": "llamó", "changed": ["horario", "costo"], "avisado": True})
    'motivo: llamó · cambió: horario, costo · avisado: sí'
    """
    return " · ".join(f"{DETAILS.get(name, name)}: {_value(value)}" for name, value in detail.items())


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "sí" if value else "no"
    if isinstance(value, list):
        return ", ".join(_value(one) for one in value)
    return "—" if value is None else str(value)


def _wanted() -> Wanted:
    """What the filters ask for; what cannot be read is left out."""
    deed, day = request.args.get("que", ""), _day(request.args.get("dia", ""))
    return Wanted(
        operator_id=request.args.get("quien", type=row_id),
        what=deed if deed in set(Deed) else None,
        subject=request.args.get("sobre", "").strip()[:100] or None,
        since=day,
        until=day + timedelta(days=1) if day else None,
    )


def _day(given: str) -> datetime | None:
    """The day's beginning in Lima."""
    try:
        return datetime.combine(datetime.fromisoformat(given).date(), time(), LIMA)
    except ValueError:
        return None
