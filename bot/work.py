"""What a transaction leaves to be done after it."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot import jobs


@dataclass(slots=True)
class Work:
    """People to send to, searches to answer, people to serve, events to let happen: ids to put on queues."""

    send_to: set[int] = field(default_factory=set)
    searches: list[int] = field(default_factory=list)
    serve: set[int] = field(default_factory=set)
    events: list[int] = field(default_factory=list)

    def push(self, queues: jobs.Jobs) -> None:
        for contact_id in self.send_to:
            queues.push(jobs.SEND_TO, contact_id)
        for search_id in self.searches:
            queues.push(jobs.ANSWER_SEARCH, search_id)
        for contact_id in self.serve:
            queues.push(jobs.SERVE_CONTACT, contact_id)
        for event_id in self.events:
            queues.push(jobs.HANDLE_EVENT, event_id)
