"""The processes that serve together count together."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from bot.services import Services
from deploy.roles import command
from tests.support.metrics import scrape, value
from tests.support.ports import free_ports

READY_WITHIN_S = 60
AT_ONCE = 16


@pytest.fixture
def web(services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Two processes at one address."""
    settings = services.settings
    port = free_ports()
    for name, given in {"BIND": "127.0.0.1", "PORT": str(port), "WEB_CONCURRENCY": "2"}.items():
        monkeypatch.setenv(name, given)
    environment = {
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "TWILIO_ACCOUNT_SID": settings.twilio_account_sid,
        "TWILIO_AUTH_TOKEN": settings.twilio_auth_token.get_secret_value(),
        "TWILIO_API_URL": settings.twilio_api_url,
        "TWILIO_WHATSAPP_FROM": settings.twilio_whatsapp_from,
        "TWILIO_SMS_FROM": settings.twilio_sms_from,
        "PUBLIC_URL": settings.public_url,
        "SECRET_KEY": settings.secret_key.get_secret_value(),
        "TMPDIR": str(tmp_path),
    }
    process = subprocess.Popen(command("web"), env=os.environ | environment)
    url = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + READY_WITHIN_S
    while not is_ready(url):
        assert process.poll() is None, "it ended"
        assert time.monotonic() < deadline, "it did not start in time"
        time.sleep(0.2)
    yield url
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    assert not list(tmp_path.glob("ayllu-metrics-*"))


def is_ready(url: str) -> bool:
    try:
        return requests.get(f"{url}/readyz", timeout=2).status_code == 200
    except requests.RequestException:
        return False


def test_each_process_tells_the_requests_of_all(web: str, tmp_path: Path) -> None:
    sent, deadline = 0, time.monotonic() + READY_WITHIN_S
    with ThreadPoolExecutor(AT_ONCE) as people:
        while len(list(tmp_path.glob("ayllu-metrics-*/histogram_*.db"))) < 2:
            assert time.monotonic() < deadline, "only one process ever answered"
            list(people.map(lambda _: requests.get(f"{web}/healthz", timeout=5), range(AT_ONCE)))
            sent += AT_ONCE
    told = {
        value(scrape(web)[0], "ayllu_web_request_seconds_count", route="/healthz", status="200")
        for _ in range(8)
    }
    assert told == {sent}
