"""Whatever is written, in whatever order: an answer, never an error, and nothing too long."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import dialogue
from bot.dialogue import Conversation
from bot.dialogue.conversation import VERSION, ConversationError
from bot.messages import Channel, Incoming
from nlp.schema import (
    CARE_TYPES,
    DAYS_OF_WEEK,
    HUB_SERVICES,
    PRICE_PERIODS,
    Intent,
    Parse,
    Slot,
    SlotName,
)
from tests.bot.dialogue.talk import NOW, Talk, check, places, through_json

WORDS = [
    "",
    "2",
    "7",
    "si",
    "no",
    "MAS",
    "ALTA",
    "la 2",
    "no se",
    "comas",
    "arequipa",
    "8 a 5",
    "😀",
    "{x}",
    "[[€~|",
    "a" * 1600,
]
TEXTS = st.one_of(st.sampled_from(WORDS), st.text(max_size=80))
HOURS = st.sampled_from([None, "00:00", "07:30", "17:00"])
UBIGEOS = st.sampled_from(["150110", "150122", "040110", "050101", "160101"])
MONTHS = st.integers(0, 400)
VALUES: dict[SlotName, st.SearchStrategy[Any]] = {
    SlotName.LOCATION: st.one_of(
        UBIGEOS.map(lambda code: {"ubigeo": code}),
        st.lists(UBIGEOS, min_size=2, max_size=5, unique=True).map(lambda codes: {"candidates": codes}),
    ),
    SlotName.CHILD_AGE: st.one_of(
        MONTHS.map(lambda months: {"months": months}),
        st.tuples(MONTHS, MONTHS).map(lambda ends: {"min_months": min(ends), "max_months": max(ends)}),
        MONTHS.map(lambda months: {"max_months": months}),
    ),
    SlotName.CHILD_COUNT: st.integers(0, 40),
    SlotName.DAYS: st.lists(st.sampled_from(DAYS_OF_WEEK), unique=True),
    SlotName.TIME: st.tuples(HOURS, HOURS).map(lambda ends: {"start": ends[0], "end": ends[1]}),
    SlotName.START_DATE: st.just("2026-12-01"),
    SlotName.PRICE: st.builds(
        lambda amount, period: {"amount": amount, "period": period},
        st.sampled_from([None, 0, 12.5, 300, 123456]),
        st.sampled_from([None, *PRICE_PERIODS]),
    ),
    SlotName.CARE_TYPE: st.sampled_from(CARE_TYPES),
    SlotName.HUB_SERVICE: st.sampled_from(HUB_SERVICES),
    SlotName.OPTION: st.integers(-1, 12),
    SlotName.CAPACITY: st.integers(0, 30),
    SlotName.RATING: st.integers(1, 5),
}


@st.composite
def slots(draw: st.DrawFn) -> Slot:
    name = draw(st.sampled_from(SlotName))
    words = draw(TEXTS)
    value = draw(st.one_of(st.none(), VALUES.get(name, st.just(words))))
    return Slot(name, words, 0, len(words), value)


@st.composite
def messages(draw: st.DrawFn) -> Incoming:
    text = draw(TEXTS)
    parse = Parse(
        text,
        draw(st.sampled_from(Intent)),
        draw(st.sampled_from([0.1, 0.9])),
        tuple(draw(st.lists(slots(), max_size=4))),
    )
    return Incoming(
        draw(st.sampled_from(Channel)),
        NOW,
        text,
        draw(st.sampled_from([parse, parse, parse, None])),
        draw(st.sampled_from([None, None, None, (-11.9, -77.0), (50.0, 8.0)])),
        draw(st.sampled_from([0, 0, 0, 1])),
    )


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(messages(), min_size=1, max_size=8))
def test_any_talk_gets_answers_that_fit(talk_of: list[Incoming]) -> None:
    worker = Talk()
    for incoming in talk_of:
        turn = dialogue.step(worker.conversation, incoming, NOW, places())
        searches = [job for job in turn.jobs if job.kind.is_search]
        json.dumps([job.data for job in turn.jobs])
        assert turn.replies or searches or turn.conversation.opted_out
        worker.conversation = through_json(turn.conversation)
        for job in searches:
            worker.answer_search(job)
            assert worker.replies
        for reply in (*turn.replies, *(worker.replies if searches else ())):
            check(reply)


def test_a_conversation_of_another_version_is_refused_by_name() -> None:
    kept = {**Conversation().to_json(), "version": VERSION + 1}
    with pytest.raises(ConversationError, match=str(VERSION + 1)):
        Conversation.from_json(kept)


def test_what_is_kept_by_an_older_release_is_read_with_defaults() -> None:
    kept = Conversation(search=4).to_json()
    del kept["chosen"], kept["care"]
    assert Conversation.from_json(kept) == Conversation(search=4)
