"""Real processes of the bot beside a test: web processes behind one port, and workers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import requests

from bot.settings import Settings
from tests.support.ports import free_ports

READY_WITHIN_S = 60.0


@contextmanager
def processes(settings: Settings, webs: int, workers: int) -> Iterator[str]:
    """So many of each, with these settings: where the web processes listen. Killed at the end."""
    port = free_ports()
    environment = {
        **os.environ,
        **{
            name.upper(): str(getattr(value, "get_secret_value", lambda value=value: value)())
            for name, value in settings
            if name.startswith(("database", "redis", "twilio", "public", "data_dir")) and value
        },
        "SECRET_KEY": settings.secret_key.get_secret_value(),
        "LOG_LEVEL": "WARNING",
    }
    web = ["-m", "gunicorn", f"--bind=127.0.0.1:{port}", f"--workers={webs}", "--threads=4"]
    commands = [[*web, "bot.app:create_app()"], *[["-m", "workers"]] * workers]
    started = [
        subprocess.Popen([sys.executable, *command], env=environment, start_new_session=True)
        for command in commands
    ]
    try:
        _wait_until_ready(f"http://127.0.0.1:{port}/readyz")
        yield f"http://127.0.0.1:{port}"
    finally:
        for process in started:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _wait_until_ready(address: str) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    while True:
        try:
            if requests.get(address, timeout=2).status_code == 200:
                return
        except requests.RequestException:
            pass
        assert time.monotonic() < deadline, "the web processes are not ready"
        time.sleep(0.1)
