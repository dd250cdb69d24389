"""Those who care for children."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Select, delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from bot.importers.providers import ProviderRow
from bot.store.database import Tx
from bot.store.keys import renew
from bot.store.tables import Contact, Provider
from matching import schema

_IS_THEIRS = or_(Contact.address_key == Provider.phone_key, Contact.sms_key == Provider.phone_key)
"""A contact and a provider are the same person."""


@dataclass(frozen=True, slots=True)
class Reachable:
    """A provider who can be asked, at this number."""

    id: int
    name: str
    phone: str
    price: schema.Price | None


def _shown(include_demo: bool, now: datetime) -> Select[Provider]:
    """Verified, not pausing, and willing to be written to."""
    silent = select(Contact.id).where(_IS_THEIRS, Contact.opted_out_at.is_not(None))
    query = select(Provider).where(
        Provider.verified_at.is_not(None),
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
        .join(Contact, _IS_THEIRS)
        .where(Contact.id == contact_id)
        .order_by(Provider.id)
        .limit(1)
    )


def contact_of(tx: Tx, provider_id: int) -> int | None:
    """The person whom this provider is; None for one to whom nobody wrote yet."""
    return tx.session.scalar(
        select(Contact.id)
        .join(Provider, _IS_THEIRS)
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
            verified_at=None,
            verified_by=None,
        )
    )


def erase(tx: Tx, provider_id: int) -> None:
    """The provider is gone, and every offer made to them."""
    tx.session.execute(delete(Provider).where(Provider.id == provider_id))


def put(tx: Tx, row: ProviderRow, demo: bool, now: datetime) -> None:
    """Add a provider, or bring the one with this key to what the row says."""
    if row.phone:
        renew(tx, row.phone)
    values = {
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
        "verified_at": row.verified_at,
        "verified_by": row.verified_by,
        "updated_at": now,
    }
    tx.session.execute(
        insert(Provider)
        .values(key=row.key, **values)
        .on_conflict_do_update(index_elements=[Provider.key], set_=values)
    )


def keys(tx: Tx) -> set[str]:
    """The keys of all there are."""
    return set(tx.session.scalars(select(Provider.key)))


def price_of(row: Provider) -> schema.Price | None:
    """What they charge; None where it is not known."""
    return None if row.price_amount is None else schema.Price(row.price_amount, row.price_period)
