"""Each way the carrier fails, as Twilio does: refused at once, failed later, answered late, told badly."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
import requests
from twilio.base.exceptions import TwilioRestException

from bot.simulator.app import close_simulator, create_simulator
from bot.simulator.server import listen
from tests.bot.simulator.conftest import (
    ROSA,
    ListeningBot,
    Network,
    client_of,
    eventually,
    serving,
    settings,
)

WHATSAPP_ROSA = f"whatsapp:{ROSA}"


@pytest.mark.parametrize(
    ("trouble", "to", "code", "status"),
    [
        ("opted_out", ROSA, 21610, 400),
        ("invalid_number", ROSA, 21211, 400),
        ("not_mobile", ROSA, 21614, 400),
        ("too_many_requests", WHATSAPP_ROSA, 20429, 429),
        ("server_error", WHATSAPP_ROSA, 20500, 500),
    ],
)
def test_refused(network: Network, trouble: str, to: str, code: int, status: int) -> None:
    network.fault(trouble=trouble)
    with pytest.raises(TwilioRestException) as refused:
        network.send(to)
    assert (refused.value.code, refused.value.status) == (code, status)
    assert network.client.messages.list(to=to) == []


@pytest.mark.parametrize(
    ("trouble", "to", "code", "status"),
    [
        ("not_on_whatsapp", WHATSAPP_ROSA, 63024, "undelivered"),
        ("no_whatsapp_address", WHATSAPP_ROSA, 63003, "failed"),
        ("window_closed", WHATSAPP_ROSA, 63016, "failed"),
        ("channel_busy", WHATSAPP_ROSA, 63018, "failed"),
        ("unreachable", ROSA, 30003, "undelivered"),
        ("unknown_handset", ROSA, 30005, "undelivered"),
        ("unknown_error", ROSA, 30008, "undelivered"),
    ],
)
def test_taken_and_failed(network: Network, trouble: str, to: str, code: int, status: str) -> None:
    network.write()
    network.fault(trouble=trouble)
    taken = network.send(to)
    assert taken.status == "queued"
    assert network.ends_as(taken.sid, status).error_code == code
    assert network.bot.statuses[-1]["ErrorCode"] == str(code)


def test_whatsapp_trouble_leaves_sms_alone(network: Network) -> None:
    network.fault(trouble="not_on_whatsapp")
    network.ends_as(network.send(ROSA).sid, "delivered")


def test_a_number_of_its_own_switches_goes_before_everybodys(network: Network) -> None:
    network.fault("*", trouble="server_error")
    network.fault(ROSA, trouble="unreachable")
    network.ends_as(network.send(ROSA).sid, "undelivered")
    with pytest.raises(TwilioRestException):
        network.send("+51000000102")


def test_a_counted_trouble_ends(network: Network) -> None:
    network.fault(trouble="server_error", times=1)
    with pytest.raises(TwilioRestException):
        network.send(ROSA)
    network.ends_as(network.send(ROSA).sid, "delivered")
    assert network.phone("GET", "news")["faults"] == {}


def test_slow(network: Network) -> None:
    network.fault(trouble="slow", seconds=0.3)
    started = time.monotonic()
    sid = network.send(ROSA).sid
    assert time.monotonic() - started >= 0.3
    network.ends_as(sid, "delivered")


def test_an_answer_that_is_lost_leaves_a_message_that_was_sent(network: Network) -> None:
    network.fault(trouble="lost_answer", seconds=0.05)
    with pytest.raises(requests.ConnectionError):
        network.send(ROSA, "¿llegó?")
    [kept] = network.client.messages.list(to=ROSA)
    assert kept.body == "¿llegó?"
    network.ends_as(kept.sid, "delivered")


def test_the_window_closes_24_hours_after_the_person_wrote(network: Network) -> None:
    network.write()
    network.ends_as(network.send(WHATSAPP_ROSA).sid, "delivered")
    network.clock.ahead = timedelta(hours=23, minutes=59)
    network.ends_as(network.send(WHATSAPP_ROSA).sid, "delivered")
    network.clock.ahead = timedelta(hours=24)
    assert network.ends_as(network.send(WHATSAPP_ROSA).sid, "failed").error_code == 63016


def test_stop_is_obeyed_by_the_carrier_until_start(network: Network) -> None:
    network.write("Stop", channel="sms")
    with pytest.raises(TwilioRestException) as refused:
        network.send(ROSA)
    assert refused.value.code == 21610
    network.write("START", channel="sms")
    network.ends_as(network.send(ROSA).sid, "delivered")


def test_callbacks_twice(network: Network) -> None:
    network.fault(twice=True)
    sid = network.send(ROSA).sid
    eventually(lambda: len(network.bot.heard_of(sid)) == 6)
    assert network.bot.heard_of(sid) == ["queued", "queued", "sent", "sent", "delivered", "delivered"]


def test_callbacks_out_of_order(network: Network) -> None:
    network.fault(shuffled=True)
    sid = network.send(ROSA).sid
    eventually(lambda: len(network.bot.heard_of(sid)) == 3)
    assert network.bot.heard_of(sid) == ["delivered", "sent", "queued"]


def test_callbacks_late(network: Network) -> None:
    network.fault(late_s=0.4)
    sid = network.send(ROSA).sid
    eventually(lambda: network.client.messages(sid).fetch().status == "delivered")
    assert network.bot.heard_of(sid) == []
    eventually(lambda: len(network.bot.heard_of(sid)) == 3)


def test_callbacks_that_never_come(network: Network) -> None:
    network.fault(silent=True)
    sid = network.send(ROSA).sid
    eventually(lambda: network.client.messages(sid).fetch().status == "delivered")
    time.sleep(0.1)
    assert network.bot.heard_of(sid) == []


def test_more_than_the_sender_carries_in_a_second_fails(bot: ListeningBot, tmp_path: Path) -> None:
    app = create_simulator(settings(bot.url, tmp_path / "carrier.sqlite", whatsapp_a_second=5))
    server = listen(app, 0)
    url = serving(server)
    try:
        network = Network(url, bot, client_of(url), clock=None)  # type: ignore[arg-type]
        network.write()
        with ThreadPoolExecutor(4) as hands:
            taken = list(hands.map(lambda _: network.send(WHATSAPP_ROSA).sid, range(8)))
        for sid in taken:
            eventually(lambda sid=sid: {"delivered", "failed"} & set(bot.heard_of(sid)))
        failed = [form["ErrorCode"] for form in bot.statuses if form["MessageStatus"] == "failed"]
        assert 1 <= len(failed) <= 3
        assert set(failed) == {"63018"}
    finally:
        server.shutdown()
        server.server_close()
        close_simulator(app)


def test_a_phone_that_is_off_gets_what_was_sent_when_it_is_on_again(network: Network) -> None:
    network.write()
    network.fault(off=True)
    sids = [network.send(WHATSAPP_ROSA, f"mensaje {number}").sid for number in range(4)]
    eventually(lambda: all("sent" in network.bot.heard_of(sid) for sid in sids))
    time.sleep(0.1)
    assert {network.client.messages(sid).fetch().status for sid in sids} == {"sent"}
    network.fault()
    for sid in sids:
        network.ends_as(sid, "delivered")
    arrived = [form["MessageSid"] for form in network.bot.statuses if form["MessageStatus"] == "delivered"]
    assert sorted(arrived) == sorted(sids)


def test_what_is_written_on_a_phone_that_is_off_leaves_when_it_is_on_again(network: Network) -> None:
    network.fault(off=True)
    for text in ("uno", "dos", "tres"):
        network.write(text)
    time.sleep(0.1)
    assert network.bot.messages == []
    network.fault()
    eventually(lambda: len(network.bot.messages) == 3)
    assert [form["Body"] for form in network.bot.messages] == ["uno", "dos", "tres"]


def test_what_waits_in_a_phone_and_for_it_waits_over_a_restart(bot: ListeningBot, tmp_path: Path) -> None:
    for run in range(2):
        app = create_simulator(settings(bot.url, tmp_path / "carrier.sqlite"))
        server = listen(app, 0)
        network = Network(serving(server), bot, client_of(""), clock=None)  # type: ignore[arg-type]
        network.client.api.base_url = network.carrier_url
        if run == 0:
            network.fault(off=True)
            network.write("uno", channel="sms")
            sid = network.send(ROSA, "hola").sid
            eventually(lambda sid=sid: "sent" in bot.heard_of(sid))
        else:
            assert bot.messages == []
            network.fault()
            network.ends_as(sid, "delivered")
            eventually(lambda: bot.messages)
        server.shutdown()
        server.server_close()
        close_simulator(app)
    assert [form["Body"] for form in bot.messages] == ["uno"]


def test_everybodys_phone_can_be_off_but_for_one(network: Network) -> None:
    network.fault("*", off=True)
    network.fault(ROSA, twice=True)
    network.ends_as(network.send(ROSA).sid, "delivered")
    other = network.send("+51000000102").sid
    eventually(lambda: "sent" in network.bot.heard_of(other))
    assert "delivered" not in network.bot.heard_of(other)
    network.fault("*")
    network.ends_as(other, "delivered")
