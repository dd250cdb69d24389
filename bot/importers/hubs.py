"""Tech hubs from a CSV.

    column     must be  what                                                                for example
    key                 the hub's own, lasting key; else made of name and place             tambo-0231
    name       yes      what people read, 28 characters fit an SMS                          Biblioteca de Comas
    district   or       district or neighbourhood, with its province if shared              Collique
    ubigeo     this     INEI's code of the district                                         150110
    lat, lon            WGS 84 degrees; else the district's                                 -11.9151, -77.0203
    address             how people find it                                                  Plaza de Armas s/n
    services   yes      internet, computer, wifi, printing, scanning, charging, training,   internet; impresiones
                        video_call, or the Spanish words, between semicolons
    hours      yes      opening hours, a part for each run of days                          lun-vie 9-18; sab 9-13
    free       yes      whether it costs nothing                                            si
    demo                yes for an invented row, which is never taken for a real one

`templates/hubs.csv` is a file to begin with.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, BeforeValidator

from bot.importers import values
from bot.importers.place import locate
from bot.importers.providers import Degrees, Text, Yes, check_demo, key_of
from bot.importers.table import Keyed, Report, Source, read_cells, read_table
from matching.schema import Point
from nlp.places import Gazetteer


@dataclass(frozen=True, slots=True)
class HubRow:
    """A hub as a file has it. `key` stays the same from one import to the next; `hours` as in
    matching.schema.Hub."""

    key: str
    name: str
    ubigeo: str
    point: Point
    address: str
    services: tuple[str, ...]
    hours: dict[str, tuple[str, str]]
    free: bool
    demo: bool = False


class HubCells(BaseModel):
    """The cells of one line, each read by itself."""

    name: Text
    services: Annotated[tuple[str, ...], BeforeValidator(values.read_services)]
    hours: Annotated[dict[str, tuple[str, str]], BeforeValidator(values.read_hours)]
    free: Yes
    key: Text | None = None
    district: Text | None = None
    ubigeo: Annotated[str, BeforeValidator(values.read_ubigeo)] | None = None
    lat: Degrees | None = None
    lon: Degrees | None = None
    address: Text = ""
    demo: Yes = False


def read_hubs(source: Source, places: Gazetteer, *, demo: bool | None = False) -> Report[HubRow]:
    """The good rows, and what is wrong with the others. Demo rows are taken with `demo` alone, and then only
    they; with None, both are.

    Raises OSError when there is no such file.
    """
    return read_table(source, HubCells, lambda cells: _row(cells, places, demo))


def read_hub(cells: Mapping[str, str], places: Gazetteer) -> Report[HubRow]:
    """One hub that was filled in by its columns, real or invented as it says."""
    return read_cells(cells, HubCells, lambda read: _row(read, places, None))


def _row(cells: HubCells, places: Gazetteer, demo: bool | None) -> Keyed[HubRow]:
    check_demo(cells.demo, demo)
    ubigeo, point = locate(places, cells.ubigeo, cells.district, cells.lat, cells.lon)
    key = cells.key or key_of(cells.name, ubigeo)
    return Keyed(
        key,
        HubRow(
            key, cells.name, ubigeo, point, cells.address, cells.services, cells.hours, cells.free, cells.demo
        ),
    )
