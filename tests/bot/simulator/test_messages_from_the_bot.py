"""What Twilio's client gets from the carrier: messages taken, found again, refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import requests
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

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


def test_a_template_fills_its_variables_and_shows_its_buttons(network: Network) -> None:
    template = {
        "friendly_name": "pedido",
        "language": "es",
        "variables": {"1": "una familia"},
        "types": {
            "twilio/quick-reply": {
                "body": "{{1}} busca cuidado en {{2}}. ¿Tiene cupo?",
                "actions": [{"type": "QUICK_REPLY", "title": "Sí, tengo", "id": "yes"}],
            }
        },
    }
    auth = (ACCOUNT, TOKEN)
    made = requests.post(f"{network.carrier_url}/v1/Content", json=template, auth=auth, timeout=5).json()
    assert network.client.content.v1.contents(made["sid"]).fetch().friendly_name == "pedido"
    assert [content.sid for content in network.client.content.v1.contents.list()] == [made["sid"]]

    sent = network.client.messages.create(
        to=f"whatsapp:{ROSA}",
        from_=f"whatsapp:{WHATSAPP}",
        content_sid=made["sid"],
        content_variables='{"2": "Comas"}',
    )

    assert sent.body == "una familia busca cuidado en Comas. ¿Tiene cupo?"
    eventually(lambda: network.client.messages(sent.sid).fetch().status == "delivered")
    [shown] = network.phone("GET", f"news?number=%2B{ROSA[1:]}")["messages"]
    assert shown["buttons"] == [{"title": "Sí, tengo", "id": "yes"}]
