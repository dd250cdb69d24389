"""Everything that is done to it. Each fault hurts while people write, and mends what does not mend itself."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from threading import Thread

from sqlalchemy import select, text

from bot import jobs
from bot.dialogue.wording import say
from bot.messages import Channel, Urgency
from bot.points import Point
from bot.store import contacts, outbox
from bot.store.tables import Contact
from tests.chaos.people import LINES, new_number, write, writing
from tests.chaos.world import World, wait_until

HIT_WITHIN_S = 60.0
AWAY_S = 5.0
FLOOD_PER_S = 20

Hurt = Callable[[World], list[str]]
"""Lets people write while it hurts. Their numbers."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is done, in words, and how."""

    name: str
    hurt: Hurt


def _undisturbed(world: World) -> list[str]:
    return _finish(*writing(world))


def _at_point(point: Point, world: World) -> list[str]:
    """A process is killed when it comes to this point."""
    armed = world.arm(point)
    numbers, threads = writing(world)
    wait_until(lambda: not armed.exists(), HIT_WITHIN_S, f"nothing passed {point.value}")
    return _finish(numbers, threads)


def _at_serving(point: Point, world: World) -> list[str]:
    """A message of a person who is being served already is left to a worker, which is killed."""
    number = new_number()
    write(world, number, LINES[0])
    armed = world.arm(point)
    with world.store.begin() as tx:
        contacts.lock(tx, tx.session.scalars(select(Contact.id).order_by(Contact.id.desc())).first() or 0)
        write(world, number, LINES[1])
    wait_until(lambda: not armed.exists(), HIT_WITHIN_S, f"nothing passed {point.value}")
    for line in LINES[2:]:
        write(world, number, line)
    return [number]


def _at_sweeping(point: Point, world: World) -> list[str]:
    """The queues are emptied behind everybody's back, and the worker that sweeps is killed."""
    numbers, threads = writing(world)
    armed = world.arm(point)
    while armed.exists():
        world.queue.flushdb()
        time.sleep(0.3)
    return _finish(numbers, threads)


def _at_reconciling(point: Point, world: World) -> list[str]:
    """What was written while nobody listened is taken in later, and the worker at it is killed."""
    look(world)
    armed = world.arm(point)
    numbers = _while_deaf(world)
    deadline = time.monotonic() + 3 * HIT_WITHIN_S
    while armed.exists():
        assert time.monotonic() < deadline, f"nothing passed {point.value}"
        look(world)
    _look_until_known(world)
    return numbers


def _nobody_listens(world: World) -> list[str]:
    look(world)
    numbers = _while_deaf(world)
    _look_until_known(world)
    return numbers


def _while_deaf(world: World) -> list[str]:
    world.take_down("web")
    numbers, threads = writing(world)
    _finish(numbers, threads)
    world.bring_up("web")
    world.wait_until_ready()
    return numbers


def look(world: World) -> None:
    """Have the carrier's list compared with ours, now."""
    jobs.Jobs(world.queue).push(jobs.RECONCILE, wait_at_most_s=5)
    time.sleep(2)


def _look_until_known(world: World) -> None:
    deadline = time.monotonic() + 3 * HIT_WITHIN_S
    while True:
        look(world)
        if world.knows_all_that_was_written():
            return
        assert time.monotonic() < deadline, "it was never taken in"


def _killed(name: str, world: World) -> list[str]:
    numbers, threads = writing(world)
    time.sleep(0.5)
    world.kill(name)
    _finish(numbers, threads)
    _look_until_known(world)
    return numbers


def _away(take: Callable[[World], object], give_back: Callable[[World], object], world: World) -> list[str]:
    """Something is gone for a while."""
    numbers, threads = writing(world)
    time.sleep(0.4)
    take(world)
    time.sleep(AWAY_S)
    give_back(world)
    _finish(numbers, threads)
    _look_until_known(world)
    return numbers


def _finish(numbers: list[str], threads: list[Thread]) -> list[str]:
    for thread in threads:
        thread.join()
    return numbers


def _carrier_in_trouble(trouble: str, world: World) -> list[str]:
    world.phones("PUT", "faults/*", json={"trouble": trouble, "seconds": 6})
    numbers, threads = writing(world)
    time.sleep(AWAY_S)
    world.phones("PUT", "faults/*", json={})
    return _finish(numbers, threads)


def _disk_full(world: World) -> list[str]:
    """PostgreSQL says of each message that there is no room for it, in its own words."""
    refuse = """
        CREATE OR REPLACE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full';
        END $$;
        CREATE TRIGGER full_disk BEFORE INSERT ON inbound_message EXECUTE FUNCTION no_room();
    """
    return _away(
        lambda world: _run(world, refuse),
        lambda world: _run(world, "DROP TRIGGER full_disk ON inbound_message"),
        world,
    )


def _to(line: str, how: str, world: World) -> None:
    getattr(getattr(world, line), how)()


def _run(world: World, statement: str) -> None:
    with world.store.begin() as tx:
        tx.session.execute(text(statement))


def _queue_full(world: World) -> list[str]:
    return _away(
        lambda world: world.queue.config_set("maxmemory", 1),
        lambda world: world.queue.config_set("maxmemory", 0),
        world,
    )


def _flood(world: World) -> list[str]:
    """One phone writes as fast as none can, and three hundred people are to be told something, while others write as
    ever."""
    _broadcast(world, 300)
    flooding = True

    def flood() -> None:
        number = new_number()
        while flooding:
            world.phones(
                "POST", "messages", json={"number": number, "channel": "whatsapp", "text": "hola hola"}
            )
            time.sleep(1 / FLOOD_PER_S)

    thread = Thread(target=flood, daemon=True)
    thread.start()
    time.sleep(1)
    numbers = _finish(*writing(world))
    flooding = False
    thread.join()
    return numbers


def _broadcast(world: World, people: int) -> None:
    """So many are to be written to, whom nobody waits for."""
    now = datetime.now(UTC)
    with world.store.begin() as tx:
        for _ in range(people):
            contact_id = contacts.arrive(tx, new_number(), Channel.SMS, now)
            person = contacts.get(tx, contact_id)
            outbox.add(tx, person, f"broadcast:{contact_id}", [say("thank")], now, Urgency.FOLLOW_UP)


IN_PASSING = [
    Point.MESSAGE_READ,
    Point.MESSAGE_KEPT,
    Point.MESSAGE_ANSWERED,
    Point.MESSAGE_COMMITTED,
    Point.MESSAGE_QUEUED,
    Point.STATUS_RECORDED,
    Point.STATUS_COMMITTED,
    Point.SEARCH_BEGUN,
    Point.SEARCH_ANSWERED,
    Point.SEARCH_COMMITTED,
    Point.EVENT_BEGUN,
    Point.EVENT_HAPPENED,
    Point.EVENT_COMMITTED,
    Point.SEND_CLAIMED,
    Point.SEND_TAKEN,
    Point.SEND_RECORDED,
    Point.CLOCK_STRUCK,
]
"""Points that everybody's messages come to by themselves."""
SERVING = [Point.SERVE_BEGUN, Point.SERVE_COMMITTED]
SWEEPING = [Point.SWEEP_LOOKED, Point.SWEEP_QUEUED]
RECONCILING = [Point.RECONCILE_LISTED, Point.RECONCILE_TAKEN_IN]

FAULTS = [
    Fault("nothing", _undisturbed),
    *(Fault(f"kill -9 at {point.value}", partial(_at_point, point)) for point in IN_PASSING),
    *(Fault(f"kill -9 at {point.value}", partial(_at_serving, point)) for point in SERVING),
    *(Fault(f"kill -9 at {point.value}", partial(_at_sweeping, point)) for point in SWEEPING),
    *(Fault(f"kill -9 at {point.value}", partial(_at_reconciling, point)) for point in RECONCILING),
    *(
        Fault(f"kill -9 of {name}, with all it started", partial(_killed, name))
        for name in ("web", "worker 1", "scheduler")
    ),
    Fault("web away while people write", _nobody_listens),
    Fault("PostgreSQL killed, away 5 s", partial(_away, World.kill_postgres, World.start_postgres)),
    Fault("Valkey killed with its queues, away 5 s", partial(_away, World.kill_valkey, World.start_valkey)),
    *(
        Fault(
            f"{name}: line {what} for 5 s",
            partial(_away, partial(_to, line, how), partial(_to, line, "mend")),
        )
        for name, line in (
            ("PostgreSQL", "to_postgres"),
            ("Valkey", "to_valkey"),
            ("the carrier's API", "to_carrier"),
        )
        for what, how in (("cut", "cut"), ("silent", "silence"))
    ),
    Fault("PostgreSQL: no room on the disk for 5 s", _disk_full),
    Fault("Valkey: no memory left for 5 s", _queue_full),
    *(
        Fault(f"the carrier: {trouble} for 5 s", partial(_carrier_in_trouble, trouble))
        for trouble in ("server_error", "too_many_requests", "lost_answer", "slow")
    ),
    Fault(f"{FLOOD_PER_S} messages/s from one phone, and a broadcast to 300", _flood),
]

SHORT = [
    "nothing",
    "kill -9 at message-kept",
    "kill -9 at message-committed",
    "kill -9 at search-answered",
    "kill -9 at event-committed",
    "kill -9 at send-recorded",
    "Valkey killed with its queues, away 5 s",
]
"""Those that run with the tests."""
