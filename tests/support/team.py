"""People of Ayllu at their desks: they take a conversation over, write in it, and hand it back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from bot import takeover
from bot.store import Tx, contacts, inbox
from bot.takeover import Outcome
from bot.work import Work
from tests.support.phone import Town

LUISA, CARMEN = 7, 8
"""Operators, by their ids."""


class Team:
    """Each deed is a transaction of its own; then everything that follows from it happens."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.services = town.services

    def id_of(self, number: str) -> int:
        """The person with this number, who must have written or been written to."""
        with self.services.store.begin() as tx:
            found = contacts.find(tx, number)
        assert found is not None, number
        return found

    def take(self, number: str, operator: int = LUISA, instead_of: int | None = None) -> Outcome:
        contact_id = self.id_of(number)
        return self._do(
            lambda tx, now, work: takeover.take(
                self.services, tx, contact_id, operator, now, work, instead_of
            )
        )

    def write(self, number: str, text: str, token: str = "1", operator: int = LUISA) -> Outcome:
        """The operator has read all that came."""
        contact_id = self.id_of(number)
        return self._do(
            lambda tx, now, work: takeover.write(
                tx, contact_id, operator, text, token, inbox.latest(tx, contact_id), now, work
            )
        )

    def hand_back(
        self, number: str, answers: bool = False, operator: int = LUISA, read_until: int | None = None
    ) -> Outcome:
        """The operator has read all that came, or up to that message."""
        contact_id = self.id_of(number)

        def hand_back(tx: Tx, now: datetime, work: Work) -> Outcome:
            read = inbox.latest(tx, contact_id) if read_until is None else read_until
            return takeover.hand_back(self.services, tx, contact_id, operator, read, answers, now, work)

        return self._do(hand_back)

    def _do(self, deed: Callable[[Tx, datetime, Work], Outcome]) -> Outcome:
        work = Work()
        with self.services.store.begin() as tx:
            done = deed(tx, datetime.now(UTC), work)
        work.push(self.services.jobs)
        for _ in range(2):  # each bubble waits until the one before it has arrived
            self.town.settle()
        return done
