"""Taking back: a request, a yes, oneself. What was held is free again, and the other side is told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.dialogue import forgetting
from bot.exchange import asking, telling
from bot.exchange.desk import Desk
from bot.messages import Event, EventKind
from bot.store import Tx, care_requests, contacts, conversations, events, providers, takeovers, traces
from bot.store.tables import OfferStatus, RequestStatus

_STANDING = (RequestStatus.OPEN, RequestStatus.AGREED)


def end(desk: Desk, contact_id: int, data: dict[str, Any]) -> list[Event]:
    """Take back what a parent asked for; or, of a provider, the yes to one offer."""
    if data.get("offer") is None:
        for request_id in care_requests.of_contact(desk.tx, contact_id, *_STANDING):
            asking.take_back(desk, request_id, RequestStatus.CANCELLED)
        return []
    offer = care_requests.offer(desk.tx, data["offer"])
    if offer is None or providers.id_of_contact(desk.tx, contact_id) != offer.provider_id:
        return []
    _drop(desk, offer.id, "ended")
    return [telling.answered(offer, "ended")]


def leave(desk: Desk, contact_id: int) -> None:
    """The person wants no more messages: what they asked for is taken back, and what they were asked goes to others.
    What was agreed stands, for the two have each other's number. Nobody of Ayllu writes to them either."""
    takeovers.give_back(desk.tx, contact_id)
    for request_id in care_requests.of_contact(desk.tx, contact_id, RequestStatus.OPEN):
        asking.take_back(desk, request_id, RequestStatus.CANCELLED)
    provider_id = providers.id_of_contact(desk.tx, contact_id)
    if provider_id is not None:
        for offer, parent_id in care_requests.offers_to(desk.tx, provider_id, *care_requests.OPEN):
            telling.move_on(desk, offer, parent_id, "gone")


def carrier_opted_out(tx: Tx, contact_id: int, now: datetime) -> None:
    """The carrier says that the person stopped all messages: as if they had told us. What follows waits for the
    sweep."""
    contacts.set_opted_out(tx, contact_id, now)
    events.add(tx, contact_id, f"left:{contact_id}:{now.isoformat()}", Event(EventKind.LEFT), now, now)


def erase(desk: Desk, contact_id: int) -> Event:
    """Forget the person on both sides; the other sides are told what they need to know. What remains is the address,
    until the last word to it has left. The event that ends it then."""
    person = contacts.get(desk.tx, contact_id)
    left = traces.of(desk.tx, contact_id, (person.number, person.address))
    end(desk, contact_id, {})
    provider_id = providers.id_of_contact(desk.tx, contact_id)
    if provider_id is not None:
        drop_all(desk, provider_id)
        providers.hide(desk.tx, provider_id)
    traces.erase(desk.tx, contact_id, left)
    contacts.empty(desk.tx, contact_id)
    gone = Event(EventKind.ERASED, {"provider": provider_id, "traces": left.to_json()})
    desk.tell(contact_id, f"erased:{contact_id}:{desk.now.isoformat()}", gone, desk.now + contacts.LAST_WORD)
    return gone


def forget(desk: Desk, contact_id: int, data: dict[str, Any]) -> None:
    """The last word has left: the address goes too, and what the other sides were told; unless they came back
    meanwhile."""
    if not contacts.wrote_since(desk.tx, contact_id, desk.now - contacts.LAST_WORD):
        _forget(desk, contact_id, data)


def forget_silent(desk: Desk, contact_id: int) -> None:
    """Erase a person who has not written for years, without a last word to them. Where we wrote first and they never
    answered, what others told of them stays: only the address goes."""
    if not contacts.ever_wrote(desk.tx, contact_id):
        contacts.delete_all(desk.tx, contact_id)
        return
    _forget(desk, contact_id, erase(desk, contact_id).data)


def _forget(desk: Desk, contact_id: int, data: dict[str, Any]) -> None:
    left, provider_id = traces.Traces.from_json(data["traces"]), data["provider"]
    traces.erase(desk.tx, contact_id, left)
    for other in left.others:
        if contacts.known(desk.tx, other) is None:
            continue
        talk = conversations.load(desk.tx, contacts.lock(desk.tx, other))
        conversations.save(
            desk.tx, other, forgetting.without(talk, contact_id, provider_id, left.offers), desk.now
        )
    if provider_id is not None:
        traces.unname(desk.tx, provider_id, left)
        providers.erase(desk.tx, provider_id)
    contacts.delete_all(desk.tx, contact_id)


def drop_all(desk: Desk, provider_id: int) -> None:
    """The provider is gone for good: every family that waits for them, or counts on them, goes on to the next."""
    for offer, _ in care_requests.offers_to(desk.tx, provider_id, *care_requests.STANDING):
        _drop(desk, offer.id, "gone")


def _drop(desk: Desk, offer_id: int, why: str) -> None:
    """The provider does not keep to it, or never will: on to the next."""
    offer = care_requests.offer(desk.tx, offer_id)
    if offer is None:
        return
    request = care_requests.lock(desk.tx, offer.request_id)
    offer = care_requests.offer(desk.tx, offer_id) or offer
    if offer.status not in care_requests.STANDING:
        return
    agreed = offer.status is OfferStatus.AGREED
    asking.close(desk, offer, OfferStatus.ENDED if agreed else OfferStatus.DECLINED)
    if agreed:
        if care_requests.of_contact(desk.tx, request.contact_id, RequestStatus.OPEN):
            care_requests.set_status(desk.tx, request.id, RequestStatus.CANCELLED, desk.now)
            telling.quit_by_provider(desk, offer, request)
            return
        care_requests.set_status(desk.tx, request.id, RequestStatus.OPEN, desk.now)
    telling.move_on(desk, offer, request.contact_id, why)
