"""All of Ayllu on this machine, started as `make run` starts it, for tests that come from outside."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psutil
import pytest
import requests

from tests.support.ports import free_ports

READY_WITHIN_S = 150
"""Many tests may begin at once, on a machine of two cores."""
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

    def is_ready(self) -> bool:
        """Whether the bot and the phones both answer: they start at once, and either may be the last."""
        asked = (f"http://127.0.0.1:{self.port}/readyz", f"http://127.0.0.1:{self.port + 1}/healthz")
        try:
            return all(requests.get(address, timeout=1).status_code == 200 for address in asked)
        except requests.RequestException:
            return False

    def write(self, text: str, channel: str = "sms", number: str = MARIA) -> None:
        said = {"number": number, "channel": channel, "text": text}
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

    def wait_for(self, what: Callable[[], Any]) -> Any:
        """What it gives, once that is something."""
        deadline = time.monotonic() + ANSWER_WITHIN_S
        while not (found := what()):
            assert time.monotonic() < deadline, "it did not happen in time"
            time.sleep(0.1)
        return found

    def ask(self, path: str) -> Any:
        """Something of what the phones' page asks."""
        return requests.get(f"{self.simulator}/{path}", timeout=5).json()

    def people(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.ask("news")["people"]
        return found

    def coming(self) -> list[dict[str, Any]]:
        """What will happen and when, the next first."""
        found: list[dict[str, Any]] = self.ask("coming")
        return found

    def travel_to(self, moment: str) -> datetime:
        """Set the time ahead to then; the time at which one arrives."""
        requests.post(f"{self.simulator}/clock", json={"until": moment}, timeout=5).raise_for_status()
        self.wait_for(lambda: self.ask("news")["clock"]["goes_to"] is None)
        return datetime.fromisoformat(self.ask("news")["now"])

    def travel_to_the_next(self) -> None:
        self.travel_to(self.coming()[0]["at"])

    def stop(self, how: signal.Signals) -> int:
        self.process.send_signal(how)
        return self.process.wait(30)


def start(data_dir: Path, **environment: str) -> Running:
    port = free_ports(2)
    kept = {k: v for k, v in os.environ.items() if not k.startswith("TWILIO_")}
    # Nobody reads what it says while it runs: a pipe that is full would stop it.
    process = subprocess.Popen(
        [sys.executable, "-m", "deploy.local"],
        env={
            **kept,
            "DATA_DIR": str(data_dir),
            "PORT": str(port),
            "WEB_CONCURRENCY": "1",
            "LOG_LEVEL": "WARNING",
            **environment,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return Running(process, port, data_dir)


def wait_until_ready(running: Running) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    while not running.is_ready():
        if running.process.poll() is not None or time.monotonic() > deadline:
            running.process.terminate()  # what it started must end too, or holds on to its output
            pytest.fail(f"it did not start:\n{running.process.communicate(timeout=30)[0]}")
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
