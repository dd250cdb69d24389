"""What waits for a person: cases, and what parents wrote about carers."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import click


@click.group()
def cases() -> None:
    """What a person of Ayllu must look at."""


@cases.command("list")
def list_cases() -> None:
    """Open cases, emergencies first."""
    from bot import local
    from bot.logs import mask
    from bot.store import cases as stored

    with local.open_store() as store, store.begin() as tx:
        for case in stored.list_open(tx):
            facts = {key: value for key, value in case.data.items() if key != "reason"}
            click.echo(
                f"{case.id}\t{case.created_at:%Y-%m-%d %H:%M}\t{case.reason}\t{mask(case.address)}\t"
                f"{json.dumps(facts, ensure_ascii=False)}"
            )


@cases.command("close")
@click.argument("case_id", type=int)
def close_case(case_id: int) -> None:
    """Close a case that was looked after."""
    from bot import local
    from bot.store import cases as stored

    with local.open_store() as store, store.begin() as tx:
        if not stored.close(tx, case_id, datetime.now(UTC)):
            raise click.ClickException(
                f"there is no open case {case_id}: `ayllu cases list` shows those there are"
            )
    click.echo(f"Case {case_id} is closed.")


@click.group()
def comments() -> None:
    """What parents say of the care they got. Nobody else reads it before somebody here did."""


@comments.command("list")
def list_comments() -> None:
    """Comments that nobody read yet, oldest first."""
    from bot import local
    from bot.store import care_requests

    with local.open_store() as store, store.begin() as tx:
        for one in care_requests.unread_comments(tx):
            click.echo(f"{one.offer_id}  {one.provider}  {one.rating or '-'}  {one.words}")


@comments.command("read")
@click.argument("comment_id", type=int)
@click.option("--show", is_flag=True, help="Parents see it beside the provider from now on.")
def read_comment(comment_id: int, show: bool) -> None:
    """Take a comment off the list, and let parents see it or not."""
    from bot import local
    from bot.store import care_requests

    with local.open_store() as store, store.begin() as tx:
        if not care_requests.read_comment(tx, comment_id, show, datetime.now(UTC)):
            raise click.ClickException(f"there is no comment {comment_id}: see `ayllu comments list`")
    click.echo("Read, and shown." if show else "Read.")
