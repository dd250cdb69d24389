"""What the exchange works with: one transaction, its rules, its moment, and what is left to do after it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.messages import Event
from bot.store import Tx, events
from bot.work import Work
from matching.offers import OfferRules


@dataclass(frozen=True, slots=True)
class Desk:
    """One transaction's worth of exchange. `include_demo`: whether invented providers are asked too."""

    tx: Tx
    rules: OfferRules
    now: datetime
    work: Work
    include_demo: bool

    def tell(self, contact_id: int, cause: str, event: Event, due_at: datetime | None = None) -> None:
        """Let this reach that person, at once or at a time; once for its cause."""
        due = due_at or self.now
        event_id = events.add(self.tx, contact_id, cause, event, due, self.now)
        if event_id is not None and due <= self.now:
            self.work.events[event_id] = event.kind.urgency
