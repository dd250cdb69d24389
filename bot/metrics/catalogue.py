"""Every metric that is read from PostgreSQL and Redis: what it says, and its labels. No label ever names a person."""

from __future__ import annotations

from typing import NamedTuple


class Metric(NamedTuple):
    """`help` is shown beside the metric; `labels` are in the order in which their values come."""

    help: str
    labels: tuple[str, ...] = ()


CATALOGUE: dict[str, Metric] = {
    "ayllu_up": Metric("1 where PostgreSQL (database) or Redis (queue) answers", ("part",)),
    "ayllu_figures_missing": Metric("1 for each group of figures that could not be read in time", ("group",)),
    "ayllu_messages_in": Metric("Messages that came in the window", ("channel", "window")),
    "ayllu_messages_answered": Metric("Those of them that the dialogue has answered", ("channel", "window")),
    "ayllu_answer_seconds": Metric(
        "From a message to its answer, of messages of the last hour", ("quantile",)
    ),
    "ayllu_messages_out": Metric("Messages written in the window", ("channel", "status", "window")),
    "ayllu_segments": Metric("Segments of them that the carrier counted", ("channel", "window")),
    "ayllu_carrier_errors": Metric(
        "Those of them that the carrier refused or failed to bring", ("channel", "code", "window")
    ),
    "ayllu_waiting": Metric("What should be done now: answer, send, search or event", ("what",)),
    "ayllu_waiting_oldest_seconds": Metric("For how long the oldest of it has been due", ("what",)),
    "ayllu_requests": Metric("Requests for care made in the window", ("status", "window")),
    "ayllu_offers": Metric("Requests put to a provider in the window", ("status", "window")),
    "ayllu_funnel": Metric(
        "How far what began in the window has come: asked, listed, chosen, agreed, rated", ("step", "window")
    ),
    "ayllu_cases_open": Metric("Cases that a person must look at", ("reason",)),
    "ayllu_cases_open_oldest_seconds": Metric("For how long the oldest has been open", ("reason",)),
    "ayllu_last_look_seconds": Metric("Since the carrier's list was last compared with ours", ("what",)),
    "ayllu_jobs_waiting": Metric("Jobs on a queue", ("queue",)),
    "ayllu_jobs_failed": Metric("Jobs of the last day that ended in an error", ("queue",)),
    "ayllu_workers": Metric("Workers that are registered"),
    "ayllu_worker_seen_seconds": Metric("Since a worker last gave a sign of life"),
    "ayllu_scheduler_seen_seconds": Metric("Since the scheduler last gave a sign of life"),
}
