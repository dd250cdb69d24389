"""The form of a hub: what it shows, and what it makes of what was filled in. Checked as the importer checks a row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from werkzeug.datastructures import MultiDict

from bot.console.map.placing import Placing, nowhere_yet, placed_at, read_placing
from bot.dialogue.wording import word
from bot.importers import values
from bot.importers.hubs import HubRow, read_hub
from bot.importers.wrong import in_spanish
from matching.week import DAYS
from nlp.places import Gazetteer
from nlp.schema import HUB_SERVICES

COPY = "copiar"
"""The button that gives the other weekdays Monday's hours."""
WORKING_DAYS = ("tue", "wed", "thu", "fri")
FIELDS = ("name", "address", "free")


@dataclass(frozen=True, slots=True)
class Day:
    """One day's hours as they stand in the form: empty on a day when it is closed."""

    code: str
    name: str
    opens: str = ""
    closes: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """The form as it stands. `errors` by field; what is wrong with a day stands with the day."""

    typed: Mapping[str, str]
    services: frozenset[str]
    days: tuple[Day, ...]
    placing: Placing
    errors: Mapping[str, str] = field(default_factory=dict)

    def unjudged(self) -> Form:
        """The same before anybody wants to save it: what is missing is no fault yet."""
        return replace(self, errors={}, days=tuple(replace(day, error="") for day in self.days))


def blank() -> Form:
    """For a hub that nobody knows yet: what most of them are."""
    return Form({"free": "si"}, frozenset({"internet"}), _days({}), nowhere_yet())


def of(row: HubRow) -> Form:
    """The form of a hub."""
    typed = {"name": row.name, "address": row.address, "free": "si" if row.free else "no"}
    return Form(typed, frozenset(row.services), _days(row.hours), placed_at(row.ubigeo, row.point))


def with_errors(form: Form, errors: Mapping[str, str]) -> Form:
    """The same with what else is wrong."""
    return replace(form, errors={**form.errors, **errors})


def asks_to_copy(sent: Mapping[str, str]) -> bool:
    """Whether it was sent to copy Monday's hours, and not to be saved."""
    return COPY in sent


def read(sent: MultiDict[str, str], places: Gazetteer, before: HubRow | None) -> tuple[Form, HubRow | None]:
    """What was filled in, and the hub it makes: None where something is wrong, which the form then says. `before` is
    the hub as it was, whose key stays."""
    typed = {name: sent.get(name, "").strip() for name in FIELDS}
    services = frozenset(sent.getlist("services")) & frozenset(HUB_SERVICES)
    days = _read_days(_copied(sent) if asks_to_copy(sent) else sent)
    placing = read_placing(sent)
    errors = {name: text for name, text in placing.errors.items() if name in ("district", "lat", "lon")}
    if not services:
        errors["services"] = "Marque por lo menos un servicio."
    if not any(day.opens for day in days) and not any(day.error for day in days):
        errors["hours"] = "Ponga el horario de por lo menos un día."
    cells = {
        **typed,
        "ubigeo": placing.ubigeo,
        "lat": placing.lat,
        "lon": placing.lon,
        "services": "; ".join(service for service in HUB_SERVICES if service in services),
        "hours": "; ".join(
            f"{day.code} {day.opens}-{day.closes}" for day in days if day.opens and not day.error
        ),
        "key": before.key if before else "",
        "demo": "si" if before and before.demo else "",
    }
    report = read_hub({name: cell for name, cell in cells.items() if cell}, places)
    for problem in report.errors:
        if problem.column in FIELDS:
            errors.setdefault(problem.column, _sentence(problem.spanish or problem.reason))
    form = Form(typed, services, days, placing, errors)
    is_good = not errors and not any(day.error for day in days) and report.rows
    if not is_good and not errors and not any(day.error for day in days):
        # What no field of the form asks for: nobody can have typed it, but nothing is dropped in silence.
        first = report.errors[0]
        form = Form(typed, services, days, placing, {"": _sentence(first.spanish or first.reason)})
    return form, report.rows[0] if is_good else None


def closes_next_day(row: HubRow) -> list[str]:
    """The days on which it closes before it opens: meant for the next morning, or a slip."""
    return [word("days", day) for day, (opens, closes) in row.hours.items() if closes <= opens]


def _days(hours: Mapping[str, tuple[str, str]]) -> tuple[Day, ...]:
    return tuple(Day(day, word("days", day), *hours.get(day, ("", ""))) for day in DAYS)


def _copied(sent: MultiDict[str, str]) -> dict[str, str]:
    monday = {part: sent.get(f"mon_{part}", "") for part in ("opens", "closes")}
    return {**sent, **{f"{day}_{part}": time for day in WORKING_DAYS for part, time in monday.items()}}


def _read_days(sent: Mapping[str, str]) -> tuple[Day, ...]:
    return tuple(
        _read_day(day, sent.get(f"{day}_opens", "").strip(), sent.get(f"{day}_closes", "").strip())
        for day in DAYS
    )


def _read_day(day: str, opens: str, closes: str) -> Day:
    name = word("days", day)
    if not opens and not closes:
        return Day(day, name)
    if not opens or not closes:
        return Day(day, name, opens, closes, "Ponga las dos horas, o ninguna si ese día no abre.")
    try:
        return Day(day, name, values.read_time(opens), values.read_time(closes))
    except ValueError as error:
        return Day(day, name, opens, closes, _sentence(in_spanish(error)))


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}".removesuffix(".") + "."
