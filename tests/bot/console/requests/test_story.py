"""How a request went, in words: each state, with its reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.console.requests import need
from bot.console.requests.lists import MOST_LOOKED_AT, Looked, _those
from bot.console.requests.story import (
    arrived,
    proposals,
    standing,
    timeline,
    what_comes,
    why_nobody,
    with_names,
)
from bot.messages import EventKind
from bot.store.care_requests import CareRequest
from bot.store.request_stories import Asked, Happening, Message, Proposed, Story
from bot.store.tables import MessageStatus, OfferStatus, RequestStatus
from matching.offers import OfferRules

TEN = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
NOW = TEN + timedelta(hours=1)
QUERY: dict[str, Any] = {
    "point": [-11.93, -77.05],
    "ages_months": [24],
    "days": ["mon"],
    "start": "08:00",
    "end": "17:00",
}
DATA = {
    "provider": 1,
    "provider_name": "Sra. Rosa",
    "query": QUERY,
    "need": {
        "ages_months": [24],
        "days": ["mon"],
        "start": "08:00",
        "end": "17:00",
        "place": "Comas",
        "girl": True,
    },
}


def asked(status: OfferStatus, **other: Any) -> Asked:
    told: dict[str, Any] = {
        "id": 1, "provider_id": 1, "provider": "Sra. Rosa", "code": "A2", "created_at": TEN, "reached_at": TEN,
        "message": Message(MessageStatus.DELIVERED, "sms", None), "expires_at": TEN + timedelta(hours=2),
        "answered_at": None if status in (OfferStatus.SENT, OfferStatus.WAITING) else NOW, "words": "", "why": "",
        "rating": None,
    }  # fmt: skip
    return Asked(status=status, **(told | other))


def story(status: RequestStatus, *offers: Asked, events: tuple[Happening, ...] = ()) -> Story:
    closed = None if status is RequestStatus.OPEN else NOW
    return Story(
        CareRequest(7, 3, status, DATA), "+51900000011", TEN, closed, (), {}, None, offers, events, ()
    )


def said(told: Story) -> str:
    return "; ".join(f"{one.what} {one.detail}".strip() for one in timeline(told))


def stands(told: Story) -> str:
    return standing(told, OfferRules(), NOW).text


@pytest.mark.parametrize(
    ("offer", "words"),
    [
        (asked(OfferStatus.AGREED), "Sra. Rosa dijo que sí: quedaron"),
        (asked(OfferStatus.DECLINED), "Sra. Rosa dijo que no puede"),
        (asked(OfferStatus.DECLINED, why="full"), "Sra. Rosa ya no tiene cupo"),
        (asked(OfferStatus.EXPIRED), "Sra. Rosa no contestó a tiempo"),
        (asked(OfferStatus.WITHDRAWN), "Ya no se espera la respuesta de Sra. Rosa"),
        (asked(OfferStatus.ENDED), "Se canceló lo acordado"),
        (asked(OfferStatus.ENDED, why="ended"), "Sra. Rosa ya no va a poder, aunque había dicho que sí"),
        (asked(OfferStatus.COUNTERED, words="si pero 987 654 321"), "con una condición «si pero …»"),
        (asked(OfferStatus.WAITING, reached_at=None), "Se decidió preguntar a Sra. Rosa"),
        (asked(OfferStatus.SENT, reached_at=NOW), "De noche no se escribe a nadie: se esperó a la mañana."),
    ],
)
def test_what_became_of_each_that_was_asked_is_said(offer: Asked, words: str) -> None:
    assert words in said(story(RequestStatus.OPEN, offer))


def test_a_condition_that_was_taken_is_told_with_its_own_time() -> None:
    condition = Happening(
        EventKind.COUNTERED, {"offer": 1}, TEN + timedelta(minutes=10), TEN + timedelta(minutes=10)
    )
    told = timeline(
        story(RequestStatus.AGREED, asked(OfferStatus.AGREED, words="solo hasta las 4"), events=(condition,))
    )
    assert [(one.what, one.took) for one in told[-2:]] == [
        ("Sra. Rosa puede, con una condición", "10 min"),
        ("La familia aceptó la condición: quedaron", "1 h"),
    ]


def test_what_was_agreed_and_ended_is_told_as_both() -> None:
    agreed = Happening(EventKind.ANSWERED, {"offer": 1, "result": "agreed"}, TEN + timedelta(minutes=5), TEN)
    told = said(story(RequestStatus.CANCELLED, asked(OfferStatus.ENDED), events=(agreed,)))
    assert (
        "Quedaron con Sra. Rosa; Se canceló lo acordado El cupo quedó libre otra vez.; El pedido se canceló"
        in told
    )


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (story(RequestStatus.OPEN), "Se detuvo: el pedido sigue abierto"),
        (story(RequestStatus.OPEN, asked(OfferStatus.EXPIRED)), "El último fue Sra. Rosa."),
        (
            story(RequestStatus.OPEN, asked(OfferStatus.SENT)),
            "Se espera la respuesta de Sra. Rosa desde hace 1 h.",
        ),
        (
            story(RequestStatus.OPEN, asked(OfferStatus.WAITING)),
            "En este momento sale la pregunta a Sra. Rosa.",
        ),
        (story(RequestStatus.OPEN, asked(OfferStatus.COUNTERED)), "Falta que la familia diga si le sirve"),
        (
            story(
                RequestStatus.OPEN,
                asked(OfferStatus.SENT, message=Message(MessageStatus.FAILED, "sms", 21211)),
            ),
            "La pregunta no le llegó a Sra. Rosa",
        ),
        (story(RequestStatus.AGREED, asked(OfferStatus.AGREED, rating=5)), "La familia le puso 5 de 5."),
        (
            story(RequestStatus.EXHAUSTED, *[asked(OfferStatus.EXPIRED)] * 4, asked(OfferStatus.DECLINED)),
            "Se preguntó a 5 (4 no contestaron y 1 no pudo). Se llegó a los 5 intentos",
        ),
        (story(RequestStatus.EXHAUSTED), "No hay otra que cumpla lo que la familia pide."),
        (story(RequestStatus.CANCELLED), "Se canceló."),
        (story(RequestStatus.ELSEWHERE), "por otro lado"),
        (
            story(
                RequestStatus.CANCELLED,
                asked(OfferStatus.EXPIRED),
                events=(Happening(EventKind.MOVE_ON, {"offer": 1, "why": "not_settled"}, NOW, NOW),),
            ),
            "la familia no dijo a tiempo si le servía la condición",
        ),
    ],
)
def test_where_it_stands_is_said_in_a_sentence(told: Story, words: str) -> None:
    assert words in stands(told)


def test_at_night_the_morning_is_waited_for() -> None:
    morning = Happening(EventKind.OFFERED, {"offer": 1}, NOW + timedelta(hours=9), None)
    assert "apenas amanezca" in stands(
        story(RequestStatus.OPEN, asked(OfferStatus.WAITING), events=(morning,))
    )


@pytest.mark.parametrize(
    ("status", "offer", "kind", "data", "words"),
    [
        (RequestStatus.OPEN, OfferStatus.WAITING, EventKind.OFFERED, {}, ["Se pregunta a Sra. Rosa"]),
        (RequestStatus.OPEN, OfferStatus.SENT, EventKind.OFFERED, {}, []),
        (
            RequestStatus.OPEN, OfferStatus.SENT, EventKind.MOVE_ON, {"why": "no_reply"},
            ["Si Sra. Rosa no contesta, se pregunta a la siguiente"],
        ),
        (RequestStatus.OPEN, OfferStatus.DECLINED, EventKind.MOVE_ON, {"why": "no_reply"}, []),
        (RequestStatus.AGREED, OfferStatus.SENT, EventKind.MOVE_ON, {"why": "no_reply"}, []),
        (
            RequestStatus.OPEN, OfferStatus.COUNTERED, EventKind.MOVE_ON, {"why": "not_settled"},
            ["Si la familia no decide, el cupo se libera y el pedido se cierra"],
        ),
        (
            RequestStatus.OPEN, OfferStatus.DECLINED, EventKind.MOVE_ON, {"why": "declined"},
            ["Se pregunta a la siguiente"],
        ),
        (
            RequestStatus.AGREED, OfferStatus.AGREED, EventKind.REMINDER, {"to": "provider"},
            ["Se recuerda a Sra. Rosa que al día siguiente empieza"],
        ),
        (RequestStatus.AGREED, OfferStatus.AGREED, EventKind.FOLLOW_UP, {}, ["Se pregunta a la familia cómo le va"]),
        (RequestStatus.CANCELLED, OfferStatus.ENDED, EventKind.FOLLOW_UP, {}, []),
    ],
)  # fmt: skip
def test_only_what_still_holds_will_happen(
    status: RequestStatus, offer: OfferStatus, kind: EventKind, data: dict[str, str], words: list[str]
) -> None:
    event = Happening(kind, {"offer": 1, **data}, NOW + timedelta(hours=1), None)
    assert [one.what for one in what_comes(story(status, asked(offer), events=(event,)), NOW)] == words


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (MessageStatus.READ, "Lo leyó por WhatsApp."),
        (MessageStatus.SENT, "Salió por WhatsApp; no se sabe todavía si llegó."),
        (MessageStatus.QUEUED, "Todavía está por salir."),
        (MessageStatus.FAILED, "El mensaje no le llegó (código 63003)."),
    ],
)
def test_what_became_of_a_message_is_said(status: MessageStatus, words: str) -> None:
    assert arrived(Message(status, "whatsapp", 63003)) == words


def search(*options: tuple[int, float], failed: str | None = None, **other: Any) -> Proposed:
    query = QUERY | {"exclude": []}
    return replace(Proposed(1, 3, "", query, TEN, TEN, options, failed, False), **other)


def test_who_was_proposed_is_named_and_the_rest_counted() -> None:
    found = search((1, 0.8), (2, 1.2), (3, 2.0), (4, 3.0), (5, 4.0))
    assert proposals(found, {1: "Rosa", 2: "Flor", 3: ""}).startswith("Rosa (a 800 m), Flor (a 1.2 km), ")
    assert proposals(found, {}).endswith("y 2 más")
    assert why_nobody(search(failed="age")) == "nadie recibe esa edad"
    assert why_nobody(search(failed="strange")) == why_nobody(search()) == "no hay nadie cerca que atienda"


def test_a_search_is_told_with_what_came_of_it() -> None:
    told = replace(
        story(RequestStatus.OPEN),
        searches=(search(failed="age"), search((1, 0.8), is_more=True), search(answered_at=None)),
        names={1: ""},
        consented_at=TEN,
    )
    read = said(with_names(told))
    assert (
        "Buscó quién cuide a una niña de 2 años, lunes 8am-5pm; No había a quién proponer: nadie recibe esa edad"
        in read
    )
    assert "Buscó más opciones; Ayllu le propuso alguien que ya no está (a 800 m)" in read
    assert "Aceptó que se cuente lo necesario" in read


def test_what_was_understood_is_said_fact_by_fact() -> None:
    query = QUERY | {
        "children": 2, "budget": {"amount": 300, "period": "month"}, "care_types": ["home"], "near": True,
        "start_date": "2026-12-01", "special_needs": ["autismo"], "amenities": ["almuerzo"], "languages": ["quechua"],
    }  # fmt: skip
    facts = dict(need.understood(query))
    assert facts["Puede pagar"] == "S/ 300 al mes"
    assert facts["Desde"] == "martes 1/12"
    assert (facts["Cuántos niños"], facts["Salud o cuidado especial"]) == ("2", "autismo")
    assert dict(need.understood(QUERY | {"cheap": True}))["Puede pagar"] == "lo más económico"
    assert [name for name, _ in need.understood({"point": [0, 0]})] == []


def test_a_rare_thing_is_looked_for_so_far_and_no_farther() -> None:
    def fetch(before: int | None, many: int) -> list[int]:
        first = (before or 5000) - 1
        return list(range(first, max(0, first - many), -1))

    looked = Looked()
    assert _those(fetch, int, lambda row: row == 4990, None, 26, looked) == [4990]
    assert looked.until == 5000 - MOST_LOOKED_AT
    assert _those(fetch, int, lambda row: row == 3990, looked.until, 26, Looked()) == [3990]
    few = Looked()
    assert _those(fetch, int, lambda row: True, None, 26, few) == list(range(4999, 4973, -1))
    assert few.until is None
