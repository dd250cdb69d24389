"""What a provider has on file, kept and changed at their word. Shown to nobody before an operator verified it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from bot.dialogue.conversation import OwnFile
from bot.dialogue.ownfile import REVIEWED
from bot.exchange import ending, telling
from bot.exchange.desk import Desk
from bot.messages import Event, EventKind
from bot.store import Tx, care_requests, contacts, events, own_files, providers
from bot.store.contacts import Person
from matching.offers import LIMA

ASKED_AT = time(9, 0)
"""Lima time, on the day on which a provider said that there would be places again."""
_EVER = datetime(2000, 1, 1, tzinfo=UTC)


def register(desk: Desk, person: Person, data: dict[str, Any]) -> list[Event]:
    """Put somebody on file, to be verified. Whoever is there already is brought to what they say now."""
    if person.number is None:
        return [Event(EventKind.FILE_KEPT, {"result": "no_number", "file": data["file"]})]
    file = OwnFile.from_json(data["file"])
    own_files.register(desk.tx, person, file, desk.now)
    return [Event(EventKind.FILE_KEPT, {"result": "registered", "file": data["file"]})]


def change(desk: Desk, person: Person, cause: str, data: dict[str, Any]) -> list[Event]:
    """Change what is on file, or take it out. Who has no room, pauses or leaves is not waited for by those who asked;
    who changes what was verified is verified anew. Nothing, where nothing is on file."""
    provider_id = providers.id_of_contact(desk.tx, person.id)
    if provider_id is None:
        return []
    if data.get("withdraw"):
        own_files.no_longer_ask(desk.tx, person.id, desk.now)
        ending.drop_all(desk, provider_id)
        own_files.withdraw(desk.tx, provider_id, desk.now)
        return []
    changes = data["changes"]
    if changes:
        again = bool(set(changes) & set(REVIEWED))
        own_files.change(desk.tx, provider_id, changes, to_verify=again, now=desk.now)
    if "capacity" in changes or "again_on" in data:
        own_files.no_longer_ask(desk.tx, person.id, desk.now)
    if data.get("again_on"):
        at = datetime.combine(date.fromisoformat(data["again_on"]), ASKED_AT, LIMA)
        asked = Event(EventKind.AVAILABLE_AGAIN, {"places": data.get("places")})
        desk.tell(person.id, f"{cause}:available_again", asked, at)
    if changes.get("capacity") == 0 or changes.get("paused_until"):
        _let_go(desk, provider_id, "full")
    return []


def verify(tx: Tx, provider_id: int, by: str, now: datetime) -> bool:
    """Somebody looked at the provider: families may be shown them, and they hear of it, where they ever wrote to us;
    whether they do. The sweep brings them the word."""
    own_files.verify(tx, provider_id, by, now)
    contact_id = providers.contact_of(tx, provider_id)
    if contact_id is None or not contacts.wrote_since(tx, contact_id, _EVER):
        return False
    cause = f"provider:{provider_id}:verified:{now.isoformat()}"
    events.add(tx, contact_id, cause, Event(EventKind.FILE_KEPT, {"result": "verified"}), now, now)
    return True


def _let_go(desk: Desk, provider_id: int, why: str) -> None:
    """Requests that wait for this provider's answer go on to the next."""
    for offer, parent_id in care_requests.offers_to(desk.tx, provider_id, *care_requests.UNANSWERED):
        telling.move_on(desk, offer, parent_id, why)
