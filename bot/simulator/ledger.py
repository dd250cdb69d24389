"""The messages the carrier has taken, either way, and the pictures in them. Each method is one
transaction."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from bot.messages import Channel
from bot.simulator.address import Address
from bot.simulator.database import Clock, Database, as_text
from bot.simulator.people import meet
from bot.simulator.records import Button, Direction, Media, Message, Pin

_COLUMNS = (
    "sid, direction, channel, person, ours, body, segments, status, created, updated, revision, sent, "
    "error_code, price, callback, service_sid, content_sid, extras, answer"
)
_PLACES = ", ".join("?" * len(_COLUMNS.split(",")))


@dataclass(frozen=True, slots=True)
class Totals:
    """What has passed on one channel: messages to people, their segments, messages from people, US
    dollars."""

    sent: int
    segments: int
    received: int
    cost: Decimal


class Ledger:
    """The messages. `clock` gives the time of a change."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def add(self, message: Message, pictures: Sequence[tuple[Media, bytes]] = ()) -> Message:
        """Keeps a new message and makes the person known. Returns it with its revision."""
        with self._database.writing() as (connection, revision):
            connection.execute(
                f"INSERT INTO messages ({_COLUMNS}) VALUES ({_PLACES})",  # noqa: S608 (constants)
                _row_of(message, revision),
            )
            for media, data in pictures:
                connection.execute(
                    "INSERT INTO media VALUES (?, ?, ?)", (media.sid, media.content_type, data)
                )
            meet(connection, revision, message.person.number, name="")
            return _message(_fetch(connection, message.sid))

    def get(self, sid: str) -> Message | None:
        with self._database.reading() as connection:
            row = _fetch(connection, sid)
            return _message(row) if row else None

    def set_status(
        self,
        sid: str,
        status: str,
        *,
        error_code: int | None = None,
        sent: datetime | None = None,
        price: Decimal | None = None,
    ) -> Message:
        """Moves a message on. What is None stays as it was."""
        with self._database.writing() as (connection, revision):
            connection.execute(
                "UPDATE messages SET status = ?, error_code = coalesce(?, error_code), "
                "sent = coalesce(?, sent), price = coalesce(?, price), updated = ?, revision = ? "
                "WHERE sid = ?",
                (
                    status,
                    error_code,
                    sent and as_text(sent),
                    None if price is None else str(price),
                    as_text(self._clock()),
                    revision,
                    sid,
                ),
            )
            return _message(_fetch(connection, sid))

    def mark_read(self, sid: str) -> Message | None:
        """A delivered message becomes read. None when it is not just delivered."""
        with self._database.writing() as (connection, revision):
            moved = connection.execute(
                "UPDATE messages SET status = 'read', updated = ?, revision = ? "
                "WHERE sid = ? AND status = 'delivered'",
                (as_text(self._clock()), revision, sid),
            ).rowcount
            return _message(_fetch(connection, sid)) if moved else None

    def set_answer(self, sid: str, answer: int) -> None:
        """What the bot's webhook said to a message from a person: an HTTP status, 0 for none."""
        with self._database.writing() as (connection, revision):
            connection.execute(
                "UPDATE messages SET answer = ?, revision = ? WHERE sid = ?", (answer, revision, sid)
            )

    def changed_since(self, revision: int, limit: int) -> list[Message]:
        """The messages written or changed after `revision`, the first changed first, the latest `limit`
        of them."""
        return self._select("revision > ? ORDER BY revision DESC LIMIT ?", (revision, limit))[::-1]

    def unfinished(self) -> list[Message]:
        """Those to people that were on their way when the program stopped."""
        return self._select("status IN ('accepted', 'queued', 'sent') ORDER BY created", ())

    def unheard(self) -> list[Message]:
        """Those from people of which the bot never heard."""
        return self._select("direction = 'inbound' AND answer IS NULL ORDER BY created", ())

    def delivered_unread(self, number: str) -> list[Message]:
        return self._select(
            "person = ? AND channel = 'whatsapp' AND direction = 'outbound-api' AND status = 'delivered' "
            "ORDER BY created",
            (number,),
        )

    def find(
        self,
        *,
        to: Address | None,
        sender: Address | None,
        since: datetime | None,
        before: datetime | None,
        offset: int,
        limit: int,
    ) -> list[Message]:
        """For Twilio's list: newest first. `since` ≤ when it was sent (or taken, while unsent) < `before`."""
        conditions, values = ["1"], list[Any]()
        for address, incoming, outgoing in ((to, "ours", "person"), (sender, "person", "ours")):
            if address:
                conditions.append(
                    f"channel = ? AND CASE direction WHEN 'inbound' THEN {incoming} ELSE {outgoing} END = ?"
                )
                values += [address.channel.value, address.number]
        for moment, comparison in ((since, ">="), (before, "<")):
            if moment:
                conditions.append(f"coalesce(sent, created) {comparison} ?")
                values.append(as_text(moment))
        where = " AND ".join(conditions)
        return self._select(f"{where} ORDER BY created DESC, sid LIMIT ? OFFSET ?", (*values, limit, offset))

    def totals(self) -> dict[Channel, Totals]:
        found = {channel: Totals(0, 0, 0, Decimal(0)) for channel in Channel}
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT channel, sum(direction != 'inbound' AND price IS NOT NULL) AS sent, "
                "sum(iif(direction != 'inbound' AND price IS NOT NULL, segments, 0)) AS segments, "
                "sum(direction = 'inbound') AS received, sum(CAST(price AS REAL)) AS cost "
                "FROM messages GROUP BY channel"
            ).fetchall()
        for row in rows:
            cost = Decimal(str(row["cost"] or 0)).quantize(Decimal("0.0001"))
            found[Channel(row["channel"])] = Totals(row["sent"], row["segments"], row["received"], cost)
        return found

    def replies_since(self, moment: datetime, at_most: int) -> int:
        """How many free-form WhatsApp messages have been paid for since `moment`, counted up to `at_most`."""
        with self._database.reading() as connection:
            count: int = connection.execute(
                "SELECT count(*) FROM (SELECT 1 FROM messages WHERE created >= ? AND channel = 'whatsapp' "
                "AND direction = 'outbound-api' AND content_sid IS NULL AND price IS NOT NULL LIMIT ?)",
                (as_text(moment), at_most),
            ).fetchone()[0]
        return count

    def picture(self, sid: str) -> tuple[str, bytes] | None:
        """Content type and bytes."""
        with self._database.reading() as connection:
            row = connection.execute("SELECT content_type, data FROM media WHERE sid = ?", (sid,)).fetchone()
        return (row["content_type"], row["data"]) if row else None

    def _select(self, where: str, values: Sequence[Any]) -> list[Message]:
        with self._database.reading() as connection:
            rows = connection.execute(
                f"SELECT {_COLUMNS} FROM messages WHERE {where}",  # noqa: S608 (constants)
                values,
            ).fetchall()
        return [_message(row) for row in rows]


def _fetch(connection: sqlite3.Connection, sid: str) -> sqlite3.Row:
    row: sqlite3.Row = connection.execute(
        f"SELECT {_COLUMNS} FROM messages WHERE sid = ?",  # noqa: S608 (constants)
        (sid,),
    ).fetchone()
    return row


def _row_of(message: Message, revision: int) -> tuple[Any, ...]:
    extras = {
        "buttons": [asdict(button) for button in message.buttons],
        "button": message.button and asdict(message.button),
        "pin": message.pin and asdict(message.pin),
        "media": [asdict(media) for media in message.media],
    }
    return (
        message.sid,
        message.direction,
        message.channel,
        message.person.number,
        message.ours.number,
        message.body,
        message.segments,
        message.status,
        as_text(message.created),
        as_text(message.updated),
        revision,
        message.sent and as_text(message.sent),
        message.error_code,
        None if message.price is None else str(message.price),
        message.callback,
        message.service_sid,
        message.content_sid,
        json.dumps(extras),
        message.answer,
    )


def _message(row: sqlite3.Row) -> Message:
    extras = json.loads(row["extras"])
    channel = Channel(row["channel"])
    return Message(
        sid=row["sid"],
        direction=Direction(row["direction"]),
        person=Address(channel, row["person"]),
        ours=Address(channel, row["ours"]),
        body=row["body"],
        segments=row["segments"],
        status=row["status"],
        created=datetime.fromisoformat(row["created"]),
        updated=datetime.fromisoformat(row["updated"]),
        revision=row["revision"],
        sent=datetime.fromisoformat(row["sent"]) if row["sent"] else None,
        error_code=row["error_code"],
        price=Decimal(row["price"]) if row["price"] is not None else None,
        callback=row["callback"],
        service_sid=row["service_sid"],
        content_sid=row["content_sid"],
        buttons=tuple(Button(**button) for button in extras["buttons"]),
        button=Button(**extras["button"]) if extras["button"] else None,
        pin=Pin(**extras["pin"]) if extras["pin"] else None,
        media=tuple(Media(**media) for media in extras["media"]),
        answer=row["answer"],
    )
