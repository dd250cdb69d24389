"""Providers: seen, checked, verified, hidden."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import click

LIMA = ZoneInfo("America/Lima")
DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def providers() -> None:
    """Who cares for children."""


@providers.command("list")
@click.option("--unverified", is_flag=True, help="Only those who are not verified, or not any more.")
def list_providers(unverified: bool) -> None:
    """Providers, the latest change first."""
    from bot import local
    from bot.logs import mask
    from bot.store import own_files

    with local.open_store() as store, store.begin() as tx:
        for one in own_files.listed(tx, unverified):
            file = {
                name: value
                for name, value in one.file.to_json().items()
                if value not in (None, [], "", False)
            }
            number = mask(one.phone) if one.phone else "-"
            until = one.verified_until
            over = f"checks over since {until:%Y-%m-%d}" if until else "unverified"
            state = f"verified by {one.verified_by}" if one.file.verified else over
            click.echo(f"{one.id}\t{one.key}\t{state}\t{number}\t{json.dumps(file, ensure_ascii=False)}")


@providers.command("verify")
@click.argument("key_or_id")
@click.option("--by", required=True, help="Who confirms it: not the one who made all the checks.")
def verify_provider(key_or_id: str, by: str) -> None:
    """Confirm that a provider was checked: from now on families may be shown them, and they hear of it. All the checks
    that their kind needs must be there (`ayllu providers check`)."""
    from bot import local
    from bot.exchange import files
    from bot.store.checks import Checker, NotYet

    with local.open_store() as store, store.begin() as tx:
        try:
            is_told = files.verify(tx, _provider(tx, key_or_id), Checker(by), datetime.now(UTC))
        except NotYet as error:
            raise click.ClickException(
                f"provider {key_or_id} cannot be verified yet: {error}. See `ayllu providers check --help`"
            ) from None
    told = "they will be told" if is_told else "they never wrote, and are not told"
    click.echo(f"Provider {key_or_id} is verified by {by}; {told}.")


@providers.command("check")
@click.argument("key_or_id")
@click.argument("kind", type=click.Choice(["identity", "background", "visit", "interview", "licence"]))
@click.option("--by", required=True, help="Who looked.")
@click.option("--on", "done_on", type=DAY, help="The day on which they looked, today if left out.")
@click.option("--until", type=DAY, help="The last day on which it counts, where that is an early one.")
@click.option("--note", default="", help="What was seen.")
def check_provider(
    key_or_id: str, kind: str, by: str, done_on: datetime | None, until: datetime | None, note: str
) -> None:
    """Write down that somebody looked at something of a provider: their identity (DNI), background, home or place
    (visit), them in person and their references (interview, of a nanny), or the licence that the law asks for."""
    from bot import local
    from bot.store import checks
    from matching.checks import CheckKind

    now = datetime.now(UTC)
    day = done_on.date() if done_on else now.astimezone(LIMA).date()
    with local.open_store() as store, store.begin() as tx:
        provider_id = _provider(tx, key_or_id)
        try:
            checks.record(
                tx,
                provider_id,
                CheckKind(kind),
                day,
                checks.Checker(by),
                now,
                until.date() if until else None,
                note,
            )
        except checks.CheckError as error:
            raise click.ClickException(f"{error.field}: {error}") from None
        missing = checks.standing(tx, provider_id, now).missing
    rest = f"still missing: {', '.join(missing)}" if missing else "nothing is missing"
    click.echo(f"The {kind} of provider {key_or_id} was checked by {by}; {rest}.")


@providers.command("pause")
@click.argument("key_or_id")
@click.option("--until", type=DAY, required=True, help="The first day they are shown again.")
def pause_provider(key_or_id: str, until: datetime) -> None:
    """Show a provider to nobody before a day."""
    from bot import local
    from bot.store import own_files

    with local.open_store() as store, store.begin() as tx:
        own_files.pause(tx, _provider(tx, key_or_id), until.date(), datetime.now(UTC))
    click.echo(f"Provider {key_or_id} is shown to nobody before {until:%Y-%m-%d}.")


@providers.command("hide")
@click.argument("key_or_id")
def hide_provider(key_or_id: str) -> None:
    """Show a provider to nobody until they are verified again."""
    from bot import local
    from bot.store import checks

    with local.open_store() as store, store.begin() as tx:
        checks.unverify(tx, _provider(tx, key_or_id), datetime.now(UTC))
    click.echo(f"Provider {key_or_id} is shown to nobody until verified again.")


def _provider(tx: Any, key_or_id: str) -> int:
    from bot.store import own_files

    provider_id = own_files.named(tx, key_or_id)
    if provider_id is None:
        raise click.ClickException(
            f"there is no provider {key_or_id}: `ayllu providers list` shows keys and ids"
        )
    return provider_id
