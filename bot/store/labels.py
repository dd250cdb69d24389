"""Messages to label, and what people said of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Float,
    and_,
    cast,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import BIT, insert

from bot.store.database import Tx
from bot.store.tables import Contact, Inbound, Label, Offer, Provider, Request, ToLabel
from nlp.features import Span
from nlp.labelling import Shown
from nlp.schema import Intent, Parse

MOST_EXPORTED = 20_000
"""Messages in one file of rows: a year of labelling by several people."""


class Verdict(StrEnum):
    """What somebody said of a message: what it means, that nobody can tell, or nothing."""

    LABELLED = "labelled"
    UNCLEAR = "unclear"
    SKIPPED = "skipped"


class Pile(StrEnum):
    """Why a message is there to be labelled: drawn at random from all, or read unsurely."""

    SAMPLE = "sample"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Opinion:
    """What an operator said. `intent` is None unless they labelled it."""

    operator_id: int
    verdict: Verdict
    intent: Intent | None = None
    spans: tuple[Span, ...] = ()

    @property
    def meaning(self) -> tuple[object, ...]:
        """Two opinions agree where this is the same."""
        return (self.verdict, self.intent, frozenset(self.spans))


@dataclass(frozen=True, slots=True)
class Item:
    """A message as it is labelled: what is shown of it, and how the model read it. The text is empty once it was as old
    as messages are kept."""

    id: int
    received_at: datetime
    sampled: bool
    shown: Shown
    intent: Intent
    confidence: float


@dataclass(frozen=True, slots=True)
class Reading:
    """A message, how the model read it and what people said of it, skips left out, in the order in which they did."""

    id: int
    received_at: datetime
    sampled: bool
    intent: Intent
    confidence: float
    spans: tuple[Span, ...]
    opinions: tuple[Opinion, ...]
    wanted: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """A message that may be labelled."""

    inbound_id: int
    contact_id: int
    received_at: datetime
    parse: Parse


def volume(tx: Tx, since: datetime, until: datetime) -> int:
    """How many messages were read by the model in that time."""
    return (
        tx.session.scalar(
            select(func.count()).where(
                Inbound.received_at >= since, Inbound.received_at < until, Inbound.intent.is_not(None)
            )
        )
        or 0
    )


def candidates(
    tx: Tx, pile: Pile, since: datetime, until: datetime, *, below: float, share: float, limit: int
) -> list[Candidate]:
    """Messages of that time that are not there to be labelled yet: of the sample, each by a chance of `share` that
    hangs on its id alone; the unsure ones, read with a confidence below `below`, the least sure first."""
    wanted = _drawn(share) if pile is Pile.SAMPLE else Inbound.confidence < below
    known = exists().where(ToLabel.inbound_id == Inbound.id)
    if pile is Pile.SAMPLE:
        known = exists().where(ToLabel.inbound_id == Inbound.id, ToLabel.sampled)
    rows = tx.session.execute(
        select(Inbound.id, Inbound.contact_id, Inbound.received_at, Inbound.parse_sealed)
        .where(
            Inbound.received_at >= since,
            Inbound.received_at < until,
            Inbound.contact_id.is_not(None),
            Inbound.parse_sealed.is_not(None),
            wanted,
            ~known,
        )
        .order_by(Inbound.id if pile is Pile.SAMPLE else Inbound.confidence, Inbound.id)
        .limit(limit)
    )
    return [
        Candidate(r.id, r.contact_id, r.received_at, Parse.from_wire(tx.vault.open_json(r.parse_sealed)))
        for r in rows
    ]


def _drawn(share: float) -> ColumnElement[bool]:
    """Chance that nothing in the message has a part in: the first 32 bits of a hash of its id."""
    bits = func.concat("x", func.left(func.md5(func.concat("ayllu:", Inbound.id)), 8))
    chance = cast(cast(cast(bits, BIT(32)), BigInteger), Float) / literal(2.0**32)
    return chance < share


def add(tx: Tx, candidate: Candidate, shown: Shown, *, sampled: bool, wanted: int) -> None:
    """Lay a message on the pile. One of the unsure that is drawn afterwards belongs to the sample from then on."""
    made = insert(ToLabel).values(
        contact_id=candidate.contact_id,
        inbound_id=candidate.inbound_id,
        received_at=candidate.received_at,
        sampled=sampled,
        text_sealed=tx.vault.seal(shown.text),
        intent=candidate.parse.intent.value,
        confidence=candidate.parse.confidence,
        spans=_to_json(shown.spans),
        wanted=wanted,
    )
    tx.session.execute(
        made.on_conflict_do_update(
            index_elements=[ToLabel.inbound_id],
            set_={"sampled": or_(ToLabel.sampled, made.excluded.sampled)},
        )
    )


def names_around(tx: Tx, contact_id: int) -> set[str]:
    """What this person is called, and those they deal with through us."""
    rows = tx.session.execute(
        select(Request.contact_id, Request.data_sealed, Provider.name)
        .join(Offer, Offer.request_id == Request.id)
        .join(Provider, Provider.id == Offer.provider_id)
        .where(or_(Request.contact_id == contact_id, _is_provider(contact_id)))
        .limit(200)
    )
    names: set[str] = set()
    for row in rows:
        names.add(row.name)
        names.add(tx.vault.open_json(row.data_sealed)["need"].get("name") or "")
    names |= set(tx.session.scalars(select(Provider.name).where(_is_provider(contact_id))))
    return {name for name in names if name}


def _is_provider(contact_id: int) -> ColumnElement[bool]:
    person = select(Contact.address_key, Contact.sms_key).where(Contact.id == contact_id).subquery()
    return Provider.phone_key.in_(
        select(person.c.address_key).union_all(select(person.c.sms_key).where(person.c.sms_key.is_not(None)))
    )


def waiting_texts(tx: Tx, pile: Pile, limit: int = 500) -> list[str]:
    """What lies on a pile and nobody labelled yet."""
    rows = tx.session.scalars(
        select(ToLabel.text_sealed)
        .where(ToLabel.sampled == (pile is Pile.SAMPLE), ToLabel.opinions < ToLabel.wanted)
        .order_by(ToLabel.id.desc())
        .limit(limit)
    )
    return [tx.vault.open(sealed) for sealed in rows if sealed]


def count_since(tx: Tx, pile: Pile, since: datetime) -> int:
    """How many messages that came since then lie, or lay, on a pile."""
    return (
        tx.session.scalar(
            select(func.count()).where(ToLabel.received_at >= since, ToLabel.sampled == (pile is Pile.SAMPLE))
        )
        or 0
    )


@dataclass(frozen=True, slots=True)
class Left:
    """How many messages an operator can still label: in all, of the sample, and of those read unsurely, in the sample
    or not."""

    all: int
    sample: int
    unsure: int


def left(tx: Tx, operator_id: int, below: float) -> Left:
    """What this operator can still label; `below` is the confidence under which a reading is unsure."""
    of = [_of_pile(pile, below) for pile in (None, Pile.SAMPLE, Pile.UNSURE)]
    row = tx.session.execute(
        select(*(func.count().filter(wanted) for wanted in of)).where(_open_for(operator_id))
    ).one()
    return Left(row[0], row[1], row[2])


def next_for(tx: Tx, operator_id: int, below: float, pile: Pile | None = None) -> Item | None:
    """The oldest message that this operator has not seen and that wants another label."""
    wanted = and_(_open_for(operator_id), _of_pile(pile, below))
    row = tx.session.scalars(select(ToLabel).where(wanted).order_by(ToLabel.id).limit(1)).first()
    return None if row is None else _item(tx, row)


def _of_pile(pile: Pile | None, below: float) -> ColumnElement[bool]:
    if pile is Pile.SAMPLE:
        return ToLabel.sampled.is_(True)
    return ToLabel.confidence < below if pile is Pile.UNSURE else true()


def _open_for(operator_id: int) -> ColumnElement[bool]:
    mine = exists().where(Label.to_label_id == ToLabel.id, Label.operator_id == operator_id)
    return and_(ToLabel.opinions < ToLabel.wanted, ~mine)


def item(tx: Tx, item_id: int) -> Item | None:
    """The message; None where there is none, or its text is gone."""
    row = tx.session.get(ToLabel, item_id)
    return None if row is None or not row.text_sealed else _item(tx, row)


def opinion_of(tx: Tx, item_id: int, operator_id: int) -> Opinion | None:
    """What this operator said of it before."""
    row = tx.session.scalars(
        select(Label).where(Label.to_label_id == item_id, Label.operator_id == operator_id)
    ).first()
    return None if row is None else _opinion(row)


def save(tx: Tx, item_id: int, opinion: Opinion, now: datetime) -> bool:
    """Keep what an operator says, in place of what they said before. Where two disagree, a third is asked for. False:
    the message is gone."""
    row = tx.session.scalars(select(ToLabel).where(ToLabel.id == item_id).with_for_update()).first()
    if row is None or not row.text_sealed:
        return False
    said = {
        "verdict": opinion.verdict.value,
        "intent": opinion.intent.value if opinion.intent else None,
        "spans": _to_json(opinion.spans),
        "at": now,
    }
    tx.session.execute(
        insert(Label)
        .values(to_label_id=item_id, operator_id=opinion.operator_id, **said)
        .on_conflict_do_update(index_elements=[Label.to_label_id, Label.operator_id], set_=said)
    )
    told = [one for one in _opinions(tx, [item_id]).get(item_id, []) if one.verdict is not Verdict.SKIPPED]
    row.opinions = len(told)
    if len(told) == 2 and told[0].meaning != told[1].meaning:
        row.wanted = max(row.wanted, 3)
    return True


def readings(tx: Tx, since: datetime, until: datetime, limit: int = 20_000) -> list[Reading]:
    """Messages of that time which lie on a pile, oldest first, with what people said."""
    rows = tx.session.scalars(
        select(ToLabel)
        .where(ToLabel.received_at >= since, ToLabel.received_at < until)
        .order_by(ToLabel.received_at, ToLabel.id)
        .limit(limit)
    ).all()
    said = _opinions(tx, [row.id for row in rows])
    return [
        Reading(
            row.id,
            row.received_at,
            row.sampled,
            Intent(row.intent),
            row.confidence,
            _spans(row.spans),
            tuple(one for one in said.get(row.id, []) if one.verdict is not Verdict.SKIPPED),
            row.wanted,
        )
        for row in rows
    ]


def skips(tx: Tx, since: datetime, until: datetime) -> int:
    """How many messages of the sample of that time were skipped by somebody and labelled by nobody."""
    skipped = exists().where(Label.to_label_id == ToLabel.id, Label.verdict == Verdict.SKIPPED.value)
    return (
        tx.session.scalar(
            select(func.count()).where(
                ToLabel.sampled,
                ToLabel.received_at >= since,
                ToLabel.received_at < until,
                ToLabel.opinions == 0,
                skipped,
            )
        )
        or 0
    )


def labelled(tx: Tx, limit: int = MOST_EXPORTED) -> list[tuple[Item, tuple[Opinion, ...]]]:
    """Messages that somebody labelled and whose text is there still, with what was said; the latest first."""
    rows = tx.session.scalars(
        select(ToLabel)
        .where(ToLabel.opinions > 0, ToLabel.contact_id.is_not(None))
        .order_by(ToLabel.id.desc())
        .limit(limit)
    ).all()
    said = _opinions(tx, [row.id for row in rows])
    return [
        (_item(tx, row), tuple(one for one in said.get(row.id, []) if one.verdict is not Verdict.SKIPPED))
        for row in rows
        if row.text_sealed
    ]


def let_go(tx: Tx, before: datetime, limit: int) -> int:
    """Take text, person and message out of what came before then, some rows at a time, and delete what nobody
    labelled: how many there were."""
    old = (
        select(ToLabel.id)
        .where(ToLabel.received_at < before, or_(ToLabel.contact_id.is_not(None), ToLabel.opinions == 0))
        .order_by(ToLabel.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    ids = tx.session.scalars(old).all()
    tx.session.execute(delete(ToLabel).where(ToLabel.id.in_(ids), ToLabel.opinions == 0))
    tx.session.execute(
        update(ToLabel)
        .where(ToLabel.id.in_(ids))
        .values(text_sealed=b"", contact_id=None, inbound_id=None, wanted=ToLabel.opinions)
    )
    return len(ids)


def _opinions(tx: Tx, item_ids: Collection[int]) -> dict[int, list[Opinion]]:
    found: dict[int, list[Opinion]] = {}
    rows = tx.session.scalars(select(Label).where(Label.to_label_id.in_(item_ids)).order_by(Label.id))
    for row in rows:
        found.setdefault(row.to_label_id, []).append(_opinion(row))
    return found


def _opinion(row: Label) -> Opinion:
    return Opinion(
        row.operator_id,
        Verdict(row.verdict),
        Intent(row.intent) if row.intent else None,
        _spans(row.spans or []),
    )


def _item(tx: Tx, row: ToLabel) -> Item:
    text = tx.vault.open(row.text_sealed) if row.text_sealed else ""
    shown = Shown(text, _spans(row.spans))
    return Item(row.id, row.received_at, row.sampled, shown, Intent(row.intent), row.confidence)


def _spans(kept: Sequence[Any]) -> tuple[Span, ...]:
    return tuple(Span(str(label), int(start), int(end)) for label, start, end in kept)


def _to_json(spans: Sequence[Span]) -> list[list[Any]]:
    return [[span.label, span.start, span.end] for span in sorted(spans, key=lambda span: span.start)]
