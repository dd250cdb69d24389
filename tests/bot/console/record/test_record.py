"""The audit log: what is written into it, and how it is read."""

from __future__ import annotations

import doctest
import re
from datetime import UTC, datetime, timedelta

import time_machine
from sqlalchemy import func, select

from bot.console import audit
from bot.console.access import Role
from bot.console.audit import Deed
from bot.console.record import views
from bot.services import Services
from bot.store.tables import AuditEntry
from tests.support.console import log_in
from workers import context
from workers.retention_job import retain


def write(
    services: Services, count: int, what: Deed = Deed.UNMASKED_NUMBER, subject: str = "contact:7"
) -> None:
    with services.store.begin() as tx:
        for _ in range(count):
            audit.note(tx, 1, what, subject)


def rows(page: str) -> int:
    return len(re.findall(r"<tr>", page)) - 1


def test_every_deed_has_words() -> None:
    assert audit.WORDS.keys() == set(Deed)


def test_the_examples_are_true() -> None:
    assert doctest.testmod(views).failed == 0


def test_subjects_and_details_are_told_in_words_and_quote_nothing(services: Services) -> None:
    with services.store.begin() as tx:
        audit.note(
            tx, 1, Deed.UNMASKED_NUMBER, "provider:12", {"reason": "<b>llamó</b>", "changed": ["costo"]}
        )
    page = log_in(services, Role.ADMINISTRATOR).get("/console/registro").text
    assert "proveedor(a) n.º 12" in page
    assert "motivo: &lt;b&gt;llamó&lt;/b&gt; · cambió: costo" in page


def test_the_record_is_read_a_page_at_a_time_the_latest_first(services: Services) -> None:
    ada = log_in(services, Role.ADMINISTRATOR)
    write(services, 59)
    page = ada.get("/console/registro").text
    assert rows(page) == 25
    assert "Entró</td>" not in page
    later = re.search(r'href="(/console/registro\?[^"]*after=\d+)"', page)
    assert later is not None
    second = ada.get(later[1]).text
    assert rows(second) == 25
    assert "Volver al inicio" in second
    last = re.search(r'rel="next" href="([^"]+)"', second)
    assert last is not None
    assert rows(ada.get(last[1]).text) == 10
    assert "Entró</td>" in ada.get(last[1]).text


def test_it_is_found_by_who_what_about_whom_and_when(services: Services) -> None:
    ada = log_in(services, Role.ADMINISTRATOR)
    write(services, 1)
    write(services, 2, Deed.SAW_CONVERSATION, "contact:8")
    for query, count in (
        (f"quien={ada.id}", 4),
        ("quien=99", 0),
        ("que=unmasked-number", 1),
        ("sobre=contact:8", 2),
        ("que=saw-conversation&sobre=contact:7", 0),
        (f"dia={datetime.now(UTC) - timedelta(hours=5):%Y-%m-%d}", 4),
        ("dia=2020-01-01", 0),
        ("dia=yesterday&que=everything&quien=me&after=x", 4),
    ):
        page = ada.get(f"/console/registro?{query}").text
        assert (rows(page) if count else "No hay nada que coincida" in page) == (count or True), query


def test_what_is_seen_is_noted_once_in_an_hour(services: Services) -> None:
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        for minutes in (0, 30, 31):
            clock.shift(timedelta(minutes=minutes))
            with services.store.begin() as tx:
                audit.note_seen(tx, 1, Deed.SAW_CONVERSATION, "contact:8")
    with services.store.begin() as tx:
        assert tx.session.scalar(select(func.count()).select_from(AuditEntry)) == 2


def test_a_number_that_came_into_a_detail_is_cut(services: Services) -> None:
    with services.store.begin() as tx:
        detail = {"a": "+51987654321", "b": ["987654321", 5], "c": {"d": "2026-11-23"}}
        audit.note(tx, 1, Deed.UNMASKED_NUMBER, "contact:8", detail)
    with services.store.begin() as tx:
        (kept,) = tx.session.scalars(select(AuditEntry.detail))
    assert kept == {"a": "***21", "b": ["***21", 5], "c": {"d": "2026-11-23"}}


def test_a_deed_that_did_not_happen_is_not_in_it(services: Services) -> None:
    try:
        with services.store.begin() as tx:
            audit.note(tx, 1, Deed.UNMASKED_NUMBER, "contact:8")
            raise RuntimeError
    except RuntimeError:
        pass
    with services.store.begin() as tx:
        assert tx.session.scalar(select(func.count()).select_from(AuditEntry)) == 0


def test_it_is_kept_as_long_as_people_are(services: Services) -> None:
    now = datetime.now(UTC)
    with time_machine.travel(now - timedelta(days=services.settings.keep_people_days + 1), tick=False):
        write(services, 3)
    write(services, 1)
    context.use(services)
    retain()
    with services.store.begin() as tx:
        assert tx.session.scalar(select(func.count()).select_from(AuditEntry)) == 1
