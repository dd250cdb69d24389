"""What every page of the console uses: services, the time, paging, masked numbers, times and counts in words.

A view that takes a file larger than the 64 KiB of every other request says so, between route and role:

    @bp.post("/cargar")
    @takes_up_to(5 * MIB)
    @at_least(Role.COORDINATOR)
    def load() -> Response:
        file = request.files["archivo"]

Only who is logged in with that role may send so much: others are refused before anything is read. What lies in form
fields that are no file stays bounded by 256 KiB.

Templates have the filters `moment` (hoy 3:15 pm), `ago` (hace 2 h), `day` (23 nov 2026), `count` (1,234) and `masked`,
and the functions `plural(3, "mensaje", "mensajes")` and `static_url("console.css")`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, Literal, TypeVar
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import flask
from flask import current_app, request

from bot.clock import now
from bot.services import Services

LIMA = ZoneInfo("America/Lima")
MIB = 1024 * 1024
PAGE_ROWS = 25

Row = TypeVar("Row")
View = TypeVar("View", bound=Callable[..., Any])
Kind = Literal["ok", "warning", "error"]


def services() -> Services:
    """What this process works with."""
    found: Services = current_app.extensions["ayllu"]
    return found


def clock() -> datetime:
    """The time, in UTC."""
    return now()


def flash(text: str, kind: Kind = "ok") -> None:
    """Say this at the top of the next page. It travels in a cookie: nothing of anybody's belongs there."""
    flask.flash(text, kind)


def takes_up_to(bytes_: int) -> Callable[[View], View]:
    """The view takes requests of so many bytes."""

    def mark(view: View) -> View:
        view.up_to = bytes_  # type: ignore[attr-defined]
        return view

    return mark


def masked(address: str | None) -> str:
    """A number, or what WhatsApp gives in its place, cut to what tells two apart.

    >>> masked("+51987654321"), masked("PE.13491208655302741918"), masked(None)
    ('+51 *** *** *21', 'PE.***18', '—')
    """
    if not address:
        return "—"
    bare = address.removeprefix("whatsapp:")
    if peruvian := re.fullmatch(r"\+51\d{7}(\d\d)", bare):
        return f"+51 *** *** *{peruvian[1]}"
    head = bare[:3] if bare[:1] == "+" or bare[2:3] == "." else ""
    return f"{head}***{bare[-2:]}" if len(bare) > 6 else "***"


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows of many. `later` is the address of those that follow, None where there are none; `first` that of the
    beginning, None where this is it."""

    rows: list[Row]
    later: str | None
    first: str | None


def row_id(given: str) -> int:
    """An id as the database has them. Raises ValueError."""
    if not re.fullmatch("[0-9]{1,18}", given):
        raise ValueError("is no id")
    return int(given)


def paged(
    fetch: Callable[[Any, int], Sequence[Row]],
    key: Callable[[Row], object],
    size: int = PAGE_ROWS,
    read: Callable[[str], Any] = row_id,
) -> Page[Row]:
    """The page that the request asks for (`?after=…`), whatever else is in its address.

    `fetch(after, limit)` gives at most so many rows that come after the one with that key (None: from the beginning) in
    an order that the key decides, `key(row)` is what is written into the address, and `read` makes of it what `fetch`
    wants: an id, unless told otherwise; it raises ValueError for what it cannot read, and the beginning is shown.
    """
    given = request.args.get("after")
    try:
        after = read(given) if given else None
    except ValueError:
        after = None
    found = list(fetch(after, size + 1))
    rows = found[:size]
    return Page(
        rows=rows,
        later=_address(after=str(key(rows[-1]))) if len(found) > size else None,
        first=_address(after=None) if after is not None else None,
    )


def _address(**changed: str | None) -> str:
    asked = {name: values for name, values in request.args.lists() if name not in changed}
    asked |= {name: [value] for name, value in changed.items() if value is not None}
    query = urlencode(asked, doseq=True)
    return f"{request.path}?{query}" if query else request.path


_DAYS = ("lun", "mar", "mié", "jue", "vie", "sáb", "dom")
_MONTHS = ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic")


def moment(at: datetime | None) -> str:
    """When it was or will be, in Lima, as one would say it: hoy 3:15 pm, ayer 9:02 am, lun 23 nov 9:00 am."""
    if at is None:
        return "—"
    there, today = at.astimezone(LIMA), clock().astimezone(LIMA).date()
    hour = f"{there:%I:%M}".lstrip("0") + (" am" if there.hour < 12 else " pm")
    away = (there.date() - today).days
    if away in (-1, 0, 1):
        return f"{('ayer', 'hoy', 'mañana')[away + 1]} {hour}"
    if there.year == today.year:
        return f"{_DAYS[there.weekday()]} {there.day} {_MONTHS[there.month - 1]} {hour}"
    return f"{day(there.date())} {hour}"


def day(on: date | datetime | None) -> str:
    """
    >>> day(date(2026, 11, 3))
    '3 nov 2026'
    """
    if on is None:
        return "—"
    if isinstance(on, datetime):
        on = on.astimezone(LIMA).date()
    return f"{on.day} {_MONTHS[on.month - 1]} {on.year}"


def ago(at: datetime | None) -> str:
    """How long since then, or until then: hace 2 h, en 3 días."""
    if at is None:
        return "nunca"
    seconds = (clock() - at).total_seconds()
    return f"{'hace' if seconds >= 0 else 'en'} {span(abs(seconds))}"


def span(seconds: float) -> str:
    """
    >>> span(40), span(130), span(7300), span(86400), span(200000)
    ('40 s', '2 min', '2 h', '1 día', '2 días')
    """
    for size, unit in ((86400, "día"), (3600, "h"), (60, "min")):
        if seconds >= size:
            number = int(seconds // size)
            return f"{number} {unit}" if unit != "día" else plural(number, "día", "días")
    return f"{int(seconds)} s"


def count(number: float) -> str:
    """
    >>> count(1234)
    '1,234'
    """
    return f"{number:,.0f}"


def plural(number: int, one: str, many: str) -> str:
    """
    >>> plural(1, "mensaje", "mensajes"), plural(2300, "mensaje", "mensajes")
    ('1 mensaje', '2,300 mensajes')
    """
    return f"{count(number)} {one if number == 1 else many}"
