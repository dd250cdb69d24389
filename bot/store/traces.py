"""What others were told of a person: their name, their number, what they wrote. It goes when the person goes."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, String, cast, delete, func, select, update

from bot.store import providers
from bot.store.database import Tx
from bot.store.tables import Event, Inbound, MessageStatus, Offer, Outbound, Request

_UNDER_WAY = (MessageStatus.QUEUED, MessageStatus.SENDING)


@dataclass(frozen=True, slots=True)
class Traces:
    """Where to look: the other sides, the offers between them and the person, and what gives the person away."""

    others: tuple[int, ...]
    offers: tuple[int, ...]
    words: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        return {"others": self.others, "offers": self.offers, "words": self.words}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Traces:
        return cls(tuple(kept["others"]), tuple(kept["offers"]), tuple(kept["words"]))


def of(tx: Tx, contact_id: int, numbers: Collection[str | None]) -> Traces:
    """The traces of a person who can be reached at these numbers. Call it while all of theirs is there."""
    provider_id = providers.id_of_contact(tx, contact_id)
    offers = tx.session.execute(
        select(Offer.id, Offer.provider_id, Request.contact_id, Request.data_sealed)
        .join(Request, Request.id == Offer.request_id)
        .where((Request.contact_id == contact_id) | (Offer.provider_id == provider_id))
    ).all()
    others: set[int | None] = set()
    words = {digits(number) for number in numbers if number}
    for offer in offers:
        if offer.contact_id == contact_id:
            others.add(providers.contact_of(tx, offer.provider_id))
            words.add(tx.vault.open_json(offer.data_sealed)["need"].get("name") or "")
        else:
            others.add(offer.contact_id)
    if provider_id is not None:
        words.add(providers.name_of(tx, provider_id))
    return Traces(
        others=tuple(sorted(other for other in others if other not in (None, contact_id))),
        offers=tuple(sorted(offer.id for offer in offers)),
        words=tuple(sorted(word.lower() for word in words if word)),
    )


def erase(tx: Tx, contact_id: int, traces: Traces) -> None:
    """Delete what others were told of the person. What is on its way to them still goes there, and is deleted the next
    time this is called."""
    for table, done in (
        (Event, Event.handled_at.is_not(None)),
        (Outbound, Outbound.status.not_in(_UNDER_WAY)),
    ):
        tx.session.execute(
            delete(table).where(
                table.contact_id != contact_id, done, _caused_by(table.cause, contact_id, traces)
            )
        )
    told = tx.session.scalars(
        select(Outbound).where(Outbound.contact_id.in_(traces.others), Outbound.status.not_in(_UNDER_WAY))
    )
    named = [row.id for row in told if any(mentions(text, traces.words) for text in _texts(tx, row))]
    tx.session.execute(delete(Outbound).where(Outbound.id.in_(named)))
    happened = tx.session.scalars(
        select(Event).where(Event.contact_id.in_(traces.others), Event.handled_at.is_not(None))
    )
    about = [row.id for row in happened if _is_about(tx.vault.open_json(row.data_sealed), contact_id, traces)]
    tx.session.execute(delete(Event).where(Event.id.in_(about)))


def unname(tx: Tx, provider_id: int, traces: Traces) -> None:
    """A provider's name goes from the requests of those who picked them."""
    for row in tx.session.scalars(select(Request).where(Request.contact_id.in_(traces.others))):
        data = tx.vault.open_json(row.data_sealed)
        if data["provider"] == provider_id:
            sealed = tx.vault.seal_json({**data, "provider_name": ""})
            tx.session.execute(update(Request).where(Request.id == row.id).values(data_sealed=sealed))


def mentions(text: str, words: Collection[str]) -> bool:
    """Whether the text holds one of these: a number however its digits are written, a name as a word of its own.

    >>> mentions("Su numero: 911 222 333", ["911222333"]), mentions("mañana", ["ana"])
    (True, False)
    """
    figures = digits(text)
    return any(
        word in figures
        if word.isdigit()
        else re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE)
        for word in words
    )


def digits(text: str) -> str:
    """The digits of a text; of a Peruvian number, those that people write.

    >>> digits("+51 911 222 333")
    '911222333'
    """
    found = "".join(one for one in text if one.isdigit())
    return found[2:] if text.startswith("+51") else found


def _caused_by(cause: Any, contact_id: int, traces: Traces) -> ColumnElement[bool]:
    """What follows from an offer between them, or from a message that the person wrote."""
    written = select(func.concat("in:", cast(Inbound.id, String))).where(Inbound.contact_id == contact_id)
    offered = [f"offer:{offer_id}" for offer_id in traces.offers]
    first_two = func.concat(func.split_part(cause, ":", 1), ":", func.split_part(cause, ":", 2))
    return first_two.in_(offered) | first_two.in_(written)


def _is_about(data: dict[str, Any], contact_id: int, traces: Traces) -> bool:
    """Whether an event is of an offer between them, or brings the person's words."""
    return data.get("offer") in traces.offers or data.get("from") == contact_id


def _texts(tx: Tx, row: Outbound) -> Iterator[str]:
    for sealed in (row.whatsapp_sealed, row.sms_sealed, row.values_sealed):
        if sealed:
            yield tx.vault.open(sealed)
