"""How Ayllu fares, in figures: counts and ages, of nobody in particular. Each is read in a moment or left out."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, func, select, text
from sqlalchemy.exc import SQLAlchemyError

from bot.messages import CaseReason, Channel, JobKind
from bot.store.database import Store, StoreBusy, StoreUnavailable, Tx
from bot.store.events import may_happen
from bot.store.tables import (
    Case,
    Event,
    Inbound,
    LastLook,
    MessageStatus,
    Offer,
    OfferStatus,
    Outbound,
    Request,
    RequestStatus,
    Search,
)

log = logging.getLogger(__name__)

WINDOWS = {"1h": timedelta(hours=1), "24h": timedelta(days=1)}
"""What is counted is counted over so long, by the label it bears: a total would read all there was, and shrink when
what is old is deleted."""
LONG_WINDOWS = {"24h": timedelta(days=1), "30d": timedelta(days=30)}
"""For what takes weeks from its beginning to its end."""

BUDGET_S = 3.0
"""All figures together may take so long; those that it does not suffice for are left out, and named."""
EACH_S = 1.0
"""No statement may take longer, so that a slow one leaves time for the others."""


class Figure(NamedTuple):
    """One value. `labels` are those of its metric (bot/metrics/catalogue.py), in their order."""

    metric: str
    labels: tuple[str, ...]
    value: float


class Figures(NamedTuple):
    """What was read, what could not be, and whether the database answered at all."""

    read: list[Figure]
    missing: list[str]
    reached: bool


def read(
    store: Store, now: datetime, budget_s: float = BUDGET_S, names: Collection[str] | None = None
) -> Figures:
    """The figures that can be read within the budget, in seconds: those of the questions named, or all. Raises
    nothing."""
    found: list[Figure] = []
    missing: list[str] = []
    reached = True
    until = time.monotonic() + budget_s
    for name, ask in QUESTIONS.items():
        if names is not None and name not in names:
            continue
        left_ms = int(min(EACH_S, until - time.monotonic()) * 1000)
        if left_ms <= 0 or not reached:
            missing.append(name)
            continue
        try:
            with store.begin() as tx:
                tx.session.execute(
                    text("SELECT set_config('statement_timeout', :ms, true)"), {"ms": str(left_ms)}
                )
                found += ask(tx, now)
        except (StoreUnavailable, SQLAlchemyError) as error:
            log.warning("the figures of %s could not be read (%s)", name, type(error).__name__)
            missing.append(name)
            reached = isinstance(error, StoreBusy) or not isinstance(error, StoreUnavailable)
    return Figures(found, missing, reached)


def _came(tx: Tx, now: datetime) -> list[Figure]:
    each = [(channel.value,) for channel in Channel]
    came = _counted(tx, now, Inbound.received_at, [Inbound.channel], func.count(), each)
    answered = _counted(tx, now, Inbound.received_at, [Inbound.channel], func.count(Inbound.handled_at), each)
    return [*_named("ayllu_messages_in", came), *_named("ayllu_messages_answered", answered)]


def _answered_after(tx: Tx, now: datetime) -> list[Figure]:
    took = func.extract("epoch", Inbound.handled_at - Inbound.received_at)
    quantiles = (0.5, 0.95)
    row = tx.session.execute(
        select(*(func.percentile_cont(q).within_group(took) for q in quantiles)).where(
            Inbound.received_at >= now - WINDOWS["1h"], Inbound.handled_at.is_not(None)
        )
    ).one()
    return [
        Figure("ayllu_answer_seconds", (str(q),), max(0.0, float(seconds)))
        for q, seconds in zip(quantiles, row, strict=True)
        if seconds is not None
    ]


def _left(tx: Tx, now: datetime) -> list[Figure]:
    at, channel = Outbound.created_at, Outbound.channel
    each = [(c.value, s.value) for c in Channel for s in MessageStatus]
    by_status = _counted(tx, now, at, [channel, Outbound.status], func.count(), each)
    segments = _counted(tx, now, at, [channel], func.sum(Outbound.segments), [(c.value,) for c in Channel])
    refused = _counted(
        tx, now, at, [channel, Outbound.error_code], func.count(), [], Outbound.error_code.is_not(None)
    )
    return [
        *_named("ayllu_messages_out", by_status),
        *_named("ayllu_segments", segments),
        *_named("ayllu_carrier_errors", refused),
    ]


def _waiting(tx: Tx, now: datetime) -> list[Figure]:
    """What is to be done now and is not: how much, and for how long the oldest has been waiting."""
    unsent = and_(
        Outbound.status.in_([MessageStatus.QUEUED, MessageStatus.SENDING]), Outbound.not_before <= now
    )
    unanswered = and_(Inbound.handled_at.is_(None), Inbound.contact_id.is_not(None))
    return [
        *_wait(tx, now, "answer", Inbound.received_at, unanswered),
        *_wait(tx, now, "send", Outbound.not_before, unsent),
        *_wait(tx, now, "search", Search.created_at, Search.answered_at.is_(None)),
        *_wait(
            tx,
            now,
            "event",
            Event.due_at,
            and_(Event.handled_at.is_(None), Event.due_at <= now, may_happen()),
        ),
    ]


def _cases(tx: Tx, now: datetime) -> list[Figure]:
    rows = tx.session.execute(
        select(Case.reason, func.count(), func.min(Case.created_at))
        .where(Case.closed_at.is_(None))
        .group_by(Case.reason)
    )
    open_ = {reason: (count, _age(now, oldest)) for reason, count, oldest in rows}
    return [
        figure
        for reason in sorted({reason.value for reason in CaseReason} | open_.keys())
        for figure in (
            Figure("ayllu_cases_open", (reason,), open_.get(reason, (0, 0.0))[0]),
            Figure("ayllu_cases_open_oldest_seconds", (reason,), open_.get(reason, (0, 0.0))[1]),
        )
    ]


def _exchange(tx: Tx, now: datetime) -> list[Figure]:
    requests = _counted(
        tx,
        now,
        Request.created_at,
        [Request.status],
        func.count(),
        [(s.value,) for s in RequestStatus],
        windows=LONG_WINDOWS,
    )
    offers = _counted(
        tx,
        now,
        Offer.created_at,
        [Offer.status],
        func.count(),
        [(s.value,) for s in OfferStatus],
        windows=LONG_WINDOWS,
    )
    return [*_named("ayllu_requests", requests), *_named("ayllu_offers", offers)]


def _funnel(tx: Tx, now: datetime) -> list[Figure]:
    """How far what began in the window has come by now."""
    care = Search.kind == JobKind.FIND_CARE
    some = func.jsonb_array_length(Search.result["options"]) > 0
    steps: dict[str, tuple[Any, list[ColumnElement[bool]]]] = {
        "asked": (Search.created_at, [care]),
        "listed": (Search.created_at, [care, some]),
        "chosen": (Request.created_at, []),
        "agreed": (Request.created_at, [Request.status == RequestStatus.AGREED]),
        "rated": (Offer.created_at, [Offer.rating.is_not(None)]),
    }
    return [
        Figure("ayllu_funnel", (step, *labels), value)
        for step, (at, where) in steps.items()
        for labels, value in _counted(
            tx, now, at, [], func.count(), [()], *where, windows=LONG_WINDOWS
        ).items()
    ]


def _looked(tx: Tx, now: datetime) -> list[Figure]:
    of_the_carrier = LastLook.what.startswith("inbound:")
    rows = tx.session.execute(select(LastLook.what, LastLook.at).where(of_the_carrier))
    return [Figure("ayllu_last_look_seconds", (what,), _age(now, at)) for what, at in rows]


QUESTIONS: dict[str, Callable[[Tx, datetime], list[Figure]]] = {
    "waiting": _waiting,
    "came": _came,
    "left": _left,
    "cases": _cases,
    "looked": _looked,
    "answered_after": _answered_after,
    "exchange": _exchange,
    "funnel": _funnel,
}
"""By name, what matters most first."""


def _counted(
    tx: Tx,
    now: datetime,
    at: Any,
    by: Sequence[Any],
    count: Any,
    each: Sequence[tuple[str, ...]],
    *where: ColumnElement[bool],
    windows: dict[str, timedelta] = WINDOWS,
) -> dict[tuple[str, ...], float]:
    """Rows since the beginning of each window, by the values of `by` and the window. What is in `each` is there even
    where there is none of it."""
    rows = tx.session.execute(
        select(*by, *(count.filter(at >= now - span) for span in windows.values()))
        .where(at >= now - max(windows.values()), *where)
        .group_by(*by)
    )
    found = {(*labels, window): 0.0 for labels in each for window in windows}
    for row in rows:
        labels = tuple(str(value) for value in row[: len(by)])
        found |= {(*labels, window): float(n or 0) for window, n in zip(windows, row[len(by) :], strict=True)}
    return found


def _wait(tx: Tx, now: datetime, what: str, since: Any, where: ColumnElement[bool]) -> list[Figure]:
    count, oldest = tx.session.execute(select(func.count(), func.min(since)).where(where)).one()
    return [
        Figure("ayllu_waiting", (what,), count),
        Figure("ayllu_waiting_oldest_seconds", (what,), _age(now, oldest)),
    ]


def _named(metric: str, counted: dict[tuple[str, ...], float]) -> list[Figure]:
    return [Figure(metric, labels, value) for labels, value in counted.items()]


def _age(now: datetime, since: datetime | None) -> float:
    return max(0.0, (now - since).total_seconds()) if since else 0.0
