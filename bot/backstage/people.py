"""Who is who among invented people."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from bot.store import Tx, contacts
from bot.store.providers import IS_THEIRS
from bot.store.tables import Contact, Provider


def names(tx: Tx, numbers: Iterable[str]) -> dict[str, str]:
    """What providers on file are called, by their number; the others are left out."""
    keys = {tx.vault.look_up_key(number): number for number in numbers}
    rows = tx.session.execute(
        select(Provider.phone_key, Provider.name).where(Provider.phone_key.in_(keys)).order_by(Provider.id)
    )
    return {keys[key]: name for key, name in rows if key is not None}


def who(tx: Tx, contact_ids: Iterable[int]) -> dict[int, dict[str, str | None]]:
    """Where each of these people is reached, and, of those on file, what they are called."""
    wanted = set(contact_ids)
    rows = tx.session.execute(
        select(Contact.id, Provider.name).join(Provider, IS_THEIRS).where(Contact.id.in_(wanted))
    )
    called = {row.id: row.name for row in rows}
    known = tx.session.scalars(select(Contact.id).where(Contact.id.in_(wanted))).all()
    return {one: {"number": contacts.get(tx, one).address, "name": called.get(one)} for one in known}
