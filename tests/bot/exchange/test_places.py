"""A place is taken by one, however many reach for it at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

from bot.services import Services
from bot.store import care_requests, providers
from bot.store.tables import Provider
from tests.support.carers import put_on_file

ROSA = {
    "name": "Sra. Rosa", "kind": "home", "phone": "+51900000021", "district": "Collique", "min_age": "6m",
    "max_age": "4a", "days": "lun-sab", "opens": "06:00", "closes": "18:00", "price": "15", "period": "dia",
}  # fmt: skip


def test_of_many_who_reach_for_the_last_places_as_many_get_one_as_there_are(
    services: Services, tmp_path: Path
) -> None:
    put_on_file(services, {"rosa": {**ROSA, "places": "3"}}, tmp_path / "providers.csv", datetime.now(UTC))

    def reach(_: int) -> bool:
        with services.store.begin() as tx:
            return care_requests.take_places(tx, 1, 1)

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(reach, range(24))) == 3
    with services.store.begin() as tx:
        assert providers.places_left(tx, 1) == 0


def test_two_places_are_taken_together_or_not_at_all(services: Services, tmp_path: Path) -> None:
    put_on_file(services, {"rosa": {**ROSA, "places": "1"}}, tmp_path / "providers.csv", datetime.now(UTC))
    with services.store.begin() as tx:
        assert not care_requests.take_places(tx, 1, 2)
        assert tx.session.scalar(select(Provider.places_free)) == 1
