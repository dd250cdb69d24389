"""`make run`, as a newcomer has it: one command, phones that answer, and nothing left behind when it is stopped."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
import requests

READY_WITHIN_S = 60
ANSWER_WITHIN_S = 20
MARIA = "+510000000011"


@dataclass
class Running:
    process: subprocess.Popen[str]
    port: int
    data_dir: Path

    @property
    def simulator(self) -> str:
        return f"http://127.0.0.1:{self.port + 1}/simulator/api"

    def write(self, text: str, channel: str = "sms") -> None:
        said = {"number": MARIA, "channel": channel, "text": text}
        requests.post(f"{self.simulator}/messages", json=said, timeout=5).raise_for_status()

    def heard(self, channel: str = "sms") -> list[str]:
        news = requests.get(
            f"{self.simulator}/news", params={"number": MARIA, "channel": channel}, timeout=5
        ).json()
        return [m["text"] for m in news["messages"] if not m["from_person"] and m["status"] == "delivered"]

    def wait_for_answers(self, count: int, channel: str = "sms") -> list[str]:
        deadline = time.monotonic() + ANSWER_WITHIN_S
        while len(heard := self.heard(channel)) < count:
            assert time.monotonic() < deadline, f"only {heard} came"
            time.sleep(0.1)
        return heard

    def stop(self, how: signal.Signals) -> int:
        self.process.send_signal(how)
        return self.process.wait(30)


def two_free_ports() -> int:
    """A port that is free, as is the one after it."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = first.getsockname()[1]
            try:
                second.bind(("127.0.0.1", port + 1))
            except (OSError, OverflowError):
                continue
            return int(port)


def start(data_dir: Path, **environment: str) -> Running:
    port = two_free_ports()
    kept = {k: v for k, v in os.environ.items() if not k.startswith("TWILIO_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "deploy.local"],
        env={**kept, "DATA_DIR": str(data_dir), "PORT": str(port), "WEB_CONCURRENCY": "1", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return Running(process, port, data_dir)


def wait_until_ready(running: Running) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    while True:
        try:
            if requests.get(f"http://127.0.0.1:{running.port}/readyz", timeout=1).status_code == 200:
                return
        except requests.RequestException:
            pass
        if running.process.poll() is not None or time.monotonic() > deadline:
            running.process.kill()
            pytest.fail(f"it did not start:\n{running.process.communicate()[0]}")
        time.sleep(0.2)


def processes_of(data_dir: Path) -> list[str]:
    """Every process that has to do with this data folder, its engines among them."""
    found = []
    for process in psutil.process_iter(["pid", "cmdline", "environ", "status"]):
        info = process.info
        told = " ".join(info["cmdline"] or []) + str((info["environ"] or {}).get("DATA_DIR"))
        if str(data_dir) in told and info["status"] != psutil.STATUS_ZOMBIE:
            found.append(f"{info['pid']} {' '.join(info['cmdline'] or [])}")
    return found


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
