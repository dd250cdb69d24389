"""Tables taken in: what a file would change is worked out first, row by row and cell by cell, and shown to whoever
asks; the same is then done. The command line and the console both come this way, for each kind of table.

    report = PROVIDERS.read(content, places, demo)      # the good rows; the wrong ones with line, column and reason
    planned = plan(tx, PROVIDERS, report, places, now)  # what is new, changes in which cells, stays; writes nothing
    bring_in(store, PROVIDERS, planned, now)            # does it

What a file has no column for stays as it is. A row that would change nothing is not touched: taken in twice, a file
changes nothing the second time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from bot.importers.cells import Cells, hub_cells, provider_cells, resource_cells
from bot.importers.hubs import HubCells, HubRow, read_hubs
from bot.importers.providers import ProviderCells, ProviderRow, read_providers
from bot.importers.resources import ResourceCells, ResourceRow, read_resources
from bot.importers.table import Report, Source
from bot.store import Store, Tx, checks, hubs, outlook, providers, resources
from nlp.places import Gazetteer

AT_ONCE = 100
"""Rows that are written in one transaction: whoever waits for one of them waits for so many."""


class Keyed(Protocol):
    """A row by its lasting key; `demo` is one that is invented."""

    @property
    def key(self) -> str: ...

    @property
    def demo(self) -> bool: ...


Row = TypeVar("Row", bound=Keyed)


class Difference(NamedTuple):
    """A cell that changes."""

    column: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Kind(Generic[Row]):
    """A kind of table. `columns` are those a file may have, `required` those it must. `kept` are the rows on file with
    these keys; `stays` names, for a field of the row, the columns without any of which it stays as it is. `besides`
    tells what else would change, by key."""

    name: str
    columns: tuple[str, ...]
    required: tuple[str, ...]
    read: Callable[[Source, Gazetteer, bool | None], Report[Row]]
    cells: Callable[[Row, Gazetteer], Cells]
    kept: Callable[[Tx, Collection[str]], dict[str, Row]]
    put: Callable[[Tx, Row, bool, datetime], None]
    stays: Mapping[str, tuple[str, ...]]
    besides: Callable[[Tx, Sequence[tuple[Row, Row]], datetime], Mapping[str, Difference]] = field(
        default=lambda tx, pairs, now: {}
    )


@dataclass(frozen=True, slots=True)
class Change(Generic[Row]):
    """What becomes of one row of the file, which stands in this line. A new one has no differences."""

    line: int
    row: Row
    is_new: bool
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan(Generic[Row]):
    """What a file would change. `same` is how many of its rows would change nothing."""

    new: tuple[Change[Row], ...]
    changed: tuple[Change[Row], ...]
    same: int
    report: Report[Row]

    @property
    def fingerprint(self) -> str:
        """The same for the same changes: whoever saw a plan can tell whether it is still the one."""
        told = [[change.row.key, change.is_new, *change.differences] for change in (*self.new, *self.changed)]
        return hashlib.sha256(repr([told, self.report.errors]).encode()).hexdigest()


def plan(tx: Tx, kind: Kind[Row], report: Report[Row], places: Gazetteer, now: datetime) -> Plan[Row]:
    """What taking in these rows would change. Writes nothing."""
    before = kind.kept(tx, [row.key for row in report.rows])
    rows = [_without_unsaid(kind, row, before.get(row.key), report.columns) for row in report.rows]
    besides = kind.besides(tx, [(before[row.key], row) for row in rows if row.key in before], now)
    new: list[Change[Row]] = []
    changed: list[Change[Row]] = []
    for line, row in zip(report.lines, rows, strict=True):
        known = before.get(row.key)
        if known is None:
            new.append(Change(line, row, True))
            continue
        differences = [*_differences(kind.cells(known, places), kind.cells(row, places))]
        if row.key in besides:
            differences.append(besides[row.key])
        if differences:
            changed.append(Change(line, row, False, tuple(differences)))
    return Plan(tuple(new), tuple(changed), len(rows) - len(new) - len(changed), report)


def bring_in(store: Store, kind: Kind[Row], planned: Plan[Row], now: datetime) -> None:
    """Do what was planned, some rows at a time, each lot whole or not at all. Broken off, it can be planned and done
    again: what was done then is what changes nothing any more."""
    changes = [*planned.new, *planned.changed]
    for first in range(0, len(changes), AT_ONCE):
        with store.begin() as tx:
            for change in changes[first : first + AT_ONCE]:
                kind.put(tx, change.row, change.row.demo, now)


def _without_unsaid(kind: Kind[Row], row: Row, before: Row | None, columns: Collection[str]) -> Row:
    if before is None:
        return row
    unsaid: dict[str, Any] = {
        name: getattr(before, name)
        for name, told_by in kind.stays.items()
        if not any(column in columns for column in told_by)
    }
    if "point" in unsaid and getattr(row, "ubigeo", None) != getattr(before, "ubigeo", None):
        del unsaid["point"]
    return replace(row, **unsaid) if unsaid else row  # type: ignore[type-var]


def _differences(before: Cells, after: Cells) -> Iterator[Difference]:
    for column in before:
        if before[column] != after[column]:
            yield Difference(column, before[column], after[column])


def _verified(
    tx: Tx, pairs: Sequence[tuple[ProviderRow, ProviderRow]], now: datetime
) -> Mapping[str, Difference]:
    return {
        key: Difference("verified", _until(told.before, now), _until(told.after, now))
        for key, told in outlook.outlook(tx, pairs, now).items()
        if told.before != told.after
    }


def _until(moment: datetime | None, now: datetime) -> str:
    """Until when somebody is verified, as people of the console read it."""
    if moment is None:
        return "sin verificar"
    last = checks.last_day_before(moment)
    return f"verificado hasta {last}" if moment > now else f"vencido el {last}"


PROVIDERS: Kind[ProviderRow] = Kind(
    name="providers",
    columns=tuple(ProviderCells.model_fields),
    required=tuple(name for name, cell in ProviderCells.model_fields.items() if cell.is_required()),
    read=lambda source, places, demo: read_providers(source, places, demo=demo),
    cells=provider_cells,
    kept=providers.rows,
    put=providers.put,
    stays={name: (name,) for name in ("phone", "address", "price", "amenities", "languages", "special_needs")}
    | {"point": ("lat", "lon")},
    besides=_verified,
)
HUBS: Kind[HubRow] = Kind(
    name="hubs",
    columns=tuple(HubCells.model_fields),
    required=tuple(name for name, cell in HubCells.model_fields.items() if cell.is_required()),
    read=lambda source, places, demo: read_hubs(source, places, demo=demo),
    cells=hub_cells,
    kept=hubs.rows,
    put=hubs.put,
    stays={"address": ("address",), "point": ("lat", "lon")},
)
RESOURCES: Kind[ResourceRow] = Kind(
    name="resources",
    columns=tuple(ResourceCells.model_fields),
    required=tuple(name for name, cell in ResourceCells.model_fields.items() if cell.is_required()),
    read=lambda source, places, demo: read_resources(source, demo=demo),
    cells=resource_cells,
    kept=resources.rows,
    put=resources.put,
    stays={"language": ("language",)},
)
