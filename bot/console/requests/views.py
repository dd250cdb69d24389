"""Lists of requests, the page of each, and what an operator does about one."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import partial
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from bot import pipeline
from bot.console import audit, whereabouts
from bot.console.access import Role, at_least, current
from bot.console.audit import Deed
from bot.console.page import clock, flash, paged, services
from bot.console.requests import lists, need, story
from bot.console.requests.lists import Looked
from bot.dialogue import care_query, phrases, reasons
from bot.exchange import Desk, by_hand
from bot.exchange.by_hand import NotDone, Why
from bot.messages import Event
from bot.store import Tx, audit_log, care_requests, cases, contacts, providers, request_stories
from bot.store.care_requests import PutOffer
from bot.store.carers import Carers
from bot.store.database import StoreBusy
from bot.store.tables import OfferStatus, RequestStatus
from bot.work import Work
from matching.find import find_care
from matching.schema import CareOption

bp = Blueprint("requests", __name__, url_prefix="/console/pedidos")

MOST_CANDIDATES = 6
MOST_DEEDS = 50

REFUSED = {
    Why.CHANGED: "Eso ya estaba hecho, o el pedido cambió mientras usted lo miraba. Así está ahora:",
    Why.SETTLED: "Con este pedido ya no se puede hacer eso.",
    Why.ANOTHER: "La familia tiene otro pedido en curso, y se pregunta por uno a la vez.",
    Why.GONE: "A esa persona ya no se le puede preguntar: está en pausa, sin verificar, sin cupo o sin número.",
    Why.NOBODY: "No queda nadie más a quien preguntar que cumpla lo que la familia pide.",
}
BUSY = "En este momento se está atendiendo a esa persona. Pruebe otra vez en unos segundos."

Answer = str | Response


# ---------------------------------------------------------------- lists


@bp.get("")
@at_least(Role.OPERATOR)
def listed() -> Answer:
    here, looked = services(), Looked()
    wanted = lists.read_wanted(request.args, here.places)
    with here.store.begin() as tx:
        page = paged(
            lambda after, limit: lists.requests(tx, wanted, here.places, after, limit, looked),
            key=lambda row: row.request.id,
        )
    return render_template(
        "console/requests/list.html",
        page=page,
        wanted=wanted,
        further_address=_further(looked),
        statuses=lists.STATUSES_CALLED,
        ages=need.AGES_CALLED,
        **_IN_WORDS,
    )


@bp.get("/sin-opciones")
@at_least(Role.OPERATOR)
def without_options() -> Answer:
    here, looked, now = services(), Looked(), clock()
    wanted = lists.read_wanted(request.args, here.places)
    with here.store.begin() as tx:
        page = paged(
            lambda after, limit: lists.without_options(tx, wanted, here.places, now, after, limit, looked),
            key=lambda row: row.id,
        )
    return render_template(
        "console/requests/without_options.html",
        page=page,
        wanted=wanted,
        further_address=_further(looked),
        days=lists.SEARCHES_OF.days,
        ages=need.AGES_CALLED,
        district=_district,
        why_nobody=story.why_nobody,
        **_IN_WORDS,
    )


def _further(looked: Looked) -> str | None:
    """Where to go on, when so many rows were looked at that it was left for another page."""
    if looked.until is None:
        return None
    return f"{request.path}?{urlencode({**request.args.to_dict(), 'after': looked.until})}"


# ---------------------------------------------------------------- one request


@bp.get("/<int:request_id>")
@at_least(Role.OPERATOR)
def one(request_id: int) -> Answer:
    """The page is for acting: it says which state it shows, and what is done about another one is refused."""
    here, now = services(), clock()
    with here.store.begin() as tx:
        told = request_stories.story(tx, request_id)
        if told is None:
            abort(404)
        told = story.with_names(told)
        desk = pipeline.desk(here, tx, now, Work())
        asks = told.request.status in by_hand.STILL_ASKED
        candidates = list(islice(by_hand.candidates(desk, told.request), MOST_CANDIDATES)) if asks else []
        deeds = audit_log.listed(tx, audit_log.Wanted(subject=_subject(request_id)), None, MOST_DEEDS)
        seen = by_hand.state_of(tx, told.request)
        audit.note_seen(tx, current().id, Deed.SAW_REQUEST, _subject(request_id))
    return render_template(
        "console/requests/one.html",
        told=told,
        seen=seen,
        token=secrets.token_hex(8),
        headline=story.headline(told),
        understood=need.understood(told.request.data["query"]),
        moments=story.timeline(told, (entry for entry in deeds if entry.what in _TOLD_OF)),
        standing=story.standing(told, here.settings.offer_rules, now),
        coming=story.what_comes(told, now),
        candidates=[_candidate(option) for option, _ in candidates],
        being_asked=[one for one in told.asked if one.status in care_requests.UNANSWERED],
        countered=[one for one in told.asked if one.status is OfferStatus.COUNTERED],
        late=[one for one in told.asked if one.status is OfferStatus.EXPIRED] if asks else [],
        condition=story.condition,
        asks=asks,
        can_close=told.request.status in by_hand.STANDING,
        **_IN_WORDS,
    )


@bp.post("/<int:request_id>/preguntar")
@at_least(Role.OPERATOR)
def ask(request_id: int) -> Answer:
    """Ask the provider who was chosen among those who fit; where none was, the next best."""
    chosen = request.form.get("proveedor", "")
    if chosen and not chosen.isdecimal():
        abort(400)
    provider_id = int(chosen) if chosen else None
    deed = partial(by_hand.ask, request_id=request_id, seen=_seen(), provider_id=provider_id)
    return _do(request_id, deed, Deed.ASKED_FOR_REQUEST, "Listo: ya se le pregunta, y la familia lo sabe.")


@bp.post("/<int:request_id>/cancelar")
@at_least(Role.OPERATOR)
def cancel(request_id: int) -> Answer:
    deed = partial(by_hand.cancel, request_id=request_id, seen=_seen())
    return _do(
        request_id,
        deed,
        Deed.CANCELLED_REQUEST,
        "El pedido se canceló. Se avisó a quienes esperaban algo de él.",
    )


@bp.post("/<int:request_id>/por-otro-lado")
@at_least(Role.OPERATOR)
def settled_elsewhere(request_id: int) -> Answer:
    deed = partial(by_hand.settled_elsewhere, request_id=request_id, seen=_seen())
    return _do(
        request_id,
        deed,
        Deed.SETTLED_ELSEWHERE,
        "Anotado. A quien se le preguntó ya no se le pide respuesta.",
    )


@bp.post("/<int:request_id>/respuesta")
@at_least(Role.OPERATOR)
def answered(request_id: int) -> Answer:
    """What a provider, or the family about a condition, told an operator."""
    offer = _offer(request_id)
    yes, whose = request.form.get("dijo") == "si", request.form.get("quien")
    if request.form.get("dijo") not in ("si", "no") or whose not in ("proveedor", "familia"):
        abort(400)
    by_provider = whose == "proveedor"
    deed = partial(
        by_hand.provider_answered if by_provider else by_hand.parent_answered,
        offer=offer,
        seen=_seen(),
        yes=yes,
    )
    return _do(
        request_id,
        deed,
        Deed.ANSWERED_FOR_PROVIDER if by_provider else Deed.ANSWERED_FOR_PARENT,
        "Anotado, como si lo hubiera escrito. Se avisó a la otra parte.",
        of=offer if by_provider else None,
    )


def _do(
    request_id: int,
    deed: Callable[[Desk], list[Event]],
    what: Deed,
    done: str,
    of: PutOffer | None = None,
) -> Response:
    """Do it under the lock of the family, or of the provider `of` an offer, and note it, in one transaction; what
    follows is queued after it. Sent twice, it is done once."""
    here, now, work = services(), clock(), Work()
    try:
        with here.store.begin() as tx:
            contact_id = _whose(tx, request_id, of)
            person = contacts.lock(tx, contact_id)
            cause = _cause(of)
            pipeline.by_hand(here, tx, person, deed, cause, now, work)
            _note(tx, request_id, what, of)
    except NotDone as refusal:
        flash(REFUSED[refusal.why], "warning")
    except StoreBusy:
        flash(BUSY, "warning")
    else:
        work.push(here.jobs)
        flash(done)
    return redirect(url_for(".one", request_id=request_id))


def _note(tx: Tx, request_id: int, what: Deed, of: PutOffer | None) -> None:
    """In the audit log; and where it brought the request on, the case that it had is looked after."""
    me, told = current().id, request_stories.story(tx, request_id)
    detail: dict[str, Any] = {}
    if told is not None and told.asked:
        detail["provider"] = of.provider_id if of else told.asked[-1].provider_id
    if what in (Deed.ANSWERED_FOR_PROVIDER, Deed.ANSWERED_FOR_PARENT):
        detail["answer"] = request.form["dijo"]
    audit.note(tx, me, what, _subject(request_id), detail)
    moved = told is not None and told.request.status is not RequestStatus.EXHAUSTED
    for case_id in told.open_cases if told and moved else ():
        if cases.close(tx, case_id, clock(), me, audit.WORDS[what]):
            audit.note(tx, me, Deed.CLOSED_CASE, f"case:{case_id}")


def _whose(tx: Tx, request_id: int, of: PutOffer | None) -> int:
    contact_id = providers.contact_of(tx, of.provider_id) if of else care_requests.parent_of(tx, request_id)
    if contact_id is None:
        abort(404)
    return contact_id


def _offer(request_id: int) -> PutOffer:
    given = request.form.get("oferta", "")
    with services().store.begin() as tx:
        found = care_requests.offer(tx, int(given)) if given.isdecimal() and len(given) < 19 else None
    if found is None or found.request_id != request_id:
        abort(404)
    return found


def _cause(of: PutOffer | None) -> str:
    """Under which what is said is said once: it bears the page's own token. That of an offer is found with the offer's
    other traces when a person is erased."""
    token = request.form.get("token", "")
    if not (token.isalnum() and len(token) <= 32):
        abort(400)
    return f"offer:{of.id}:by-hand:{token}" if of else f"by-hand:{token}"


def _seen() -> str:
    return request.form.get("visto", "")


def _subject(request_id: int) -> str:
    return f"request:{request_id}"


_TOLD_OF = {
    Deed.ASKED_FOR_REQUEST,
    Deed.CANCELLED_REQUEST,
    Deed.SETTLED_ELSEWHERE,
    Deed.ANSWERED_FOR_PROVIDER,
    Deed.ANSWERED_FOR_PARENT,
}


# ---------------------------------------------------------------- a search that found nobody


@bp.get("/sin-opciones/<int:search_id>")
@at_least(Role.OPERATOR)
def search(search_id: int) -> Answer:
    """What was looked for in vain, and who there is by now."""
    here, now = services(), clock()
    with here.store.begin() as tx:
        found = request_stories.search(tx, search_id)
        if found is None:
            abort(404)
        by_now = find_care(care_query({"query": found.query}), Carers(tx, not here.settings.live, now))
        audit.note_seen(tx, current().id, Deed.SAW_REQUEST, f"search:{search_id}")
    return render_template(
        "console/requests/search.html",
        found=found,
        token=secrets.token_hex(8),
        headline=phrases.sentence(need.query_in_a_line(found.query)),
        where=_district(found.query),
        understood=need.understood(found.query),
        why_nobody=story.why_nobody(found),
        candidates=[_candidate(option) for option in by_now.options[:MOST_CANDIDATES]],
        nearest=_candidate(by_now.nearest) if by_now.nearest else None,
        why_not=reasons.why_not(by_now.failed),
        **_IN_WORDS,
    )


@bp.post("/sin-opciones/<int:search_id>/avisar")
@at_least(Role.OPERATOR)
def look_again(search_id: int) -> Answer:
    """Search again for what the family needs now, and show them who there is."""
    here, now, work = services(), clock(), Work()
    try:
        with here.store.begin() as tx:
            found = request_stories.search(tx, search_id)
            if found is None:
                abort(404)
            person = contacts.lock(tx, found.contact_id)
            if not request_stories.is_the_last(tx, found):
                raise NotDone(Why.CHANGED)
            pipeline.by_hand(here, tx, person, lambda _: by_hand.look_again(), _cause(None), now, work)
            audit.note(tx, current().id, Deed.LOOKED_AGAIN, f"search:{search_id}")
    except NotDone:
        flash("La familia ya buscó otra vez, o ya se le avisó.", "warning")
    except StoreBusy:
        flash(BUSY, "warning")
    else:
        work.push(here.jobs)
        flash("Listo: se buscó otra vez y la familia recibe las opciones.")
    return redirect(url_for(".without_options"))


# ---------------------------------------------------------------- words


def _candidate(option: CareOption) -> dict[str, Any]:
    """Somebody who could be asked, and why, as a template shows it."""
    provider = option.provider
    return {
        "id": provider.id,
        "name": provider.name,
        "distance": phrases.distance(option.distance_km),
        "price": phrases.price(provider.price),
        "when": phrases.when(provider.days, provider.opens, provider.closes),
        "places": phrases.places(provider.places_free),
        "reasons": [
            line.replace("✅", "A favor:").removeprefix("⚠️").strip()
            for line in reasons.why(option.reasons, is_more=True).whatsapp.splitlines()
        ],
    }


def _district(query: dict[str, Any]) -> str:
    places = services().places
    return whereabouts.label(places, whereabouts.district_of_query(places, query))


STATUS_CHIPS = {
    "open": ("En curso", ""),
    "agreed": ("Acordado", "ok"),
    "exhausted": ("Nadie pudo", "alert"),
    "cancelled": ("Cancelado", "quiet"),
    "elsewhere": ("Por otro lado", "ok"),
}
OFFER_WORDS = {
    "waiting": "se le preguntará",
    "sent": "no contesta todavía",
    "countered": "puso una condición",
    "agreed": "dijo que sí",
    "declined": "no puede",
    "expired": "no contestó",
    "withdrawn": "ya no hizo falta",
    "ended": "se canceló",
}
_IN_WORDS: dict[str, Any] = {
    "status_chips": STATUS_CHIPS,
    "offer_words": OFFER_WORDS,
    "line": lambda data: phrases.sentence(need.in_a_line(data)),
    "query_line": lambda query: phrases.sentence(need.query_in_a_line(query)),
    "place": need.place,
    "first_name": need.first_name,
}
