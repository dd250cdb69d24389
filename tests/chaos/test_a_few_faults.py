"""The short version of `make chaos`: real processes are killed, and nothing is lost, doubled or out of order."""

from __future__ import annotations

import pytest

from tests.chaos.faults import FAULTS, SHORT
from tests.chaos.run import outcomes
from tests.chaos.world import running_world


@pytest.mark.timeout(300)
def test_nothing_is_lost_nothing_is_said_twice_and_order_is_kept() -> None:
    chosen = [fault for fault in FAULTS if fault.name in SHORT]
    assert len(chosen) == len(SHORT)
    with running_world() as world:
        found = {outcome.fault.name: outcome.verdict for outcome in outcomes(world, chosen)}
        assert all(verdict.is_well for verdict in found.values()), f"{found}\n{world.log[-4000:]}"
    assert all(verdict.heard >= verdict.written for verdict in found.values())
