"""One provider's page: who it is, what was checked, what became of offers, what was done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from flask import render_template, request
from werkzeug.wrappers import Response

from bot.console import audit, whereabouts
from bot.console.access import Role, at_least, current
from bot.console.audit import WORDS, Deed
from bot.console.map import Mark, map_of
from bot.console.page import LIMA, clock, day, services
from bot.console.providers.blueprint import bp, must_be_there, subject
from bot.console.providers.finding import LOOKS, look_of
from bot.console.providers.words import CHECKS, ENDS, KINDS, OFFERS, how
from bot.dialogue import ownfile, phrases
from bot.dialogue.conversation import OwnFile
from bot.store import Tx, audit_log, checks, own_files, provider_numbers, providers
from bot.store.checks import Check, Checker, Standing
from matching.checks import EXPIRING, CheckKind, last_day
from matching.schema import CareKind, Point

SHORTEST_REASON = 5
LONGEST_REASON = 200
HISTORY = 20
Answer = str | Response | tuple[str, int]


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the checklist. `state` is in words, `chip` the kind of chip that says it; `until` the last day that a
    check of today would count."""

    kind: CheckKind
    name: str
    how: str
    check: Check | None
    state: str
    chip: str
    until: date
    is_needed: bool


@dataclass(frozen=True, slots=True)
class Slip:
    """What was wrong in a form of this page: which form, its fields as typed, and what is wrong by field."""

    form: str
    typed: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)

    def of(self, form: str) -> Slip:
        """This, where it is that form's."""
        return self if self.form == form else Slip(form)


@bp.get("/<int:provider_id>")
@at_least(Role.OPERATOR)
def one(provider_id: int) -> Answer:
    with services().store.begin() as tx:
        return page(tx, provider_id)


@bp.post("/<int:provider_id>/numero")
@at_least(Role.OPERATOR)
def unmask(provider_id: int) -> Answer:
    """The whole number, on this one page."""
    reason = reason_given()
    with services().store.begin() as tx:
        must_be_there(tx, provider_id)
        if len(reason) < SHORTEST_REASON:
            slip = Slip("numero", {"motivo": reason}, {"motivo": "Escriba para qué lo necesita."})
            return page(tx, provider_id, slip), 422
        audit.note(tx, current().id, Deed.UNMASKED_NUMBER, subject(provider_id), {"reason": reason})
        return page(tx, provider_id, unmasked=True)


def reason_given() -> str:
    """Why somebody does what they do, as they wrote it."""
    return " ".join(request.form.get("motivo", "").split())[:LONGEST_REASON]


def page(tx: Tx, provider_id: int, slip: Slip | None = None, unmasked: bool = False) -> str:
    """The provider's page, with what was wrong in a form of it."""
    must_be_there(tx, provider_id)
    now = clock()
    file = own_files.file_of(tx, provider_id)
    stands = checks.standing(tx, provider_id, now)
    kind = file.kind or CareKind.HOME
    number, address = providers.way_to(tx, provider_id)
    contact_id = providers.contact_of(tx, provider_id)
    history = audit_log.listed(tx, audit_log.Wanted(subject=subject(provider_id)), None, HISTORY)
    me = current()
    return render_template(
        "console/providers/one.html",
        provider_id=provider_id,
        file=file,
        facts=_facts(file, address),
        kind=KINDS[kind],
        key=own_files.key_of(tx, provider_id),
        number=number,
        unmasked=unmasked,
        contact_id=contact_id,
        stands=stands,
        items=checklist(stands, kind, now),
        former=checks.former(tx, provider_id, limit=10),
        checks=CHECKS,
        ends=ENDS,
        alone=stands.complete and stands.is_alone(Checker(me.name, me.id)),
        may_confirm=me.role.includes(Role.COORDINATOR),
        holds=stands.would_hold() if stands.complete else None,
        last_day=checks.last_day_before,
        is_paused=file.paused_until is not None and file.paused_until > now.astimezone(LIMA).date(),
        for_ever=file.paused_until == ownfile.UNTIL_THEY_SAY,
        numbers=provider_numbers.numbers(tx, provider_id),
        offers=OFFERS,
        unread=provider_numbers.unread(tx, provider_id),
        history=history,
        hidden_because=_hidden_because(history),
        deeds={deed.value: words for deed, words in WORDS.items()},
        check_names={check.value: name for check, name in CHECKS.items()},
        slip=slip or Slip(""),
        today=now.astimezone(LIMA).date(),
        map=map_of(
            [_mark(file, provider_id, stands.until, now)],
            title="Dónde queda",
            chosen=str(provider_id),
            looks=LOOKS,
        ),
    )


def checklist(stands: Standing, kind: CareKind, now: datetime) -> list[Item]:
    """What their kind needs, and what else was looked at."""
    today = now.astimezone(LIMA).date()
    return [
        _item(check, kind, stands, today)
        for check in CheckKind
        if check in stands.needed or check in stands.checks
    ]


def _item(kind: CheckKind, care: CareKind, stands: Standing, today: date) -> Item:
    check = stands.checks.get(kind)
    if check is None:
        state, chip = "Falta", "warning"
    elif check.is_over(today):
        state, chip = f"Venció el {day(check.valid_until)}", "alert"
    elif check.valid_until <= today + EXPIRING:
        state, chip = f"Vence el {day(check.valid_until)}", "warning"
    else:
        state, chip = "Hecha", "ok"
    return Item(
        kind, CHECKS[kind], how(kind, care), check, state, chip, last_day(kind, today), kind in stands.needed
    )


def _facts(file: OwnFile, address: str) -> list[tuple[str, str]]:
    """The whole file in plain Spanish."""
    label = whereabouts.label(services().places, file.place.ubigeo) if file.place else ""
    return [
        ("Distrito", f"{label} ({file.place.ubigeo})" if file.place else "—"),
        ("Dirección", address or "No la dio"),
        ("Edades", phrases.age_range(file.min_months, file.max_months)),
        ("Días y horas", phrases.when(file.days, file.start, file.end)),
        ("Precio", phrases.price(file.price)),
        ("Cupos libres", phrases.places(file.capacity or 0)),
        ("Ofrece", phrases.enumeration(file.amenities) or "—"),
        ("Otros idiomas", phrases.enumeration(file.languages) or "—"),
        ("Experiencia con", phrases.enumeration(file.special_needs) or "—"),
    ]


def _mark(file: OwnFile, provider_id: int, until: datetime | None, now: datetime) -> Mark:
    place = file.place
    at = Point(place.lat, place.lon) if place else Point(0, 0)
    look = look_of(until, now, is_off=not file.capacity)
    return Mark(at, file.name, look=look, key=str(provider_id))


def _hidden_because(history: list[audit_log.Entry]) -> str | None:
    """Why an operator took them from the families' sight, where nobody confirmed them since."""
    for entry in history:
        if entry.what == Deed.VERIFIED_PROVIDER:
            return None
        if entry.what in (Deed.HID_PROVIDER, Deed.TOOK_BACK_CHECK):
            return str(entry.detail.get("motivo", ""))
    return None
