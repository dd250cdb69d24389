"""The carrier of the bench: takes what is sent as Twilio's API does, notes when it came, and does nothing else.

The simulator would do more than that, and its work would count against the two cores that are measured.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from urllib.parse import parse_qs


class CountingTwilio:
    """`arrived`: when each person's first message came, by number, in seconds of `time.perf_counter`."""

    _sids = itertools.count(1)

    def __init__(self) -> None:
        self.arrived: dict[str, float] = {}
        self.count = 0
        self.bodies: list[str] = []

    async def serve(self) -> str:
        """Listen; the address."""
        self._server = await asyncio.start_server(self._talk, "127.0.0.1", 0)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                body = await reader.readexactly(content_length(head))
                writer.write(self._take(body) if head.startswith(b"POST") else _answer(200, {"messages": []}))
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            writer.close()

    def _take(self, body: bytes) -> bytes:
        form = parse_qs(body.decode())
        number = form["To"][0].removeprefix("whatsapp:")
        self.count += 1
        self.arrived.setdefault(number, time.perf_counter())
        if len(self.bodies) < 20:
            self.bodies.append(form["Body"][0])
        return _answer(
            201,
            {
                "sid": f"SM{next(self._sids):032x}",
                "status": "queued",
                "num_segments": "1",
                "error_code": None,
                "error_message": None,
                "body": "",
                "to": form["To"][0],
            },
        )


def content_length(head: bytes) -> int:
    """How long the body after these headers is."""
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.split(b":")[1])
    return 0


def _answer(status: int, body: dict[str, object]) -> bytes:
    content = json.dumps(body).encode()
    head = f"HTTP/1.1 {status} OK\r\nContent-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
    return head.encode() + content
