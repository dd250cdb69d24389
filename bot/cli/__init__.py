"""`ayllu`: the command line. A module for each kind of thing one does with it."""

from __future__ import annotations

import sys

import click

from bot.cli.cases import cases, comments
from bot.cli.importing import import_
from bot.cli.operators import operators
from bot.cli.providers import providers
from bot.cli.twilio import twilio
from bot.cli.understanding import evaluate, messages, parse, place
from bot.cli.upkeep import backup, chat, doctor, keys, migrate, restore

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


@click.group()
def ayllu() -> None:
    """Childcare, tech hubs and learning in Peru, found by text message."""


for _command in (
    parse, place, evaluate, messages, chat, import_, providers, cases, comments, operators, twilio, migrate, doctor,
    backup, restore, keys,
):  # fmt: skip
    ayllu.add_command(_command)


def main() -> None:
    """Run a command; what goes wrong in a way we know is said in a line, without a traceback."""
    try:
        ayllu(standalone_mode=True)
    except Exception as error:
        if type(error).__name__ not in TOLD:
            raise
        sys.exit(str(error))
