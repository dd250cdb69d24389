"""Tables taken in: what a file would change is told first, and is what is then done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from bot import intake
from bot.importers.cells import BYTE_ORDER_MARK, csv_lines, defused
from bot.intake import HUBS, PROVIDERS, RESOURCES, Difference, Kind, Plan
from bot.services import Services
from bot.store import checks, own_files, uploads
from bot.store.checks import Checker
from bot.store.tables import Hub, Provider, Resource, Upload
from deploy.local.demo import load
from matching.checks import CheckKind

NOW = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)
HEADER = "key,name,kind,district,min_age,max_age,days,opens,closes,price,period,places"
ROSA = "rosa,Sra. Rosa,cuidadora,Comas,6m,4a,lun-vie,06:00,18:00,15,dia,2"
LUNA = "luna,Nido Luna,nido,Comas,1a,5a,lun-vie,7:30,5 pm,350,mes,4"


def planned(services: Services, text: str, kind: Kind = PROVIDERS, now: datetime = NOW) -> Plan:
    report = kind.read(text.encode(), services.places, None)
    with services.store.begin() as tx:
        return intake.plan(tx, kind, report, services.places, now)


def take_in(services: Services, text: str, kind: Kind = PROVIDERS, now: datetime = NOW) -> Plan:
    found = planned(services, text, kind, now)
    intake.bring_in(services.store, kind, found, now)
    return found


def table(header: str, *rows: str) -> str:
    return "\n".join((header, *rows)) + "\n"


def differences(plan: Plan) -> list[Difference]:
    return [difference for change in plan.changed for difference in change.differences]


def test_what_is_new_changes_or_stays_is_told_and_nothing_is_written(services: Services) -> None:
    take_in(services, table(HEADER, ROSA))

    plan = planned(services, table(HEADER, ROSA.replace(",15,dia,2", ",18,dia,3"), LUNA, "x,,,,,,,,,,,"))

    assert [(one.line, one.row.key) for one in plan.new] == [(3, "luna")]
    assert [(one.line, one.row.key) for one in plan.changed] == [(2, "rosa")]
    assert differences(plan) == [Difference("price", "15", "18"), Difference("places", "2", "3")]
    assert {problem.line for problem in plan.report.errors} == {4}
    with services.store.begin() as tx:
        (row,) = tx.session.scalars(select(Provider))
        assert (row.key, row.price_amount) == ("rosa", 15)


def test_taken_in_twice_a_file_changes_nothing(services: Services) -> None:
    text = table(HEADER, ROSA, LUNA)
    take_in(services, text)
    plan = take_in(services, text, now=NOW + timedelta(days=1))
    assert (plan.new, plan.changed, plan.same) == ((), (), 2)
    with services.store.begin() as tx:
        assert {row.updated_at for row in tx.session.scalars(select(Provider))} == {NOW}


def test_what_a_file_has_no_column_for_stays_as_it_is(services: Services) -> None:
    full = table(
        f"{HEADER},phone,lat,lon,address,amenities",
        f"{ROSA},987654321,-11.93,-77.04,Jr. Los Pinos 120,patio; almuerzo",
    )
    take_in(services, full)

    plan = take_in(services, table(HEADER, ROSA.replace(",15,dia,2", ",15,dia,1")))
    emptied = planned(services, table(f"{HEADER},amenities", f"{ROSA},"))

    assert differences(plan) == [Difference("places", "2", "1")]
    assert Difference("amenities", "patio; almuerzo", "") in differences(emptied)
    with services.store.begin() as tx:
        (row,) = tx.session.scalars(select(Provider))
        assert (row.lat, row.address, row.phone_key is not None) == (-11.93, "Jr. Los Pinos 120", True)


def test_in_another_district_the_point_does_not_stay(services: Services) -> None:
    take_in(services, table(f"{HEADER},lat,lon", f"{ROSA},-11.93,-77.04"))
    plan = planned(services, table(HEADER, ROSA.replace("Comas", "Los Olivos")))
    assert {one.column for one in differences(plan)} >= {"district", "ubigeo", "lat", "lon"}


@pytest.mark.parametrize(
    ("kind", "table_"),
    [(PROVIDERS, Provider), (HUBS, Hub), (RESOURCES, Resource)],
    ids=["providers", "hubs", "resources"],
)
def test_an_export_taken_in_again_changes_nothing(
    services: Services, demo: None, kind: Kind, table_: type
) -> None:
    with services.store.begin() as tx:
        keys = list(tx.session.scalars(select(table_.key)))  # type: ignore[attr-defined]
        rows = [kind.cells(row, services.places) for row in kind.kept(tx, keys).values()]
    text = "".join(csv_lines(list(rows[0]), rows))

    plan = planned(services, text) if kind is PROVIDERS else planned(services, text, kind)

    assert (plan.report.errors, plan.report.warnings) == ((), ())
    assert (plan.new, plan.changed, plan.same) == ((), (), len(keys))


def test_a_cell_that_begins_like_a_formula_is_defused_and_comes_back_as_it_was(services: Services) -> None:
    evil = '=HYPERLINK("http://x","y")'
    assert defused(evil) == f"'{evil}"
    assert [defused(one) for one in ("+51987654321", "-11.9", "nido", "@sum", "\t=1")] == [
        "+51987654321", "-11.9", "nido", "'@sum", "'\t=1",
    ]  # fmt: skip
    take_in(services, table(HEADER, ROSA.replace("Sra. Rosa", '"=HYPERLINK(""http://x"",""y"")"')))
    with services.store.begin() as tx:
        (row,) = PROVIDERS.kept(tx, ["rosa"]).values()
    assert row.name == evil
    cells = PROVIDERS.cells(row, services.places)
    text = "".join(csv_lines(list(cells), [cells]))
    assert text.startswith(BYTE_ORDER_MARK)
    assert "\"'=HYPERLINK" in text
    assert planned(services, text).same == 1


def test_the_fingerprint_tells_when_something_else_would_change_by_now(services: Services) -> None:
    text = table(HEADER, ROSA)
    take_in(services, text)
    dearer = table(HEADER, ROSA.replace(",15,", ",18,"))
    first = planned(services, dearer).fingerprint
    assert planned(services, dearer).fingerprint == first
    with services.store.begin() as tx:
        tx.session.scalars(select(Provider)).one().price_amount = 16
    assert planned(services, dearer).fingerprint != first


# ---------------------------------------------------------------- who is verified


VERIFIED = f"{HEADER},verified_by,verified_at"


def files() -> Iterator[str]:
    """What an institution may send of a provider, one after another, and each after each."""
    for name in ("Sra. Rosa", "Sra. Rosa Quispe"):
        for said in (",", "DEMUNA,2026-11-02", "DEMUNA,2026-11-26", "OMAPED,2026-11-20", "DEMUNA,2024-01-01"):
            yield table(VERIFIED, f"{ROSA.replace('Sra. Rosa', name)},{said}")
    yield table(f"{HEADER},verified", f"{ROSA},no")
    yield table(VERIFIED, f"{ROSA.replace('cuidadora', 'nido')},DEMUNA,2026-11-02")


@pytest.mark.parametrize("after", list(files()))
@pytest.mark.parametrize("before", list(files())[:3])
@pytest.mark.parametrize("ours", ["nothing", "looked", "confirmed", "taken back"])
def test_what_becomes_of_who_is_verified_is_told_as_it_comes(
    services: Services, before: str, after: str, ours: str
) -> None:
    take_in(services, before)
    with services.store.begin() as tx:
        rosa = own_files.named(tx, "rosa")
        assert rosa is not None
        if ours != "nothing":
            day = date(2026, 11, 24)
            for kind in (CheckKind.IDENTITY, CheckKind.BACKGROUND, CheckKind.VISIT):
                checks.record(tx, rosa, kind, day, Checker("Ana", 1), NOW)
        if ours == "confirmed":
            checks.confirm(tx, rosa, Checker("Julia", 2), NOW)
        if ours == "taken back":
            visit = checks.standing(tx, rosa, NOW).checks[CheckKind.VISIT]
            checks.take_back(tx, rosa, visit.id, Checker("Julia", 2), NOW)
        was = checks.standing(tx, rosa, NOW).until

    plan = take_in(services, after)

    with services.store.begin() as tx:
        now_until = checks.standing(tx, rosa, NOW).until
    told = [one for one in differences(plan) if one.column == "verified"]
    assert bool(told) == (was != now_until)
    if told:
        assert told[0].before == intake._until(was, NOW)
        assert told[0].after == intake._until(now_until, NOW)


# ---------------------------------------------------------------- files that wait


def test_a_file_waits_sealed_for_its_operator_alone_and_an_hour_at_most(services: Services) -> None:
    content = "key;name\nñandú;=1\n".encode("cp1252")
    with services.store.begin() as tx:
        token = uploads.keep(tx, "providers", 7, "cuidadoras.csv", content, NOW)
        assert uploads.found(tx, "providers", 7, token, NOW) == uploads.Uploaded(
            "providers", "cuidadoras.csv", content
        )
        assert uploads.found(tx, "providers", 8, token, NOW) is None
        assert uploads.found(tx, "hubs", 7, token, NOW) is None
        assert uploads.found(tx, "providers", 7, token, NOW + timedelta(hours=1)) is None
        (row,) = tx.session.scalars(select(Upload))
        assert b"cuidadoras" not in row.name_sealed
        assert content not in row.content_sealed
        assert uploads.forget_old(tx, NOW + timedelta(minutes=59)) == 0
        assert uploads.forget_old(tx, NOW + timedelta(hours=1)) == 1


def test_the_demo_is_verified_whenever_it_is_loaded(services: Services, monkeypatch) -> None:
    row = next(
        row for row in load.read_providers(load.HERE / "providers.csv", services.places, demo=True).rows
    )
    late = datetime(2031, 5, 1, tzinfo=UTC)
    checked = load._checked_lately(row, late).verified_at
    assert checked is not None
    assert late - checked < timedelta(days=365)
    assert replace(row, verified_at=None) == load._checked_lately(replace(row, verified_at=None), late)
