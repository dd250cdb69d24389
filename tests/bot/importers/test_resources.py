"""Files of learning material as people send them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.importers.resources import read_resources
from matching.schema import Level, ResourceKind

Saved = Callable[..., Path]

GOOD = {
    "key": "regar",
    "title": "Regar sus plantas",
    "topics": "plantas; huerto",
    "level": "básico",
    "kind": "sms",
    "minutes": "5",
    "kb": "",
    "summary": "Cuánta agua y a qué hora.",
    "where": "",
    "parts": "Riegue temprano. | Meta el dedo en la tierra.",
    "source": "Ayllu, CC BY 4.0",
    "demo": "",
}


def row(saved: Saved, **cells: str) -> Path:
    """One good row with some cells changed."""
    changed = GOOD | cells
    return saved(",".join(changed) + "\n" + ",".join(f'"{cell}"' for cell in changed.values()) + "\n")


def test_a_lesson_as_people_write_it_is_read(saved: Saved) -> None:
    report = read_resources(row(saved))
    assert report.errors == report.warnings == ()
    lesson = report.rows[0]
    assert (lesson.level, lesson.kind, lesson.language) == (Level.BASIC, ResourceKind.SMS, "castellano")
    assert lesson.parts == ("Riegue temprano.", "Meta el dedo en la tierra.")


def test_a_printed_sheet_says_what_the_hub_must_have(saved: Saved) -> None:
    report = read_resources(row(saved, kind="impreso", parts="", where="Impresiones; computadoras"))
    assert report.rows[0].where == "printing; computer"


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"level": "facil"}, "line 2, column level: 'facil' is none of basic, middle, advanced"),
        ({"kind": "video"}, "column kind: 'video' is none of sms, radio, printed, page"),
        ({"title": "x" * 45}, "column title: has 45 characters; 44 are the most"),
        ({"summary": "x" * 161}, "column summary: has 161 characters; 160 are the most"),
        ({"parts": "una sola"}, "column parts: has 1 parts: a lesson has 2 to 9"),
        ({"parts": "corta | " + "x" * 151}, "column parts: part 2 has 151 characters; 150 are the most"),
        ({"parts": ""}, "column parts: a lesson by sms has its messages here"),
        ({"minutes": "poco"}, "column minutes: 'poco' is no number from 1 to 600"),
        ({"where": "Radio Sol"}, "column where: a lesson by sms is nowhere else"),
        ({"kind": "radio", "parts": ""}, "column where: is empty"),
        (
            {"kind": "page", "parts": "", "where": "http://x.pe", "kb": "9"},
            "column where: 'http://x.pe' is no",
        ),
        ({"kind": "page", "parts": "", "where": "https://x.pe"}, "column kb: a page tells here"),
        ({"kind": "printed", "parts": "", "where": "fax"}, "column where: 'fax' is none of internet"),
        ({"demo": "si"}, "column demo: this is an invented row"),
        ({"source": ""}, "column source: is empty"),
    ],
)
def test_what_cannot_be_is_said(saved: Saved, cells: dict[str, str], said: str) -> None:
    report = read_resources(row(saved, **cells))
    assert report.rows == ()
    assert said in str(report.errors[0])


def test_the_template_is_a_file_to_begin_with(repository: Path) -> None:
    template = repository / "bot" / "importers" / "templates" / "resources.csv"
    assert len(read_resources(template, demo=True).rows) == 1
    assert read_resources(template).rows == ()
