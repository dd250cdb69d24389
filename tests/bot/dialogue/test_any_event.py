"""Whatever is written and whatever happens elsewhere, in whatever order: never an error, and nothing too long."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from bot import dialogue
from bot.dialogue.conversation import ChildNeed, OwnFile, Place
from bot.dialogue.happenings import _TELLERS
from bot.dialogue.wording import wording
from bot.messages import Event, EventKind, Incoming
from matching.schema import CareKind, Price
from nlp.schema import DAYS_OF_WEEK, PRICE_PERIODS
from tests.bot.dialogue.talk import NOW, Talk, check, places, through_json
from tests.bot.dialogue.test_any_message import HOURS, MONTHS, messages

NAMES = st.one_of(st.sampled_from(["Rosa", "Sra. Ñañita 😀 {x}", "M" * 60]), st.text(max_size=40))
NAMES_IF_ANY = st.one_of(st.none(), NAMES)
WORDS = st.one_of(st.sampled_from(["si pero hasta las 4", "[[€~|" * 40, "{words}"]), st.text(max_size=200))
IDS = st.integers(1, 4)
CODES = st.sampled_from(["A2", "B3", "Z9"])
PRICES = st.builds(Price, st.sampled_from([0, 12.5, 300, 123456]), st.sampled_from([None, *PRICE_PERIODS]))
WEEKS = st.lists(st.sampled_from(DAYS_OF_WEEK), unique=True).map(tuple)
WHY = st.sampled_from(sorted(wording().words["why_not"]))
PHONES = st.sampled_from([None, "+51987654321", "+4915112345678"])
OF_A_NEED = TypeAdapter(ChildNeed)
NEEDS = st.builds(
    ChildNeed,
    ages_months=st.lists(MONTHS, max_size=4).map(tuple),
    children=st.integers(1, 6),
    place=st.sampled_from(["", "Collique (Comas)", "San Juan de Miraflores", "Ñ" * 40]),
    days=WEEKS,
    start=HOURS,
    end=HOURS,
    start_date=st.sampled_from([None, date(2026, 12, 1)]),
    budget=st.one_of(st.none(), PRICES),
    special_needs=st.lists(st.sampled_from(["autismo", "alergia", "silla de ruedas"]), unique=True).map(
        tuple
    ),
    name=NAMES_IF_ANY,
).map(lambda need: OF_A_NEED.dump_python(need, mode="json"))
FILES = st.builds(
    OwnFile,
    name=NAMES.filter(bool),
    kind=st.sampled_from(CareKind),
    place=st.just(Place("150110", "Comas", -11.9, -77.0)),
    min_months=st.integers(0, 60),
    max_months=st.integers(60, 200),
    days=st.just(("mon", "tue")),
    start=st.just("07:00"),
    end=st.just("17:00"),
    price=st.one_of(st.none(), PRICES),
    capacity=st.integers(0, 20),
).map(OwnFile.to_json)


def facts(**of: Any) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {name: fact if isinstance(fact, st.SearchStrategy) else st.just(fact) for name, fact in of.items()}
    )


ASKED = {
    "offer": IDS, "provider": IDS, "name": NAMES, "price": st.one_of(st.none(), st.just([15.0, "day"])),
    "at": st.sampled_from([NOW.isoformat(), "2026-11-24T07:00:00-05:00"]),
}  # fmt: skip
AGREED = facts(
    offer=IDS, code=CODES, result="agreed", name=NAMES_IF_ANY, phone=PHONES, need=NEEDS,
    words=st.one_of(st.none(), WORDS),
)  # fmt: skip
ANSWERED = facts(
    offer=IDS, code=CODES,
    result=st.sampled_from(
        ["countered", "declined", "too_late", "no_place", "gone", "agreed_before", "ended"]
    ),
)  # fmt: skip
FACTS: dict[EventKind, st.SearchStrategy[dict[str, Any]]] = {
    EventKind.ASKED_NEXT: st.one_of(
        facts(**ASKED),
        facts(**ASKED, distance_km=st.floats(0, 60)),
        facts(**ASKED, before=NAMES, why=WHY, distance_km=st.floats(0, 60)),
    ),
    EventKind.COUNTERED: facts(offer=IDS, provider=IDS, name=NAMES, words=WORDS),
    EventKind.AGREED: facts(
        offer=IDS,
        provider=IDS,
        name=NAMES,
        phone=PHONES,
        address=WORDS,
        words=st.one_of(st.none(), WORDS),
        need=NEEDS,
    ),
    EventKind.EXHAUSTED: facts(before=NAMES, why=WHY, asked=st.integers(1, 5)),
    EventKind.LAPSED: facts(name=NAMES),
    EventKind.QUIT: facts(name=NAMES),
    EventKind.CLOSED: facts(why=st.sampled_from(["cancelled", "elsewhere"])),
    EventKind.LOOK_AGAIN: facts(),
    EventKind.FOLLOW_UP: facts(offer=IDS, provider=IDS, name=NAMES),
    EventKind.OFFERED: facts(offer=IDS, code=CODES, need=NEEDS),
    EventKind.WITHDRAWN: facts(offer=IDS, late=st.booleans()),
    EventKind.ANSWERED: st.one_of(AGREED, ANSWERED),
    EventKind.ENDED: facts(offer=IDS, name=NAMES_IF_ANY, need=NEEDS),
    EventKind.TOLD: st.fixed_dictionaries(
        {"from": IDS, "name": NAMES_IF_ANY, "words": st.one_of(st.none(), WORDS), "question": st.booleans()}
    ),
    EventKind.REMINDER: facts(
        offer=IDS, name=NAMES_IF_ANY, need=NEEDS, to=st.sampled_from(["parent", "provider"])
    ),
    EventKind.FILE_KEPT: st.one_of(
        facts(result=st.sampled_from(["registered", "no_number"]), file=FILES),
        facts(result=st.sampled_from(["verified", "hidden", "resumed", "removed"])),
        facts(result="paused", until=st.sampled_from(["2026-12-24", "9000-01-01"])),
        facts(
            result="edited",
            changes=st.sampled_from([{}, {"capacity": 2}, {"name": "X", "price": None, "days": ["mon"]}]),
            file=FILES,
            reviewed=st.booleans(),
        ),
    ),
    EventKind.AVAILABLE_AGAIN: facts(places=st.one_of(st.none(), st.integers(1, 9))),
}
EVENTS = st.sampled_from(sorted(FACTS)).flatmap(
    lambda kind: FACTS[kind].map(lambda told: Event(kind, json.loads(json.dumps(told))))
)


def test_every_event_that_is_told_is_tried_here() -> None:
    assert FACTS.keys() == _TELLERS.keys()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.one_of(messages(), EVENTS), min_size=1, max_size=9))
def test_any_messages_and_events_leave_a_whole_conversation_and_answers_that_fit(
    life: list[Incoming | Event],
) -> None:
    person = Talk()
    for one in life:
        if isinstance(one, Event):
            turn = dialogue.happened(person.conversation, one, NOW)
        else:
            turn = dialogue.step(person.conversation, one, NOW, places())
            assert turn.replies or turn.jobs or turn.conversation.opted_out
        person.conversation = through_json(turn.conversation)
        json.dumps([job.data for job in turn.jobs])
        for reply in turn.replies:
            check(reply)
        for job in turn.jobs:
            if job.kind.is_search:
                person.answer_search(job)
                for reply in person.replies:
                    check(reply)
