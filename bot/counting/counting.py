"""Brings the counts of families to today's state: those of whom something was heard since the last look are counted
anew, out of the cells in which they were and into those in which they belong."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import groupby
from typing import Any

from bot.counting.families import Asking, CareSearch, Facts, Known, facts_of, quarters_of
from bot.store import Tx, tallies
from bot.store.tables import OfferStatus, RequestStatus
from bot.store.tallies import KnownOffer, KnownSearch, Place
from bot.weeks import begins, next_quarter, quarter_of, week_of, weeks_in
from nlp.places import Gazetteer

log = logging.getLogger(__name__)

LOOK = "families"
OVERLAP = timedelta(minutes=10)
"""A look begins so long before the last: a transaction may have been under way then."""
FIRST_LOOK = timedelta(days=183)
SHORTEST, LONGEST = timedelta(minutes=15), timedelta(days=7)
"""Between them lies how much of what happened is counted in one transaction."""
FEW, MANY = 100, 1000
"""People in one transaction: with fewer the next takes longer a time, with more a shorter one."""
AT_ONCE = 200
"""People of whom all that is known is held together."""
ASKED_BEFORE = timedelta(days=31)
"""So long before a request its question is looked for."""

_AGREED_ONCE = (OfferStatus.AGREED.value, OfferStatus.ENDED.value)


def count_families(tx: Tx, places: Gazetteer, since: datetime, until: datetime) -> int:
    """Count everybody anew of whom something was heard in that time, in the quarter of its end and the one before. How
    many. Who asked for no care is not counted."""
    people = tallies.active(tx, since, until)
    for first in range(0, len(people), AT_ONCE):
        _count(tx, places, people[first : first + AT_ONCE], until)
    return len(people)


def next_slice(last: timedelta, people: int) -> timedelta:
    """How much time to take in next, after one in which there were so many people."""
    if people < FEW:
        return min(LONGEST, last * 4)
    return max(SHORTEST, last / 2) if people > MANY else last


def _count(tx: Tx, places: Gazetteer, people: Sequence[int], now: datetime) -> None:
    this = quarter_of(week_of(now))
    former = quarter_of(this - timedelta(days=1))
    knowns = known_of(tx, places, people, begins(weeks_in(former)[0]))
    counted = tallies.counted(tx, people)
    changes: Counter[Place] = Counter()
    kept: dict[tuple[int, date], dict[str, Any]] = {}
    for contact_id in people:
        known, befores = knowns[contact_id], counted.get(contact_id, {})
        for quarter in {former, this} & (quarters_of(known) | {_began(ends) for ends in befores}):
            ends = next_quarter(quarter)
            before = Facts.from_json(befores[ends]) if ends in befores else None
            facts = facts_of(known, quarter, before)
            if facts is None or facts == before:
                continue
            changes.update((quarter, *cell) for cell in facts.cells())
            changes.subtract((quarter, *cell) for cell in (before.cells() if before else ()))
            kept[contact_id, ends] = facts.to_json()
    tallies.change(tx, changes)
    tallies.keep(tx, kept)


def _began(quarter_ends: date) -> date:
    return quarter_of(quarter_ends - timedelta(days=1))


def known_of(tx: Tx, places: Gazetteer, people: Sequence[int], since: datetime) -> dict[int, Known]:
    """What is known of people as families that ask for care: what they requested since then, and what they asked since
    a month before it. Without the questions before, a request would seem to belong to a later quarter."""
    asked = tallies.asked_for_care(tx, people, since - ASKED_BEFORE)
    searches = tallies.care_searches(tx, people, since - ASKED_BEFORE)
    requests = tallies.requests(tx, people, since)
    return {
        contact_id: Known(
            asked.get(contact_id, ()),
            [
                found
                for one in searches.get(contact_id, ())
                if not one.data.get("more") and (found := _search(places, one))
            ],
            [
                _asking(list(offers))
                for _, offers in groupby(requests.get(contact_id, ()), key=lambda one: one.request_id)
            ],
        )
        for contact_id in people
    }


def _search(places: Gazetteer, one: KnownSearch) -> CareSearch | None:
    """None where it cannot be read: it is left out, and holds nobody else's count up."""
    try:
        query = one.data["query"]
        lat, lon = query["point"]
    except (KeyError, TypeError, ValueError):
        log.warning("search %s is about no point, and is not counted", one.id)
        return None
    return CareSearch(
        one.at, one.options, _district(places, float(lat), float(lon)), tuple(query.get("ages_months") or ())
    )


def _asking(offers: list[KnownOffer]) -> Asking:
    agreed = [one for one in offers if one.status in _AGREED_ONCE]
    standing = [one for one in agreed if one.status == OfferStatus.AGREED.value]
    return Asking(
        at=offers[0].at,
        status=RequestStatus(offers[0].request_status),
        agreed=bool(agreed),
        agreed_at=min((one.answered_at for one in standing if one.answered_at), default=None),
        started=any(one.followed_up for one in standing),
        rated=any(one.rating is not None for one in offers),
    )


@lru_cache(maxsize=4096)
def _district(places: Gazetteer, lat: float, lon: float) -> str:
    """Most searches are about the same few points: those by which districts are known."""
    found = places.district_at(lat, lon)
    return found.ubigeo if found else ""
