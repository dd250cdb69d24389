"""What a transaction leaves to be done after it."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot import jobs
from bot.messages import Urgency


@dataclass(slots=True)
class Work:
    """People to send to, searches to answer, people to serve, events to let happen: ids to put on queues, some with
    their urgency."""

    send_to: dict[int, Urgency] = field(default_factory=dict)
    searches: list[int] = field(default_factory=list)
    serve: set[int] = field(default_factory=set)
    events: dict[int, Urgency] = field(default_factory=dict)

    def send(self, contact_id: int, urgency: Urgency) -> None:
        """Something waits to be sent to this person."""
        self.send_to[contact_id] = min(urgency, self.send_to.get(contact_id, urgency))

    def push(self, queues: jobs.Jobs) -> None:
        """Queue all of it. When the queue is away, the rest is left to the sweeper at once."""
        for job, row_id, urgency in self._jobs():
            if not queues.push(job, row_id, urgency=urgency):
                return

    def _jobs(self) -> list[tuple[str, int, Urgency]]:
        return [
            *((jobs.SEND_TO, contact_id, urgency) for contact_id, urgency in self.send_to.items()),
            *((jobs.ANSWER_SEARCH, search_id, Urgency.REPLY) for search_id in self.searches),
            *((jobs.SERVE_CONTACT, contact_id, Urgency.REPLY) for contact_id in self.serve),
            *((jobs.HANDLE_EVENT, event_id, urgency) for event_id, urgency in self.events.items()),
        ]
