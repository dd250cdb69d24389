"""Asking providers, one after another, until one says yes or enough were asked."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Any

from bot.dialogue.searches import care_query
from bot.exchange import telling
from bot.exchange.desk import Desk
from bot.messages import CaseReason, Event, EventKind
from bot.store import care_requests, cases, contacts, providers
from bot.store.care_requests import CareRequest, PutOffer
from bot.store.carers import Carers
from bot.store.providers import Reachable
from bot.store.tables import OfferStatus, RequestStatus
from matching.find import find_care
from matching.schema import CareOption

NO_MEANS_NO = timedelta(days=3)
"""So long a provider who said no is not asked again for the same need."""
NO_REPLY, NOT_SETTLED = "no_reply", "not_settled"
"""Why an offer is not waited for any longer: the provider did not answer, or the parent a condition."""

_WAITED_FOR = {NO_REPLY: care_requests.UNANSWERED, NOT_SETTLED: (OfferStatus.COUNTERED,)}


def ask_provider(desk: Desk, contact_id: int, cause: str, data: dict[str, Any]) -> list[Event]:
    """Put a new request to the provider who was picked; what was open before is taken back."""
    for request_id in care_requests.of_contact(desk.tx, contact_id, RequestStatus.OPEN):
        take_back(desk, request_id, RequestStatus.CANCELLED, asked_again=data["provider"])
    if providers.places_left(desk.tx, data["provider"]) < int(data["query"]["children"]):
        data = {
            **data,
            "beyond": data["provider"],
        }  # said to be full and asked all the same: a yes says there is room
    request = care_requests.add(desk.tx, contact_id, cause, data, desk.now)
    if request is None:
        return []
    provider = providers.reachable(desk.tx, data["provider"], desk.include_demo, desk.now)
    picked = {"id": data["provider"], "name": data["provider_name"]}
    if provider is None:
        return ask_next(desk, request, picked, "gone")
    lately = desk.now - NO_MEANS_NO
    if care_requests.has_declined(desk.tx, contact_id, provider.id, data["need"], lately):
        return ask_next(desk, request, picked, "declined")
    return [ask(desk, request, provider)]


def ask_next(desk: Desk, request: CareRequest, before: dict[str, Any], why: str) -> list[Event]:
    """Ask the next best; when there is none, or enough were asked, an honest word and a case. `before` is who could
    not (id, name), `why` a word of the wording's table `why_not`."""
    asked = care_requests.offers_of(desk.tx, request.id)
    tried = _tried(request, asked) | {before["id"]}
    if len(asked) < desk.rules.tries:
        for option, provider in _fitting(desk, request, tried):
            asking = ask(desk, request, provider)
            facts = {"before": before["name"], "why": why, "distance_km": round(option.distance_km, 2)}
            return [Event(EventKind.ASKED_NEXT, asking.data | facts)]
    care_requests.set_status(desk.tx, request.id, RequestStatus.EXHAUSTED, desk.now)
    case = {
        "reason": CaseReason.NO_MATCH.value,
        "request": request.id,
        "asked": sorted(tried),
        "query": request.data["query"],
    }
    # Asked by hand, or agreed late and then left, a request may come to its end again: a person looks again.
    cause = f"request:{request.id}:exhausted:{len(asked)}"
    cases.open_case(desk.tx, request.contact_id, cause, CaseReason.NO_MATCH, case, desk.now)
    return [Event(EventKind.EXHAUSTED, {"before": before["name"], "why": why, "asked": max(1, len(asked))})]


def candidates(desk: Desk, request: CareRequest) -> Iterator[tuple[CareOption, Reachable]]:
    """Who fits the request, can be asked and was not yet, best first."""
    return _fitting(desk, request, _tried(request, care_requests.offers_of(desk.tx, request.id)))


def move_on(desk: Desk, offer_id: int, why: str, name: str) -> list[Event]:
    """This offer, to the provider of this name, leads nowhere: on to the next. Nothing, where the request is settled,
    where another is being asked already, or where the wait that is over was for something that came."""
    found = _locked(desk, offer_id)
    if found is None:
        return []
    request, offer = found
    if why in _WAITED_FOR and offer.status not in _WAITED_FOR[why]:
        return []
    if why == NO_REPLY and offer.expires_at > desk.now:
        return []  # a question was put meanwhile, and its answer is waited for
    if offer.open:
        close(desk, offer, OfferStatus.EXPIRED if why in _WAITED_FOR else OfferStatus.WITHDRAWN)
        telling.withdrawn(desk, offer, late=why == NO_REPLY)
    goes_on = request.status is RequestStatus.OPEN
    if not goes_on or care_requests.offers_of(desk.tx, request.id, *care_requests.OPEN):
        return []
    if why == NOT_SETTLED:
        care_requests.set_status(desk.tx, request.id, RequestStatus.CANCELLED, desk.now)
        return [Event(EventKind.LAPSED, {"name": name})]
    return ask_next(desk, request, {"id": offer.provider_id, "name": name}, why)


def send(desk: Desk, offer_id: int) -> bool:
    """The offer reaches its provider now. False: it is not wanted any more."""
    found = _locked(desk, offer_id)
    if found is None or found[1].status is not OfferStatus.WAITING:
        return False
    care_requests.move(desk.tx, offer_id, OfferStatus.SENT, desk.now)
    return True


def take_back(desk: Desk, request_id: int, status: RequestStatus, asked_again: int | None = None) -> None:
    """No offer of this request stands any more: places are free again, and the providers are told, but for one who is
    asked again at once."""
    request = care_requests.lock(desk.tx, request_id)
    for offer in care_requests.offers_of(desk.tx, request_id, *care_requests.STANDING):
        agreed = offer.status is OfferStatus.AGREED
        close(desk, offer, OfferStatus.ENDED if agreed else OfferStatus.WITHDRAWN)
        if agreed:
            telling.ended(desk, offer, request)
        else:
            telling.withdrawn(desk, offer, quietly=offer.provider_id == asked_again)
    care_requests.set_status(desk.tx, request_id, status, desk.now)


def close(desk: Desk, offer: PutOffer, status: OfferStatus) -> None:
    """The offer stands no more; what it held is free again."""
    care_requests.move(desk.tx, offer.id, status, desk.now, held=0)
    if offer.held:
        care_requests.give_back(desk.tx, offer.provider_id, offer.held)


def _locked(desk: Desk, offer_id: int) -> tuple[CareRequest, PutOffer] | None:
    """The request, locked, and the offer as it stands then."""
    offer = care_requests.offer(desk.tx, offer_id)
    if offer is None:
        return None
    request = care_requests.lock(desk.tx, offer.request_id)
    return request, care_requests.offer(desk.tx, offer_id) or offer


def _tried(request: CareRequest, asked: Collection[PutOffer]) -> set[int]:
    """Whom not to ask again."""
    return {offer.provider_id for offer in asked} | set(request.data["query"]["exclude"])


def _fitting(
    desk: Desk, request: CareRequest, besides: Collection[int]
) -> Iterator[tuple[CareOption, Reachable]]:
    query = care_query({"query": {**request.data["query"], "exclude": sorted(besides)}})
    for option in find_care(query, Carers(desk.tx, desk.include_demo, desk.now)).options:
        provider = providers.reachable(desk.tx, option.provider.id, desk.include_demo, desk.now)
        if provider is not None:
            yield option, provider


def ask(desk: Desk, request: CareRequest, provider: Reachable) -> Event:
    """Make the offer, to reach the provider within working hours and to wait for so long. What the parent hears."""
    at = desk.rules.hours.next_open(desk.now)
    expires_at = desk.rules.hours.after(at, desk.rules.wait)
    offer = care_requests.put(desk.tx, request.id, provider.id, expires_at, desk.now)
    their_contact = contacts.arrive(desk.tx, provider.phone, None, desk.now)
    told = {"offer": offer.id, "code": offer.code, "need": request.data["need"]}
    desk.tell(their_contact, f"offer:{offer.id}", Event(EventKind.OFFERED, told), at)
    desk.tell(
        request.contact_id,
        f"offer:{offer.id}:expiry",
        Event(EventKind.MOVE_ON, {"offer": offer.id, "why": NO_REPLY, "name": provider.name}),
        expires_at,
    )
    return Event(EventKind.ASKED_NEXT, _asked(provider, offer, at))


def _asked(provider: Reachable, offer: PutOffer, at: datetime) -> dict[str, Any]:
    return {
        "offer": offer.id,
        "provider": provider.id,
        "name": provider.name,
        "price": provider.price and [provider.price.amount, provider.price.period],
        "at": at.isoformat(),
    }
