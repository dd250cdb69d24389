"""The page of figures: what is counted, what each figure means, and nobody behind it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.console.access import Role
from bot.console.numbers import report
from bot.console.numbers.report import UNTOLD
from bot.console.numbers.words import FUNNEL, MESSAGES, UNMET, WAIT
from bot.services import Services
from bot.store.tables import AuditEntry
from bot.weeks import LIMA
from tests.support.console import Browser, browser, log_in
from tests.support.phone import at
from tests.support.tallies import count_families, count_messages, counted_until

PAGE = "/console/cifras"
LIGHT = 100 * 1024
NOW = datetime(2026, 11, 27, 12, 0, tzinfo=LIMA)
MONDAY = date(2026, 11, 23)
BEFORE = MONDAY - timedelta(days=7)
SUMMER = date(2026, 8, 3)
COMAS, SJL, ATE, TAMBO, CUSCO = "150110", "150132", "150103", "120114", "080101"


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with at(NOW):
        yield


@pytest.fixture
def olga(services: Services) -> Browser:
    return log_in(services, Role.OPERATOR)


def cell(page: str, row: str, column: int = 0) -> str:
    """What stands in a row of a table, without marks."""
    found = re.search(rf'<th scope="row"[^>]*>{re.escape(row)}.*?</tr>', page, re.DOTALL)
    assert found is not None, row
    return re.sub(r"<[^>]+>", "", re.findall(r"<td[^>]*>(.*?)</td>", found[0], re.DOTALL)[column]).strip()


def test_before_anything_is_counted_the_page_says_so_and_what_it_will_show(olga: Browser) -> None:
    page = olga.get(PAGE).text
    assert cell(page, "Preguntaron<br>") == UNTOLD
    assert "todavía no se contó ningún mensaje" in page
    assert "octubre a diciembre de 2026" in page


def test_the_funnel_is_told_with_its_shares_and_what_each_step_means(
    services: Services, olga: Browser
) -> None:
    count_families(services, MONDAY, COMAS, (40, 30, 25, 20, 14, 9, 0), wait_hours=5)
    count_families(services, BEFORE, SJL, (60, 50, 35, 20, 14, 7, 0), wait_hours=2.5)
    page = olga.get(PAGE).text
    told = [cell(page, f"{name}<br>") for name, _ in FUNNEL.values()]
    assert told == ["100", "80", "60", "40", "28", "16", UNTOLD]
    assert cell(page, "Vieron opciones<br>", 1) == "60"
    for name, meaning in FUNNEL.values():
        assert name in page
        assert meaning in page
    assert WAIT in page
    assert UNMET in page
    assert len(page.encode()) < LIGHT
    assert "style=" not in page


def test_the_wait_is_told_from_five_families_on_and_nine_in_ten_from_fifty(
    services: Services, olga: Browser
) -> None:
    def waits() -> list[str]:
        return re.findall(r'<dd class="strong">([^<]+)</dd>', olga.get(PAGE).text)

    count_families(services, MONDAY, COMAS, (4, 4, 4, 4, 4))
    assert waits() == [UNTOLD, UNTOLD]
    count_families(services, MONDAY, COMAS, (6, 6, 6, 6, 6))
    assert waits() == ["5 horas", UNTOLD]
    count_families(services, MONDAY, COMAS, (40, 40, 40, 40, 40), wait_hours=30)
    assert waits() == ["1 día y 4 horas", "1 día y 10 horas"]


def test_weeks_and_regions_are_told_and_small_ones_are_not(services: Services, olga: Browser) -> None:
    count_families(services, MONDAY, COMAS, (20, 20, 20, 20, 20))
    count_families(services, BEFORE, COMAS, (30, 30, 30, 30, 30))
    count_families(services, BEFORE, TAMBO, (3, 3, 3))
    page = olga.get(PAGE).text
    assert cell(page, "16 al 22 nov") in {"33", UNTOLD}
    assert "Junín" not in page.split("Por región")[1].split("Demanda")[0]
    assert ">3<" not in page
    junin = olga.get(f"{PAGE}?region=12").text
    assert cell(junin, "Preguntaron<br>") == UNTOLD
    assert "Por región" not in junin
    lima = olga.get(f"{PAGE}?region=15").text
    everywhere = cell(page, "Preguntaron<br>")
    assert UNTOLD in {everywhere, cell(lima, "Preguntaron<br>")}


def test_few_and_many_that_are_not_shown_are_not_told_apart(services: Services, olga: Browser) -> None:
    """Eight families in Cusco are held back for the three in Junín, and in one district for those in another: a word
    for each would tell that there are more."""
    for ubigeo, families in ((COMAS, 20), (CUSCO, 8), (TAMBO, 3)):
        count_families(services, MONDAY, ubigeo, (families,) * 5)
    for ubigeo, unmet in ((COMAS, 20), (SJL, 8), (ATE, 3)):
        count_families(services, MONDAY, ubigeo, (), unmet=unmet)
    page = olga.get(PAGE).text
    assert cell(page, "Preguntaron<br>") == "31"
    regions = page.split("Por región")[1].split("Demanda")[0]
    assert [name for name in ("Lima", "Cusco", "Junín") if f">{name}<" in regions] == ["Lima"]
    districts = page.split('id="mapa-titulo"')[1].split("</figure>")[0]
    assert re.findall(r"<title>([^<]+)</title>", districts) == ["Comas: 20 familias"]
    assert cell(page, "1 y 2 años") == "31"
    told = [cell(olga.get(f"{PAGE}?region={region}").text, "Preguntaron<br>") for region in ("08", "12")]
    assert told == [UNTOLD, UNTOLD]


def test_one_quarter_is_shown_at_a_time(services: Services, olga: Browser) -> None:
    count_families(services, MONDAY, COMAS, (20, 20, 20))
    count_families(services, SUMMER, COMAS, (70, 70, 70))
    assert cell(olga.get(PAGE).text, "Preguntaron<br>") == "20"
    summer = olga.get(f"{PAGE}?periodo=2026-07-01").text
    assert cell(summer, "Preguntaron<br>") == "70"
    assert re.search(r'value="2026-07-01" selected>jul a set 2026', summer)
    assert cell(olga.get(f"{PAGE}?periodo=ayer&region=99&edad=9").text, "Preguntaron<br>") == "20"


def test_unmet_demand_is_on_a_map_and_in_words_by_district_and_age(services: Services, olga: Browser) -> None:
    count_families(services, MONDAY, COMAS, (40, 40), age="0", unmet=12)
    count_families(services, MONDAY, COMAS, (40, 40), age="3", unmet=9)
    count_families(services, MONDAY, TAMBO, (40, 40), age="3", unmet=8)
    page = olga.get(PAGE).text
    assert re.search(r"<title>Comas: 21 familias</title>", page)
    assert "21 familias</span>" in page
    assert cell(page, "3 a 5 años") == "17"
    young = olga.get(f"{PAGE}?edad=0").text
    assert "12 familias</span>" in young
    assert "El Tambo" not in young.split("Cifras por distrito")[-1].split("</ol>")[0]
    assert "menos de 1 año" in young
    assert cell(olga.get(f"{PAGE}?region=12").text, "3 a 5 años") == "8"


def test_a_district_with_few_families_is_not_even_named(services: Services, olga: Browser) -> None:
    count_families(services, MONDAY, COMAS, (40, 40), unmet=20)
    count_families(services, MONDAY, SJL, (40, 40), unmet=11)
    count_families(services, MONDAY, TAMBO, (40, 40), unmet=1)
    figure = olga.get(PAGE).text.split('id="mapa-titulo"')[1].split("</figure>")[0]
    listed = figure.split("Cifras por distrito")[1]
    assert "Tambo" not in listed
    assert "Comas" in listed


def test_messages_are_told_by_channel_with_their_price(services: Services, olga: Browser) -> None:
    count_messages(
        services,
        MONDAY,
        [
            ("15", "whatsapp", "delivered", 300, 60),
            ("15", "whatsapp", "received", 200, 60),
            ("15", "sms", "delivered", 90, 30),
            ("15", "sms", "failed", 10, 8),
            ("15", "sms", "received", 50, 30),
        ],
    )
    page = olga.get(PAGE).text
    assert [cell(page, "SMS", at) for at in range(7)] == [
        "100",
        "90 (90 %)",
        UNTOLD,
        "10",
        "50",
        "200",
        "22.50",
    ]
    assert cell(page, "WhatsApp", 6) == "2.50"
    assert cell(page, "Todos", 6) == "25.00"
    assert MESSAGES in page
    weeks = page.split("Mensajes por semana")[1]
    assert [cell(weeks, "23 al 29 nov", at) for at in range(4)] == [
        "300llegó 100 %",
        "100llegó 90 %",
        "400",
        "16.50",
    ]
    lima = olga.get(f"{PAGE}?region=15").text.split("Mensajes por semana")[1]
    assert cell(lima, "23 al 29 nov") == "400"
    assert "Costo" not in lima


def test_messages_of_few_people_are_not_told(services: Services, olga: Browser) -> None:
    count_messages(
        services,
        MONDAY,
        [
            ("15", "whatsapp", "delivered", 300, 60),
            ("15", "sms", "delivered", 90, 2),
            ("15", "sms", "received", 9, 2),
        ],
    )
    page = olga.get(PAGE).text
    assert [cell(page, "SMS", at) for at in (0, 5, 6)] == [UNTOLD] * 3
    weeks = page.split("Mensajes por semana")[1]
    assert cell(page, "Todos") == cell(weeks, "23 al 29 nov", 2) == "390"
    # Only SMS have segments, and each message has its price: of all of them they would be those of the two people.
    assert [cell(page, "Todos", at) for at in (5, 6)] == [UNTOLD] * 2
    assert cell(weeks, "23 al 29 nov", 3) == UNTOLD
    assert "390" not in {cell(page, "Todos"), cell(page, "WhatsApp")} or "300" not in {
        cell(page, "Todos"),
        cell(page, "WhatsApp"),
    }


def test_what_is_received_from_few_people_follows_from_no_price(services: Services, olga: Browser) -> None:
    count_messages(
        services,
        MONDAY,
        [
            ("15", "whatsapp", "delivered", 300, 60),
            ("15", "whatsapp", "received", 200, 60),
            ("15", "sms", "delivered", 90, 30),
            ("15", "sms", "received", 9, 2),
        ],
    )
    page = olga.get(PAGE).text
    assert [cell(page, "Todos", at) for at in (0, 4, 5, 6)] == ["390", "209", "180", UNTOLD]
    assert cell(page.split("Mensajes por semana")[1], "23 al 29 nov", 3) == "15.00"


def test_no_connection_is_held_while_the_figures_are_worked_out(
    services: Services, olga: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = []
    work_out = report.work_out

    def watched(*given: Any) -> report.Report:
        held.append(services.store._engine.pool.checkedout())  # type: ignore[attr-defined]
        return work_out(*given)

    monkeypatch.setattr(report, "work_out", watched)
    olga.get(PAGE)
    log_in(services, Role.COORDINATOR).post(f"{PAGE}/descargar")
    assert held == [0, 0]


def test_until_when_it_is_counted_is_told(services: Services, olga: Browser) -> None:
    counted_until(services, NOW - timedelta(minutes=5))
    assert "hoy 11:55 am" in olga.get(PAGE).text


def test_a_coordinator_takes_the_same_figures_out_and_that_is_noted(
    services: Services, olga: Browser
) -> None:
    count_families(services, MONDAY, COMAS, (40, 30, 25, 20, 14, 9, 0), unmet=9)
    count_families(services, BEFORE, TAMBO, (3, 3))
    count_messages(services, MONDAY, [("15", "sms", "delivered", 90, 30), ("15", "sms", "received", 50, 30)])
    assert olga.post(f"{PAGE}/descargar").status_code == 403
    assert "Descargar CSV" not in olga.get(PAGE).text
    carla = log_in(services, Role.COORDINATOR)
    assert "Descargar CSV" in carla.get(PAGE).text
    answer = carla.post(f"{PAGE}/descargar", {"periodo": "2026-10-01", "region": "15"})
    assert answer.mimetype == "text/csv"
    assert 'filename="ayllu-cifras-2026-10-15.csv"' in answer.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"))))
    told = {(row["parte"], row["de"], row["cifra"]): row["valor"] for row in rows}
    assert {row["region"] for row in rows} == {"Lima"}
    page = carla.get(f"{PAGE}?region=15").text
    for name, _ in FUNNEL.values():
        assert told["embudo", "", name] == cell(page, f"{name}<br>")
    assert told["demanda sin atender, por distrito", "150110 Comas", "Familias"] == "9"
    assert told["mensajes", "SMS", "Costo estimado (US$)"] == "21.00"
    assert ("por región", "Lima", "Preguntaron") not in told
    with services.store.begin() as tx:
        entry = tx.session.scalars(select(AuditEntry).where(AuditEntry.what == "exported-figures")).one()
    assert (entry.operator_id, entry.detail) == (carla.id, {"periodo": "2026-10-01", "region": "Lima"})
    everywhere = carla.post(f"{PAGE}/descargar").get_data().decode("utf-8-sig")
    assert ",3\r\n" not in everywhere


def test_strangers_see_no_figures(services: Services) -> None:
    assert browser(services).get(PAGE, status=302).location.startswith("/console/entrar")
