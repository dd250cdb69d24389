"""Lays messages out to be labelled in the console."""

from __future__ import annotations

import logging
from random import SystemRandom

from bot import clock, labelling
from bot.store import tallies
from workers.context import services

log = logging.getLogger(__name__)

EVERY_S = 120


def lay_out() -> None:
    """Lay out what came since the last look. Run twice, it lays nothing out twice."""
    with services().store.begin() as tx:
        if not tallies.alone(tx):
            return
        laid = labelling.lay_out(tx, clock.now(), SystemRandom())
    if laid:
        log.info("%s messages were laid out to be labelled", laid)
