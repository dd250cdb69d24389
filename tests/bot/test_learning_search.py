"""The demo's learning material is found by what people type: by its words and by its meaning, and best by both."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.importers.resources import read_resources
from bot.services import Services
from bot.store import resources
from bot.store.tables import Resource
from matching.resources import Known, best
from matching.schema import ResourceQuery
from nlp.meaning import Meaning

Queries = dict[str, list[tuple[str, frozenset[str]]]]


@pytest.fixture(scope="module")
def queries() -> Queries:
    """Both parts of the file: what is typed, and the keys that answer it."""
    parts: Queries = {}
    for line in Path(__file__).with_name("learning_queries.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            parts[line[3:]] = []
        elif "=" in line and not line.startswith("#"):
            asked, _, keys = line.partition("=")
            next(reversed(parts.values())).append((asked, frozenset(keys.split())))
    return parts


@pytest.fixture
def look(services: Services, demo: None) -> Callable[[str], tuple[dict[int, str], list[Known]]]:
    """All resources with how close they are to what is asked, and their keys by id."""
    assert services.parser is not None
    meaning = Meaning(services.parser.tagger)
    with services.store.begin() as tx:
        resources.place_among_meanings(tx, meaning)
        keys = {row.id: row.key for row in tx.session.scalars(select(Resource))}

    def ask(subject: str) -> tuple[dict[int, str], list[Known]]:
        with services.store.begin() as tx:
            return keys, resources.known(tx, subject, meaning, include_demo=True)

    return ask


@pytest.mark.parametrize(
    ("part", "first", "among_three"), [("chosen by", 0.88, 0.93), ("others", 0.77, 0.85)]
)
def test_what_people_type_finds_what_answers_it(
    queries: Queries,
    look: Callable[[str], tuple[dict[int, str], list[Known]]],
    part: str,
    first: float,
    among_three: float,
) -> None:
    both = [(look(asked), asked, wanted) for asked, wanted in queries[part]]
    words = [((keys, _without(known)), asked, wanted) for (keys, known), asked, wanted in both]

    found, by_words = hits(both), hits(words)

    print(f"{part}: words {by_words}, words and meaning {found}")
    assert found[0] >= first
    assert found[1] >= among_three
    assert found[0] >= by_words[0] - 0.03


def _without(known: list[Known]) -> list[Known]:
    """The same, with nothing known of their meaning."""
    return [replace(one, closeness=None) for one in known]


def hits(
    asked: Iterable[tuple[tuple[dict[int, str], list[Known]], str, frozenset[str]]],
) -> tuple[float, float]:
    """The shares of queries whose first answer, and one of whose first three, is a wanted one."""
    places = []
    for (keys, known), subject, wanted in asked:
        order = [keys[one.id] for one in best(ResourceQuery(subject), known)[:3]]
        places.append((bool(order) and order[0] in wanted, bool(wanted & set(order))))
    return tuple(round(sum(column) / len(places), 3) for column in zip(*places, strict=True))  # type: ignore[return-value]


@pytest.mark.parametrize("subject", ["japones", "karate"])
def test_what_there_is_nothing_about_finds_nothing(
    look: Callable[[str], tuple[dict[int, str], list[Known]]], subject: str
) -> None:
    keys, known = look(subject)
    assert [keys[one.id] for one in best(ResourceQuery(subject), known)] == []


def test_importing_twice_changes_nothing_and_a_change_is_placed_anew(
    services: Services, repository: Path
) -> None:
    assert services.parser is not None
    meaning = Meaning(services.parser.tagger)
    rows = read_resources(repository / "deploy" / "local" / "demo" / "resources.csv", demo=True).rows[:3]
    first, later = datetime(2026, 11, 23, tzinfo=UTC), datetime(2026, 11, 24, tzinfo=UTC)
    with services.store.begin() as tx:
        for row in rows:
            resources.put(tx, row, demo=False, now=first)
        resources.place_among_meanings(tx, meaning)

    with services.store.begin() as tx:
        for row in (rows[0], rows[1], replace(rows[2], title="Otro título")):
            resources.put(tx, row, demo=False, now=later)

    with services.store.begin() as tx:
        kept = tx.session.scalars(select(Resource).order_by(Resource.id)).all()
        assert [row.updated_at for row in kept] == [first, first, later]
        assert [row.embedded_by for row in kept] == [meaning.model, meaning.model, None]


def test_a_place_of_another_model_is_not_compared_until_it_is_placed_anew(
    services: Services, demo: None
) -> None:
    assert services.parser is not None
    meaning = Meaning(services.parser.tagger)
    with services.store.begin() as tx:
        resources.place_among_meanings(tx, meaning)
        row = tx.session.scalars(select(Resource).order_by(Resource.id).limit(1)).one()
        row.embedded_by = "another"
        tx.session.flush()
        assert [one.closeness is None for one in resources.known(tx, "excel", meaning, True)][:2] == [
            True,
            False,
        ]
        resources.place_among_meanings(tx, meaning)
        assert all(one.closeness is not None for one in resources.known(tx, "excel", meaning, True))
