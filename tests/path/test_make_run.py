"""`make run`, as a newcomer has it: one command, phones that answer, and nothing left behind when it is stopped."""

from __future__ import annotations

import signal
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import psutil
import pytest
import requests

from tests.support.whole import READY_WITHIN_S, Running, processes_of, start, wait_until_ready


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    with tempfile.TemporaryDirectory(prefix="ayllu-", ignore_cleanup_errors=True) as folder:
        here = start(Path(folder))
        wait_until_ready(here)
        yield here
        if here.process.poll() is None:
            here.stop(signal.SIGTERM)


def test_a_text_comes_in_and_an_answer_goes_out(running: Running) -> None:
    running.write("dnd ay internet x ayacucho")
    (answer,) = running.wait_for_answers(1)
    assert "Ayacucho" in answer


def test_both_addresses_show_the_phones(running: Running) -> None:
    page = requests.get(f"http://127.0.0.1:{running.port}/simulator/", timeout=5)
    assert page.url.startswith(f"http://127.0.0.1:{running.port + 1}/simulator/")
    assert page.status_code == 200


def test_a_worker_that_is_killed_is_started_again(running: Running) -> None:
    before = len(running.heard())
    worker, _ = [
        child
        for child in psutil.Process(running.process.pid).children()
        if child.cmdline()[-2:] == ["-m", "workers"]
    ]
    worker.kill()
    running.write("hola")
    assert running.wait_for_answers(before + 1)


def test_time_is_set_ahead_for_all_processes_and_what_is_due_on_the_way_comes_at_its_hour(
    running: Running,
) -> None:
    said = (
        "busco quien cuide a mi hijita de 2 años en collique de lunes a viernes de 8 a 4",
        "1",
        "si, soy ana",
    )
    for text in said:
        before = len(running.heard())
        running.write(text)
        running.wait_for_answers(before + 1)
    while not (asked := [one for one in running.people() if "(demo)" in one["name"]]):
        running.travel_to_the_next()  # at night nobody is asked
    running.write("si mamita", number=asked[0]["number"])
    (follow_up,) = running.wait_for(lambda: [e for e in running.coming() if e["kind"] == "follow_up"])
    running.wait_for(lambda: "dijo que si" in running.heard()[-1])
    assert running.travel_to(follow_up["at"]) >= datetime.fromisoformat(follow_up["at"])
    assert "va con" in running.heard()[-1]


def test_stopping_leaves_no_process_and_keeps_the_data(running: Running) -> None:
    said = running.heard()
    assert running.stop(signal.SIGINT) == 0
    assert processes_of(running.data_dir) == []
    again = start(running.data_dir)
    wait_until_ready(again)
    assert again.heard() == said
    assert again.stop(signal.SIGTERM) == 0
    assert processes_of(running.data_dir) == []


def test_a_wrong_setting_is_named_and_the_program_ends(tmp_path: Path) -> None:
    running = start(tmp_path, TWILIO_API_URL="http://127.0.0.1:9", TWILIO_SMS_FROM="12345")
    output, _ = running.process.communicate(timeout=READY_WITHIN_S)
    assert running.process.returncode == 1
    assert "TWILIO_SMS_FROM" in output
    assert "TWILIO_AUTH_TOKEN" in output
    assert "Traceback" not in output
    assert processes_of(tmp_path) == []


def test_a_data_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    running = start(tmp_path / "file")
    output, _ = running.process.communicate(timeout=READY_WITHIN_S)
    assert running.process.returncode == 1
    assert "DATA_DIR" in output
    assert "Traceback" not in output
