"""Tables of providers, hubs, material and places."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

READABLE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("import")
def import_() -> None:
    """Take in tables of providers, hubs, resources or places. Importing twice changes nothing."""


@import_.command("providers")
@click.argument("file", type=READABLE)
def import_providers(file: Path) -> None:
    """Take in a CSV of providers (columns: docs of bot/importers/providers.py)."""
    from bot.intake import PROVIDERS

    _import(file, PROVIDERS)


@import_.command("hubs")
@click.argument("file", type=READABLE)
def import_hubs(file: Path) -> None:
    """Take in a CSV of hubs (columns: docs of bot/importers/hubs.py)."""
    from bot.intake import HUBS

    _import(file, HUBS)


@import_.command("resources")
@click.argument("file", type=READABLE)
def import_resources(file: Path) -> None:
    """Take in a CSV of free learning material (columns: docs of bot/importers/resources.py)."""
    from bot.intake import RESOURCES

    _import(file, RESOURCES)


@import_.command("places")
@click.argument("file", type=READABLE)
def import_places(file: Path) -> None:
    """Take in a national table of places, or of population; CSV, also gzipped."""
    from bot import local
    from nlp.places import import_national

    target = local.places_file()
    target.parent.mkdir(parents=True, exist_ok=True)
    report = import_national(file, target)
    _report(report.refused, report.taken, f"rows of {report.kind}", report.problems)


def _import(file: Path, kind: Any) -> None:
    from bot import intake, local
    from nlp.places import Gazetteer

    places, now = Gazetteer.load(national=local.imported_places()), datetime.now(UTC)
    report = kind.read(file, places, False)
    with local.open_store() as store:
        with store.begin() as tx:
            planned = intake.plan(tx, kind, report, places, now)
        intake.bring_in(store, kind, planned, now)
    for warning in report.warnings:
        click.echo(f"warning: {warning}", err=True)
    _report(len(report.errors), len(report.rows), kind.name, report.errors)


def _report(wrong: int, taken: int, what: str, errors: Iterable[object]) -> None:
    """Say what went in and what did not; the exit status says whether all did."""
    for error in errors:
        click.echo(str(error), err=True)
    click.echo(f"{taken} {what} taken in, {wrong} rows wrong.")
    if wrong:
        sys.exit(1)
