"""Providers are found by name, district, kind and how they stand; a page at a time, on a list and on a map."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.console.access import Role
from bot.services import Services
from bot.store import checks, found_providers, own_files
from bot.store.checks import Checker
from bot.store.found_providers import Place, State, Wanted
from matching.checks import CheckKind
from tests.bot.console.providers.conftest import LUNA, ROSA, Put
from tests.support.console import Browser, log_in

NOW = datetime.now(UTC)


@pytest.fixture
def olga(services: Services) -> Browser:
    return log_in(services, Role.OPERATOR)


@pytest.fixture
def both(put: Put) -> tuple[int, int]:
    return put(), put("luna", **LUNA)


def names(olga: Browser, query: str) -> set[str]:
    page = olga.get(f"/console/proveedores?{query}").text
    return {name for name in ("Sra. Rosa Quispe", "Nido Luna") if name in page}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"Sra. Rosa Quispe", "Nido Luna"}),
        ("q=quispe+rosa", {"Sra. Rosa Quispe"}),
        ("q=LÚN", {"Nido Luna"}),
        ("q=una", set()),
        ("q=%27+%3A*+%26+%21", {"Sra. Rosa Quispe", "Nido Luna"}),
        ("distrito=los+olibos", {"Nido Luna"}),
        ("distrito=Collique", {"Sra. Rosa Quispe"}),
        ("tipo=preschool", {"Nido Luna"}),
        ("estado=por-verificar", {"Sra. Rosa Quispe", "Nido Luna"}),
        ("estado=verificados", set()),
        ("estado=sin-cupo&tipo=home", set()),
        ("estado=nada&tipo=nada&after=nada", {"Sra. Rosa Quispe", "Nido Luna"}),
    ],
)
def test_all_that_agree_with_everything_that_is_said_are_found(
    services: Services, olga: Browser, both: tuple[int, int], query: str, found: set[str]
) -> None:
    assert names(olga, query) == found


def test_a_place_that_is_none_is_told(services: Services, olga: Browser) -> None:
    assert "No conocemos ese lugar" in olga.get("/console/proveedores?distrito=Xyzzyx").text


def test_how_they_stand_is_what_they_are_found_by(
    services: Services, olga: Browser, both: tuple[int, int]
) -> None:
    rosa, luna = both
    with services.store.begin() as tx:
        for kind in (CheckKind.IDENTITY, CheckKind.BACKGROUND, CheckKind.VISIT):
            checks.record(tx, rosa, kind, NOW.date(), Checker("Ana", 7), NOW)
        own_files.pause(tx, luna, datetime(2999, 1, 1, tzinfo=UTC).date(), NOW)
    assert names(olga, "estado=por-confirmar") == {"Sra. Rosa Quispe"}
    assert names(olga, "estado=en-pausa") == {"Nido Luna"}
    with services.store.begin() as tx:
        checks.confirm(tx, rosa, Checker("Julia", 8), NOW)
        assert found_providers.counts(tx, NOW, False) == {
            State.TO_VERIFY: 1,
            State.READY: 0,
            State.EXPIRING: 0,
            State.OVER: 0,
            State.PAUSED: 1,
            State.FULL: 0,
        }
    assert names(olga, "estado=verificados") == {"Sra. Rosa Quispe"}
    assert names(olga, "estado=por-confirmar") == set()


@pytest.mark.parametrize("state", [None, State.EXPIRING, State.OVER])
def test_page_by_page_everybody_is_seen_once(services: Services, demo: None, state: State | None) -> None:
    late = datetime(2031, 1, 1, tzinfo=UTC) if state is State.OVER else NOW
    wanted, seen = Wanted(state=state), list[int]()
    with services.store.begin() as tx:
        after: Place | None = None
        while some := found_providers.listed(tx, wanted, after, 40, late, True):
            seen += [card.id for card in some]
            after = Place(some[-1].id, some[-1].verified_until)
        everybody = found_providers.on_map(tx, wanted, None, 10_000, late, True)
    assert len(seen) > (5 if state is State.EXPIRING else 500)
    assert len(seen) == len(set(seen)) == len(everybody)


def test_who_left_is_on_no_list(services: Services, olga: Browser, both: tuple[int, int]) -> None:
    with services.store.begin() as tx:
        own_files.withdraw(tx, both[0], NOW)
    assert names(olga, "") == {"Nido Luna"}
    olga.get(f"/console/proveedores/{both[0]}", status=404)


def test_the_map_shows_those_that_were_found(
    services: Services, olga: Browser, both: tuple[int, int]
) -> None:
    page = olga.get("/console/proveedores/mapa?q=rosa").text
    assert 'class="map__paper"' in page
    assert f'href="/console/proveedores/{both[0]}"' in page
    assert f'href="/console/proveedores/{both[1]}"' not in page


def test_the_whole_file_is_in_plain_spanish_and_the_number_is_not_there(
    services: Services, olga: Browser, rosa: int
) -> None:
    page = olga.get(f"/console/proveedores/{rosa}").text
    for said in (
        "6 meses a 4 años", "lunes a viernes 6am-6pm", "S/ 15 al día", "2 cupos", "almuerzo y patio",
        "Jr. Los Pinos 120", "Comas (150110)", "+51 *** *** *21", "Cuidadora en su casa",
    ):  # fmt: skip
        assert said in page, said
    assert "987654321" not in page


def test_a_number_is_shown_once_for_a_reason_that_is_kept(
    services: Services, olga: Browser, rosa: int
) -> None:
    assert olga.post(f"/console/proveedores/{rosa}/numero", {"motivo": "  "}).status_code == 422
    page = olga.post(f"/console/proveedores/{rosa}/numero", {"motivo": "Avisarle de la visita"})
    assert ROSA["phone"] in page.text
    after = olga.get(f"/console/proveedores/{rosa}").text
    assert ROSA["phone"] not in after
    assert "Avisarle de la visita" in after


def test_pages_weigh_little_with_many_providers(services: Services, demo: None, olga: Browser) -> None:
    for address in ("/console/proveedores", "/console/proveedores/mapa", "/console/proveedores/1"):
        assert len(olga.get(address).data) < 60_000, address


def test_words_of_a_search_are_none_of_the_databases(services: Services) -> None:
    assert found_providers._words("  Ñusta & !r.' ") == "nusta:* & r:*"
    assert found_providers._words("'!:*") == ""
