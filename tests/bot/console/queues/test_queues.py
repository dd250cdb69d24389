"""The queues' page: what waits, who works, what failed, on the real queues."""

from __future__ import annotations

from dataclasses import replace

import pytest
from rq import Queue
from rq.serializers import JSONSerializer
from sqlalchemy import select

from bot import failed_jobs, jobs, pulse
from bot.console.access import Role
from bot.jobs import QueueName
from bot.messages import Urgency
from bot.services import Services, wire
from bot.store.tables import AuditEntry
from tests.support.console import log_in
from workers import context
from workers.main import work
from workers.sweep_job import sweep


@pytest.fixture
def failing(services: Services) -> Services:
    """Two jobs have failed, with somebody's words in their errors."""
    context.use(services)
    queue = Queue(QueueName.REPLIES, connection=services.redis, serializer=JSONSerializer)
    for row_id in (7, 8):
        queue.enqueue("tests.bot.console.queues.test_queues.fail", args=(row_id,), failure_ttl=600)
    work(burst=True)
    return services


def fail(row_id: int) -> None:
    raise ValueError(f"mi bebe de collique {row_id}")


def test_what_waits_is_counted_and_who_works_is_seen(services: Services) -> None:
    context.use(services)
    services.jobs.push(jobs.SEND_TO, 7, urgency=Urgency.OFFER)
    pulse.strike(services.redis)
    sweep()
    felt = pulse.feel(services.redis)
    assert felt.waiting["offers"] == 1
    assert felt.oldest_s["offers"] is not None
    assert felt.oldest_s["replies"] is None
    assert felt.sweeper_seen_s is not None
    page = log_in(services, Role.COORDINATOR).get("/console/colas").text
    assert "Nadie trabaja" in page
    assert "Ninguna tarea falló" in page
    assert page.count("Hace 0 s") == 2


def test_a_failed_job_shows_the_errors_name_and_nothing_that_was_read(failing: Services) -> None:
    page = log_in(failing, Role.COORDINATOR).get("/console/colas").text
    assert "ValueError" in page
    assert "collique" not in page
    assert "n.º 7" in page


def test_failed_jobs_are_queued_again_one_or_all_and_that_is_noted(failing: Services) -> None:
    carla = log_in(failing, Role.COORDINATOR)
    one = failed_jobs.latest(failing.redis, 5)[0]
    form = {"cola": "replies", "tarea": one.id}
    assert carla.post("/console/colas/reintentar", form).status_code == 302
    assert "1 tarea vuelve a la cola" in carla.get("/console/colas").text
    assert pulse.feel(failing.redis).waiting["replies"] == 1
    assert carla.post("/console/colas/reintentar", form).status_code == 302
    assert "No había nada que reintentar" in carla.get("/console/colas").text
    carla.post("/console/colas/reintentar", {"cola": "replies"})
    assert pulse.feel(failing.redis).waiting["replies"] == 2
    with failing.store.begin() as tx:
        notes = tx.session.execute(
            select(AuditEntry.subject, AuditEntry.detail).where(AuditEntry.what == "queued-jobs-again")
        ).all()
    assert [tuple(note) for note in notes] == [("queue:replies", {"tareas": 1})] * 2
    assert carla.post("/console/colas/reintentar", {"cola": "nowhere"}).status_code == 400


def test_without_redis_the_page_says_so_and_shows_the_rest(services: Services) -> None:
    away = wire(services.settings.model_copy(update={"redis_url": "redis://127.0.0.1:1/0"}))
    carla = log_in(replace(services, redis=away.redis), Role.COORDINATOR)
    page = carla.get("/console/colas").text
    assert "Redis no responde" in page
    assert "Mensajes por responder" in page
    assert carla.post("/console/colas/reintentar", {"cola": "replies"}).status_code == 302
    away.close()
