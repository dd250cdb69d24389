"""Accuracy on place names written as people type them.

`typed.tsv` has the part, what is typed, and the district expected, or the candidates in order, or `-` for what is no
place. It was written before the resolver was tuned; the errors of the `tuned` half were looked at, those of the `held`
half not. The `late` part was written when the resolver was done.
"""

from pathlib import Path

import pytest

from nlp.places import Gazetteer

ROWS = [
    line.split("\t")
    for line in Path(__file__).with_name("typed.tsv").read_text(encoding="utf-8").splitlines()[1:]
]


@pytest.mark.parametrize(("part", "floor"), [("tuned", 0.98), ("held", 0.96), ("late", 0.95)])
def test_typed_names_are_understood(gazetteer: Gazetteer, part: str, floor: float) -> None:
    rows = [(typed, expected) for of, typed, expected in ROWS if of == part]
    wrong = []
    for typed, expected in rows:
        found = gazetteer.resolve(typed)
        meant = "-" if found is None else found.ubigeo or " ".join(found.candidates)
        if meant != expected:
            wrong.append((typed, expected, meant))

    assert len(rows) > 90
    assert 1 - len(wrong) / len(rows) >= floor, wrong


def test_what_is_no_place_is_never_made_one(gazetteer: Gazetteer) -> None:
    assert [typed for _, typed, expected in ROWS if expected == "-" and gazetteer.resolve(typed)] == []
