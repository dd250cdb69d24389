"""`make chaos`: every fault, and a table of what came of it. With words: the faults whose names hold one of them."""

from __future__ import annotations

import sys

from tests.chaos.faults import FAULTS
from tests.chaos.run import outcomes
from tests.chaos.world import running_world


def main(words: list[str]) -> int:
    faults = [fault for fault in FAULTS if not words or any(word in fault.name for word in words)]
    print(f"{'fault':54} written heard  lost doubled late out of order  longest wait    in all", flush=True)
    all_well = True
    with running_world() as world:
        try:
            for outcome in outcomes(world, faults):
                seen = outcome.verdict
                all_well &= seen.is_well
                print(
                    f"{outcome.fault.name:54} {seen.written:7} {seen.heard:5} {seen.lost:5} {seen.doubled:7} "
                    f"{seen.late:4} {seen.out_of_order:12} {seen.longest_wait_s:11.1f} s {outcome.took_s:7.1f} s",
                    flush=True,
                )
        except BaseException:
            print(world.log[-6000:], file=sys.stderr)
            raise
    print("nothing lost, nothing doubled, all in order" if all_well else "NOT WELL")
    return 0 if all_well else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
