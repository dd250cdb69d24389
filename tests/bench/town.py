"""The whole of Ayllu in processes of its own, as it is deployed, on engines of the bench: for load."""

from __future__ import annotations

import os
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from bot import engines
from bot.store.migrate import migrate
from deploy.local.processes import Processes
from deploy.roles import command
from tests.support import crowd

ACCOUNT = "AC" + "0" * 32
TOKEN = "a token that only the bench knows"
PUBLIC_URL = "https://bench.example.pe"
WHATSAPP, SMS = "+510000000100", "+510000000200"
READY_WITHIN_S = 60


@dataclass(frozen=True, slots=True)
class Shape:
    """How many processes of each role, and threads in each web process."""

    web: int = 1
    threads: int = 4
    workers: int = 1

    def __str__(self) -> str:
        return f"{self.web} web x {self.threads}, {self.workers} worker{'s' * (self.workers > 1)}"


@dataclass(frozen=True, slots=True)
class Town:
    """A running Ayllu. `url` is its own address, behind which a proxy would be; `root` is the process all belong to."""

    url: str
    database_url: str
    shape: Shape

    def roles(self) -> dict[str, list[psutil.Process]]:
        """Every process by its role."""
        found: dict[str, list[psutil.Process]] = {}
        for process in psutil.process_iter(["cmdline", "name", "environ"]):
            role = _role(process, self.database_url)
            if role:
                found.setdefault(role, []).append(process)
        return found


@contextmanager
def engines_with(providers: int) -> Iterator[tuple[str, str]]:
    """PostgreSQL with so many providers, and Valkey: their URLs."""
    with (
        tempfile.TemporaryDirectory(prefix="ayllu-bench-", ignore_cleanup_errors=True) as folder,
        engines.embedded_postgres(Path(folder)) as database,
        engines.embedded_valkey(Path(folder)) as queue,
    ):
        migrate(database)
        crowd.settle(database, crowd.crowd(providers))
        yield database, queue


@contextmanager
def town(database: str, queue: str, carrier_url: str, port: int, shape: Shape) -> Iterator[Town]:
    """Ayllu on these engines, sending to this carrier, ready for messages."""
    environment = {
        "DATABASE_URL": database,
        "REDIS_URL": queue,
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_API_URL": carrier_url,
        "TWILIO_WHATSAPP_FROM": WHATSAPP,
        "TWILIO_SMS_FROM": SMS,
        "SMS_PER_SECOND": "1000",
        "PUBLIC_URL": PUBLIC_URL,
        "SECRET_KEY": "a secret that only the bench knows, long",
        "LOG_LEVEL": "WARNING",
    }
    os.environ |= {
        "BIND": "127.0.0.1",
        "PORT": str(port),
        "WEB_CONCURRENCY": str(shape.web),
        "WEB_THREADS": str(shape.threads),
    }
    with Processes(environment) as processes:
        processes.start("web", command("web"))
        for _ in range(shape.workers):
            processes.start("worker", command("worker"))
        processes.start("scheduler", command("scheduler"))
        url = f"http://127.0.0.1:{port}"
        _wait_until_ready(url)
        yield Town(url, database, shape)


def _wait_until_ready(url: str) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    while True:
        try:
            with urllib.request.urlopen(f"{url}/readyz", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            if time.monotonic() > deadline:
                raise
        time.sleep(0.2)


def _role(process: psutil.Process, database_url: str) -> str | None:
    """What the process does here; None for one that is not of this bench."""
    command_line = " ".join(process.info["cmdline"] or [])
    if process.pid == os.getpid():
        return "load generator"
    if process.info["name"] == "postgres":
        folder = database_url.split("host=")[-1].removesuffix("/postgres")
        return "postgres" if _is_in(process, folder) else None
    if sys.executable in command_line and (process.info["environ"] or {}).get("DATABASE_URL") == database_url:
        for role, mark in (("web", "gunicorn"), ("scheduler", "scheduler"), ("worker", "workers")):
            if mark in command_line:
                return role
    if "valkey-server" in command_line and any(
        child.pid == process.pid for child in psutil.Process().children()
    ):
        return "valkey"
    return None


def _is_in(process: psutil.Process, folder: str) -> bool:
    try:
        return process.cwd().startswith(folder)
    except psutil.Error:
        return False
