"""What Ayllu needs at Twilio."""

from __future__ import annotations

import json
import sys

import click


@click.group()
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
