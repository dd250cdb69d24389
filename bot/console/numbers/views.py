"""The page of figures, and its file."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from bot.console import audit
from bot.console.access import Role, at_least, current
from bot.console.map import shades_of
from bot.console.numbers import report, words
from bot.console.numbers.report import Counts, Report
from bot.console.numbers.tables import ALL
from bot.console.page import LIMA, clock, services
from bot.counting import counting
from bot.store import Tx, looks, tallies
from bot.weeks import quarter_of, week_of
from nlp.places import Gazetteer

bp = Blueprint("numbers", __name__, url_prefix="/console/cifras")

EVERYWHERE, ANY_AGE, UNKNOWN_AGE = "", "", "x"
"""What stands in the address for all regions, for all ages, and for an age that was not said."""


class Chosen(NamedTuple):
    """What is shown of the figures."""

    quarter: date
    region: str
    age: str


@bp.get("")
@at_least(Role.OPERATOR)
def figures() -> str:
    """The figures of a quarter, of the country or a region."""
    names = region_names(services().places)
    with services().store.begin() as tx:
        quarters = _quarters(tx)
        chosen = _chosen(request.args, quarters, names)
        counts = report.read(tx, chosen.quarter)
        counted_until = looks.last(tx, counting.LOOK)
    found = _work_out(counts, chosen, names)
    map_ = shades_of(
        {one.key: one.told.value for one in found.unmet.by_district},
        title="Familias sin atender, por distrito",
        told=lambda value: f"{value:,.0f} familias",
    )
    return render_template(
        "console/numbers/figures.html",
        report=found,
        map=map_,
        words=words,
        all=ALL,
        quarters=[(one.isoformat(), words.short_quarter(one)) for one in quarters],
        regions=[(EVERYWHERE, "Todo el país"), *sorted(names.items(), key=lambda one: one[1])],
        ages=[
            (ANY_AGE, "Todas las edades"),
            *((key or UNKNOWN_AGE, name) for key, name in words.AGES.items()),
        ],
        asked={
            "periodo": chosen.quarter.isoformat(),
            "region": "" if chosen.region == ALL else chosen.region,
            "edad": _age_asked(chosen.age),
        },
        region=_region_name(chosen.region, names),
        counted_until=counted_until,
        may_export=current().role.includes(Role.COORDINATOR),
    )


@bp.post("/descargar")
@at_least(Role.COORDINATOR)
def download() -> Response:
    """The same figures, as CSV."""
    names = region_names(services().places)
    with services().store.begin() as tx:
        chosen = _chosen(request.form, _quarters(tx), names)
        counts = report.read(tx, chosen.quarter)
        detail = {"periodo": chosen.quarter.isoformat(), "region": _region_name(chosen.region, names)}
        audit.note(tx, current().id, audit.Deed.EXPORTED_FIGURES, "figures", detail)
    found = _work_out(counts, chosen, names)
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(["trimestre", "region", "parte", "de", "cifra", "valor"])
    writer.writerows(report.as_rows(found, _region_name(chosen.region, names)))
    # With the mark by which spreadsheets know UTF-8.
    answer = Response(written.getvalue().encode("utf-8-sig"), mimetype="text/csv")
    name = f"ayllu-cifras-{chosen.quarter:%Y-%m}{'' if chosen.region == ALL else '-' + chosen.region}.csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _quarters(tx: Tx) -> list[date]:
    """Those of which there are figures, and this one."""
    return sorted({*tallies.quarters(tx), _this_quarter(clock())}, reverse=True)


def _this_quarter(now: datetime) -> date:
    return quarter_of(week_of(now))


def _chosen(asked: Mapping[str, str], quarters: list[date], names: Mapping[str, str]) -> Chosen:
    """What the address asks for; what it does not know is left out of account."""
    quarter = next((one for one in quarters if one.isoformat() == asked.get("periodo")), quarters[0])
    region = asked.get("region", "")
    age = "" if (given := asked.get("edad", "")) == UNKNOWN_AGE else given or ALL
    return Chosen(quarter, region if region in names else ALL, age if age in words.AGES else ALL)


def _age_asked(age: str) -> str:
    return ANY_AGE if age == ALL else age or UNKNOWN_AGE


def _work_out(counts: Counts, chosen: Chosen, names: Mapping[str, str]) -> Report:
    today = clock().astimezone(LIMA).date()
    label = services().places.label
    return report.work_out(counts, chosen.region, chosen.age, today, names, label)


def _region_name(region: str, names: Mapping[str, str]) -> str:
    return "Todo el país" if region == ALL else names[region]


@lru_cache(maxsize=4)
def region_names(places: Gazetteer) -> dict[str, str]:
    """Regions by the two digits with which the codes of their districts begin."""
    return {district.ubigeo[:2]: district.department for district in places.districts()}
