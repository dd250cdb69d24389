"""Each template is made where there is none with today's text, and WhatsApp asked to approve it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from requests.exceptions import RequestException
from twilio.base.exceptions import TwilioException
from twilio.rest import Client

from bot.twilio_setup.refusals import why
from bot.twilio_setup.step import Done, Step
from bot.twilio_setup.templates import CATEGORY, WantedTemplate, prefix_of, wanted_templates

SENDABLE = "approved"
IN_REVIEW = ("received", "pending")
NOT_ASKED = ("", "unsubmitted", "draft")
TWO_DAYS = "WhatsApp takes minutes, at most 48 hours"


@dataclass(frozen=True, slots=True)
class Registered:
    """A template as the account has it."""

    sid: str
    status: str
    reason: str
    category: str


@dataclass(frozen=True, slots=True)
class _Request:
    """The request for approval, without the client's empty fields."""

    name: str
    category: str = CATEGORY

    def to_dict(self) -> dict[str, Any]:
        return {"name": self.name, "category": self.category}


def register(client: Client, dry_run: bool) -> Iterator[Step]:
    """What becomes of each template. Raises TwilioException or RequestException when what there is cannot be listed."""
    registered = _registered(client)
    for template in wanted_templates():
        try:
            yield _register(client, template, registered.get(template.name), dry_run)
        except (TwilioException, RequestException) as error:
            yield Step(template.key, Done.FAILED, f"{why(error)}. Run this again")
    yield from _outdated(registered)


def _registered(client: Client) -> dict[str, Registered]:
    """The account's templates, by name; of several of one name the approved one."""
    found: dict[str, Registered] = {}
    for one in client.content.v1.content_and_approvals.stream(page_size=100):
        approval: Any = one.approval_requests or {}
        status = str(approval.get("status") or "").lower()
        name = str(one.friendly_name or "")
        if name not in found or status == SENDABLE:
            reason, category = (
                str(approval.get("rejection_reason") or ""),
                str(approval.get("category") or ""),
            )
            found[name] = Registered(str(one.sid), status, reason, category)
    return found


def _register(client: Client, template: WantedTemplate, there: Registered | None, dry_run: bool) -> Step:
    if there is not None and there.status not in NOT_ASKED:
        return _standing(template, there)
    if dry_run:
        told = "ask WhatsApp to approve it" if there else "be registered, and WhatsApp asked to approve it"
        return Step(template.key, Done.WOULD, f"{told}: {template.name}")
    sid = there.sid if there else str(client.content.v1.contents.create(template).sid)
    client.content.v1.contents(sid).approval_create.create(_Request(template.name))
    return Step(template.key, Done.WAITS, f"registered, and WhatsApp asked to approve it ({TWO_DAYS})")


def _standing(template: WantedTemplate, there: Registered) -> Step:
    if there.status == SENDABLE:
        told = "is approved"
        if there.category not in ("", CATEGORY):
            told += f", but as {there.category}: WhatsApp charges more for it, and may hold it back"
        return Step(template.key, Done.OK, told, there.sid)
    if there.status in IN_REVIEW:
        return Step(template.key, Done.WAITS, f"is with WhatsApp's reviewers ({TWO_DAYS})")
    if there.status == "rejected":
        told = f"WhatsApp rejected it: {there.reason or 'it gives no reason'}"
        mend = "Say it otherwise in the table templates of bot/dialogue/wording.toml, and run this again"
        return Step(template.key, Done.FAILED, f"{told}. {mend}")
    told = f"WhatsApp has it as {there.status}, because people block or report it: it leaves as SMS"
    return Step(
        template.key, Done.FAILED, f"{told}. See Content Template Builder in Twilio's console, or reword it"
    )


def _outdated(registered: dict[str, Registered]) -> Iterator[Step]:
    wanted = {template.name: template.key for template in wanted_templates()}
    old = [
        name
        for name in registered
        if name not in wanted and any(name.startswith(prefix_of(key)) for key in wanted.values())
    ]
    if old:
        told = "of former words; when nothing sends them any more, delete them in Content Template Builder"
        yield Step("former templates", Done.OK, f"{len(old)} {told}: {', '.join(sorted(old))}")
