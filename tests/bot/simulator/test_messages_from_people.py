"""What the bot hears when somebody writes: Twilio's form, signed, once more when it did not answer."""

from __future__ import annotations

import base64
from typing import Any

import pytest
import requests

from tests.bot.simulator.conftest import ACCOUNT, ROSA, SMS, TOKEN, WHATSAPP, Network, eventually

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def heard(network: Network, count: int = 1) -> dict[str, str]:
    eventually(lambda: len(network.bot.messages) >= count)
    return network.bot.messages[-1]


def answer_to(network: Network, sid: str) -> int:
    def answer() -> Any:
        [message] = [one for one in network.phone("GET", "news")["messages"] if one["sid"] == sid]
        return message["answer"] is not None and message

    found: int = eventually(answer)["answer"]
    return found


def test_whatsapp_text(network: Network) -> None:
    network.phone("POST", "people", {"name": "Rosa Ñahui", "number": ROSA})
    sid = network.write("señorita, busco cuna")["sid"]

    form = heard(network)

    assert form["MessageSid"] == form["SmsSid"] == form["SmsMessageSid"] == sid
    assert form["AccountSid"] == ACCOUNT
    assert (form["From"], form["To"]) == (f"whatsapp:{ROSA}", f"whatsapp:{WHATSAPP}")
    assert (form["Body"], form["MessageType"], form["NumMedia"]) == ("señorita, busco cuna", "text", "0")
    assert (form["ProfileName"], form["WaId"]) == ("Rosa Ñahui", ROSA[1:])
    assert answer_to(network, sid) == 200


def test_sms_has_no_whatsapp_fields_and_counts_its_segments(network: Network) -> None:
    network.write("ñ" * 161, channel="sms")
    form = heard(network)
    assert (form["From"], form["To"], form["NumSegments"]) == (ROSA, SMS, "2")
    assert "WaId" not in form
    assert "MessageType" not in form


def test_a_pin_has_its_place(network: Network) -> None:
    network.write("", pin={"latitude": -11.9176, "longitude": -77.0214, "label": "Collique"})
    form = heard(network)
    assert (float(form["Latitude"]), float(form["Longitude"])) == (-11.9176, -77.0214)
    assert (form["MessageType"], form["Label"], form["Body"]) == ("location", "Collique", "")


def test_a_button_has_its_text_and_payload(network: Network) -> None:
    network.write("", button={"title": "Sí, tengo", "id": "yes"})
    form = heard(network)
    assert (form["Body"], form["ButtonText"], form["ButtonPayload"]) == ("Sí, tengo", "Sí, tengo", "yes")


def test_a_picture_can_be_fetched_by_the_bot(network: Network) -> None:
    network.write("", picture=f"data:image/png;base64,{PIXEL}")
    form = heard(network)
    assert (form["NumMedia"], form["MediaContentType0"], form["MessageType"]) == ("1", "image/png", "image")
    picture = requests.get(form["MediaUrl0"], auth=(ACCOUNT, TOKEN), timeout=5)
    assert (picture.content, picture.headers["Content-Type"]) == (base64.b64decode(PIXEL), "image/png")
    assert requests.get(form["MediaUrl0"], timeout=5).status_code == 401


def test_a_person_without_a_number_writes_from_a_whatsapp_name(network: Network) -> None:
    network.write(number="PE.13491208655302741918")
    form = heard(network)
    assert form["From"] == "whatsapp:PE.13491208655302741918"
    assert "WaId" not in form


def test_a_failing_bot_is_tried_once_more_with_the_same_sid(network: Network) -> None:
    network.bot.answers = [503]
    sid = network.write()["sid"]
    assert answer_to(network, sid) == 200
    assert [form["MessageSid"] for form in network.bot.messages] == [sid, sid]


def test_a_bot_that_keeps_failing_is_told_at_its_other_address(network: Network) -> None:
    network.bot.answers = [500, 502, 200]
    sid = network.write()["sid"]
    assert answer_to(network, sid) == 200
    assert len(network.bot.messages) == 2
    (told,) = network.bot.fallbacks
    assert told == network.bot.messages[0] | {
        "ErrorCode": "11200",
        "ErrorUrl": f"{network.bot.url}/twilio/messages",
    }


def test_a_bot_that_fails_at_both_addresses_is_left_alone(network: Network) -> None:
    network.bot.answers = [500, 502, 503, 504, 200]
    assert answer_to(network, network.write()["sid"]) == 504
    assert (len(network.bot.messages), len(network.bot.fallbacks)) == (2, 2)


def test_a_bot_that_is_too_slow_is_tried_once_more(network: Network) -> None:
    network.bot.pause_s = 0.8
    sid = network.write()["sid"]
    assert answer_to(network, sid) == 0
    assert [call["error"] for call in network.phone("GET", f"messages/{sid}/calls")] == [
        "no answer in 0.5 s"
    ] * 4


def test_what_one_phone_sends_is_handed_over_in_its_order_one_at_a_time(network: Network) -> None:
    network.bot.pause_s = 0.02
    said = [f"mensaje {number}" for number in range(20)]
    for text in said:
        network.write(text, channel="sms")
    eventually(lambda: len(network.bot.messages) >= len(said))
    assert [form["Body"] for form in network.bot.messages] == said
    assert network.bot.at_most_at_once == 1


def test_what_comes_after_a_message_that_failed_is_handed_over_after_its_last_try(network: Network) -> None:
    network.bot.answers = [500, 502, 503, 504]
    first, second = network.write("uno")["sid"], network.write("dos")["sid"]
    assert answer_to(network, second) == 200
    assert [form["Body"] for form in network.bot.messages] == ["uno", "uno", "dos"]
    assert answer_to(network, first) == 504


def test_a_phone_waits_for_no_other(network: Network) -> None:
    network.bot.pause_s = 0.3
    for number in range(8):
        network.write(number=f"+51000000{number:03}", channel="sms")
    eventually(lambda: len(network.bot.messages) >= 8)
    assert network.bot.at_most_at_once >= 4


@pytest.mark.parametrize(
    "said",
    [
        {"number": ROSA, "channel": "whatsapp"},
        {"number": ROSA, "channel": "sms", "pin": {"latitude": 1, "longitude": 1}},
        {"number": ROSA, "channel": "whatsapp", "pin": {"latitude": 91, "longitude": 1}},
        {"number": "PE.123", "channel": "sms", "text": "hola"},
        {"number": ROSA, "channel": "whatsapp", "picture": "data:text/html;base64,eA=="},
    ],
)
def test_what_no_phone_can_send_is_refused(network: Network, said: dict[str, Any]) -> None:
    refused = requests.post(f"{network.carrier_url}/simulator/api/messages", json=said, timeout=5)
    assert refused.status_code == 400
    assert refused.json()["error"]
