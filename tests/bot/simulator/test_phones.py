"""The page, the terminal phone, and what is kept between runs."""

from __future__ import annotations

import io
import re
import threading
from pathlib import Path

import pytest
import requests

from bot.messages import Channel
from bot.simulator.app import close_simulator, create_simulator
from bot.simulator.chat import ChatError, chat
from bot.simulator.server import listen
from tests.bot.simulator.conftest import ROSA, ListeningBot, Network, client_of, eventually, serving, settings


def test_the_page_is_spanish_and_needs_nothing_from_elsewhere(network: Network) -> None:
    page = requests.get(f"{network.carrier_url}/simulator/", timeout=5)
    assert page.status_code == 200
    assert 'lang="es-PE"' in page.text
    assert "dnd ay internet x ayacucho" in page.text
    parts = re.findall(r'(?:src|href)="([^"#]+)"', page.text)
    assert parts
    for part in parts:
        assert part.startswith("static/")
        assert requests.get(f"{network.carrier_url}/simulator/{part}", timeout=5).status_code == 200


def test_the_page_may_run_and_show_only_what_comes_from_its_own_address(network: Network) -> None:
    page = requests.get(f"{network.carrier_url}/simulator/", timeout=5)
    assert "script-src 'self';" in page.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert not re.search(r"<script(?![^>]*src=)|<style|\sstyle=|\son\w+=", page.text)


def test_the_page_and_its_parts_come_packed_and_whole(network: Network) -> None:
    for path in ("", "static/words.js", "static/page.css"):
        url = f"{network.carrier_url}/simulator/{path}"
        packed = requests.get(url, timeout=5)
        plain = requests.get(url, timeout=5, headers={"Accept-Encoding": "identity"})
        assert packed.headers["Content-Encoding"] == "gzip"
        assert "Content-Encoding" not in plain.headers
        assert int(packed.headers["Content-Length"]) < len(plain.content) / 2
        assert packed.content == plain.content


def test_news_waits_for_something_new_and_tells_only_that(network: Network) -> None:
    before = network.phone("GET", "news")["revision"]
    assert network.phone("GET", f"news?after={before}&wait=0")["messages"] == []
    sid = network.write()["sid"]
    assert [one["sid"] for one in network.phone("GET", f"news?after={before}&wait=5")["messages"]] == [sid]


def test_a_new_person_gets_a_number_that_nobody_has(network: Network) -> None:
    known = {person["number"] for person in network.phone("GET", "news")["people"]}
    number = network.phone("POST", "people", {"name": "Sra. Elena"})["number"]
    assert re.fullmatch(r"\+51000\d{6}", number)
    assert number not in known


def test_the_size_of_an_sms_is_told_as_it_is_typed(network: Network) -> None:
    assert network.phone("GET", "size?text=aqu%C3%AD") == {
        "encoding": "UCS-2",
        "units": 4,
        "segments": 1,
        "left": 66,
    }


def test_what_was_said_and_switched_is_there_after_a_restart(bot: ListeningBot, tmp_path: Path) -> None:
    database = tmp_path / "deep" / "carrier.sqlite"
    seen = []
    for _ in range(2):
        app = create_simulator(settings(bot.url, database))
        server = listen(app, 0)
        network = Network(serving(server), bot, client_of(""), clock=None)  # type: ignore[arg-type]
        seen.append(network.phone("GET", "news"))
        if len(seen) == 1:
            network.write()
            network.fault(trouble="unreachable")
            eventually(lambda: bot.messages)
        server.shutdown()
        server.server_close()
        close_simulator(app)
    assert seen[0]["messages"] == []
    assert [message["text"] for message in seen[1]["messages"]] == ["hola"]
    assert seen[1]["faults"][ROSA]["trouble"] == "unreachable"
    assert seen[1]["people"][0]["window_open"] is True


@pytest.mark.parametrize("channel", list(Channel))
def test_the_terminal_phone_sends_lines_and_prints_answers(network: Network, channel: Channel) -> None:
    printed = io.StringIO()

    def answer() -> None:
        form = eventually(lambda: network.bot.messages)[0]
        network.send(form["From"], "Hay internet en Jr. Lima 210")

    helper = threading.Thread(target=answer)
    helper.start()
    chat(network.carrier_url, ROSA, channel, io.StringIO("dnd ay internet\n"), printed)
    helper.join()
    assert network.bot.messages[0]["Body"] == "dnd ay internet"
    assert printed.getvalue().startswith("Ayllu: Hay internet en Jr. Lima 210\n")


def test_the_terminal_phone_says_when_no_simulator_runs() -> None:
    with pytest.raises(ChatError, match="make run"):
        chat("http://127.0.0.1:9", ROSA, Channel.SMS, io.StringIO("hola\n"), io.StringIO())
