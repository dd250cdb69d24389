"""Answers: of a provider to an offer, of a parent to a conditional yes; and the place that a yes takes."""

from __future__ import annotations

from typing import Any

from bot.exchange import asking, telling
from bot.exchange.desk import Desk
from bot.messages import Event, EventKind, OfferAnswer
from bot.store import care_requests, providers
from bot.store.care_requests import CareRequest, PutOffer
from bot.store.tables import OfferStatus, RequestStatus

_STILL_WELCOME = (*care_requests.OPEN, OfferStatus.EXPIRED)


def answer_offer(desk: Desk, provider_id: int, data: dict[str, Any]) -> list[Event]:
    """What a provider's answer makes of the offer, and what they hear of it at once."""
    offer = care_requests.offer(desk.tx, data["offer"])
    if offer is None or offer.provider_id != provider_id:
        return [Event(EventKind.ANSWERED, {"offer": data["offer"], "result": "gone"})]
    request = care_requests.lock(desk.tx, offer.request_id)
    offer = care_requests.offer(desk.tx, offer.id) or offer
    if offer.status is OfferStatus.AGREED:
        return [telling.answered(offer, "agreed_before")]
    if offer.status not in _STILL_WELCOME or not _still_looking(desk, request):
        return [telling.answered(offer, "too_late")]
    answer = OfferAnswer(data["answer"])
    if answer is OfferAnswer.NO:
        return _no(desk, request, offer)
    if not (_hold(desk, request, offer) or data.get("surely")):
        if offer.open:
            asking.close(desk, offer, OfferStatus.DECLINED)
            telling.move_on(desk, offer, request.contact_id, "full")
        return [telling.answered(offer, "no_place")]
    _others_withdrawn(desk, request, offer)
    care_requests.set_status(desk.tx, request.id, RequestStatus.OPEN, desk.now)
    if answer is OfferAnswer.CONDITION:
        care_requests.move(desk.tx, offer.id, OfferStatus.COUNTERED, desk.now, words=data["words"])
        telling.countered(desk, offer, request, data["words"])
        return [telling.answered(offer, "countered")]
    return [agree(desk, request, offer, told_first=telling.PROVIDER)]


def answer_counter(desk: Desk, contact_id: int, data: dict[str, Any]) -> list[Event]:
    """What a parent's answer to a conditional yes makes of it, and what they hear at once."""
    offer = care_requests.offer(desk.tx, data["offer"])
    if offer is None:
        return []
    request = care_requests.lock(desk.tx, offer.request_id)
    offer = care_requests.offer(desk.tx, offer.id) or offer
    if request.contact_id != contact_id or offer.status is not OfferStatus.COUNTERED:
        return []
    if data["yes"]:
        return [agree(desk, request, offer, told_first=telling.PARENT)]
    asking.close(desk, offer, OfferStatus.WITHDRAWN)
    telling.withdrawn(desk, offer)
    before = {"id": offer.provider_id, "name": providers.name_of(desk.tx, offer.provider_id)}
    return asking.ask_next(desk, request, before, "declined_by_you")


def agree(desk: Desk, request: CareRequest, offer: PutOffer, told_first: str) -> Event:
    """Both said yes: each gets the other's name and number. What the one who said it last hears at once."""
    care_requests.move(desk.tx, offer.id, OfferStatus.AGREED, desk.now)
    care_requests.set_status(desk.tx, request.id, RequestStatus.AGREED, desk.now)
    telling.appointments(desk, offer, request)
    if not providers.places_left(desk.tx, offer.provider_id):
        for other, contact_id in care_requests.offers_to(
            desk.tx, offer.provider_id, *care_requests.UNANSWERED
        ):
            telling.move_on(desk, other, contact_id, "full")
    return telling.agreed(desk, offer, request, told_first)


def _still_looking(desk: Desk, request: CareRequest) -> bool:
    """Whether a yes is welcome: nobody said so yet, and the parent asks for nothing else since."""
    if request.status is RequestStatus.EXHAUSTED:
        return not care_requests.of_contact(
            desk.tx, request.contact_id, RequestStatus.OPEN, RequestStatus.AGREED
        )
    return request.status is RequestStatus.OPEN


def _no(desk: Desk, request: CareRequest, offer: PutOffer) -> list[Event]:
    if offer.open:
        asking.close(desk, offer, OfferStatus.DECLINED)
        telling.move_on(desk, offer, request.contact_id, "declined")
    return [telling.answered(offer, "declined")]


def _hold(desk: Desk, request: CareRequest, offer: PutOffer) -> bool:
    """Take the places that the request needs, unless the offer holds them already."""
    needed = max(1, int(request.data["query"]["children"]))
    if offer.held or request.data.get("beyond") == offer.provider_id:
        return True
    if not care_requests.take_places(desk.tx, offer.provider_id, needed):
        return False
    care_requests.move(desk.tx, offer.id, offer.status, desk.now, held=needed)
    return True


def _others_withdrawn(desk: Desk, request: CareRequest, offer: PutOffer) -> None:
    """A late yes stands: whoever was asked meanwhile is told that it is settled."""
    for other in care_requests.offers_of(desk.tx, request.id, *care_requests.OPEN):
        if other.id != offer.id:
            asking.close(desk, other, OfferStatus.WITHDRAWN)
            telling.withdrawn(desk, other)
