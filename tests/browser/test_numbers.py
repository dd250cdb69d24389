"""The figures are read, filtered and taken along."""

from __future__ import annotations

import csv
import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from bot.console.access import Role
from bot.services import Services
from bot.weeks import LIMA, quarter_of
from tests.browser.visitor import Visitor
from tests.support.tallies import count_families, count_messages, counted_until, last_mondays

COMAS, SJL, ATE, TAMBO, HUANCAYO = "150110", "150132", "150103", "120114", "120101"


@pytest.fixture
def counted(services: Services) -> None:
    """A quarter in which Ayllu was used in Lima and Junín."""
    now = datetime.now(UTC)
    for at, monday in enumerate(last_mondays(now.astimezone(LIMA).date(), 8)):
        count_families(services, monday, COMAS, (60, 52, 44, 30, 24, 16, 8), "0", 6, 3)
        count_families(services, monday, SJL, (48 + at, 40, 33, 22, 14, 9, 0), "1", 12, 9)
        count_families(services, monday, ATE, (20, 18, 12, 7), "3", 1)
        count_families(services, monday, TAMBO, (26, 20, 15, 10, 5), "1", 9, 28)
        count_families(services, monday, HUANCAYO, (3, 3, 1), "6", 2)
        rows = [
            (region, channel, state, size * (20 + at), size * 4)
            for region, size in (("15", 16), ("12", 5))
            for channel in ("whatsapp", "sms")
            for state in ("delivered", "received")
        ]
        count_messages(
            services, monday, [*rows, ("15", "sms", "failed", 40, 22), ("12", "sms", "sent", 9, 3)]
        )
    counted_until(services, now)


@pytest.mark.usefixtures("counted")
def test_the_figures_are_read_by_region_and_age(visitor: Visitor) -> None:
    visitor.log_in()
    page = visitor.open("/console/cifras", "numbers")
    funnel = page.get_by_role("region", name="Hasta dónde llegan las familias").last
    expect(funnel.get_by_role("row", name=re.compile("^Preguntaron"))).to_be_visible()
    expect(page.get_by_text("Cada familia cuenta una sola vez")).to_be_visible()
    everywhere = page.url
    page.get_by_label("Región", exact=True).select_option(label="Junín")
    page.wait_for_url(re.compile("region=12"))
    visitor.look("numbers-region")
    expect(page.get_by_text(re.compile("^Junín, "))).to_be_visible()
    assert page.url != everywhere
    page.get_by_label("Edad (demanda sin atender)").select_option(label="1 y 2 años")
    page.wait_for_url(re.compile("edad=1"))
    visitor.look("numbers-age")
    expect(page.get_by_text("familias: 1 y 2 años")).to_be_visible()


def test_before_anybody_asked_the_page_is_there_too(visitor: Visitor) -> None:
    visitor.log_in()
    page = visitor.open("/console/cifras", "numbers-empty")
    expect(page.get_by_text("De ningún distrito se muestra una cifra")).to_be_visible()


@pytest.mark.usefixtures("counted")
def test_without_scripts_the_filters_have_a_button(without_javascript: Visitor) -> None:
    visitor = without_javascript
    visitor.log_in()
    page = visitor.page
    page.goto(f"{visitor.url}/console/cifras")
    page.get_by_label("Región", exact=True).select_option(label="Lima")
    page.get_by_role("button", name="Ver", exact=True).click()
    expect(page.get_by_text(re.compile("^Lima, "))).to_be_visible()


@pytest.mark.usefixtures("counted")
def test_a_coordinator_takes_the_figures_along(visitor: Visitor) -> None:
    visitor.log_in(Role.COORDINATOR)
    page = visitor.open("/console/cifras")
    with page.expect_download() as told:
        page.get_by_role("button", name="Descargar CSV").click()
    quarter = quarter_of(last_mondays(datetime.now(LIMA).date(), 1)[0])
    assert told.value.suggested_filename == f"ayllu-cifras-{quarter:%Y-%m}.csv"
    rows = list(csv.reader(told.value.path().read_text(encoding="utf-8-sig").splitlines()))
    assert rows[0] == ["trimestre", "region", "parte", "de", "cifra", "valor"]
    assert not [row for row in rows[1:] if row[5].isdigit() and int(row[5]) < 5]
