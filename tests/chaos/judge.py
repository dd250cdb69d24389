"""What became of everything that was written: nothing lost, nothing doubled, everything in order?"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass

from sqlalchemy import func, select

from bot.store.tables import Event, Inbound, MessageStatus, Outbound, Search
from tests.chaos.ledger import Entry
from tests.chaos.people import Expected, heard
from tests.chaos.world import World, wait_until

SETTLED_WITHIN_S = 150.0
QUIET_S = 0.5
ARRIVED = (MessageStatus.DELIVERED, MessageStatus.READ)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Messages lost and doubled, those that came `late`, from the carrier's list, since both addresses failed, people
    answered out of order, and the longest that anybody waited for an answer."""

    written: int
    heard: int
    lost: int
    doubled: int
    late: int
    out_of_order: int
    longest_wait_s: float

    @property
    def is_well(self) -> bool:
        return self.lost == self.doubled == self.out_of_order == 0


def settle(world: World) -> None:
    """Wait until nothing is left to do."""
    since = time.monotonic()

    def quiet() -> bool:
        nonlocal since
        if not _is_done(world):
            since = time.monotonic()
        return time.monotonic() - since > QUIET_S

    wait_until(quiet, SETTLED_WITHIN_S, "something is still to be done")


def _is_done(world: World) -> bool:
    ledger = world.ledger()
    written = {entry.sid for entry in ledger if entry.inbound}
    under_way = any(not entry.inbound and entry.status not in ARRIVED for entry in ledger)
    with world.store.begin() as tx:
        kept = set(tx.session.scalars(select(Inbound.sid).where(Inbound.handled_at.is_not(None))))
        left = [
            tx.session.scalar(select(func.count()).select_from(table).where(*conditions))
            for table, conditions in (
                (Outbound, [Outbound.status.in_((MessageStatus.QUEUED, MessageStatus.SENDING))]),
                (Search, [Search.answered_at.is_(None)]),
                (Event, [Event.handled_at.is_(None), Event.due_at <= func.now()]),
            )
        ]
    return written <= kept and not under_way and not any(left)


def judge(world: World, numbers: list[str], expected: Expected) -> Verdict:
    """Compare what each of these people heard with what they should have, and the carrier's book with ours."""
    ledger = world.ledger()
    lost, doubled = _between_the_books(world, ledger)
    late, out_of_order, waited = 0, 0, 0.0
    for number in numbers:
        written = [entry for entry in ledger if entry.inbound and entry.person == number]
        lost += _unanswered(world, [entry.sid for entry in written])
        waited = max(waited, _longest_wait(ledger, number, expected))
        refused = sum(entry.answer != 200 for entry in written)
        late += refused
        if refused:
            continue  # taken in after what was written since: the talk may have gone another way
        texts = [entry.text for entry in heard(world, number)]
        lost += (Counter(expected.all) - Counter(texts)).total()
        doubled += (Counter(texts) - Counter(expected.all)).total()
        out_of_order += sorted(texts) == sorted(expected.all) and texts != expected.all
    return Verdict(
        written=sum(entry.inbound and entry.person in numbers for entry in ledger),
        heard=sum(not entry.inbound and entry.person in numbers for entry in ledger),
        lost=lost,
        doubled=doubled,
        late=late,
        out_of_order=out_of_order,
        longest_wait_s=waited,
    )


def _between_the_books(world: World, ledger: list[Entry]) -> tuple[int, int]:
    """Messages of either side that the other does not know, or that did not arrive."""
    with world.store.begin() as tx:
        kept = set(tx.session.scalars(select(Inbound.sid)))
        sent = list(tx.session.scalars(select(Outbound.sid)))
    arrived = {entry.sid for entry in ledger if entry.status in ARRIVED}
    lost = sum(entry.inbound and entry.sid not in kept for entry in ledger)
    lost += sum(sid not in arrived for sid in sent)
    return lost, sum(not entry.inbound and entry.sid not in sent for entry in ledger)


def _unanswered(world: World, sids: list[str]) -> int:
    """How many of these messages led to no word, nor to a search for one."""
    with world.store.begin() as tx:
        ids = tx.session.scalars(select(Inbound.id).where(Inbound.sid.in_(sids))).all()
        causes = [*tx.session.scalars(select(Outbound.cause)), *tx.session.scalars(select(Search.cause))]
    led_to = {tuple(cause.split(":")[:2]) for cause in causes}
    return sum(("in", str(inbound_id)) not in led_to for inbound_id in ids)


def _longest_wait(ledger: list[Entry], number: str, expected: Expected) -> float:
    written = [entry for entry in ledger if entry.inbound and entry.person == number]
    answers = [entry for entry in ledger if not entry.inbound and entry.person == number]
    waits, place = [0.0], 0
    for line, texts in zip(written, expected.heard, strict=False):
        place += len(texts)
        if texts and place <= len(answers):
            waits.append((answers[place - 1].at - line.at).total_seconds())
    return max(waits)
