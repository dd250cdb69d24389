"""Taking in a national table of villages (centros poblados) or of population."""

from __future__ import annotations

import csv
import gzip
import os
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from nlp.places.names import shipped_districts
from nlp.places.national import APPLICATION_ID, NationalTableError
from nlp.places.text import FORM_VERSION, key

MOST_PROBLEMS = 1000
"""Problems kept one by one; beyond that they are only counted."""
SCHEMA = """
CREATE TABLE IF NOT EXISTS village (
    code TEXT PRIMARY KEY, ubigeo TEXT NOT NULL, name TEXT NOT NULL, key TEXT NOT NULL, urban INTEGER NOT NULL,
    lat REAL NOT NULL, lon REAL NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS village_by_key ON village (key, ubigeo);
CREATE INDEX IF NOT EXISTS village_by_point ON village (lat, lon);
CREATE TABLE IF NOT EXISTS population (ubigeo TEXT PRIMARY KEY, total INTEGER NOT NULL) WITHOUT ROWID;
"""

VILLAGES = ("inei_ccpp", "inei_distrito", "ccpp", "tipo", "latitude", "longitude")
POPULATION = ("ubigeo", "POB_TOTAL")
DISTRICTS = ("ubigeo", "población")


@dataclass(frozen=True, slots=True)
class Problem:
    """One wrong cell: the line of the file (from 1, the header's), the column's name, and what is wrong with it."""

    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}, {self.column}: {self.reason}"


@dataclass(slots=True)
class ImportReport:
    """What came of an import: what the table holds (`villages` or `population`), rows taken, rows refused and why."""

    kind: str
    taken: int = 0
    refused: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether every row went in."""
        return self.refused == 0

    def refuse(self, problem: Problem) -> None:
        self.refused += 1
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(problem)


class RowError(Exception):
    """A cell that is wrong."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(column, reason)
        self.column, self.reason = column, reason


def import_national(csv_path: Path, out: Path) -> ImportReport:
    """Takes a national table into the SQLite file `out`, made if it is not there.

    The table is CSV, gzipped or not, told by its header: INEI's centros poblados
    (`inei_ccpp,inei_distrito,ccpp,tipo,latitude,longitude`), a population table
    (`ubigeo,…,POB_TOTAL,…`), or INEI's district table (`…;ubigeo;…;población;…`). Wrong rows are left out and
    reported; the good ones go in. The same table twice changes nothing. The file is replaced whole at the end, so
    that who reads it meanwhile keeps the old one; a gazetteer that is loaded already does not see the new one.

    Raises NationalTableError when the file cannot be read or its header is none of these.
    """
    working = out.with_name(f".{out.name}.{os.getpid()}")
    out.parent.mkdir(parents=True, exist_ok=True)
    try:
        if out.exists():
            shutil.copyfile(out, working)
        with opened(csv_path) as file:
            report = take_in(file, csv_path, working)
        working.replace(out)
    finally:
        working.unlink(missing_ok=True)
    return report


def opened(path: Path) -> IO[str]:
    try:
        with path.open("rb") as file:
            zipped = file.read(2) == b"\x1f\x8b"
    except OSError as error:
        raise NationalTableError(f"{path}: {error.strerror}") from error
    if zipped:
        return gzip.open(path, "rt", encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")


def take_in(file: IO[str], path: Path, working: Path) -> ImportReport:
    database = sqlite3.connect(working)
    try:
        with database:
            prepare(database, path)
            first = file.readline()
            header = next(csv.reader([first], delimiter=separator(first)), [])
            rows = csv.reader(file, delimiter=separator(first))
            kind = table_kind(header, path)
            report = ImportReport(kind)
            take = take_village if kind == "villages" else take_population
            known = {district.ubigeo for district in shipped_districts({})}
            seen = "CREATE TEMP TABLE seen (code TEXT PRIMARY KEY, line INTEGER) WITHOUT ROWID"
            database.execute(seen)
            for line, cells in numbered(rows, report):
                if not any(cell.strip() for cell in cells):
                    continue
                try:
                    take(database, record(header, cells), line, known)
                    report.taken += 1
                except RowError as wrong:
                    report.refuse(Problem(line, wrong.column, wrong.reason))
        return report
    except (UnicodeDecodeError, EOFError, gzip.BadGzipFile) as error:
        raise NationalTableError(
            f"{path}: cannot be read as UTF-8 text ({error}); save it as UTF-8 CSV"
        ) from error
    except sqlite3.DatabaseError as error:
        raise NationalTableError(
            f"{working.name}: not a table of places ({error}); delete it and import again"
        ) from error
    finally:
        database.close()


def prepare(database: sqlite3.Connection, path: Path) -> None:
    version = database.execute("PRAGMA user_version").fetchone()[0]
    if version not in (0, FORM_VERSION):
        database.executescript("DROP TABLE IF EXISTS village;")
    database.executescript(SCHEMA)
    database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    database.execute(f"PRAGMA user_version = {FORM_VERSION}")


def separator(first_line: str) -> str:
    return ";" if first_line.count(";") > first_line.count(",") else ","


def table_kind(header: list[str], path: Path) -> str:
    if set(VILLAGES) <= set(header):
        return "villages"
    if set(POPULATION) <= set(header) or set(DISTRICTS) <= set(header):
        return "population"
    expected = " or ".join(",".join(columns) for columns in (VILLAGES, POPULATION, DISTRICTS))
    raise NationalTableError(f"{path}: line 1: the header is {','.join(header)!r}; expected {expected}")


def numbered(rows: Iterator[list[str]], report: ImportReport) -> Iterator[tuple[int, list[str]]]:
    """The rows with the line of the file each begins on; what is no CSV is reported and passed over."""
    line = 2
    while True:
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            report.refuse(Problem(line, "-", f"no CSV: {error}"))
            continue
        finally:
            begins, line = line, 1 + rows.line_num + 1  # type: ignore[attr-defined]
        yield begins, cells


def record(header: list[str], cells: list[str]) -> dict[str, str]:
    if len(cells) != len(header):
        raise RowError("-", f"{len(cells)} cells, the header has {len(header)}")
    return {name: cell.strip() for name, cell in zip(header, cells, strict=True)}


def take_village(database: sqlite3.Connection, row: Mapping[str, str], line: int, known: set[str]) -> None:
    code, ubigeo = row["inei_ccpp"], row["inei_distrito"]
    if len(code) != 10 or not code.isdecimal():
        raise RowError("inei_ccpp", f"{code!r} is not ten digits")
    name = " ".join(row["ccpp"].split())
    if not key(name):
        raise RowError("ccpp", "no name")
    if ubigeo not in known:
        raise RowError("inei_distrito", f"{ubigeo!r} is no district")
    lat = degrees(row, "latitude", -18.5, 0.1)
    lon = degrees(row, "longitude", -81.5, -68.5)
    first_time(database, "inei_ccpp", code, line)
    urban = fold_type(row["tipo"])
    database.execute(
        "INSERT OR REPLACE INTO village VALUES (?, ?, ?, ?, ?, ?, ?)",
        (code, ubigeo, name, key(name), urban, lat, lon),
    )


def take_population(database: sqlite3.Connection, row: Mapping[str, str], line: int, known: set[str]) -> None:
    column = "POB_TOTAL" if "POB_TOTAL" in row else "población"
    if row["ubigeo"] not in known:
        raise RowError("ubigeo", f"{row['ubigeo']!r} is no district")
    try:
        total = int(row[column])
    except ValueError:
        raise RowError(column, f"{row[column]!r} is not a whole number") from None
    if not 0 < total < 5_000_000:
        raise RowError(column, f"{total} is no district's population")
    first_time(database, "ubigeo", row["ubigeo"], line)
    database.execute("INSERT OR REPLACE INTO population VALUES (?, ?)", (row["ubigeo"], total))


def first_time(database: sqlite3.Connection, column: str, code: str, line: int) -> None:
    """Raises RowError when the file has had that code already."""
    if database.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (code, line)).rowcount == 0:
        earlier = database.execute("SELECT line FROM seen WHERE code = ?", (code,)).fetchone()[0]
        raise RowError(column, f"{code} was on line {earlier} already")


def degrees(row: Mapping[str, str], column: str, lowest: float, highest: float) -> float:
    try:
        value = float(row[column])
    except ValueError:
        raise RowError(column, f"{row[column]!r} is not a number") from None
    if not lowest <= value <= highest:
        raise RowError(column, f"{row[column]} is outside Peru ({lowest} to {highest})")
    return value


def fold_type(kind: str) -> int:
    """1 for what INEI counts as urban."""
    return int(kind.casefold().startswith("urb"))
