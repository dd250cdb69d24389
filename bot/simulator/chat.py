"""A phone in a terminal: what is typed is sent, what arrives is printed. It talks to a running simulator."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, TextIO

import requests

from bot.messages import Channel

POLL_S = 20
PATIENCE_S = 10.0
"""How long a phone whose owner has put it down (end of input) stays on for the last answer."""

QUIET_S = 1.5
"""An answer may come in several messages: this long after the last one, it is taken as complete."""


class ChatError(Exception):
    """The simulator cannot be reached, or did not take a message. The message says how to mend it."""


def chat(base_url: str, number: str, channel: Channel, stdin: TextIO, stdout: TextIO) -> None:
    """Sends each line of `stdin` as a message from `number` and prints the answers to `stdout` as they
    arrive.

    Returns at the end of input, after the last answer. `base_url` is the simulator's, without a path.
    Raises ChatError.
    """
    phone = _Phone(base_url, number, channel, lambda text: print(text, file=stdout, flush=True))
    phone.start()
    try:
        for line in stdin:
            if text := line.strip():
                phone.send(text)
        phone.wait_for_answer()
    finally:
        phone.stop()


class _Phone:
    def __init__(self, base_url: str, number: str, channel: Channel, show: Callable[[str], None]) -> None:
        self._api = f"{base_url.rstrip('/')}/simulator/api"
        self._about = {"number": number, "channel": channel.value}
        self._show = show
        self._revision = self._ask(-1, 0)["revision"]
        self._shown: set[str] = set()
        self._off = threading.Event()
        self._heard = threading.Condition()
        self._waiting = False
        self._listener = threading.Thread(target=self._listen, daemon=True)

    def start(self) -> None:
        self._listener.start()

    def stop(self) -> None:
        self._off.set()

    def send(self, text: str) -> None:
        """Raises ChatError."""
        with self._heard:
            self._waiting = True
        try:
            answer = requests.post(f"{self._api}/messages", json={**self._about, "text": text}, timeout=10)
        except requests.RequestException as error:
            raise _unreachable(self._api) from error
        if not answer.ok:
            raise ChatError(f"The message was not taken: {answer.text.strip()}")

    def wait_for_answer(self) -> None:
        """Until what was sent last is answered and all is quiet, or patience is at its end."""
        with self._heard:
            if self._heard.wait_for(lambda: not self._waiting, PATIENCE_S):
                while self._heard.wait(QUIET_S):
                    pass

    def _listen(self) -> None:
        while not self._off.is_set():
            try:
                news = self._ask(self._revision, POLL_S)
            except ChatError as error:
                self._show(str(error))
                self._off.wait(2)
                continue
            self._revision = news["revision"]
            for message in sorted(news["messages"], key=lambda message: message["at"]):
                self._receive(message)

    def _receive(self, message: dict[str, Any]) -> None:
        if message["from_person"] or message["sid"] in self._shown:
            return
        if message["status"] not in ("delivered", "read", "failed", "undelivered"):
            return
        self._shown.add(message["sid"])
        self._show(_as_printed(message))
        with self._heard:
            self._waiting = False
            self._heard.notify_all()

    def _ask(self, after: int, wait: int) -> dict[str, Any]:
        options: dict[str, str | int] = {**self._about, "after": after, "wait": wait}
        if self._about["channel"] == Channel.WHATSAPP:
            options["looking"] = self._about["number"]
        try:
            answer = requests.get(f"{self._api}/news", params=options, timeout=wait + 10)
            answer.raise_for_status()
        except requests.RequestException as error:
            raise _unreachable(self._api) from error
        news: dict[str, Any] = answer.json()
        return news


def _as_printed(message: dict[str, Any]) -> str:
    if message["error_code"] is not None:
        return f"✗ no llegó (error {message['error_code']}): {message['text']}"
    lines = [f"Ayllu: {message['text']}"]
    lines += [f"  [{button['title']}]" for button in message["buttons"]]
    if message["channel"] == Channel.SMS:
        lines.append(f"  ({message['segments']} SMS)")
    return "\n".join(lines)


def _unreachable(api: str) -> ChatError:
    return ChatError(f"No simulator answers at {api}: start Ayllu with `make run` first.")
