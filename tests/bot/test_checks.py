"""What was checked of providers, on the real database: whoever is not checked, or not any more, is shown to nobody."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from bot.dialogue.conversation import OwnFile
from bot.services import Services
from bot.store import Tx, checks, own_files, providers
from bot.store.carers import Carers
from bot.store.checks import Checker, CheckError, NotYet
from bot.store.tables import CheckEnd, Provider, ProviderCheck
from matching.checks import HOLDS, NEEDED, CheckKind
from matching.find import find_care
from matching.schema import CareKind
from tests.matching.neighbourhood import ask
from tests.support.carers import put_on_file

NOW = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)
TODAY = date(2026, 11, 27)
ANA, JULIA = Checker("Ana Flores", 1), Checker("Julia Soto", 2)
HOME = (CheckKind.IDENTITY, CheckKind.BACKGROUND, CheckKind.VISIT)
ROSA = {
    "name": "Sra. Rosa",
    "kind": "home",
    "phone": "+51987654321",
    "district": "Comas",
    "address": "Jr. Los Pinos 120",
    "min_age": "6m",
    "max_age": "4a",
    "days": "lun-vie",
    "opens": "06:00",
    "closes": "18:00",
    "price": "15",
    "period": "dia",
    "places": "2",
}
UNSAID = {"verified": "", "verified_by": "", "verified_at": ""}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "providers.csv"


@pytest.fixture
def rosa(services: Services, file: Path) -> int:
    """On file, and nobody looked at her."""
    put_on_file(services, {"rosa": {**ROSA, **UNSAID}}, file, NOW)
    return id_of(services)


def id_of(services: Services) -> int:
    with services.store.begin() as tx:
        found = own_files.named(tx, "rosa")
        assert found is not None
        return found


def look(tx: Tx, provider_id: int, by: Checker, *kinds: CheckKind, on: date = TODAY) -> None:
    for kind in kinds:
        checks.record(tx, provider_id, kind, on, by, NOW)


def verified(services: Services, provider_id: int) -> None:
    with services.store.begin() as tx:
        look(tx, provider_id, ANA, *HOME)
        checks.confirm(tx, provider_id, JULIA, NOW)


def is_shown(tx: Tx, provider_id: int, now: datetime = NOW) -> bool:
    """By matching, and when a family picks them; the two must agree."""
    row = tx.session.get_one(Provider, provider_id, populate_existing=True)
    point = ask().point._replace(lat=row.lat, lon=row.lon)
    found = find_care(ask(point=point, children=1), Carers(tx, include_demo=False, now=now))
    listed = provider_id in [option.provider.id for option in found.options]
    reached = providers.reachable(tx, provider_id, False, now) is not None
    assert listed == reached
    return listed


def test_every_kind_needs_identity_and_background_and_somebody_who_went_there() -> None:
    assert set(NEEDED) == set(CareKind)
    for needed in NEEDED.values():
        assert {CheckKind.IDENTITY, CheckKind.BACKGROUND} < set(needed)
        assert {CheckKind.VISIT, CheckKind.INTERVIEW} & set(needed)
    assert set(HOLDS) == set(CheckKind)


def test_nobody_is_shown_before_all_was_checked_and_somebody_else_confirmed(
    services: Services, rosa: int
) -> None:
    with services.store.begin() as tx:
        look(tx, rosa, ANA, CheckKind.IDENTITY, CheckKind.VISIT)
        with pytest.raises(NotYet) as early:
            checks.confirm(tx, rosa, JULIA, NOW)
        assert early.value.missing == (CheckKind.BACKGROUND,)
        look(tx, rosa, ANA, CheckKind.BACKGROUND)
        assert not is_shown(tx, rosa)
        with pytest.raises(NotYet) as alone:
            checks.confirm(tx, rosa, ANA, NOW)
        assert alone.value.alone
        checks.confirm(tx, rosa, JULIA, NOW)
        assert is_shown(tx, rosa)
        stands = checks.standing(tx, rosa, NOW)
        assert (stands.verified, stands.verified_by, stands.waits) == (True, "Julia Soto", False)


def test_who_made_some_of_the_checks_may_confirm_those_of_others(services: Services, rosa: int) -> None:
    with services.store.begin() as tx:
        look(tx, rosa, ANA, CheckKind.IDENTITY)
        look(tx, rosa, JULIA, CheckKind.BACKGROUND, CheckKind.VISIT)
        checks.confirm(tx, rosa, JULIA, NOW)
        assert is_shown(tx, rosa)


def test_a_name_written_otherwise_is_the_same_person_where_nobody_was_logged_in() -> None:
    assert Checker("r. huaman").is_same(Checker("R.  Huaman "))
    assert not Checker("R. Huaman").is_same(Checker("J. Soto"))
    assert not Checker("Ana", 1).is_same(Checker("Ana", 2))


def test_from_the_day_after_the_first_check_is_over_nobody_is_shown_them(
    services: Services, rosa: int
) -> None:
    verified(services, rosa)
    last = datetime(2027, 11, 27, 23, 59, tzinfo=checks.LIMA)
    with services.store.begin() as tx:
        assert is_shown(tx, rosa, last)
        assert not is_shown(tx, rosa, last + timedelta(minutes=1))
        stands = checks.standing(tx, rosa, last + timedelta(minutes=1))
        assert (stands.verified, stands.over) == (False, (CheckKind.BACKGROUND, CheckKind.VISIT))


def test_an_earlier_end_that_was_set_counts(services: Services, rosa: int) -> None:
    with services.store.begin() as tx:
        look(tx, rosa, ANA, CheckKind.IDENTITY, CheckKind.VISIT)
        soon = TODAY + timedelta(days=10)
        checks.record(tx, rosa, CheckKind.BACKGROUND, TODAY, ANA, NOW, valid_until=soon)
        checks.confirm(tx, rosa, JULIA, NOW)
        assert is_shown(tx, rosa, NOW + timedelta(days=10))
        assert not is_shown(tx, rosa, NOW + timedelta(days=11))


def test_a_renewed_check_counts_once_it_is_confirmed(services: Services, rosa: int) -> None:
    verified(services, rosa)
    later = NOW + timedelta(days=350)
    with services.store.begin() as tx:
        for kind in (CheckKind.BACKGROUND, CheckKind.VISIT):
            checks.record(tx, rosa, kind, later.date(), ANA, later)
        assert is_shown(tx, rosa, later)
        assert checks.standing(tx, rosa, later).waits
        assert not is_shown(tx, rosa, later + timedelta(days=20))
        checks.confirm(tx, rosa, JULIA, later)
        assert is_shown(tx, rosa, later + timedelta(days=20))
        assert {check.ended_why for check in checks.former(tx, rosa)} == {CheckEnd.REPLACED}


@pytest.mark.parametrize(
    ("done_on", "until", "field"),
    [
        (TODAY + timedelta(days=1), None, "done_on"),
        (TODAY - timedelta(days=400), None, "done_on"),
        (TODAY, TODAY + timedelta(days=366), "valid_until"),
        (TODAY, TODAY - timedelta(days=1), "valid_until"),
    ],
)
def test_a_check_that_cannot_be_is_refused_with_its_field(
    services: Services, rosa: int, done_on: date, until: date | None, field: str
) -> None:
    with services.store.begin() as tx, pytest.raises(CheckError) as refused:
        checks.record(tx, rosa, CheckKind.VISIT, done_on, ANA, NOW, until)
    assert refused.value.field == field
    assert refused.value.spanish


def test_a_check_that_is_taken_back_hides_them_at_once(services: Services, rosa: int) -> None:
    verified(services, rosa)
    with services.store.begin() as tx:
        visit = checks.standing(tx, rosa, NOW).checks[CheckKind.VISIT]
        assert checks.take_back(tx, rosa, visit.id, JULIA, NOW) is CheckKind.VISIT
        assert not is_shown(tx, rosa)
        assert checks.standing(tx, rosa, NOW).missing == (CheckKind.VISIT,)
        assert checks.take_back(tx, rosa, visit.id, JULIA, NOW) is None


def test_who_moves_keeps_what_does_not_hang_on_the_place(services: Services, rosa: int) -> None:
    verified(services, rosa)
    with services.store.begin() as tx:
        own_files.change(tx, rosa, {"reference": "Av. Túpac Amaru 900"}, to_verify=True, now=NOW)
        assert not is_shown(tx, rosa)
        assert set(checks.standing(tx, rosa, NOW).checks) == {CheckKind.IDENTITY, CheckKind.BACKGROUND}


def test_a_provider_of_another_kind_needs_other_checks(services: Services, rosa: int) -> None:
    verified(services, rosa)
    with services.store.begin() as tx:
        own_files.change(tx, rosa, {"kind": "daycare"}, to_verify=True, now=NOW)
        stands = checks.standing(tx, rosa, NOW)
        assert (stands.missing, stands.verified) == ((CheckKind.LICENCE,), False)


# ---------------------------------------------------------------- files


def test_a_file_that_says_who_verified_them_and_when_makes_the_checks_of_that_day(
    services: Services, file: Path
) -> None:
    put_on_file(services, {"rosa": ROSA}, file, NOW)
    with services.store.begin() as tx:
        provider_id = own_files.named(tx, "rosa")
        assert provider_id is not None
        stands = checks.standing(tx, provider_id, NOW)
        assert stands.verified_by == "DEMUNA"
        assert {check.done_on for check in stands.checks.values()} == {date(2026, 11, 2)}
        assert is_shown(tx, provider_id)
        assert not is_shown(tx, provider_id, NOW + timedelta(days=341))


def test_a_file_of_long_ago_shows_nobody(services: Services, file: Path) -> None:
    put_on_file(services, {"rosa": {**ROSA, "verified_at": "2025-03-01"}}, file, NOW)
    with services.store.begin() as tx:
        assert not is_shown(tx, id_of(services))
        assert checks.standing(tx, id_of(services), NOW).over == (CheckKind.BACKGROUND, CheckKind.VISIT)


def test_a_file_that_does_not_say_leaves_them_as_verified_as_they_are(
    services: Services, rosa: int, file: Path
) -> None:
    verified(services, rosa)
    put_on_file(services, {"rosa": {**ROSA, **UNSAID, "price": "20"}}, file, NOW)
    with services.store.begin() as tx:
        assert is_shown(tx, rosa)
    put_on_file(services, {"rosa": {**ROSA, **UNSAID, "verified": "no"}}, file, NOW)
    with services.store.begin() as tx:
        assert not is_shown(tx, rosa)


def test_a_file_does_not_bring_back_what_was_taken_back_after_it(services: Services, file: Path) -> None:
    put_on_file(services, {"rosa": ROSA}, file, NOW)
    rosa = id_of(services)
    with services.store.begin() as tx:
        visit = checks.standing(tx, rosa, NOW).checks[CheckKind.VISIT]
        checks.take_back(tx, rosa, visit.id, JULIA, NOW)
    put_on_file(services, {"rosa": ROSA}, file, NOW)
    with services.store.begin() as tx:
        assert not is_shown(tx, rosa)
    put_on_file(services, {"rosa": {**ROSA, "verified_at": "2026-11-28"}}, file, NOW + timedelta(days=1))
    with services.store.begin() as tx:
        assert is_shown(tx, rosa, NOW + timedelta(days=1))


def test_a_file_that_moves_a_house_we_looked_at_hides_them(services: Services, rosa: int, file: Path) -> None:
    verified(services, rosa)
    put_on_file(services, {"rosa": {**ROSA, **UNSAID, "address": "Otra calle 5"}}, file, NOW)
    with services.store.begin() as tx:
        assert not is_shown(tx, rosa)


def test_the_institution_that_says_so_may_correct_an_address_in_its_own_file(
    services: Services, file: Path
) -> None:
    put_on_file(services, {"rosa": ROSA}, file, NOW)
    put_on_file(services, {"rosa": {**ROSA, "address": "Jr. Los Pinos 122"}}, file, NOW)
    with services.store.begin() as tx:
        assert is_shown(tx, id_of(services))


def test_said_twice_nothing_changes(services: Services, file: Path) -> None:
    put_on_file(services, {"rosa": ROSA}, file, NOW)
    put_on_file(services, {"rosa": ROSA}, file, NOW + timedelta(hours=1))
    with services.store.begin() as tx:
        assert len(tx.session.scalars(select(ProviderCheck)).all()) == 3


# ---------------------------------------------------------------- leaving


def test_who_leaves_takes_what_was_checked_with_them(services: Services, rosa: int) -> None:
    verified(services, rosa)
    with services.store.begin() as tx:
        own_files.withdraw(tx, rosa, NOW)
        assert not tx.session.scalars(select(ProviderCheck)).all()


def test_who_is_erased_takes_what_was_checked_with_them(services: Services, rosa: int) -> None:
    verified(services, rosa)
    with services.store.begin() as tx:
        providers.hide(tx, rosa)
        assert not tx.session.scalars(select(ProviderCheck)).all()
    with services.store.begin() as tx:
        look(tx, rosa, ANA, CheckKind.IDENTITY)
        providers.erase(tx, rosa)
        assert not tx.session.scalars(select(ProviderCheck)).all()


def test_what_was_seen_is_kept_sealed(services: Services, rosa: int) -> None:
    with services.store.begin() as tx:
        checks.record(tx, rosa, CheckKind.VISIT, TODAY, ANA, NOW, note="vive con su mamá")
        (row,) = tx.session.scalars(select(ProviderCheck))
        assert row.note_sealed is not None
        assert b"vive" not in row.note_sealed
        assert checks.standing(tx, rosa, NOW).checks[CheckKind.VISIT].note == "vive con su mamá"


def test_nothing_else_says_that_somebody_is_verified(repository: Path) -> None:
    writes = ("verified_at=", '"verified_at":', "verified_until=", '"verified_until":')
    allowed = {
        "bot/store/checks.py",
        "bot/store/providers.py",
        "bot/importers/providers.py",
        "bot/console/importing.py",
    }
    for path in (repository / "bot").rglob("*.py"):
        name = path.relative_to(repository).as_posix()
        if name not in allowed and "migrations" not in name:
            assert not any(one in path.read_text(encoding="utf-8") for one in writes), name


def test_a_file_on_record_says_whether_families_see_them(services: Services, rosa: int) -> None:
    verified(services, rosa)
    with services.store.begin() as tx:
        file: OwnFile = own_files.file_of(tx, rosa)
        assert file.verified
        tx.session.execute(update(Provider).values(verified_until=datetime(2026, 1, 1, tzinfo=UTC)))
        tx.session.expire_all()
        assert not own_files.file_of(tx, rosa).verified


# ---------------------------------------------------------------- who waits for somebody to confirm


def ready(tx: Tx, provider_id: int) -> bool:
    """Whether they stand on the list of those to be confirmed; it must say what their checks say."""
    tx.session.flush()
    row = tx.session.get_one(Provider, provider_id, populate_existing=True)
    assert (row.ready_at is not None) == checks.standing(tx, provider_id, NOW).waits
    return row.ready_at is not None


def test_who_waits_for_somebody_to_confirm_is_on_the_list_until_somebody_does(
    services: Services, rosa: int
) -> None:
    with services.store.begin() as tx:
        look(tx, rosa, ANA, CheckKind.IDENTITY, CheckKind.VISIT)
        assert not ready(tx, rosa)
        look(tx, rosa, ANA, CheckKind.BACKGROUND)
        assert ready(tx, rosa)
        checks.confirm(tx, rosa, JULIA, NOW)
        assert not ready(tx, rosa)
        look(tx, rosa, ANA, CheckKind.VISIT)
        assert not ready(tx, rosa)
        checks.unverify(tx, rosa, NOW)
        assert ready(tx, rosa)
        checks.take_back(tx, rosa, checks.standing(tx, rosa, NOW).checks[CheckKind.VISIT].id, JULIA, NOW)
        assert not ready(tx, rosa)
        look(tx, rosa, ANA, CheckKind.VISIT)
        assert ready(tx, rosa)
        own_files.change(tx, rosa, {"name": "Otra"}, to_verify=True, now=NOW)
        assert not ready(tx, rosa)


def test_a_renewal_that_lasts_longer_waits_to_be_confirmed(services: Services, rosa: int) -> None:
    with services.store.begin() as tx:
        look(tx, rosa, ANA, *HOME, on=TODAY - timedelta(days=30))
        checks.confirm(tx, rosa, JULIA, NOW)
        look(tx, rosa, ANA, CheckKind.VISIT)
        assert not ready(tx, rosa)
        look(tx, rosa, ANA, CheckKind.BACKGROUND)
        assert ready(tx, rosa)


def test_nobody_of_a_file_waits_to_be_confirmed(services: Services, file: Path) -> None:
    put_on_file(services, {"rosa": ROSA}, file, NOW)
    with services.store.begin() as tx:
        assert not ready(tx, id_of(services))
