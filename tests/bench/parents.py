"""Parents who write, at a rate, each another person; how long each waited."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

from twilio.request_validator import RequestValidator

from tests.bench.town import ACCOUNT, PUBLIC_URL, SMS, TOKEN, WHATSAPP
from tests.bench.twilio import CountingTwilio, content_length

PATH = "/twilio/messages"
TEXTS = (
    "busco guarderia en comas pa mi hijita de 2 añitos de lunes a viernes 8 a 5",
    "señorita necesito quien cuide a mi bebe de 10 meses en villa el salvador de lunes a sabado de 7 a 6",
    "hola quisiera un nido en los olivos para mi niño de 3 años de lunes a viernes en las mañanas",
    "cuna para mi hija de 18 meses en san juan de lurigancho de lunes a viernes de 8 a 4, hasta 300 al mes",
    "ncsito niñera x ate pa 2 niños d 4 y 6 años lun a vie d 2 a 8 pm",
    "alguien que cuide a mi hijito de 1 año en arequipa cayma de lunes a viernes de 8 a 4",
    "busco donde dejar a mi niña de 4 años en el porvenir trujillo de lunes a viernes de 8 a 6",
    "guarderia en piura castilla para bebe de 8 meses lunes a viernes 7 am a 5 pm",
)
LINES = 48
"""Connections that are kept, as the proxy in front would."""


@dataclass(slots=True)
class Waits:
    """Seconds each parent waited: for the webhook's answer, and until their answer was at the carrier."""

    webhook: list[float] = field(default_factory=list)
    answer: list[float] = field(default_factory=list)
    unanswered: int = 0
    refused: int = 0
    late_s: float = 0.0
    """How far the generator itself fell behind its rate: then the machine is full."""


class Parents:
    """Writes to one address. Numbers go on from one rate to the next, so that everybody is somebody new."""

    _numbers = itertools.count(1)

    def __init__(self, url: str, twilio: CountingTwilio) -> None:
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "", parts.port or 80
        self._twilio = twilio
        self._validator = RequestValidator(TOKEN)

    async def write(self, per_second: float, seconds: float, patience_s: float = 15.0) -> Waits:
        """So many a second, evenly, whether or not those before were answered; then wait for who is still waiting."""
        waits = Waits()
        letters = list(itertools.islice(self._letters(), int(per_second * seconds)))
        lines: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()
        for _ in range(LINES):
            lines.put_nowait(await asyncio.open_connection(self._host, self._port))
        sent_at: dict[str, float] = {}
        posting: set[asyncio.Task[None]] = set()
        start = time.perf_counter()
        for place, (number, request) in enumerate(letters):
            due = start + place / per_second
            if (ahead := due - time.perf_counter()) > 0:
                await asyncio.sleep(ahead)
            waits.late_s = max(waits.late_s, time.perf_counter() - due)
            sent_at[number] = due
            posting.add(asyncio.create_task(self._post(request, due, lines, waits)))
        await asyncio.gather(*posting)
        deadline = time.perf_counter() + patience_s
        while time.perf_counter() < deadline and not self._twilio.arrived.keys() >= sent_at.keys():
            await asyncio.sleep(0.05)
        for number, at in sent_at.items():
            arrived = self._twilio.arrived.get(number)
            if arrived is None:
                waits.unanswered += 1
            else:
                waits.answer.append(arrived - at)
        while not lines.empty():
            lines.get_nowait()[1].close()
        return waits

    async def _post(
        self,
        request: bytes,
        due: float,
        lines: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]],
        waits: Waits,
    ) -> None:
        reader, writer = await lines.get()
        try:
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            await reader.readexactly(content_length(head))
        except (asyncio.IncompleteReadError, ConnectionError):
            reader, writer = await asyncio.open_connection(self._host, self._port)
            head = b""
        lines.put_nowait((reader, writer))
        waits.webhook.append(time.perf_counter() - due)
        waits.refused += b" 200 " not in head[:20]

    def _letters(self) -> Iterator[tuple[str, bytes]]:
        for count in self._numbers:
            number, form = letter(count)
            signature = self._validator.compute_signature(f"{PUBLIC_URL}{PATH}", form)
            body = urlencode(form).encode()
            head = (
                f"POST {PATH} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                f"X-Twilio-Signature: {signature}\r\nContent-Length: {len(body)}\r\n\r\n"
            )
            yield number, head.encode() + body


def letter(count: int) -> tuple[str, dict[str, str]]:
    """The `count`th parent's number, and what they write. Every other one is on WhatsApp, whose sender carries no more
    than 80 messages a second."""
    number = f"+51000{count:06d}"
    way, to = ("whatsapp:", WHATSAPP) if count % 2 else ("", SMS)
    return number, {
        "MessageSid": f"SM{count:032x}",
        "AccountSid": ACCOUNT,
        "From": f"{way}{number}",
        "To": f"{way}{to}",
        "Body": TEXTS[count % len(TEXTS)],
        "NumMedia": "0",
        "NumSegments": "1",
    }
