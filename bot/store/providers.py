"""Those who care for children."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Select, delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from bot.importers.providers import ProviderRow
from bot.importers.values import read_list
from bot.store import checks
from bot.store.database import Tx
from bot.store.keys import renew
from bot.store.tables import Contact, Provider
from matching import schema

IS_THEIRS = or_(Contact.address_key == Provider.phone_key, Contact.sms_key == Provider.phone_key)
"""A contact and a provider are the same person."""


@dataclass(frozen=True, slots=True)
class Reachable:
    """A provider who can be asked, at this number."""

    id: int
    name: str
    phone: str
    price: schema.Price | None


def _shown(include_demo: bool, now: datetime) -> Select[Provider]:
    """Verified and no check over, not pausing, and willing to be written to."""
    silent = select(Contact.id).where(IS_THEIRS, Contact.opted_out_at.is_not(None))
    query = select(Provider).where(
        checks.shown(now),
        or_(Provider.paused_until.is_(None), Provider.paused_until <= now),
        ~silent.exists(),
    )
    return query if include_demo else query.where(Provider.demo.is_(False))


def reachable(tx: Tx, provider_id: int, include_demo: bool, now: datetime) -> Reachable | None:
    """The provider, if they may be shown still and there is a number to ask them at."""
    row = tx.session.scalars(_shown(include_demo, now).where(Provider.id == provider_id)).one_or_none()
    if row is None or row.phone_sealed is None:
        return None
    return Reachable(row.id, row.name, tx.vault.open(row.phone_sealed), price_of(row))


def id_of_contact(tx: Tx, contact_id: int) -> int | None:
    """The provider whom this person is, if they are one."""
    return tx.session.scalar(provider_of(contact_id))


def provider_of(contact_id: int | BindParameter[Any]) -> Select[int]:
    """The question which provider a person is."""
    return (
        select(Provider.id)
        .join(Contact, IS_THEIRS)
        .where(Contact.id == contact_id)
        .order_by(Provider.id)
        .limit(1)
    )


def contact_of(tx: Tx, provider_id: int) -> int | None:
    """The person whom this provider is; None for one to whom nobody wrote yet."""
    return tx.session.scalar(
        select(Contact.id)
        .join(Provider, IS_THEIRS)
        .where(Provider.id == provider_id)
        .order_by(Contact.id)
        .limit(1)
    )


def name_of(tx: Tx, provider_id: int) -> str:
    """What they are called; empty for one who is gone."""
    return tx.session.scalar(select(Provider.name).where(Provider.id == provider_id)) or ""


def way_to(tx: Tx, provider_id: int) -> tuple[str | None, str]:
    """The number and the address, for a parent to whom they said yes."""
    row = tx.session.get_one(Provider, provider_id)
    return tx.vault.open(row.phone_sealed) if row.phone_sealed else None, row.address


def places_left(tx: Tx, provider_id: int) -> int:
    """How many places are free."""
    return tx.session.scalar(select(Provider.places_free).where(Provider.id == provider_id)) or 0


def hide(tx: Tx, provider_id: int) -> None:
    """Nothing personal of the provider is kept from now on, and nobody is shown them; the row waits for `erase`."""
    tx.session.execute(
        update(Provider)
        .where(Provider.id == provider_id)
        .values(
            name="",
            key=f"erased:{provider_id}",
            address="",
            phone_key=None,
            phone_sealed=None,
            **checks.UNVERIFIED,
        )
    )
    checks.forget(tx, provider_id)


def erase(tx: Tx, provider_id: int) -> None:
    """The provider is gone, and every offer made to them."""
    tx.session.execute(delete(Provider).where(Provider.id == provider_id))


def put(tx: Tx, row: ProviderRow, demo: bool, now: datetime) -> None:
    """Add a provider, or bring the one with this key to what the row says. Whether families are shown them is for
    bot/store/checks.py: what a file says of it counts as far as nobody knows better."""
    before = tx.session.scalars(
        select(Provider).where(Provider.key == row.key).with_for_update()
    ).one_or_none()
    if before is None:
        add_all(tx, [row], demo, now)
        return
    says = row.verified_by if row.verified_at is not None else None
    changed = looked_at_anew(as_row(tx, before), row)
    tx.session.execute(update(Provider).where(Provider.id == before.id).values(**_values(tx, row, demo, now)))
    if changed:
        checks.overturn(tx, before.id, changed, says or "-", now, still_says=says)
    if row.verified_at is not None and row.verified_by is not None:
        checks.attest(tx, before.id, row.verified_by, row.verified_at, now)
    elif row.unverified:
        checks.unverify(tx, before.id, now)


def edit(
    tx: Tx, provider_id: int, row: ProviderRow, by: str, now: datetime, *, correction: bool
) -> list[str]:
    """Bring a provider to what the row says. Whoever is called otherwise, or lives elsewhere by now, must be looked at
    again; a `correction` says better what was looked at, and what was checked stands. The fields that were looked at
    and differ, as in matching.checks.OVERTURNED_BY."""
    before = tx.session.scalars(select(Provider).where(Provider.id == provider_id).with_for_update()).one()
    changed = looked_at_anew(as_row(tx, before), row)
    tx.session.execute(
        update(Provider).where(Provider.id == provider_id).values(**_values(tx, row, before.demo, now))
    )
    if changed and not correction:
        checks.overturn(tx, provider_id, changed, by, now)
    return changed


def add_all(tx: Tx, rows: Iterable[ProviderRow], demo: bool, now: datetime) -> None:
    """Add providers none of whose keys is there. One whose key somebody else took meanwhile is left out."""
    new = {
        row.key: replace(row, verified_at=min(row.verified_at, now)) if row.verified_at else row
        for row in rows
    }
    values = [
        {
            "key": row.key,
            **_values(tx, row, demo, now),
            "verified_at": row.verified_at,
            "verified_by": row.verified_by,
            "verified_until": checks.verified_as_said(row.kind, row.verified_at) if row.verified_at else None,
        }
        for row in new.values()
    ]
    if not values:
        return
    added = tx.session.execute(
        insert(Provider)
        .on_conflict_do_nothing(index_elements=[Provider.key])
        .returning(Provider.id, Provider.key),
        values,
    )
    said = [(provider_id, new[key]) for provider_id, key in added]
    checks.add_as_said(
        tx,
        (
            (provider_id, row.kind, row.verified_by, row.verified_at)
            for provider_id, row in said
            if row.verified_by and row.verified_at
        ),
        now,
    )


def _values(tx: Tx, row: ProviderRow, demo: bool, now: datetime) -> dict[str, Any]:
    if row.phone:
        renew(tx, row.phone)
    return {
        "demo": demo,
        "name": row.name,
        "kind": row.kind.value,
        "phone_key": tx.vault.look_up_key(row.phone) if row.phone else None,
        "phone_sealed": tx.vault.seal(row.phone) if row.phone else None,
        "ubigeo": row.ubigeo,
        "lat": row.point.lat,
        "lon": row.point.lon,
        "address": row.address,
        "min_months": row.min_months,
        "max_months": row.max_months,
        "days": list(row.days),
        "opens": row.opens,
        "closes": row.closes,
        "price_amount": row.price.amount if row.price else None,
        "price_period": row.price.period if row.price else None,
        "places_free": row.places_free,
        "languages": list(row.languages),
        "amenities": list(row.amenities),
        "special_needs": list(row.special_needs),
        "updated_at": now,
    }


def looked_at_anew(before: ProviderRow, after: ProviderRow) -> list[str]:
    """What differs of that which somebody had looked at: fields as in matching.checks.OVERTURNED_BY."""
    return [
        field
        for field, columns in _LOOKED_AT.items()
        if any(getattr(before, column) != getattr(after, column) for column in columns)
    ]


_LOOKED_AT = {
    "name": ("name",),
    "kind": ("kind",),
    "place": ("ubigeo", "point"),
    "reference": ("address",),
}


def keys(tx: Tx) -> set[str]:
    """The keys of all there are."""
    return set(tx.session.scalars(select(Provider.key)))


def price_of(row: Provider) -> schema.Price | None:
    """What they charge; None where it is not known."""
    return None if row.price_amount is None else schema.Price(row.price_amount, row.price_period)


def rows(tx: Tx, wanted: Collection[str]) -> dict[str, ProviderRow]:
    """The providers with these keys as a file would have them, by their keys."""
    found = tx.session.scalars(select(Provider).where(Provider.key.in_(wanted)))
    return {row.key: as_row(tx, row) for row in found}


def row_of(tx: Tx, provider_id: int) -> ProviderRow:
    """One provider as a file would have them, but for who verified them."""
    return as_row(tx, tx.session.get_one(Provider, provider_id))


def as_row(tx: Tx, row: Provider) -> ProviderRow:
    """A provider as a file would have them, but for who verified them."""
    return ProviderRow(
        key=row.key,
        name=_one_line(row.name),
        kind=schema.CareKind(row.kind),
        phone=tx.vault.open(row.phone_sealed) if row.phone_sealed else None,
        ubigeo=row.ubigeo,
        point=schema.Point(row.lat, row.lon),
        address=_one_line(row.address),
        min_months=row.min_months,
        max_months=row.max_months,
        days=tuple(row.days),
        opens=row.opens,
        closes=row.closes,
        price=price_of(row),
        places_free=row.places_free,
        languages=_items(row.languages),
        amenities=_items(row.amenities),
        special_needs=_items(row.special_needs),
        demo=row.demo,
    )


def _items(written: Sequence[str]) -> tuple[str, ...]:
    return read_list("; ".join(written))


def _one_line(text: str) -> str:
    return " ".join(text.split())
