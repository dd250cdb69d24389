"""A backup: the whole database as it is at one moment, in PostgreSQL's own archive format, while the bot runs."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.backup.tools import BackupError, run_tool
from bot.store.crypto import mark_of
from bot.store.tables import Contact

_NAME = re.compile(r"ayllu-(?P<at>\d{8}T\d{6}Z)-(?P<mark>[0-9a-f]{8})\.dump")
_PART = ".part"
"""What a backup is called until it is whole."""
_AT = "%Y%m%dT%H%M%SZ"


def back_up(database_url: str, secret: str, folder: Path, now: datetime) -> Path:
    """The file, readable by its owner alone. Its name tells when it was made, and by a mark which SECRET_KEY opens what
    is sealed in it; the key itself is not in it. Raises BackupError."""
    file = folder / f"ayllu-{now.astimezone(UTC).strftime(_AT)}-{mark_of(secret)}.dump"
    part = file.with_suffix(_PART)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        part.touch(mode=0o600)
        part.chmod(0o600)
    except OSError as error:
        raise BackupError(f"{folder} cannot be written: {error.strerror}") from error
    try:
        run_tool("pg_dump", "--format=custom", f"--file={part}", database_url=database_url)
        _check(part)
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.rename(file)
    except OSError as error:
        raise BackupError(f"{folder} cannot be written: {error.strerror}") from error
    finally:
        part.unlink(missing_ok=True)
    return file


def _check(file: Path) -> None:
    """That the archive can be read, and holds our tables."""
    if f"TABLE DATA public {Contact.__tablename__} " not in run_tool("pg_restore", "--list", str(file)):
        raise BackupError("there are no tables of Ayllu in this database: look at DATABASE_URL")


def forget_old(folder: Path, keep: timedelta, now: datetime) -> list[Path]:
    """Delete the backups in a folder that are older, and what is left of one that was broken off. Those that were."""
    whole = ((file, file.with_suffix(".dump") if file.suffix == _PART else file) for file in folder.iterdir())
    old = [file for file, name in whole if (made := made_at(name)) is not None and made < now - keep]
    for file in old:
        file.unlink()
    return old


def made_at(file: Path) -> datetime | None:
    """When a backup was made, by its name; None where that is no backup's."""
    told = _NAME.fullmatch(file.name)
    return datetime.strptime(told["at"], _AT).replace(tzinfo=UTC) if told else None


def mark_on(file: Path) -> str | None:
    """The mark of the key that opens it, by its name; None where that is no backup's."""
    told = _NAME.fullmatch(file.name)
    return told["mark"] if told else None
