"""The pages of conversations, and what an operator does there."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from flask import Blueprint, abort, jsonify, render_template, request, url_for
from flask import redirect as lead_to
from werkzeug.wrappers import Response

from bot import takeover
from bot.channels.prices import Prices
from bot.console import audit, whereabouts
from bot.console.access import Role, at_least, current
from bot.console.audit import Deed
from bot.console.conversations import words, writing
from bot.console.conversations.bubbles import Costs, bubbles, marked, total
from bot.console.conversations.writing import WritingError
from bot.console.page import clock, flash, paged, row_id, services
from bot.gsm7 import BASIC, EXTENSION, OTHERWISE
from bot.importers.values import read_phone
from bot.store import Tx, cases, contacts, inbox, talks
from bot.store.talks import Holder, Moment, Place, Side, Wanted, moment_of
from bot.takeover import Outcome
from bot.work import Work

bp = Blueprint("conversations", __name__, url_prefix="/console/conversaciones")

PAGE = 25
AT_ONCE = 40
"""So many messages are shown of a conversation; earlier ones are a page back."""
SHORTEST_REASON = 8

Answer = str | Response | tuple[str, int]

_REFUSED = {
    Outcome.THEIRS: "Esta conversación la tiene otra persona del equipo. Si hace falta, tómela usted.",
    Outcome.NOBODYS: "Ya no tiene esta conversación: el asistente está respondiendo. Tómela para escribir.",
    Outcome.OPTED_OUT: "La persona pidió no recibir mensajes (BAJA): no se le puede escribir.",
    Outcome.UNREAD: "Llegó un mensaje nuevo. Léalo antes de devolver la conversación.",
}


# ---------------------------------------------------------------- the list


@bp.get("")
@at_least(Role.OPERATOR)
def listed() -> str:
    here, now = services(), clock()
    wanted = _wanted()
    with here.store.begin() as tx:
        page = paged(
            lambda after, limit: talks.listed(tx, wanted, after, limit, now),
            key=lambda line: f"{line.at.isoformat()}_{line.contact_id}",
            size=PAGE,
            read=_place,
        )
    return render_template(
        "console/conversations/list.html",
        page=page,
        wanted=wanted,
        given=request.args,
        unknown_place=bool(request.args.get("distrito", "").strip()) and wanted.ubigeo is None,
        label=lambda ubigeo: whereabouts.label(here.places, ubigeo),
        channels=words.CHANNELS,
        cases=words.CASES,
    )


@bp.post("/buscar")
@at_least(Role.OPERATOR)
def find() -> Answer:
    """By a number, which is posted, so that it stands in no address and no log."""
    given = request.form.get("numero", "").strip()[:40]
    try:
        number = read_phone(given)
    except ValueError:
        flash("Escriba el celular completo: nueve dígitos, por ejemplo 987 654 321.", "error")
        return lead_to(url_for(".listed"))
    with services().store.begin() as tx:
        contact_id = contacts.find(tx, number)
    if contact_id is None:
        flash("Nadie ha escrito desde ese número, ni se le ha escrito.", "warning")
        return lead_to(url_for(".listed"))
    return lead_to(url_for(".one", contact_id=contact_id))


def _wanted() -> Wanted:
    """What the filters ask for; what cannot be read is left out."""
    given = request.args
    which = given.get("ver", "")
    sides: dict[str, Side] = {"cuidan": "provider", "familias": "parent"}
    return Wanted(
        needs_person=which == "persona",
        taken_over=which == "tomadas",
        unsure=which == "dudas",
        failed=which == "fallas",
        side=sides.get(given.get("quien", "")),
        ubigeo=whereabouts.typed(services().places, given.get("distrito", "")),
    )


def _place(given: str) -> Place:
    """Where a page of the list begins. Raises ValueError."""
    at, _, contact_id = given.partition("_")
    moment = datetime.fromisoformat(at)
    if moment.tzinfo is None:
        raise ValueError("is no moment")
    return Place(moment, row_id(contact_id))


# ---------------------------------------------------------------- one conversation


@bp.get("/<int:contact_id>")
@at_least(Role.OPERATOR)
def one(contact_id: int) -> Answer:
    with services().store.begin() as tx:
        return _page(tx, contact_id)


@bp.post("/<int:contact_id>/numero")
@at_least(Role.OPERATOR)
def unmask(contact_id: int) -> Answer:
    """The whole number, on this one page."""
    reason = " ".join(request.form.get("motivo", "").split())[:200]
    with services().store.begin() as tx:
        if len(reason) < SHORTEST_REASON:
            return _page(tx, contact_id, reason_error="Escriba para qué lo necesita.", reason=reason), 422
        audit.note(tx, current().id, Deed.UNMASKED_NUMBER, _subject(contact_id), {"reason": reason})
        return _page(tx, contact_id, unmasked=True)


@bp.post("/<int:contact_id>/tomar")
@at_least(Role.OPERATOR)
def take(contact_id: int) -> Answer:
    """Take it over from the bot; or from another operator, whose id the form then bears."""
    here, work, me = services(), Work(), current()
    instead_of = request.form.get("de", type=row_id)
    with here.store.begin() as tx:
        _must_be_there(tx, contact_id)
        done = takeover.take(here, tx, contact_id, me.id, clock(), work, instead_of)
        if done is Outcome.DONE:
            told = {"from_operator": instead_of} if instead_of else {}
            audit.note(tx, me.id, Deed.TOOK_CONVERSATION, _subject(contact_id), told)
    work.push(here.jobs)
    if done is Outcome.DONE:
        flash("La conversación es suya. El asistente no responde hasta que la devuelva.")
    elif done in _REFUSED:
        flash(_REFUSED[done], "error")
    return _back(contact_id, "escribir")


@bp.post("/<int:contact_id>/escribir")
@at_least(Role.OPERATOR)
def write(contact_id: int) -> Answer:
    """Send what the operator wrote, or show first how it would arrive."""
    here, work, me, now = services(), Work(), current(), clock()
    text, token = writing.tidy(request.form.get("texto", "")), request.form.get("token", "")
    read_until = request.form.get("leido", type=row_id) or 0
    if not writing.is_token(token):
        abort(400)
    with here.store.begin() as tx:
        _must_be_there(tx, contact_id)
        leaves = writing.how_it_leaves(contacts.get(tx, contact_id), here.settings.twilio_templates, now)
        try:
            writing.check(text, leaves)
        except WritingError as error:
            return _page(tx, contact_id, text=text, text_error=str(error), token=token), 422
        if request.form.get("hacer") == "ver":
            return _page(tx, contact_id, text=text, shown=True, token=token)
        done = takeover.write(tx, contact_id, me.id, text, token, read_until, now, work)
        if done in _REFUSED:
            return _page(tx, contact_id, text=text, text_error=_REFUSED[done]), 409
        if done is Outcome.DONE:
            audit.note(tx, me.id, Deed.WROTE_TO_PERSON, _subject(contact_id))
        if talks.newer(tx, contact_id, read_until):
            flash("Mientras escribía llegó un mensaje nuevo de la persona.", "warning")
    work.push(here.jobs)
    return _back(contact_id, "escribir")


@bp.post("/<int:contact_id>/devolver")
@at_least(Role.OPERATOR)
def hand_back(contact_id: int) -> Answer:
    here, work, me = services(), Work(), current()
    read_until = request.form.get("leido", type=row_id) or 0
    answers = request.form.get("responder") == "1"
    with here.store.begin() as tx:
        _must_be_there(tx, contact_id)
        done = takeover.hand_back(here, tx, contact_id, me.id, read_until, answers, clock(), work)
        if done is Outcome.DONE:
            audit.note(tx, me.id, Deed.HANDED_BACK, _subject(contact_id))
    work.push(here.jobs)
    if done is Outcome.DONE:
        flash("Devuelta: el asistente sigue con la persona, y ya se le avisó.")
    elif done in _REFUSED:
        flash(_REFUSED[done], "error")
    return _back(contact_id, "ultimo")


@bp.get("/<int:contact_id>/<any(numero, tomar, escribir, devolver):_>")
@at_least(Role.OPERATOR)
def come_back(contact_id: int, _: str) -> Response:
    """Whoever opens the address of a form that was sent is at the conversation again."""
    return _back(contact_id, "ultimo")


@bp.get("/<int:contact_id>/nuevos")
@at_least(Role.OPERATOR)
def news(contact_id: int) -> Response:
    """How many messages came after the last one that a page shows; for its script."""
    with services().store.begin() as tx:
        return jsonify(nuevos=talks.newer(tx, contact_id, request.args.get("leido", 0, type=row_id)))


def _page(
    tx: Tx,
    contact_id: int,
    *,
    unmasked: bool = False,
    reason: str = "",
    reason_error: str = "",
    text: str = "",
    text_error: str = "",
    shown: bool = False,
    token: str = "",
) -> str:
    here, now, me = services(), clock(), current()
    line = talks.line_of(tx, contact_id, now)
    if line is None:
        abort(404)
    audit.note_seen(tx, me.id, Deed.SAW_CONVERSATION, _subject(contact_id))
    before = _moment(request.args.get("antes", ""))
    found = talks.said(tx, contact_id, before, AT_ONCE + 1)
    shown_now = found[-AT_ONCE:]
    person, holder = contacts.get(tx, contact_id), talks.holder_of(tx, contact_id)
    said = bubbles(shown_now, here.places, _costs(tx, now))
    return render_template(
        "console/conversations/one.html",
        line=line,
        person=person,
        said=said,
        cost=total(said),
        earlier=_address(moment_of(shown_now[0])) if len(found) > AT_ONCE else None,
        is_latest=before is None,
        holder=holder,
        is_mine=holder is not None and holder.operator_id == me.id,
        unanswered=_unanswered(tx, contact_id, holder),
        held_back=[marked(words) for words in takeover.held_back(tx, person, now)] if holder else [],
        read_until=inbox.latest(tx, contact_id),
        leaves=writing.how_it_leaves(person, here.settings.twilio_templates, now),
        preview=writing.preview(text) if text else None,
        shown=shown,
        token=token or writing.new_token(),
        text=text,
        text_error=text_error,
        unmasked=unmasked,
        reason=reason,
        reason_error=reason_error,
        given_back_after=here.settings.take_over,
        open_cases=cases.open_of(tx, contact_id),
        label=whereabouts.label(here.places, line.ubigeo),
        channels=words.CHANNELS,
        cases=words.CASES,
        alphabet=json.dumps({"basic": BASIC, "extension": EXTENSION, "otherwise": OTHERWISE}),
    )


def _unanswered(tx: Tx, contact_id: int, holder: Holder | None) -> int:
    return len(inbox.left_unanswered(tx, contact_id, holder.read_until)) if holder else 0


def _costs(tx: Tx, now: datetime) -> Costs:
    prices = Prices()
    month = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return Costs(
        prices=prices,
        templates=frozenset(services().settings.twilio_templates),
        whatsapp_this_month=talks.whatsapp_since(tx, month, prices.whatsapp_service_free_a_month),
    )


def _moment(given: str) -> Moment | None:
    """Where a page of a conversation ends; None for the end of it."""
    try:
        at, by_us, message_id = given.split("_")
        moment = datetime.fromisoformat(at)
        return Moment(moment, by_us == "1", row_id(message_id)) if moment.tzinfo else None
    except ValueError:
        return None


def _address(moment: Moment) -> str:
    where = f"{moment.at.isoformat()}_{int(moment.by_us)}_{moment.id}"
    (contact_id,) = (request.view_args or {}).values()
    return url_for(".one", contact_id=contact_id, antes=where)


def _must_be_there(tx: Tx, contact_id: int) -> None:
    if contacts.known(tx, contact_id) is None:
        abort(404)


def _subject(contact_id: int) -> str:
    return f"contact:{contact_id}"


def _back(contact_id: int, anchor: str, **more: Any) -> Response:
    return lead_to(url_for(".one", contact_id=contact_id, _anchor=anchor, **more))
