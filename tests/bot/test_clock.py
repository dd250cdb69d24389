"""The time that a developer may set ahead, and nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import clock
from bot.services import Services, wire


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "deep" / clock.FILE
    clock.leave()


def is_about(moment: datetime) -> bool:
    return abs(clock.now() - moment) < timedelta(seconds=2)


def test_all_who_follow_the_same_file_go_by_the_same_time(file: Path) -> None:
    clock.follow(file)
    assert is_about(datetime.now(UTC))
    clock.set_ahead(timedelta(days=3))
    assert is_about(datetime.now(UTC) + timedelta(days=3))
    clock.leave()
    assert is_about(datetime.now(UTC))
    clock.follow(file)  # as another process does, or this one at its next start
    assert is_about(datetime.now(UTC) + timedelta(days=3))


def test_there_is_nothing_to_set_where_no_file_is_followed() -> None:
    with pytest.raises(RuntimeError):
        clock.set_ahead(timedelta(days=3))


@pytest.mark.parametrize(
    ("settings", "ahead"),
    [
        ({}, False),
        ({"simulator_url": "http://127.0.0.1:8001/simulator/"}, True),
        (
            {"simulator_url": "http://127.0.0.1:8001/simulator/", "twilio_api_url": "https://api.twilio.com"},
            False,
        ),
    ],
    ids=["no simulator", "beside a simulator", "live, whatever else is set"],
)
def test_only_beside_a_simulator_does_a_process_follow(
    services: Services, file: Path, settings: dict[str, str], ahead: bool
) -> None:
    clock.follow(file)
    clock.set_ahead(timedelta(days=3))
    clock.leave()
    wire(services.settings.model_copy(update={"data_dir": file.parent, **settings})).close()
    assert (clock.ahead() == timedelta(days=3)) is ahead
