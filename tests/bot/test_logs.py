"""What an operator finds in the log who looks for one message: its whole way, under one trace."""

from __future__ import annotations

import io
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from bot.logs import mask, set_up_logging, tracing
from bot.services import Services
from tests.support.carrier import LocalCarrier
from tests.support.phone import Town

MARIA = "+51900000011"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """The log as JSON, as in production."""
    root, before = logging.getLogger(), logging.getLogger().handlers[:]
    levels = {name: logging.getLogger(name).level for name in ("", "bot", "workers")}
    set_up_logging("INFO", "json")
    lines = io.StringIO()
    (handler,) = root.handlers
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(lines)
    yield lines
    root.handlers[:] = before
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def lines_of(written: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


def test_a_messages_way_bears_one_trace_from_the_webhook_to_its_delivery(
    services: Services, demo: None, carrier: LocalCarrier, written: io.StringIO
) -> None:
    town = Town(services, carrier)
    town.ask(MARIA, "sms", "hola")
    (heard,) = town.ask(MARIA, "sms", "dnd ay internet x ayacucho")
    assert "Ayacucho" in heard

    way = [line for line in lines_of(written) if line.get("trace") == "in:2"]

    kept, *_, sent, arrived = way
    assert [line["logger"] for line in (kept, sent, arrived)] == [
        "bot.pipeline",
        "workers.send_job",
        "bot.channels.status",
    ]
    assert f"{kept['sid']} by sms answered: " in kept["message"]
    assert sent["message"] == f"{sent['wording']} sent by sms as {sent['sid']}"
    assert sent["wording"] == "hub_list"
    assert arrived["message"] == f"{sent['sid']}: delivered"


def test_what_goes_as_sms_after_all_keeps_the_trace(
    services: Services, carrier: LocalCarrier, written: io.StringIO
) -> None:
    town = Town(services, carrier)
    carrier.fail(MARIA, trouble="not_on_whatsapp")
    town.ask(MARIA, "whatsapp", "hola")
    way = [line for line in lines_of(written) if line.get("trace") == "in:1"]
    assert [line.get("channel") for line in way if "sent by" in line["message"]] == ["whatsapp", "sms"]
    assert [line["message"].split(": ")[-1] for line in way if line["logger"].endswith("status")] == [
        "failed",
        "by_sms",
        "delivered",
    ]


def test_a_line_is_one_object_with_the_number_masked_and_the_errors_text_left_out(
    written: io.StringIO,
) -> None:
    log = logging.getLogger("bot.anything")
    with tracing("in:7:0:found:sms"):
        try:
            raise ValueError("sol" + "lozo")
        except ValueError:
            log.exception("sent to +51 987 654 321\nand on", extra={"sid": "x", "said": "sol" + "lozo"})
    log.warning("outside")
    first, second = lines_of(written)
    assert first.keys() == {"time", "level", "logger", "message", "trace", "sid", "error"}
    assert (first["message"], first["trace"]) == ("sent to ***21\nand on", "in:7")
    assert "ValueError" in first["error"]
    assert "sollozo" not in written.getvalue()
    assert second.keys() == {"time", "level", "logger", "message"}


def test_a_carriers_id_is_no_number_however_many_digits_are_in_it() -> None:
    sid = "SM12345678901234567890123456789012"
    assert mask(f"{sid} to +51987654321") == f"{sid} to ***21"


@pytest.mark.parametrize("form", ["text", "json"])
def test_what_ends_a_process_is_a_line_of_the_log_too(form: str) -> None:
    program = f"from bot.logs import set_up_logging\nset_up_logging('INFO', {form!r})\n{{}}['sollozo']"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert "KeyError" in ended.stderr
    assert "sollozo" not in ended.stderr.replace(program, "")
    if form == "json":
        assert [json.loads(line)["level"] for line in ended.stderr.splitlines()] == ["CRITICAL"]
