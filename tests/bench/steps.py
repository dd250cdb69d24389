"""What one parent's message costs, step by step, in one process; and one match among 100,000 providers."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select
from twilio.request_validator import RequestValidator

from bot import jobs, pipeline
from bot.app import create_app
from bot.services import Services, wire
from bot.settings import Settings
from bot.store import providers
from bot.store.carers import Carers
from bot.store.tables import Outbound
from matching.find import find_care
from tests.bench.measure import each, measure, show
from tests.bench.needs import needs
from tests.bench.parents import PATH, TEXTS, letter
from tests.bench.town import ACCOUNT, PUBLIC_URL, SMS, TOKEN, WHATSAPP, engines_with
from tests.bench.twilio import CountingTwilio
from workers import context
from workers.send_job import send_to

PROVIDERS = 100_000
MESSAGES = 300
MATCHES = 500


def bench() -> None:
    with _services() as services:
        _match(services)
        _steps(services)


def _match(services: Services) -> None:
    with services.store.begin() as tx:
        carers = Carers(tx, include_demo=True, now=datetime.now(UTC))
        row = measure("one provider's row (reference)", [lambda: providers.places_left(tx, 1)], 300)
        asked = [lambda need=need: find_care(need, carers) for need in needs(MATCHES)]
        match = measure(f"find_care, {MATCHES} parents all over Peru", asked, 4)
    show(f"Matching among {PROVIDERS:,} providers, in PostgreSQL", row, [match])


def _steps(services: Services) -> None:
    app = create_app(services).test_client()
    parser = services.parser
    assert parser is not None
    now = datetime.now(UTC)
    validator = RequestValidator(TOKEN)
    url = f"{PUBLIC_URL}{PATH}"
    forms = [letter(count)[1] for count in range(1, 2 * MESSAGES + 1)]
    signed = [(form, validator.compute_signature(url, form)) for form in forms[MESSAGES:]]

    alive = each("GET /healthz (reference)", [lambda: app.get("/healthz")] * MESSAGES)
    signature = each("signature", [lambda f=f, s=s: validator.validate(url, f, s) for f, s in signed])
    parse = each("parse", [lambda text=text: parser.parse(text, now) for text in TEXTS * 40])
    queue = each("one id onto the queue", [lambda: services.jobs.push(jobs.SEND_TO, 0)] * MESSAGES)
    receive = each(
        "transaction: kept, parsed, matched, answered, then queued",
        [lambda form=form: pipeline.receive(services, form, datetime.now(UTC)) for form in forms[:MESSAGES]],
    )
    webhook = each(
        "the whole webhook",
        [lambda f=f, s=s: app.post(PATH, data=f, headers={"X-Twilio-Signature": s}) for f, s in signed],
    )
    services.redis.flushdb()
    with services.store.begin() as tx:
        answered = list(tx.session.scalars(select(Outbound.contact_id).order_by(Outbound.id)))
    sent = each("send", [lambda contact=contact: send_to(contact) for contact in answered])
    show("One message, step by step", alive, [signature, parse, queue, receive, webhook, sent])


@contextmanager
def _services() -> Iterator[Services]:
    """On engines of its own, and a carrier in a thread."""
    loop, twilio = asyncio.new_event_loop(), CountingTwilio()
    threading.Thread(target=loop.run_forever, daemon=True).start()
    with engines_with(PROVIDERS) as (database, queue):
        services = wire(
            Settings(
                database_url=database,
                redis_url=queue,
                twilio_account_sid=ACCOUNT,
                twilio_auth_token=TOKEN,
                twilio_api_url=asyncio.run_coroutine_threadsafe(twilio.serve(), loop).result(),
                twilio_whatsapp_from=WHATSAPP,
                twilio_sms_from=SMS,
                sms_per_second=1000,
                public_url=PUBLIC_URL,
                secret_key="a secret that only the bench knows, long",
                data_dir=Path("var"),
            )
        )
        context.use(services)
        yield services
        services.close()
    loop.call_soon_threadsafe(loop.stop)


if __name__ == "__main__":
    bench()
