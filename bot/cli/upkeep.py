"""The database, its backups and its keys; whether all is well; a talk from the terminal."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

READABLE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.option("--sms", "channel", flag_value="sms", help="Write by SMS.")
@click.option("--whatsapp", "channel", flag_value="whatsapp", default="whatsapp", help="Write by WhatsApp.")
@click.option("--number", default="+510000000001", show_default=True, help="The number that writes.")
def chat(channel: str, number: str) -> None:
    """Write to the bot from this terminal, through the simulator that `make run` started."""
    from bot import local
    from bot.messages import Channel
    from bot.simulator.chat import chat as talk

    talk(local.simulator_url(), number, Channel(channel), sys.stdin, sys.stdout)


@click.command()
def migrate() -> None:
    """Bring the database at DATABASE_URL to today's tables."""
    from bot import local

    with local.open_store():
        click.echo("The tables are up to date.")


@click.command()
def doctor() -> None:
    """Look at everything Ayllu needs, with the settings of this machine, and say how to mend what is wrong."""
    from bot.doctor import Verdict, examine

    verdicts = set()
    for finding in examine():
        click.echo(str(finding))
        verdicts.add(finding.verdict)
    if Verdict.WRONG in verdicts:
        sys.exit(1)


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--keep-days", type=click.IntRange(1), help="Delete backups in that folder that are older.")
def backup(folder: Path, keep_days: int | None) -> None:
    """Write the database into a file in FOLDER, while the bot runs. SECRET_KEY is not in it: keep it elsewhere."""
    from bot import local
    from bot.backup import back_up, forget_old

    now = datetime.now(UTC)
    with local.open_database() as (url, secret, former):
        file = back_up(url, secret, folder, now)
    opens = "SECRET_KEY and SECRET_KEYS_OLD" if former else "SECRET_KEY"
    click.echo(
        f"{file} ({file.stat().st_size / 10**6:.1f} MB). What is sealed in it opens with {opens} alone."
    )
    if keep_days is not None:
        for old in forget_old(folder, timedelta(days=keep_days), now):
            click.echo(f"{old.name} is deleted.")


@click.command()
@click.argument("file", type=READABLE)
def restore(file: Path) -> None:
    """Bring a backup into the empty database at DATABASE_URL. Start the bot after it, not before."""
    from bot import backup as backups
    from bot import local

    with local.open_database() as (url, secret, former):
        back = backups.restore(file, url, secret, former)
    click.echo(
        f"{back.people} people, {back.providers} providers and {back.messages} messages of theirs are back."
    )
    click.echo(f"{back.waiting} messages had not left: the carrier is asked before they do.")


@click.group()
def keys() -> None:
    """The keys under which numbers and messages are kept."""


@keys.command("rotate")
def rotate_keys() -> None:
    """Bring all that is kept under SECRET_KEYS_OLD to SECRET_KEY. It may be interrupted and run again, and the bot may
    run meanwhile."""
    from bot import local
    from bot.store import keys as stored

    with local.open_store() as store:
        renewed = stored.rotate(store)
    click.echo(
        f"{renewed.values} sealed values and {renewed.keys} look-up keys were renewed. "
        "Once no process runs with a former key any more, and a second run finds nothing, SECRET_KEYS_OLD may go."
    )
