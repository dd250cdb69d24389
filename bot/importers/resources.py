"""Free learning material from a CSV.

    column     must be  what                                                                for example
    key        yes      the resource's own, lasting key                                     excel-cero
    title      yes      what people read, 44 characters fit an SMS                          Excel desde cero
    topics     yes      the words that people ask for it with, between semicolons           excel; hoja de calculo
    level      yes      basic, middle, advanced, or basico, intermedio, avanzado            basic
    kind       yes      sms, radio, printed, page                                           sms
    language            the language it is in; castellano if empty                          quechua
    minutes    yes      how long it takes                                                   15
    kb         page     what it costs in data, in kilobytes                                 180
    summary    yes      what one learns, 160 characters at most                             Sumar y guardar.
    where      but sms  a page's https address; a programme's station and hours; the        Radio Sol, lunes 7am
                        services a hub needs for a printed sheet
    parts      sms      2 to 9 messages of at most 150 characters (GSM-7), between bars     Abra Excel. | Escriba.
    source     yes      who wrote it, and its licence                                       Ayllu, CC BY 4.0
    demo                yes for invented rows: no real person is shown one                  si

`templates/resources.csv` is a file to begin with.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, BeforeValidator

from bot.gsm7 import fold, is_gsm7, size
from bot.importers import values
from bot.importers.providers import Text, Words, Yes
from bot.importers.table import CellError, Keyed, Report, Source, read_cells, read_table
from bot.importers.wrong import Wrong, in_spanish
from matching.schema import Level, ResourceKind

LONGEST_TITLE = 44
LONGEST_SUMMARY = 160
LONGEST_WHERE = 80
LONGEST_PART = 150
"""With `2/6` before it and `SIGUE` after it, it fills one SMS of 160."""
FEWEST_PARTS, MOST_PARTS = 2, 9
MOST_MINUTES = 600
MOST_KB = 2000
"""What a page may weigh: about a minute on a slow line."""

LEVELS = {level.value: level for level in Level} | {
    "basico": Level.BASIC,
    "intermedio": Level.MIDDLE,
    "avanzado": Level.ADVANCED,
}
KINDS = {kind.value: kind for kind in ResourceKind} | {
    "impreso": ResourceKind.PRINTED,
    "pagina": ResourceKind.PAGE,
}


@dataclass(frozen=True, slots=True)
class ResourceRow:
    """A resource as a file has it; fields as in matching.schema.Resource."""

    key: str
    title: str
    topics: tuple[str, ...]
    level: Level
    kind: ResourceKind
    language: str
    minutes: int
    kb: int | None
    summary: str
    where: str
    parts: tuple[str, ...]
    source: str
    demo: bool = False


def _level(cell: str) -> Level:
    return values.one_of(cell, LEVELS, ", ".join(Level), "básico, intermedio, avanzado")


def _kind(cell: str) -> ResourceKind:
    return values.one_of(cell, KINDS, ", ".join(ResourceKind), "sms, radio, impreso, página")


def _title(cell: str) -> str:
    return _short(cell, LONGEST_TITLE)


def _summary(cell: str) -> str:
    return _short(cell, LONGEST_SUMMARY)


def _short(cell: str, most: int) -> str:
    text = " ".join(cell.split())
    if len(text) > most:
        raise Wrong(
            f"has {len(text)} characters; {most} are the most",
            f"tiene {len(text)} caracteres; lo más son {most}",
        )
    return values.visible(text)


def _minutes(cell: str) -> int:
    return values.read_number(cell, MOST_MINUTES)


def _kb(cell: str) -> int:
    return values.read_number(cell, MOST_KB)


def _parts(cell: str) -> tuple[str, ...]:
    parts = tuple(" ".join(part.split()) for part in cell.split("|") if part.strip())
    for number, part in enumerate(parts, 1):
        plain = fold(values.visible(part))
        if not is_gsm7(plain):
            raise Wrong(
                f"part {number} holds what no basic phone shows: {part!r}",
                f"la parte {number} tiene signos que un celular básico no muestra: «{part}»",
            )
        if size(plain).units > LONGEST_PART:
            raise Wrong(
                f"part {number} has {size(plain).units} characters; {LONGEST_PART} are the most",
                f"la parte {number} tiene {size(plain).units} caracteres; lo más son {LONGEST_PART}",
            )
    if not FEWEST_PARTS <= len(parts) <= MOST_PARTS:
        raise Wrong(
            f"has {len(parts)} parts: a lesson has {FEWEST_PARTS} to {MOST_PARTS}",
            f"tiene {len(parts)} partes: una lección tiene de {FEWEST_PARTS} a {MOST_PARTS}",
        )
    return parts


class ResourceCells(BaseModel):
    """The cells of one line, each read by itself."""

    key: Text
    title: Annotated[str, BeforeValidator(_title)]
    topics: Words
    level: Annotated[Level, BeforeValidator(_level)]
    kind: Annotated[ResourceKind, BeforeValidator(_kind)]
    minutes: Annotated[int, BeforeValidator(_minutes)]
    summary: Annotated[str, BeforeValidator(_summary)]
    source: Text
    language: Text = "castellano"
    kb: Annotated[int, BeforeValidator(_kb)] | None = None
    where: Text = ""
    parts: Annotated[tuple[str, ...], BeforeValidator(_parts)] = ()
    demo: Yes = False


def read_resources(source: Source, *, demo: bool | None = False) -> Report[ResourceRow]:
    """The good rows, and what is wrong with the others. Demo rows are taken with `demo` alone, or None.

    Raises OSError when there is no such file.
    """
    return read_table(source, ResourceCells, lambda cells: _row(cells, demo))


def read_resource(cells: Mapping[str, str]) -> Report[ResourceRow]:
    """One resource that was filled in by its columns, real or invented as it says."""
    return read_cells(cells, ResourceCells, lambda read: _row(read, None))


def _row(cells: ResourceCells, demo: bool | None) -> Keyed[ResourceRow]:
    if cells.demo and demo is False:
        raise CellError(
            "demo",
            "this is an invented row, for the demo only",
            "esta fila es inventada, solo para demostraciones",
        )
    where = _where(cells)
    if (cells.kind is ResourceKind.SMS) is not bool(cells.parts):
        raise CellError(
            "parts",
            "a lesson by sms has its messages here, and nothing else has",
            "una lección por sms lleva aquí sus mensajes, y nada más los lleva",
        )
    if (cells.kind is ResourceKind.PAGE) is not (cells.kb is not None):
        raise CellError(
            "kb",
            "a page tells here what it costs in data, and nothing else does",
            "una página dice aquí cuántos datos gasta, y nada más lo dice",
        )
    row = ResourceRow(**cells.model_dump(exclude={"where"}), where=where)
    return Keyed(cells.key, row)


def _where(cells: ResourceCells) -> str:
    """Where it is found, as its kind needs it."""
    if cells.kind is ResourceKind.SMS:
        if cells.where:
            raise CellError(
                "where",
                "a lesson by sms is nowhere else: leave it empty",
                "una lección por sms no está en otro sitio: déjelo vacío",
            )
        return ""
    if not cells.where:
        raise CellError(
            "where", "is empty, and must not be for this kind", "está vacío, y para este tipo hace falta"
        )
    if cells.kind is ResourceKind.PAGE and not re.fullmatch(r"https://[^\s/]+\.[^\s/]+(/\S*)?", cells.where):
        raise CellError(
            "where",
            f"{cells.where!r} is no address of a page: write https://…",
            f"«{cells.where}» no es la dirección de una página: ponga https://…",
        )
    if cells.kind is ResourceKind.PRINTED:
        try:
            return "; ".join(values.read_services(cells.where))
        except ValueError as error:
            raise CellError("where", str(error), in_spanish(error)) from None
    if len(cells.where) > LONGEST_WHERE:
        raise CellError(
            "where",
            f"has {len(cells.where)} characters; {LONGEST_WHERE} are the most",
            f"tiene {len(cells.where)} caracteres; lo más son {LONGEST_WHERE}",
        )
    return cells.where
