"""The list of providers, and the map of those that were found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import render_template, request, url_for

from bot.console import whereabouts
from bot.console.access import Role, at_least
from bot.console.map import Look, Mark, asked_view, map_of
from bot.console.page import clock, day, paged, row_id, services
from bot.console.providers.blueprint import bp, with_demo
from bot.console.providers.words import KINDS, STATE_NAMES, STATES
from bot.store import found_providers
from bot.store.checks import last_day_before
from bot.store.finding import printable
from bot.store.found_providers import COUNTED, Card, Place, State, Wanted
from matching.schema import CareKind

MOST_ON_MAP = 2000
LOOKS = {
    Look.OK: "verificado",
    Look.WAITING: "por verificar",
    Look.ALERT: "revisiones vencidas",
    Look.OFF: "en pausa o sin cupo",
}
LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Looked:
    """What was asked for, as it stands in the form, and what that means."""

    name: str
    district: str
    kind: str
    state: str
    unknown_district: bool
    wanted: Wanted

    @property
    def address(self) -> dict[str, str]:
        """The same in the address of another page."""
        said = {"q": self.name, "distrito": self.district, "tipo": self.kind}
        return {name: value for name, value in said.items() if value} | (
            {"estado": self.state} if self.state != "todos" else {}
        )


def looked() -> Looked:
    """What the request's address asks for; what cannot be read asks for nothing."""
    given = request.args
    name, district = (printable(given.get(one, ""))[:LONGEST_NAME].strip() for one in ("q", "distrito"))
    kind = given.get("tipo", "") if given.get("tipo") in set(CareKind) else ""
    state = given.get("estado", "") if given.get("estado") in STATES else "todos"
    ubigeo = whereabouts.typed(services().places, district)
    wanted = Wanted(name, ubigeo, CareKind(kind) if kind else None, STATES[state])
    return Looked(name, district, kind, state, bool(district) and ubigeo is None, wanted)


@bp.get("")
@at_least(Role.OPERATOR)
def listed() -> str:
    asked, now = looked(), clock()
    with services().store.begin() as tx:
        page = paged(
            lambda after, limit: found_providers.listed(tx, asked.wanted, after, limit, now, with_demo()),
            lambda card: f"{card.id}_{card.verified_until.isoformat() if card.verified_until else ''}",
            read=_place,
        )
        counts = found_providers.counts(tx, now, with_demo())
    return render_template(
        "console/providers/list.html",
        page=page,
        looked=asked,
        now=now,
        shortcuts=[
            (key, STATE_NAMES[key], counts[state])
            for key, state in STATES.items()
            if state in (State.TO_VERIFY, State.READY, State.EXPIRING, State.OVER)
        ],
        most=COUNTED,
        **_filters(),
    )


@bp.get("/mapa")
@at_least(Role.OPERATOR)
def on_map() -> str:
    """The same providers where they are."""
    asked, now, view = looked(), clock(), asked_view()
    with services().store.begin() as tx:
        found = found_providers.on_map(
            tx, asked.wanted, view.box() if view else None, MOST_ON_MAP, now, with_demo()
        )
    return render_template(
        "console/providers/map.html",
        map=map_of([mark(card, now) for card in found], title="Proveedores en el mapa", looks=LOOKS),
        looked=asked,
        cut=len(found) == MOST_ON_MAP,
        most=MOST_ON_MAP,
        **_filters(),
    )


def mark(card: Card, now: datetime) -> Mark:
    """A provider on a map."""
    look = look_of(card.verified_until, now, card.is_paused(now) or not card.places_free)
    detail = ", ".join((KINDS[card.kind], *(said.lower() for said, _ in standing(card, now))))
    return Mark(
        card.point, card.name, url_for("providers.one", provider_id=card.id), look, detail, str(card.id)
    )


def look_of(until: datetime | None, now: datetime, is_off: bool) -> Look:
    """How a mark looks of one who is verified until then."""
    if until is None:
        return Look.WAITING
    if until <= now:
        return Look.ALERT
    return Look.OFF if is_off else Look.OK


def standing(card: Card, now: datetime) -> list[tuple[str, str]]:
    """How somebody stands, in a few words each, and the kind of chip that says it."""
    said = [_verified(card, now)]
    if card.ready:
        said = [*(said if card.verified else []), ("Por confirmar", "warning")]
    if card.is_paused(now):
        said.append(("En pausa", "quiet"))
    return said


def _verified(card: Card, now: datetime) -> tuple[str, str]:
    if card.verified_until is None:
        return "Por verificar", "warning"
    last = day(last_day_before(card.verified_until))
    if not card.verified:
        return f"Revisiones vencidas el {last}", "alert"
    return (f"Verificado, vence el {last}", "warning") if card.is_expiring(now) else ("Verificado", "ok")


def _filters() -> dict[str, object]:
    return {
        "kinds": [("", "Cualquiera"), *((kind.value, name) for kind, name in KINDS.items())],
        "kind_names": KINDS,
        "states": list(STATE_NAMES.items()),
        "standing": standing,
        "label": lambda ubigeo: whereabouts.label(services().places, ubigeo) or ubigeo,
    }


def _place(given: str) -> Place:
    """Where a page of the list begins. Raises ValueError."""
    number, _, until = given.partition("_")
    moment = datetime.fromisoformat(until) if until else None
    if moment is not None and moment.tzinfo is None:
        raise ValueError("is no moment")
    return Place(row_id(number), moment)
