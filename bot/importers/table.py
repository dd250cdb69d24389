"""A CSV as people save it, cell by cell, with what is wrong told by line and column.

Takes UTF-8 with or without a byte order mark, and Windows-1252 as older spreadsheets write it; commas,
semicolons or tabs between the cells. The first row names the columns.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError

from bot.importers.wrong import Wrong, in_spanish

if TYPE_CHECKING:
    from _csv import Reader as CsvReader

SEPARATORS = (",", ";", "\t")


class Problem(NamedTuple):
    """What is wrong in a file, and where. `line` counts from 1, the header's; `column` is its name or
    empty. `spanish` is the reason as people of the console read it."""

    line: int
    column: str
    reason: str
    spanish: str = ""

    def __str__(self) -> str:
        where = f"line {self.line}, column {self.column}" if self.column else f"line {self.line}"
        return f"{where}: {self.reason}"


Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Report(Generic[Row]):
    """What was read. Every row with an error is left out of `rows`; warnings leave nothing out. `columns` are those
    that the file has, and `lines` where each row of `rows` stands."""

    rows: tuple[Row, ...]
    errors: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    columns: frozenset[str] = frozenset()
    lines: tuple[int, ...] = ()


class TableError(Wrong):
    """A file that cannot be read as a table at all."""

    def __init__(self, reason: str, spanish: str, line: int = 1) -> None:
        super().__init__(reason, spanish)
        self.problem = Problem(line, "", reason, spanish)


class CellError(Wrong):
    """A cell that is wrong together with others of its row."""

    def __init__(self, column: str, reason: str, spanish: str) -> None:
        super().__init__(reason, spanish)
        self.column = column


class Line(NamedTuple):
    """One row of the file: the cells that are not empty, by column."""

    number: int
    cells: dict[str, str]


Cells = TypeVar("Cells", bound=BaseModel)


class Keyed(NamedTuple, Generic[Row]):
    """A row and the key by which it is known again."""

    key: str
    row: Row


Source = Path | bytes
"""A file, or what is in one."""


def read_table(source: Source, cells: type[Cells], build: Callable[[Cells], Keyed[Row]]) -> Report[Row]:
    """Each line through `cells`, which checks every cell by itself, then `build`, which makes the row or
    raises CellError. Never raises for what is in the file."""
    try:
        text, warnings = _decoded(source if isinstance(source, bytes) else source.read_bytes())
        header, lines = _lines(text)
    except TableError as error:
        return Report((), (error.problem,))
    known = cells.model_fields
    warnings += [
        Problem(1, name, "unknown column, left out", "esta columna no se conoce: no se toma en cuenta")
        for name in header
        if name and name not in known
    ]
    errors = _missing_columns(header, cells)
    if errors:
        return Report((), tuple(errors), tuple(warnings))
    rows: dict[str, Row] = {}
    lines_by_key: dict[str, int] = {}
    for line in lines:
        if isinstance(line, Problem):
            errors.append(line)
            continue
        try:
            key, row = build(cells.model_validate(line.cells))
            if key in rows:
                before = lines_by_key[key]
                raise CellError(
                    "key",
                    f"{key!r} is already that of line {before}; each row needs its own",
                    f"«{key}» ya es la clave de la línea {before}; cada fila necesita la suya",
                )
            rows[key], lines_by_key[key] = row, line.number
        except ValidationError as error:
            errors += _cell_problems(line.number, error)
        except CellError as error:
            errors.append(Problem(line.number, error.column, str(error), error.spanish))
    return Report(
        tuple(rows.values()),
        tuple(errors),
        tuple(warnings),
        frozenset(header) & known.keys(),
        tuple(lines_by_key.values()),
    )


def read_cells(
    given: Mapping[str, str], cells: type[Cells], build: Callable[[Cells], Keyed[Row]]
) -> Report[Row]:
    """One row that was filled in elsewhere than in a file, checked alike: its row, or what is wrong with it by
    column."""
    try:
        filled = {name: cell.strip() for name, cell in given.items() if cell.strip()}
        return Report((build(cells.model_validate(filled)).row,))
    except ValidationError as error:
        return Report((), tuple(_cell_problems(1, error)))
    except CellError as error:
        return Report((), (Problem(1, error.column, str(error), error.spanish),))


def _missing_columns(header: list[str], cells: type[BaseModel]) -> list[Problem]:
    required = [name for name, field in cells.model_fields.items() if field.is_required()]
    return [
        Problem(
            1,
            name,
            f"the column is missing: there must be {', '.join(required)}",
            f"falta esta columna: tiene que haber {', '.join(required)}",
        )
        for name in required
        if name not in header
    ]


def _cell_problems(line: int, error: ValidationError) -> Iterator[Problem]:
    for one in error.errors():
        column = str(one["loc"][0]) if one["loc"] else ""
        if one["type"] == "missing":
            yield Problem(line, column, "is empty, and must not be", "está vacío, y hace falta")
        else:
            wrong = one.get("ctx", {}).get("error") or ValueError(one["msg"])
            yield Problem(line, column, str(wrong), in_spanish(wrong))


_SAVE_AS_CSV = "guárdelo como CSV (UTF-8) y pruebe otra vez"


def _decoded(raw: bytes) -> tuple[str, list[Problem]]:
    if raw.startswith(b"PK\x03\x04") or raw.startswith(b"\xd0\xcf\x11\xe0"):
        raise TableError(
            "this is a spreadsheet, not a CSV: save it as CSV (UTF-8) and try again",
            f"es una hoja de cálculo, no un CSV: {_SAVE_AS_CSV}",
        )
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise TableError(
            "this file is UTF-16: save it as CSV (UTF-8) and try again",
            f"este archivo está en UTF-16: {_SAVE_AS_CSV}",
        )
    if b"\x00" in raw:
        raise TableError(
            "this is not a text file: save it as CSV (UTF-8) and try again",
            f"no es un archivo de texto: {_SAVE_AS_CSV}",
        )
    try:
        return raw.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        try:
            text = raw.decode("cp1252")
        except UnicodeDecodeError:
            raise TableError(
                "this file is neither UTF-8 nor Windows-1252 (Latin-1): save it as CSV (UTF-8) and try again",
                f"este archivo no está ni en UTF-8 ni en Windows-1252 (Latin-1): {_SAVE_AS_CSV}",
                line,
            ) from None
    return text, [
        Problem(
            line,
            "",
            "not UTF-8: the file was read as Windows-1252 (Latin-1)",
            "no está en UTF-8: se leyó como Windows-1252 (Latin-1). Revise las tildes y la ñ",
        )
    ]


def _lines(text: str) -> tuple[list[str], Iterator[Line | Problem]]:
    """The names of the columns, and the lines below them that are not empty."""
    first = text.partition("\n")[0]
    separator = max(SEPARATORS, key=first.count)
    reader = csv.reader(text.splitlines(keepends=True), delimiter=separator, strict=True)
    try:
        header = [name.strip().lower() for name in next(reader, [])]
    except csv.Error as error:
        raise TableError(
            f"the header cannot be read: {error}", "no se puede leer la primera fila, la de los títulos"
        ) from error
    if not any(header):
        raise TableError(
            "the file is empty: its first row must name the columns",
            "el archivo está vacío: la primera fila tiene que nombrar las columnas",
        )
    twice = {name for name in header if name and header.count(name) > 1}
    if twice:
        names = ", ".join(sorted(twice))
        raise TableError(
            f"the header names a column twice: {names}", f"la primera fila nombra dos veces: {names}"
        )
    return header, _below(reader, header)


def _below(reader: CsvReader, header: list[str]) -> Iterator[Line | Problem]:
    while True:
        number = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            yield Problem(
                number,
                "",
                f"cannot be read from here on ({error}): is a quote left open?",
                "no se puede leer desde aquí: ¿quedó una comilla sin cerrar?",
            )
            return
        if cells is None:
            return
        if any(cell.strip() for cell in cells[len(header) :]):
            yield Problem(
                number,
                "",
                f"has {len(cells)} cells for {len(header)} columns: a cell that holds the separator needs quotes",
                f"tiene {len(cells)} celdas para {len(header)} columnas: una celda con el separador va entre comillas",
            )
        elif any(cell.strip() for cell in cells):
            yield Line(
                number,
                {
                    name: bare
                    for name, cell in zip(header, cells, strict=False)
                    if (bare := _as_written(cell.strip()))
                },
            )


_DEFUSED = re.compile(r"'[=+\-@]")
"""How a cell begins that an export (cells.py) kept a spreadsheet from taking for a formula."""


def _as_written(cell: str) -> str:
    return cell[1:] if _DEFUSED.match(cell) else cell
