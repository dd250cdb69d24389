"""Which conversations a person of Ayllu has taken over from the bot. Call what changes them under the person's lock."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import BindParameter, Exists, delete, exists, insert, select, update
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.expression import ColumnElement

from bot.store.database import Tx
from bot.store.tables import TakenOver


@dataclass(frozen=True, slots=True)
class TakeOver:
    """Who has a conversation, since when, when an operator last wrote in it, and up to which message they had read
    then."""

    contact_id: int
    operator_id: int
    taken_at: datetime
    last_word_at: datetime
    read_until: int

    @property
    def cause(self) -> str:
        """What follows from this take-over, and from no other, bears it."""
        return f"taken:{self.contact_id}:{self.taken_at.isoformat()}"


def of(tx: Tx, contact_id: int) -> TakeOver | None:
    """Who has the conversation with this person; None: the bot."""
    row = tx.session.scalars(select(TakenOver).where(TakenOver.contact_id == contact_id)).one_or_none()
    if row is None:
        return None
    return TakeOver(row.contact_id, row.operator_id, row.taken_at, row.last_word_at, row.read_until)


def is_taken(
    contact_id: ColumnElement[int] | InstrumentedAttribute[int] | BindParameter[int],
) -> Exists:
    """The condition that an operator has the conversation."""
    return exists().where(TakenOver.contact_id == contact_id)


def take(tx: Tx, contact_id: int, operator_id: int, read_until: int, now: datetime) -> TakeOver:
    """The operator has it from now on; nobody has it. What came after `read_until` is theirs to answer."""
    made = TakeOver(contact_id, operator_id, now, now, read_until)
    tx.session.execute(insert(TakenOver).values(asdict(made)))
    return made


def pass_on(tx: Tx, contact_id: int, from_operator: int, to_operator: int, now: datetime) -> bool:
    """One operator has it instead of another. False: that other had it no more."""
    return _change(tx, contact_id, from_operator, operator_id=to_operator, last_word_at=now)


def spoke(tx: Tx, contact_id: int, operator_id: int, read_until: int, now: datetime) -> bool:
    """The operator wrote, having read up to that message. False: they do not have it."""
    return _change(tx, contact_id, operator_id, last_word_at=now, read_until=read_until)


def give_back(tx: Tx, contact_id: int) -> None:
    """The bot has it again."""
    tx.session.execute(delete(TakenOver).where(TakenOver.contact_id == contact_id))


def _change(tx: Tx, contact_id: int, holder: int, **values: int | datetime) -> bool:
    changed = tx.session.execute(
        update(TakenOver)
        .where(TakenOver.contact_id == contact_id, TakenOver.operator_id == holder)
        .values(**values)
        .returning(TakenOver.contact_id)
    )
    return changed.first() is not None
