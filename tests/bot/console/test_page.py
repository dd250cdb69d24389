"""What every page uses: times in words, masked numbers, files with their version, sizes, errors told on a page."""

from __future__ import annotations

import doctest
import io
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Event, Thread

import pytest
import time_machine
from flask import Flask, request

from bot import console
from bot.app import create_app
from bot.console import page
from bot.console.access import Role, at_least, passwords, roles
from bot.console.page import MIB, ago, masked, moment, takes_up_to
from bot.services import Services, wire
from tests.support.console import Browser, browser, log_in

NOW = datetime(2026, 11, 25, 20, 15, tzinfo=UTC)
"""Wednesday, 3:15 pm in Lima."""


@pytest.mark.parametrize("module", [page, passwords, roles])
def test_the_examples_are_true(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("back", "said", "since"),
    [
        (timedelta(0), "hoy 3:15 pm", "hace 0 s"),
        (timedelta(hours=3, minutes=15), "hoy 12:00 pm", "hace 3 h"),
        (timedelta(hours=15, minutes=10), "hoy 12:05 am", "hace 15 h"),
        (timedelta(hours=16), "ayer 11:15 pm", "hace 16 h"),
        (-timedelta(days=1), "mañana 3:15 pm", "en 1 día"),
        (timedelta(days=2), "lun 23 nov 3:15 pm", "hace 2 días"),
        (timedelta(days=400), "21 oct 2025 3:15 pm", "hace 400 días"),
    ],
)
def test_times_are_told_as_one_says_them_in_lima(back: timedelta, said: str, since: str) -> None:
    with time_machine.travel(NOW, tick=False):
        assert (moment(NOW - back), ago(NOW - back)) == (said, since)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("+51987654321", "+51 *** *** *21"),
        ("whatsapp:+51987654321", "+51 *** *** *21"),
        ("+14155550100", "+14***00"),
        ("PE.13491208655302741918", "PE.***18"),
        ("12345", "***"),
        ("", "—"),
    ],
)
def test_a_number_is_masked_to_what_tells_two_apart(address: str, shown: str) -> None:
    assert masked(address) == shown


def test_files_are_kept_for_good_under_an_address_that_changes_with_them(services: Services) -> None:
    visitor = browser(services)
    addresses = re.findall(r'(?:href|src)="(/console/static/[^"]+)"', visitor.get("/console/entrar").text)
    assert len(addresses) >= 3
    for address in addresses:
        assert re.search(r"\?v=[0-9a-f]{10}$", address)
        answer = visitor.get(address)
        assert set(answer.headers["Cache-Control"].split(", ")) == {"public", "max-age=31536000", "immutable"}
        assert "Set-Cookie" not in answer.headers
        bare = visitor.get(address.split("?")[0])
        assert "immutable" not in bare.headers["Cache-Control"]
    for nowhere in ("/console/static/nothing.css", "/console/static/..%2fpage.py", "/console/static/"):
        visitor.get(nowhere, status=404)


def test_a_view_takes_a_large_file_where_it_says_so_and_only_from_who_may_send_it(services: Services) -> None:
    app = create_app(services)
    _add_views(app)
    carla, olga = log_in(services, Role.COORDINATOR, app), log_in(services, app=app)
    stranger = browser(services, app)

    def send(who: Browser, path: str, size: int) -> int:
        file = {"archivo": (io.BytesIO(b"a" * size), "carers.csv")}
        return who.post(path, file, content_type="multipart/form-data").status_code

    assert send(carla, "/console/large", 4 * MIB) == 200
    assert send(carla, "/console/large", 6 * MIB) == 413
    assert send(carla, "/console/small", MIB) == 413
    assert send(olga, "/console/large", 4 * MIB) == 403
    assert send(stranger, "/console/large", 4 * MIB) == 302
    answer = carla.post("/console/small", {"a": "a" * 70_000})
    assert (answer.status_code, "El archivo es muy grande" in answer.text) == (413, True)


def _add_views(app: Flask) -> None:
    @takes_up_to(5 * MIB)
    @at_least(Role.COORDINATOR)
    def large() -> str:
        return str(len(request.files["archivo"].read()))

    @at_least(Role.COORDINATOR)
    def small() -> str:
        return "taken"

    for view in (large, small):
        app.add_url_rule(f"/console/{view.__name__}", view.__name__, view, methods=["POST"])


def test_what_goes_wrong_is_told_on_a_page_and_outside_the_console_in_a_line(services: Services) -> None:
    def breaks() -> str:
        raise RuntimeError("mi bebe de collique")

    app = create_app(services)
    app.add_url_rule("/console/breaks", "breaks", at_least(Role.OPERATOR)(breaks))
    olga = log_in(services, app=app)
    for path, status, said in (
        ("/console/nowhere", 404, "Esa página no existe"),
        ("/console/equipo", 403, "No tiene permiso"),
        ("/console/breaks", 500, "Algo falló"),
    ):
        answer = olga.get(path, status=status)
        assert said in answer.text
        assert "collique" not in answer.text
        assert answer.mimetype == "text/html"
        if status != 404:
            assert "Salir" in answer.text
    assert olga.get("/console/salir", status=405).mimetype == "text/html"
    assert olga.get("/nowhere", status=404).mimetype == "text/plain"
    assert "abierta hace mucho" in olga.client.post("/console/salir").text


def test_without_the_database_a_page_says_so(services: Services) -> None:
    olga = log_in(services)
    away = wire(services.settings.model_copy(update={"database_url": "postgresql://nobody@127.0.0.1:1/none"}))
    olga.app.extensions["ayllu"] = replace(services, store=away.store)
    answer = olga.get("/console/cuenta", status=503)
    assert "la base de datos no responde" in answer.text
    away.close()


def test_only_some_pages_are_made_at_once_and_the_carriers_doors_stay_open(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(console, "PATIENCE_S", 0.1)
    inside, go_on, entered = Event(), Event(), list[int]()

    def slow() -> str:
        entered.append(1)
        if len(entered) == console.AT_ONCE:
            inside.set()
        go_on.wait(10)
        return "done"

    app = create_app(services)
    app.add_url_rule("/console/slow", "slow", at_least(Role.OPERATOR)(slow))
    olga = log_in(services, app=app)
    cookie = olga.client.get_cookie("ayllu_console", path="/console/")
    assert cookie is not None

    def ask(path: str) -> int:
        client = app.test_client()
        client.set_cookie("ayllu_console", cookie.value, path="/console/")
        return client.get(path).status_code

    askers = [Thread(target=ask, args=("/console/slow",)) for _ in range(console.AT_ONCE)]
    for asker in askers:
        asker.start()
    assert inside.wait(10)
    assert ask("/console/cuenta") == 503
    assert ask("/healthz") == 200
    assert ask("/console/static/console.css") == 200
    go_on.set()
    for asker in askers:
        asker.join()
    assert ask("/console/cuenta") == 200
