"""How well the model reads is told by the random sample alone, and no more surely than it can be."""

from __future__ import annotations

import doctest
from datetime import UTC, datetime, timedelta

import pytest

from bot.console.understanding import figures
from bot.console.understanding.figures import Rate, figures_of, kappa
from bot.store.labels import Opinion, Reading, Verdict
from bot.weeks import week_of
from nlp.features import Span
from nlp.schema import Intent, SlotName

NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
COMAS, CUNA = Span("location", 0, 5), Span("care_type", 6, 10)


def reading(
    *said: Intent | None,
    read: Intent = Intent.INFORM,
    sampled: bool = True,
    spans: tuple[Span, ...] = (),
    there: tuple[Span, ...] = (),
    ago: int = 0,
    confidence: float = 0.9,
) -> Reading:
    opinions = [
        Opinion(at, Verdict.LABELLED, intent, there) if intent else Opinion(at, Verdict.UNCLEAR)
        for at, intent in enumerate(said)
    ]
    at = NOW - timedelta(days=ago)
    return Reading(1, at, sampled, read, confidence, spans, tuple(opinions), 1)


def test_the_error_rate_is_that_of_the_sample_and_not_of_the_unsure() -> None:
    found = figures_of(
        [reading(Intent.INFORM) for _ in range(18)]
        + [reading(Intent.HELP), reading(Intent.GREET)]
        + [reading(Intent.HELP, sampled=False) for _ in range(50)]
    )
    assert found.total.errors == Rate(2, 20)
    assert found.total.errors.percent == 10
    assert found.unsure_labelled == 50


def test_what_nobody_understands_or_agrees_on_is_neither_right_nor_wrong_and_is_told() -> None:
    found = figures_of(
        [reading(Intent.INFORM), reading(None), reading(Intent.HELP, Intent.GREET), reading(), reading()]
    )
    total = found.total
    assert (total.drawn, total.labelled, total.unclear, total.disputed, total.open) == (5, 1, 1, 1, 2)
    assert total.errors == Rate(0, 1)


def test_weeks_are_told_apart() -> None:
    found = figures_of([reading(Intent.INFORM), reading(Intent.HELP, ago=7), reading(Intent.INFORM, ago=7)])
    this, last = week_of(NOW), week_of(NOW - timedelta(days=7))
    assert [(week, one.errors) for week, one in found.weeks.items()] == [
        (last, Rate(1, 2)),
        (this, Rate(0, 1)),
    ]


def test_each_intent_is_told_with_what_it_is_taken_for() -> None:
    found = figures_of(
        [reading(Intent.HELP, read=Intent.INFORM) for _ in range(3)]
        + [reading(Intent.HELP, read=Intent.GREET), reading(Intent.HELP, read=Intent.HELP)]
        + [reading(Intent.GREET, read=Intent.GREET)]
    )
    first, second = found.intents
    assert (first.intent, first.errors, first.taken_for) == (Intent.HELP, Rate(4, 5), Intent.INFORM)
    assert (second.errors, second.taken_for) == (Rate(0, 1), None)
    assert found.confusions[0] == (Intent.HELP, Intent.INFORM, 3)


def test_slots_are_right_where_kind_and_words_are() -> None:
    elsewhere = Span("location", 0, 4)
    found = figures_of(
        [
            reading(Intent.INFORM, spans=(COMAS, CUNA), there=(COMAS,)),
            reading(Intent.INFORM, spans=(elsewhere,), there=(COMAS,)),
        ]
    )
    assert (found.total.marks_right, found.total.marks_found) == (Rate(1, 3), Rate(1, 2))
    by_slot = {one.slot: (one.right, one.found) for one in found.slots}
    assert by_slot == {
        SlotName.LOCATION: (Rate(1, 2), Rate(1, 2)),
        SlotName.CARE_TYPE: (Rate(0, 1), Rate(0, 0)),
    }


def test_two_people_agree_in_intents_and_in_all() -> None:
    alike = reading(Intent.HELP, Intent.HELP)
    apart = reading(Intent.HELP, Intent.GREET, sampled=False)
    other_slots = Reading(
        1,
        NOW,
        True,
        Intent.HELP,
        0.9,
        (),
        (
            Opinion(1, Verdict.LABELLED, Intent.HELP, (COMAS,)),
            Opinion(2, Verdict.LABELLED, Intent.HELP, (CUNA,)),
        ),
        2,
    )
    found = figures_of([alike, apart, other_slots, reading(Intent.HELP)]).agreement
    assert (found.intents, found.all) == (Rate(2, 3), Rate(1, 3))


def test_kappa_leaves_out_what_chance_agrees_on() -> None:
    assert kappa([("a", "a"), ("b", "b")] * 5) == 1
    assert kappa([("a", "a"), ("a", "b"), ("b", "a"), ("b", "b")]) == 0
    assert kappa([("a", "a")] * 9) is None
    assert kappa([]) is None


def test_few_messages_give_no_rate() -> None:
    assert not Rate(1, 9).told
    assert Rate(1, 10).told
    assert Rate(0, 0).percent is None


@pytest.mark.parametrize("of", [10, 100, 1000])
def test_the_interval_narrows_around_the_rate(of: int) -> None:
    low, high = Rate(of // 10, of).between
    assert low <= 10 <= high
    assert high - low < 380 / of**0.5


def test_the_sample_can_be_empty() -> None:
    found = figures_of([])
    assert found.total.errors.percent is None
    assert found.total.mean_confidence is None
    assert found.intents == found.slots == found.confusions == []


def test_examples() -> None:
    assert doctest.testmod(figures).failed == 0
