"""What Twilio's client gets from the carrier: messages taken, found again, refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import requests
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client
from twilio.rest.content.v1.content.approval_create import ApprovalCreateList

from tests.bot.simulator.conftest import ACCOUNT, ROSA, SMS, TOKEN, WHATSAPP, Network, eventually


def test_an_sms_is_taken_carried_and_charged_by_segment(network: Network) -> None:
    taken = network.send(ROSA, "a" * 161)
    assert (taken.status, taken.num_segments, taken.direction, taken.price) == (
        "queued",
        "2",
        "outbound-api",
        None,
    )
    assert taken.sid.startswith("SM")

    carried = network.ends_as(taken.sid, "delivered")

    assert network.bot.heard_of(taken.sid) == ["queued", "sent", "delivered"]
    assert Decimal(carried.price) == Decimal("-0.15")
    assert (carried.from_, carried.to, carried.error_code) == (SMS, ROSA, None)
    assert carried.date_sent is not None
    assert carried.date_sent.tzinfo is not None


def test_whatsapp_is_read_when_its_owner_looks(network: Network) -> None:
    network.write()
    sid = network.send(f"whatsapp:{ROSA}").sid
    network.ends_as(sid, "delivered")

    network.phone("GET", f"news?looking=%2B{ROSA[1:]}")

    network.ends_as(sid, "read")
    read = network.bot.statuses[-1]
    assert (read["EventType"], read["ChannelPrefix"], read["To"]) == ("READ", "whatsapp", f"whatsapp:{ROSA}")


def test_messages_are_listed_newest_first_by_number_and_time_over_pages(network: Network) -> None:
    sids = [network.send(ROSA, f"mensaje {number}").sid for number in range(5)]
    network.send("+51000000102")
    for sid in sids:
        network.ends_as(sid, "delivered")
    now = datetime.now(UTC)

    def found(**filters: Any) -> list[str]:
        return [message.sid for message in network.client.messages.list(**filters)]

    assert found(to=ROSA, page_size=2) == sids[::-1]
    assert found(to=ROSA, limit=1) == sids[-1:]
    assert found(to=ROSA, date_sent_after=now - timedelta(minutes=1)) == sids[::-1]
    assert found(to=ROSA, date_sent_after=now + timedelta(minutes=1)) == []
    assert found(to=ROSA, date_sent_before=now - timedelta(minutes=1)) == []
    assert found(to=f"whatsapp:{ROSA}") == []
    assert len(found(from_=SMS)) == 6


@pytest.mark.parametrize(
    ("order", "code"),
    [
        ({"to": "12", "from_": SMS, "body": "x"}, 21211),
        ({"to": ROSA, "from_": "+5117999999", "body": "x"}, 21606),
        ({"to": f"whatsapp:{ROSA}", "from_": "whatsapp:+5117999999", "body": "x"}, 63007),
        ({"to": f"whatsapp:{ROSA}", "from_": SMS, "body": "x"}, 21910),
        ({"to": ROSA, "body": "x"}, 21603),
        ({"to": ROSA, "from_": SMS}, 21602),
        ({"to": ROSA, "from_": SMS, "body": "x" * 1601}, 21617),
        ({"to": ROSA, "from_": SMS, "content_sid": "HX" + "0" * 32}, 21655),
    ],
)
def test_a_wrong_order_is_refused_with_twilios_code(
    network: Network, order: dict[str, Any], code: int
) -> None:
    with pytest.raises(TwilioRestException) as refused:
        network.client.messages.create(**order)
    assert (refused.value.code, refused.value.status) == (code, 400)


def test_only_the_account_is_let_in(network: Network) -> None:
    stranger = Client(ACCOUNT, "guessed")
    stranger.api.base_url = network.carrier_url
    with pytest.raises(TwilioRestException) as refused:
        stranger.messages.create(to=ROSA, from_=SMS, body="x")
    assert (refused.value.code, refused.value.status) == (20003, 401)
    assert (
        requests.get(
            f"{network.carrier_url}/2010-04-01/Accounts/{ACCOUNT}/Messages.json", timeout=5
        ).status_code
        == 401
    )


def test_an_unknown_message_is_404(network: Network) -> None:
    with pytest.raises(TwilioRestException) as missing:
        network.client.messages("SM" + "0" * 32).fetch()
    assert (missing.value.code, missing.value.status) == (20404, 404)


def test_a_messaging_service_sends_from_the_number_of_the_channel(network: Network) -> None:
    taken = network.client.messages.create(to=ROSA, messaging_service_sid="MG" + "1" * 32, body="hola")
    assert (taken.status, taken.from_, taken.num_segments) == ("accepted", None, "0")
    eventually(lambda: network.client.messages(taken.sid).fetch().status == "delivered")
    assert network.client.messages(taken.sid).fetch().from_ == SMS


def ask_for_approval(network: Network, sid: str, name: str) -> None:
    asked = ApprovalCreateList.ContentApprovalRequest({"name": name, "category": "UTILITY"})
    network.client.content.v1.contents(sid).approval_create.create(asked)


def approval_of(network: Network, sid: str) -> dict[str, Any]:
    return dict(network.client.content.v1.contents(sid).approval_fetch().fetch().whatsapp)


def test_a_template_fills_its_variables_and_shows_its_buttons(network: Network) -> None:
    template = {
        "friendly_name": "pedido",
        "language": "es",
        "variables": {"1": "una familia"},
        "types": {
            "twilio/quick-reply": {
                "body": "Ayllu: {{1}} busca cuidado en {{2}}. ¿Tiene cupo?",
                "actions": [{"type": "QUICK_REPLY", "title": "Sí, tengo", "id": "yes"}],
            }
        },
    }
    auth = (ACCOUNT, TOKEN)
    made = requests.post(f"{network.carrier_url}/v1/Content", json=template, auth=auth, timeout=5).json()
    assert network.client.content.v1.contents(made["sid"]).fetch().friendly_name == "pedido"
    assert [content.sid for content in network.client.content.v1.contents.list()] == [made["sid"]]
    ask_for_approval(network, made["sid"], "pedido")

    sent = network.client.messages.create(
        to=f"whatsapp:{ROSA}",
        from_=f"whatsapp:{WHATSAPP}",
        content_sid=made["sid"],
        content_variables='{"2": "Comas"}',
    )

    assert sent.body == "Ayllu: una familia busca cuidado en Comas. ¿Tiene cupo?"
    eventually(lambda: network.client.messages(sent.sid).fetch().status == "delivered")
    [shown] = network.phone("GET", f"news?number=%2B{ROSA[1:]}")["messages"]
    assert shown["buttons"] == [{"title": "Sí, tengo", "id": "yes"}]


def made_of(network: Network, body: str) -> str:
    template = {"friendly_name": "one", "language": "es", "types": {"twilio/text": {"body": body}}}
    answer = requests.post(
        f"{network.carrier_url}/v1/Content", json=template, auth=(ACCOUNT, TOKEN), timeout=5
    )
    return str(answer.json()["sid"])


def test_a_template_that_whatsapp_did_not_approve_leaves_only_within_the_24_hours(network: Network) -> None:
    sid = made_of(network, "Mañana empieza con {{1}}. Que le vaya bien.")
    assert approval_of(network, sid)["status"] == "unsubmitted"
    sender, to = f"whatsapp:{WHATSAPP}", f"whatsapp:{ROSA}"
    late = network.client.messages.create(to=to, from_=sender, content_sid=sid)
    eventually(lambda: network.client.messages(late.sid).fetch().error_code == 63016)

    ask_for_approval(network, sid, "reminder")
    assert approval_of(network, sid)["status"] == "approved"
    sent = network.client.messages.create(to=to, from_=sender, content_sid=sid)
    eventually(lambda: network.client.messages(sent.sid).fetch().status == "delivered")


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("*{{1}}* dijo que sí.", "beginning or end"),
        ("Le escribe {{1}}", "beginning or end"),
        ("Le escribe {{1}}. {{2}} de Ayllu.", "adjacent"),
        ("Le escribe {{1}} y {{3}} de Ayllu.", "sequential"),
        ("a" * 1025, "longer"),
    ],
)
def test_a_template_of_a_form_that_whatsapp_does_not_take_is_rejected(
    network: Network, body: str, why: str
) -> None:
    sid = made_of(network, body)
    ask_for_approval(network, sid, "one")
    told = approval_of(network, sid)
    assert told["status"] == "rejected"
    assert why in told["rejection_reason"]


def test_the_name_of_a_template_is_given_once_and_in_small_letters(network: Network) -> None:
    sid = made_of(network, "Hola")
    for wrong in ("Con Mayúsculas", ""):
        with pytest.raises(TwilioRestException):
            ask_for_approval(network, sid, wrong)
    ask_for_approval(network, sid, "one")
    with pytest.raises(TwilioRestException):
        ask_for_approval(network, made_of(network, "Hola otra vez"), "one")


def test_contents_are_listed_with_their_approval_over_pages(network: Network) -> None:
    sids = [made_of(network, f"Hola {number}") for number in range(5)]
    ask_for_approval(network, sids[0], "one")
    found = network.client.content.v1.content_and_approvals.list(page_size=2)
    assert [one.sid for one in found] == sids
    assert [one.approval_requests["status"] for one in found] == ["approved", *["unsubmitted"] * 4]


def test_webhooks_that_are_changed_are_called_and_told(network: Network) -> None:
    network.client.messaging.base_url = network.carrier_url
    assert network.client.messaging.v1.services.list() == []
    [ours] = network.client.incoming_phone_numbers.list()
    [sender] = network.client.messaging.v2.channels_senders.list(channel="whatsapp")
    elsewhere = f"{network.bot.url}/twilio/fallback"

    network.client.incoming_phone_numbers(ours.sid).update(sms_url=elsewhere, sms_method="POST")
    requests.post(
        f"{network.carrier_url}/v2/Channels/Senders/{sender.sid}",
        json={"webhook": {"callback_url": elsewhere, "callback_method": "POST"}},
        auth=(ACCOUNT, TOKEN),
        timeout=5,
    ).raise_for_status()

    assert network.client.incoming_phone_numbers(ours.sid).fetch().sms_url == elsewhere
    told = network.client.messaging.v2.channels_senders(sender.sid).fetch().webhook
    assert told["callback_url"] == elsewhere
    network.write("hola", channel="sms")
    network.write("hola", channel="whatsapp")
    eventually(lambda: len(network.bot.fallbacks) == 2)
    assert network.bot.messages == []
