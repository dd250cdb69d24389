"""Providers as they tell of themselves, and as operators verify them."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.dialects.postgresql import insert

from bot import clock
from bot.dialogue.conversation import OwnFile, Place
from bot.messages import EventKind
from bot.store import checks, keys
from bot.store.contacts import Person
from bot.store.database import Tx
from bot.store.providers import id_of_contact, price_of
from bot.store.tables import Event, Provider
from matching.offers import LIMA
from matching.schema import CareKind


def own_file(tx: Tx, contact_id: int) -> OwnFile | None:
    """What is on file of this person; None for nobody who cares for children. The place's name is left empty: it is
    the gazetteer's."""
    provider_id = id_of_contact(tx, contact_id)
    return None if provider_id is None else file_of(tx, provider_id)


def file_of(tx: Tx, provider_id: int) -> OwnFile:
    """What is on file of this provider."""
    return _file(tx.session.get_one(Provider, provider_id))


def register(tx: Tx, person: Person, file: OwnFile, now: datetime) -> int:
    """Put a person on file, unverified; or bring what is on file of them to this. The id. Raises ValueError where
    something is missing, or the person has no number."""
    provider_id = id_of_contact(tx, person.id)
    if provider_id is not None:
        change(tx, provider_id, file.to_json(), to_verify=True, now=now)
        return provider_id
    if person.number is None:
        raise ValueError("a provider without a phone number cannot be asked: ask for it first")
    keys.renew(tx, person.number)
    return tx.session.scalars(
        insert(Provider)
        .values(
            key=f"contact:{person.id}",
            phone_key=tx.vault.look_up_key(person.number),
            phone_sealed=tx.vault.seal(person.number),
            updated_at=now,
            **_columns(file),
        )
        .returning(Provider.id)
    ).one()


def change(tx: Tx, provider_id: int, changes: dict[str, Any], *, to_verify: bool, now: datetime) -> None:
    """Change these fields of an OwnFile, given as JSON; with `to_verify`, nobody is shown them until they are verified
    again."""
    row = tx.session.scalars(select(Provider).where(Provider.id == provider_id).with_for_update()).one()
    before = _file(row)
    after = OwnFile.from_json({**before.to_json(), **changes})
    values = _columns(after)
    if "capacity" not in changes:
        del values["places_free"]
    tx.session.execute(update(Provider).where(Provider.id == provider_id).values(updated_at=now, **values))
    if to_verify:
        checks.overturn(tx, provider_id, _told_anew(before, after), row.name, now)


def _told_anew(before: OwnFile, after: OwnFile) -> list[str]:
    """The fields that differ, whatever the place is called."""
    here, there = (replace(one, place=one.place and replace(one.place, label="")) for one in (before, after))
    return [
        field.name for field in fields(OwnFile) if getattr(here, field.name) != getattr(there, field.name)
    ]


def withdraw(tx: Tx, provider_id: int, now: datetime) -> None:
    """The provider wants to be shown no more: nobody's number is on file with them, no address, and nothing that was
    checked; their name stays for those to whom they said yes."""
    tx.session.execute(
        update(Provider)
        .where(Provider.id == provider_id)
        .values(
            key=f"withdrawn:{provider_id}",
            phone_key=None,
            phone_sealed=None,
            address="",
            places_free=0,
            updated_at=now,
            **checks.UNVERIFIED,
        )
    )
    checks.forget(tx, provider_id)


def no_longer_ask(tx: Tx, contact_id: int, now: datetime) -> None:
    """Whether they have places again is asked no more on a day that was set before."""
    tx.session.execute(
        update(Event)
        .where(
            Event.contact_id == contact_id,
            Event.kind == EventKind.AVAILABLE_AGAIN.value,
            Event.handled_at.is_(None),
        )
        .values(handled_at=now)
    )


def _file(row: Provider) -> OwnFile:
    paused = row.paused_until
    return OwnFile(
        id=row.id,
        verified=_is_verified(row),
        paused_until=paused.astimezone(LIMA).date() if paused else None,
        name=row.name,
        kind=CareKind(row.kind),
        place=Place(row.ubigeo, "", row.lat, row.lon),
        reference=row.address,
        min_months=row.min_months,
        max_months=row.max_months,
        days=tuple(row.days),
        start=row.opens,
        end=row.closes,
        price=price_of(row),
        capacity=row.places_free,
        amenities=tuple(row.amenities),
        languages=tuple(row.languages),
        special_needs=tuple(row.special_needs),
    )


def _is_verified(row: Provider) -> bool:
    # Whoever asks for a file reads it now; the time is not handed through the dialogue for it.
    return row.verified_until is not None and row.verified_until > clock.now()


def _columns(file: OwnFile) -> dict[str, Any]:
    """A whole file as the table has it. Raises ValueError where something is missing."""
    if file.place is None or file.start is None or file.end is None or not file.name or not file.days:
        raise ValueError("the file of a provider is not complete: name, place, days and hours must be told")
    free_from = max(filter(None, (file.paused_until, file.start_date)), default=None)
    return {
        "name": file.name,
        "kind": (file.kind or CareKind.HOME).value,
        "ubigeo": file.place.ubigeo,
        "lat": file.place.lat,
        "lon": file.place.lon,
        "address": file.reference,
        "min_months": file.min_months or 0,
        "max_months": file.max_months or 0,
        "days": list(file.days),
        "opens": file.start,
        "closes": file.end,
        "price_amount": file.price.amount if file.price else None,
        "price_period": file.price.period if file.price else None,
        "places_free": file.capacity or 0,
        "amenities": list(file.amenities),
        "languages": list(file.languages),
        "special_needs": list(file.special_needs),
        "paused_until": _midnight(free_from),
    }


def _midnight(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time(0), LIMA)


# ---------------------------------------------------------------- operators


@dataclass(frozen=True, slots=True)
class Listed:
    """A provider as an operator sees them. `phone` is None where none is on file."""

    id: int
    key: str
    file: OwnFile
    phone: str | None
    verified_by: str | None
    verified_until: datetime | None


def listed(tx: Tx, unverified: bool = False) -> list[Listed]:
    """All providers but invented ones, or those who are not verified, or not any more; the latest change first."""
    query = select(Provider).where(Provider.demo.is_(False)).order_by(Provider.updated_at.desc(), Provider.id)
    if unverified:
        gone = or_(Provider.key.startswith("withdrawn:"), Provider.key.startswith("erased:"))
        query = query.where(~checks.shown(clock.now()), ~gone)
    return [
        Listed(
            row.id,
            row.key,
            _file(row),
            tx.vault.open(row.phone_sealed) if row.phone_sealed else None,
            row.verified_by,
            row.verified_until,
        )
        for row in tx.session.scalars(query)
    ]


def named(tx: Tx, key_or_id: str) -> int | None:
    """The id of the provider with this key, or else this id."""
    by_key = tx.session.scalar(select(Provider.id).where(Provider.key == key_or_id))
    if by_key is not None or not key_or_id.isdigit():
        return by_key
    return tx.session.scalar(select(Provider.id).where(Provider.id == int(key_or_id)))


def key_of(tx: Tx, provider_id: int) -> str:
    """The key by which files know the provider."""
    return tx.session.get_one(Provider, provider_id).key


def version_of(tx: Tx, provider_id: int) -> str:
    """Tells the file from what it was before somebody else changed it."""
    return tx.session.get_one(Provider, provider_id).updated_at.isoformat()


def pause(tx: Tx, provider_id: int, until: date | None, now: datetime) -> None:
    """Nobody is shown the provider before that day; None: from now on."""
    tx.session.execute(
        update(Provider)
        .where(Provider.id == provider_id)
        .values(paused_until=_midnight(until), updated_at=now)
    )
