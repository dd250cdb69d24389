"""What each side is told of the other, as events: who hears it, when, and with which facts.

The facts of each kind are those that bot/dialogue/happenings.py reads.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from bot.exchange.desk import Desk
from bot.messages import Event, EventKind
from bot.store import care_requests, contacts, providers
from bot.store.care_requests import CareRequest, PutOffer
from matching.offers import LIMA

COUNTER_WAIT = timedelta(hours=6)
"""Within working hours: how long a parent has to answer a conditional yes, while the place is held."""
PARENT, PROVIDER = "parent", "provider"
REMINDER_AT = time(18, 0)
"""On the eve of the first day."""
FOLLOW_UP_AT = time(10, 0)
FOLLOW_UP_AFTER = timedelta(days=3)
"""After the first day: how did it go."""


def withdrawn(desk: Desk, offer: PutOffer, late: bool = False, quietly: bool = False) -> None:
    """The provider need not answer any more; with `late`, may still. `quietly`: they are asked anew at once."""
    if quietly:
        return
    _tell_provider(desk, offer, "withdrawn", Event(EventKind.WITHDRAWN, {"offer": offer.id, "late": late}))


def ended(desk: Desk, offer: PutOffer, request: CareRequest) -> None:
    """The parent takes back what was agreed."""
    facts = {"offer": offer.id, "name": request.data["need"].get("name"), "need": request.data["need"]}
    _tell_provider(desk, offer, "ended", Event(EventKind.ENDED, facts))


def quit_by_provider(desk: Desk, offer: PutOffer, request: CareRequest) -> None:
    """The provider takes back what was agreed, and the parent is asking somebody else already."""
    name = providers.name_of(desk.tx, offer.provider_id)
    desk.tell(request.contact_id, f"offer:{offer.id}:quit", Event(EventKind.QUIT, {"name": name}))


def move_on(desk: Desk, offer: PutOffer, contact_id: int, why: str) -> None:
    """The parent's request goes on to the next provider."""
    desk.tell(
        contact_id,
        f"offer:{offer.id}:move_on",
        Event(
            EventKind.MOVE_ON,
            {"offer": offer.id, "why": why, "name": providers.name_of(desk.tx, offer.provider_id)},
        ),
    )


def answered(offer: PutOffer, result: str) -> Event:
    """What became of a provider's answer."""
    return Event(EventKind.ANSWERED, {"offer": offer.id, "code": offer.code, "result": result})


def countered(desk: Desk, offer: PutOffer, request: CareRequest, words: str) -> None:
    """A conditional yes, for the parent to decide."""
    name = providers.name_of(desk.tx, offer.provider_id)
    facts = {"offer": offer.id, "provider": offer.provider_id, "name": name, "words": words}
    desk.tell(request.contact_id, f"offer:{offer.id}:countered", Event(EventKind.COUNTERED, facts))
    lapse = Event(EventKind.MOVE_ON, {"offer": offer.id, "why": "not_settled", "name": name})
    until = desk.rules.hours.after(desk.now, COUNTER_WAIT)
    desk.tell(request.contact_id, f"offer:{offer.id}:lapse", lapse, until)


def agreed(desk: Desk, offer: PutOffer, request: CareRequest, told_first: str) -> Event:
    """Each side's news that it is agreed, with the other's name and number. That of `told_first` comes back."""
    phone, address = providers.way_to(desk.tx, offer.provider_id)
    need = request.data["need"]
    to_parent = Event(
        EventKind.AGREED,
        {
            "offer": offer.id,
            "provider": offer.provider_id,
            "name": providers.name_of(desk.tx, offer.provider_id),
            "phone": phone,
            "address": address,
            "words": offer.words,
            "need": need,
        },
    )
    parent = contacts.get(desk.tx, request.contact_id)
    to_provider = Event(
        EventKind.ANSWERED,
        {
            "offer": offer.id,
            "code": offer.code,
            "result": "agreed",
            "name": need.get("name"),
            "phone": parent.number,
            "need": need,
            "words": offer.words,
        },
    )
    if told_first == PROVIDER:
        desk.tell(request.contact_id, f"offer:{offer.id}:agreed", to_parent)
        return to_provider
    _tell_provider(desk, offer, "agreed", to_provider)
    return to_parent


def appointments(desk: Desk, offer: PutOffer, request: CareRequest) -> None:
    """A reminder to both on the eve of the first day, and the question how it went some days after it."""
    told = request.data["need"].get("start_date")
    today = desk.now.astimezone(LIMA).date()
    first_day = max(today, date.fromisoformat(told)) if told else today
    eve = datetime.combine(first_day - timedelta(days=1), REMINDER_AT, LIMA)
    name = providers.name_of(desk.tx, offer.provider_id)
    need = request.data["need"]
    if told and eve > desk.now:
        to_parent = Event(EventKind.REMINDER, {"offer": offer.id, "name": name, "need": need, "to": PARENT})
        to_provider = Event(
            EventKind.REMINDER, {"offer": offer.id, "name": need.get("name"), "need": need, "to": PROVIDER}
        )
        desk.tell(request.contact_id, f"offer:{offer.id}:reminder", to_parent, eve)
        _tell_provider(desk, offer, "reminder-provider", to_provider, eve)
    follow_up = datetime.combine(first_day + FOLLOW_UP_AFTER, FOLLOW_UP_AT, LIMA)
    asked = Event(EventKind.FOLLOW_UP, {"offer": offer.id, "provider": offer.provider_id, "name": name})
    desk.tell(request.contact_id, f"offer:{offer.id}:follow_up", asked, follow_up)


def pass_on(desk: Desk, from_contact: int, cause: str, data: dict[str, Any]) -> list[Event]:
    """What one side says, to the other: of an offer (`offer`), to a provider of whom there is none yet (`provider`), or
    back to who asked (`to`). Nothing, where the other side cannot be reached."""
    own = providers.id_of_contact(desk.tx, from_contact)
    name = data.get("name") or (providers.name_of(desk.tx, own) if own is not None else None)
    to = _other_side(desk, from_contact, data)
    if to is None:
        return [Event(EventKind.TOLD, {"words": None})]
    _wait_for_the_answer(desk, from_contact, to, cause)
    told = {"from": from_contact, "name": name, "words": data["words"], "question": data["question"]}
    to_provider = providers.id_of_contact(desk.tx, to) is not None
    at = desk.rules.hours.next_open(desk.now) if to_provider else desk.now
    desk.tell(to, f"{cause}:told", Event(EventKind.TOLD, told), at)
    return []


def _wait_for_the_answer(desk: Desk, from_contact: int, to: int, cause: str) -> None:
    """An offer between the two waits anew while they talk."""
    until = desk.rules.hours.after(desk.now, desk.rules.wait)
    for one, other in ((from_contact, to), (to, from_contact)):
        provider_id = providers.id_of_contact(desk.tx, one)
        if provider_id is None:
            continue
        for offer, parent_id in care_requests.offers_to(desk.tx, provider_id, *care_requests.UNANSWERED):
            if parent_id == other and until > offer.expires_at:
                care_requests.extend(desk.tx, offer.id, until)
                name = providers.name_of(desk.tx, provider_id)
                facts = {"offer": offer.id, "why": "no_reply", "name": name}
                desk.tell(parent_id, f"{cause}:expiry", Event(EventKind.MOVE_ON, facts), until)


def _other_side(desk: Desk, from_contact: int, data: dict[str, Any]) -> int | None:
    if "to" in data:
        return contacts.known(desk.tx, data["to"])
    if "provider" in data:
        provider = providers.reachable(desk.tx, data["provider"], desk.include_demo, desk.now)
        return contacts.arrive(desk.tx, provider.phone, None, desk.now) if provider else None
    offer = care_requests.offer(desk.tx, data["offer"])
    if offer is None or providers.id_of_contact(desk.tx, from_contact) != offer.provider_id:
        return None
    return care_requests.parent_of(desk.tx, offer.request_id)


def _tell_provider(
    desk: Desk, offer: PutOffer, what: str, event: Event, due_at: datetime | None = None
) -> None:
    """Into the provider's conversation, at once or at a time, and never at night."""
    contact_id = providers.contact_of(desk.tx, offer.provider_id)
    if contact_id is not None:
        by_day = desk.rules.hours.next_open(due_at or desk.now)
        desk.tell(contact_id, f"offer:{offer.id}:{what}", event, by_day)
