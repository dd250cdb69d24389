"""Compares what the carrier knows with what is kept here: takes in what people wrote and never arrived, and asks what
became of messages of which it told nothing."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice

from bot import clock, forms, jobs, pipeline
from bot.channels.carrier import Arrived
from bot.channels.errors import NoAnswer, SendError
from bot.channels.status import record_status
from bot.messages import Channel
from bot.points import Point, passed
from bot.services import Services
from bot.store import contacts, inbox, looks, outbox
from workers.context import services

log = logging.getLogger(__name__)

EVERY_S = 180

ON_ITS_WAY = timedelta(minutes=1)
"""What is younger may still come by itself: the carrier tries each of two addresses for fifteen seconds, twice."""
OVERLAP = timedelta(minutes=15)
"""A look begins so long before the last one: the carrier's list may lag behind, and its clock differ."""
FURTHEST_BACK = contacts.REPEATED_WITHIN
ANSWERED_AS_OF_THEN = timedelta(hours=6)
"""What is older is answered as if it had been written now: an answer dated from then would be too old to be sent."""
AT_ONCE = 500

UNTOLD = timedelta(minutes=3)
"""So long after it left, or was last asked after, a message of which nothing was told is asked after."""
ASKED_FOR = timedelta(hours=6)
AT_ONCE_ASKED = 100


def reconcile() -> None:
    """Take in what the carrier has and we have not. The first look of all takes in nothing: what was written before
    Ayllu listened was not written to it."""
    here = services()
    now = clock.now()
    for channel in Channel:
        with here.store.begin() as tx:
            last = looks.last(tx, _what(channel))
        if last is not None:
            since = max(min(last, now) - OVERLAP, now - FURTHEST_BACK)
            try:
                taken_in = _look(here, channel, since, now)
            except (NoAnswer, SendError) as error:
                log.warning("the carrier did not list what came by %s: %s", channel.value, error)
                continue
            if taken_in:
                log.warning("%s messages by %s had never arrived: taken in", taken_in, channel.value)
        with here.store.begin() as tx:
            looks.looked(tx, _what(channel), now)
    _ask_after_untold(here, now)


def _ask_after_untold(here: Services, now: datetime) -> None:
    """What became of messages of which the carrier told nothing: its word may have come while nobody listened, and one
    that failed is to go as SMS."""
    with here.store.begin() as tx:
        untold = outbox.untold(tx, now - ASKED_FOR, now - UNTOLD, AT_ONCE_ASKED)
        outbox.asked_after(tx, list(untold), now)
    for message_id, sid in untold.items():
        try:
            told = here.carrier.status_of(sid)
        except (NoAnswer, SendError) as error:
            log.warning("the carrier did not tell what became of message %s: %s", message_id, error)
            return
        with here.store.begin() as tx:
            contact_id = record_status(tx, told, message_id, now)
        if contact_id is not None:
            here.jobs.push(jobs.SEND_TO, contact_id)


def _look(here: Services, channel: Channel, since: datetime, now: datetime) -> int:
    """How many were taken in, the oldest first."""
    missing: list[Arrived] = []
    for some in _parts(here.carrier.arrived(channel, since)):
        with here.store.begin() as tx:
            unknown = inbox.unknown_of(tx, [one.sid for one in some])
        missing += [one for one in some if one.sid in unknown and one.at < now - ON_ITS_WAY]
    passed(Point.RECONCILE_LISTED)
    # As listed, from the end: its times are whole seconds, in which somebody may have written twice.
    return sum(_take_in(here, one, now) for one in reversed(missing))


def _take_in(here: Services, one: Arrived, now: datetime) -> bool:
    try:
        pipeline.receive(here, one.form, one.at if now - one.at < ANSWERED_AS_OF_THEN else now)
    except forms.FormError as error:
        log.debug("message %s was refused before, and is now: %s", one.sid, error)
        return False
    passed(Point.RECONCILE_TAKEN_IN)
    return True


def _parts(listed: Iterable[Arrived]) -> Iterator[list[Arrived]]:
    rest = iter(listed)
    while some := list(islice(rest, AT_ONCE)):
        yield some


def _what(channel: Channel) -> str:
    return f"inbound:{channel.value}"
