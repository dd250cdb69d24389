"""A request under way: Maria needs care in Collique; Rosa, whom she picked, was asked; Flor and Neli would be next."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import time_machine
from sqlalchemy import select

from bot import pipeline
from bot.exchange import Desk, by_hand
from bot.messages import Event
from bot.services import Services
from bot.store import care_requests, contacts
from bot.store.care_requests import PutOffer
from bot.store.tables import Provider, RequestStatus
from bot.work import Work
from tests.support.carers import put_on_file
from tests.support.carrier import LocalCarrier
from tests.support.phone import Town, at
from tests.support.transcript import LIMA

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=LIMA)
MARIA, ROSA, FLOR, NELI = "+51900000011", "+51900000021", "+51900000022", "+51900000023"
CARER = {
    "kind": "home", "district": "Collique", "min_age": "6m", "max_age": "4a", "days": "lun-sab", "opens": "06:00",
    "closes": "18:00", "price": "15", "period": "dia", "places": "1",
}  # fmt: skip
CARERS = {
    "rosa": CARER | {"name": "Sra. Rosa", "phone": ROSA, "lat": "-11.9155", "lon": "-77.0205"},
    "flor": CARER | {"name": "Sra. Flor", "phone": FLOR, "lat": "-11.9300", "lon": "-77.0300"},
    "neli": CARER | {"name": "Sra. Neli", "phone": NELI, "lat": "-11.9400", "lon": "-77.0400"},
}  # fmt: skip
REQUEST = 1

Deed = Callable[[Desk], list[Event]]


class Asked:
    """Maria has asked for care, and Rosa, whom she picked, was asked."""

    def __init__(self, services: Services, town: Town, clock: time_machine.Traveller) -> None:
        self.services, self.town, self.clock = services, town, clock
        town.ask(
            MARIA,
            "whatsapp",
            "busco quien cuide a mi hijita de 2 años en collique de lunes a viernes de 7 a 5",
        )
        town.ask(MARIA, "whatsapp", "con la sra rosa")
        town.ask(MARIA, "whatsapp", "si, soy maria")
        self.hear()

    def hear(self) -> dict[str, list[str]]:
        """What came to each phone since the last time."""
        self.town.settle()
        return {
            name: [*self.town.heard(number, "whatsapp"), *self.town.heard(number, "sms")]
            for name, number in (("maria", MARIA), ("rosa", ROSA), ("flor", FLOR), ("neli", NELI))
        }

    def seen(self) -> str:
        with self.services.store.begin() as tx:
            return by_hand.state_of(tx, care_requests.lock(tx, REQUEST))

    def offers(self) -> list[PutOffer]:
        with self.services.store.begin() as tx:
            return care_requests.offers_of(tx, REQUEST)

    def status(self) -> RequestStatus:
        with self.services.store.begin() as tx:
            return care_requests.lock(tx, REQUEST).status

    def do(self, deed: Deed, number: str = MARIA, cause: str = "by-hand:1") -> None:
        """As a view does it."""
        now, work = datetime.now(UTC), Work()
        with self.services.store.begin() as tx:
            person = contacts.lock(tx, contacts.arrive(tx, number, None, now))
            pipeline.by_hand(self.services, tx, person, deed, cause, now, work)
        work.push(self.services.jobs)

    def provider(self, key: str) -> int:
        with self.services.store.begin() as tx:
            return tx.session.scalars(select(Provider.id).where(Provider.key == key)).one()


@contextmanager
def asking(services: Services, carrier: LocalCarrier, folder: Path) -> Iterator[Asked]:
    """On MONDAY, with the clock at hand."""
    put_on_file(services, CARERS, folder / "providers.csv", MONDAY)
    with at(MONDAY) as clock:
        yield Asked(services, Town(services, carrier), clock)
