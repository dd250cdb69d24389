"""The form of learning material: what it shows, and what it makes of what was filled in. Checked as the importer checks
a row."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from werkzeug.datastructures import MultiDict

from bot.gsm7 import Size, fold, size
from bot.importers.cells import resource_cells
from bot.importers.resources import (
    LONGEST_PART,
    LONGEST_SUMMARY,
    LONGEST_TITLE,
    MOST_PARTS,
    ResourceRow,
    read_resource,
)
from bot.importers.values import plain
from matching.schema import Level, ResourceKind
from nlp.schema import HUB_SERVICES

SEE = "ver"
"""The button that shows how it will be read, and saves nothing."""
FIELDS = ("title", "topics", "level", "kind", "language", "minutes", "summary", "source")
OWN = {
    ResourceKind.SMS: ("parts",),
    ResourceKind.PAGE: ("where", "kb"),
    ResourceKind.RADIO: ("where",),
    ResourceKind.PRINTED: ("services",),
}
"""What only one kind has. What stands in the fields of another is not taken."""


@dataclass(frozen=True, slots=True)
class Part:
    """One message of a lesson, as it stands in the form, what it takes as SMS beside `1/6` and `SIGUE`, and
    the letters that an SMS cannot have."""

    number: int
    text: str
    size: Size
    lost: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """The form as it stands. `station` is a radio programme's station and hours, `address` a page's."""

    typed: Mapping[str, str]
    services: frozenset[str]
    parts: tuple[Part, ...]
    errors: Mapping[str, str] = field(default_factory=dict)

    longest_title: int = LONGEST_TITLE
    longest_summary: int = LONGEST_SUMMARY
    longest_part: int = LONGEST_PART

    @property
    def is_good(self) -> bool:
        return not self.errors and not any(part.error for part in self.parts)


def blank() -> Form:
    """For something new: a lesson by message, as it reaches everybody."""
    typed = {"kind": ResourceKind.SMS.value, "level": Level.BASIC.value, "language": "castellano"}
    return Form(typed, frozenset({"printing"}), _parts(()))


def of(row: ResourceRow) -> Form:
    """The form of what is there."""
    cells = resource_cells(row)
    typed = {name: cells.get(name, "") for name in (*FIELDS, "kb")}
    typed |= {"level": row.level.value, "kind": row.kind.value}
    typed["address"] = row.where if row.kind is ResourceKind.PAGE else ""
    typed["station"] = row.where if row.kind is ResourceKind.RADIO else ""
    services = row.where.split("; ") if row.kind is ResourceKind.PRINTED else ["printing"]
    return Form(typed, frozenset(services), _parts(row.parts))


def asks_to_see(sent: Mapping[str, str]) -> bool:
    """Whether it was sent to see how it is read, and not to be saved."""
    return SEE in sent


def with_errors(form: Form, errors: Mapping[str, str]) -> Form:
    """The same with what else is wrong."""
    return replace(form, errors={**form.errors, **errors})


def read(sent: MultiDict[str, str], before: ResourceRow | None) -> tuple[Form, ResourceRow | None]:
    """What was filled in, and what it makes: None where something is wrong, which the form then says. `before` is how
    it was, whose key stays."""
    typed = {name: sent.get(name, "").strip() for name in (*FIELDS, "address", "station", "kb")}
    kind = next((kind for kind in ResourceKind if kind.value == typed["kind"]), None)
    services = frozenset(sent.getlist("services")) & frozenset(HUB_SERVICES)
    parts = _parts(sent.getlist("part"), judge=kind is ResourceKind.SMS)
    errors: dict[str, str] = {}
    cells = {name: typed[name] for name in FIELDS}
    if kind is ResourceKind.SMS:
        cells["parts"] = " | ".join(part.text for part in parts if part.text)
    elif kind is ResourceKind.PAGE:
        cells |= {"where": typed["address"], "kb": typed["kb"]}
    elif kind is ResourceKind.RADIO:
        cells["where"] = typed["station"]
    elif kind is ResourceKind.PRINTED:
        cells["where"] = "; ".join(service for service in HUB_SERVICES if service in services)
    cells["key"] = before.key if before else key_of(typed["title"])
    cells["demo"] = "si" if before and before.demo else ""
    report = read_resource({name: cell for name, cell in cells.items() if cell})
    for problem in report.errors:
        name = _field_of(problem.column, kind)
        if name != "parts" or not any(part.error for part in parts):
            errors.setdefault(name, _sentence(problem.spanish or problem.reason))
    form = Form(typed, services, parts, errors)
    return form, report.rows[0] if form.is_good and report.rows else None


def key_of(title: str) -> str:
    """The key of something new.

    >>> key_of("Excel: fórmulas para su trabajo")
    'excel-formulas-para-su-trabajo'
    """
    return "-".join(re.findall(r"[a-zñ0-9]+", plain(title)))


def _field_of(column: str, kind: ResourceKind | None) -> str:
    """The field in which what a column holds is filled in."""
    if column == "key":
        return "title"
    if column == "where":
        return {ResourceKind.RADIO: "station", ResourceKind.PRINTED: "services"}.get(
            kind or ResourceKind.PAGE, "address"
        )
    return column


def _parts(texts: Sequence[str], judge: bool = False) -> tuple[Part, ...]:
    """All the fields there are for parts, those that were left empty last."""
    filled = [" ".join(text.split()) for text in texts if text.strip()][:MOST_PARTS]
    return tuple(
        _part(number, text, judge)
        for number, text in enumerate([*filled, *[""] * (MOST_PARTS - len(filled))], 1)
    )


def _part(number: int, text: str, judge: bool) -> Part:
    folded = fold(text)
    taken = size(folded)
    error = ""
    if judge and "|" in text:
        error = "No use la barra |: con ella se separan las partes."
    elif judge and taken.units > LONGEST_PART:
        error = f"Tiene {taken.units} letras; caben {LONGEST_PART}. Acórtela, o pase algo a otra parte."
    lost = "".join(dict.fromkeys(letter for letter in text if not letter.isspace() and not fold(letter)))
    return Part(number, text, taken, lost, error)


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}".removesuffix(".") + "."
