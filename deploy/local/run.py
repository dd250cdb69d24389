"""The whole of Ayllu on one machine: engines, tables, demo data, and every process, started and stopped as one."""

from __future__ import annotations

import logging
import os
import signal
import sys
import time
import urllib.error
import urllib.request
from contextlib import ExitStack
from threading import Event

from bot import clock, local
from bot.engines import EngineError
from bot.logs import set_up_logging
from bot.settings import Settings
from bot.store.migrate import migrate
from deploy.checks import CannotStart, check_settings_and_model
from deploy.local.demo.administrator import LOGIN, demo_administrator
from deploy.local.demo.load import load_demo
from deploy.local.processes import ProcessError, Processes
from deploy.roles import command

log = logging.getLogger(__name__)

READY_WITHIN_S = 60.0
WORKERS = 2
"""So that a phone which answers slowly does not hold up everybody."""


def run(stopped: Event) -> None:
    """Run until `stopped`. Raises EngineError, ProcessError or one of CannotStart, whose messages say what to mend."""
    with ExitStack() as stack:
        environment = local.environment(stack)
        os.environ.update(environment)
        settings = check_settings_and_model()
        migrate(settings.database_url)
        password = None
        if not settings.live:
            load_demo(settings)
            password = demo_administrator(settings)
        processes = stack.enter_context(Processes(environment))
        if settings.simulator_url:
            processes.start("simulator", _simulator(settings))
        processes.start("web", command("web"))
        for _ in range(WORKERS):
            processes.start("worker", command("worker"))
        processes.start("scheduler", command("scheduler"))
        _wait_until_ready(settings, processes, stopped)
        _say_where(settings, password)
        while not stopped.wait(0.5):
            processes.keep_running()
        print("\nStopping…", flush=True)


def _simulator(settings: Settings) -> list[str]:
    port = str(settings.port + 1)
    database = str(settings.data_dir / "simulator.sqlite")
    clock_file = str(settings.data_dir / clock.FILE)
    return [
        *(sys.executable, "-m", "bot.simulator", "--port", port),
        *("--database", database, "--clock", clock_file),
    ]


def _wait_until_ready(settings: Settings, processes: Processes, stopped: Event) -> None:
    """Web and simulator start at once, and neither waits for the other: both must answer."""
    asked = [f"{settings.port}/readyz"]
    if settings.simulator_url:
        asked.append(f"{settings.port + 1}/healthz")
    deadline = time.monotonic() + READY_WITHIN_S
    while asked and not stopped.is_set():
        processes.keep_running()
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{asked[0]}", timeout=2):
                del asked[0]
        except (urllib.error.URLError, OSError) as error:
            if time.monotonic() > deadline:
                raise ProcessError(f"{asked[0]} did not answer in {READY_WITHIN_S:.0f} s: {error}") from error
            stopped.wait(0.2)


def _say_where(settings: Settings, password: str | None) -> None:
    here = f"http://localhost:{settings.port}"
    where = f"{here}/simulator/" if settings.simulator_url else settings.public_url
    console = f"The console is at {here}/console/"
    if password:
        console += f": user {LOGIN}, password {password}"
    print(
        f"\nAyllu is running. Open {where}\n{console}\nCtrl-C stops it; data is kept in {settings.data_dir}.\n",
        flush=True,
    )


def main() -> None:
    set_up_logging(os.environ.get("LOG_LEVEL", "INFO"), os.environ.get("LOG_FORMAT", "text"))
    stopped = Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stopped.set())
    try:
        run(stopped)
    except (EngineError, ProcessError, *CannotStart) as error:
        sys.exit(f"\n{error}")
