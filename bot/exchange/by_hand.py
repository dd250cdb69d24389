"""What an operator does about a request: the same asking, answering and taking back as people's own words bring about.

Each deed is told the state that the operator saw (`state_of`), and is refused where it is another by now: a button
pressed twice does one thing, and of two operators the second sees first what the other did. It comes back with what
the person in whose exchange it is done hears at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Any

from bot.exchange import answering, asking, telling
from bot.exchange.desk import Desk
from bot.messages import Event, EventKind, OfferAnswer
from bot.store import Tx, care_requests
from bot.store.care_requests import CareRequest, PutOffer
from bot.store.providers import Reachable
from bot.store.tables import OfferStatus, RequestStatus
from matching.schema import CareOption

STILL_ASKED = (RequestStatus.OPEN, RequestStatus.EXHAUSTED)
"""States of a request for which somebody may be asked."""
STANDING = (*STILL_ASKED, RequestStatus.AGREED)
"""States of a request that can be closed."""
ANSWERABLE = (*care_requests.UNANSWERED, OfferStatus.EXPIRED)
"""States of an offer in which a provider's answer is welcome."""


class Why(StrEnum):
    """Why a deed was not done."""

    CHANGED = "changed"
    """The request is not as it was seen, or the same was done already."""
    SETTLED = "settled"
    """Nothing of the kind can be done about it any more."""
    ANOTHER = "another"
    """The parent has another request under way, and one at a time is asked for."""
    GONE = "gone"
    """The provider cannot be asked: paused, not verified, without a number, or gone."""
    NOBODY = "nobody"
    """There is nobody else to ask."""


class NotDone(Exception):
    """Nothing was done, and why."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why


def state_of(tx: Tx, request: CareRequest) -> str:
    """Tells the state of a request, its offers included, from any other it was or will be in."""
    offers = care_requests.offers_of(tx, request.id)
    return "-".join(
        [request.status, *(f"{offer.id}{offer.status}" for offer in offers[-1:]), str(len(offers))]
    )


def candidates(desk: Desk, request: CareRequest) -> Iterator[tuple[CareOption, Reachable]]:
    """Who could be asked, best first; nobody twice for one request."""
    return asking.candidates(desk, request)


def ask(desk: Desk, request_id: int, seen: str, provider_id: int | None = None) -> list[Event]:
    """Ask this provider now, or the next best; who was being asked need not answer any more. What came to its end
    begins again. Call it under the parent's lock. Raises NotDone."""
    request = _seen(desk, request_id, seen)
    _may_be_asked(desk, request)
    among = candidates(desk, request)
    chosen = next((one for one in among if provider_id in (None, one[1].id)), None)
    if chosen is None:
        raise NotDone(Why.NOBODY if provider_id is None else Why.GONE)
    option, provider = chosen
    for offer in care_requests.offers_of(desk.tx, request.id, *care_requests.OPEN):
        asking.close(desk, offer, OfferStatus.WITHDRAWN)
        telling.withdrawn(desk, offer)
    care_requests.set_status(desk.tx, request.id, RequestStatus.OPEN, desk.now)
    asked = asking.ask(desk, request, provider)
    return [Event(asked.kind, {**asked.data, "distance_km": round(option.distance_km, 2)})]


def cancel(desk: Desk, request_id: int, seen: str) -> list[Event]:
    """The request is needed no more: places are free, the providers are told, and so is the parent. Call it under the
    parent's lock. Raises NotDone."""
    return _close(desk, request_id, seen, RequestStatus.CANCELLED, STANDING)


def settled_elsewhere(desk: Desk, request_id: int, seen: str) -> list[Event]:
    """The child is cared for, and not through us. Call it under the parent's lock. Raises NotDone."""
    return _close(desk, request_id, seen, RequestStatus.ELSEWHERE, STILL_ASKED)


def provider_answered(desk: Desk, offer: PutOffer, seen: str, yes: bool) -> list[Event]:
    """What a provider said to an operator, as if they had written it. Call it under the provider's lock. Raises
    NotDone."""
    request = _seen(desk, offer.request_id, seen)
    if offer.status not in ANSWERABLE or request.status not in STILL_ASKED:
        raise NotDone(Why.SETTLED)
    answer = OfferAnswer.YES if yes else OfferAnswer.NO
    told: dict[str, Any] = {"offer": offer.id, "answer": answer.value, "words": "", "surely": yes}
    return answering.answer_offer(desk, offer.provider_id, told)


def parent_answered(desk: Desk, offer: PutOffer, seen: str, yes: bool) -> list[Event]:
    """What a parent said to an operator about a conditional yes, as if they had written it. Call it under the parent's
    lock. Raises NotDone."""
    request = _seen(desk, offer.request_id, seen)
    if offer.status is not OfferStatus.COUNTERED:
        raise NotDone(Why.SETTLED)
    return answering.answer_counter(desk, request.contact_id, {"offer": offer.id, "yes": yes})


def look_again() -> list[Event]:
    """What is needed is looked for once more, and the parent is shown who there is by now."""
    return [Event(EventKind.LOOK_AGAIN)]


def _seen(desk: Desk, request_id: int, seen: str) -> CareRequest:
    """The request, locked, if it is as it was seen."""
    request = care_requests.lock(desk.tx, request_id)
    if state_of(desk.tx, request) != seen:
        raise NotDone(Why.CHANGED)
    return request


def _may_be_asked(desk: Desk, request: CareRequest) -> None:
    if request.status not in STILL_ASKED:
        raise NotDone(Why.SETTLED)
    others = set(care_requests.of_contact(desk.tx, request.contact_id, RequestStatus.OPEN)) - {request.id}
    if others:
        raise NotDone(Why.ANOTHER)


def _close(
    desk: Desk, request_id: int, seen: str, status: RequestStatus, may_be: tuple[RequestStatus, ...]
) -> list[Event]:
    request = _seen(desk, request_id, seen)
    if request.status not in may_be:
        raise NotDone(Why.SETTLED)
    asking.take_back(desk, request.id, status)
    return [Event(EventKind.CLOSED, {"why": status.value})]
