"""What a provider has on file, kept and changed at their word. Shown to nobody before an operator verified it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

from bot.dialogue import ownfile
from bot.dialogue.conversation import OwnFile
from bot.dialogue.ownfile import REVIEWED
from bot.exchange import ending, telling
from bot.exchange.desk import Desk
from bot.importers.providers import ProviderRow
from bot.messages import Event, EventKind
from bot.store import Tx, care_requests, checks, contacts, events, own_files, providers
from bot.store.checks import Checker
from bot.store.contacts import Person
from matching.checks import CheckKind
from matching.offers import LIMA, WorkingHours

ASKED_AT = time(9, 0)
"""Lima time, on the day on which a provider said that there would be places again."""
BY_DAY = WorkingHours()
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


def verify(tx: Tx, provider_id: int, by: Checker, now: datetime, hours: WorkingHours = BY_DAY) -> bool:
    """Somebody confirms that all was checked: families may be shown the provider, and they hear of it within these
    hours, where they ever wrote to us and were not shown before; whether they do. The sweep brings them the word.
    Raises checks.NotYet."""
    was_shown = checks.standing(tx, provider_id, now).verified
    checks.confirm(tx, provider_id, by, now)
    contact_id = _listens(tx, provider_id)
    if contact_id is None or was_shown:
        return False
    cause = f"provider:{provider_id}:verified:{now.isoformat()}"
    told = Event(EventKind.FILE_KEPT, {"result": "verified"})
    events.add(tx, contact_id, cause, told, hours.next_open(now), now)
    return True


# ---------------------------------------------------------------- by an operator's hand


def hide(desk: Desk, provider_id: int) -> bool:
    """Families are shown the provider no more until they are verified again; whoever waits for their answer goes on to
    the next. Whether the provider hears of it."""
    checks.unverify(desk.tx, provider_id, desk.now)
    _let_go(desk, provider_id, "gone")
    return _tell(desk, provider_id, {"result": "hidden"})


def take_back(desk: Desk, provider_id: int, check_id: int, by: Checker) -> CheckKind | None:
    """A check was wrong. Where families were shown the provider because of it, they are no more. Its kind; None where
    there is no such check."""
    was_shown = checks.standing(desk.tx, provider_id, desk.now).verified
    kind = checks.take_back(desk.tx, provider_id, check_id, by, desk.now)
    if was_shown and not checks.standing(desk.tx, provider_id, desk.now).verified:
        hide(desk, provider_id)
    return kind


def pause(desk: Desk, provider_id: int, until: date) -> bool:
    """Families are not shown the provider before that day. Whether the provider hears of it."""
    own_files.pause(desk.tx, provider_id, until, desk.now)
    _let_go(desk, provider_id, "full")
    return _tell(desk, provider_id, {"result": "paused", "until": until.isoformat()})


def resume(desk: Desk, provider_id: int) -> bool:
    """The pause is over. Whether the provider hears of it."""
    own_files.pause(desk.tx, provider_id, None, desk.now)
    return _tell(desk, provider_id, {"result": "resumed"})


def edit(desk: Desk, provider_id: int, row: ProviderRow, by: str, *, correction: bool) -> bool:
    """Bring the file to what an operator wrote. Whether the provider hears of it: at the number that was theirs."""
    contact_id = _listens(desk.tx, provider_id)
    before, was_shown = own_files.file_of(desk.tx, provider_id), _is_shown(desk, provider_id)
    providers.edit(desk.tx, provider_id, row, by, desk.now, correction=correction)
    desk.tx.session.expire_all()
    after, is_shown = own_files.file_of(desk.tx, provider_id), _is_shown(desk, provider_id)
    if was_shown and not is_shown:
        _let_go(desk, provider_id, "gone")
    elif after.capacity == 0 and before.capacity:
        _let_go(desk, provider_id, "full")
    changes = ownfile.differences(replace(before, verified=after.verified), after)
    if not changes or contact_id is None:
        return False
    told = {
        "result": "edited",
        "changes": changes,
        "file": after.to_json(),
        "reviewed": was_shown and not is_shown,
    }
    return _tell(desk, provider_id, told, contact_id)


def withdraw(desk: Desk, provider_id: int) -> bool:
    """The provider is taken out, for good: families that count on them go on to the next. Whether the provider hears
    of it."""
    contact_id = _listens(desk.tx, provider_id)
    if contact_id is not None:
        own_files.no_longer_ask(desk.tx, contact_id, desk.now)
    ending.drop_all(desk, provider_id)
    is_told = _tell(desk, provider_id, {"result": "removed"}, contact_id)
    own_files.withdraw(desk.tx, provider_id, desk.now)
    return is_told


def _is_shown(desk: Desk, provider_id: int) -> bool:
    return checks.standing(desk.tx, provider_id, desk.now).verified


def _listens(tx: Tx, provider_id: int) -> int | None:
    """The person whom this provider is, if they ever wrote to us: to others we have nothing to say."""
    contact_id = providers.contact_of(tx, provider_id)
    return contact_id if contact_id is not None and contacts.wrote_since(tx, contact_id, _EVER) else None


def _tell(desk: Desk, provider_id: int, data: dict[str, Any], contact_id: int | None = None) -> bool:
    """By day, like all that providers are told."""
    to = contact_id if contact_id is not None else _listens(desk.tx, provider_id)
    if to is None:
        return False
    cause = f"provider:{provider_id}:{data['result']}:{desk.now.isoformat()}"
    desk.tell(to, cause, Event(EventKind.FILE_KEPT, data), desk.rules.hours.next_open(desk.now))
    return True


def _let_go(desk: Desk, provider_id: int, why: str) -> None:
    """Requests that wait for this provider's answer go on to the next."""
    for offer, parent_id in care_requests.offers_to(desk.tx, provider_id, *care_requests.UNANSWERED):
        telling.move_on(desk, offer, parent_id, why)
