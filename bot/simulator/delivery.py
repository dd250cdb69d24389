"""Carries messages to people: moves them from status to status and tells the bot, as well or as badly
as told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from threading import Lock

from bot.messages import Channel
from bot.simulator.agenda import Agenda
from bot.simulator.caller import Caller
from bot.simulator.faults import Faults, Trouble
from bot.simulator.forms import status_form
from bot.simulator.journey import TO_EYES_S, TO_NETWORK_S, Step, plan
from bot.simulator.memory import Memory
from bot.simulator.records import Message
from bot.simulator.settings import CarrierSettings

BETWEEN_S = 0.2
"""Between two messages that waited for the same phone."""


class Delivery:
    """`is_looking` says whether a person has WhatsApp open, so that what arrives is read."""

    def __init__(
        self,
        settings: CarrierSettings,
        memory: Memory,
        agenda: Agenda,
        caller: Caller,
        is_looking: Callable[[str], bool],
    ) -> None:
        self._settings = settings
        self._memory = memory
        self._agenda = agenda
        self._caller = caller
        self._is_looking = is_looking
        self._held: defaultdict[str, list[Callable[[], None]]] = defaultdict(list)
        self._held_lock = Lock()

    def start(self, message: Message, journey: Sequence[Step], faults: Faults) -> None:
        """Sends a message on its way. The bot hears of each status before the next one is reached, unless the
        faults say otherwise."""
        self._next(message, journey, faults, reached=())

    def resume(self) -> None:
        """Takes up what was on its way when the program stopped."""
        for message in self._memory.messages.unfinished():
            steps = plan(message.channel, Trouble.NONE, template=True, window_open=True, over_rate=False)
            reached = (
                [step.status for step in steps].index(message.status) + 1 if message.status == "sent" else 0
            )
            self.start(message, steps[reached:], Faults())

    def switched_on(self, number: str) -> None:
        """The phone is on again: what waited for that arrives, in the order in which it was sent."""
        with self._held_lock:
            held = self._held.pop(number, [])
        for place, arrive in enumerate(held):
            self._agenda.after((TO_NETWORK_S + place * BETWEEN_S) * self._settings.pace, arrive)

    def held(self) -> int:
        """How many messages wait for a phone to be switched on."""
        with self._held_lock:
            return sum(len(waiting) for waiting in self._held.values())

    def read(self, message: Message) -> None:
        """The person looks at a message; nothing happens unless it was delivered and not read before."""
        moved = self._memory.messages.mark_read(message.sid)
        if moved:
            self._agenda.after(0, lambda: self._tell(moved, "read", Faults()))

    def _next(
        self, message: Message, steps: Sequence[Step], faults: Faults, reached: tuple[str, ...]
    ) -> None:
        if steps:
            self._agenda.after(
                steps[0].after_s * self._settings.pace,
                lambda: self._reach(message, steps, faults, reached),
            )
            return
        if faults.shuffled:
            for status in reversed(reached):
                self._tell(message, status, faults)
        if message.channel is Channel.WHATSAPP and self._is_looking(message.person.number):
            self._agenda.after(TO_EYES_S * self._settings.pace, lambda: self.read(message))

    def _reach(
        self, message: Message, steps: Sequence[Step], faults: Faults, reached: tuple[str, ...]
    ) -> None:
        step, *rest = steps
        number = message.person.number
        if step.status == "delivered" and self._memory.switches.is_off(number):
            with self._held_lock:
                self._held[number].append(lambda: self._reach(message, steps, faults, reached))
            return
        leaves = step.status == "sent"
        # WhatsApp is paid for when it arrives, an SMS when it leaves.
        is_paid = step.status == ("delivered" if message.channel is Channel.WHATSAPP else "sent")
        moved = self._memory.messages.set_status(
            message.sid,
            step.status,
            error_code=step.error_code,
            sent=self._memory.clock() if leaves else None,
            price=self._price(message) if is_paid else None,
        )
        if not faults.shuffled:
            self._tell(moved, step.status, faults)
        self._next(moved, rest, faults, (*reached, step.status))

    def _tell(self, message: Message, status: str, faults: Faults) -> None:
        """Calls the bot about a status: now, or in another thread when the call is to be late."""
        callback = message.callback
        if callback is None or faults.silent:
            return
        form = status_form(message, status, account_sid=self._settings.account_sid)

        def call() -> None:
            for _ in range(2 if faults.twice else 1):
                self._caller.post(callback, form, about=message, kind="status")

        if faults.late_s:
            self._agenda.after(faults.late_s, call)
        else:
            call()

    def _price(self, message: Message) -> Decimal:
        prices = self._settings.prices
        return prices.sent(
            message.channel,
            segments=message.segments,
            template=message.content_sid is not None,
            replies_this_month=self._memory.messages.replies_since(
                _month_of(message.created), prices.whatsapp_service_free_a_month
            ),
        )


def _month_of(moment: datetime) -> datetime:
    return moment.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
