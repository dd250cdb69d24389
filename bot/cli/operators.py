"""Who may use the console."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from bot.store.crypto import Vault

WITHOUT_REDIS = "again, after 15 minutes if they were locked out: give REDIS_URL to let them in now"


@click.group()
def operators() -> None:
    """Who may use the console."""


@operators.command("add")
@click.argument("login")
@click.option("--name", required=True, help="What they are called.")
@click.option(
    "--role",
    type=click.Choice(["operator", "coordinator", "administrator"]),
    default="operator",
    show_default=True,
    help="What they may do: an administrator also adds others.",
)
@click.option(
    "--ask", is_flag=True, help="Ask here for their own password, instead of making a one-time one."
)
def add_operator(login: str, name: str, role: str, ask: bool) -> None:
    """Add somebody, the first administrator too. A one-time password is printed, once; at the first log-in it must be
    changed."""
    from bot import local
    from bot.console.access.roles import Role
    from bot.console.people import team

    password = _own_password(login, name) if ask else None
    with local.open_store() as store, store.begin() as tx:
        try:
            given = team.add(tx, None, login, name, Role(role), datetime.now(UTC), password)
        except team.TeamError as error:
            raise click.ClickException(str(error)) from None
    click.echo(f"{given.person.login} may use the console at /console/ as {role}.")
    if not ask:
        _hand_over(given.password)


@operators.command("list")
def list_operators() -> None:
    """Who may use the console, who may not any more, and when each last came."""
    from bot import local
    from bot.store import operators as stored

    with local.open_store() as store, store.begin() as tx:
        for one in stored.listed(tx):
            state = "deactivated" if one.deactivated_at else one.role
            proof = "with a second proof" if one.totp_since else "password only"
            seen = f"last came {one.logged_in_at:%Y-%m-%d %H:%M}" if one.logged_in_at else "never came"
            click.echo(f"{one.login}\t{one.name}\t{state}\t{proof}\t{seen}")


@operators.command("reset")
@click.argument("login")
def reset_operator(login: str) -> None:
    """Give somebody a new one-time password, who forgot theirs or lost their phone. Their second proof is gone, and who
    was deactivated, or locked out after too many tries, may come again."""
    from bot import local
    from bot.console.people import team

    with local.open_store() as store:
        with store.begin() as tx:
            given = team.reset(tx, None, _operator(tx, login), datetime.now(UTC))
        forgiven = _forgive(given.person.login, store.vault)
    click.echo(f"{given.person.login} may use the console {'again' if forgiven else WITHOUT_REDIS}.")
    _hand_over(given.password)


@operators.command("deactivate")
@click.argument("login")
def deactivate_operator(login: str) -> None:
    """Let somebody in no more, from this moment. What they did stays in the audit log."""
    from bot import local
    from bot.console.people import team

    with local.open_store() as store, store.begin() as tx:
        try:
            team.deactivate(tx, None, _operator(tx, login), datetime.now(UTC))
        except team.TeamError as error:
            raise click.ClickException(str(error)) from None
    click.echo(f"{login} may not use the console any more.")


def _forgive(login: str, vault: Vault) -> bool:
    """Take back the failed tries, which are counted in Redis; False where that is not given."""
    from bot import jobs
    from bot.console.access.lockout import Lockout
    from bot.settings import given

    redis_url = given("redis_url")
    if redis_url:
        Lockout(jobs.connect(redis_url), vault).forgive(login)
    return bool(redis_url)


def _operator(tx: Any, login: str) -> int:
    from bot.store import operators as stored

    person = stored.with_login(tx, login.strip().lower())
    if person is None:
        raise click.ClickException(
            f"there is no operator {login}: `ayllu operators list` shows those there are"
        )
    return person.id


def _own_password(login: str, name: str) -> str:
    from bot.console.access import passwords

    password: str = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    if fault := passwords.fault_of(password, login, name):
        raise click.ClickException(f"no good password: {fault}")
    return password


def _hand_over(password: str) -> None:
    click.echo(f"One-time password, shown only now: {password}")
    click.echo("It counts for 7 days, and must be changed at the first log-in.")
