"""What was checked of providers, and whether families may be shown them. This is the one place that decides it: whoever
verifies a provider, at the command line, by a file or in the console, comes through here, and nothing else writes
`verified_at`, `verified_by` and `verified_until`.

Four eyes: that all is there is confirmed by somebody, who may not be the only one who checked. What a file says was
verified by an institution is confirmed by who takes the file in.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, and_, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from bot.importers.wrong import Wrong
from bot.store.database import Tx
from bot.store.tables import CheckEnd, Provider, ProviderCheck
from matching.checks import NEEDED, CheckKind, last_day, overturned
from matching.offers import LIMA
from matching.schema import CareKind

LONGEST_NOTE = 500
"""Characters."""
UNVERIFIED: dict[str, None] = {
    "verified_at": None,
    "verified_by": None,
    "verified_until": None,
    "ready_at": None,
}
"""What a row says of a provider whom nobody verified, for an update that hides them."""


@dataclass(frozen=True, slots=True)
class Checker:
    """Who checked, or confirms. `operator_id` is None for whom a file or the command line names."""

    name: str
    operator_id: int | None = None

    def is_same(self, other: Checker) -> bool:
        """Two names that differ by their writing only are one person."""
        if self.operator_id is not None and other.operator_id is not None:
            return self.operator_id == other.operator_id
        return self.name.split() != [] and self.name.casefold().split() == other.name.casefold().split()


@dataclass(frozen=True, slots=True)
class Check:
    """Something that was looked at, once. It counts until the end of `valid_until`, in Lima, unless it was `ended_at`
    before."""

    id: int
    kind: CheckKind
    done_on: date
    valid_until: date
    by: Checker
    note: str
    recorded_at: datetime
    ended_at: datetime | None
    ended_by: str | None
    ended_why: CheckEnd | None

    def is_over(self, today: date) -> bool:
        return self.valid_until < today


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the checks of one provider stand. `checks` are those that count or are over, by their kind; what is
    `missing` or `over` is needed, and keeps them from being verified. `verified` is whether families are shown them
    now, `until` the first moment at which they are not any more."""

    needed: tuple[CheckKind, ...]
    checks: dict[CheckKind, Check]
    missing: tuple[CheckKind, ...]
    over: tuple[CheckKind, ...]
    verified_at: datetime | None
    verified_by: str | None
    until: datetime | None
    verified: bool

    @property
    def complete(self) -> bool:
        """Whether all that is needed is there, and none of it over."""
        return not self.missing and not self.over

    @property
    def waits(self) -> bool:
        """Whether somebody should confirm: all is there, and families are not shown them, or for a shorter time."""
        return self.complete and (not self.verified or self.until is None or self.until < self.would_hold())

    def would_hold(self) -> datetime:
        """Until when families would be shown them if somebody confirmed now. All must be there."""
        return end_of(min(self.checks[kind].valid_until for kind in self.needed))

    def is_alone(self, who: Checker) -> bool:
        """Whether this one made all the checks that are needed."""
        return all(self.checks[kind].by.is_same(who) for kind in self.needed if kind in self.checks)


class CheckError(Wrong):
    """A check cannot have been as it was told. `field` is what is wrong: done_on, valid_until or note."""

    def __init__(self, field: str, english: str, spanish: str) -> None:
        super().__init__(english, spanish)
        self.field = field


class NotYet(ValueError):
    """A provider cannot be confirmed: checks are missing or over, or one person made them all."""

    def __init__(
        self, missing: Collection[CheckKind] = (), over: Collection[CheckKind] = (), alone: bool = False
    ):
        self.missing, self.over, self.alone = tuple(missing), tuple(over), alone
        parts = [
            f"missing: {', '.join(self.missing)}" if self.missing else "",
            f"over: {', '.join(self.over)}" if self.over else "",
            "whoever made all the checks cannot be the one who confirms them: somebody else must"
            if alone
            else "",
        ]
        super().__init__("; ".join(filter(None, parts)))


def shown(now: datetime) -> ColumnElement[bool]:
    """The condition that families may be shown a provider now, as far as checks go."""
    return and_(Provider.verified_at.is_not(None), Provider.verified_until > now)


# ---------------------------------------------------------------- reading


def standing(tx: Tx, provider_id: int, now: datetime) -> Standing:
    """Where the checks of a provider stand."""
    return _standing(tx, tx.session.get_one(Provider, provider_id, populate_existing=True), now)


def former(tx: Tx, provider_id: int, limit: int = 50) -> list[Check]:
    """Checks that count no more, the latest first."""
    rows = tx.session.scalars(
        select(ProviderCheck)
        .where(ProviderCheck.provider_id == provider_id, ProviderCheck.ended_at.is_not(None))
        .order_by(ProviderCheck.ended_at.desc(), ProviderCheck.id.desc())
        .limit(limit)
    )
    return [_check(tx, row) for row in rows]


def demo_over(tx: Tx, now: datetime) -> list[tuple[int, str]]:
    """Invented providers whose checks are over, and who verified them."""
    rows = tx.session.execute(
        select(Provider.id, Provider.verified_by).where(
            Provider.demo, Provider.verified_at.is_not(None), Provider.verified_until <= now
        )
    )
    return [(provider_id, by or "demo") for provider_id, by in rows]


# ---------------------------------------------------------------- one check


def record(
    tx: Tx,
    provider_id: int,
    kind: CheckKind,
    done_on: date,
    by: Checker,
    now: datetime,
    valid_until: date | None = None,
    note: str = "",
) -> None:
    """Somebody looked at this on that day: it takes the place of an earlier check of its kind. `valid_until` may be a
    day earlier than the check would hold by itself. Families are shown nobody by it who was not shown before: that is
    for `confirm`. Raises CheckError."""
    row = _locked(tx, provider_id)
    today = now.astimezone(LIMA).date()
    until = _agreed_end(kind, done_on, valid_until, today)
    if len(note) > LONGEST_NOTE:
        raise CheckError(
            "note",
            f"has {len(note)} characters; {LONGEST_NOTE} are the most",
            f"tiene {len(note)} caracteres; lo más son {LONGEST_NOTE}",
        )
    _put(tx, provider_id, kind, done_on, until, by, note, now)
    if row.verified_until is not None and kind in NEEDED[CareKind(row.kind)]:
        row.verified_until = min(row.verified_until, end_of(until))
    tx.session.flush()
    _see_whether_ready(tx, provider_id, now)


def take_back(tx: Tx, provider_id: int, check_id: int, by: Checker, now: datetime) -> CheckKind | None:
    """A check was wrong: it counts no more, and where it is needed nobody is shown the provider until it is made anew
    and confirmed. Its kind; None where there is no such check that counts."""
    row = _locked(tx, provider_id)
    check = tx.session.scalars(
        select(ProviderCheck).where(
            ProviderCheck.id == check_id,
            ProviderCheck.provider_id == provider_id,
            ProviderCheck.ended_at.is_(None),
        )
    ).one_or_none()
    if check is None:
        return None
    _end(tx, provider_id, (CheckKind(check.kind),), by.name, CheckEnd.TAKEN_BACK, now)
    if CheckKind(check.kind) in NEEDED[CareKind(row.kind)]:
        unverify(tx, provider_id, now)
    return CheckKind(check.kind)


def overturn(
    tx: Tx, provider_id: int, changed: Collection[str], by: str, now: datetime, still_says: str | None = None
) -> None:
    """These fields of the file changed, which somebody had looked at: what was seen counts no more, and nobody is shown
    the provider until somebody looked again. `still_says` is an institution that says of the file as it is now that it
    verified it: its own checks stand."""
    _end(tx, provider_id, overturned(changed), by, CheckEnd.OVERTURNED, now, still_says)
    if still_says is None:
        unverify(tx, provider_id, now)


# ---------------------------------------------------------------- all of them


def confirm(tx: Tx, provider_id: int, by: Checker, now: datetime) -> None:
    """All that is needed was looked at: from now on families may be shown the provider, until the first check is over.
    Raises NotYet where something is missing or over, or this one made all the checks alone."""
    row = _locked(tx, provider_id)
    stands = _standing(tx, row, now)
    if not stands.complete:
        raise NotYet(stands.missing, stands.over)
    if stands.is_alone(by):
        raise NotYet(alone=True)
    _verify(tx, row, by.name, now, stands.would_hold(), now)


def attest(tx: Tx, provider_id: int, by: str, at: datetime, now: datetime) -> None:
    """A file says that this institution or person verified the provider then: everything that is needed counts as
    checked on that day, and as confirmed, unless we know better. A later check of our own stands; one that was taken
    back or overturned since then is not brought back by a file. Said twice, it changes nothing.

    What is over already counts as over: the provider is on file, and shown to nobody. A day to come counts as today.
    """
    at = min(at, now)
    row = _locked(tx, provider_id)
    day, known = at.astimezone(LIMA).date(), _latest(tx, provider_id)
    news = [kind for kind in NEEDED[CareKind(row.kind)] if is_news(known.get(kind), day)]
    for kind in news:
        _put(tx, provider_id, kind, day, last_day(kind, day), Checker(by), "", now)
    stands = _standing(tx, row, now)
    if stands.missing:
        unverify(tx, provider_id, now)
    elif news:
        _verify(tx, row, by, at, stands.would_hold(), now)


def verified_as_said(kind: CareKind, at: datetime) -> datetime:
    """Until when a provider of this kind counts as verified of whom a file says that they were then, and whom nobody
    else knows."""
    day = at.astimezone(LIMA).date()
    return end_of(min(last_day(needed, day) for needed in NEEDED[kind]))


def add_as_said(tx: Tx, added: Iterable[tuple[int, CareKind, str, datetime]], now: datetime) -> None:
    """The checks of providers that were just put on file, all at once: each one's id and kind, by whom a file says that
    they were verified, and when."""
    rows = [
        {
            "provider_id": provider_id,
            "kind": needed.value,
            "done_on": (day := at.astimezone(LIMA).date()),
            "valid_until": last_day(needed, day),
            "by_name": by,
            "recorded_at": now,
        }
        for provider_id, kind, by, at in added
        for needed in NEEDED[kind]
    ]
    if rows:
        tx.session.execute(insert(ProviderCheck), rows)


def unverify(tx: Tx, provider_id: int, now: datetime) -> None:
    """Nobody is shown the provider until somebody confirms again what was checked."""
    tx.session.execute(
        update(Provider).where(Provider.id == provider_id).values(updated_at=now, **UNVERIFIED)
    )
    _see_whether_ready(tx, provider_id, now)


def forget(tx: Tx, provider_id: int) -> None:
    """Nothing that was looked at of this provider is kept any more."""
    tx.session.execute(delete(ProviderCheck).where(ProviderCheck.provider_id == provider_id))


# ---------------------------------------------------------------- how


def _locked(tx: Tx, provider_id: int) -> Provider:
    return tx.session.scalars(
        select(Provider)
        .where(Provider.id == provider_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def _standing(tx: Tx, row: Provider, now: datetime) -> Standing:
    today = now.astimezone(LIMA).date()
    open_ = tx.session.scalars(
        select(ProviderCheck).where(ProviderCheck.provider_id == row.id, ProviderCheck.ended_at.is_(None))
    )
    found = {check.kind: check for check in (_check(tx, one) for one in open_)}
    needed = NEEDED[CareKind(row.kind)]
    return Standing(
        needed=needed,
        checks={kind: found[kind] for kind in CheckKind if kind in found},
        missing=tuple(kind for kind in needed if kind not in found),
        over=tuple(kind for kind in needed if kind in found and found[kind].is_over(today)),
        verified_at=row.verified_at,
        verified_by=row.verified_by,
        until=row.verified_until,
        verified=row.verified_until is not None and row.verified_until > now,
    )


def _latest(tx: Tx, provider_id: int) -> dict[str, ProviderCheck]:
    rows = tx.session.scalars(
        select(ProviderCheck).where(ProviderCheck.provider_id == provider_id).order_by(ProviderCheck.id)
    )
    return {row.kind: row for row in rows}


def is_news(known: ProviderCheck | None, day: date) -> bool:
    """Whether a file that says that this was checked on that day tells more than the last check of its kind."""
    if known is None:
        return True
    if known.ended_at is not None:
        return known.ended_at.astimezone(LIMA).date() < day
    return known.done_on < day


def _agreed_end(kind: CheckKind, done_on: date, told: date | None, today: date) -> date:
    if done_on > today:
        raise CheckError("done_on", f"{done_on} is yet to come", "esa fecha todavía no llega")
    latest = last_day(kind, done_on)
    if latest < today:
        raise CheckError(
            "done_on",
            f"a check of {done_on} is over since {latest}: it must be made anew",
            "una revisión de esa fecha ya venció: hay que hacerla de nuevo",
        )
    if told is None:
        return latest
    if told < today:
        raise CheckError("valid_until", f"{told} is over", "esa fecha ya pasó")
    if told > latest:
        raise CheckError(
            "valid_until",
            f"it counts until {latest} at most",
            f"vale como máximo hasta el {latest.day}/{latest.month}/{latest.year}",
        )
    return told


def _put(
    tx: Tx,
    provider_id: int,
    kind: CheckKind,
    done_on: date,
    valid_until: date,
    by: Checker,
    note: str,
    now: datetime,
) -> None:
    _end(tx, provider_id, (kind,), by.name, CheckEnd.REPLACED, now)
    tx.session.execute(
        insert(ProviderCheck).values(
            provider_id=provider_id,
            kind=kind.value,
            done_on=done_on,
            valid_until=valid_until,
            by_name=by.name,
            by_operator=by.operator_id,
            note_sealed=tx.vault.seal(note) if note else None,
            recorded_at=now,
        )
    )


def _end(
    tx: Tx,
    provider_id: int,
    kinds: Collection[CheckKind],
    by: str,
    why: CheckEnd,
    now: datetime,
    but_not_of: str | None = None,
) -> None:
    if not kinds:
        return
    ended = update(ProviderCheck).where(
        ProviderCheck.provider_id == provider_id,
        ProviderCheck.kind.in_([kind.value for kind in kinds]),
        ProviderCheck.ended_at.is_(None),
    )
    if but_not_of is not None:
        ended = ended.where(ProviderCheck.by_name != but_not_of)
    tx.session.execute(ended.values(ended_at=now, ended_by=by, ended_why=why.value))


def _verify(tx: Tx, row: Provider, by: str, at: datetime, until: datetime, now: datetime) -> None:
    row.verified_at, row.verified_by, row.verified_until, row.updated_at = at, by, until, now
    row.ready_at = None
    tx.session.flush()


def _see_whether_ready(tx: Tx, provider_id: int, now: datetime) -> None:
    """Whether somebody should confirm, for the list of those whom it waits for."""
    row = _locked(tx, provider_id)
    row.ready_at = (row.ready_at or now) if _standing(tx, row, now).waits else None
    tx.session.flush()


def end_of(day: date) -> datetime:
    """The first moment after that day, in Lima."""
    return datetime.combine(day + timedelta(days=1), time(0), LIMA)


def last_day_before(until: datetime) -> date:
    """The last day on which somebody counts as verified who does so until then: the inverse of `end_of`."""
    return until.astimezone(LIMA).date() - timedelta(days=1)


def _check(tx: Tx, row: ProviderCheck) -> Check:
    return Check(
        id=row.id,
        kind=CheckKind(row.kind),
        done_on=row.done_on,
        valid_until=row.valid_until,
        by=Checker(row.by_name, row.by_operator),
        note=tx.vault.open(row.note_sealed) if row.note_sealed else "",
        recorded_at=row.recorded_at,
        ended_at=row.ended_at,
        ended_by=row.ended_by,
        ended_why=CheckEnd(row.ended_why) if row.ended_why else None,
    )
