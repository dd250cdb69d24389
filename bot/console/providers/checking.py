"""What operators do with a provider: note a check, take it back, confirm, hide, pause, take out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

from flask import abort, redirect, request, url_for
from werkzeug.wrappers import Response

from bot.console import audit
from bot.console.access import Role, at_least, current
from bot.console.audit import Deed
from bot.console.page import LIMA, clock, day, flash, services
from bot.console.providers.blueprint import bp, desk, must_be_there, subject
from bot.console.providers.file import SHORTEST_REASON, Answer, Slip, page, reason_given
from bot.console.providers.words import CHECKS
from bot.dialogue.ownfile import UNTIL_THEY_SAY
from bot.exchange import Desk, files
from bot.messages import CaseReason
from bot.store import Tx, cases, checks, providers
from bot.store.checks import Checker, CheckError, NotYet
from bot.store.finding import printable
from bot.work import Work
from matching.checks import CheckKind

TOLD, UNTOLD = "Se le avisa por mensaje.", "No se le avisa: nunca nos escribió."
_WORKED_OFF = ("register", "changed")
"""Cases that are done once somebody is verified."""


@bp.post("/<int:provider_id>/revisiones")
@at_least(Role.OPERATOR)
def record(provider_id: int) -> Answer:
    """Somebody looked at something, on a day."""
    kind, form = _kind(), {name: request.form.get(name, "").strip() for name in ("fecha", "vence", "nota")}
    typed = {"que": kind.value, **form}
    with services().store.begin() as tx:
        must_be_there(tx, provider_id)
        dates, errors = _dates(form)
        if not errors:
            try:
                with tx.session.begin_nested():
                    checks.record(
                        tx,
                        provider_id,
                        kind,
                        dates["fecha"] or clock().astimezone(LIMA).date(),
                        _me(),
                        clock(),
                        dates["vence"],
                        " ".join(printable(form["nota"].replace("\n", " ")).split()),
                    )
            except CheckError as error:
                errors = {_FIELDS[error.field]: _sentence(error.spanish)}
        if errors:
            return page(tx, provider_id, Slip(kind.value, typed, errors)), 422
        done = checks.standing(tx, provider_id, clock()).checks[kind]
        told = {"revisión": CHECKS[kind], "hecha": day(done.done_on), "vale hasta": day(done.valid_until)}
        audit.note(tx, current().id, Deed.CHECKED_PROVIDER, subject(provider_id), told)
    flash(f"{CHECKS[kind]}: anotada, vale hasta el {day(done.valid_until)}.")
    return _back(provider_id)


@bp.post("/<int:provider_id>/revisiones/<int:check_id>/anular")
@at_least(Role.OPERATOR)
def take_back(provider_id: int, check_id: int) -> Answer:
    """A check was wrong."""
    reason = reason_given()
    with _at_the_desk(provider_id) as here:
        if len(reason) < SHORTEST_REASON:
            slip = Slip(f"anular-{check_id}", {"motivo": reason}, {"motivo": "Escriba por qué."})
            return page(here.tx, provider_id, slip), 422
        kind = files.take_back(here, provider_id, check_id, _me())
        if kind is None:
            abort(404)
        told = {"revisión": CHECKS[kind], "motivo": reason}
        audit.note(here.tx, current().id, Deed.TOOK_BACK_CHECK, subject(provider_id), told)
    flash(f"{CHECKS[kind]}: anulada.", "warning")
    return _back(provider_id)


@bp.post("/<int:provider_id>/verificar")
@at_least(Role.COORDINATOR)
def confirm(provider_id: int) -> Answer:
    """All was checked: families may be shown them."""
    now = clock()
    with services().store.begin() as tx:
        must_be_there(tx, provider_id)
        try:
            hours = services().settings.offer_rules.hours
            is_told = files.verify(tx, provider_id, _me(), now, hours)
        except NotYet as error:
            flash(_why_not(error), "error")
            return _back(provider_id)
        until = checks.standing(tx, provider_id, now).until
        audit.note(
            tx, current().id, Deed.VERIFIED_PROVIDER, subject(provider_id), {"hasta": day(_last_day(until))}
        )
        _close_cases(tx, provider_id, now)
    flash(f"Verificado hasta el {day(_last_day(until))}: las familias ya lo ven. {_told(is_told)}")
    return _back(provider_id)


@bp.post("/<int:provider_id>/ocultar")
@at_least(Role.OPERATOR)
def hide(provider_id: int) -> Answer:
    """At once, and until somebody confirms again: for when something is not right."""
    reason = reason_given()
    with _at_the_desk(provider_id) as here:
        if len(reason) < SHORTEST_REASON:
            slip = Slip("ocultar", {"motivo": reason}, {"motivo": "Escriba por qué."})
            return page(here.tx, provider_id, slip), 422
        is_told = files.hide(here, provider_id)
        audit.note(here.tx, current().id, Deed.HID_PROVIDER, subject(provider_id), {"motivo": reason})
    flash(f"Las familias ya no lo ven. {_told(is_told)}", "warning")
    return _back(provider_id)


@bp.post("/<int:provider_id>/pausa")
@at_least(Role.OPERATOR)
def pause(provider_id: int) -> Answer:
    """Not shown before a day, or until they say so."""
    typed = request.form.get("hasta", "").strip()
    with _at_the_desk(provider_id) as here:
        try:
            until = date.fromisoformat(typed) if typed else UNTIL_THEY_SAY
        except ValueError:
            until = None
        if until is None or until <= here.now.astimezone(LIMA).date():
            slip = Slip("pausa", {"hasta": typed}, {"hasta": "Ponga una fecha desde mañana."})
            return page(here.tx, provider_id, slip), 422
        is_told = files.pause(here, provider_id, until)
        when = "sin fecha" if until == UNTIL_THEY_SAY else day(until)
        audit.note(here.tx, current().id, Deed.PAUSED_PROVIDER, subject(provider_id), {"hasta": when})
    flash(f"En pausa. {_told(is_told)}")
    return _back(provider_id)


@bp.post("/<int:provider_id>/reanudar")
@at_least(Role.OPERATOR)
def resume(provider_id: int) -> Answer:
    with _at_the_desk(provider_id) as here:
        is_told = files.resume(here, provider_id)
        audit.note(here.tx, current().id, Deed.RESUMED_PROVIDER, subject(provider_id))
    flash(f"Ya no está en pausa. {_told(is_told)}")
    return _back(provider_id)


@bp.post("/<int:provider_id>/retirar")
@at_least(Role.COORDINATOR)
def withdraw(provider_id: int) -> Answer:
    """Taken out, for good."""
    reason = reason_given()
    with _at_the_desk(provider_id) as here:
        if len(reason) < SHORTEST_REASON:
            slip = Slip("retirar", {"motivo": reason}, {"motivo": "Escriba por qué."})
            return page(here.tx, provider_id, slip), 422
        is_told = files.withdraw(here, provider_id)
        audit.note(here.tx, current().id, Deed.WITHDREW_PROVIDER, subject(provider_id), {"motivo": reason})
    flash(f"Retirado: se borraron su número, su dirección y sus revisiones. {_told(is_told)}", "warning")
    return redirect(url_for(".listed"), 303)


# ---------------------------------------------------------------- what they share

_FIELDS = {"done_on": "fecha", "valid_until": "vence", "note": "nota"}


@contextmanager
def _at_the_desk(provider_id: int) -> Iterator[Desk]:
    """One transaction with somebody's file; what follows from it is queued after it."""
    here, work = services(), Work()
    with here.store.begin() as tx:
        must_be_there(tx, provider_id)
        yield desk(tx, work)
    work.push(here.jobs)


def _me() -> Checker:
    return Checker(current().name, current().id)


def _kind() -> CheckKind:
    try:
        return CheckKind(request.form.get("que", ""))
    except ValueError:
        abort(400)


def _dates(form: dict[str, str]) -> tuple[dict[str, date | None], dict[str, str]]:
    found: dict[str, date | None] = {}
    errors: dict[str, str] = {}
    for name in ("fecha", "vence"):
        try:
            found[name] = date.fromisoformat(form[name]) if form[name] else None
        except ValueError:
            errors[name] = "Ponga día, mes y año."
    return found, errors


def _close_cases(tx: Tx, provider_id: int, now: datetime) -> None:
    """That they registered, or changed their file, is looked after with this."""
    contact_id = providers.contact_of(tx, provider_id)
    for case in cases.open_of(tx, contact_id) if contact_id is not None else ():
        if case.reason == CaseReason.PROVIDER and case.data.get("about") in _WORKED_OFF:
            cases.close(tx, case.id, now, current().id, "Verificado.")


def _why_not(error: NotYet) -> str:
    if error.alone:
        return "Usted hizo todas las revisiones: tiene que confirmar otra persona."
    names = [CHECKS[kind] for kind in (*error.missing, *error.over)]
    return f"Todavía no se puede confirmar. Falta o venció: {', '.join(names)}."


def _last_day(until: datetime | None) -> date | None:
    return None if until is None else checks.last_day_before(until)


def _told(is_told: bool) -> str:
    return TOLD if is_told else UNTOLD


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _back(provider_id: int) -> Response:
    return redirect(url_for(".one", provider_id=provider_id), 303)
