"""Who was verified before there were checks: the upgrade makes their checks, and hides nobody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from alembic import command

from bot.store import Store, checks
from bot.store.migrate import alembic_config
from matching.checks import NEEDED, CheckKind
from matching.schema import CareKind

BEFORE = "0008"
ROWS = """INSERT INTO provider (key, name, kind, ubigeo, lat, lon, address, min_months, max_months, days, opens, closes,
    places_free, languages, amenities, special_needs, verified_at, verified_by)
    SELECT kind || age, 'Rosa', kind, '150110', -11.9, -77.0, '', 6, 48, '{mon}', '08:00', '17:00', 2, '{}', '{}', '{}',
        CASE WHEN age >= 0 THEN now() - age * interval '1 day' END, CASE WHEN age >= 0 THEN 'DEMUNA' END
    FROM unnest(%s::text[]) AS kind, unnest(ARRAY[-1, 10, 900]) AS age"""


@pytest.fixture
def upgraded(engine_urls: tuple[str, str]) -> Iterator[Store]:
    """A database of its own, that had providers before the upgrade."""
    url = engine_urls[0]
    before = url.replace("/postgres?", "/verified_before?")
    assert before != url
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE verified_before")
    try:
        command.upgrade(alembic_config(before), BEFORE)
        with psycopg.connect(before) as connection:
            connection.execute(ROWS, [[kind.value for kind in CareKind]])
        command.upgrade(alembic_config(before), "head")
        store = Store(before, "a secret that only tests know, 32 long", pool_size=1)
        yield store
        store.close()
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("DROP DATABASE verified_before WITH (FORCE)")


def test_whoever_was_verified_has_the_checks_of_their_kind_and_stays_so_for_three_months(
    upgraded: Store,
) -> None:
    now = datetime.now(UTC)
    with psycopg.connect(upgraded._engine.url.render_as_string(False).replace("+psycopg", "")) as connection:
        rows = connection.execute("SELECT id, key, kind FROM provider ORDER BY id").fetchall()
    assert len(rows) == 3 * len(CareKind)
    for provider_id, key, kind in rows:
        with upgraded.begin() as tx:
            stands = checks.standing(tx, provider_id, now)
        if key.endswith("-1"):
            assert not stands.checks
            assert not stands.verified
            continue
        assert set(stands.checks) == set(NEEDED[CareKind(kind)])
        assert stands.complete
        assert stands.verified
        assert not stands.waits
        assert {check.by.name for check in stands.checks.values()} == {"DEMUNA"}
        assert stands.until is not None
        left = stands.until - now
        assert timedelta(days=89) < left < timedelta(days=356)
        assert stands.until == stands.would_hold()
        background = stands.checks[CheckKind.BACKGROUND]
        assert background.valid_until >= now.date() + timedelta(days=89)
