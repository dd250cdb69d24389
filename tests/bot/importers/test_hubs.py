"""Files of hubs as people send them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.importers.hubs import read_hubs
from nlp.places import Gazetteer

HEADER = "name,ubigeo,services,hours,free"


def test_services_and_hours_are_read_as_people_write_them(places: Gazetteer, saved: Callable[..., Path]):
    text = (
        f"{HEADER}\nBiblioteca,150110,Internet; computadoras; impresión,L-V 9am - 6 pm; sáb 9:00-13:00,sí\n"
    )

    report = read_hubs(saved(text), places)

    assert report.errors == ()
    hub = report.rows[0]
    assert hub.key == "biblioteca-150110"
    assert hub.services == ("internet", "computer", "printing")
    assert hub.hours["fri"] == ("09:00", "18:00")
    assert hub.hours["sat"] == ("09:00", "13:00")
    assert "sun" not in hub.hours
    assert hub.free


@pytest.mark.parametrize(
    ("services", "hours", "said"),
    [
        ("fax", "L-V 9-18", "column services: 'fax' is none of internet, computer"),
        ("wifi", "siempre", "column hours: 'siempre' are no opening hours"),
        ("wifi", "L-V 9-18; V 9-12", "column hours: 'L-V 9-18; V 9-12' names fri twice"),
        ("wifi", "V-L 9-18", "a range goes from an earlier to a later day"),
    ],
)
def test_what_cannot_be_is_said(
    places: Gazetteer, saved: Callable[..., Path], services: str, hours: str, said: str
):
    report = read_hubs(saved(f"{HEADER}\nBiblioteca,150110,{services},{hours},si\n"), places)
    assert report.rows == ()
    assert said in str(report.errors[0])


def test_the_template_is_a_file_to_begin_with(places: Gazetteer, repository: Path):
    template = repository / "bot" / "importers" / "templates" / "hubs.csv"
    assert len(read_hubs(template, places, demo=True).rows) == 1
    assert read_hubs(template, places).rows == ()
