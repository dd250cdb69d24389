"""Words of a message that are names of places are marked for the model, and only those."""

from __future__ import annotations

import re

import pytest

from nlp.places import Gazetteer
from nlp.places.marks import Mark, PlaceMarks


@pytest.fixture(scope="module")
def marks() -> PlaceMarks:
    return Gazetteer.load().marks


def marked(marks: PlaceMarks, text: str) -> str:
    """The units of a text that are marked, names apart by a bar, those only heard in brackets."""
    units = [word.span() for word in re.finditer(r"[^\W\d_]+|\d+|[^\w\s]", text)]
    said = []
    for (start, end), mark in zip(units, marks.mark(text, units), strict=True):
        begins = "|" if mark in (Mark.BEGINS, Mark.BEGINS_BY_SOUND) else ""
        if mark:
            heard = mark in (Mark.BEGINS_BY_SOUND, Mark.GOES_ON_BY_SOUND)
            said.append(f"{begins}({text[start:end]})" if heard else f"{begins}{text[start:end]}")
    return " ".join(said)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("busco cuna en comas pa mi hijita", "|comas"),
        ("sta anita altura mdo productores", "|sta anita"),
        ("NVO. CHIMBOTE O HUARAL", "|NVO . CHIMBOTE |HUARAL"),
        ("vivo x billa el salbador y trabajo en ate", "|(billa) (el) (salbador) |ate"),
        ("sjl o ves", "|sjl |ves"),
        ("la señora es buena y el niño tambien", ""),
        ("de la a el y", ""),
        ("😀", ""),
        ("", ""),
    ],
)
def test_names_are_marked_as_written_or_as_they_sound(marks: PlaceMarks, text: str, names: str) -> None:
    assert marked(marks, text) == names


def test_without_names_nothing_is_marked() -> None:
    assert PlaceMarks().mark("comas", [(0, 5)]) == [Mark.NONE]
