"""Jobs are named by path, since the bot does not import the workers: each path must lead somewhere."""

from __future__ import annotations

import json
import re
import zlib
from importlib import import_module
from pathlib import Path

import pytest

from bot import jobs
from bot.services import Services


@pytest.mark.parametrize("path", sorted((*jobs.FOR_PEOPLE, *jobs.UPKEEP)))
def test_every_job_path_leads_to_a_function(path: str) -> None:
    module, _, name = path.rpartition(".")
    assert callable(getattr(import_module(module), name))


def test_what_is_on_a_queue_is_json(services: Services) -> None:
    """A pickle would run whatever somebody on the same Redis wrote into it."""
    services.jobs.push(jobs.SEND_TO, 7)
    queued = [services.redis.hget(key, "data") for key in services.redis.scan_iter("rq:job:*")]
    read = [json.loads(zlib.decompress(data)) for data in queued if isinstance(data, bytes)]
    assert read == [[jobs.SEND_TO, None, [7], {}]]


@pytest.mark.parametrize("room", ["bot", "workers", "deploy", "nlp", "matching"])
def test_nothing_here_reads_or_writes_a_pickle(room: str, repository: Path) -> None:
    pickled = re.compile(r"^\s*(import|from) (pickle|dill|shelve|marshal|joblib)\b", re.MULTILINE)
    files = sorted((repository / room).rglob("*.py"))
    assert files
    assert [file for file in files if pickled.search(file.read_text(encoding="utf-8"))] == []
