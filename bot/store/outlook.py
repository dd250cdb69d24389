"""What a file of providers would make of who is verified, told before it is taken in: the same as
`providers.put` does then, for many at once and without writing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import select

from bot.importers.providers import ProviderRow
from bot.store.checks import end_of, is_news
from bot.store.database import Tx
from bot.store.providers import looked_at_anew
from bot.store.tables import Provider, ProviderCheck
from matching.checks import NEEDED, last_day, overturned
from matching.offers import LIMA


class Outlook(NamedTuple):
    """Until when families are shown a provider, before and after; None: they are not verified."""

    before: datetime | None
    after: datetime | None


@dataclass(frozen=True, slots=True)
class _Known:
    until: datetime | None
    last: Mapping[str, ProviderCheck]

    def open(self) -> dict[str, date]:
        return {kind: check.valid_until for kind, check in self.last.items() if check.ended_at is None}


def outlook(tx: Tx, pairs: Iterable[tuple[ProviderRow, ProviderRow]], now: datetime) -> dict[str, Outlook]:
    """For each provider on file, and what the file makes of it, by key: what becomes of their being verified."""
    listed = list(pairs)
    known = _known(tx, [before.key for before, _ in listed])
    return {
        before.key: Outlook(known[before.key].until, _after(known[before.key], before, after, now))
        for before, after in listed
        if before.key in known
    }


def _after(known: _Known, before: ProviderRow, after: ProviderRow, now: datetime) -> datetime | None:
    says = after.verified_by if after.verified_at is not None else None
    changed = looked_at_anew(before, after)
    until, open_ = known.until, known.open()
    gone = {
        kind
        for kind in overturned(changed)
        if kind in open_ and (says is None or known.last[kind].by_name != says)
    }
    for kind in gone:
        del open_[kind]
    if changed and says is None:
        until = None
    needed = NEEDED[after.kind]
    if says is not None and after.verified_at is not None:
        day = min(after.verified_at, now).astimezone(LIMA).date()
        news = [kind for kind in needed if kind not in gone and is_news(known.last.get(kind), day)]
        open_ |= {kind.value: last_day(kind, day) for kind in news}
        if any(kind not in open_ for kind in needed):
            return None
        return end_of(min(open_[kind] for kind in needed)) if news else until
    return None if after.unverified else until


def _known(tx: Tx, keys: Collection[str]) -> dict[str, _Known]:
    providers = tx.session.execute(
        select(Provider.id, Provider.key, Provider.verified_until).where(Provider.key.in_(keys))
    ).all()
    last: dict[int, dict[str, ProviderCheck]] = {row.id: {} for row in providers}
    made = tx.session.scalars(
        select(ProviderCheck).where(ProviderCheck.provider_id.in_(last)).order_by(ProviderCheck.id)
    )
    for check in made:
        last[check.provider_id][check.kind] = check
    return {row.key: _Known(row.verified_until, last[row.id]) for row in providers}
