"""What gunicorn does around the web process: those that serve together count together, in a folder of theirs."""

from __future__ import annotations

import os
import shutil
import tempfile
from typing import Any

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""Read by the Prometheus library when it is first imported, in the processes that gunicorn starts."""


def on_starting(server: Any) -> None:
    os.environ[FOLDER] = tempfile.mkdtemp(prefix="ayllu-metrics-")


def on_exit(server: Any) -> None:
    shutil.rmtree(os.environ[FOLDER], ignore_errors=True)
