"""`ayllu twilio setup`, through Twilio's own client, on a carrier over real HTTP."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings

from bot import dialogue
from bot.channels.account import client_of
from bot.dialogue import team, wording
from bot.dialogue.conversation import Conversation
from bot.messages import Channel, Event, Reply
from bot.services import Services
from bot.settings import Settings
from bot.simulator.approvals import fault_in
from bot.simulator.hooks import Hook
from bot.twilio_setup import Done, Step, set_up
from bot.twilio_setup.templates import WantedTemplate, wanted_templates
from tests.bot.dialogue.talk import NOW
from tests.bot.dialogue.test_any_event import EVENTS
from tests.support.carrier import LocalCarrier

ELSEWHERE = Hook("https://demo.twilio.com/welcome/sms/reply", "POST", "", "POST")
AT_ONCE = {
    "asked", "asked_later", "offer_countered", "offer_declined", "offer_too_late", "offer_no_place", "offer_gone",
    "offer_agreed_before", "offer_ended", "provider_registered", "provider_no_number", "question_not_sent",
}  # fmt: skip
"""What an event says only within the answer to what the same person just wrote."""


@pytest.fixture
def settings(services: Services) -> Settings:
    return services.settings


@pytest.fixture
def fresh(services: Services, carrier: LocalCarrier) -> None:
    """An account as Twilio gives it: its senders call a page of Twilio's."""
    for channel in Channel:
        carrier.inside.memory.hooks.set(channel, ELSEWHERE)


def steps(settings: Settings, dry_run: bool = False) -> dict[str, Step]:
    return {step.part: step for step in set_up(settings, dry_run)}


def failed(settings: Settings) -> dict[str, str]:
    return {part: step.told for part, step in steps(settings).items() if step.done is Done.FAILED}


def names(settings: Settings) -> list[str]:
    return [str(one.friendly_name) for one in client_of(settings).content.v1.contents.list()]


def run(settings: Settings, *options: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "PYTHONPATH")}
    given = {
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "TWILIO_ACCOUNT_SID": settings.twilio_account_sid,
        "TWILIO_AUTH_TOKEN": settings.twilio_auth_token.get_secret_value(),
        "TWILIO_API_URL": settings.twilio_api_url,
        "TWILIO_WHATSAPP_FROM": settings.twilio_whatsapp_from,
        "TWILIO_SMS_FROM": settings.twilio_sms_from,
        "PUBLIC_URL": settings.public_url,
        "SECRET_KEY": settings.secret_key.get_secret_value(),
    }
    command = [sys.executable, "-m", "bot", "twilio", "setup", *options]
    return subprocess.run(command, env=kept | given, capture_output=True, text=True, timeout=60)


@pytest.mark.usefixtures("fresh")
def test_webhooks_are_set_and_every_template_is_registered_and_asked_for(
    settings: Settings, carrier: LocalCarrier
) -> None:
    done = steps(settings)
    assert {step.done for step in done.values()} == {Done.OK, Done.DONE, Done.WAITS}
    ours = Hook(settings.messages_url, "POST", settings.fallback_url, "POST")
    assert [carrier.inside.hook(channel) for channel in Channel] == [ours, ours]
    assert "demo.twilio.com" in done["SMS webhook"].told
    registered = {one.friendly_name: one for one in carrier.inside.memory.contents.all()}
    for template in wanted_templates():
        there = registered[template.name]
        assert (there.language, there.body, there.defaults) == ("es", template.body, template.variables)
        assert there.approval is not None
        assert (there.approval.name, there.approval.category) == (template.name, "UTILITY")


@pytest.mark.usefixtures("fresh")
def test_the_second_run_changes_nothing_and_tells_what_is_approved(settings: Settings) -> None:
    steps(settings)
    before = names(settings)
    again = steps(settings)
    assert names(settings) == before
    assert {step.done for step in again.values()} == {Done.OK}
    assert {part for part, step in again.items() if step.sid} == set(wording.wording().templates)


@pytest.mark.usefixtures("fresh")
def test_a_dry_run_says_what_would_be_done_and_changes_nothing(
    settings: Settings, carrier: LocalCarrier
) -> None:
    done = steps(settings, dry_run=True)
    assert {step.done for part, step in done.items() if part != "account"} == {Done.WOULD}
    assert names(settings) == []
    assert [carrier.inside.hook(channel) for channel in Channel] == [ELSEWHERE, ELSEWHERE]


def test_new_words_are_a_new_version_and_the_former_one_is_named(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps(settings)
    before = names(settings)
    said = wording.wording()
    other = replace(
        said.messages["follow_up"], registered="Cuéntenos: ¿cómo le va con *{name}* en estos días?"
    )
    changed = replace(said, messages=said.messages | {"follow_up": other})
    monkeypatch.setattr("bot.twilio_setup.templates.wording", lambda: changed)

    done = steps(settings)

    assert done["follow_up"].done is Done.WAITS
    (new,) = set(names(settings)) - set(before)
    (former,) = [name for name in before if name.startswith("ayllu_follow_up_")]
    assert new.startswith("ayllu_follow_up_")
    assert former in done["former templates"].told
    assert done["reminder"].sid is not None


def test_a_template_that_whatsapp_rejected_is_named_with_the_reason_and_the_remedy(
    settings: Settings,
) -> None:
    (mine,) = [template for template in wanted_templates() if template.key == "follow_up"]
    bad = replace(mine, body="{{1}}, ¿cómo le va?")
    content = client_of(settings).content.v1
    sid = content.contents.create(bad).sid
    content.contents(sid).approval_create.create(_Asked(mine.name))
    told = failed(settings)
    assert told.keys() == {"follow_up"}
    assert "beginning or end" in told["follow_up"]
    assert "wording.toml" in told["follow_up"]


class _Asked:
    def __init__(self, name: str) -> None:
        self._name = name

    def to_dict(self) -> dict[str, str]:
        return {"name": self._name, "category": "UTILITY"}


def test_a_template_that_was_made_and_not_asked_for_is_asked_for(settings: Settings) -> None:
    (mine,) = [template for template in wanted_templates() if template.key == "reminder"]
    sid = client_of(settings).content.v1.contents.create(mine).sid
    assert steps(settings)["reminder"].done is Done.WAITS
    assert steps(settings)["reminder"].sid == sid


def test_senders_that_the_account_does_not_have_are_named(settings: Settings) -> None:
    other = settings.model_copy(
        update={"twilio_sms_from": "+510000000998", "twilio_whatsapp_from": "+510000000999"}
    )
    told = failed(other)
    assert "TWILIO_SMS_FROM" in told["SMS webhook"]
    assert "TWILIO_WHATSAPP_FROM" in told["WhatsApp webhook"]


def test_with_a_wrong_token_nothing_else_is_tried(settings: Settings) -> None:
    with_wrong = Settings.model_validate(
        {name: getattr(settings, name) for name in Settings.model_fields}
        | {"twilio_auth_token": "another token"}
    )
    done = steps(with_wrong)
    assert done.keys() == {"account"}
    assert "TWILIO_AUTH_TOKEN" in done["account"].told


@pytest.fixture
def instead(carrier: LocalCarrier, services: Services) -> Iterator[Callable[..., None]]:
    """Answer requests for these paths otherwise, with a status and JSON."""
    door = carrier._own_door
    whole = door.app
    assert whole is not None
    answers: dict[str, tuple[int, str]] = {}

    def app(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        for path, (status, body) in answers.items():
            if re.fullmatch(path, environ["PATH_INFO"]):
                start(f"{status} Otherwise", [("Content-Type", "application/json")])
                return [body.encode()]
        return whole(environ, start)

    def answer(path: str, status: int, body: str = "{}") -> None:
        answers[path] = (status, body)

    door.app = app  # type: ignore[assignment]
    yield answer
    door.app = whole


def test_without_the_senders_api_it_says_what_to_click(
    settings: Settings, instead: Callable[..., None]
) -> None:
    instead("/v2/Channels/Senders", 404, '{"code": 20404, "message": "not found", "status": 404}')
    told = failed(settings)
    assert told.keys() == {"WhatsApp webhook"}
    assert "Messaging > Senders > WhatsApp senders" in told["WhatsApp webhook"]
    assert settings.messages_url in told["WhatsApp webhook"]
    assert settings.fallback_url in told["WhatsApp webhook"]


def test_a_messaging_service_that_hears_instead_of_the_number_is_named(
    settings: Settings, instead: Callable[..., None]
) -> None:
    (number,) = client_of(settings).incoming_phone_numbers.list()
    service = '{"sid": "MG1", "friendly_name": "Ayllu", "use_inbound_webhook_on_number": false}'
    meta = '"meta": {"next_page_url": null, "key": "%s"}'
    instead("/v1/Services", 200, f'{{"services": [{service}], {meta % "services"}}}')
    listed = f'{{"phone_numbers": [{{"sid": "{number.sid}"}}], {meta % "phone_numbers"}}}'
    instead("/v1/Services/MG1/PhoneNumbers", 200, listed)
    assert "Messaging Service Ayllu" in failed(settings)["SMS webhook"]


def test_a_trouble_with_one_template_keeps_no_other_from_being_registered(
    settings: Settings, instead: Callable[..., None]
) -> None:
    steps(settings)
    instead("/v1/ContentAndApprovals", 500, '{"code": 20500, "message": "trouble", "status": 500}')
    done = steps(settings)
    assert done["templates"].done is Done.FAILED
    assert done["SMS webhook"].done is Done.OK


@pytest.mark.usefixtures("fresh")
def test_the_command_prints_the_setting_and_its_exit_status_says_whether_all_was_done(
    settings: Settings, instead: Callable[..., None]
) -> None:
    assert run(settings, "--dry-run").returncode == 0
    first = run(settings)
    assert first.returncode == 0, first.stdout + first.stderr
    assert "run this again" in first.stdout.splitlines()[-1]
    second = run(settings)
    line = second.stdout.splitlines()[-1]
    assert line.startswith("TWILIO_TEMPLATES={")
    given = Settings.model_validate(
        {name: getattr(settings, name) for name in Settings.model_fields}
        | {"twilio_templates": line.removeprefix("TWILIO_TEMPLATES=")}
    )
    assert given.twilio_templates.keys() == set(wording.wording().templates)
    instead("/v2/Channels/Senders", 404)
    third = run(settings)
    assert third.returncode == 1
    assert "Traceback" not in third.stderr


def test_a_registered_template_carries_what_is_said_late(settings: Settings) -> None:
    steps(settings)
    sids = {part: step.sid for part, step in steps(settings).items() if step.sid}
    reply = wording.say("asked_next", before="Flor", why="no contestó", name="Rosa", distance="1 km",
                        price="S/ 20 al día", when="")  # fmt: skip
    sent = client_of(settings).messages.create(
        to="whatsapp:+510000000011",
        from_=f"whatsapp:{settings.twilio_whatsapp_from}",
        content_sid=sids[reply.key],
        content_variables=json.dumps(dict(enumerate(reply.values, start=1))),
    )
    assert sent.body == (
        "Sobre su pedido: de *Flor* supe que no contestó. Ahora le pregunto a *Rosa*: a 1 km, precio: S/ 20 al día. "
        "Cuándo: ahora mismo. Si prefiere otra, escriba *MAS*; para dejarlo, *CANCELAR*."
    )


@pytest.mark.parametrize("template", wanted_templates(), ids=lambda template: template.key)
def test_whatsapp_takes_the_form_of_every_template(template: WantedTemplate) -> None:
    assert fault_in(template.body) == ""
    assert len(template.name) <= 512
    assert re.fullmatch("[a-z0-9_]+", template.name)
    assert "    " not in template.body
    assert len(re.findall(r"\w+", re.sub(r"\{\{\d\}\}", "", template.body))) > 2 * len(template.variables)
    assert all(0 < len(sample) <= 255 for sample in template.variables.values())


def test_a_template_says_at_least_what_its_message_says() -> None:
    """Every fact of the message has its gap, and none is without a sample."""
    for key in wording.wording().templates:
        message = wording.wording().messages[key]
        fields = message.fields
        assert set(message.variables) == fields, key


@hypothesis_settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(EVENTS)
def test_whatever_happens_elsewhere_is_told_with_a_template_where_it_comes_late(event: Event) -> None:
    said = dialogue.happened(Conversation(), event, NOW).replies
    assert late(said) <= set(wording.wording().templates) | AT_ONCE


def test_what_an_operator_brings_about_has_templates() -> None:
    turns = [team.take_over(Conversation()), team.hand_back(Conversation())]
    turns.append(team.hand_back(Conversation(), is_late=True))
    assert late(reply for turn in turns for reply in turn.replies) <= set(wording.wording().templates)


def late(said: Iterable[Reply]) -> set[str]:
    """The wordings of what is said alone: bubbles that were joined are no template, and leave as SMS."""
    return {reply.key for reply in said if reply.key in wording.wording().messages}
