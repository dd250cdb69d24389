"""The urgent first, and the rest in its turn; a flood of one kind delays no other."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from rq import Queue
from rq.serializers import JSONSerializer
from sqlalchemy import select

from bot import jobs
from bot.channels.rates import SenderRates
from bot.dialogue.wording import say
from bot.messages import Channel, EventKind, Urgency
from bot.services import Services
from bot.store import contacts, outbox
from bot.store.tables import Outbound
from tests.support.carrier import LocalCarrier
from tests.support.phone import Town
from workers import sweep_job
from workers.main import work
from workers.taking import TURN_OF_THE_LAST, UrgentFirst

MARIA = "+510000000011"


@pytest.fixture
def town(services: Services, carrier: LocalCarrier) -> Town:
    return Town(services, carrier)


def broadcast(town: Town, people: int) -> None:
    """So many are to be told something that nobody waits for."""
    now = datetime.now(UTC)
    with town.services.store.begin() as tx:
        for number in range(people):
            contact = contacts.arrive(tx, f"+5100001{number:04d}", Channel.SMS, now)
            person = contacts.get(tx, contact)
            outbox.add(tx, person, f"broadcast:{contact}", [say("thank")], now, Urgency.FOLLOW_UP)


def taken_in_order(services: Services, pushed: list[Urgency]) -> list[str]:
    """The queues from which a worker takes so many jobs."""
    for urgency in pushed:
        services.jobs.push(jobs.SEND_TO, 1, urgency=urgency)
    queues = [
        Queue(name.value, connection=services.redis, serializer=JSONSerializer) for name in jobs.QueueName
    ]
    worker = UrgentFirst(queues, connection=services.redis, serializer=JSONSerializer)
    order = []
    for _ in pushed:
        found = Queue.dequeue_any(worker._ordered_queues, None, services.redis, serializer=JSONSerializer)
        assert found is not None
        worker.reorder_queues(found[1])
        order.append(found[1].name)
    return order


def test_the_most_urgent_job_is_taken_first(services: Services) -> None:
    order = taken_in_order(services, sorted(Urgency, reverse=True))
    assert order == ["emergency", "replies", "offers", "follow_ups"]


def test_the_least_urgent_job_has_its_turn_however_much_there_is_to_say(services: Services) -> None:
    order = taken_in_order(services, [Urgency.FOLLOW_UP, *[Urgency.REPLY] * 3 * TURN_OF_THE_LAST])
    assert order.index("follow_ups") < TURN_OF_THE_LAST


def test_an_answer_leaves_before_a_broadcast_that_began_earlier(town: Town) -> None:
    broadcast(town, 150)
    sweep_job.sweep()
    town.write(MARIA, "sms", "gracias")
    work(burst=True)
    with town.services.store.begin() as tx:
        sent = tx.session.scalars(select(Outbound.urgency).order_by(Outbound.sent_at)).all()
    assert Urgency.REPLY in sent[:2]
    assert len(sent) == 151


def test_danger_is_answered_from_a_queue_of_its_own(town: Town) -> None:
    town.write(MARIA, "sms", "gracias")
    town.write("+510000000012", "sms", "auxilio")
    assert Queue("emergency", connection=town.services.redis).count == 1
    assert Queue("replies", connection=town.services.redis).count == 1
    with town.services.store.begin() as tx:
        urgencies = tx.session.scalars(select(Outbound.urgency).order_by(Outbound.id)).all()
    assert urgencies == [Urgency.REPLY, Urgency.EMERGENCY]


def test_reminders_wait_behind_what_the_other_side_waits_for() -> None:
    assert EventKind.OFFERED.urgency < EventKind.REMINDER.urgency
    assert EventKind.AGREED.urgency < EventKind.FOLLOW_UP.urgency


def test_what_is_not_urgent_leaves_room_in_the_senders_rate(services: Services) -> None:
    rates = SenderRates(services.redis, sms_per_second=10)
    taken = [rates.take(Channel.SMS, urgent=False) is None for _ in range(10)]
    assert taken.count(True) == 7
    assert rates.take(Channel.SMS) is None


def test_a_queue_that_is_full_gets_nothing_from_the_sweeper(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    broadcast(town, 5)
    monkeypatch.setattr(sweep_job, "FULL", 5)
    sweep_job.sweep()
    sweep_job.sweep()
    assert Queue("follow_ups", connection=town.services.redis).count == 5
