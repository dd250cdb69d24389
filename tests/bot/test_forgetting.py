"""Who asks to be forgotten is; who has been silent for years too; and messages are not kept for ever. Afterwards
nothing that is stored, opened with the keys, shows them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import func, select, update

from bot.services import Services
from bot.store import contacts
from bot.store.tables import (
    Base,
    Contact,
    Conversation,
    Event,
    Inbound,
    Offer,
    Outbound,
    Provider,
    Request,
    Search,
)
from tests.support.carrier import LocalCarrier
from tests.support.lives import (
    FLOR,
    HERS,
    ILDEFONSA,
    LUCIA,
    THEIRS,
    WEDNESDAY,
    ZORAIDA,
    live,
    read_all,
    shown_in,
)
from tests.support.phone import Town, at
from workers import context, retention_job

OF_NOBODY = {"hub", "resource", "last_look", "tally", "message_tally"}
DAY = timedelta(days=1)


class After:
    """The town, after two whole lives, and its clock."""

    def __init__(self, town: Town, clock: time_machine.Traveller) -> None:
        self.town = town
        self.clock = clock
        self.services = town.services

    def pass_days(self, days: int) -> None:
        self.town.pass_time(self.clock, datetime.now(UTC) + days * DAY)

    def left_of(self, words: tuple[str, ...]) -> list[str]:
        return [str(found) for found in read_all(self.services.store) if shown_in(found.text, words)]

    def count(self, table: type[Base]) -> int:
        with self.services.store.begin() as tx:
            return tx.session.scalar(select(func.count()).select_from(table)) or 0

    def id_of(self, address: str) -> int | None:
        with self.services.store.begin() as tx:
            return contacts._at(tx, address)


@pytest.fixture
def after(services: Services, carrier: LocalCarrier, tmp_path: Path) -> Iterator[After]:
    with at(WEDNESDAY) as clock:
        town = Town(services, carrier)
        live(town, clock, tmp_path)
        filled = {found.table for found in read_all(services.store)}
        assert {table.name for table in Base.metadata.sorted_tables} - filled <= OF_NOBODY
        yield After(town, clock)


def test_a_parent_who_is_erased_leaves_nothing_behind(after: After) -> None:
    her_id = after.id_of(ZORAIDA)
    after.town.ask(ZORAIDA, "whatsapp", "borren mis datos")
    after.town.ask(ZORAIDA, "whatsapp", "si")
    assert [left for left in after.left_of(HERS[2:]) if "last word" not in left] == []
    assert any("canceló" in text or "cancelo" in text for text in after.town.heard(ILDEFONSA, "sms"))
    after.pass_days(2)
    assert after.left_of(HERS) == []
    assert after.id_of(ZORAIDA) is None
    with after.services.store.begin() as tx:
        for table in Base.metadata.sorted_tables:
            if "contact_id" in table.columns:
                assert not tx.session.scalars(
                    select(table).where(table.columns["contact_id"] == her_id)
                ).all()
    assert after.count(Request) == after.count(Offer) == 0
    assert after.id_of(ILDEFONSA) is not None


def test_a_provider_who_is_erased_leaves_nothing_behind(after: After) -> None:
    after.town.ask(ILDEFONSA, "sms", "borren mis datos")
    after.town.ask(ILDEFONSA, "sms", "si")
    after.pass_days(2)
    assert after.left_of(THEIRS) == []
    assert after.count(Provider) == 1
    assert after.id_of(ZORAIDA) is not None


def test_who_comes_back_within_the_day_is_a_stranger_and_stays(after: After) -> None:
    after.town.ask(ZORAIDA, "whatsapp", "borren mis datos")
    after.town.ask(ZORAIDA, "whatsapp", "si")
    after.clock.shift(timedelta(hours=2))
    after.town.ask(ZORAIDA, "whatsapp", "hola")
    after.pass_days(2)
    assert after.id_of(ZORAIDA) is not None
    assert after.left_of(("xilofono", "formula")) == []


def test_messages_go_after_their_days_and_people_stay(after: After) -> None:
    kept = after.services.settings.keep_messages_days
    after.pass_days(kept - 7)
    retention_job.retain()
    assert after.count(Inbound)
    assert after.left_of(("xilofono",))
    after.pass_days(9)
    retention_job.retain()
    for table in (Inbound, Outbound, Search):
        assert after.count(table) == 0, table
    assert after.count(Contact) == 3
    with after.services.store.begin() as tx:
        assert not tx.session.scalars(select(Event).where(Event.handled_at.is_not(None))).all()
    assert after.town.ask(ZORAIDA, "sms", "hola")


def test_who_is_silent_for_years_is_forgotten_as_if_they_had_asked(
    after: After, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    years = after.services.settings.keep_people_days
    after.pass_days(years - 3)
    after.town.ask(LUCIA, "whatsapp", "hola")
    retention_job.retain()
    assert after.id_of(ZORAIDA) is not None
    after.pass_days(4)
    retention_job.retain()
    assert after.left_of(HERS) == after.left_of(THEIRS) == []
    assert [after.id_of(address) for address in (ZORAIDA, ILDEFONSA)] == [None, None]
    assert after.id_of(LUCIA) is not None
    assert "people" in caplog.text
    assert shown_in(caplog.text, (*HERS, *THEIRS)) == []


def test_whom_we_wrote_to_and_who_never_did_loses_the_address_and_stays_on_file(after: After) -> None:
    with after.services.store.begin() as tx:
        contacts.arrive(tx, FLOR, None, datetime.now(UTC))
        tx.session.execute(
            update(Contact)
            .where(Contact.last_wrote_at.is_(None))
            .values(created_at=datetime.now(UTC) - 900 * DAY)
        )
    retention_job.retain()
    assert after.id_of(FLOR) is None
    with after.services.store.begin() as tx:
        assert "Sra. Flor" in tx.session.scalars(select(Provider.name)).all()


def test_what_is_deleted_for_its_age_is_deleted_a_part_at_a_time(
    after: After, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention_job, "ROWS", 2)
    after.pass_days(200)
    retention_job.retain()
    assert after.count(Inbound) == after.count(Outbound) == 0
    assert after.count(Conversation) == 3


def test_a_run_that_has_no_time_left_deletes_nothing_more(
    after: After, monkeypatch: pytest.MonkeyPatch
) -> None:
    after.pass_days(800)
    monkeypatch.setattr(retention_job, "AT_MOST_S", -1)
    retention_job.retain()
    assert after.count(Inbound)
    assert after.id_of(ZORAIDA) is not None


def test_the_scheduler_brings_it_about(services: Services, carrier: LocalCarrier) -> None:
    from bot import jobs
    from workers import main

    assert main.RETURNING[jobs.RETAIN] <= 86_400
    context.use(services)
    services.jobs.push(jobs.RETAIN)
    main.work(burst=True)
