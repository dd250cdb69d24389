"""The lines of today: what waits for a person, of every kind, most urgent first."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.console import whereabouts
from bot.console.page import masked, plural
from bot.console.requests import need
from bot.dialogue.reasons import why_not
from bot.dialogue.wording import word
from bot.messages import CaseReason
from bot.store import Tx, attention, care_requests, cases, operators, providers, request_stories
from bot.store.attention import Known, Shelved
from bot.store.cases import OpenCase
from matching.checks import EXPIRING
from matching.schema import Condition
from nlp.places import Gazetteer

MOST_OF_A_KIND = 200
"""So many are looked at of each kind; more than that, nobody looks after in a day."""


class Kind(StrEnum):
    """Kinds of lines, the most urgent first. The value stands in the page's address."""

    EMERGENCY = "emergencias"
    PERSON = "personas"
    MATCH = "sin-opciones"
    PROVIDER = "proveedores"
    UNDELIVERED = "no-llegaron"
    UNSURE = "no-se-entendio"
    COMMENT = "comentarios"
    NOTICE = "avisos"


CALLED = {
    Kind.EMERGENCY: "Emergencias",
    Kind.PERSON: "Piden una persona, quejas y problemas",
    Kind.MATCH: "Pedidos sin opciones o detenidos",
    Kind.PROVIDER: "Proveedores por verificar",
    Kind.UNDELIVERED: "Mensajes que no llegaron",
    Kind.UNSURE: "Conversaciones que Ayllu no entiende",
    Kind.COMMENT: "Comentarios por leer",
    Kind.NOTICE: "Otros avisos",
}

_KIND_OF = {
    CaseReason.EMERGENCY: Kind.EMERGENCY,
    CaseReason.HUMAN: Kind.PERSON,
    CaseReason.PROBLEM: Kind.PERSON,
    CaseReason.NO_MATCH: Kind.MATCH,
    CaseReason.PROVIDER: Kind.PROVIDER,
}
_WHAT = {
    CaseReason.EMERGENCY: "Una persona o un niño puede estar en peligro",
    CaseReason.HUMAN: "Pide hablar con una persona",
    CaseReason.PROBLEM: "Cuenta un problema o una queja",
    CaseReason.NO_MATCH: "Nadie podía cuando buscó",
    CaseReason.CHOSEN: "Eligió a alguien y espera",
    CaseReason.PROVIDER: "Quien cuida avisa algo de su ficha",
    CaseReason.TOO_MUCH: "Escribe muchísimo, o es una máquina",
    CaseReason.ERASE: "Pide que se borren sus datos",
    CaseReason.LEARNING: "Busca un tema del que no hay material",
}
_ABOUT: dict[tuple[str, str], str] = {
    (CaseReason.PROVIDER, "register"): "Se registró por mensaje",
    (CaseReason.PROVIDER, "changed"): "Cambió su ficha por mensaje",
    (CaseReason.PROVIDER, "availability"): "Avisa de sus cupos, y no se entendió del todo",
    (CaseReason.HUMAN, "given_back"): "Volvió sola al asistente: quien la tomó no siguió",
    (CaseReason.PROBLEM, "rating"): "Se queja del cuidado que recibió",
    (CaseReason.EMERGENCY, "rating"): "Contó de un peligro al calificar el cuidado",
}


@dataclass(frozen=True, slots=True)
class Line:
    """Something that waits. `link` is where it is acted upon, `acting` what one does there. Of a case: its id, and who
    looks after it; `is_mine` whether that is who reads. `shelf` is what may be put off, of which person."""

    kind: Kind
    key: str
    what: str
    who: str
    since: datetime
    link: str
    acting: str
    ubigeo: str | None = None
    where: str = ""
    case_id: int | None = None
    taken_by: str = ""
    taken_by_id: int | None = None
    is_mine: bool = False
    shelf: tuple[int, Shelved] | None = None


@dataclass(frozen=True, slots=True)
class Today:
    """The lines that were asked for, and how many there are of each kind and in each district."""

    lines: dict[Kind, list[Line]]
    counts: dict[Kind, int]
    districts: list[tuple[str, str, int]]

    @property
    def emergencies(self) -> int:
        return self.counts[Kind.EMERGENCY]

    @property
    def version(self) -> str:
        """The same for the same lines, whatever the time."""
        told = "\n".join(repr(line) for lines in self.lines.values() for line in lines)
        return hashlib.sha256(told.encode()).hexdigest()[:16]

    @property
    def empty(self) -> bool:
        return not any(self.lines.values())


def today(
    tx: Tx, places: Gazetteer, me: int, now: datetime, kind: Kind | None = None, district: str | None = None
) -> Today:
    """All that waits now, for operator `me`; of one kind, or of one district, where that is asked for."""
    found = [*_all(tx, places, me, now)]
    counts = Counter(line.kind for line in found if district in (None, line.ubigeo))
    by_district = Counter(line.ubigeo for line in found if line.ubigeo and kind in (None, line.kind))
    wanted = [line for line in found if kind in (None, line.kind) and district in (None, line.ubigeo)]
    return Today(
        lines={one: [line for line in wanted if line.kind is one] for one in Kind},
        counts={one: counts[one] for one in Kind},
        districts=sorted(
            ((code, whereabouts.label(places, code), number) for code, number in by_district.items()),
            key=lambda one: one[1],
        ),
    )


def _all(tx: Tx, places: Gazetteer, me: int, now: datetime) -> Iterator[Line]:
    open_cases = cases.list_open(tx, MOST_OF_A_KIND)
    stalled = attention.stalled(tx, now, MOST_OF_A_KIND)
    undelivered = attention.undelivered(tx, now, MOST_OF_A_KIND)
    unsure = attention.unsure(tx, now, MOST_OF_A_KIND)
    known = attention.known(
        tx, {one.contact_id for group in (open_cases, undelivered, unsure) for one in group}
    )
    files = _files(tx, open_cases)
    lines = [
        *_of_cases(tx, places, me, open_cases, known, files),
        *(_of_stalled(places, one) for one in stalled),
        *_of_providers(tx, set(files.values()), now),
        *(_of_unheard(one, Shelved.UNDELIVERED, known) for one in undelivered),
        *(_of_unheard(one, Shelved.UNSURE, known) for one in unsure),
        *_of_comments(tx, now),
    ]
    for line in lines:
        yield replace(line, where=line.where or whereabouts.label(places, line.ubigeo))


# ---------------------------------------------------------------- cases


def _files(tx: Tx, open_cases: Iterable[OpenCase]) -> dict[int, int]:
    """The provider whom each person is who told of their own file, by contact."""
    about = {
        case.contact_id
        for case in open_cases
        if case.reason == CaseReason.PROVIDER and case.data.get("about") in ("register", "changed")
    }
    found = {contact_id: providers.id_of_contact(tx, contact_id) for contact_id in about}
    return {contact_id: provider_id for contact_id, provider_id in found.items() if provider_id is not None}


def _of_cases(
    tx: Tx,
    places: Gazetteer,
    me: int,
    open_cases: Collection[OpenCase],
    known: dict[int, Known],
    files: dict[int, int],
) -> Iterator[Line]:
    in_vain = {
        case.id for case in open_cases if case.reason == CaseReason.NO_MATCH and "wanted" not in case.data
    }
    searched = request_stories.searches_of(tx, in_vain)
    names = operators.names(tx, {case.taken_by for case in open_cases if case.taken_by is not None})
    for case in open_cases:
        told = known.get(case.contact_id, Known("", None))
        ubigeo, where = _place(case.data, places)
        link, acting = _where_to_act(case, files, searched)
        yield Line(
            kind=_kind(case),
            key=f"caso-{case.id}",
            what=_what(case),
            who=told.name or masked(case.address),
            since=case.created_at,
            link=link,
            acting=acting,
            ubigeo=ubigeo or told.ubigeo,
            where=where,
            case_id=case.id,
            taken_by=names.get(case.taken_by or 0, ""),
            taken_by_id=case.taken_by,
            is_mine=case.taken_by == me,
        )


def _kind(case: OpenCase) -> Kind:
    if case.reason not in set(CaseReason):
        return Kind.NOTICE
    return _KIND_OF.get(CaseReason(case.reason), Kind.NOTICE)


def what_of(reason: str) -> str:
    """What a case of this reason is about, in words."""
    return _WHAT[CaseReason(reason)] if reason in set(CaseReason) else reason


def _what(case: OpenCase) -> str:
    if case.reason == CaseReason.NO_MATCH:
        return _no_match(case)
    about = (case.reason, str(case.data.get("about")))
    return _ABOUT.get(about, what_of(case.reason))


def _no_match(case: OpenCase) -> str:
    if "wanted" in case.data:
        wanted = ", ".join(word("services", one) for one in case.data["wanted"]) or "un centro"
        return f"No hay un centro cerca con {wanted}"
    if "asked" in case.data:
        return f"Se preguntó a {plural(len(case.data['asked']), 'persona', 'personas')} y nadie pudo"
    failed = case.data.get("failed")
    if failed in set(Condition):
        return f"{_WHAT[CaseReason.NO_MATCH]}: {why_not(Condition(failed))}"
    return _WHAT[CaseReason.NO_MATCH]


def _where_to_act(case: OpenCase, files: dict[int, int], searched: dict[int, int]) -> tuple[str, str]:
    """The page on which the case is dealt with, and what one does there."""
    if request_id := case.data.get("request"):
        return f"/console/pedidos/{request_id}", "Ver el pedido"
    if case.id in searched:
        return f"/console/pedidos/sin-opciones/{searched[case.id]}", "Ver la búsqueda"
    if case.reason == CaseReason.PROVIDER and case.contact_id in files:
        return f"/console/proveedores/{files[case.contact_id]}", "Ver la ficha"
    return _conversation(case.contact_id)


def _conversation(contact_id: int) -> tuple[str, str]:
    return f"/console/conversaciones/{contact_id}", "Abrir la conversación"


def _place(data: dict[str, Any], places: Gazetteer) -> tuple[str | None, str]:
    """Where the person looks for help, as the case tells."""
    place = data.get("place")
    if isinstance(place, dict) and place.get("ubigeo"):
        return str(place["ubigeo"]), str(place.get("label") or "")
    query = data.get("query")
    if isinstance(query, dict) and "point" in query:
        return whereabouts.district_of_query(places, query), ""
    return None, ""


# ---------------------------------------------------------------- the rest


def _of_stalled(places: Gazetteer, one: attention.Stalled) -> Line:
    what = "Lleva más de un día abierto" if one.is_being_asked else "Se detuvo: no se le pregunta a nadie"
    return Line(
        kind=Kind.MATCH,
        key=f"pedido-{one.request_id}",
        what=what,
        who=need.first_name(one.data) or masked(one.address),
        since=one.created_at,
        link=f"/console/pedidos/{one.request_id}",
        acting="Ver el pedido",
        ubigeo=whereabouts.district_of_query(places, one.data["query"]),
        where=need.place(one.data),
    )


def _of_providers(tx: Tx, told: Collection[int], now: datetime) -> Iterator[Line]:
    """But for those who have `told` of themselves in a case: they stand there, and not twice."""
    for one in attention.unverified(tx, MOST_OF_A_KIND):
        if one.provider_id not in told:
            yield _of_provider(one, "Falta verificar su ficha", "Verificar")
    for one in attention.expiring(tx, now + EXPIRING, MOST_OF_A_KIND):
        is_over = one.at <= now
        what = "Su verificación venció: ya no se muestra" if is_over else "Su verificación vence pronto"
        yield _of_provider(one, what, "Renovar")


def _of_provider(one: attention.ToVerify, what: str, acting: str) -> Line:
    return Line(
        kind=Kind.PROVIDER,
        key=f"proveedor-{one.provider_id}",
        what=what,
        who=one.name,
        since=one.at,
        link=f"/console/proveedores/{one.provider_id}",
        acting=acting,
        ubigeo=one.ubigeo,
    )


def _of_unheard(one: attention.Unheard, kind: Shelved, known: dict[int, Known]) -> Line:
    told = known.get(one.contact_id, Known("", None))
    link, acting = _conversation(one.contact_id)
    undelivered = kind is Shelved.UNDELIVERED
    if undelivered:
        what = f"{plural(one.times, 'mensaje no le llegó', 'mensajes no le llegaron')}"
        what += f" (código {one.error_code})" if one.error_code else ""
    else:
        what = f"No se entendieron {one.times} de sus mensajes"
    return Line(
        kind=Kind.UNDELIVERED if undelivered else Kind.UNSURE,
        key=f"{kind.value}-{one.contact_id}",
        what=what,
        who=told.name or masked(one.address),
        since=one.since,
        link=link,
        acting=acting,
        ubigeo=told.ubigeo,
        shelf=(one.contact_id, kind),
    )


def _of_comments(tx: Tx, now: datetime) -> Iterator[Line]:
    for one in care_requests.unread_comments(tx, MOST_OF_A_KIND):
        rated = f", con {one.rating} de 5" if one.rating else ""
        yield Line(
            kind=Kind.COMMENT,
            key=f"comentario-{one.offer_id}",
            what=f"Una familia comentó el cuidado{rated}",
            who=one.provider,
            since=one.cared_since or now,
            link=f"/console/comentarios#c{one.offer_id}",
            acting="Leer",
            ubigeo=one.ubigeo,
        )
