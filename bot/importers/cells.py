"""Rows as the cells they are read from: what an export writes, an import reads back as the same row."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from bot.importers.hubs import HubRow
from bot.importers.providers import ProviderRow
from bot.importers.resources import ResourceRow
from matching.schema import CareKind, Level, Price, ResourceKind
from matching.week import DAYS
from nlp.places import Gazetteer

Cells = dict[str, str]

BYTE_ORDER_MARK = "\ufeff"
"""Excel takes a CSV for UTF-8 only when it begins so."""

_KINDS = {
    CareKind.CUNA_MAS: "cuna más",
    CareKind.MUNICIPAL: "cuna municipal",
    CareKind.DAYCARE: "guardería",
    CareKind.PRESCHOOL: "nido",
    CareKind.HOME: "cuidadora",
    CareKind.NANNY: "niñera",
}
_PERIODS = {"hour": "hora", "day": "dia", "week": "semana", "month": "mes"}
_DAYS = dict(zip(DAYS, ("lun", "mar", "mie", "jue", "vie", "sab", "dom"), strict=True))
_SERVICES = {
    "computer": "computadoras",
    "printing": "impresiones",
    "scanning": "escaner",
    "charging": "carga",
    "training": "clases",
    "video_call": "videollamadas",
}
_LEVELS = {Level.BASIC: "basico", Level.MIDDLE: "intermedio", Level.ADVANCED: "avanzado"}
_RESOURCES = {ResourceKind.PRINTED: "impreso", ResourceKind.PAGE: "pagina"}


def provider_cells(row: ProviderRow, places: Gazetteer) -> Cells:
    """All of a provider but who verified them: that is told by their checks."""
    return {
        "key": row.key,
        "name": row.name,
        "kind": _KINDS[row.kind],
        "phone": row.phone or "",
        "district": _district(row.ubigeo, places),
        "ubigeo": row.ubigeo,
        "lat": repr(row.point.lat),
        "lon": repr(row.point.lon),
        "address": row.address,
        "min_age": age(row.min_months),
        "max_age": age(row.max_months),
        "days": days(row.days),
        "opens": row.opens,
        "closes": row.closes,
        "price": _soles(row.price),
        "period": _PERIODS.get(row.price.period or "", "") if row.price and row.price.amount else "",
        "places": str(row.places_free),
        "amenities": "; ".join(row.amenities),
        "languages": "; ".join(row.languages),
        "special_needs": "; ".join(row.special_needs),
        "demo": _yes(row.demo),
    }


def hub_cells(row: HubRow, places: Gazetteer) -> Cells:
    return {
        "key": row.key,
        "name": row.name,
        "district": _district(row.ubigeo, places),
        "ubigeo": row.ubigeo,
        "lat": repr(row.point.lat),
        "lon": repr(row.point.lon),
        "address": row.address,
        "services": "; ".join(_SERVICES.get(service, service) for service in row.services),
        "hours": hours(row.hours),
        "free": "si" if row.free else "no",
        "demo": _yes(row.demo),
    }


def resource_cells(row: ResourceRow, _: Gazetteer | None = None) -> Cells:
    return {
        "key": row.key,
        "title": row.title,
        "topics": "; ".join(row.topics),
        "level": _LEVELS[row.level],
        "kind": _RESOURCES.get(row.kind, row.kind.value),
        "language": row.language,
        "minutes": str(row.minutes),
        "kb": "" if row.kb is None else str(row.kb),
        "summary": row.summary,
        "where": row.where,
        "parts": " | ".join(row.parts),
        "source": row.source,
        "demo": _yes(row.demo),
    }


def age(months: int) -> str:
    """
    >>> age(0), age(18), age(36)
    ('0m', '18m', '3a')
    """
    return f"{months // 12}a" if months and months % 12 == 0 else f"{months}m"


def days(open_: Sequence[str]) -> str:
    """
    >>> days(("mon", "tue", "wed", "thu", "fri")), days(("mon", "wed", "sat", "sun"))
    ('lun-vie', 'lun; mie; sab; dom')
    """
    runs: list[list[str]] = []
    for day in (day for day in DAYS if day in open_):
        if runs and DAYS.index(runs[-1][-1]) + 1 == DAYS.index(day):
            runs[-1].append(day)
        else:
            runs.append([day])
    return "; ".join(
        f"{_DAYS[run[0]]}-{_DAYS[run[-1]]}" if len(run) > 2 else "; ".join(_DAYS[day] for day in run)
        for run in runs
    )


def hours(by_day: Mapping[str, Sequence[str]]) -> str:
    """
    >>> hours({"mon": ("09:00", "18:00"), "tue": ("09:00", "18:00"), "sat": ("09:00", "13:00")})
    'lun,mar 09:00-18:00; sab 09:00-13:00'
    """
    alike: dict[tuple[str, str], list[str]] = {}
    for day in (day for day in DAYS if day in by_day):
        alike.setdefault((by_day[day][0], by_day[day][1]), []).append(day)
    return "; ".join(
        f"{days(open_).replace('; ', ',')} {opens}-{closes}" for (opens, closes), open_ in alike.items()
    )


def csv_lines(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> Iterator[str]:
    """A CSV for a spreadsheet, a piece at a time: what Excel opens with its accents, and takes for no formula."""
    yield BYTE_ORDER_MARK + _line(columns)
    for row in rows:
        yield _line([defused(row.get(column, "")) for column in columns])


_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?(e-?\d+)?")


def defused(cell: str) -> str:
    """The cell as a spreadsheet shows it and runs nothing: what begins like a formula and is no number gets an
    apostrophe, which an import takes off again.

    >>> defused("=HYPERLINK(1)"), defused("-11.9572"), defused("@nido")
    ("'=HYPERLINK(1)", '-11.9572', "'@nido")
    """
    is_formula = cell[:1] in ("=", "+", "-", "@", "\t", "\r", "\n") and not _NUMBER.fullmatch(cell)
    return f"'{cell}" if is_formula else cell


def _line(cells: Sequence[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue()


def _soles(price: Price | None) -> str:
    if price is None:
        return ""
    return "gratis" if price.amount == 0 else f"{price.amount:.2f}".removesuffix(".00")


def _district(ubigeo: str, places: Gazetteer) -> str:
    try:
        return places.label(ubigeo)
    except KeyError:
        return ""


def _yes(is_so: bool) -> str:
    return "si" if is_so else ""
