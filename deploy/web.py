"""What gunicorn does around the web process: its lines are written as ours are; those that serve together count
together, in a folder of theirs."""

from __future__ import annotations

import os
import shutil
import tempfile
from typing import Any

from bot.logs import formatter

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""Read by the Prometheus library when it is first imported, in the processes that gunicorn starts."""


def on_starting(server: Any) -> None:
    for handler in server.log.error_log.handlers:
        handler.setFormatter(formatter(os.environ.get("LOG_FORMAT", "text")))
    os.environ[FOLDER] = tempfile.mkdtemp(prefix="ayllu-metrics-")


def on_exit(server: Any) -> None:
    shutil.rmtree(os.environ[FOLDER], ignore_errors=True)
