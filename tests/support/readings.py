"""Messages that the model read, as the tables keep them, and laid out to be labelled."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random

from sqlalchemy import update

from bot import labelling
from bot.messages import Channel
from bot.services import Services
from bot.store import contacts, inbox
from bot.store.tables import ToLabel
from nlp.schema import Intent, Parse, Slot, SlotName

HOUR_AGO = timedelta(hours=1)

_numbers = count(1)


def read_message(
    services: Services,
    text: str,
    intent: Intent = Intent.INFORM,
    confidence: float = 0.3,
    slots: tuple[tuple[SlotName, str], ...] = (),
    ago: timedelta = HOUR_AGO,
) -> int:
    """Somebody wrote, each time another, and the model read it so. The person's id."""
    number, at = next(_numbers), datetime.now(UTC) - ago
    marked = tuple(
        Slot(name, words, text.index(words), text.index(words) + len(words), {"ubigeo": "150110"})
        for name, words in slots
    )
    with services.store.begin() as tx:
        contact_id = contacts.arrive(tx, f"+519{number:08}", Channel.SMS, at)
        inbox.add(tx, f"SMread{number}", contact_id, Channel.SMS, {"Body": text}, at)
        message = inbox.waiting(tx, contact_id)[-1]
        inbox.handled(tx, message.id, Parse(text, intent, confidence, marked), at)
    return contact_id


def lay_out(services: Services, wanted: int = 1) -> None:
    """Lay out what came to be labelled, by so many people each."""
    with services.store.begin() as tx:
        labelling.lay_out(tx, datetime.now(UTC), Random(1))
        tx.session.execute(update(ToLabel).values(wanted=wanted))
