"""`ayllu`: the command line."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import click

LIMA = ZoneInfo("America/Lima")
DAY = click.DateTime(["%Y-%m-%d"])
READABLE = click.Path(exists=True, dir_okay=False, path_type=Path)


TOLD = {
    "BackupError",
    "BundleError",
    "ChatError",
    "EngineError",
    "NationalTableError",
    "SettingsError",
    "StoreUnavailable",
    "VaultError",
}
"""Errors whose message says all: what, where, and how to mend it. By name, so that no command loads all of these."""


class LineError(ValueError):
    """A line of input that cannot be read. The message says why."""


@click.group()
def ayllu() -> None:
    """Childcare, tech hubs and learning in Peru, found by text message."""


@ayllu.command()
def parse() -> None:
    """Read JSON lines {"text": …, "now": …} and write what each message means, a line each."""
    from bot import local
    from nlp.parser import Parser
    from nlp.places import Gazetteer

    parser = Parser.load(gazetteer=Gazetteer.load(national=local.imported_places()))
    _each_line(lambda asked: parser.parse(asked["text"], _now_of(asked)).to_wire())


@ayllu.command()
def place() -> None:
    """Read JSON lines {"text": …} and write the place each means, a line each."""
    from bot import local
    from nlp.places import Gazetteer

    gazetteer = Gazetteer.load(national=local.imported_places())

    def resolve(asked: dict[str, Any]) -> dict[str, Any]:
        found = gazetteer.resolve(asked["text"])
        return {"text": asked["text"], "value": found.value() if found else None}

    _each_line(resolve)


@ayllu.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def evaluate(arguments: tuple[str, ...]) -> None:
    """Judge the model on labelled messages: FILE… [--bundle FOLDER] [--report FOLDER]."""
    from nlp.training.evaluate import main as judge

    sys.exit(judge(arguments))


@ayllu.command()
@click.option("--sms", "channel", flag_value="sms", help="Write by SMS.")
@click.option("--whatsapp", "channel", flag_value="whatsapp", default="whatsapp", help="Write by WhatsApp.")
@click.option("--number", default="+510000000001", show_default=True, help="The number that writes.")
def chat(channel: str, number: str) -> None:
    """Write to the bot from this terminal, through the simulator that `make run` started."""
    from bot import local
    from bot.messages import Channel
    from bot.simulator.chat import chat as talk

    talk(local.simulator_url(), number, Channel(channel), sys.stdin, sys.stdout)


@ayllu.command()
def migrate() -> None:
    """Bring the database at DATABASE_URL to today's tables."""
    from bot import local

    with local.open_store():
        click.echo("The tables are up to date.")


@ayllu.command()
def doctor() -> None:
    """Look at everything Ayllu needs, with the settings of this machine, and say how to mend what is wrong."""
    from bot.doctor import Verdict, examine

    verdicts = set()
    for finding in examine():
        click.echo(str(finding))
        verdicts.add(finding.verdict)
    if Verdict.WRONG in verdicts:
        sys.exit(1)


@ayllu.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--keep-days", type=click.IntRange(1), help="Delete backups in that folder that are older.")
def backup(folder: Path, keep_days: int | None) -> None:
    """Write the database into a file in FOLDER, while the bot runs. SECRET_KEY is not in it: keep it elsewhere."""
    from bot import local
    from bot.backup import back_up, forget_old

    now = datetime.now(UTC)
    with local.open_database() as (url, secret, _):
        file = back_up(url, secret, folder, now)
    click.echo(
        f"{file} ({file.stat().st_size / 10**6:.1f} MB). What is sealed in it opens with SECRET_KEY alone."
    )
    if keep_days is not None:
        for old in forget_old(folder, timedelta(days=keep_days), now):
            click.echo(f"{old.name} is deleted.")


@ayllu.command()
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


@ayllu.group()
def twilio() -> None:
    """The account at Twilio."""


@twilio.command("setup")
@click.option("--dry-run", is_flag=True, help="Change nothing, and say what would be done.")
def set_up_twilio(dry_run: bool) -> None:
    """Register the WhatsApp templates and set the webhooks, with the account of the settings. Run again, it changes
    nothing that is right already; when WhatsApp has approved the templates, it says so."""
    from bot.settings import Settings
    from bot.twilio_setup import Done, set_up

    settings = Settings.load()
    steps = []
    for step in set_up(settings, dry_run):
        click.echo(str(step))
        steps.append(step)
    templates = {step.part: step.sid for step in steps if step.sid is not None}
    if not templates:
        click.echo("\nNo template is approved yet: run this again in a while, for TWILIO_TEMPLATES.")
    elif templates == settings.twilio_templates:
        click.echo("\nTWILIO_TEMPLATES is set to every template that is approved.")
    else:
        click.echo("\nApproved so far; set this in the settings of every process, and start them again:")
        click.echo(f"TWILIO_TEMPLATES={json.dumps(templates, separators=(',', ':'))}")
    if any(step.done is Done.FAILED for step in steps):
        sys.exit(1)


@ayllu.group("import")
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


@ayllu.group()
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


@ayllu.group()
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


@ayllu.group()
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


@ayllu.group()
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


@ayllu.group()
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
    was deactivated may come again."""
    from bot import local
    from bot.console.people import team

    with local.open_store() as store, store.begin() as tx:
        given = team.reset(tx, None, _operator(tx, login), datetime.now(UTC))
    click.echo(f"{given.person.login} may use the console again.")
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


@ayllu.group()
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


def _provider(tx: Any, key_or_id: str) -> int:
    from bot.store import own_files

    provider_id = own_files.named(tx, key_or_id)
    if provider_id is None:
        raise click.ClickException(
            f"there is no provider {key_or_id}: `ayllu providers list` shows keys and ids"
        )
    return provider_id


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


def _each_line(answer: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Answer each line of standard input with a line of standard output. A wrong line is told on standard error;
    the others are answered all the same, and the exit status says whether all were."""
    wrong = 0
    for number, line in _lines():
        try:
            click.echo(json.dumps(answer(_asked(line)), ensure_ascii=False))
        except LineError as error:
            wrong += 1
            click.echo(f"line {number}: {error}", err=True)
    if wrong:
        sys.exit(1)


def _lines() -> Iterator[tuple[int, str]]:
    for number, line in enumerate(sys.stdin.buffer, 1):
        if line.strip():
            yield number, line.decode("utf-8", "replace")


def _asked(line: str) -> dict[str, Any]:
    try:
        asked = json.loads(line)
    except ValueError:
        raise LineError('is not JSON: write {"text": "…"}') from None
    if not isinstance(asked, dict) or not isinstance(asked.get("text"), str):
        raise LineError('has no "text": write {"text": "…"}')
    return asked


def _now_of(asked: dict[str, Any]) -> datetime | None:
    now = asked.get("now")
    if now is None:
        return None
    try:
        moment = datetime.fromisoformat(now)
    except (TypeError, ValueError):
        raise LineError(f'"now" is no ISO time: {now!r}; write 2026-03-02T09:00:00-05:00') from None
    return moment if moment.tzinfo else moment.replace(tzinfo=LIMA)


def main() -> None:
    """Run a command; what goes wrong in a way we know is said in a line, without a traceback."""
    try:
        ayllu(standalone_mode=True)
    except Exception as error:
        if type(error).__name__ not in TOLD:
            raise
        sys.exit(str(error))
