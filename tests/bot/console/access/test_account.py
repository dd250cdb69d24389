"""One's own account: another password, a second proof, codes on paper."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
import time_machine
from sqlalchemy import select

from bot.console.access import Role
from bot.services import Services
from bot.store.tables import AuditEntry, OperatorRow, RecoveryCode
from tests.support.console import PASSWORD, Browser, browser, log_in

NEW = "otra frase que nadie adivina"


def change(who: Browser, now: str = PASSWORD, new: str = NEW, again: str | None = None) -> int:
    form = {"actual": now, "nueva": new, "repetida": new if again is None else again}
    return who.post("/console/cuenta/contrasena", form).status_code


def enter(services: Services, password: str) -> int:
    return browser(services).post("/console/entrar", {"usuario": "olga", "contrasena": password}).status_code


def test_a_changed_password_is_the_only_one_and_ends_what_was_open_elsewhere(services: Services) -> None:
    laptop, phone = log_in(services), log_in(services)
    assert change(laptop) == 302
    assert "Su contraseña cambió" in laptop.get("/console/cuenta").text
    phone.get("/console/cuenta", status=302)
    assert (enter(services, PASSWORD), enter(services, NEW)) == (401, 302)


@pytest.mark.parametrize(
    ("now", "new", "again", "said"),
    [
        ("wrong", NEW, NEW, "Esa no es su contraseña actual"),
        (PASSWORD, "corta", "corta", "al menos 12"),
        (PASSWORD, "a" * 201, "a" * 201, "máximo 200"),
        (PASSWORD, "ababababababab", "ababababababab", "Repite mucho"),
        (PASSWORD, "olga-operadora-1", "olga-operadora-1", "Se parece demasiado"),
        (PASSWORD, NEW, NEW + "x", "No es igual"),
        (PASSWORD, PASSWORD, PASSWORD, "la misma de antes"),
    ],
)
def test_a_password_that_is_no_good_is_refused_beside_its_field(
    services: Services, now: str, new: str, again: str, said: str
) -> None:
    olga = log_in(services)
    form = {"actual": now, "nueva": new, "repetida": again}
    answer = olga.post("/console/cuenta/contrasena", form)
    assert answer.status_code == 422
    assert said in answer.text
    assert new not in answer.text or new == "corta"
    assert enter(services, PASSWORD) == 302


def test_who_finds_a_laptop_open_has_few_tries_at_its_password(services: Services) -> None:
    olga = log_in(services)
    for _ in range(6):
        assert "Esa no es" in olga.post("/console/cuenta/contrasena", {"actual": "wrong"}).text
    assert "demasiados intentos" in olga.post("/console/cuenta/contrasena", {"actual": PASSWORD}).text


def begin(olga: Browser) -> str:
    """Ask for a second proof: the secret that is shown."""
    answer = olga.post("/console/cuenta/codigo", {"contrasena": PASSWORD})
    assert answer.location == "/console/cuenta/codigo"
    page = olga.get("/console/cuenta/codigo").text
    assert "data:image/svg+xml" in page
    found = re.search(r'class="code strong">([A-Z2-7-]+)<', page)
    assert found is not None
    return found[1].replace("-", "")


def turn_on(olga: Browser) -> tuple[str, list[str]]:
    """A second proof that counts: its secret and the codes on paper."""
    secret = begin(olga)
    code = pyotp.TOTP(secret).at(datetime.now(UTC))
    page = olga.post("/console/cuenta/codigo/confirmar", {"codigo": code}).text
    return secret, re.findall(r"<li>([a-z0-9]{4}(?:-[a-z0-9]{4}){3})</li>", page)


def password_given(services: Services) -> Browser:
    """A browser in which the password was given, and the code is asked for."""
    visitor = browser(services)
    answer = visitor.post("/console/entrar", {"usuario": "olga", "contrasena": PASSWORD})
    assert answer.location == "/console/entrar/codigo"
    return visitor


def prove(visitor: Browser, code: str) -> int:
    return visitor.post("/console/entrar/codigo", {"codigo": code}).status_code


def test_a_second_proof_counts_once_it_was_shown_to_work(services: Services) -> None:
    olga = log_in(services)
    begin(olga)
    assert olga.post("/console/cuenta/codigo/confirmar", {"codigo": "000000"}).status_code == 422
    assert enter(services, PASSWORD) == 302


def test_with_a_second_proof_the_password_alone_opens_nothing(services: Services) -> None:
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        secret, _ = turn_on(log_in(services))
        clock.shift(timedelta(minutes=2))
        visitor = password_given(services)
        visitor.get("/console/cuenta", status=302)
        assert prove(visitor, "000000") == 401
        visitor.get("/console/cuenta", status=302)
        assert prove(visitor, pyotp.TOTP(secret).now()) == 302
        assert "Activado" in visitor.get("/console/cuenta").text


def test_a_code_counts_once_though_a_phones_clock_may_be_off(services: Services) -> None:
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        secret, _ = turn_on(log_in(services))
        codes = pyotp.TOTP(secret)
        clock.shift(timedelta(minutes=5))
        now = datetime.now(UTC)
        for off, status in ((-90, 401), (90, 401), (-30, 302), (-30, 401), (30, 302), (0, 401)):
            assert prove(password_given(services), codes.at(now + timedelta(seconds=off))) == status, off


def test_after_some_wrong_codes_the_right_one_is_not_taken_either(services: Services) -> None:
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        secret, _ = turn_on(log_in(services))
        clock.shift(timedelta(minutes=5))
        assert {prove(password_given(services), "000000") for _ in range(6)} == {401}
        assert prove(password_given(services), pyotp.TOTP(secret).now()) == 429


def test_who_takes_too_long_over_the_code_begins_again(services: Services) -> None:
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        secret, _ = turn_on(log_in(services))
        visitor = password_given(services)
        clock.shift(timedelta(minutes=11))
        answer = visitor.post("/console/entrar/codigo", {"codigo": pyotp.TOTP(secret).now()})
        assert answer.location == "/console/entrar"


def test_each_code_on_paper_opens_once(services: Services) -> None:
    _, codes = turn_on(log_in(services))
    assert len(set(codes)) == 8
    visitor = password_given(services)
    assert prove(visitor, codes[0].upper().replace("-", " ")) == 302
    assert "Le quedan 7" in visitor.get("/console/cuenta").text
    assert prove(password_given(services), codes[0]) == 401
    with services.store.begin() as tx:
        kept = tx.session.scalars(select(RecoveryCode.code_hash)).all()
    assert not any(code.replace("-", "").encode() in one for code in codes for one in kept)


def test_the_second_proof_is_kept_sealed_and_taken_away_by_password(services: Services) -> None:
    olga = log_in(services)
    secret, _ = turn_on(olga)
    with services.store.begin() as tx:
        (sealed,) = tx.session.scalars(select(OperatorRow.totp_sealed))
    assert sealed is not None
    assert secret.encode() not in sealed
    assert olga.post("/console/cuenta/codigo/quitar", {"contrasena": "wrong"}).status_code == 422
    assert olga.post("/console/cuenta/codigo/quitar", {"contrasena": PASSWORD}).status_code == 302
    assert enter(services, PASSWORD) == 302
    with services.store.begin() as tx:
        assert tx.session.scalars(select(RecoveryCode.id)).all() == []
        deeds = list(tx.session.scalars(select(AuditEntry.what).order_by(AuditEntry.id)))
    assert deeds == ["logged-in", "second-proof-on", "second-proof-off", "logged-in"]


def test_the_account_says_who_one_is(services: Services) -> None:
    page = log_in(services, Role.COORDINATOR).get("/console/cuenta").text
    assert "Carla Coordinadora" in page
    assert "Coordinador(a)" in page
