"""How a request went, told to an operator: moment by moment, where it stands and why, and what will happen next."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.console.audit import WORDS, Deed
from bot.console.page import span
from bot.console.requests.need import in_a_line, place, query_in_a_line
from bot.dialogue import phrases
from bot.dialogue.passing import without_numbers
from bot.dialogue.reasons import why_not
from bot.messages import EventKind
from bot.store.audit_log import Entry
from bot.store.care_requests import OPEN, UNANSWERED
from bot.store.request_stories import Asked, Happening, Message, Proposed, Story
from bot.store.tables import MessageStatus, OfferStatus, RequestStatus
from matching.offers import OfferRules
from matching.schema import Condition

MOST_NAMED = 3
"""So many of those who were proposed are named: as many as are shown to a parent at once."""
AT_ONCE = timedelta(minutes=1)
"""What takes less is not said to take time."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened. `took` is how long it had been waited for; `kind` a chip's."""

    at: datetime
    what: str
    detail: str = ""
    took: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a request stands, in a sentence or two; `kind` a chip's."""

    text: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Next:
    """What will happen, if nothing else does before."""

    at: datetime
    what: str


def with_names(story: Story) -> Story:
    """The story in which everybody has a name: who was erased has none any more."""
    return replace(
        story,
        asked=tuple(replace(one, provider=one.provider or _GONE) for one in story.asked),
        names={provider_id: name or _GONE for provider_id, name in story.names.items()},
    )


_GONE = "alguien que ya no está"


# ---------------------------------------------------------------- what happened


def timeline(story: Story, deeds: Iterable[Entry] = ()) -> list[Moment]:
    """Everything that is known to have happened, in its order. `deeds` are those of operators about it."""
    moments = [
        *(one for search in story.searches for one in _search(search, story)),
        *_choice(story),
        *(one for asked in story.asked for one in _offer(asked, story.events)),
        *_reminders(story.events),
        *_end(story),
        *(_deed(entry) for entry in deeds),
    ]
    return sorted(moments, key=lambda one: one.at)


def proposals(search: Proposed, names: dict[int, str]) -> str:
    """`Sra. Rosa (a 800 m), Sra. Flor (a 1.2 km) y 2 más`."""
    named = [
        f"{names.get(provider, _GONE)} (a {phrases.distance(km)})"
        for provider, km in search.options[:MOST_NAMED]
    ]
    more = len(search.options) - len(named)
    return f"{', '.join(named)} y {more} más" if more else phrases.enumeration(named)


def why_nobody(search: Proposed) -> str:
    """What stood in the way: `nadie recibe esa edad`."""
    try:
        failed = Condition(search.failed) if search.failed else None
    except ValueError:
        failed = None
    return why_not(failed) if failed else "no hay nadie cerca que atienda"


def _search(search: Proposed, story: Story) -> list[Moment]:
    same = {**search.query, "exclude": []} == {**story.request.data["query"], "exclude": []}
    child = in_a_line(story.request.data) if same else query_in_a_line(search.query)
    what = "más opciones" if search.is_more else f"quién cuide a {child}"
    asked = Moment(search.created_at, f"Buscó {what}")
    if search.answered_at is None:
        return [asked]
    took = _took(search.created_at, search.answered_at)
    if not search.options:
        return [
            asked,
            Moment(search.answered_at, f"No había a quién proponer: {why_nobody(search)}", took=took),
        ]
    return [asked, Moment(search.answered_at, "Ayllu le propuso", proposals(search, story.names), took)]


def _choice(story: Story) -> list[Moment]:
    picked = story.request.data.get("provider_name") or _GONE
    chose = Moment(story.created_at, f"Eligió a {picked}", in_a_line(story.request.data))
    if story.consented_at is None:
        return [chose]
    return [Moment(story.consented_at, "Aceptó que se cuente lo necesario a quien cuida"), chose]


def _offer(asked: Asked, events: Iterable[Happening]) -> list[Moment]:
    about = [one for one in events if one.data.get("offer") == asked.id]
    moments = []
    if asked.reached_at is None or asked.reached_at - asked.created_at > AT_ONCE:
        detail = "De noche no se escribe a nadie: se esperó a la mañana." if asked.reached_at else ""
        moments.append(Moment(asked.created_at, f"Se decidió preguntar a {asked.provider}", detail))
    if asked.reached_at is not None:
        moments.append(
            Moment(asked.reached_at, f"Se preguntó a {asked.provider} (pedido {asked.code})", _arrival(asked))
        )
    condition = next((one for one in about if one.kind is EventKind.COUNTERED), None)
    if condition is not None and asked.status is not OfferStatus.COUNTERED:
        moments.append(_condition(asked, condition.due_at))
    agreed = next((one for one in about if _is_agreement(one)), None)
    if agreed is not None and asked.status is OfferStatus.ENDED:
        moments.append(
            Moment(
                agreed.due_at, f"Quedaron con {asked.provider}", took=_since(asked, agreed.due_at), kind="ok"
            )
        )
    return [*moments, *_outcome(asked, condition)]


def _outcome(asked: Asked, condition: Happening | None) -> list[Moment]:
    at = asked.answered_at
    if at is None or asked.status in UNANSWERED:
        return []
    took = _since(asked, at)
    if asked.status is OfferStatus.COUNTERED:
        return [_condition(asked, at)]
    if asked.status is OfferStatus.AGREED:
        said = "La familia aceptó la condición" if condition else f"{asked.provider} dijo que sí"
        return [Moment(at, f"{said}: quedaron", "Cada una tiene el número de la otra.", took, "ok")]
    if asked.status is OfferStatus.EXPIRED:
        if condition is not None:
            return [
                Moment(at, "La familia no decidió sobre la condición a tiempo", took=took, kind="warning")
            ]
        return [Moment(at, f"{asked.provider} no contestó a tiempo", took=took, kind="warning")]
    if asked.status is OfferStatus.DECLINED:
        return [
            Moment(
                at, f"{asked.provider} {_NO.get(asked.why, 'dijo que no puede')}", took=took, kind="warning"
            )
        ]
    if asked.status is OfferStatus.ENDED:
        ended = f"{asked.provider} {_NO[asked.why]}" if asked.why in _NO else "Se canceló lo acordado"
        return [Moment(at, ended, "El cupo quedó libre otra vez.", kind="warning")]
    if condition is not None:
        return [Moment(at, "La familia no aceptó la condición, o ya no hizo falta", took=took)]
    return [Moment(at, f"Ya no se espera la respuesta de {asked.provider}", _NO.get(asked.why, ""))]


_NO = {
    "full": "ya no tiene cupo",
    "gone": "ya no atiende",
    "ended": "ya no va a poder, aunque había dicho que sí",
    "declined": "dijo que no puede",
    "declined_by_you": "puede, pero a la familia no le convino",
}
"""Why it went on to the next."""


def _condition(asked: Asked, at: datetime) -> Moment:
    said = condition(asked)
    what = f"{asked.provider} puede, con una condición"
    return Moment(at, what, f"«{said}»" if said else "", _since(asked, at))


def condition(asked: Asked) -> str:
    """A conditional yes in the provider's words, without numbers."""
    return without_numbers(asked.words)


def _is_agreement(one: Happening) -> bool:
    return one.kind is EventKind.AGREED or (
        one.kind is EventKind.ANSWERED and one.data.get("result") == "agreed"
    )


def _arrival(asked: Asked) -> str:
    return arrived(asked.message) if asked.message else ""


def arrived(message: Message) -> str:
    """What became of a message, in a sentence."""
    way = {"whatsapp": "por WhatsApp", "sms": "por SMS"}.get(message.channel, "")
    if message.status is MessageStatus.FAILED:
        code = f" (código {message.error_code})" if message.error_code else ""
        return f"El mensaje no le llegó{code}."
    words = {
        MessageStatus.READ: f"Lo leyó {way}.",
        MessageStatus.DELIVERED: f"Le llegó {way}.",
        MessageStatus.SENT: f"Salió {way}; no se sabe todavía si llegó.",
    }
    return words.get(message.status, "Todavía está por salir.")


def _reminders(events: Iterable[Happening]) -> list[Moment]:
    told = {
        EventKind.REMINDER: "Se recordó que mañana empieza",
        EventKind.FOLLOW_UP: "Se preguntó a la familia cómo le va",
    }
    return [Moment(one.handled_at, told[one.kind]) for one in events if one.handled_at and one.kind in told]


def _end(story: Story) -> list[Moment]:
    at, status = story.closed_at, story.request.status
    if at is None or status in (RequestStatus.OPEN, RequestStatus.AGREED):
        return []
    words = {
        RequestStatus.EXHAUSTED: "Nadie pudo: se le dijo a la familia y quedó para una persona del equipo",
        RequestStatus.CANCELLED: "El pedido se canceló",
        RequestStatus.ELSEWHERE: "La familia encontró quién cuide por otro lado",
    }
    return [Moment(at, words[status], kind="alert" if status is RequestStatus.EXHAUSTED else "")]


def _deed(entry: Entry) -> Moment:
    what = WORDS[Deed(entry.what)] if entry.what in set(Deed) else entry.what
    return Moment(entry.at, what, f"Lo hizo {entry.operator or 'alguien del equipo'}.")


def _since(asked: Asked, at: datetime) -> str:
    return _took(asked.reached_at or asked.created_at, at)


def _took(since: datetime, at: datetime) -> str:
    return span((at - since).total_seconds()) if at - since >= AT_ONCE else ""


# ---------------------------------------------------------------- where it stands


def standing(story: Story, rules: OfferRules, now: datetime) -> Standing:
    """Where the request stands, and why it does not move where it does not."""
    return _STANDINGS[story.request.status](story, rules, now)


def _open(story: Story, rules: OfferRules, now: datetime) -> Standing:
    asked = next((one for one in reversed(story.asked) if one.status in OPEN), None)
    if asked is None:
        last = f" El último fue {story.asked[-1].provider}." if story.asked else ""
        return Standing(
            f"Se detuvo: el pedido sigue abierto y no se le está preguntando a nadie.{last}"
            " Pregunte a la siguiente, o escríbale a la familia.",
            "alert",
        )
    if asked.status is OfferStatus.WAITING:
        if any(one.kind is EventKind.OFFERED and one.due_at > now for one in story.events):
            return Standing(
                f"Se preguntará a {asked.provider} apenas amanezca: de noche no se escribe a nadie."
            )
        return Standing(f"En este momento sale la pregunta a {asked.provider}.")
    if asked.status is OfferStatus.COUNTERED:
        return Standing(
            f"{asked.provider} puede, con una condición. Falta que la familia diga si le sirve; mientras tanto el"
            " cupo está guardado.",
            "warning",
        )
    since = asked.reached_at or asked.created_at
    waits = span((now - since).total_seconds())
    if asked.message and asked.message.status is MessageStatus.FAILED:
        return Standing(
            f"La pregunta no le llegó a {asked.provider}: conviene llamar por teléfono, o preguntar a la siguiente.",
            "alert",
        )
    return Standing(f"Se espera la respuesta de {asked.provider} desde hace {waits}.")


def _agreed(story: Story, rules: OfferRules, now: datetime) -> Standing:
    asked = next((one for one in reversed(story.asked) if one.status is OfferStatus.AGREED), None)
    if asked is None:
        return Standing("Quedaron.", "ok")
    rated = f" La familia le puso {asked.rating} de 5." if asked.rating else ""
    return Standing(f"Quedaron con {asked.provider}, y cada una tiene el número de la otra.{rated}", "ok")


def _exhausted(story: Story, rules: OfferRules, now: datetime) -> Standing:
    no_reply = sum(one.status is OfferStatus.EXPIRED for one in story.asked)
    refused = sum(one.status in (OfferStatus.DECLINED, OfferStatus.ENDED) for one in story.asked)
    counts = [
        f"{no_reply} no {'contestó' if no_reply == 1 else 'contestaron'}" if no_reply else "",
        f"{refused} no {'pudo' if refused == 1 else 'pudieron'}" if refused else "",
    ]
    told = phrases.enumeration([count for count in counts if count])
    asked = f"Se preguntó a {len(story.asked)}{f' ({told})' if told else ''}." if story.asked else ""
    why = (
        f"Se llegó a los {rules.tries} intentos que Ayllu hace por sí solo."
        if len(story.asked) >= rules.tries
        else "No hay otra que cumpla lo que la familia pide."
    )
    return Standing(f"Nadie pudo. {asked} {why} La familia espera que una persona le escriba.", "alert")


def _cancelled(story: Story, rules: OfferRules, now: datetime) -> Standing:
    lapsed = any(
        one.kind is EventKind.MOVE_ON and one.data.get("why") == "not_settled" and one.handled_at
        for one in story.events
    ) and any(one.status is OfferStatus.EXPIRED for one in story.asked[-1:])
    if lapsed:
        return Standing(
            "Se cerró: la familia no dijo a tiempo si le servía la condición, y el cupo quedó libre."
        )
    return Standing("Se canceló. Nadie espera nada de este pedido.")


def _elsewhere(story: Story, rules: OfferRules, now: datetime) -> Standing:
    return Standing("La familia encontró quién cuide por otro lado, según se anotó aquí.", "ok")


_STANDINGS: dict[RequestStatus, Callable[[Story, OfferRules, datetime], Standing]] = {
    RequestStatus.OPEN: _open,
    RequestStatus.AGREED: _agreed,
    RequestStatus.EXHAUSTED: _exhausted,
    RequestStatus.CANCELLED: _cancelled,
    RequestStatus.ELSEWHERE: _elsewhere,
}


# ---------------------------------------------------------------- what comes next


def what_comes(story: Story, now: datetime) -> list[Next]:
    """What will happen by itself and when, soonest first: only what still holds."""
    asked = {one.id: one for one in story.asked}
    coming = [
        Next(one.due_at, said)
        for one in story.events
        if one.handled_at is None and (said := _will(one, asked[one.data["offer"]], story))
    ]
    return sorted(coming, key=lambda one: one.at)


def _will(event: Happening, asked: Asked, story: Story) -> str:
    if event.kind is EventKind.OFFERED and asked.status is OfferStatus.WAITING:
        return f"Se pregunta a {asked.provider}"
    if event.kind is EventKind.MOVE_ON and story.request.status is RequestStatus.OPEN:
        why = event.data["why"]
        if why == "no_reply" and asked.status in UNANSWERED and asked.expires_at <= event.due_at:
            return f"Si {asked.provider} no contesta, se pregunta a la siguiente"
        if why == "not_settled" and asked.status is OfferStatus.COUNTERED:
            return "Si la familia no decide, el cupo se libera y el pedido se cierra"
        if why not in ("no_reply", "not_settled"):
            return "Se pregunta a la siguiente"
    if asked.status is OfferStatus.AGREED:
        if event.kind is EventKind.REMINDER:
            whom = asked.provider if event.data.get("to") == "provider" else "la familia"
            return f"Se recuerda a {whom} que al día siguiente empieza"
        if event.kind is EventKind.FOLLOW_UP:
            return "Se pregunta a la familia cómo le va"
    return ""


def headline(story: Story) -> str:
    """What was asked, in a line."""
    where = place(story.request.data)
    return f"{phrases.sentence(in_a_line(story.request.data))}{f', en {where}' if where else ''}"
