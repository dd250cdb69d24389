"""How well the model reads, told by what people said of messages that were drawn at random; and how far people agree.

Only the random sample tells an error rate: the messages that the model was unsure of are the hard ones.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import sqrt
from typing import NamedTuple

from bot.labelling import settled
from bot.store.labels import Reading, Verdict
from bot.weeks import week_of
from nlp.schema import Intent, SlotName

FEWEST = 10
"""Fewer messages, or pairs of opinions, tell nothing: their rate is left out, their number shown."""
_Z = 1.96


class Rate(NamedTuple):
    """A part of a number of messages, and between which shares the truth lies, 19 times out of 20."""

    part: int
    of: int

    @property
    def percent(self) -> int | None:
        return None if not self.of else round(100 * self.part / self.of)

    @property
    def told(self) -> bool:
        return self.of >= FEWEST

    @property
    def between(self) -> tuple[int, int]:
        """Wilson's interval, in percent.

        >>> Rate(5, 100).between, Rate(0, 10).between
        ((2, 11), (0, 28))
        """
        if not self.of:
            return 0, 100
        p, n = self.part / self.of, self.of
        middle = (p + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
        half = _Z * sqrt(p * (1 - p) / n + _Z**2 / (4 * n * n)) / (1 + _Z**2 / n)
        return round(100 * max(0.0, middle - half)), round(100 * min(1.0, middle + half))


@dataclass(slots=True)
class Counts:
    """Messages of the sample: how many were drawn, are labelled, nobody understood, people did not agree on; and of
    those labelled, how many the model read as another intent, what it marked, and what there was to mark."""

    drawn: int = 0
    labelled: int = 0
    unclear: int = 0
    disputed: int = 0
    wrong: int = 0
    confidence: float = 0.0
    marked: int = 0
    there: int = 0
    marked_rightly: int = 0

    @property
    def errors(self) -> Rate:
        return Rate(self.wrong, self.labelled)

    @property
    def open(self) -> int:
        """Drawn, and nobody said anything yet."""
        return self.drawn - self.labelled - self.unclear - self.disputed

    @property
    def marks_right(self) -> Rate:
        """Of what the model marked, what was right."""
        return Rate(self.marked_rightly, self.marked)

    @property
    def marks_found(self) -> Rate:
        """Of what there was to mark, what the model found."""
        return Rate(self.marked_rightly, self.there)

    @property
    def mean_confidence(self) -> int | None:
        """What the model expected to get right, in percent."""
        return round(100 * self.confidence / self.labelled) if self.labelled else None


@dataclass(frozen=True, slots=True)
class OfIntent:
    """What people said is this intent: how often the model read another, and which one most often."""

    intent: Intent
    errors: Rate
    taken_for: Intent | None


@dataclass(frozen=True, slots=True)
class OfSlot:
    slot: SlotName
    right: Rate
    found: Rate


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of two people who labelled the same message: how often they said the same intent, and the same altogether; and
    Cohen's kappa of the intents, which leaves out what chance would make them agree on (None: not defined)."""

    intents: Rate
    all: Rate
    kappa: float | None


@dataclass(slots=True)
class Figures:
    total: Counts
    weeks: dict[date, Counts]
    intents: list[OfIntent]
    slots: list[OfSlot]
    agreement: Agreement
    unsure_labelled: int = 0
    confusions: list[tuple[Intent, Intent, int]] = field(default_factory=list)
    """What people said, what the model read, how often; the most often first."""


def figures_of(readings: Iterable[Reading]) -> Figures:
    """All figures of these messages."""
    found = list(readings)
    sample = [one for one in found if one.sampled]
    weeks: defaultdict[date, Counts] = defaultdict(Counts)
    total = Counts()
    read_as: Counter[tuple[Intent, Intent]] = Counter()
    marked: Counter[str] = Counter()
    there: Counter[str] = Counter()
    both: Counter[str] = Counter()
    for one in sample:
        meant = settled(one.opinions)
        for counts in (total, weeks[week_of(one.received_at)]):
            _count(counts, one)
        if meant is not None and meant.intent is not None:
            read_as[meant.intent, one.intent] += 1
            marked.update(span.label for span in one.spans)
            there.update(span.label for span in meant.spans)
            both.update(span.label for span in {*one.spans} & {*meant.spans})
    return Figures(
        total=total,
        weeks=dict(sorted(weeks.items())),
        intents=_intents(read_as),
        slots=[
            OfSlot(slot, Rate(both[slot], marked[slot]), Rate(both[slot], there[slot]))
            for slot in SlotName
            if marked[slot] or there[slot]
        ],
        agreement=agreement(found),
        unsure_labelled=sum(not one.sampled and bool(one.opinions) for one in found),
        confusions=[(meant, read, n) for (meant, read), n in read_as.most_common() if meant is not read],
    )


def _count(counts: Counts, one: Reading) -> None:
    counts.drawn += 1
    if not one.opinions:
        return
    meant = settled(one.opinions)
    if meant is None:
        counts.disputed += 1
    elif meant.verdict is Verdict.UNCLEAR or meant.intent is None:
        counts.unclear += 1
    else:
        counts.labelled += 1
        counts.wrong += meant.intent is not one.intent
        counts.confidence += one.confidence
        counts.marked += len(one.spans)
        counts.there += len(meant.spans)
        counts.marked_rightly += len({*one.spans} & {*meant.spans})


def _intents(read_as: Counter[tuple[Intent, Intent]]) -> list[OfIntent]:
    lines = []
    for intent in Intent:
        of = {read: n for (meant, read), n in read_as.items() if meant is intent}
        if not of:
            continue
        others = {read: n for read, n in of.items() if read is not intent}
        most = max(others, key=lambda read: others[read], default=None)
        lines.append(OfIntent(intent, Rate(sum(others.values()), sum(of.values())), most))
    return sorted(lines, key=lambda line: -line.errors.of)


def agreement(readings: Iterable[Reading]) -> Agreement:
    """How far the first two people agree who labelled the same message, of either pile."""
    pairs = [one.opinions[:2] for one in readings if len(one.opinions) > 1]
    intents = [(_said(a.verdict, a.intent), _said(b.verdict, b.intent)) for a, b in pairs]
    return Agreement(
        Rate(sum(a == b for a, b in intents), len(pairs)),
        Rate(sum(a.meaning == b.meaning for a, b in pairs), len(pairs)),
        kappa(intents),
    )


def _said(verdict: Verdict, intent: Intent | None) -> str:
    return intent.value if intent else verdict.value


def kappa(pairs: Sequence[tuple[str, str]]) -> float | None:
    """Cohen's kappa of two raters: 1 where they always agree, 0 where chance alone would do as well.

    >>> kappa([("a", "a")] * 20 + [("a", "b")] * 5 + [("b", "a")] * 10 + [("b", "b")] * 15)
    0.4
    """
    if not pairs:
        return None
    n = len(pairs)
    agreed = sum(a == b for a, b in pairs) / n
    first, second = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    by_chance = sum(first[said] * second[said] for said in first) / n**2
    if by_chance == 1:
        return None
    return round((agreed - by_chance) / (1 - by_chance), 2)
