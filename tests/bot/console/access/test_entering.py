"""Logging in and out: who comes in, where they come, and what a stranger learns."""

from __future__ import annotations

import statistics
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select, update

from bot.console.access import Role, lockout
from bot.console.access.passwords import hash_of
from bot.services import Services, wire
from bot.store import operators
from bot.store.tables import AuditEntry, OperatorRow, OperatorSession
from tests.support.console import PASSWORD, Browser, add_operator, browser, log_in

MONDAY = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


def try_in(visitor: Browser, login: str = "olga", password: str = PASSWORD, **more: Any) -> int:
    return visitor.post("/console/entrar", {"usuario": login, "contrasena": password, **more}).status_code


def notes(services: Services) -> list[tuple[str, str]]:
    with services.store.begin() as tx:
        rows = tx.session.execute(select(AuditEntry.what, AuditEntry.subject).order_by(AuditEntry.id))
        return [(what, subject) for what, subject in rows]


def test_who_is_not_logged_in_comes_to_the_log_in_and_from_there_to_where_they_wanted(
    services: Services,
) -> None:
    add_operator(services, Role.ADMINISTRATOR)
    visitor = browser(services)
    answer = visitor.get("/console/registro?que=logged-in", status=302)
    assert answer.location == "/console/entrar?next=/console/registro?que%3Dlogged-in"
    page = visitor.get(answer.location).text
    assert 'name="next" value="/console/registro?que=logged-in"' in page
    answer = visitor.post(
        "/console/entrar",
        {"usuario": " ADA ", "contrasena": PASSWORD, "next": "/console/registro?que=logged-in"},
    )
    assert (answer.status_code, answer.location) == (302, "/console/registro?que=logged-in")
    assert visitor.get("/console/entrar", status=302).location.startswith("/console/")
    assert notes(services) == [("logged-in", "operator:1")]


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/console/",
        "//evil.example/console/",
        "/\\evil.example/console/",
        "/console/\\..\\..",
        "/console/../../evil",
        "/console/\r\nSet-Cookie: a=b",
        "javascript:alert(1)",
        "/twilio/messages",
        "/console/salir",
        "console/equipo",
        "",
    ],
)
def test_after_the_log_in_nobody_is_sent_elsewhere(services: Services, elsewhere: str) -> None:
    add_operator(services, Role.OPERATOR)
    visitor = browser(services)
    answer = visitor.post("/console/entrar", {"usuario": "olga", "contrasena": PASSWORD, "next": elsewhere})
    assert answer.status_code == 302
    assert answer.location in ("/console/", "/console/cuenta")


def test_a_stranger_hears_the_same_whether_the_account_is_there_or_not(services: Services) -> None:
    add_operator(services, Role.OPERATOR)
    with services.store.begin() as tx:
        operators.add(tx, "gone", "Se fue", Role.OPERATOR, hash_of(PASSWORD), None, MONDAY)
        tx.session.execute(
            update(OperatorRow).where(OperatorRow.login == "gone").values(deactivated_at=MONDAY)
        )
    visitor, told = browser(services), set()
    for login, password in (("olga", "wrong"), ("nobody", PASSWORD), ("gone", PASSWORD), ("olga", "")):
        answer = visitor.post("/console/entrar", {"usuario": login, "contrasena": password})
        assert answer.status_code == 401
        told.add(answer.text.replace(login, "…").split("<main")[1])
    assert len({text.split("csrf_token")[0] for text in told}) == 1
    assert "nobody" not in str(notes(services))


def test_and_it_takes_as_long(services: Services) -> None:
    add_operator(services, Role.OPERATOR)
    visitor = browser(services)
    token = visitor.token()

    def took(login: str) -> float:
        began = time.process_time()  # whatever else this machine has to do
        form = {"usuario": login, "contrasena": "wrong", "csrf_token": token}
        assert visitor.client.post("/console/entrar", data=form).status_code == 401
        return time.process_time() - began

    took("nobody")
    there, not_there = zip(*((took("olga"), took("nobody")) for _ in range(7)), strict=True)
    assert 0.5 < statistics.median(there) / statistics.median(not_there) < 2


def test_after_ten_failures_the_account_rests_and_so_does_one_that_is_not_there(services: Services) -> None:
    add_operator(services, Role.OPERATOR)
    with time_machine.travel(datetime.now(UTC), tick=True) as clock:
        for login in ("olga", "nobody"):
            visitor = browser(services)
            assert [try_in(visitor, login, "wrong") for _ in range(10)] == [401] * 10
            answer = visitor.post("/console/entrar", {"usuario": login, "contrasena": PASSWORD})
            assert answer.status_code == 429
            assert "Espere 15 min" in answer.text or "Espere 14 min" in answer.text
        assert ("locked-out", "operator:1") in notes(services)
        clock.shift(timedelta(minutes=16))
        assert try_in(browser(services)) in (302, 429)


def test_a_good_password_takes_the_failures_before_it_back(services: Services) -> None:
    add_operator(services, Role.OPERATOR)
    for _ in range(3):
        visitor = browser(services)
        assert {try_in(visitor, "olga", "wrong") for _ in range(6)} == {401}
        assert try_in(visitor) == 302


def test_an_address_that_tries_many_accounts_rests_too_and_others_do_not(services: Services) -> None:
    add_operator(services, Role.OPERATOR)
    here = lockout.Lockout(services.redis, services.store.vault)
    for number in range(lockout.ADDRESS.amount):
        assert here.seconds_to_wait(lockout.Try(f"somebody{number}", "127.0.0.1")) == 0
    assert try_in(browser(services)) == 429
    far = {"REMOTE_ADDR": "190.12.80.1"}
    other = browser(services)
    form = {"usuario": "olga", "contrasena": PASSWORD, "csrf_token": other.token()}
    assert other.client.post("/console/entrar", data=form, environ_base=far).status_code == 302


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "6.6.6.6", "127.0.0.1"),
        (1, "", "127.0.0.1"),
        (1, "190.12.80.1", "190.12.80.1"),
        (1, "6.6.6.6, 190.12.80.1", "190.12.80.1"),
        (2, "6.6.6.6, 190.12.80.1, 10.0.0.7", "190.12.80.1"),
    ],
)
def test_the_address_is_what_our_own_proxies_saw(
    services: Services, proxies: int, forwarded: str, address: str
) -> None:
    app = browser(services).app
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    with app.test_request_context(
        "/console/entrar", headers=headers, environ_base={"REMOTE_ADDR": "127.0.0.1"}
    ):
        assert lockout.address_of_request(proxies) == address


def test_without_redis_failures_are_counted_all_the_same(services: Services) -> None:
    add_operator(services, Role.OPERATOR)
    away = wire(services.settings.model_copy(update={"redis_url": "redis://127.0.0.1:1/0"}))
    visitor = browser(replace(services, redis=away.redis))
    assert try_in(visitor) == 302
    assert [try_in(visitor, "nobody", "wrong") for _ in range(11)][-2:] == [401, 429]
    away.close()


def test_who_logs_out_is_out_whoever_kept_the_cookie(services: Services) -> None:
    olga = log_in(services)
    kept = olga.client.get_cookie("ayllu_console", path="/console/")
    assert kept is not None
    answer = olga.post("/console/salir")
    assert (answer.status_code, answer.location) == (302, "/console/entrar")
    assert "Salió de la consola" in olga.get("/console/entrar").text
    thief = browser(services)
    thief.client.set_cookie("ayllu_console", kept.value, path="/console/")
    thief.get("/console/cuenta", status=302)
    with services.store.begin() as tx:
        assert tx.session.scalars(select(OperatorSession.id)).all() == []


def test_the_database_holds_nothing_to_log_in_with(services: Services) -> None:
    olga = log_in(services)
    with olga.client.session_transaction("/console/cuenta") as cookie:
        token = cookie["_user_id"]
    with services.store.begin() as tx:
        (kept,) = tx.session.scalars(select(OperatorSession.token_hash))
        (password,) = tx.session.scalars(select(OperatorRow.password_hash))
    assert token.encode() not in kept
    assert len(kept) == 32
    assert password.startswith("$argon2id$")
    assert PASSWORD not in password


@pytest.mark.parametrize(
    ("idle", "stays"), [(timedelta(hours=1, minutes=50), True), (timedelta(hours=2, minutes=5), False)]
)
def test_a_session_ends_when_nothing_is_done(services: Services, idle: timedelta, stays: bool) -> None:
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        olga = log_in(services)
        clock.shift(idle)
        olga.get("/console/cuenta", status=200 if stays else 302)


def test_and_after_a_working_day_however_busy(services: Services) -> None:
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        olga = log_in(services)
        for _ in range(11):
            clock.shift(timedelta(hours=1))
            olga.get("/console/cuenta")
        clock.shift(timedelta(minutes=61))
        olga.get("/console/cuenta", status=302)


def test_who_is_deactivated_is_out_at_once(services: Services) -> None:
    olga = log_in(services)
    with services.store.begin() as tx:
        operators.set_active(tx, olga.id, MONDAY)
    olga.get("/console/cuenta", status=302)


def test_the_cookie_is_for_the_console_alone_and_under_https_for_nothing_else(services: Services) -> None:
    add_operator(services, Role.OPERATOR)

    def cookie(public_url: str) -> str:
        settings = services.settings.model_copy(update={"public_url": public_url})
        visitor = browser(replace(services, settings=settings))
        return visitor.client.get("/console/entrar", base_url=public_url).headers["Set-Cookie"]

    assert {"Secure", "HttpOnly", "Path=/console/", "SameSite=Lax"} <= set(
        cookie("https://ayllu.example.pe").split("; ")
    )
    assert "Secure" not in cookie("http://127.0.0.1:8000").split("; ")


def test_the_carriers_doors_get_no_cookie_and_ask_for_no_token(services: Services) -> None:
    client = browser(services).client
    for path in ("/twilio/messages", "/healthz", "/readyz"):
        answer = client.post(path) if path.startswith("/twilio") else client.get(path)
        assert "Set-Cookie" not in answer.headers
        assert answer.status_code in (200, 403)


def test_a_one_time_password_must_be_changed_before_anything_else_and_ends(services: Services) -> None:
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        with services.store.begin() as tx:
            until = datetime.now(UTC) + timedelta(days=7)
            operators.add(tx, "nueva", "Nueva", Role.OPERATOR, hash_of("abcd-efgh-jkmn-pqrs"), until, MONDAY)
        nueva = browser(services)
        answer = nueva.post("/console/entrar", {"usuario": "nueva", "contrasena": "abcd-efgh-jkmn-pqrs"})
        assert answer.location == "/console/cuenta"
        assert "de un solo uso" in nueva.get("/console/cuenta").text
        assert nueva.post("/console/cuenta/codigo", {"contrasena": "x"}).location == "/console/cuenta"
        clock.shift(timedelta(days=8))
        late = browser(services).post(
            "/console/entrar", {"usuario": "nueva", "contrasena": "abcd-efgh-jkmn-pqrs"}
        )
        assert late.status_code == 401
        assert "ya venció" in late.text
