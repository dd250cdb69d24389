"""People who write to the bot: through its signed webhook, as the carrier would; answered through the real carrier."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime

import requests
import time_machine
from rq import Queue
from sqlalchemy import func, select
from twilio.request_validator import RequestValidator

from bot.app import create_app
from bot.jobs import QueueName
from bot.services import Services
from bot.store import contacts
from bot.store.events import may_happen
from bot.store.tables import Event
from tests.support.carrier import LocalCarrier
from workers import context, sweep_job
from workers.main import work

_numbers = itertools.count(1)


class Town:
    """The bot, its worker and its carrier, for one test. Jobs run when `settle` is called, in this process."""

    def __init__(self, services: Services, carrier: LocalCarrier) -> None:
        self.services = services
        self.carrier = carrier
        carrier.bot_door.app = create_app(services)
        self._heard: dict[tuple[str, str], int] = {}
        context.use(services)

    def post(self, path: str, form: dict[str, str], signature: str | None = None) -> requests.Response:
        """Post a form as the carrier does; with another `signature`, as somebody else does."""
        validator = RequestValidator(self.carrier.auth_token)
        good = validator.compute_signature(f"{self.carrier.bot_url}{path}", form)
        return requests.post(
            f"{self.carrier.bot_url}{path}",
            data=form,
            headers={"X-Twilio-Signature": signature or good},
            timeout=10,
        )

    def write(self, number: str, channel: str, text: str = "", **fields: str) -> requests.Response:
        """A person writes; the answer to the webhook."""
        to = self.carrier.whatsapp_number if channel == "whatsapp" else self.carrier.sms_number
        prefix = "whatsapp:" if channel == "whatsapp" else ""
        form = {
            "MessageSid": f"SM{next(_numbers):032x}",
            "AccountSid": self.carrier.account_sid,
            "From": f"{prefix}{number}",
            "To": f"{prefix}{to}",
            "Body": text,
            "NumMedia": "0",
        } | fields
        self.carrier.person_wrote(number, channel)
        return self.post("/twilio/messages", form)

    def settle(self) -> None:
        """Let the worker do all there is to do, and the carrier bring everything."""
        self.carrier.wait_until_quiet()
        while self._jobs_wait():
            work(burst=True)
            self.carrier.wait_until_quiet()

    def _jobs_wait(self) -> bool:
        return any(Queue(name.value, connection=self.services.redis).count for name in QueueName)

    def pass_time(self, clock: time_machine.Traveller, until: datetime) -> None:
        """Let the time pass until then; what is due on the way happens at its own time."""
        while (due := self._next_event(until)) is not None:
            clock.move_to(max(due, datetime.now(UTC)))
            self.sweep()
        clock.move_to(until)
        self.sweep()

    def sweep(self) -> None:
        """What is due now happens."""
        sweep_job.sweep()
        self.settle()

    def _next_event(self, until: datetime) -> datetime | None:
        with self.services.store.begin() as tx:
            return tx.session.scalar(
                select(func.min(Event.due_at)).where(
                    Event.handled_at.is_(None), Event.due_at <= until, may_happen()
                )
            )

    def heard(self, number: str, channel: str) -> list[str]:
        """What came to this phone on this channel since the last look."""
        texts = self.carrier.texts_to(number, channel)
        seen = self._heard.get((number, channel), 0)
        self._heard[number, channel] = len(texts)
        return texts[seen:]

    def ask(self, number: str, channel: str, text: str = "", **fields: str) -> list[str]:
        """Write, let everything happen, and read what came back on the same phone."""
        assert self.write(number, channel, text, **fields).status_code == 200
        self.settle()
        return self.heard(number, channel)

    def contact_id(self, number: str) -> int:
        """Who the bot knows this person as."""
        with self.services.store.begin() as tx:
            found = contacts.find(tx, number)
        assert found is not None, f"nobody wrote from {number}"
        return found


def at(moment: datetime) -> time_machine.travel:
    """Inside it, the clock starts at this moment."""
    return time_machine.travel(moment, tick=True)
