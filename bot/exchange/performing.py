"""What a turn of the dialogue decided about the other side, done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.exchange import answering, asking, ending, files, telling
from bot.exchange.desk import Desk
from bot.messages import Event, EventKind, Job, JobKind
from bot.store import care_requests, consents, providers
from bot.store.contacts import Person

_Deed = Callable[[Desk, Person, str, dict[str, Any]], list[Event]]


def perform(desk: Desk, person: Person, job: Job, cause: str) -> list[Event]:
    """Do one job under the person's lock. What their own dialogue hears of it at once."""
    return _DEEDS[job.kind](desk, person, cause, job.data)


def _consent(desk: Desk, person: Person, cause: str, data: dict[str, Any]) -> list[Event]:
    consents.add(desk.tx, person.id, cause, data["wording"], data["version"], person.channel, desk.now)
    return []


def _ask(desk: Desk, person: Person, cause: str, data: dict[str, Any]) -> list[Event]:
    return asking.ask_provider(desk, person.id, cause, data)


def _answer_offer(desk: Desk, person: Person, cause: str, data: dict[str, Any]) -> list[Event]:
    provider_id = providers.id_of_contact(desk.tx, person.id)
    if provider_id is None:
        return [Event(EventKind.ANSWERED, {"offer": data["offer"], "result": "gone"})]
    return answering.answer_offer(desk, provider_id, data)


def _answer_counter(desk: Desk, person: Person, cause: str, data: dict[str, Any]) -> list[Event]:
    return answering.answer_counter(desk, person.id, data)


def _end(desk: Desk, person: Person, cause: str, data: dict[str, Any]) -> list[Event]:
    return ending.end(desk, person.id, data)


def _pass_on(desk: Desk, person: Person, cause: str, data: dict[str, Any]) -> list[Event]:
    return telling.pass_on(desk, person.id, cause, data)


def _rate(desk: Desk, person: Person, cause: str, data: dict[str, Any]) -> list[Event]:
    offer_id = data["offer"]
    if offer_id is not None and care_requests.is_of(desk.tx, offer_id, person.id):
        care_requests.rate(desk.tx, offer_id, data.get("rating"), data.get("comment"))
    return []


def _register(desk: Desk, person: Person, cause: str, data: dict[str, Any]) -> list[Event]:
    return files.register(desk, person, data)


def _change_file(desk: Desk, person: Person, cause: str, data: dict[str, Any]) -> list[Event]:
    return files.change(desk, person, cause, data)


def _erase(desk: Desk, person: Person, cause: str, data: dict[str, Any]) -> list[Event]:
    ending.erase(desk, person.id)
    return []


_DEEDS: dict[JobKind, _Deed] = {
    JobKind.CONSENT: _consent,
    JobKind.ASK_PROVIDER: _ask,
    JobKind.ANSWER_OFFER: _answer_offer,
    JobKind.ANSWER_COUNTER: _answer_counter,
    JobKind.END: _end,
    JobKind.RELAY: _pass_on,
    JobKind.RATE: _rate,
    JobKind.REGISTER: _register,
    JobKind.CHANGE_FILE: _change_file,
    JobKind.ERASE: _erase,
}
