"""The simulated carrier and the bot's door, both over real HTTP, in this process; empty again after `reset`."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any

from flask import Flask
from werkzeug.serving import BaseWSGIServer

from bot.messages import Channel
from bot.simulator.address import Address
from bot.simulator.app import close_simulator, create_simulator
from bot.simulator.carrier import Carrier
from bot.simulator.faults import EVERYBODY, Faults
from bot.simulator.server import listen
from bot.simulator.settings import CarrierSettings

PATIENCE_S = 20.0
FINAL = ("delivered", "read", "undelivered", "failed")


class Door:
    """A web server whose application can be put in later, and changed."""

    def __init__(self) -> None:
        self.app: Flask | None = None
        self._server: BaseWSGIServer = listen(self._forward, 0)  # type: ignore[arg-type]
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def _forward(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        if self.app is None:
            start("503 Nobody Home", [("Content-Length", "0")])
            return []
        return self.app(environ, start)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class LocalCarrier:
    """A carrier for tests. `bot_url` is where it calls the bot; put the bot's application in `bot_door.app`."""

    account_sid = "AC" + "0" * 31 + "7"
    auth_token = "a token that only tests know"
    whatsapp_number = "+510000000100"
    sms_number = "+510000000200"

    def __init__(self, home: Path) -> None:
        self._home = home
        self._runs = itertools.count(1)

    def __enter__(self) -> LocalCarrier:
        self.bot_door = Door()
        self._own_door = Door()
        self.url, self.bot_url = self._own_door.url, self.bot_door.url
        self.reset()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.bot_door.close()
        self._own_door.close()
        if self._own_door.app:
            close_simulator(self._own_door.app)

    def reset(self) -> None:
        """Nobody has written, nothing was sent, nothing fails."""
        if self._own_door.app:
            close_simulator(self._own_door.app)
        self._own_door.app = create_simulator(
            CarrierSettings(
                account_sid=self.account_sid,
                auth_token=self.auth_token,
                public_url=self.bot_url,
                whatsapp_number=self.whatsapp_number,
                sms_number=self.sms_number,
                database=self._home / f"carrier-{next(self._runs)}.sqlite",
                pace=0,
            )
        )

    @property
    def inside(self) -> Carrier:
        assert self._own_door.app is not None
        carrier: Carrier = self._own_door.app.extensions["carrier"]
        return carrier

    def person_wrote(self, number: str, channel: str) -> None:
        """Open the 24 hours in which WhatsApp carries free text."""
        self.inside.memory.people.wrote(address(number, channel))

    def fail(self, number: str = EVERYBODY, **faults: Any) -> None:
        """Switch failures on for a number (see bot/simulator/faults.py); with none, all off."""
        self.inside.memory.switches.set(number, Faults(**faults))

    def hold_statuses(self) -> None:
        """Send no status callbacks."""
        self.fail(silent=True)

    def wait_until_quiet(self) -> None:
        """Until every message the bot sent has come to its end, and the bot has heard of it."""
        deadline = time.monotonic() + PATIENCE_S
        while self._is_busy():
            assert time.monotonic() < deadline, "messages are still on their way"
            time.sleep(0.01)

    def _is_busy(self) -> bool:
        memory = self.inside.memory
        silent = any(faults.silent for faults in memory.switches.all().values())
        return any(
            message.status not in FINAL
            or (
                not silent
                and not any(call.status == message.status for call in memory.calls.about(message.sid))
            )
            for message in memory.messages.changed_since(-1, 10_000)
            if not message.inbound
        )

    def texts_to(self, number: str, channel: str) -> list[str]:
        """What arrived on this phone, in the order it was sent."""
        arrived = [
            message
            for message in self.inside.memory.messages.changed_since(-1, 10_000)
            if not message.inbound
            and message.person == address(number, channel)
            and message.status in ("delivered", "read")
        ]
        return [message.body for message in sorted(arrived, key=lambda message: message.created)]


def address(number: str, channel: str) -> Address:
    return Address(Channel(channel), number)
