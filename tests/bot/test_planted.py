"""Numbers and words are planted; nothing that is written down or told may show them: no log line, nothing on the
queue, no plain column, no answer to a stranger."""

from __future__ import annotations

import io
import logging
import zlib
from base64 import b64decode
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from bot import jobs
from bot.app import create_app
from bot.logs import set_up_logging
from bot.messages import Channel, Event, EventKind
from bot.services import Services
from bot.simulator.faults import KINDS, Trouble
from bot.store import events, inbox
from bot.store.tables import Base
from tests.support.carrier import LocalCarrier
from tests.support.lives import (
    CHIP,
    HERS,
    LUCIA,
    THEIRS,
    WEDNESDAY,
    ZORAIDA,
    happen,
    shown_in,
)
from tests.support.phone import Town, at
from workers.main import work

SOB, NUMBER = "sollozo", ZORAIDA

SHOWN_TO_FAMILIES = {("provider", name) for name in ("name", "name_words", "address", "quote")}
"""What a provider has families see stands in plain columns; the words of the name, once more, to be found by."""

PLANTED = (*HERS, *THEIRS, LUCIA, CHIP, SOB)


def shown(said: str) -> list[str]:
    """What of the planted is in it."""
    return shown_in(said, PLANTED)


@pytest.fixture(params=["text", "json"])
def log(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    """All that the program writes to its log, down to the finest, as it is written, in both forms."""
    root, before = logging.getLogger(), logging.getLogger().handlers[:]
    levels = {
        name: logging.getLogger(name).level for name in ("", "bot", "workers", "nlp", "matching", "deploy")
    }
    set_up_logging("DEBUG", request.param)
    written = io.StringIO()
    for handler in root.handlers:
        assert isinstance(handler, logging.StreamHandler)
        handler.setStream(written)
    yield written
    root.handlers[:] = before
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def on_the_queue(services: Services) -> str:
    """Every key and every value in Redis."""
    redis = Redis.from_url(services.settings.redis_url)
    read = {
        b"string": redis.get,
        b"hash": redis.hgetall,
        b"list": lambda key: redis.lrange(key, 0, -1),
        b"set": redis.smembers,
        b"zset": lambda key: redis.zrange(key, 0, -1),
        b"stream": redis.xrange,
    }
    return "\n".join(f"{key!r} {unpacked(read[redis.type(key)](key))}" for key in redis.scan_iter())


def unpacked(value: Any) -> str:
    """The value as text, whatever RQ has pressed together pulled apart."""
    if isinstance(value, dict):
        return " ".join(f"{name!r} {unpacked(one)}" for name, one in value.items())
    if isinstance(value, list | tuple | set):
        return " ".join(map(unpacked, value))
    if isinstance(value, bytes):
        with suppress(zlib.error):
            return zlib.decompress(value).decode("utf-8", "replace")
        with suppress(zlib.error, ValueError):
            return zlib.decompress(b64decode(value)).decode("utf-8", "replace")
        return value.decode("utf-8", "replace")
    return str(value)


def in_plain_columns(services: Services) -> list[str]:
    found = []
    with services.store.begin() as tx:
        for table in Base.metadata.sorted_tables:
            for row in tx.session.execute(select(table)).mappings():
                found += [
                    f"{table.name}.{name}: {value}"
                    for name, value in row.items()
                    if (table.name, name) not in SHOWN_TO_FAMILIES and shown(readable(value))
                ]
    return found


def readable(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


class BrokenParser:
    """A model that fails, and says on what."""

    def parse(self, said: str, *_: object, **__: object) -> None:
        try:
            {}[said]
        except KeyError as error:
            raise RuntimeError(f"cannot read {said!r} of {NUMBER}") from error


def test_nothing_of_two_whole_lives_is_written_in_plain(
    services: Services, carrier: LocalCarrier, tmp_path: Path, log: io.StringIO
) -> None:
    with at(WEDNESDAY) as clock:
        happen(Town(services, carrier), clock, tmp_path)
        client = create_app(services).test_client()
        for path in ("/metrics", "/readyz", "/healthz"):
            answer = client.get(path)
            assert answer.status_code == 200
            assert shown(answer.text) == []
    assert log.getvalue()
    assert shown(log.getvalue()) == []
    assert shown(on_the_queue(services)) == []
    assert in_plain_columns(services) == []


@pytest.mark.parametrize("trouble", [kind for kind in Trouble if kind in KINDS and KINDS[kind].code])
def test_nothing_of_a_message_that_the_carrier_refuses_is_written_in_plain(
    services: Services, carrier: LocalCarrier, log: io.StringIO, trouble: Trouble
) -> None:
    town = Town(services, carrier)
    carrier.fail(trouble=trouble)
    for channel in Channel:
        town.write(ZORAIDA, channel.value, "hola, el xilofono de Zoraida")
        town.settle()
    assert shown(log.getvalue()) == []
    assert shown(on_the_queue(services)) == []
    assert in_plain_columns(services) == []


def test_a_message_that_breaks_the_program_is_not_quoted(
    services: Services, carrier: LocalCarrier, log: io.StringIO
) -> None:
    town = Town(replace(services, parser=BrokenParser()), carrier)
    assert town.write(ZORAIDA, "sms", SOB).status_code == 200
    for _ in range(inbox.MAX_ATTEMPTS):
        jobs.Jobs(services.redis).push(jobs.SERVE_CONTACT, 1)
        town.settle()
    assert "RuntimeError" in log.getvalue()
    assert "KeyError" in log.getvalue()
    assert shown(log.getvalue()) == []
    assert shown(on_the_queue(services)) == []
    assert in_plain_columns(services) == []


def test_an_event_that_breaks_the_program_is_not_quoted(
    services: Services, carrier: LocalCarrier, log: io.StringIO
) -> None:
    town = Town(services, carrier)
    town.write(ZORAIDA, "sms", "hola")
    broken = Event(
        EventKind.AGREED, {"provider": 1, "name": "Ildefonsa", "offer": 1, "need": {"sollozo": ZORAIDA}}
    )
    with services.store.begin() as tx:
        events.add(tx, 1, "broken", broken, WEDNESDAY, WEDNESDAY)
    town.sweep()
    assert "could not happen" in log.getvalue()
    assert shown(log.getvalue()) == []
    assert shown(on_the_queue(services)) == []


def fail_aloud(number: int) -> None:
    raise ValueError(f"{number} {SOB} {NUMBER}")


def test_a_job_that_fails_leaves_no_words_on_the_queue_and_in_the_log(
    services: Services, carrier: LocalCarrier, log: io.StringIO
) -> None:
    Town(services, carrier)
    name = next(iter(jobs.QueueName)).value
    queue = Queue(name, connection=services.redis, serializer=JSONSerializer)
    queue.enqueue("tests.bot.test_planted.fail_aloud", 1, failure_ttl=60)
    work(burst=True)
    assert "ValueError" in log.getvalue()
    assert "failed" in on_the_queue(services)
    assert shown(log.getvalue()) == []
    assert shown(on_the_queue(services)) == []


@pytest.mark.parametrize(
    "path", ["/twilio/messages", "/twilio/status", "/nowhere/sollozo", "/healthz", "/readyz"]
)
def test_a_stranger_is_told_nothing(
    services: Services, carrier: LocalCarrier, log: io.StringIO, path: str
) -> None:
    town = Town(services, carrier)
    town.ask(ZORAIDA, "sms", "sollozo")
    form = {"MessageSid": "SM1", "From": ZORAIDA, "Body": "sollozo", "MessageStatus": "sollozo"}
    client = create_app(services).test_client()
    for answer in (
        town.post(path, form, signature="forged").text,
        town.post(path, form | {"From": f"no {ZORAIDA}", "MessageSid": "sollozo Zoraida"}).text,
        client.get(path, query_string=form).text,
        client.post(path, json=form).text,
    ):
        assert shown(answer) == []
    assert shown(log.getvalue()) == []


def test_an_error_of_the_database_is_told_without_its_values(services: Services) -> None:
    with services.store.begin() as tx:
        with pytest.raises(DBAPIError) as caught, tx.session.begin_nested():
            tx.session.execute(text("SELECT 1 / length(:said) - 1 / 0"), {"said": "sollozo"})
        assert shown(str(caught.value)) == []
