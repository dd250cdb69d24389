"""`python -m tests.costs`: measure what dialogues cost, and write the tables of docs/costs.md."""

from __future__ import annotations

import tempfile
from pathlib import Path

from bot import engines
from bot.services import wire
from bot.settings import Settings
from bot.store.migrate import migrate
from tests.costs.journeys import measure
from tests.costs.page import PAGE, filled, tables
from tests.support.carrier import LocalCarrier


def main() -> None:
    with (
        tempfile.TemporaryDirectory(prefix="ayllu-", ignore_cleanup_errors=True) as folder,
        engines.embedded_postgres(Path(folder)) as database,
        engines.embedded_valkey(Path(folder)) as queue,
        LocalCarrier(Path(folder)) as carrier,
    ):
        migrate(database)
        given = {
            "database_url": database,
            "redis_url": queue,
            "twilio_account_sid": carrier.account_sid,
            "twilio_auth_token": carrier.auth_token,
            "twilio_api_url": carrier.url,
            "twilio_whatsapp_from": carrier.whatsapp_number,
            "twilio_sms_from": carrier.sms_number,
            "public_url": carrier.bot_url,
            "secret_key": "a secret that nobody needs, 32 long",
            "data_dir": folder,
        }
        services = wire(Settings.model_validate(given))
        try:
            made = tables(measure(services, carrier, Path(folder)))
        finally:
            services.close()
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8"), made), encoding="utf-8")
    print(*made.values(), sep="\n")


if __name__ == "__main__":
    main()
