"""The whole of it: the account, the webhooks, the templates, and the setting that goes with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from requests.exceptions import RequestException
from twilio.base.exceptions import TwilioException
from twilio.rest import Client

from bot.channels.account import client_of
from bot.settings import Settings
from bot.twilio_setup.refusals import why
from bot.twilio_setup.registering import register
from bot.twilio_setup.step import Done, Step
from bot.twilio_setup.webhooks import SMS, WHATSAPP, set_sms, set_whatsapp

TEMPLATES = "templates"


def set_up(settings: Settings, dry_run: bool) -> Iterator[Step]:
    """A step for each part, as it is done; with `dry_run` nothing is changed. Run again, it changes nothing that is
    right already."""
    client = client_of(settings)
    account = _guarded("account", lambda: _account(client))
    yield account
    if account.done is Done.FAILED:
        return
    yield _guarded(SMS, lambda: set_sms(client, settings, dry_run))
    yield _guarded(WHATSAPP, lambda: set_whatsapp(client, settings, dry_run))
    try:
        yield from register(client, dry_run)
    except (TwilioException, RequestException) as error:
        yield Step(TEMPLATES, Done.FAILED, f"{why(error)}. Run this again")


def _account(client: Client) -> Step:
    status = client.api.v2010.account.fetch().status
    if status != "active":
        told = f"is {status}: see https://console.twilio.com why, and make it active"
        return Step("account", Done.FAILED, told)
    return Step("account", Done.OK, "lets us in, and is active")


def _guarded(part: str, act: Callable[[], Step]) -> Step:
    try:
        return act()
    except (TwilioException, RequestException) as error:
        return Step(part, Done.FAILED, f"{why(error)}. {_MEND}")


_MEND = (
    "Look at TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN, let this machine reach the carrier, and run this again"
)
