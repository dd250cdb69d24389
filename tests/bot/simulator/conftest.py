"""A carrier on a free port, a bot that only listens, and Twilio's own client between them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from flask import Flask, Response, request
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from werkzeug.serving import BaseWSGIServer, make_server

from bot.simulator.app import close_simulator, create_simulator
from bot.simulator.server import listen
from bot.simulator.settings import CarrierSettings

ACCOUNT = "AC00000000000000000000000000000001"
TOKEN = "a-token-for-tests"
WHATSAPP = "+5117000001"
SMS = "+5117000002"
ROSA = "+51000000101"


def serving(server: BaseWSGIServer) -> str:
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"


def eventually(what: Callable[[], Any], seconds: float = 5.0) -> Any:
    """Waits until `what` gives something true, and returns it."""
    end = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)
    return found


@dataclass
class ListeningBot:
    """Records what the carrier asks, and answers as told. Refuses what is not signed."""

    url: str = ""
    messages: list[dict[str, str]] = field(default_factory=list)
    statuses: list[dict[str, str]] = field(default_factory=list)
    fallbacks: list[dict[str, str]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    pause_s: float = 0.0
    at_most_at_once: int = 0
    _now_at_once: int = 0
    _counting: threading.Lock = field(default_factory=threading.Lock)

    def serve(self) -> BaseWSGIServer:
        app = Flask("listening-bot")

        @app.route("/twilio/<what>", methods=["GET", "POST"])
        def hear(what: str) -> Response:
            signature = request.headers.get("X-Twilio-Signature", "")
            query = f"?{request.query_string.decode()}" if request.query_string else ""
            if not RequestValidator(TOKEN).validate(
                f"{self.url}/twilio/{what}{query}", request.form, signature
            ):
                return Response(status=403)
            heard = {"messages": self.messages, "status": self.statuses, "fallback": self.fallbacks}
            heard[what].append(dict(request.form or request.args))
            self._count(1)
            time.sleep(self.pause_s)
            self._count(-1)
            return Response("<Response/>", self.answers.pop(0) if self.answers else 200, mimetype="text/xml")

        server = make_server("127.0.0.1", 0, app, threaded=True)
        self.url = serving(server)
        return server

    def _count(self, more: int) -> None:
        with self._counting:
            self._now_at_once += more
            self.at_most_at_once = max(self.at_most_at_once, self._now_at_once)

    def heard_of(self, sid: str) -> list[str]:
        return [form["MessageStatus"] for form in self.statuses if form["MessageSid"] == sid]


@dataclass
class Clock:
    """The carrier's time, which can be moved."""

    ahead: timedelta = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@dataclass
class Network:
    """Everything together. `client` is Twilio's; `phone` talks to the phones' API."""

    carrier_url: str
    bot: ListeningBot
    client: Client
    clock: Clock

    def send(self, to: str, body: str = "hola", **more: Any) -> Any:
        sender = f"whatsapp:{WHATSAPP}" if to.startswith("whatsapp:") else SMS
        status = f"{self.bot.url}/twilio/status"
        return self.client.messages.create(to=to, from_=sender, body=body, status_callback=status, **more)

    def phone(self, method: str, path: str, body: Any = None) -> Any:
        answer = requests.request(method, f"{self.carrier_url}/simulator/api/{path}", json=body, timeout=5)
        assert answer.ok, answer.text
        return answer.json()

    def write(self, text: str = "hola", number: str = ROSA, channel: str = "whatsapp", **more: Any) -> Any:
        return self.phone("POST", "messages", {"number": number, "channel": channel, "text": text, **more})

    def fault(self, target: str = ROSA, **switches: Any) -> None:
        self.phone("PUT", f"faults/{target}", switches)

    def ends_as(self, sid: str, status: str) -> Any:
        """The message, once it has that status and the bot has heard of it."""
        eventually(lambda: status in self.bot.heard_of(sid))
        message = self.client.messages(sid).fetch()
        assert message.status == status
        return message


def settings(bot_url: str, database: Path, **more: Any) -> CarrierSettings:
    return CarrierSettings(
        account_sid=ACCOUNT,
        auth_token=TOKEN,
        public_url=bot_url,
        whatsapp_number=WHATSAPP,
        sms_number=SMS,
        database=database,
        pace=0,
        **more,
    )


def client_of(url: str) -> Client:
    client = Client(ACCOUNT, TOKEN)
    client.api.base_url = url
    client.content.base_url = url
    return client


@pytest.fixture
def bot() -> Iterator[ListeningBot]:
    listening = ListeningBot()
    server = listening.serve()
    yield listening
    server.shutdown()
    server.server_close()


@pytest.fixture
def network(bot: ListeningBot, tmp_path: Path) -> Iterator[Network]:
    clock = Clock()
    app = create_simulator(settings(bot.url, tmp_path / "carrier.sqlite", webhook_timeout_s=0.5), clock)
    server = listen(app, 0)
    url = serving(server)
    yield Network(url, bot, client_of(url), clock)
    server.shutdown()
    server.server_close()
    close_simulator(app)
