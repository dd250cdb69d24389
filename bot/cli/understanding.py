"""What messages mean: reading them, judging the model, taking out what is to be labelled."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import click

from bot.cli.lines import each_line, now_of


@click.command()
def parse() -> None:
    """Read JSON lines {"text": …, "now": …} and write what each message means, a line each."""
    from bot import local
    from nlp.parser import Parser
    from nlp.places import Gazetteer

    parser = Parser.load(gazetteer=Gazetteer.load(national=local.imported_places()))
    each_line(lambda asked: parser.parse(asked["text"], now_of(asked)).to_wire())


@click.command()
def place() -> None:
    """Read JSON lines {"text": …} and write the place each means, a line each."""
    from bot import local
    from nlp.places import Gazetteer

    gazetteer = Gazetteer.load(national=local.imported_places())

    def resolve(asked: dict[str, Any]) -> dict[str, Any]:
        found = gazetteer.resolve(asked["text"])
        return {"text": asked["text"], "value": found.value() if found else None}

    each_line(resolve)


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def evaluate(arguments: tuple[str, ...]) -> None:
    """Judge the model on labelled messages: FILE… [--bundle FOLDER] [--report FOLDER]."""
    from nlp.training.evaluate import main as judge

    sys.exit(judge(arguments))


@click.group()
def messages() -> None:
    """What people wrote."""


@messages.command("export")
@click.option(
    "--below", default=0.7, show_default=True, help="Only what was read less surely than this, 0 to 1."
)
@click.option("--days", default=30, show_default=True, help="Only what came in the last so many days.")
@click.option("--limit", default=500, show_default=True, help="At most so many, the least sure first.")
@click.option("--labelled", is_flag=True, help="Instead: what people labelled in the console, to learn from.")
def export_messages(below: float, days: int, limit: int, labelled: bool) -> None:
    """Write messages that were hard to understand, for a person to label: training rows, without names, numbers and
    addresses. Read them before you share them."""
    from bot import labelling, local

    now = datetime.now(UTC)
    with local.open_store() as store, store.begin() as tx:
        if labelled:
            click.echo(labelling.labelled_rows(tx, now), nl=False)
            return
        since = now - timedelta(days=days)
        rows, count = labelling.unsure_rows(tx, below, since, limit, now, Random())  # noqa: S311
    click.echo(rows, nl=False)
    click.echo(f"{count} messages were read with a confidence below {below}.", err=True)
