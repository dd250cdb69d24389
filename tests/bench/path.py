"""How long the webhook takes to keep, understand and answer a message, and matching to find who can help."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from flask.testing import FlaskClient
from twilio.request_validator import RequestValidator

from bot import engines
from bot.app import create_app
from bot.services import Services, wire
from bot.settings import Settings
from bot.store import providers
from bot.store.migrate import migrate
from deploy.local.demo.load import load_demo
from matching.find import find_care
from matching.schema import CareQuery, Point
from tests.bench.measure import measure, show

COLLIQUE = Point(-11.915, -77.02)
TOKEN = "a token that only the bench knows"
PUBLIC_URL = "https://bench.example.pe"


def bench() -> None:
    with _services() as services:
        client = create_app(services).test_client()
        alive = measure("GET /healthz (reference)", [lambda: client.get("/healthz")], 300)
        webhook = measure("POST /twilio/messages: kept and answered", [_writes(client)], 300)
        show("The webhook, in one process, database and queue included", alive, [webhook])
        with services.store.begin() as tx:
            fetch = measure(
                "the rows within 4 km, fetched (reference)",
                [lambda: providers.near(tx, COLLIQUE, 4, True)],
                100,
            )
            query = CareQuery(COLLIQUE, ages_months=(24,), days=("mon", "fri"), start="08:00", end="17:00")
            match = measure(
                "find_care: widened, filtered, scored, explained",
                [lambda: find_care(query, lambda at, km: providers.near(tx, at, km, True))],
                100,
            )
        show("Matching on the demo's providers, in PostgreSQL", fetch, [match])


def _writes(client: FlaskClient) -> Callable[[], object]:
    """Each call is another person, with the same need."""
    numbers = itertools.count(1)
    validator = RequestValidator(TOKEN)

    def write() -> None:
        number = next(numbers)
        form = {
            "MessageSid": f"SM{number:032x}",
            "From": f"+51000{number:06d}",
            "Body": "busco guarderia en comas pa mi hijita de 2 añitos de lunes a viernes 8 a 5",
            "NumMedia": "0",
        }
        signature = validator.compute_signature(f"{PUBLIC_URL}/twilio/messages", form)
        answer = client.post("/twilio/messages", data=form, headers={"X-Twilio-Signature": signature})
        assert answer.status_code == 200

    return write


@contextmanager
def _services() -> Iterator[Services]:
    with (
        tempfile.TemporaryDirectory(prefix="ayllu-bench-", ignore_cleanup_errors=True) as folder,
        engines.embedded_postgres(Path(folder)) as database,
        engines.embedded_valkey(Path(folder)) as queue,
    ):
        migrate(database)
        settings = Settings(
            database_url=database,
            redis_url=queue,
            twilio_account_sid="AC" + "0" * 32,
            twilio_auth_token=TOKEN,
            twilio_api_url="http://127.0.0.1:9",
            twilio_whatsapp_from="+510000000100",
            twilio_sms_from="+510000000200",
            public_url=PUBLIC_URL,
            secret_key="a secret that only the bench knows, long",
            data_dir=Path(folder),
        )
        load_demo(settings)
        services = wire(settings)
        yield services
        services.close()
