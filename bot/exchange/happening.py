"""An event on its way into a person's conversation: whether it still holds, and what it brings about first."""

from __future__ import annotations

from bot.exchange import asking, ending
from bot.exchange.desk import Desk
from bot.messages import Event, EventKind
from bot.store import care_requests
from bot.store.tables import OfferStatus

_WHILE_AGREED = (EventKind.REMINDER, EventKind.FOLLOW_UP)


def happen(desk: Desk, contact_id: int, event: Event) -> list[Event]:
    """What the person's dialogue hears of it now; nothing, where it does not hold any more. Call it under the
    person's lock."""
    if event.kind is EventKind.MOVE_ON:
        return asking.move_on(desk, event.data["offer"], event.data["why"], event.data["name"])
    if event.kind is EventKind.OFFERED:
        return [event] if asking.send(desk, event.data["offer"]) else []
    if event.kind in _WHILE_AGREED:
        offer = care_requests.offer(desk.tx, event.data["offer"])
        return [event] if offer and offer.status is OfferStatus.AGREED else []
    if event.kind is EventKind.COUNTERED:
        offer = care_requests.offer(desk.tx, event.data["offer"])
        return [event] if offer and offer.status is OfferStatus.COUNTERED else []
    if event.kind is EventKind.LEFT:
        ending.leave(desk, contact_id)
        return []
    if event.kind is EventKind.ERASED:
        ending.forget(desk, contact_id, event.data)
        return []
    return [event]
