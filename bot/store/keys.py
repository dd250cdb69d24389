"""Everything that is sealed or looked up by a key, brought from former secrets to today's.

Sealed columns and look-up keys are found by their names, so that a new one is never forgotten: `…_sealed`, and
`…_key`, which is the look-up key of what `…_sealed` beside it holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, LargeBinary, Table, exists, select, update
from sqlalchemy.exc import IntegrityError

from bot.store.database import Store, StoreUnavailable, Tx
from bot.store.tables import Base

BATCH = 200
"""Rows that are renewed in one transaction: their people wait for it, a tenth of a second."""
MAX_TRIES = 20
"""So often a batch is tried again that met with another process's rows, before it is given up."""
SEALED, KEY = "_sealed", "_key"


@dataclass(frozen=True, slots=True)
class Kept:
    """The columns of one table that hang on a secret: what is sealed, and each look-up key with what it is made of."""

    table: Table
    sealed: tuple[Column[bytes], ...]
    keys: tuple[tuple[Column[bytes], Column[bytes]], ...]


@dataclass(slots=True)
class Renewed:
    """How much was brought to today's secret."""

    values: int = 0
    keys: int = 0


def kept_under_secrets() -> list[Kept]:
    """Every table that holds something sealed."""
    found = []
    for table in Base.metadata.sorted_tables:
        sealed = tuple(column for column in table.columns if column.name.endswith(SEALED))
        keys = tuple(
            (column, table.columns[column.name.removesuffix(KEY) + SEALED])
            for column in table.columns
            if column.name.endswith(KEY) and isinstance(column.type, LargeBinary)
        )
        if sealed:
            found.append(Kept(table, sealed, keys))
    return found


def renew(tx: Tx, address: str) -> int:
    """Whatever is looked up by a former key of this address is looked up by today's from now on: how many rows. Tables
    are joined by these keys, so they change together. A key that another row has already stays as it is."""
    former = tx.vault.former_keys(address)
    if not former:
        return 0
    today, changed = tx.vault.look_up_key(address), 0
    for kept in kept_under_secrets():
        for key, _ in kept.keys:
            other = kept.table.alias()
            change = update(kept.table).where(key.in_(former)).values({key.name: today})
            if key.unique:
                change = change.where(~exists().where(other.columns[key.name] == today))
            found = tx.session.execute(change)
            changed += found.rowcount  # type: ignore[attr-defined]
    return changed


def rotate(store: Store) -> Renewed:
    """Bring everything to today's secret, some rows at a time, each batch in a transaction of its own. It may be
    interrupted at any moment and run again; it changes nothing that is renewed already. Others may work meanwhile.

    Raises VaultError for what none of the secrets opens; StoreUnavailable.
    """
    renewed = Renewed()
    for kept in kept_under_secrets():
        for first, last in _batches(store, kept.table):
            done = _patiently(store, kept, first, last)
            renewed.values += done.values
            renewed.keys += done.keys
    return renewed


def _batches(store: Store, table: Table) -> Iterator[tuple[Any, Any]]:
    """The ids between which each batch lies, both included. Rows that come meanwhile are sealed with today's."""
    (primary,) = table.primary_key.columns
    after: Any = None
    while True:
        with store.begin() as tx:
            query = select(primary).order_by(primary).limit(BATCH)
            ids = tx.session.scalars(query if after is None else query.where(primary > after)).all()
        if not ids:
            return
        yield ids[0], ids[-1]
        after = ids[-1]


def _patiently(store: Store, kept: Kept, first: Any, last: Any) -> Renewed:
    """One batch. Where it waited too long for another process, or the two for each other, it is tried again."""
    for _ in range(MAX_TRIES):
        try:
            with store.begin() as tx:
                return _renew_rows(tx, kept, first, last)
        except (StoreUnavailable, IntegrityError) as error:
            failure = error
    raise failure


def _renew_rows(tx: Tx, kept: Kept, first: Any, last: Any) -> Renewed:
    (primary,) = kept.table.primary_key.columns
    rows = tx.session.execute(
        select(kept.table).where(primary.between(first, last)).order_by(primary).with_for_update()
    ).mappings()
    renewed = Renewed()
    for row in rows.all():
        values = {
            column.name: today
            for column in kept.sealed
            if row[column] and (today := tx.vault.renewed(row[column])) is not None
        }
        if values:
            tx.session.execute(update(kept.table).where(primary == row[primary]).values(values))
            renewed.values += len(values)
        for key, sealed in kept.keys:
            if row[key] and row[sealed]:
                renewed.keys += _renew_key(tx, row[key], tx.vault.open(row[sealed]))
    return renewed


def _renew_key(tx: Tx, key: bytes, address: str) -> int:
    return 0 if key == tx.vault.look_up_key(address) else renew(tx, address)
