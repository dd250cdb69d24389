"""`python -m bot.simulator`: the carrier on its own."""

from __future__ import annotations

import os
from pathlib import Path

import click

from bot import clock
from bot.logs import set_up_logging
from bot.simulator.server import serve
from bot.simulator.settings import CarrierSettings


@click.command()
@click.option("--port", default=8010, show_default=True, type=click.IntRange(1, 65535))
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--account-sid", envvar="TWILIO_ACCOUNT_SID", required=True, show_envvar=True)
@click.option("--auth-token", envvar="TWILIO_AUTH_TOKEN", required=True, show_envvar=True)
@click.option("--public-url", envvar="PUBLIC_URL", required=True, show_envvar=True, help="The bot's address.")
@click.option("--whatsapp-number", envvar="TWILIO_WHATSAPP_FROM", required=True, show_envvar=True)
@click.option("--sms-number", envvar="TWILIO_SMS_FROM", required=True, show_envvar=True)
@click.option(
    "--database", type=click.Path(path_type=Path), default=Path("var/simulator.sqlite"), show_default=True
)
@click.option("--pace", default=1.0, show_default=True, type=click.FloatRange(0), help="0: no delays.")
@click.option(
    "--clock",
    "clock_file",
    type=click.Path(path_type=Path),
    help="The file by which the bot's processes go: time can be set ahead, and the bot shows its inside.",
)
def main(
    port: int,
    host: str,
    account_sid: str,
    auth_token: str,
    public_url: str,
    whatsapp_number: str,
    sms_number: str,
    database: Path,
    pace: float,
    clock_file: Path | None,
) -> None:
    """A carrier that speaks Twilio's API, with phones at /simulator/. No message leaves this machine."""
    settings = CarrierSettings(
        account_sid=account_sid,
        auth_token=auth_token,
        public_url=public_url,
        whatsapp_number=whatsapp_number.removeprefix("whatsapp:"),
        sms_number=sms_number,
        database=database,
        pace=pace,
        backstage=clock_file is not None,
    )
    set_up_logging(os.environ.get("LOG_LEVEL", "INFO"), os.environ.get("LOG_FORMAT", "text"))
    if clock_file is not None:
        clock.follow(clock_file)
    click.echo(f"The phones are at http://{host}:{port}/simulator/")
    serve(settings, port, host, clock.now)


if __name__ == "__main__":
    main()
